"""The use calendar, judged by hand-made cases and by a plain twin."""

from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.assessments import calendar
from footbridge.journey.assessments.calendar import Mark
from footbridge.journey.assessments.rules import AssessmentError
from footbridge.journey.consents.rules import Language

END = date(2026, 3, 31)
marks = st.text(alphabet="01p?", max_size=120)


def longest_by_splitting(text):
    runs = text.replace("p", "").replace("?", "1").split("1")
    return max(map(len, runs))


@given(text=marks)
def test_the_summary_equals_that_of_the_plain_twin(text):
    summary = calendar.summarise(text)

    known = [mark for mark in text if mark in "01"]
    percent = 100 * known.count("0") / len(known) if known else None
    assert summary.used == text.count("1")
    assert summary.percent_abstinent == percent
    assert summary.longest_run == longest_by_splitting(text)


@given(text=marks)
def test_every_day_is_counted_under_exactly_one_mark(text):
    summary = calendar.summarise(text)

    counted = summary.used + summary.not_used + summary.protected + summary.not_known
    assert counted == summary.days == len(text)


def test_days_in_hospital_are_no_success_and_no_failure():
    summary = calendar.summarise("0000" + "p" * 60 + "0000" + "1" * 22)

    assert summary.longest_run == 8
    assert summary.percent_abstinent == pytest.approx(100 * 8 / 30)


def test_a_day_not_known_ends_a_run():
    assert calendar.summarise("000?0000").longest_run == 4


def test_a_stay_over_the_whole_calendar_has_no_per_cent():
    assert calendar.summarise("p" * 90).percent_abstinent is None


def test_the_last_mark_belongs_to_the_last_day_and_the_first_to_89_days_before():
    days = calendar.dated(END, "1" + "0" * 88 + "?")

    assert days[0] == (date(2026, 1, 1), Mark.USED)
    assert days[-1] == (END, Mark.NOT_KNOWN)


@given(text=marks, back=st.integers(min_value=0, max_value=130))
def test_the_days_since_a_day_are_the_last_ones(text, back):
    since = calendar.after(END, text, day=END - timedelta(days=back))

    assert since == text[max(0, len(text) - back) :]


@pytest.mark.parametrize("length", [0, 89, 91])
def test_a_calendar_of_another_length_is_refused(length):
    with pytest.raises(AssessmentError, match="not 90"):
        calendar.parse("0" * length)


def test_an_unknown_mark_is_refused():
    with pytest.raises(AssessmentError, match="Mark that day again"):
        calendar.parse("x" * 90)


def test_festivals_and_paydays_help_to_remember():
    found = calendar.anchors(date(2026, 1, 31), date(2026, 3, 31), payday=31)

    assert [(a.day, a.words[Language.EN]) for a in found] == [
        (date(2026, 1, 31), "Payday"),
        (date(2026, 2, 17), "Spring Festival"),
        (date(2026, 2, 28), "Payday"),
        (date(2026, 3, 3), "Lantern Festival"),
        (date(2026, 3, 31), "Payday"),
    ]


def test_no_payday_is_assumed():
    assert calendar.anchors(date(2026, 3, 5), date(2026, 3, 31)) == []


def test_the_spring_festival_falls_on_its_published_days():
    # State Council holiday notices: 29 January 2025, 17 February 2026.
    found = calendar.anchors(date(2024, 6, 1), date(2026, 12, 31))

    spring = [a.day for a in found if a.words[Language.ZH] == "春节"]
    assert spring == [date(2025, 1, 29), date(2026, 2, 17)]


def test_each_festival_comes_once_a_year():
    found = calendar.anchors(date(2024, 1, 1), date(2036, 12, 31))

    names = sorted((a.words[Language.EN], a.day.year) for a in found)
    assert all(len(list(same)) == 1 for _, same in groupby(names))
    assert len(names) == 8 * 13
