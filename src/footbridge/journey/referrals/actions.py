"""Making and moving referrals: no step is sealed that the table does not allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

from footbridge.journey.people.actions import Writing, writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals.courses import KIND, courses
from footbridge.journey.referrals.records import (
    HandoffNoted,
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
    ReferralsRested,
    ReferralsTakenUp,
    ReferralStepUndone,
)
from footbridge.journey.referrals.rules import Move, NeedOutcome, Referral, check_move
from footbridge.journey.referrals.slips import CODE_DAYS, normal_form, slip_code
from footbridge.journey.referrals.state import Referrals, apply, counts
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services import queries as services
from footbridge.journey.services.hsds import ServiceStatus
from footbridge.journey.services.rules import Need
from footbridge.trust.decisions import HouseError, RefusedError, gettext_noop
from footbridge.trust.vault import letterboxes
from footbridge.trust.vault.folding import Opened, current, fold
from footbridge.trust.vault.records import FreeText

Step = ReferralOffered | ReferralMoved | ReferralOutcome
SHUTS = frozenset(
    {
        ReferralState.SENT,  # a new slip takes the place of the old one
        ReferralState.LINKED,
        ReferralState.DECLINED,
        ReferralState.REROUTED,
        ReferralState.CANCELLED,
        ReferralState.ENDED,
    }
)
"""States in which a service has nothing more to say with the code that it has."""


class UnknownReferralError(HouseError):
    """There is no such referral in this record."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "This record holds no such referral. It may have been opened from an old page: "
                "go back to the person and choose it there."
            )
        )


def state_of(record: OpenRecord) -> Referrals:
    """Return the referrals that a record holds."""
    return fold(record.entries, apply, Referrals())


def draft(
    record: OpenRecord, *, service: UUID, need: Need, on: date, follows: UUID | None = None
) -> UUID:
    """Note that a worker has a service in mind for a need; return the referral's id.

    Raises
    ------
    DirectoryError
        If the service is not in the directory.
    RefusedError
        If the service is not running.
    UnknownReferralError
        If `follows` is no referral of this person.
    """
    listing = services.directory().listing(service)
    if listing.service.status is not ServiceStatus.ACTIVE:
        raise RefusedError(
            gettext_noop("This service is not running at present. Choose another service.")
        )
    if follows is not None and state_of(record).find(follows) is None:
        raise UnknownReferralError
    drafted = ReferralDrafted(uuid4(), service, need, on, follows)
    with writing("referral.changed", record, on=on) as doing:
        doing.care(drafted)
        tell(doing, after(record, drafted))
    return drafted.referral


def offer(record: OpenRecord, referral: UUID, *, on: date) -> None:
    """Note that a service was offered, and its price in anonymity shown, as of now."""
    move(record, referral, move=Move(ReferralState.OFFERED, on, Actor.WORKER), on=on)


def send(record: OpenRecord, referral: UUID, *, on: date, draws: Callable[[int], int]) -> str:
    """Make a slip with a new one-time code, note that it was sent, and return the code.

    `draws` returns a whole number below its argument; `secrets.randbelow` outside tests.
    """
    code = slip_code(draws)
    step = Move(ReferralState.SENT, on, Actor.WORKER, code=code)
    move(record, referral, move=step, on=on)
    return code


def end(
    record: OpenRecord,
    referral: UUID,
    *,
    outcome: NeedOutcome,
    on: date,
    act_of: Actor = Actor.WORKER,
    note: str = "",
) -> None:
    """Close a referral with how the need stands."""
    step = Move(ReferralState.ENDED, on, act_of, outcome=outcome)
    move(record, referral, move=step, on=on, note=note)


def move(record: OpenRecord, referral: UUID, *, move: Move, on: date, note: str = "") -> None:
    """Take one step with a referral, after the table has allowed it.

    Parameters
    ----------
    record : OpenRecord
        The person's open record.
    referral : UUID
        Which referral.
    move : Move
        The step, on its own day, whose act it is, and the proof that it brings.
    on : date
        Today, the day on which it is written down; never before `move.on`.
    note : str
        Words about it, for the care team and the person.

    Raises
    ------
    UnknownReferralError
        If there is no such referral.
    RefusedError
        If the table does not allow the step, or its day lies ahead.
    """
    found = find(record, referral)
    if move.on > on:
        raise RefusedError(
            gettext_noop("The day lies ahead. Enter the day on which it happened, {on} at latest."),
            on=on,
        )
    decision = check_move(found, move)
    if not decision:
        raise RefusedError.by(decision)
    step = _step(found, move, note, slip=next_slip(record))
    with writing("referral.changed", record, on=on) as doing:
        doing.care(step)
        mind_box(record, found, step)
        tell(doing, after(record, step))


def undo(record: OpenRecord, referral: UUID, *, on: date) -> None:
    """Take the last step of a referral back, for a slip of the hand.

    The step stays in the journal, and an entry that names it stands in its place.

    Raises
    ------
    RefusedError
        If nothing but the draft is there: cancel that instead.
    """
    find(record, referral)
    last = last_step(record, referral)
    if last is None:
        raise RefusedError(
            gettext_noop("There is no step to take back: it is only in mind. Cancel it instead.")
        )
    undone = ReferralStepUndone(referral, on)
    with writing("referral.changed", record, on=on) as doing:
        doing.care(undone, replaces=last.id)
        if isinstance(last.record, ReferralMoved) and last.record.slip is not None:
            letterboxes.close(record.care, last.record.slip, site=record.by.site)
        tell(doing, after(record, undone, replaces=last.id))


def tell(doing: Writing, state: Referrals) -> None:
    """Bring the summary up to date: how many stand where, and how each one went."""
    doing.summary(referrals=counts(state))
    doing.courses(KIND, courses(state.referrals))


def rest(doing: Writing, *, on: date) -> None:
    """Let no referral of somebody who died wait for anybody, inside the act that notes it."""
    if state_of(doing.record).open:
        doing.care(ReferralsRested(on))


def take_up(doing: Writing, *, on: date) -> None:
    """Let referrals wait again, where a death was noted by mistake."""
    if state_of(doing.record).resting:
        doing.care(ReferralsTakenUp(on))


def find(record: OpenRecord, referral: UUID) -> Referral:
    """Return one referral; raise UnknownReferralError where there is none."""
    found = state_of(record).find(referral)
    if found is None:
        raise UnknownReferralError
    return found


def last_step(record: OpenRecord, referral: UUID) -> Opened | None:
    """Return the last step of a referral that counts; None while it is only in mind."""
    refused = set(state_of(record).refused)
    steps = [
        entry
        for entry in current(record.entries)
        if isinstance(entry.record, Step)
        and entry.record.referral == referral
        and entry.id not in refused
    ]
    return steps[-1] if steps else None


def next_slip(record: OpenRecord) -> int:
    """Return the number of a person's next slip; one that was taken back keeps its own."""
    moved = (entry.record for entry in record.entries if isinstance(entry.record, ReferralMoved))
    return 1 + max((step.slip or 0 for step in moved), default=0)


def mind_box(record: OpenRecord, before: Referral | None, step: Step) -> None:
    """Put up a letter box with a new slip; let a code open nothing once it is over."""
    if before is None or not isinstance(step, ReferralMoved | ReferralOutcome):
        return
    to = step.to if isinstance(step, ReferralMoved) else ReferralState.ENDED
    if before.slip is not None and to in SHUTS:
        letterboxes.close(record.care, before.slip, site=record.by.site)
    if isinstance(step, ReferralMoved) and step.slip is not None:
        letterboxes.set_up(
            record.care,
            step.slip,
            code=normal_form(step.code or ""),
            about=before.need.value,
            until=step.moved_on + timedelta(days=CODE_DAYS),
            site=record.by.site,
        )


def _step(referral: Referral, move: Move, note: str, *, slip: int) -> Step:
    words = FreeText(note.strip()) if note.strip() else None
    if move.to is ReferralState.OFFERED:
        price = services.directory().listing(referral.service).price()
        return ReferralOffered(referral.id, move.on, price.codes)
    if move.to is ReferralState.ENDED:
        outcome = move.outcome or NeedOutcome.UNKNOWN
        return ReferralOutcome(referral.id, outcome, move.on, move.act_of, words)
    return ReferralMoved(
        referral=referral.id,
        to=move.to,
        moved_on=move.on,
        act_of=move.act_of,
        confirmed_by=move.confirmed_by,
        reason=move.reason,
        appointment_on=move.appointment_on,
        acknowledged=move.acknowledged,
        code=move.code,
        slip=slip if move.to is ReferralState.SENT else None,
        note=words,
    )


def after(
    record: OpenRecord,
    written: ReferralDrafted | Step | ReferralStepUndone | HandoffNoted,
    *,
    replaces: UUID | None = None,
) -> Referrals:
    """Return the referrals as they will be with one more entry."""
    added = Opened(uuid4(), len(record.entries), written, replaces=replaces)
    return fold((*record.entries, added), apply, Referrals())
