"""From the journal's entries to referrals; a step that the rules refuse moves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from footbridge.journey.referrals.handoffs import Handoff
from footbridge.journey.referrals.records import (
    HandoffNoted,
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
    ReferralsRested,
    ReferralsTakenUp,
)
from footbridge.journey.referrals.rules import (
    CLOCK_DAYS,
    Clock,
    Days,
    Move,
    Referral,
    check_move,
    clock_of,
    is_final,
)
from footbridge.journey.referrals.slips import normal_form
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.trust.vault.folding import Opened


@dataclass(frozen=True, slots=True)
class Referrals:
    """All referrals of one person, oldest first, and the entries that moved nothing.

    `refused` holds the ids of entries that the table does not allow where they stand,
    for instance after a correction of an earlier one; a page shows them to be mended.
    While `resting`, no clock runs: the person died.
    """

    referrals: tuple[Referral, ...] = ()
    refused: tuple[UUID, ...] = ()
    resting: bool = False

    @property
    def open(self) -> tuple[Referral, ...]:
        """The referrals that are not over."""
        return tuple(each for each in self.referrals if not is_final(each.state))

    def find(self, referral: UUID) -> Referral | None:
        """Return one referral; None where there is none."""
        return next((each for each in self.referrals if each.id == referral), None)


def apply(state: Referrals, entry: Opened) -> Referrals:
    """Return the state after one more entry; records of other rooms change nothing."""
    record = entry.record
    if isinstance(record, ReferralDrafted):
        return _drafted(state, entry.id, record)
    if isinstance(record, ReferralOffered | ReferralMoved | ReferralOutcome):
        return _moved(state, entry.id, record)
    if isinstance(record, HandoffNoted):
        return _handed_over(state, entry.id, record)
    if isinstance(record, ReferralsRested | ReferralsTakenUp):
        return replace(state, resting=isinstance(record, ReferralsRested))
    return state


def clocks(state: Referrals, on: date, *, days: Days = CLOCK_DAYS) -> tuple[Clock, ...]:
    """Return the clocks of all open referrals, the most overdue first."""
    found = [] if state.resting else [clock_of(each, on, days=days) for each in state.referrals]
    return tuple(sorted((clock for clock in found if clock), key=lambda clock: clock.due))


def counts(state: Referrals) -> dict[str, int]:
    """Return what a coordinator may know: how many referrals stand in which state."""
    return dict(Counter(each.state.value.replace("_", "-") for each in state.referrals))


def move_of(record: ReferralOffered | ReferralMoved | ReferralOutcome) -> Move:
    """Return the step that a record stands for, so that it can be checked before sealing."""
    if isinstance(record, ReferralOffered):
        return Move(ReferralState.OFFERED, record.offered_on, Actor.WORKER)
    if isinstance(record, ReferralOutcome):
        return Move(ReferralState.ENDED, record.ended_on, record.act_of, outcome=record.outcome)
    return Move(
        to=record.to,
        on=record.moved_on,
        act_of=record.act_of,
        confirmed_by=record.confirmed_by,
        reason=record.reason,
        appointment_on=record.appointment_on,
        acknowledged=record.acknowledged,
        code=record.code,
    )


def _drafted(state: Referrals, entry: UUID, record: ReferralDrafted) -> Referrals:
    if state.find(record.referral) is not None:
        return replace(state, refused=(*state.refused, entry))
    drafted = Referral(
        id=record.referral,
        service=record.service,
        need=record.need,
        state=ReferralState.DRAFT,
        since=record.drafted_on,
        drafted_on=record.drafted_on,
        follows=record.follows,
    )
    return replace(state, referrals=(*state.referrals, drafted))


def _moved(
    state: Referrals, entry: UUID, record: ReferralOffered | ReferralMoved | ReferralOutcome
) -> Referrals:
    referral = state.find(record.referral)
    move = move_of(record)
    offers = isinstance(record, ReferralOffered)
    if (
        referral is None
        or (move.to is ReferralState.OFFERED) != offers
        or not check_move(referral, move, days=_NO_CLOCK)
    ):
        return replace(state, refused=(*state.refused, entry))
    moved = replace(referral, state=move.to, since=move.on)
    if isinstance(record, ReferralOffered):
        first = referral.offered_on or record.offered_on
        moved = replace(moved, price_shown=record.price_shown, offered_on=first)
    if isinstance(record, ReferralMoved) and record.slip is not None:
        moved = replace(moved, slip=record.slip)
    return _with(state, _TAKES.get(move.to, _takes_reason)(moved, move))


def _handed_over(state: Referrals, entry: UUID, record: HandoffNoted) -> Referrals:
    referral = state.find(record.referral)
    if referral is None:
        return replace(state, refused=(*state.refused, entry))
    done = Handoff(entry, record.done_on, record.way, record.who, record.agreed, record.outcome)
    return _with(state, replace(referral, handoffs=(*referral.handoffs, done)))


def _with(state: Referrals, changed: Referral) -> Referrals:
    return replace(
        state,
        referrals=tuple(changed if each.id == changed.id else each for each in state.referrals),
    )


# Whether a clock had run out was checked with the site's own days before sealing.
_NO_CLOCK: Days = dict.fromkeys(CLOCK_DAYS, -100_000)


def _takes_reason(referral: Referral, move: Move) -> Referral:
    return replace(referral, reason=move.reason or referral.reason)


def _takes_slip(referral: Referral, move: Move) -> Referral:
    return replace(referral, code=normal_form(move.code or ""), sent_on=move.on)


def _takes_day(referral: Referral, move: Move) -> Referral:
    return replace(referral, appointment_on=move.appointment_on)


def _takes_attendance(referral: Referral, move: Move) -> Referral:
    return replace(referral, linked_on=move.on, confirmed_by=move.confirmed_by)


def _takes_engaged(referral: Referral, move: Move) -> Referral:
    return replace(referral, engaged_on=move.on)


def _takes_retained(referral: Referral, move: Move) -> Referral:
    return replace(referral, retained_on=move.on)


def _takes_outcome(referral: Referral, move: Move) -> Referral:
    return replace(referral, outcome=move.outcome)


_TAKES: dict[ReferralState, Callable[[Referral, Move], Referral]] = {
    ReferralState.SENT: _takes_slip,
    ReferralState.APPOINTMENT: _takes_day,
    ReferralState.LINKED: _takes_attendance,
    ReferralState.ENGAGED: _takes_engaged,
    ReferralState.RETAINED: _takes_retained,
    ReferralState.ENDED: _takes_outcome,
}
