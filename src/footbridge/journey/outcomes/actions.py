"""Coding outcomes: for care with their day, and in bands for research where consent stands."""

from __future__ import annotations

from datetime import date

from footbridge.journey.checkups.queries import started_on
from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes.coding import band_of_event, bands_of
from footbridge.journey.outcomes.queries import arm_of, entry_of, measure_range, state_of
from footbridge.journey.outcomes.records import AdverseEventNoted, OutcomeCoded
from footbridge.journey.outcomes.rules import TIME_POINTS, OutcomeError
from footbridge.journey.people.actions import Writing, writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.decisions import gettext_noop
from footbridge.trust.vault.records import Record


def code(record: OpenRecord, outcome: OutcomeCoded, *, on: date) -> bool:
    """Code the outcome of one time point; return whether research was told its bands.

    A time point that was coded before is corrected. What research was told before cannot
    be called back one by one, since nobody here can read it: the later bands count.

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
    bands = bands_of(outcome, scale=measure_range(), arm=arm_of(state_of(record)))
    with writing("outcome.coded", record, on=on) as doing:
        doing.care(outcome, replaces=entry_of(record, outcome.month))
        return _tell_research(doing, bands, on=on)


def note_event(record: OpenRecord, event: AdverseEventNoted, *, on: date) -> bool:
    """Note an adverse event; return whether research was told its band.

    Raises
    ------
    OutcomeError
        If it would have happened after today.
    """
    if event.happened_on is not None:
        _not_later(event.happened_on, on=on)
    band = band_of_event(event, start=started_on(record, on=on), arm=arm_of(state_of(record)))
    with writing("adverse-event.noted", record, on=on) as doing:
        doing.care(event)
        return _tell_research(doing, band, on=on)


def _tell_research(doing: Writing, band: Record, *, on: date) -> bool:
    # The drop-box outlives a consent that has run out, so the consent itself is asked.
    if not consents_of(doing.record).may(Purpose.RESEARCH, on=on):
        return False
    return doing.research(band)


def _not_later(day: date, *, on: date) -> None:
    if day > on:
        raise OutcomeError(
            gettext_noop("That day has not come yet. Enter today or an earlier day.")
        )
