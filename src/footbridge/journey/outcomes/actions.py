"""Coding outcomes: for care with their day, and in bands for research where consent stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from footbridge.journey.checkups import actions as checkups
from footbridge.journey.checkups.queries import started_on
from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes import events
from footbridge.journey.outcomes.coding import band_of_event, bands_of
from footbridge.journey.outcomes.events import Act
from footbridge.journey.outcomes.queries import (
    arm_of,
    entry_of,
    entry_of_event,
    measure_range,
    state_of,
)
from footbridge.journey.outcomes.records import (
    AdverseEventNoted,
    BandTakenBack,
    EventClosed,
    EventStepDone,
    OutcomeCoded,
    OutcomeEntryUndone,
    ResearchTold,
)
from footbridge.journey.outcomes.rules import TIME_POINTS, OutcomeError
from footbridge.journey.outcomes.state import OutcomeState, apply, courses
from footbridge.journey.people.actions import Writing, writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals import actions as referrals
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import FreeText, Record


class UnknownEventError(OutcomeError):
    """There is no such event or time point in this record."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "This record holds no such entry any more. It may have been corrected already: "
                "look at the list again."
            )
        )


def code(record: OpenRecord, outcome: OutcomeCoded, *, on: date) -> bool:
    """Code the outcome of one time point; return whether research was told its bands.

    A time point that was coded before is corrected, in care and, where it was told, in
    research: the new letter names the one that it replaces.

    Raises
    ------
    OutcomeError
        If the values cannot be right, the time point is not planned, or the day is to come.
    """
    _not_later(outcome.measured_on, on=on)
    if outcome.month not in TIME_POINTS:
        raise OutcomeError(
            gettext_noop("Month {month} is not planned. Choose one of {planned}."),
            month=outcome.month,
            planned=", ".join(map(str, TIME_POINTS)),
        )
    state = state_of(record)
    bands = bands_of(outcome, scale=measure_range(), arm=arm_of(state))
    with writing("outcome.coded", record, on=on) as doing:
        doing.care(outcome, replaces=entry_of(record, outcome.month))
        return tell_research(doing, bands, state, about=outcome.month, on=on)


def take_back_month(record: OpenRecord, month: int, *, on: date) -> None:
    """Take the coding of a time point back, in care and in research.

    Raises
    ------
    UnknownEventError
        If that time point is not coded.
    """
    entry, state = entry_of(record, month), state_of(record)
    if entry is None or month not in state.outcomes:
        raise UnknownEventError
    with writing("outcome.taken-back", record, on=on) as doing:
        doing.care(OutcomeEntryUndone(on), replaces=entry)
        if month in state.letters:
            tell_research(doing, BandTakenBack(month), state, about=month, on=on)


def note_event(record: OpenRecord, event: AdverseEventNoted, *, on: date) -> bool:
    """Note an adverse event, or correct one; return whether research was told its band.

    An event whose id stands in the record already takes its place. A death ends the
    check-ups in the same act, and its referrals wait for nobody.

    Raises
    ------
    OutcomeError
        If it would have happened after today.
    """
    if event.happened_on is not None:
        _not_later(event.happened_on, on=on)
    state = state_of(record)
    before = state.event(event.event)
    event = replace(event, noted_on=before.noted_on if before else on)
    band = band_of_event(event, start=started_on(record, on=on), arm=arm_of(state))
    replaced = entry_of_event(record, event.event)
    with writing("adverse-event.noted", record, on=on) as doing:
        doing.care(event, replaces=replaced)
        after = _after(record, event, replaces=replaced)
        _follow_death(doing, state, after, on=on)
        doing.courses("event", courses(after))
        return tell_research(doing, band, state, about=event.event, on=on)


def take_back_event(record: OpenRecord, event: UUID, *, on: date) -> None:
    """Take an adverse event back that was a slip; check-ups that a death ended begin again.

    Raises
    ------
    UnknownEventError
        If there is no such event.
    """
    state, entry = state_of(record), entry_of_event(record, event)
    if entry is None or state.event(event) is None:
        raise UnknownEventError
    undone = OutcomeEntryUndone(on)
    with writing("adverse-event.taken-back", record, on=on) as doing:
        doing.care(undone, replaces=entry)
        after = _after(record, undone, replaces=entry)
        _follow_death(doing, state, after, on=on)
        doing.courses("event", courses(after))
        if event in state.letters:
            tell_research(doing, BandTakenBack(None), state, about=event, on=on)


def do_step(record: OpenRecord, event: UUID, step: Act, *, on: date) -> None:
    """Note that a step of what follows on an event was seen to.

    Raises
    ------
    UnknownEventError
        If there is no such event.
    RefusedError
        If the step does not belong to it, or is done.
    """
    state = state_of(record)
    found = _event(state, event)
    decision = events.may_do(step, found.harm, state.done_of(event))
    if not decision:
        raise RefusedError.by(decision)
    _write_event("adverse-event.step", record, EventStepDone(event, step, on), on=on)


def close_event(record: OpenRecord, event: UUID, *, learnt: str, on: date) -> None:
    """Close an event once each of its steps was seen to.

    Raises
    ------
    UnknownEventError
        If there is no such event.
    RefusedError
        If a step is open.
    """
    state = state_of(record)
    decision = events.may_close(state.path(_event(state, event)))
    if not decision:
        raise RefusedError.by(decision)
    closed = EventClosed(event, on, FreeText(learnt.strip()))
    _write_event("adverse-event.closed", record, closed, on=on)


def tell_research(
    doing: Writing, letter: Record, state: OutcomeState, *, about: int | UUID, on: date
) -> bool:
    """Put a letter into the study's box, in the place of the one about the same thing.

    Returns whether research was told: only while the consent to it stands.
    """
    # The drop-box outlives a consent that has run out, so the consent itself is asked.
    if not consents_of(doing.record).may(Purpose.RESEARCH, on=on):
        return False
    sent = doing.letter(letter, replaces=state.letters.get(about))
    if sent is None:
        return False
    month = about if isinstance(about, int) else None
    doing.care(ResearchTold(month, None if isinstance(about, int) else about, sent))
    return True


def _follow_death(doing: Writing, before: OutcomeState, after: OutcomeState, *, on: date) -> None:
    if after.died and not before.died:
        checkups.end_quietly(doing, on=on)
        referrals.rest(doing, on=on)
    elif before.died and not after.died:
        checkups.begin_again(doing, on=on)
        referrals.take_up(doing, on=on)


def _write_event(
    name: str, record: OpenRecord, entry: EventStepDone | EventClosed, *, on: date
) -> None:
    with writing(name, record, on=on) as doing:
        doing.care(entry)
        doing.courses("event", courses(_after(record, entry)))


def _event(state: OutcomeState, event: UUID) -> AdverseEventNoted:
    found = state.event(event)
    if found is None:
        raise UnknownEventError
    return found


def _after(record: OpenRecord, entry: Record, *, replaces: UUID | None = None) -> OutcomeState:
    added = Opened(uuid4(), len(record.entries), entry, replaces=replaces)
    return fold((*record.entries, added), apply, OutcomeState())


def _not_later(day: date, *, on: date) -> None:
    if day > on:
        raise OutcomeError(
            gettext_noop("That day has not come yet. Enter today or an earlier day.")
        )
