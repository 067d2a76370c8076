"""Answers are kept as they were given; nothing is kept that could not have been."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.assessments import actions, calendar, instruments, queries
from footbridge.journey.assessments.records import AssessmentTaken
from footbridge.journey.assessments.rules import AssessmentError
from footbridge.journey.consents.rules import Language
from footbridge.journey.people import queries as people

CHECK = ("recovery-capital-check", 1)


def sitting(on, **answers):
    items = instruments.instrument(*CHECK).items
    whole = {item.id: answers.get(item.id, answers.get("all")) for item in items}
    return AssessmentTaken(*CHECK, Language.EN, whole, on)


def again(record):
    return people.open_record(record.person.id, by=record.by)


def test_a_sitting_is_kept_with_its_gaps(house, worker, today):
    _, record = house.in_care(worker)

    actions.take(record, sitting(today, p1=3, s1=0), on=today)

    (kept,) = queries.sittings(again(record))
    assert kept.taken.answers["p1"] == 3
    assert kept.taken.answers["c3"] is None


def test_a_correction_takes_the_place_of_the_first_answers(house, worker, today):
    _, record = house.in_care(worker)
    entry = actions.take(record, sitting(today, all=1), on=today)

    actions.take(again(record), sitting(today, all=4), on=today, replaces=entry)

    kept = queries.sittings(again(record))
    assert [one.taken.answers["p1"] for one in kept] == [4]


@pytest.mark.parametrize(
    ("answers", "why"),
    [({}, "nothing to keep"), ({"p1": 9}, "not an answer")],
)
def test_answers_that_cannot_be_are_refused_and_not_kept(house, worker, today, answers, why):
    _, record = house.in_care(worker)

    with pytest.raises(AssessmentError, match=why):
        actions.take(record, sitting(today, **answers), on=today)

    assert queries.sittings(again(record)) == []


def test_a_sitting_of_tomorrow_is_refused(house, worker, today):
    _, record = house.in_care(worker)

    with pytest.raises(AssessmentError, match="has not come yet"):
        actions.take(record, sitting(today + timedelta(days=1), all=2), on=today)


def test_a_calendar_without_a_single_known_day_is_refused(house, worker, today):
    _, record = house.in_care(worker)

    with pytest.raises(AssessmentError, match="nothing to keep"):
        actions.keep_calendar(record, marks="?" * 90, end_on=today, on=today)


def test_the_last_sitting_is_told_scale_by_scale_with_its_change(house, worker, today):
    _, record = house.in_care(worker)
    actions.take(record, sitting(today - timedelta(days=90), all=1), on=today)
    actions.take(again(record), sitting(today, all=3), on=today)
    check = instruments.instrument(*CHECK)

    before, now = queries.state_of(again(record)).of(check)
    lines = queries.lines(check, now, before, by=worker)

    total = lines[0]
    # Ten items of 1 and of 3, two of them reversed (4 - answer): 8 + 6 = 14, then 24 + 2 = 26.
    assert (total.score.value, total.change.points) == (26, 12)
    assert (total.low, total.high) == (0, 40)


@pytest.mark.django_db
def test_only_instruments_with_words_can_be_asked():
    assert queries.askable()
    assert all(item.words for one in queries.askable() for item in one.items)


@given(st.lists(st.tuples(st.sampled_from(["", "0", "1", "x", "?"]), st.booleans()), max_size=120))
def test_every_set_of_answers_becomes_marks_that_can_be_read(days):
    kept = queries.marks([day[0] for day in days], [day[1] for day in days])

    marks = calendar.parse(kept, days=len(days))
    assert sum(mark is calendar.Mark.USED for mark in marks) == sum(d[0] == "1" for d in days)
