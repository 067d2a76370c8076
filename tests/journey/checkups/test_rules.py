"""When check-ups fall due, and who is in need."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.checkups import rules, schedules, tracking
from footbridge.journey.checkups.months import add_months, months_passed
from footbridge.journey.checkups.rules import CheckupError, Need, NeedReason, Past, Status
from footbridge.journey.consents.rules import Language

START = date(2026, 1, 31)
DAY = timedelta(days=1)
needs = st.sampled_from(Need)
every_schedule = st.sampled_from(sorted(schedules.schedules()))


def months_when(schedule_id, need_at):
    """Hold each check-up on its due day, with the need that `need_at` says."""
    schedule, past = schedules.schedule(schedule_id), []
    while (due := rules.next_due(schedule, START, past)) is not None:
        past.append(Past(due.month, due.on, need_at(due.month)))
    return [checkup.month for checkup in past]


def test_never_in_need_means_months_1_2_4_7_11_16_22():
    # NCT04365920: five check-ups beyond the two fixed ones in 24 months.
    months = months_when("adaptive", lambda month: Need.NOT_IN_NEED)

    assert months == [1, 2, 4, 7, 11, 16, 22]


def test_always_in_need_means_every_month():
    assert months_when("adaptive", lambda month: Need.IN_NEED) == list(range(1, 25))


def test_need_in_month_4_starts_the_lengthening_again():
    months = months_when("adaptive", lambda m: Need.IN_NEED if m == 4 else Need.NOT_IN_NEED)

    assert months == [1, 2, 4, 5, 6, 8, 11, 15, 20]


def test_not_knowing_keeps_the_person_as_close_as_need_does():
    assert months_when("adaptive", lambda month: Need.NOT_KNOWN) == list(range(1, 25))


@given(need=needs)
def test_fixed_schedules_do_not_bend_to_need(need):
    quarterly = months_when("quarterly", lambda month: need)
    monthly_first = months_when("monthly-then-quarterly", lambda month: need)

    assert quarterly == [3, 6, 9, 12, 15, 18, 21, 24]
    assert monthly_first == [1, 2, 3, 6, 9, 12, 15, 18, 21, 24]


def adaptive_by_hand(found):
    """The registered rule, told with a counter and a gap."""
    month, in_a_row, months = 0, 0, []
    for need in found:
        gap = 1 if month < 2 or in_a_row == 0 else in_a_row
        month += gap
        if month > 24:
            break
        months.append(month)
        in_a_row = in_a_row + 1 if need is Need.NOT_IN_NEED else 0
    return months


@given(found=st.lists(needs, min_size=30, max_size=30))
def test_the_adaptive_schedule_equals_its_plain_twin(found):
    answers = iter(found)

    months = months_when("adaptive", lambda month: next(answers))

    assert months == adaptive_by_hand(found)


@st.composite
def careers(draw):
    """Check-ups held early, on time, late or very late, or missed, under any schedule."""
    schedule, past = schedules.schedule(draw(every_schedule)), []
    start = draw(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)))
    for off in draw(st.lists(st.integers(min_value=-14, max_value=200), max_size=30)):
        due = rules.next_due(schedule, start, past)
        if due is None:
            break
        past.append(Past(due.month, due.on + off * DAY, draw(needs)))
    return schedule, start, past


@given(career=careers())
def test_the_next_check_up_is_never_due_in_the_past(career):
    schedule, start, past = career

    due = rules.next_due(schedule, start, past)

    assert due is None or all(due.on > checkup.on for checkup in past)


@given(career=careers())
def test_a_schedule_ends_by_its_last_month_and_no_month_comes_twice(career):
    schedule, _, past = career

    months = [checkup.month for checkup in past]

    assert months == sorted(set(months))
    assert all(1 <= month <= schedule.until for month in months)


@given(career=careers())
def test_due_days_are_counted_from_the_start_and_windows_from_the_due_day(career):
    schedule, start, past = career

    due = rules.next_due(schedule, start, past)

    if due is not None:
        assert months_passed(start, due.on) == due.month
        assert due.on - due.opens == due.closes - due.on == 14 * DAY


def test_a_check_up_held_two_months_late_moves_the_clock_on():
    late = Past(1, add_months(START, 3) + 10 * DAY, Need.IN_NEED)

    due = rules.next_due(schedules.schedule("adaptive"), START, [late])

    assert (due.month, due.on) == (4, date(2026, 5, 31))


def test_the_status_changes_on_the_days_of_the_window():
    due = rules.next_due(schedules.schedule("quarterly"), date(2026, 1, 15), [])

    expected = {
        date(2026, 3, 31): Status.NOT_YET,
        date(2026, 4, 1): Status.DUE,
        date(2026, 4, 15): Status.DUE,
        date(2026, 4, 16): Status.OVERDUE,
        date(2026, 4, 29): Status.OVERDUE,
        date(2026, 4, 30): Status.MISSED,
    }
    assert {on: due.status(on=on) for on in expected} == expected


@given(off=st.integers(min_value=-100, max_value=100))
def test_a_check_up_in_its_window_is_due_or_overdue(off):
    due = rules.next_due(schedules.schedule("quarterly"), START, [])
    on = due.on + off * DAY

    assert due.in_window(on=on) == (due.status(on=on) in (Status.DUE, Status.OVERDUE))


def test_late_is_welcome_and_much_too_early_is_not():
    due = rules.next_due(schedules.schedule("quarterly"), START, [])

    assert rules.may_hold(due, on=due.closes + 100 * DAY)
    assert rules.may_hold(due, on=due.opens)
    assert not rules.may_hold(due, on=due.opens - DAY)
    assert "schedule has ended" in rules.may_hold(None, on=START).reason


@pytest.mark.parametrize(
    ("used", "days", "symptoms", "says", "need", "reasons"),
    [
        (0, 90, 0, False, Need.NOT_IN_NEED, set()),
        (12, 90, 0, False, Need.NOT_IN_NEED, set()),
        (13, 90, 0, False, Need.IN_NEED, {NeedReason.WEEKLY_USE}),
        (4, 28, 0, False, Need.IN_NEED, {NeedReason.WEEKLY_USE}),
        (3, 28, 0, False, Need.NOT_IN_NEED, set()),
        (0, 5, 0, False, Need.NOT_IN_NEED, set()),
        (0, 90, 1, False, Need.IN_NEED, {NeedReason.SYMPTOM}),
        (0, 90, 0, True, Need.IN_NEED, {NeedReason.SAYS_SO}),
        (None, 90, 0, False, Need.NOT_KNOWN, {NeedReason.NOT_TOLD}),
        (None, 90, 2, True, Need.IN_NEED, {NeedReason.SYMPTOM, NeedReason.SAYS_SO}),
    ],
)
def test_any_one_of_three_makes_need(used, days, symptoms, says, need, reasons):
    found = rules.need_of(days_used=used, days=days, symptoms=symptoms, says_need=says)

    assert (found.need, set(found.reasons)) == (need, reasons)


@given(days=st.integers(1, 400), data=st.data())
def test_weekly_use_is_one_day_in_seven_or_more(days, data):
    used = data.draw(st.integers(0, days))

    found = rules.need_of(days_used=used, days=days, symptoms=0, says_need=False)

    assert (found.need is Need.IN_NEED) == (used > 0 and used / days >= 1 / 7)


@pytest.mark.parametrize(("used", "days"), [(-1, 90), (91, 90), (0, 0)])
def test_impossible_days_of_use_are_refused(used, days):
    with pytest.raises(CheckupError, match="cannot be"):
        rules.need_of(days_used=used, days=days, symptoms=0, says_need=False)


@pytest.mark.parametrize(
    ("attempts", "share", "contacts"), [(1, 70, 22), (22, 70, 22), (23, 90, 33), (38, 90, 38)]
)
def test_attempts_are_shown_beside_what_others_reached(attempts, share, contacts):
    decision = tracking.guide(attempts)

    assert decision
    assert decision.values["share"] == share
    assert decision.values["contacts"] == contacts


def test_beyond_38_attempts_the_worker_is_told_to_stop_and_talk():
    assert not tracking.guide(39)
    assert "coordinator" in tracking.guide(39).reason


def test_every_schedule_and_symptom_speaks_both_languages():
    for schedule in schedules.schedules().values():
        assert set(schedule.words) == set(Language)
    for words in schedules.symptoms().values():
        assert set(words) == set(Language)
    assert len(schedules.symptoms()) == 11


def test_an_unknown_schedule_is_refused_with_those_that_exist():
    with pytest.raises(CheckupError, match="adaptive"):
        schedules.schedule("weekly")


@pytest.mark.parametrize(
    "change", [{"opening": [2, 1]}, {"opening": [0]}, {"every": 0}, {"window": 15}]
)
def test_a_schedule_that_cannot_work_is_refused(change):
    found = {"id": "x", "words": {}, "opening": [], "every": 3, "adaptive": False}
    found |= {"until": 24, "window": 14, "source": ""}

    with pytest.raises(CheckupError, match="cannot work"):
        schedules.parse({**found, **change})
