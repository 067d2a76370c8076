"""The table of referral states; docs/reference/referral-states.md is drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReferralState(StrEnum):
    """Where a referral stands, in the order of a good course, then the ways out."""

    DRAFT = "draft"
    OFFERED = "offered"
    CONSENTED = "consented"
    SENT = "sent"
    ACCEPTED = "accepted"
    APPOINTMENT = "appointment"
    LINKED = "linked"
    ENGAGED = "engaged"
    RETAINED = "retained"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    EXPIRED = "expired"
    REROUTED = "rerouted"
    CANCELLED = "cancelled"
    ENDED = "ended"


class Actor(StrEnum):
    """Whose act a step is, whoever writes it down."""

    PERSON = "person"
    WORKER = "worker"
    SERVICE = "service"


class Condition(StrEnum):
    """What a step has to bring."""

    PRICE_ACKNOWLEDGED = "price_acknowledged"
    SLIP_GIVEN = "slip_given"
    REASON = "reason"
    DAY_SET = "day_set"
    ATTENDANCE_CONFIRMED = "attendance_confirmed"
    STAYED = "stayed"
    RETAINED = "retained"
    CLOCK_RUN_OUT = "clock_run_out"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Wait:
    """Who acts next in a state, what they do, and within how many days."""

    actor: Actor
    days: int
    action: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: from where to where, whose act it may be, and what it has to bring."""

    source: ReferralState
    target: ReferralState
    by: frozenset[Actor]
    needs: tuple[Condition, ...] = ()


_S, _A, _C = ReferralState, Actor, Condition
_PERSON, _WORKER, _SERVICE = (frozenset({actor}) for actor in (_A.PERSON, _A.WORKER, _A.SERVICE))
_ANY = _PERSON | _WORKER | _SERVICE

WAITS: Mapping[ReferralState, Wait] = {
    _S.DRAFT: Wait(_A.WORKER, 7, "talk it over with the person, showing its price in anonymity"),
    _S.OFFERED: Wait(_A.PERSON, 7, "say yes or no"),
    _S.CONSENTED: Wait(_A.WORKER, 2, "hand over the slip and tell the service"),
    _S.SENT: Wait(_A.SERVICE, 7, "accept or decline"),
    _S.ACCEPTED: Wait(_A.SERVICE, 7, "give an appointment"),
    _S.APPOINTMENT: Wait(_A.PERSON, 2, "go, in company if wanted; counted from its day"),
    _S.NO_SHOW: Wait(_A.WORKER, 2, "find out why, and book again"),
    _S.LINKED: Wait(_A.WORKER, 14, "stay in touch, and ask after 14 days"),
    _S.ENGAGED: Wait(_A.WORKER, 90, "ask whether they still go; counted from the first visit"),
    _S.RETAINED: Wait(_A.WORKER, 90, "ask how the need stands, and close"),
    _S.DECLINED: Wait(_A.WORKER, 3, "look for another service, or close"),
    _S.EXPIRED: Wait(_A.WORKER, 3, "ask the service, offer again, look elsewhere, or close"),
}

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_S.DRAFT, _S.OFFERED, _WORKER),
    Transition(_S.DRAFT, _S.CANCELLED, _WORKER),
    Transition(_S.OFFERED, _S.CONSENTED, _PERSON, (_C.PRICE_ACKNOWLEDGED,)),
    Transition(_S.OFFERED, _S.DECLINED, _PERSON, (_C.REASON,)),
    Transition(_S.OFFERED, _S.EXPIRED, _WORKER, (_C.CLOCK_RUN_OUT, _C.REASON)),
    Transition(_S.OFFERED, _S.CANCELLED, _PERSON | _WORKER, (_C.REASON,)),
    Transition(_S.CONSENTED, _S.SENT, _WORKER, (_C.SLIP_GIVEN,)),
    Transition(_S.CONSENTED, _S.EXPIRED, _WORKER, (_C.CLOCK_RUN_OUT, _C.REASON)),
    Transition(_S.CONSENTED, _S.CANCELLED, _PERSON | _WORKER, (_C.REASON,)),
    Transition(_S.SENT, _S.ACCEPTED, _SERVICE),
    Transition(_S.SENT, _S.APPOINTMENT, _ANY, (_C.DAY_SET,)),
    Transition(_S.SENT, _S.LINKED, _ANY, (_C.ATTENDANCE_CONFIRMED,)),
    Transition(_S.SENT, _S.DECLINED, _PERSON | _SERVICE, (_C.REASON,)),
    Transition(_S.SENT, _S.REROUTED, _WORKER | _SERVICE, (_C.REASON,)),
    Transition(_S.SENT, _S.EXPIRED, _WORKER, (_C.CLOCK_RUN_OUT, _C.REASON)),
    Transition(_S.SENT, _S.CANCELLED, _PERSON | _WORKER, (_C.REASON,)),
    Transition(_S.ACCEPTED, _S.APPOINTMENT, _ANY, (_C.DAY_SET,)),
    Transition(_S.ACCEPTED, _S.LINKED, _ANY, (_C.ATTENDANCE_CONFIRMED,)),
    Transition(_S.ACCEPTED, _S.DECLINED, _PERSON | _SERVICE, (_C.REASON,)),
    Transition(_S.ACCEPTED, _S.REROUTED, _WORKER | _SERVICE, (_C.REASON,)),
    Transition(_S.ACCEPTED, _S.EXPIRED, _WORKER, (_C.CLOCK_RUN_OUT, _C.REASON)),
    Transition(_S.ACCEPTED, _S.CANCELLED, _PERSON | _WORKER, (_C.REASON,)),
    Transition(_S.APPOINTMENT, _S.LINKED, _ANY, (_C.ATTENDANCE_CONFIRMED,)),
    Transition(_S.APPOINTMENT, _S.NO_SHOW, _ANY, (_C.REASON,)),
    Transition(_S.APPOINTMENT, _S.DECLINED, _PERSON | _SERVICE, (_C.REASON,)),
    Transition(_S.APPOINTMENT, _S.REROUTED, _WORKER | _SERVICE, (_C.REASON,)),
    Transition(_S.APPOINTMENT, _S.EXPIRED, _WORKER, (_C.CLOCK_RUN_OUT, _C.REASON)),
    Transition(_S.APPOINTMENT, _S.CANCELLED, _PERSON | _WORKER, (_C.REASON,)),
    Transition(_S.NO_SHOW, _S.APPOINTMENT, _ANY, (_C.DAY_SET,)),
    Transition(_S.NO_SHOW, _S.LINKED, _ANY, (_C.ATTENDANCE_CONFIRMED,)),
    Transition(_S.NO_SHOW, _S.DECLINED, _PERSON | _SERVICE, (_C.REASON,)),
    Transition(_S.NO_SHOW, _S.REROUTED, _WORKER | _SERVICE, (_C.REASON,)),
    Transition(_S.NO_SHOW, _S.EXPIRED, _WORKER, (_C.CLOCK_RUN_OUT, _C.REASON)),
    Transition(_S.NO_SHOW, _S.CANCELLED, _PERSON | _WORKER, (_C.REASON,)),
    Transition(_S.LINKED, _S.ENGAGED, _ANY, (_C.STAYED,)),
    Transition(_S.LINKED, _S.ENDED, _PERSON | _WORKER, (_C.OUTCOME,)),
    Transition(_S.ENGAGED, _S.RETAINED, _ANY, (_C.RETAINED,)),
    Transition(_S.ENGAGED, _S.ENDED, _PERSON | _WORKER, (_C.OUTCOME,)),
    Transition(_S.RETAINED, _S.ENDED, _PERSON | _WORKER, (_C.OUTCOME,)),
    Transition(_S.DECLINED, _S.REROUTED, _WORKER, (_C.REASON,)),
    Transition(_S.DECLINED, _S.ENDED, _WORKER, (_C.OUTCOME,)),
    Transition(_S.EXPIRED, _S.OFFERED, _WORKER),
    Transition(_S.EXPIRED, _S.LINKED, _ANY, (_C.ATTENDANCE_CONFIRMED,)),
    Transition(_S.EXPIRED, _S.REROUTED, _WORKER, (_C.REASON,)),
    Transition(_S.EXPIRED, _S.ENDED, _WORKER, (_C.OUTCOME,)),
)
