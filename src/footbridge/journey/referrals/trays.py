"""In-trays: what waits for me, for my team, for a service; clocks that ran out come first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

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
from footbridge.journey.referrals.rules import Clock, Confirmation, Referral, clock_of
from footbridge.journey.referrals.state import Referrals, apply
from footbridge.journey.referrals.table import Actor
from footbridge.trust.vault.folding import Opened, fold

_STEPS = (
    HandoffNoted,
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
    ReferralStepUndone,
)
KINDS = (*_STEPS, ReferralsRested, ReferralsTakenUp)
"""All that has to be opened of a record to know where its referrals stand."""


class Tray(StrEnum):
    """Where an open referral lies."""

    MINE = "mine"
    TEAM = "team"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Item:
    """One open referral of one person, with the clock that runs."""

    person: UUID
    referral: Referral
    clock: Clock
    tray: Tray


def items(person: UUID, entries: Iterable[Opened], *, reader: UUID, on: date) -> list[Item]:
    """Return the open referrals of one person, each in the tray in which it lies."""
    known = list(entries)
    found: list[Item] = []
    state = fold(known, apply, Referrals())
    for referral in () if state.resting else state.referrals:
        clock = clock_of(referral, on)
        if clock is not None:
            mine = looked_after_by(known, referral.id) == reader
            found.append(Item(person, referral, clock, tray_of(clock, mine=mine)))
    return found


def tray_of(clock: Clock, *, mine: bool) -> Tray:
    """Return the tray of a referral: whoever acts next, then who looks after it."""
    if clock.actor is Actor.SERVICE:
        return Tray.PARTNER
    return Tray.MINE if mine else Tray.TEAM


def looked_after_by(entries: Iterable[Opened], referral: UUID) -> UUID | None:
    """Return who last wrote a step of a referral down.

    Whoever happened to open the record when a service's answer came in is not meant.
    """
    written = [
        entry.by
        for entry in entries
        if isinstance(entry.record, _STEPS)
        and entry.record.referral == referral
        and not _came_by_itself(entry)
    ]
    return written[-1] if written else None


def _came_by_itself(entry: Opened) -> bool:
    record = entry.record
    return (
        isinstance(record, ReferralMoved)
        and record.act_of is Actor.SERVICE
        and record.confirmed_by is Confirmation.CODE
    )


def in_order(found: Iterable[Item]) -> list[Item]:
    """Return items by urgency: the longest overdue first, then by the day they are due."""
    return sorted(found, key=lambda item: (item.clock.due, item.referral.since))
