"""Reading one referral: where it stands, who acts next, its price, and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals.actions import find, last_step, state_of
from footbridge.journey.referrals.handoffs import HandoffAgreed, was_warm
from footbridge.journey.referrals.labels import (
    HANDOFF_WAYS,
    HISTORY,
    NEXT_ACTIONS,
    SERVICE_SAYS,
)
from footbridge.journey.referrals.reasons import reasons
from footbridge.journey.referrals.records import (
    HandoffNoted,
    PartnerSaid,
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
    ReferralStepUndone,
)
from footbridge.journey.referrals.rules import Clock, Confirmation, NeedOutcome, Referral, clock_of
from footbridge.journey.referrals.slips import CODE_DAYS
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services import queries as services
from footbridge.journey.services.directory import DirectoryError
from footbridge.journey.services.labels import PRICES
from footbridge.journey.services.showing import Card
from footbridge.trust.vault.folding import Opened, current


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a referral's history; `state` is None where nothing moved.

    Parameters
    ----------
    told : object
        What happened, in a sentence.
    with_code : bool
        Whether the service said it with the code of its slip.
    handoff : HandoffNoted or None
        The hand-off, where the line is one; `entry` is then what a correction names.
    """

    on: date
    told: object
    state: ReferralState | None = None
    actor: Actor | None = None
    appointment_on: date | None = None
    outcome: NeedOutcome | None = None
    reason: Mapping[str, str] | None = None
    note: str = ""
    with_code: bool = False
    handoff: HandoffNoted | None = None
    entry: UUID | None = None

    @property
    def agreed(self) -> list[HandoffAgreed]:
        """What was agreed at a hand-off, in the order of the form."""
        found = self.handoff.agreed if self.handoff is not None else frozenset()
        return [one for one in HandoffAgreed if one in found]


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
    warm: bool = False


def shown(record: OpenRecord, referral: UUID, *, on: date, at: datetime) -> Shown:
    """Return one referral of a person; raise UnknownReferralError where there is none."""
    found = find(record, referral)
    card = _card(found.service, at)
    price, changed = _price(found, card)
    return Shown(
        referral=found,
        name=card.name if card else services.name_of(found.service, directory=services.directory()),
        card=card,
        clock=None if state_of(record).resting else clock_of(found, on),
        next_action=NEXT_ACTIONS.get(found.state, ""),
        price=price,
        changed=changed,
        steps=tuple(_steps(record, referral)),
        can_undo=last_step(record, referral) is not None,
        warm=was_warm(found.handoffs),
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


_KINDS = (
    HandoffNoted,
    PartnerSaid,
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
    ReferralStepUndone,
)


def _step(entry: Opened) -> Step:
    match entry.record:
        case ReferralDrafted() as drafted:
            return _told(drafted.drafted_on, ReferralState.DRAFT)
        case ReferralOffered() as offered:
            return _told(offered.offered_on, ReferralState.OFFERED, actor=Actor.WORKER)
        case ReferralOutcome() as ended:
            return _told(
                ended.ended_on,
                ReferralState.ENDED,
                actor=ended.act_of,
                outcome=ended.outcome,
                note=ended.note or "",
            )
        case ReferralMoved() as moved:
            return _told(
                moved.moved_on,
                moved.to,
                actor=moved.act_of,
                appointment_on=moved.appointment_on,
                reason=_reason(moved.reason),
                note=moved.note or "",
                with_code=moved.confirmed_by is Confirmation.CODE,
            )
        case HandoffNoted() as done:
            words = HANDOFF_WAYS[done.way]
            return Step(done.done_on, words, note=done.note or "", handoff=done, entry=entry.id)
        case PartnerSaid() as said:
            return Step(
                said.said_on,
                SERVICE_SAYS[said.said],
                actor=Actor.SERVICE,
                appointment_on=said.appointment_on,
                reason=_reason(said.reason),
                with_code=True,
            )
        case ReferralStepUndone() as undone:
            return Step(undone.undone_on, gettext("A step that was taken back"))
    raise AssertionError(entry.record.KIND)  # pragma: no cover - `_is_about` lets nothing else in


def _told(on: date, state: ReferralState, **values: Any) -> Step:
    return Step(on, HISTORY[state], state, **values)


def _reason(code: str | None) -> Mapping[str, str] | None:
    known = reasons().get(code or "")
    return known.words if known else None
