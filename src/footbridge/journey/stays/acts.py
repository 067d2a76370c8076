"""What every act of this room does: find the stay, seal, and tell the summary."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from footbridge.journey.people.actions import Writing, writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.stays import rules
from footbridge.journey.stays.queries import linked_days, state_of
from footbridge.journey.stays.rules import StayError
from footbridge.journey.stays.state import KIND, Stay, StayState, apply
from footbridge.trust.decisions import Decision, RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import Record


def write(
    event: str, record: OpenRecord, entry: Record, *, on: date, replaces: UUID | None = None
) -> None:
    """Seal one entry as one act, or put it in the place of another of its kind."""
    if replaces is not None:
        written = stay_to_correct(record, replaces).written[replaces]
        if type(written) is not type(entry):
            raise gone()
    with writing(event, record, on=on) as doing:
        doing.care(entry, replaces=replaces)
        tell(doing, after(record, entry, replaces=replaces), on=on)


def seal(doing: Writing, *entries: Record, on: date) -> None:
    """Seal new entries and tell the summary how the stays stand after them."""
    state = state_of(doing.record)
    for entry in entries:
        state = apply(state, Opened(doing.care(entry), 0, entry))
    tell(doing, state, on=on)


def tell(doing: Writing, state: StayState, *, on: date) -> None:
    """Tell the summary how the stays stand."""
    doing.courses(KIND, state.courses(linked=linked_days(doing.record.entries), on=on))


def after(record: OpenRecord, entry: Record, *, replaces: UUID | None) -> StayState:
    """Return the state after one more entry."""
    opened = Opened(uuid4(), len(record.entries) + 1, entry, replaces=replaces)
    return fold([*record.entries, opened], apply, StayState())


def stay_now(record: OpenRecord) -> Stay:
    """Return the stay that goes on; refuse where there is none."""
    stay = state_of(record).now
    check(rules.may_write(in_stay=stay is not None))
    if stay is None:
        raise gone()
    return stay


def stay_behind(record: OpenRecord) -> Stay:
    """Return the stay that has ended last; refuse where there is none."""
    stay = state_of(record).behind
    check(rules.may_follow(left=stay is not None))
    if stay is None:
        raise gone()
    return stay


def stay_to_correct(record: OpenRecord, entry: UUID) -> Stay:
    """Return the last stay, if an entry of it is to be corrected."""
    stay = state_of(record).last
    if stay is None or entry not in stay.written:
        raise gone()
    return stay


def left(stay: Stay) -> date:
    """Return the day on which somebody left."""
    return stay.ended.ended_on if stay.ended is not None else stay.begun.begun_on


def check_when(
    record: OpenRecord, day: date, minute: int, *, now: datetime, replaces: UUID | None
) -> None:
    """Refuse a moment outside the stay."""
    stay = stay_to_correct(record, replaces) if replaces else stay_now(record)
    until = min(now, stay.left_at) if stay.left_at is not None else now
    rules.check_moment(rules.moment(day, minute), begun=stay.begun_at, now=until)


def check(decision: Decision) -> None:
    """Raise the reason of a decision that refuses."""
    if not decision:
        raise RefusedError.by(decision)


def gone() -> StayError:
    """Return the error that an entry stands no more."""
    return StayError(
        gettext_noop(
            "What was to be corrected does not stand in the last stay any more. "
            "Open the stay again and choose from what is shown."
        )
    )
