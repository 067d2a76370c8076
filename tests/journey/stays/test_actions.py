"""Each act of a stay: what it seals, what it tells the summary, what it leaves of the beds."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from footbridge.journey.people import queries as people
from footbridge.journey.stays import actions, actions_after, beds
from footbridge.journey.stays.actions import Leaving
from footbridge.journey.stays.codes import (
    Answer,
    ClosedFor,
    Ending,
    FollowMeans,
    GivenBy,
    Happened,
    Medicine,
    Point,
    Route,
    Session,
    Step,
    ToldBy,
    Unit,
)
from footbridge.journey.stays.models import WardBed
from footbridge.journey.stays.records import (
    AftercareClosed,
    DoseRecorded,
    FollowUpMade,
    SessionNoted,
    TreatmentVisited,
    WithdrawalCharted,
)
from footbridge.journey.stays.rules import StayError
from footbridge.journey.stays.signs import POINTS
from footbridge.trust.access import staff
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from tests.journey.stays.conftest import NOW

DAY = timedelta(days=1)
NOON = 12 * 60
TODAY = NOW.date()
STEPS = dict.fromkeys(Step, Answer.GIVEN)


def taken(house):
    return {bed.id for bed in beds.every(site=house.keys) if bed.taken}


def sitting(day=TODAY, **points):
    return WithdrawalCharted(day, NOON, dict.fromkeys(POINTS, 0) | points)


def dose(day=TODAY, amount=20.0):
    return DoseRecorded(
        day, NOON, Medicine.METHADONE, None, amount, Unit.MILLIGRAM, Route.MOUTH,
        GivenBy.NURSE, witnessed=True,
    )  # fmt: skip


def leave(record, *, after=5, ending=Ending.COMPLETED, steps=STEPS):
    at = NOW + after * DAY
    return actions.discharge(record(), Leaving(at, ending, steps), now=at)


def course(person, worker):
    (found,) = people.summary_of(person, by=worker).courses_of("stay")
    return found


def test_admission_takes_the_bed_and_keeps_price_and_days(house, admitted, bed_ids, state):
    assert taken(house) == {bed_ids[0]}
    assert state().now.prepaid == 7
    (payment,) = state().now.payments()
    assert (payment.total, len(payment.receipt)) == (2100, 11)


def test_the_database_says_of_a_bed_neither_that_it_is_taken_nor_by_whom(admitted, person, bed_ids):
    row = WardBed.objects.get(id=bed_ids[0])
    plain = bytes(row.sealed_state)

    assert b"taken" not in plain
    assert not {b"A", b"B"} & {bytes(one.sealed_label).strip() for one in WardBed.objects.all()}
    assert person.bytes not in plain
    assert len({len(bytes(one.sealed_state)) for one in WardBed.objects.all()}) == 1
    assert not [one for one in WardBed._meta.get_fields() if "person" in one.name]


def test_a_taken_bed_is_refused_and_then_nothing_at_all_is_written(
    house, worker, admitted, admission
):
    _other, theirs = house.in_care(worker)

    with pytest.raises(StayError, match="taken or closed"):
        actions.admit(theirs, admission(), now=NOW)

    assert not people.summary_of(theirs.person.id, by=worker).courses_of("stay")
    assert len(people.open_record(theirs.person.id, by=worker).entries) == len(theirs.entries)


def test_an_agreement_with_a_part_left_out_begins_no_stay(house, record, admission):
    with pytest.raises(RefusedError, match="not spoken of"):
        actions.admit(record(), admission(agreed=frozenset(Point) - {Point.ENDING}), now=NOW)

    assert taken(house) == set()


def test_the_ward_on_duty_gets_its_keys_in_the_act_of_admission(
    house, record, admission, nurse, worker, person
):
    profile = staff.profile_of(nurse.id, site=house.keys)

    actions.admit(record(), admission(), now=NOW, colleagues=[profile])

    assert people.open_record(person, by=nurse).entries
    told = [event.action for event in trail.events_about(record().person.log_key, site=house.keys)]
    assert told[-2:] == ["care-team.granted", "stay.begun"]


def test_a_colleague_who_may_not_join_stops_the_whole_admission(house, record, admission, bed_ids):
    analyst = house.add_staff("tao", Role.ANALYST)
    profile = staff.profile_of(analyst.id, site=house.keys)

    with pytest.raises(RefusedError):
        actions.admit(record(), admission(), now=NOW, colleagues=[profile])

    assert taken(house) == set()
    assert not [e for e in record().entries if e.record.KIND.name == "stay-begun"]


def test_keys_that_were_given_for_a_stay_end_with_it_but_never_the_last(
    house, record, admission, nurse, worker, person
):
    profile = staff.profile_of(nurse.id, site=house.keys)
    actions.admit(record(), admission(), now=NOW, colleagues=[profile])
    mine = staff.profile_of(worker.id, site=house.keys)

    gone = actions.let_go(record(), [profile, mine], on=NOW.date())

    assert gone == 1
    assert [one.id for one in people.team(person, by=worker).members] == [worker.id]


def test_more_days_are_paid_at_the_old_price_under_a_receipt_of_their_own(record, admitted, state):
    actions.extend(record(), 3, on=NOW.date())

    stay = state().now
    assert (stay.planned, stay.prepaid) == (10, 10)
    first, second = stay.payments()
    assert second.total == 900
    assert first.receipt != second.receipt


def test_another_bed_sets_the_first_one_free(house, record, admitted, bed_ids, state):
    actions.move(record(), bed_ids[2], on=NOW.date())

    assert taken(house) == {bed_ids[2]}
    assert state().now.room.value == "private"


@pytest.mark.usefixtures("admitted")
def test_a_dose_can_be_corrected_and_struck_out(record, state):
    actions.record_dose(record(), dose(amount=200.0), now=NOW + DAY)
    (wrong,) = state().now.written
    actions.record_dose(record(), dose(amount=20.0), now=NOW + DAY, replaces=wrong)

    assert [one.amount for one in state().now.doses] == [20.0]
    (right,) = state().now.written
    actions.strike(record(), right, on=NOW.date() + DAY)
    assert state().now.doses == ()


@pytest.mark.usefixtures("admitted")
def test_a_correction_is_of_the_same_kind_and_of_what_still_stands(record, state):
    actions.record_dose(record(), dose(), now=NOW + DAY)
    (entry,) = state().now.written

    with pytest.raises(StayError, match="does not stand"):
        actions.chart(record(), sitting(), now=NOW + DAY, replaces=entry)
    with pytest.raises(StayError, match="does not stand"):
        actions.record_dose(record(), dose(), now=NOW + DAY, replaces=uuid.uuid4())


def test_nothing_is_written_into_a_stay_that_has_not_begun(record):
    with pytest.raises(RefusedError, match="in no stay now"):
        actions.record_dose(record(), dose(), now=NOW + DAY)


@pytest.mark.usefixtures("admitted")
def test_the_end_gives_the_bed_and_the_unused_days_back(house, record, state, person, worker):
    ended = leave(record, after=5, ending=Ending.LEFT_EARLY)

    assert taken(house) == set()
    assert ended.refunded == 2
    assert state().behind.payments()[-1].total == 600
    assert course(person, worker).codes == {"left-early", "bundle"}
    assert course(person, worker).counts == {"days": 5, "prepaid": 7, "refunded": 2}


@pytest.mark.usefixtures("admitted")
def test_the_peak_of_the_chart_reaches_the_summary_as_a_count(record, person, worker):
    actions.chart(record(), sitting(pupils=5), now=NOW + DAY)
    actions.chart(record(), sitting(NOW.date() + DAY, pupils=5, stomach=5), now=NOW + 2 * DAY)

    assert course(person, worker).counts == {"prepaid": 7, "cows-peak": 10, "cows-day": 2}
    assert course(person, worker).codes == {"open"}


@pytest.mark.usefixtures("admitted")
def test_an_end_by_mistake_is_struck_out_and_the_stay_goes_on_in_its_bed(
    house, record, state, bed_ids
):
    leave(record)
    entry = next(iter(state().behind.written))

    actions.strike(record(), entry, on=NOW.date())

    assert state().now is not None
    assert taken(house) == {bed_ids[0]}


@pytest.mark.usefixtures("admitted")
def test_a_stay_begun_by_mistake_is_struck_out_while_it_is_empty(house, record, state, worker):
    actions.strike(record(), state().now.entry, on=NOW.date())

    assert state().last is None
    assert taken(house) == set()
    assert people.summary_of(record().person.id, by=worker).courses_of("stay") == ()


@pytest.mark.usefixtures("admitted")
def test_a_stay_in_which_something_is_written_is_not_struck_out_as_a_whole(record, state):
    actions.record_dose(record(), dose(), now=NOW + DAY)

    with pytest.raises(StayError, match="does not stand"):
        actions.strike(record(), state().now.entry, on=NOW.date())


@pytest.mark.usefixtures("admitted")
def test_days_added_and_clocks_stopped_by_mistake_are_struck_out(record, state):
    actions.extend(record(), 3, on=NOW.date())
    (more,) = state().now.written
    actions.strike(record(), more, on=NOW.date())
    assert state().now.planned == 7

    leave(record)
    closed = AftercareClosed(NOW.date() + 6 * DAY, ClosedFor.DETAINED)
    actions_after.close_aftercare(record(), closed, on=closed.closed_on)
    actions.strike(record(), list(state().behind.written)[-1], on=closed.closed_on)
    assert state().running(on=closed.closed_on)


@pytest.mark.usefixtures("admitted")
def test_promised_and_held_sessions_stand_side_by_side(record, state):
    for happened in (Happened.HELD, Happened.PERSON_ABSENT, Happened.WARD_ABSENT):
        noted = SessionNoted(NOW.date(), Session.PSYCHIATRIC, happened)
        actions.note_session(record(), noted, on=NOW.date())

    talk, group = state().now.given()
    assert (talk.promised, talk.held, talk.person_absent, talk.ward_absent) == (2, 1, 1, 1)
    assert (talk.left, group.left) == (1, 3)


@pytest.mark.usefixtures("admitted")
def test_contacts_and_visits_after_the_stay_earn_their_codes(record, person, worker):
    leave(record)
    left = NOW.date() + 5 * DAY
    for days in (1, 6):
        made = FollowUpMade(left + days * DAY, FollowMeans.CAME)
        actions_after.follow_up(record(), made, consented=False, on=left + 7 * DAY)
    for days in (3, 9, 20):
        visit = TreatmentVisited(left + days * DAY, ToldBy.PERSON)
        actions_after.note_visit(record(), visit, on=left + 21 * DAY)

    assert {"follow-2", "follow-7", "follow-30", "initiated-14", "engaged-34"} <= course(
        person, worker
    ).codes


@pytest.mark.usefixtures("admitted")
def test_reaching_out_without_consent_to_contact_is_refused(record):
    leave(record)
    made = FollowUpMade(NOW.date() + 6 * DAY, FollowMeans.AGREED_WAY)

    with pytest.raises(RefusedError, match="consent to contact"):
        actions_after.follow_up(record(), made, consented=False, on=NOW.date() + 6 * DAY)


@pytest.mark.usefixtures("admitted")
def test_stopped_clocks_leave_the_summary_and_what_was_missed_stays_missed(
    record, person, worker, state
):
    leave(record)
    on = NOW.date() + 30 * DAY

    actions_after.close_aftercare(record(), AftercareClosed(on, ClosedFor.NOT_REACHABLE), on=on)

    assert course(person, worker).codes == {"completed"}
    assert state().running(on=on) == ()


@pytest.mark.usefixtures("admitted")
def test_a_second_stay_marks_the_first_one_as_a_return(record, admission, person, worker):
    leave(record)
    again = NOW + 45 * DAY

    actions.admit(record(), admission(), now=again)

    first, second = people.summary_of(person, by=worker).courses_of("stay")
    assert {"returned-90", "returned-365"} <= first.codes
    assert not {"returned-30", "bundle"} & first.codes
    assert second.codes == {"open"}


@pytest.mark.usefixtures("admitted")
def test_the_summary_of_a_stay_holds_no_day_and_no_word(person, worker, record):
    leave(record)

    for value in course(person, worker).counts.values():
        assert type(value) is int
    assert not isinstance(course(person, worker).week, date)
