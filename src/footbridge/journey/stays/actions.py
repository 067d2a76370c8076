"""Writing stays: each act seals its entries, keeps the beds right and tells the summary."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from footbridge.journey.consents.rules import Language
from footbridge.journey.people import actions as people
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord, team
from footbridge.journey.stays import acts, beds, rules, tariff
from footbridge.journey.stays.codes import Answer, Drug, Ending, Point, Session, Severity, Step
from footbridge.journey.stays.queries import state_of
from footbridge.journey.stays.records import (
    BedChanged,
    DischargeStepDone,
    DoseRecorded,
    SessionNoted,
    StayBegun,
    StayEnded,
    StayEntryStruck,
    StayExtended,
    WithdrawalCharted,
)
from footbridge.journey.stays.state import Stay
from footbridge.trust.access.staff import Profile

RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Admission:
    """What is agreed on when somebody comes to the ward."""

    bed: UUID
    days: int
    drug: Drug
    severity: Severity
    spoken_in: Language
    agreed: frozenset[Point]
    promised: dict[Session, int]
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """How somebody leaves, and what was done at the door."""

    at: datetime
    ending: Ending
    steps: dict[Step, Answer]


def receipt_number() -> str:
    """Return a random number for a receipt; it counts nothing and belongs to nobody."""
    letters = "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def admit(
    record: OpenRecord,
    admission: Admission,
    *,
    now: datetime,
    colleagues: Sequence[Profile] = (),
    limit: int = 0,
) -> StayBegun:
    """Begin a stay: take the bed, seal the agreement, give the ward on duty its keys.

    All of it or nothing. Each colleague is granted by the actor's own key, as on the page
    of the care team, with a line of its own on the trail.

    Raises
    ------
    RefusedError
        If the person is in a stay, a point was not spoken of, or a colleague may not join.
    StayError
        If the bed was taken meanwhile.
    TariffError
        If the planned days cannot be right.
    """
    acts.check(rules.may_admit(in_stay=state_of(record).now is not None, agreed=admission.agreed))
    tariff.check_days(admission.days)
    paid = admission.per_day is not None
    on, site = now.date(), record.by.site
    with writing("stay.begun", record, on=on) as doing:
        bed = beds.take(admission.bed, site=site)
        begun = StayBegun(
            begun_on=on,
            at_minute=rules.minute_of(now.time()),
            bed=bed.id,
            room=bed.kind,
            planned_days=admission.days,
            drug=admission.drug,
            severity=admission.severity,
            spoken_in=admission.spoken_in,
            agreed=admission.agreed,
            promised=admission.promised,
            per_day=admission.per_day,
            prepaid=admission.days if paid else 0,
            receipt=receipt_number() if paid else None,
            granted=frozenset(one.id for one in colleagues),
        )
        acts.seal(doing, begun, on=on)
        for colleague in colleagues:
            people.add_to_team(record=record, colleague=colleague, on=on, limit=limit)
    return begun


def extend(record: OpenRecord, days: int, *, on: date) -> StayExtended:
    """Agree on more days; paid ahead at the price that was quoted at the beginning.

    Raises
    ------
    RefusedError
        If the person is in no stay.
    TariffError
        If the days cannot be right.
    """
    stay = acts.stay_now(record)
    tariff.check_days(days)
    paid = stay.begun.per_day is not None
    more = StayExtended(on, days, days if paid else 0, receipt_number() if paid else None)
    acts.write("stay.changed", record, more, on=on)
    return more


def move(record: OpenRecord, bed: UUID, *, on: date) -> None:
    """Move somebody to another bed.

    Raises
    ------
    RefusedError
        If the person is in no stay.
    StayError
        If the new bed is not free.
    """
    stay, site = acts.stay_now(record), record.by.site
    with writing("stay.changed", record, on=on) as doing:
        taken = beds.take(bed, site=site)
        beds.give_back(stay.bed, site=site)
        acts.seal(doing, BedChanged(on, taken.id, taken.kind), on=on)


def chart(
    record: OpenRecord, sitting: WithdrawalCharted, *, now: datetime, replaces: UUID | None = None
) -> None:
    """Keep a sitting of the withdrawal chart, or correct one.

    Raises
    ------
    RefusedError
        If the person is in no stay.
    StayError
        If the moment lies outside the stay, or the entry to correct is gone.
    """
    acts.check_when(record, sitting.taken_on, sitting.at_minute, now=now, replaces=replaces)
    acts.write("withdrawal.charted", record, sitting, on=now.date(), replaces=replaces)


def record_dose(
    record: OpenRecord, dose: DoseRecorded, *, now: datetime, replaces: UUID | None = None
) -> None:
    """Record a dose that was given, or correct one; nothing here says what to give.

    Raises
    ------
    RefusedError
        If the person is in no stay.
    StayError
        If the moment lies outside the stay, or the figure can be no amount.
    """
    rules.check_amount(dose.amount)
    acts.check_when(record, dose.given_on, dose.at_minute, now=now, replaces=replaces)
    acts.write("dose.recorded", record, dose, on=now.date(), replaces=replaces)


def note_session(
    record: OpenRecord, session: SessionNoted, *, on: date, replaces: UUID | None = None
) -> None:
    """Note what became of a promised session, or correct it.

    Raises
    ------
    RefusedError
        If the person is in no stay.
    StayError
        If the day lies outside the stay.
    """
    stay = acts.stay_to_correct(record, replaces) if replaces else acts.stay_now(record)
    last = stay.ended.ended_on if stay.ended else on
    rules.check_day(session.held_on, first=stay.begun.begun_on, on=min(on, last))
    acts.write("session.noted", record, session, on=on, replaces=replaces)


def discharge(record: OpenRecord, leaving: Leaving, *, now: datetime) -> StayEnded:
    """End a stay: give the bed back, count unused days, start the clocks of the bundle.

    Raises
    ------
    RefusedError
        If the person is in no stay.
    StayError
        If the moment lies outside the stay.
    """
    stay, on = acts.stay_now(record), now.date()
    rules.check_moment(leaving.at, begun=stay.begun_at, now=now)
    left = leaving.at.date()
    unused = tariff.refund(
        prepaid=stay.prepaid,
        stayed=rules.nights(stay.begun.begun_on, left),
        per_day=stay.begun.per_day or 0,
    )
    ended = StayEnded(
        ended_on=left,
        at_minute=rules.minute_of(leaving.at.time()),
        ending=leaving.ending,
        refunded=unused.days,
        receipt=receipt_number() if unused.days else None,
    )
    steps = [DischargeStepDone(left, step, answer) for step, answer in leaving.steps.items()]
    with writing("stay.ended", record, on=on) as doing:
        beds.give_back(stay.bed, site=record.by.site)
        acts.seal(doing, ended, *steps, on=on)
    return ended


def let_go(record: OpenRecord, colleagues: Iterable[Profile], *, on: date) -> int:
    """Take ward colleagues out of the care team after a stay; never the last holder."""
    gone = 0
    for colleague in colleagues:
        if len(team(record.person.id, by=record.by).members) > 1:
            people.leave_team(record=record, colleague=colleague.id, on=on, by=record.by)
            gone += 1
    return gone


def strike(record: OpenRecord, entry: UUID, *, on: date) -> None:
    """Say that something never happened: the entry no longer counts.

    A stay whose end is struck goes on, in its bed, if that is still free. The beginning of
    a stay can be struck while nothing else is written in it; the bed is free again.

    Raises
    ------
    StayError
        If the entry is not one of the last stay, or the bed was taken meanwhile.
    """
    begun = state_of(record).now
    if begun is not None and begun.entry == entry and not begun.written:
        _strike_beginning(record, begun, on=on)
        return
    stay = acts.stay_to_correct(record, entry)
    with writing("stay.changed", record, on=on) as doing:
        if isinstance(stay.written[entry], StayEnded):
            beds.take(stay.bed, site=record.by.site)
        doing.care(StayEntryStruck(on), replaces=entry)
        acts.tell(doing, acts.after(record, StayEntryStruck(on), replaces=entry), on=on)


def _strike_beginning(record: OpenRecord, stay: Stay, *, on: date) -> None:
    with writing("stay.changed", record, on=on) as doing:
        beds.give_back(stay.bed, site=record.by.site)
        doing.care(StayEntryStruck(on), replaces=stay.entry)
        acts.tell(doing, acts.after(record, StayEntryStruck(on), replaces=stay.entry), on=on)
