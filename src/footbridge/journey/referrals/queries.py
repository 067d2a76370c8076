"""Reading one referral: where it stands, who acts next, its price, and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals.actions import find, last_step
from footbridge.journey.referrals.labels import NEXT_ACTIONS
from footbridge.journey.referrals.reasons import reasons
from footbridge.journey.referrals.records import (
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
    ReferralStepUndone,
)
from footbridge.journey.referrals.rules import Clock, NeedOutcome, Referral, clock_of
from footbridge.journey.referrals.slips import CODE_DAYS
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services import queries as services
from footbridge.journey.services.directory import DirectoryError
from footbridge.journey.services.labels import PRICES
from footbridge.journey.services.showing import Card
from footbridge.trust.vault.folding import Opened, current


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it was written down; `state` is None where it was taken back."""

    on: date
    state: ReferralState | None
    actor: Actor | None = None
    appointment_on: date | None = None
    outcome: NeedOutcome | None = None
    reason: Mapping[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A referral with everything that its page says about it.

    Parameters
    ----------
    card : Card or None
        The service; None where an import took it out of the directory.
    price : tuple of str
        The price in anonymity: the one that was shown, or before that the one to show.
    changed : bool
        Whether the directory says something else since it was shown.
    """

    referral: Referral
    name: str
    card: Card | None
    clock: Clock | None
    next_action: object
    price: tuple[str, ...]
    changed: bool
    steps: tuple[Step, ...]
    can_undo: bool


def shown(record: OpenRecord, referral: UUID, *, on: date, at: datetime) -> Shown:
    """Return one referral of a person; raise UnknownReferralError where there is none."""
    found = find(record, referral)
    card = _card(found.service, at)
    price, changed = _price(found, card)
    return Shown(
        referral=found,
        name=card.name if card else services.name_of(found.service, directory=services.directory()),
        card=card,
        clock=clock_of(found, on),
        next_action=NEXT_ACTIONS.get(found.state, ""),
        price=price,
        changed=changed,
        steps=tuple(_steps(record, referral)),
        can_undo=last_step(record, referral) is not None,
    )


def slip_ends(referral: Referral) -> date | None:
    """Return the last day on which a slip's code is good; None where there is no slip."""
    return referral.sent_on + timedelta(days=CODE_DAYS) if referral.sent_on else None


def _card(service: UUID, at: datetime) -> Card | None:
    try:
        return services.card(service, at=at)
    except DirectoryError:
        return None


def _price(referral: Referral, card: Card | None) -> tuple[tuple[str, ...], bool]:
    given = referral.price_shown
    if card is not None and given in (None, card.price.codes):
        return card.price_lines, False
    if not given:
        return (gettext("The service is not in the directory, so its price is not known."),), True
    return tuple(str(PRICES[code]) for code in sorted(given)), True


def _steps(record: OpenRecord, referral: UUID) -> list[Step]:
    steps = [_step(entry) for entry in current(record.entries) if _is_about(entry, referral)]
    return list(reversed(steps))


def _is_about(entry: Opened, referral: UUID) -> bool:
    return isinstance(entry.record, _KINDS) and entry.record.referral == referral


_KINDS = (ReferralDrafted, ReferralOffered, ReferralMoved, ReferralOutcome, ReferralStepUndone)


def _step(entry: Opened) -> Step:
    match entry.record:
        case ReferralDrafted() as drafted:
            return Step(drafted.drafted_on, ReferralState.DRAFT)
        case ReferralOffered() as offered:
            return Step(offered.offered_on, ReferralState.OFFERED, Actor.WORKER)
        case ReferralOutcome() as ended:
            return Step(
                ended.ended_on,
                ReferralState.ENDED,
                ended.act_of,
                outcome=ended.outcome,
                note=ended.note or "",
            )
        case ReferralMoved() as moved:
            known = reasons().get(moved.reason or "")
            return Step(
                moved.moved_on,
                moved.to,
                moved.act_of,
                appointment_on=moved.appointment_on,
                reason=known.words if known else None,
                note=moved.note or "",
            )
        case ReferralStepUndone() as undone:
            return Step(undone.undone_on, None)
    raise AssertionError(entry.record.KIND)  # pragma: no cover - `_is_about` lets nothing else in
