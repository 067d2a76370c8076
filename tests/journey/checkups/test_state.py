"""Check-ups folded from a journal."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from footbridge.journey.checkups import state as checkups
from footbridge.journey.checkups.records import (
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
)
from footbridge.journey.checkups.rules import (
    Agreed,
    CheckupError,
    LinkageStep,
    Means,
    Need,
    Status,
)
from footbridge.journey.checkups.state import Told
from footbridge.journey.people.records import SummaryKept
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.weeks import IsoWeek

START = date(2026, 1, 15)
CHOSEN = ScheduleChosen("adaptive", START)


def held(month, on, need=Need.NOT_IN_NEED):
    return CheckupHeld(month, on, 0, 30, frozenset(), False, need, None)


def tried(on, reached=False):
    return ContactAttempted(on, Means.DROP_IN, reached)


def folded(*records):
    entries = [Opened(id=uuid4(), sequence=n, record=r) for n, r in enumerate(records)]
    return fold(entries, checkups.apply, checkups.CheckupState())


def test_before_a_schedule_is_chosen_nothing_is_due():
    state = folded(tried(START))

    assert state.due is None
    assert state.status(on=START) is Status.ENDED
    assert state.since(on=START) is None


def test_the_first_check_up_falls_a_month_after_the_start():
    state = folded(CHOSEN)

    assert state.due.on == date(2026, 2, 15)
    assert state.need is Need.NOT_KNOWN
    assert state.since(on=date(2026, 2, 15)) == 31


def test_two_check_ups_without_need_give_two_months():
    state = folded(CHOSEN, held(1, date(2026, 2, 15)), held(2, date(2026, 3, 20)))

    assert state.due.month == 4
    assert state.status(on=date(2026, 5, 15)) is Status.DUE
    assert state.since(on=date(2026, 3, 30)) == 10


def test_a_missed_check_up_keeps_the_next_one_near_and_the_need_as_it_was():
    state = folded(
        CHOSEN, held(1, date(2026, 2, 15), Need.IN_NEED), CheckupMissed(2, date(2026, 3, 30))
    )

    assert state.due.month == 3
    assert state.need is Need.IN_NEED


def test_attempts_are_counted_anew_for_each_check_up():
    before = folded(CHOSEN, tried(START), tried(START, reached=True))
    after = checkups.apply(before, Opened(uuid4(), 9, held(1, date(2026, 2, 15))))

    assert before.attempt_counts == (2, 1)
    assert after.attempt_counts == (0, 0)


def test_a_new_schedule_from_the_same_day_keeps_what_was_held():
    state = folded(CHOSEN, held(1, date(2026, 2, 15)), ScheduleChosen("quarterly", START))

    assert state.due.month == 3


def test_a_new_start_begins_its_months_again():
    again = ScheduleChosen("adaptive", date(2027, 6, 1))
    state = folded(CHOSEN, held(1, date(2026, 2, 15)), again)

    assert state.due.on == date(2027, 7, 1)
    assert len(state.held) == 1


def test_linkage_meetings_are_kept():
    steps = frozenset({LinkageStep.FEEDBACK, LinkageStep.BOOKING})
    meeting = LinkageMeetingHeld(1, date(2026, 2, 15), steps, Agreed.YES)

    assert folded(CHOSEN, meeting).meetings == (meeting,)


def test_a_corrected_need_changes_the_next_month():
    first = Opened(uuid4(), 0, CHOSEN)
    month_one = Opened(uuid4(), 1, held(1, date(2026, 2, 15)))
    month_two = Opened(uuid4(), 2, held(2, date(2026, 3, 15)))
    right = held(2, date(2026, 3, 15), Need.IN_NEED)
    correction = Opened(uuid4(), 3, right, replaces=month_two.id)

    wrong_state = fold([first, month_one, month_two], checkups.apply, checkups.CheckupState())
    right_state = fold(
        [first, month_one, month_two, correction], checkups.apply, checkups.CheckupState()
    )

    assert (wrong_state.due.month, right_state.due.month) == (4, 3)


def test_records_of_other_rooms_change_nothing():
    state = folded(CHOSEN, tried(START + timedelta(days=1)))

    assert checkups.apply(state, Opened(uuid4(), 9, object())) == state


def test_a_check_up_decides_need_and_gives_the_next_day():
    state = folded(CHOSEN, held(1, date(2026, 2, 15)))

    record = checkups.checkup(
        state, Told(days_used=2, symptoms=frozenset(), says_need=False), on=date(2026, 3, 16)
    )

    assert (record.month, record.days, record.need) == (2, 29, Need.NOT_IN_NEED)
    assert record.next_on == date(2026, 5, 15)


def test_need_brings_the_next_day_near():
    state = folded(CHOSEN, held(1, date(2026, 2, 15)))

    record = checkups.checkup(
        state,
        Told(days_used=2, symptoms=frozenset({"harm"}), says_need=False),
        on=date(2026, 3, 16),
    )

    assert (record.need, record.next_on) == (Need.IN_NEED, date(2026, 4, 15))


def test_the_day_promised_is_the_day_that_then_falls_due():
    state = folded(CHOSEN)
    record = checkups.checkup(
        state, Told(days_used=None, symptoms=frozenset(), says_need=True), on=date(2026, 4, 20)
    )

    after = checkups.apply(state, Opened(uuid4(), 1, record))

    assert after.due.on == record.next_on == date(2026, 5, 15)
    assert after.in_window == 0


def test_no_check_up_is_held_before_its_window():
    with pytest.raises(RefusedError, match="before 2026-02-01"):
        checkups.checkup(
            folded(CHOSEN), Told(days_used=0, symptoms=frozenset(), says_need=False), on=START
        )


def test_a_symptom_that_is_not_on_the_list_is_refused():
    with pytest.raises(CheckupError, match="no symptom sadness"):
        checkups.checkup(
            folded(CHOSEN),
            Told(days_used=0, symptoms=frozenset({"sadness"}), says_need=False),
            on=date(2026, 2, 15),
        )


def test_the_summary_is_told_codes_counts_and_weeks():
    meeting = LinkageMeetingHeld(1, date(2026, 2, 16), frozenset(), Agreed.YES)
    state = folded(
        CHOSEN, held(1, date(2026, 2, 16), Need.IN_NEED), meeting, tried(date(2026, 3, 20))
    )

    summary = SummaryKept().merged(checkups.summary_changes(state))

    assert (summary.in_need, summary.agreed) == (True, True)
    assert summary.next_window == IsoWeek.of(date(2026, 3, 1))
    assert summary.next_due == IsoWeek.of(date(2026, 3, 15))
    assert (summary.held, summary.in_window, summary.missed, summary.attempts) == (1, 1, 0, 1)
    assert summary.last_seen == IsoWeek.of(date(2026, 2, 16))


def test_an_agreement_does_not_outlive_the_next_check_up():
    meeting = LinkageMeetingHeld(1, date(2026, 2, 16), frozenset(), Agreed.YES)
    state = folded(CHOSEN, held(1, date(2026, 2, 16)), meeting, held(2, date(2026, 3, 15)))

    assert checkups.summary_changes(state)["agreed"] is None


def test_a_person_without_a_schedule_has_an_empty_summary():
    assert SummaryKept().merged(checkups.summary_changes(folded())) == SummaryKept()
