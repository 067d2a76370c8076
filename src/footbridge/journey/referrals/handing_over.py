"""Writing hand-offs down: noting one, correcting it, taking it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals.actions import UnknownReferralError, after, find, tell
from footbridge.journey.referrals.records import HandoffNoted, ReferralStepUndone
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault.folding import current


def note(
    record: OpenRecord, handoff: HandoffNoted, *, on: date, replaces: UUID | None = None
) -> None:
    """Note a hand-off; with `replaces`, in the place of one that was noted wrongly.

    Raises
    ------
    UnknownReferralError
        If the referral, or the hand-off that is to be replaced, is not in this record.
    RefusedError
        If its day lies ahead, or before the referral was begun.
    """
    referral = find(record, handoff.referral)
    begun = referral.drafted_on or referral.since
    if not begun <= handoff.done_on <= on:
        raise RefusedError(
            gettext_noop("Enter the day on which it happened, from {begun} to {on}."),
            begun=begun,
            on=on,
        )
    if replaces is not None:
        noted(record, handoff.referral, replaces)
    _write(record, handoff, on=on, replaces=replaces)


def take_back(record: OpenRecord, referral: UUID, entry: UUID, *, on: date) -> None:
    """Take a hand-off back that was noted by mistake."""
    noted(record, referral, entry)
    _write(record, ReferralStepUndone(referral, on), on=on, replaces=entry)


def noted(record: OpenRecord, referral: UUID, entry: UUID) -> HandoffNoted:
    """Return a hand-off that stands; raise UnknownReferralError where there is none."""
    standing = (one.record for one in current(record.entries) if one.id == entry)
    for found in standing:
        if isinstance(found, HandoffNoted) and found.referral == referral:
            return found
    raise UnknownReferralError


def _write(
    record: OpenRecord,
    entry: HandoffNoted | ReferralStepUndone,
    *,
    on: date,
    replaces: UUID | None,
) -> None:
    with writing("handoff.noted", record, on=on) as doing:
        doing.care(entry, replaces=replaces)
        tell(doing, after(record, entry, replaces=replaces))
