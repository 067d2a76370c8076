"""Sittings folded from a journal."""

from datetime import date
from uuid import uuid4

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments import state as assessments
from footbridge.journey.assessments.records import AssessmentTaken, UseCalendarTaken
from footbridge.journey.consents.rules import Language
from footbridge.trust.vault.folding import Opened, fold

CHECK = instruments.instrument("recovery-capital-check", 1)
IDS = [item.id for item in CHECK.items]


def sitting(value, on, version=1):
    return AssessmentTaken(CHECK.id, version, Language.ZH, dict.fromkeys(IDS, value), on)


def folded(*records):
    entries = [Opened(id=uuid4(), sequence=n, record=r) for n, r in enumerate(records)]
    return fold(entries, assessments.apply, assessments.AssessmentState())


def test_a_sitting_entered_late_takes_its_place_by_its_day():
    later, earlier = sitting(2, date(2026, 4, 1)), sitting(4, date(2026, 1, 1))

    course = folded(later, earlier).course(CHECK)

    assert [on for on, _ in course] == [date(2026, 1, 1), date(2026, 4, 1)]
    assert [scores["personal"].value for _, scores in course] == [12, 8]


def test_a_sitting_is_compared_with_the_one_just_before_it():
    state = folded(
        sitting(0, date(2026, 1, 1)), sitting(4, date(2026, 4, 1)), sitting(2, date(2026, 7, 1))
    )

    first, second, third = state.of(CHECK)

    assert state.before(CHECK, third) is second
    assert state.before(CHECK, second) is first
    assert state.before(CHECK, first) is None


def test_sittings_of_another_version_are_not_compared():
    state = folded(sitting(2, date(2026, 1, 1)), sitting(2, date(2026, 4, 1), version=2))

    (only,) = state.of(CHECK)

    assert state.before(CHECK, only) is None


def test_a_corrected_sitting_counts_once():
    wrong = Opened(id=uuid4(), sequence=0, record=sitting(0, date(2026, 1, 1)))
    right = Opened(id=uuid4(), sequence=1, record=sitting(4, date(2026, 1, 1)), replaces=wrong.id)

    state = fold([wrong, right], assessments.apply, assessments.AssessmentState())

    assert [s["personal"].value for _, s in state.course(CHECK)] == [12]


def test_the_last_calendar_is_the_one_that_ends_last():
    spring, winter = (UseCalendarTaken(on, "0" * 90) for on in (date(2026, 4, 1), date(2026, 1, 1)))

    assert folded(spring, winter).last_calendar == spring
    assert folded().last_calendar is None


def test_records_of_other_rooms_change_nothing():
    state = folded(sitting(1, date(2026, 1, 1)))

    assert assessments.apply(state, Opened(id=uuid4(), sequence=9, record=object())) == state
