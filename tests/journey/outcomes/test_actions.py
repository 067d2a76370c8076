"""Care keeps the outcome, research is told bands, and only while consent to it stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.journey.assessments import actions as assessments
from footbridge.journey.checkups import actions as checkups
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import texts
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes import actions, queries
from footbridge.journey.outcomes.records import (
    AdverseEventBand,
    AdverseEventNoted,
    ArmAssigned,
    OutcomeBands,
    OutcomeCoded,
)
from footbridge.journey.outcomes.rules import (
    Answer,
    DaysUsed,
    Employment,
    Harm,
    OutcomeError,
    OutcomeValues,
    Place,
    Related,
)
from footbridge.journey.people import queries as people
from footbridge.journey.people.actions import writing
from footbridge.trust.access import circles
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.vault import compartments
from footbridge.trust.vault.records import Compartment, FreeText

WORKING = OutcomeValues(
    employment=Employment.REGULAR,
    days_used=13,
    days_known=90,
    place=Place.COMMUNITY,
    used_30=Answer.YES,
    recovery_capital=26.0,
)


def again(record):
    return people.open_record(record.person.id, by=record.by)


def test_research_is_told_bands_with_the_arm_and_without_a_day(house, worker, study, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    with writing("study.joined", record, on=today) as doing:
        doing.care(ArmAssigned("pilot", "rmi", today))

    told = actions.code(again(record), OutcomeCoded(3, today, WORKING), on=today)

    (entry,) = study(record.person.id)
    assert told
    assert isinstance(entry.record, OutcomeBands)
    assert (entry.record.month, entry.record.arm) == (3, "rmi")
    assert entry.record.days_used is DaysUsed.WEEKLY
    assert (entry.on, entry.by) == (None, None)


def test_without_consent_to_research_only_care_keeps_it(house, worker, study, today):
    _, record = house.in_care(worker)

    told = actions.code(record, OutcomeCoded(3, today, WORKING), on=today)

    assert not told
    assert study(record.person.id) == []
    assert queries.state_of(again(record)).outcomes[3].values == WORKING


def test_after_the_consent_has_run_out_research_is_told_nothing(house, worker, study, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    later = today + timedelta(weeks=texts.newest()[Purpose.RESEARCH].lasts, days=1)

    told = actions.code(record, OutcomeCoded(24, later, WORKING), on=later)

    assert not told
    assert study(record.person.id) == []


def test_after_a_withdrawal_nothing_that_was_told_is_left(house, worker, study, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    actions.code(record, OutcomeCoded(0, today, WORKING), on=today)

    consents.withdraw(
        again(record), purposes=frozenset({Purpose.RESEARCH}), at_kiosk=False, on=today
    )

    assert study(record.person.id) == []
    assert not actions.code(again(record), OutcomeCoded(3, today, WORKING), on=today)


def test_reading_the_consent_again_keeps_what_research_was_told(house, worker, study, today):
    enrolled, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    actions.code(record, OutcomeCoded(0, today, WORKING), on=today)

    house.consent(enrolled, worker, Purpose.RESEARCH)
    actions.code(again(record), OutcomeCoded(3, today, WORKING), on=today)

    assert [entry.record.month for entry in study(record.person.id)] == [0, 3]


def test_a_study_founded_later_is_told_only_after_the_consent_is_read_again(
    house, worker, study, today
):
    enrolled, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    later = circles.create(CircleKind.STUDY, label="later", members=[], site=house.keys)

    house.consent(enrolled, worker, Purpose.RESEARCH)

    row = compartments.find(record.person.id, Compartment.RESEARCH, site=house.keys)
    assert row.wraps.filter(holder=later.id).exists()


def test_a_time_point_that_is_coded_again_is_corrected(house, worker, today):
    _, record = house.in_care(worker)
    actions.code(record, OutcomeCoded(3, today, OutcomeValues()), on=today)

    actions.code(again(record), OutcomeCoded(3, today, WORKING), on=today)

    state = queries.state_of(again(record))
    assert list(state.outcomes) == [3]
    assert state.outcomes[3].values == WORKING


@pytest.mark.parametrize(
    ("month", "values", "why"),
    [
        (4, WORKING, "not planned"),
        (3, OutcomeValues(days_used=9, days_known=8), "cannot be"),
        (3, OutcomeValues(recovery_capital=41.0), "outside its scale"),
    ],
)
def test_what_cannot_be_is_refused_and_not_kept(house, worker, today, month, values, why):
    _, record = house.in_care(worker)

    with pytest.raises(OutcomeError, match=why):
        actions.code(record, OutcomeCoded(month, today, values), on=today)

    assert not queries.state_of(again(record)).outcomes


def test_an_event_is_told_by_its_interval_and_its_words_stay_in_care(house, worker, study, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    checkups.choose_schedule(record, "quarterly", starts_on=date(2026, 7, 1), on=today)
    event = AdverseEventNoted(Harm.OVERDOSE, date(2026, 11, 2), Related.NO, FreeText("woke up"))

    actions.note_event(again(record), event, on=today)

    (entry,) = study(record.person.id)
    # 1 July to 2 November is month 4, which ends in the time point of month 6.
    assert entry.record == AdverseEventBand(Harm.OVERDOSE, 6, Related.NO, "none")
    assert queries.state_of(again(record)).events[0].words == "woke up"


def test_an_event_of_tomorrow_is_refused(house, worker, today):
    _, record = house.in_care(worker)
    tomorrow = today + timedelta(days=1)
    event = AdverseEventNoted(Harm.VIOLENCE, tomorrow, Related.NO, FreeText(""))

    with pytest.raises(OutcomeError, match="has not come yet"):
        actions.note_event(record, event, on=today)


def test_what_the_record_knows_is_suggested(house, worker, today):
    _, record = house.in_care(worker)
    checkups.choose_schedule(record, "quarterly", starts_on=date(2026, 8, 21), on=today)
    yesterday = today - timedelta(days=1)
    assessments.keep_calendar(
        again(record), marks="0" * 80 + "1" * 4 + "?" * 6, end_on=yesterday, on=today
    )

    found = queries.suggested(again(record), on=today)

    assert (found["month"], found["days_used"], found["days_known"]) == (3, 4, 84)
    assert found["objectives"] == 0


def test_a_calendar_from_long_ago_is_not_suggested(house, worker, today):
    _, record = house.in_care(worker)
    assessments.keep_calendar(record, marks="0" * 90, end_on=date(2026, 10, 1), on=today)

    assert "days_used" not in queries.suggested(again(record), on=today)


def test_the_course_is_drawn_as_stretches_that_touch(house, worker, today):
    _, record = house.in_care(worker)
    for month, day, use in (
        (0, date(2026, 5, 20), Answer.YES),
        (3, date(2026, 8, 20), Answer.NO),
    ):
        values = OutcomeValues(place=Place.COMMUNITY, used_30=use)
        actions.code(again(record), OutcomeCoded(month, day, values), on=today)

    first, second = queries.stretches(queries.state_of(again(record)))

    assert (first.state, first.starts, first.ends) == (
        "using",
        date(2026, 4, 20),
        date(2026, 5, 20),
    )
    assert (second.state, second.starts) == ("not_using", date(2026, 5, 21))
