"""The life of a referral as one table: who may move it, on what proof, by when.

Linked means a first attendance that the person confirmed or that a one-time code
proves; a form that was sent links nobody. The clocks are house defaults: no source
gives numbers for them, so a site may pass its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from footbridge.journey.referrals.handoffs import Handoff
from footbridge.journey.referrals.reasons import reasons
from footbridge.journey.referrals.slips import check_redemption, is_well_formed, normal_form
from footbridge.journey.referrals.table import (
    TRANSITIONS,
    WAITS,
    Actor,
    Condition,
    ReferralState,
    Transition,
)
from footbridge.journey.services.rules import Need, PriceCode
from footbridge.journey.several import Several
from footbridge.trust.decisions import Decision, gettext_noop

ENGAGED_DAYS = 14
"""Days from linked to engaged [Scott & Dennis: 14 days or more in treatment]."""

RETAINED_DAYS = 90
"""Days from linked to retained [Scott & Dennis: more than 90 days go with a better outcome]."""


class Confirmation(StrEnum):
    """What proves a first attendance."""

    PERSON = "person"
    CODE = "code"


class NeedOutcome(StrEnum):
    """How the need stands when a referral ends."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral as its journal tells it.

    Parameters
    ----------
    offered_on : date or None
        The day of the first offer, from which the time to a first visit is counted.
    slip : int or None
        Which of this person's slips it is: its letter box follows from this number.
    """

    id: UUID
    service: UUID
    need: Need
    state: ReferralState
    since: date
    follows: UUID | None = None
    price_shown: frozenset[PriceCode] | None = None
    code: str | None = None
    sent_on: date | None = None
    appointment_on: date | None = None
    linked_on: date | None = None
    confirmed_by: Confirmation | None = None
    reason: str | None = None
    outcome: NeedOutcome | None = None
    slip: int | None = None
    drafted_on: date | None = None
    offered_on: date | None = None
    engaged_on: date | None = None
    retained_on: date | None = None
    handoffs: tuple[Handoff, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One step that somebody wants to take with a referral.

    `code` is the code that was issued (to `sent`) or that came back (to `linked`).
    """

    to: ReferralState
    on: date
    act_of: Actor
    confirmed_by: Confirmation | None = None
    reason: str | None = None
    appointment_on: date | None = None
    acknowledged: frozenset[PriceCode] | None = None
    code: str | None = None
    outcome: NeedOutcome | None = None


Days = Mapping[ReferralState, int]
CLOCK_DAYS: Days = {state: wait.days for state, wait in WAITS.items()}


@dataclass(frozen=True, slots=True)
class Clock:
    """Who has to act next on a referral, and until when."""

    referral: UUID
    state: ReferralState
    actor: Actor
    due: date
    overdue_days: int

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.overdue_days > 0


def next_states(state: ReferralState, actor: Actor | None = None) -> tuple[ReferralState, ...]:
    """Return the states that a referral can move to, for one actor or for any."""
    return tuple(
        t.target for t in TRANSITIONS if t.source is state and (actor is None or actor in t.by)
    )


def open_moves(referral: Referral, on: date, *, days: Days = CLOCK_DAYS) -> tuple[Transition, ...]:
    """Return the steps that a page may offer on a day.

    What hangs on the day alone is settled here: a clock that has run out, 14 or 90 days
    that have passed, and that only what was sent can be attended. What somebody has to bring,
    `check_move` asks for.
    """
    shut = {
        Condition.CLOCK_RUN_OUT: not _late(referral, Move(referral.state, on, Actor.WORKER), days),
        Condition.STAYED: not _stayed(referral, Move(referral.state, on, Actor.WORKER), days),
        Condition.RETAINED: not _retained(referral, Move(referral.state, on, Actor.WORKER), days),
        Condition.ATTENDANCE_CONFIRMED: referral.sent_on is None,
    }
    return tuple(
        each
        for each in TRANSITIONS
        if each.source is referral.state and not any(shut.get(need, False) for need in each.needs)
    )


def is_final(state: ReferralState) -> bool:
    """Whether nothing comes after a state."""
    return not next_states(state)


def clock_of(referral: Referral, on: date, *, days: Days = CLOCK_DAYS) -> Clock | None:
    """Return the clock of a referral; None where nobody has to act any more.

    An appointment's clock starts on its own day, that of somebody engaged on the day of
    the first visit, every other one when its state began.
    """
    if is_final(referral.state):
        return None
    starts = referral.since
    if referral.state is ReferralState.APPOINTMENT and referral.appointment_on is not None:
        starts = max(starts, referral.appointment_on)
    if referral.state is ReferralState.ENGAGED and referral.linked_on is not None:
        starts = referral.linked_on
    due = starts + timedelta(days=days[referral.state])
    late = max((on - due).days, 0)
    return Clock(referral.id, referral.state, WAITS[referral.state].actor, due, late)


def check_move(referral: Referral, move: Move, *, days: Days = CLOCK_DAYS) -> Decision:
    """Decide whether a referral may take one step.

    Parameters
    ----------
    referral : Referral
        Where it stands.
    move : Move
        The step, whose act it is, and the proof it brings.
    days : mapping of ReferralState to int
        How long each clock runs.
    """
    found = _transition(referral.state, move.to)
    if found is None:
        return _no_way(referral.state, move.to)
    if move.act_of not in found.by:
        wrong = gettext_noop(
            "The step from {source} to {target} is not up to: {actor}. It is up to: {by}."
        )
        by = Several(sorted(found.by))
        told = {"source": referral.state, "target": move.to, "actor": move.act_of, "by": by}
        return Decision(False, wrong, told)
    if move.on < referral.since:
        early = gettext_noop(
            "The day lies before {since}, when the referral came to {state}. Correct the day."
        )
        return Decision(False, early, {"since": referral.since, "state": referral.state})
    for condition in found.needs:
        decision = _CHECKS[condition](referral, move, days)
        if not decision:
            return decision
    return Decision(True, gettext_noop("The referral may move on."))


def _transition(source: ReferralState, target: ReferralState) -> Transition | None:
    return next((t for t in TRANSITIONS if (t.source, t.target) == (source, target)), None)


def _no_way(source: ReferralState, target: ReferralState) -> Decision:
    ways = Several(next_states(source))
    if not ways:
        final = gettext_noop(
            "The referral is over ({source}). Begin a new one that follows it instead."
        )
        return Decision(False, final, {"source": source})
    sentence = gettext_noop("There is no step from {source} to {target}. From here: {ways}.")
    return Decision(False, sentence, {"source": source, "target": target, "ways": ways})


_FINE = Decision(True, gettext_noop("The proof is there."))


def _price(referral: Referral, move: Move, days: Days) -> Decision:
    if referral.price_shown is None or move.acknowledged is None:
        unseen = gettext_noop(
            "What this service costs in anonymity was not shown. "
            "Show it, and let the person choose."
        )
        return Decision(False, unseen)
    if move.acknowledged != referral.price_shown:
        changed = gettext_noop(
            "The price in anonymity that the person accepted is not the one that was shown. "
            "Show it again, and let the person choose."
        )
        return Decision(False, changed)
    return _FINE


def _slip(referral: Referral, move: Move, days: Days) -> Decision:
    if move.code is None or not is_well_formed(move.code):
        return Decision(False, gettext_noop("The slip has no one-time code. Make a new slip."))
    if normal_form(move.code) == referral.code:
        used = gettext_noop("A slip with this code was given before. Make a new slip.")
        return Decision(False, used)
    return _FINE


def _reason(referral: Referral, move: Move, days: Days) -> Decision:
    if move.reason not in reasons():
        missing = gettext_noop("Choose why it went no further: reasons can then be counted.")
        return Decision(False, missing)
    return _FINE


def _day(referral: Referral, move: Move, days: Days) -> Decision:
    if move.appointment_on is None or move.appointment_on < move.on:
        return Decision(False, gettext_noop("Enter the day of the appointment, today or later."))
    return _FINE


def _attended(referral: Referral, move: Move, days: Days) -> Decision:
    if referral.sent_on is None:
        return Decision(False, gettext_noop("The referral was never sent. Offer it again first."))
    if move.confirmed_by is Confirmation.PERSON and move.act_of is Actor.PERSON:
        return _FINE
    if move.confirmed_by is Confirmation.CODE:
        typed = move.code or ""
        return check_redemption(referral.code, typed, issued_on=referral.sent_on, on=move.on)
    sent = gettext_noop(
        "Linked means a first attendance: the person says so, or the one-time code came back. "
        "A form that was sent links nobody."
    )
    return Decision(False, sent)


def _stayed(referral: Referral, move: Move, days: Days) -> Decision:
    short = gettext_noop(
        "Engaged means {days} days or more after the first attendance; it is {stayed}. "
        "Ask again on {on}."
    )
    return _since_linked(referral, move, ENGAGED_DAYS, short)


def _retained(referral: Referral, move: Move, days: Days) -> Decision:
    short = gettext_noop(
        "Retained means {days} days or more after the first attendance; it is {stayed}. "
        "Ask again on {on}."
    )
    return _since_linked(referral, move, RETAINED_DAYS, short)


def _since_linked(referral: Referral, move: Move, wanted: int, short: str) -> Decision:
    if referral.linked_on is None:
        return Decision(False, gettext_noop("The referral was never linked. Record that first."))
    stayed = (move.on - referral.linked_on).days
    if stayed >= wanted:
        return _FINE
    on = referral.linked_on + timedelta(days=wanted)
    return Decision(False, short, {"days": wanted, "stayed": stayed, "on": on})


def _late(referral: Referral, move: Move, days: Days) -> Decision:
    clock = clock_of(referral, move.on, days=days)
    if clock is None or not clock.overdue:
        running = gettext_noop("The clock still runs, until {due}. Wait, or cancel the referral.")
        return Decision(False, running, {"due": clock.due if clock else referral.since})
    return _FINE


def _outcome(referral: Referral, move: Move, days: Days) -> Decision:
    if move.outcome is None:
        open_end = gettext_noop("A referral ends with an outcome. Say how the need stands.")
        return Decision(False, open_end)
    return _FINE


_CHECKS: Mapping[Condition, Callable[[Referral, Move, Days], Decision]] = {
    Condition.PRICE_ACKNOWLEDGED: _price,
    Condition.SLIP_GIVEN: _slip,
    Condition.REASON: _reason,
    Condition.DAY_SET: _day,
    Condition.ATTENDANCE_CONFIRMED: _attended,
    Condition.STAYED: _stayed,
    Condition.RETAINED: _retained,
    Condition.CLOCK_RUN_OUT: _late,
    Condition.OUTCOME: _outcome,
}
