"""What the journal keeps of a referral; the slip itself holds the service and the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from footbridge.journey.referrals.handoffs import (
    HandoffAgreed,
    HandoffOutcome,
    HandoffWay,
    HandoffWho,
)
from footbridge.journey.referrals.letters import ServiceSays
from footbridge.journey.referrals.rules import Confirmation, NeedOutcome
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services.rules import Need, PriceCode
from footbridge.trust.vault.records import Compartment, EntryKind, FreeText, sealed_record


@sealed_record
@dataclass(frozen=True, slots=True)
class ReferralDrafted:
    """A worker has a service in mind for a need; `follows` names a referral re-routed here."""

    referral: UUID
    service: UUID
    need: Need
    drafted_on: date
    follows: UUID | None = None

    KIND: ClassVar[EntryKind] = EntryKind("referral-drafted", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ReferralOffered:
    """The service was offered, and its price in anonymity shown: exactly these lines."""

    referral: UUID
    offered_on: date
    price_shown: frozenset[PriceCode]

    KIND: ClassVar[EntryKind] = EntryKind("referral-offered", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ReferralMoved:
    """A referral took one step; the fields that a step does not need stay empty.

    `slip` counts this person's slips: the letter box of a slip follows from its number.
    """

    referral: UUID
    to: ReferralState
    moved_on: date
    act_of: Actor
    confirmed_by: Confirmation | None = None
    reason: str | None = None
    appointment_on: date | None = None
    acknowledged: frozenset[PriceCode] | None = None
    code: str | None = None
    slip: int | None = None
    note: FreeText | None = None

    KIND: ClassVar[EntryKind] = EntryKind("referral-moved", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ReferralOutcome:
    """A referral ended, and how the need stands."""

    referral: UUID
    outcome: NeedOutcome
    ended_on: date
    act_of: Actor
    note: FreeText | None = None

    KIND: ClassVar[EntryKind] = EntryKind("referral-outcome", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ReferralStepUndone:
    """Stands in the place of a step that was a slip of the hand: the step never counts."""

    referral: UUID
    undone_on: date

    KIND: ClassVar[EntryKind] = EntryKind("referral-step-undone", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ReferralsRested:
    """The person died: no referral waits for anybody any more, and each stays where it stood."""

    rested_on: date

    KIND: ClassVar[EntryKind] = EntryKind("referrals-rested", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ReferralsTakenUp:
    """The death was noted by mistake: referrals wait again as before."""

    taken_up_on: date

    KIND: ClassVar[EntryKind] = EntryKind("referrals-taken-up", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class HandoffNoted:
    """Somebody rang the service or went along, on a day; and what came of it."""

    referral: UUID
    done_on: date
    way: HandoffWay
    who: HandoffWho
    agreed: frozenset[HandoffAgreed]
    outcome: HandoffOutcome
    note: FreeText | None = None

    KIND: ClassVar[EntryKind] = EntryKind("handoff-noted", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class PartnerSaid:
    """The service said something with its code that moves nothing where things stand now."""

    referral: UUID
    said: ServiceSays
    said_on: date
    appointment_on: date | None = None
    reason: str | None = None

    KIND: ClassVar[EntryKind] = EntryKind("partner-said", 1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE
