"""Writing stays: each act seals its entries, keeps the beds right and tells the summary."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from footbridge.journey.consents.rules import Language
from footbridge.journey.people import actions as people
from footbridge.journey.people.actions import Writing, writing
from footbridge.journey.people.queries import OpenRecord, team
from footbridge.journey.stays import beds, rules, tariff
from footbridge.journey.stays.codes import Answer, Drug, Ending, Point, Session, Severity, Step
from footbridge.journey.stays.queries import linked_days
from footbridge.journey.stays.records import (
    AftercareClosed,
    BedChanged,
    DischargeStepDone,
    DoseRecorded,
    FollowUpMade,
    SessionNoted,
    StayBegun,
    StayEnded,
    StayEntryStruck,
    StayExtended,
    TreatmentVisited,
    WithdrawalCharted,
)
from footbridge.journey.stays.rules import StayError
from footbridge.journey.stays.state import KIND, Stay, StayState, apply
from footbridge.trust.access.staff import Profile
from footbridge.trust.decisions import Decision, RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import Record

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
    _check(rules.may_admit(in_stay=_state(record).now is not None, agreed=admission.agreed))
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
        _seal(doing, begun, on=on)
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
    stay = _stay_now(record)
    tariff.check_days(days)
    paid = stay.begun.per_day is not None
    more = StayExtended(on, days, days if paid else 0, receipt_number() if paid else None)
    _write("stay.changed", record, more, on=on)
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
    stay, site = _stay_now(record), record.by.site
    with writing("stay.changed", record, on=on) as doing:
        taken = beds.take(bed, site=site)
        beds.give_back(stay.bed, site=site)
        _seal(doing, BedChanged(on, taken.id, taken.kind), on=on)


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
    _check_when(record, sitting.taken_on, sitting.at_minute, now=now, replaces=replaces)
    _write("withdrawal.charted", record, sitting, on=now.date(), replaces=replaces)


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
    _check_when(record, dose.given_on, dose.at_minute, now=now, replaces=replaces)
    _write("dose.recorded", record, dose, on=now.date(), replaces=replaces)


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
    stay = _stay_to_correct(record, replaces) if replaces else _stay_now(record)
    last = stay.ended.ended_on if stay.ended else on
    rules.check_day(session.held_on, first=stay.begun.begun_on, on=min(on, last))
    _write("session.noted", record, session, on=on, replaces=replaces)


def discharge(record: OpenRecord, leaving: Leaving, *, now: datetime) -> StayEnded:
    """End a stay: give the bed back, count unused days, start the clocks of the bundle.

    Raises
    ------
    RefusedError
        If the person is in no stay.
    StayError
        If the moment lies outside the stay.
    """
    stay, on = _stay_now(record), now.date()
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
        _seal(doing, ended, *steps, on=on)
    return ended


def let_go(record: OpenRecord, colleagues: Iterable[Profile], *, on: date) -> int:
    """Take ward colleagues out of the care team after a stay; never the last holder."""
    gone = 0
    for colleague in colleagues:
        if len(team(record.person.id, by=record.by).members) > 1:
            people.leave_team(record=record, colleague=colleague.id, on=on, by=record.by)
            gone += 1
    return gone


def do_step(record: OpenRecord, step: Step, answer: Answer, *, on: date) -> None:
    """Note a step of the bundle that was done after all."""
    _stay_behind(record)
    _write("discharge.followed", record, DischargeStepDone(on, step, answer), on=on)


def follow_up(
    record: OpenRecord,
    contact: FollowUpMade,
    *,
    consented: bool,
    on: date,
    replaces: UUID | None = None,
) -> None:
    """Note a contact after a stay, or correct one.

    Raises
    ------
    RefusedError
        If no stay has ended, or somebody reached out without consent to contact.
    StayError
        If the day is before the person left, or has not come.
    """
    stay = _stay_behind(record)
    _check(rules.may_contact(contact.means, consented=consented))
    rules.check_day(contact.made_on, first=_left(stay), on=on)
    _write("discharge.followed", record, contact, on=on, replaces=replaces)


def note_visit(
    record: OpenRecord, visit: TreatmentVisited, *, on: date, replaces: UUID | None = None
) -> None:
    """Note that the person went to drug treatment after a stay, or correct it.

    Raises
    ------
    RefusedError
        If no stay has ended.
    StayError
        If the day is before the person left, or has not come.
    """
    stay = _stay_behind(record)
    rules.check_day(visit.visited_on, first=_left(stay), on=on)
    _write("discharge.followed", record, visit, on=on, replaces=replaces)


def close_aftercare(record: OpenRecord, closed: AftercareClosed, *, on: date) -> None:
    """Stop the clocks after a stay, for a reason.

    Raises
    ------
    RefusedError
        If no stay has ended.
    """
    _stay_behind(record)
    _write("discharge.followed", record, closed, on=on)


def strike(record: OpenRecord, entry: UUID, *, on: date) -> None:
    """Say that something never happened: the entry no longer counts.

    A stay whose end is struck goes on, in its bed, if that is still free.

    Raises
    ------
    StayError
        If the entry is not one of the last stay, or the bed was taken meanwhile.
    """
    stay = _stay_to_correct(record, entry)
    with writing("stay.changed", record, on=on) as doing:
        if isinstance(stay.written[entry], StayEnded):
            beds.take(stay.bed, site=record.by.site)
        doing.care(StayEntryStruck(on), replaces=entry)
        _tell(doing, _after(record, StayEntryStruck(on), replaces=entry), on=on)


def _write(
    event: str, record: OpenRecord, entry: Record, *, on: date, replaces: UUID | None = None
) -> None:
    if replaces is not None:
        written = _stay_to_correct(record, replaces).written[replaces]
        if type(written) is not type(entry):
            raise _gone()
    with writing(event, record, on=on) as doing:
        doing.care(entry, replaces=replaces)
        _tell(doing, _after(record, entry, replaces=replaces), on=on)


def _seal(doing: Writing, *entries: Record, on: date) -> None:
    """Seal new entries and tell the summary how the stays stand after them."""
    state = _state(doing.record)
    for entry in entries:
        state = apply(state, Opened(doing.care(entry), 0, entry))
    _tell(doing, state, on=on)


def _tell(doing: Writing, state: StayState, *, on: date) -> None:
    doing.courses(KIND, state.courses(linked=linked_days(doing.record.entries), on=on))


def _after(record: OpenRecord, entry: Record, *, replaces: UUID | None) -> StayState:
    opened = Opened(uuid4(), len(record.entries) + 1, entry, replaces=replaces)
    return fold([*record.entries, opened], apply, StayState())


def _state(record: OpenRecord) -> StayState:
    return fold(record.entries, apply, StayState())


def _stay_now(record: OpenRecord) -> Stay:
    stay = _state(record).now
    _check(rules.may_write(in_stay=stay is not None))
    if stay is None:
        raise _gone()
    return stay


def _stay_behind(record: OpenRecord) -> Stay:
    stay = _state(record).behind
    _check(rules.may_follow(left=stay is not None))
    if stay is None:
        raise _gone()
    return stay


def _stay_to_correct(record: OpenRecord, entry: UUID) -> Stay:
    stay = _state(record).last
    if stay is None or entry not in stay.written:
        raise _gone()
    return stay


def _left(stay: Stay) -> date:
    return stay.ended.ended_on if stay.ended is not None else stay.begun.begun_on


def _check_when(
    record: OpenRecord, day: date, minute: int, *, now: datetime, replaces: UUID | None
) -> None:
    stay = _stay_to_correct(record, replaces) if replaces else _stay_now(record)
    until = min(now, stay.left_at) if stay.left_at is not None else now
    rules.check_moment(rules.moment(day, minute), begun=stay.begun_at, now=until)


def _check(decision: Decision) -> None:
    if not decision:
        raise RefusedError.by(decision)


def _gone() -> StayError:
    return StayError(
        gettext_noop(
            "What was to be corrected does not stand in the last stay any more. "
            "Open the stay again and choose from what is shown."
        )
    )
