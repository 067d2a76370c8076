"""Stays folded from a journal: order, corrections, nonsense, courses."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.consents.rules import Language
from footbridge.journey.stays import figures
from footbridge.journey.stays.codes import Drug, Ending, Point, RoomKind, Severity
from footbridge.journey.stays.figures import weeks_needed
from footbridge.journey.stays.records import StayBegun, StayEnded, StayEntryStruck
from footbridge.journey.stays.returns import Range
from footbridge.journey.stays.state import StayState, apply
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek
from tests.drills.filling import filled, records_of

FIRST = date(2026, 1, 5)
DAY = timedelta(days=1)


def begun(on):
    return StayBegun(
        on, 480, UUID(int=1), RoomKind.SHARED, 7, Drug.HEROIN, Severity.MIDDLE, Language.ZH,
        frozenset(Point), {}, 300, 7, "AAAAA-BBBBB",
    )  # fmt: skip


def folded(*records):
    entries = [Opened(uuid4(), number, record) for number, record in enumerate(records)]
    return entries, fold(entries, apply, StayState())


def lived(*stays):
    """Return the courses of stays given as (first day, nights)."""
    records = []
    for first, nights in stays:
        on = FIRST + first * DAY
        records += [begun(on), StayEnded(on + nights * DAY, 600, Ending.COMPLETED)]
    return folded(*records)[1].courses(on=FIRST + 800 * DAY)


def test_an_end_without_a_stay_changes_nothing():
    _entries, state = folded(StayEnded(FIRST, 600, Ending.COMPLETED))

    assert state.last is None


def test_an_end_that_was_struck_out_lets_the_stay_go_on():
    entries, state = folded(begun(FIRST), StayEnded(FIRST + 3 * DAY, 600, Ending.COMPLETED))
    struck = Opened(uuid4(), 9, StayEntryStruck(FIRST), replaces=entries[1].id)

    again = fold([*entries, struck], apply, StayState())

    assert state.now is None
    assert again.now is not None


@given(st.integers(0, 10**6))
def test_whatever_stands_in_a_journal_can_be_read_and_told(seed):
    draws = Random(seed)
    kinds = [k for k in records_of(Compartment.CARE) if ".stays." in k.__module__]
    records = [filled(draws.choice(kinds), draws) for _ in range(12)]

    _entries, state = folded(begun(FIRST), *records)

    courses = state.courses(on=FIRST + 30 * DAY)
    assert len(courses) == len(state.stays)
    assert all(stay.payments() is not None and stay.given() is not None for stay in state.stays)
    assert all(state.running(on=FIRST + n * DAY) is not None for n in (0, 9, 60))


def test_a_referral_to_treatment_that_was_linked_counts_for_the_stay_before_it():
    _entries, state = folded(begun(FIRST), StayEnded(FIRST + 7 * DAY, 600, Ending.COMPLETED))

    (course,) = state.courses(linked=[FIRST + 10 * DAY], on=FIRST + 20 * DAY)

    assert {"follow-7", "follow-30", "initiated-14"} <= course.codes


def test_the_figures_count_only_stays_whose_window_has_surely_closed():
    courses = lived((0, 7), (20, 7))
    left = IsoWeek.of(FIRST + 7 * DAY)

    for weeks in range(8):
        found = figures.figures(courses[:1], week=left + weeks)
        bases = {share.code: share.base for share in found.follow}
        assert bases["follow-7"] == (weeks >= 2)
        assert bases["follow-30"] == (weeks >= 6)


@given(st.integers(1, 400), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_after_the_weeks_needed_the_window_of_any_day_of_that_week_has_passed(days, left):
    week = IsoWeek.of(left) + weeks_needed(days)

    assert week.monday > left + days * DAY
    assert weeks_needed(days) <= days / 7 + 2


def test_fact_6_21_the_metrics_of_a_ward():
    every = [course for _ in range(40) for course in lived((0, 7))]
    every += [course for _ in range(10) for course in lived((0, 3), (18, 7))]

    found = figures.figures(
        every,
        week=IsoWeek.of(FIRST + 800 * DAY),
        matches=dict.fromkeys((30, 90, 365), Range(0.6, 0.6)),
    )

    assert (found.admissions, found.ended, found.open) == (60, 60, 0)
    assert found.days == 7
    month = found.returns[30]
    assert (month.seen, month.base) == (10, 60)
    assert month.true.low == month.true.high > month.observed
