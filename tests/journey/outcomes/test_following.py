"""An adverse event is followed to its end, and research never counts what was corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.urls import reverse

from footbridge.journey.checkups import actions as checkups
from footbridge.journey.checkups import queries as checkup_queries
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes import actions, events, queries
from footbridge.journey.outcomes.records import (
    AdverseEventBand,
    AdverseEventNoted,
    BandTakenBack,
    OutcomeCoded,
)
from footbridge.journey.outcomes.rules import Employment, Harm, OutcomeValues, Related
from footbridge.journey.people import queries as people
from footbridge.journey.referrals import actions as referrals
from footbridge.journey.referrals import queries as referral_queries
from footbridge.journey.referrals.tray_queries import trays
from footbridge.journey.referrals.trays import Tray
from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.rules import Need
from footbridge.trust.access.rules import Role
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault.folding import current
from footbridge.trust.vault.records import FreeText

pytestmark = pytest.mark.usefixtures("that_day")
YES = OutcomeValues(employment=Employment.REGULAR)
AT = datetime(2026, 11, 21, 9, 0)
NO = OutcomeValues(employment=Employment.NONE)


class Somebody:
    """An invented person, opened anew for every act."""

    def __init__(self, house, worker, today, *purposes):
        self.enrolled, record = house.in_care(worker, Purpose.CARE, *purposes)
        self.id, self.by, self.on = record.person.id, worker, today

    @property
    def record(self):
        return people.open_record(self.id, by=self.by)

    @property
    def state(self):
        return queries.state_of(self.record)

    @property
    def summary(self):
        return people.summary_of(self.id, by=self.by)

    def note(self, harm=Harm.OVERDOSE):
        event = AdverseEventNoted(harm, self.on, Related.NO, FreeText("woke up"))
        actions.note_event(self.record, event, on=self.on)
        return self.state.events[-1]

    def see_to_all(self, event):
        for step in events.PATHS[event.harm]:
            actions.do_step(self.record, event.event, step.act, on=self.on)


@pytest.fixture
def somebody(house, worker, today, study):  # the study first: a consent is sealed to it
    return Somebody(house, worker, today, Purpose.RESEARCH)


def test_a_month_that_is_coded_again_leaves_one_band_that_counts(somebody, study, today):
    for values in (NO, YES, NO, YES):
        actions.code(somebody.record, OutcomeCoded(3, today, values), on=today)

    counted = current(study(somebody.id))

    assert [entry.record.employment for entry in counted] == [Employment.REGULAR]
    assert len(study(somebody.id)) == 4  # nothing is deleted: each letter names the one before
    assert all((entry.on, entry.by) == (None, None) for entry in counted)


def test_months_coded_in_turn_replace_only_their_own_letters(somebody, study, today):
    for month, values in ((0, NO), (3, NO), (0, YES), (3, YES)):
        actions.code(somebody.record, OutcomeCoded(month, today, values), on=today)

    counted = [entry.record for entry in current(study(somebody.id))]

    assert {(one.month, one.employment) for one in counted} == {
        (0, Employment.REGULAR),
        (3, Employment.REGULAR),
    }
    assert len(counted) == 2


def test_after_a_new_consent_an_old_letter_is_named_in_vain_and_nothing_is_lost(
    house, worker, somebody, study, today
):
    actions.code(somebody.record, OutcomeCoded(3, today, NO), on=today)
    consents.withdraw(
        somebody.record, purposes=frozenset({Purpose.RESEARCH}), at_kiosk=True, on=today
    )
    house.consent(somebody.enrolled, worker, Purpose.RESEARCH)

    actions.code(somebody.record, OutcomeCoded(3, today, YES), on=today)
    actions.code(somebody.record, OutcomeCoded(3, today, NO), on=today)

    assert [e.record.employment for e in current(study(somebody.id))] == [Employment.NONE]


def test_a_month_that_is_taken_back_counts_nowhere(somebody, study, today):
    actions.code(somebody.record, OutcomeCoded(3, today, NO), on=today)

    actions.take_back_month(somebody.record, 3, on=today)

    assert somebody.state.outcomes == {}
    assert [type(e.record) for e in current(study(somebody.id))] == [BandTakenBack]


def test_a_corrected_event_keeps_its_steps_and_replaces_its_band(somebody, study, today):
    noted = somebody.note()
    actions.do_step(somebody.record, noted.event, events.Act.COORDINATOR_KNOWS, on=today)

    actions.note_event(somebody.record, replace(noted, harm=Harm.HOSPITAL), on=today)

    (event,) = somebody.state.events
    assert (event.harm, event.noted_on) == (Harm.HOSPITAL, today)
    assert somebody.state.path(event)[0].done_on == today
    bands = [e.record for e in current(study(somebody.id))]
    assert [(type(one), one.harm) for one in bands] == [(AdverseEventBand, Harm.HOSPITAL)]


def test_an_event_is_closed_only_after_every_step(somebody, today):
    noted = somebody.note()
    with pytest.raises(RefusedError, match="Steps still open: 5"):
        actions.close_event(somebody.record, noted.event, learnt="", on=today)
    somebody.see_to_all(noted)

    actions.close_event(somebody.record, noted.event, learnt="go along", on=today)

    assert somebody.state.open_events == ()
    (course,) = somebody.summary.courses_of("event")
    assert {"overdose", "grave", "closed", "coordinator-knows"} <= course.codes


def test_a_death_ends_the_check_ups_quietly_and_a_slip_begins_them_again(somebody, today):
    checkups.choose_schedule(somebody.record, "adaptive", starts_on=date(2026, 10, 21), on=today)
    noted = somebody.note(Harm.DEATH)
    ended = checkup_queries.state_of(somebody.record).due, somebody.summary.next_due

    actions.take_back_event(somebody.record, noted.event, on=today)

    assert ended == (None, None)
    assert checkup_queries.state_of(somebody.record).due.month == 1
    assert somebody.summary.next_due is not None
    assert somebody.summary.courses_of("event") == ()


def test_no_referral_of_somebody_who_died_waits_for_anybody(somebody, worker, house, today):
    city = qingteng()
    services.keep(city, by=worker.id, on=today, site=house.keys)
    running = next(one for one in city.listings() if one.service.status == "active")
    meant = {"service": running.service.id, "need": Need.HOUSING}
    referral = referrals.draft(somebody.record, **meant, on=today)
    noted = somebody.note(Harm.DEATH)
    waiting = trays(by=worker, on=today)[Tray.MINE]
    told = referral_queries.shown(somebody.record, referral, on=today, at=AT)

    actions.take_back_event(somebody.record, noted.event, on=today)

    assert (waiting, told.clock) == ([], None)
    assert [line.item.referral.id for line in trays(by=worker, on=today)[Tray.MINE]] == [referral]


def test_an_open_event_stands_first_on_today_and_a_death_on_no_list_of_things_to_do(
    house, worker, somebody, today
):
    browser = house.browser(worker)
    noted = somebody.note(Harm.DEATH)
    under_way = browser.get(reverse("today")).content.decode()
    somebody.see_to_all(noted)
    actions.close_event(somebody.record, noted.event, learnt="", on=today)

    after = browser.get(reverse("today")).content.decode()

    person = browser.get(reverse("person", args=[somebody.id])).content.decode()
    assert "This person has died" in person
    assert reverse("checkups:hold", args=[somebody.id]) not in person
    assert "Adverse event under way" in under_way
    assert "People who have died" in after
    assert "No check-up planned yet" not in after


def test_the_whole_path_is_walked_on_its_pages(house, worker, somebody):
    browser = house.browser(worker)
    answer = browser.post(
        reverse("outcomes:event", args=[somebody.id]),
        {"harm": "hospital", "happened_on": "2026-11-20", "related": "no", "words": ""},
    )
    (event,) = somebody.state.events
    for step in events.PATHS[Harm.HOSPITAL]:
        browser.post(answer.url, {"step": step.act.value})
    closing = reverse("outcomes:close", args=[somebody.id, event.event])

    page = browser.post(closing, {"learnt": "Call sooner"}, follow=True).content.decode()

    assert "Call sooner" in page
    assert somebody.state.open_events == ()
    gone = reverse("outcomes:follow", args=[somebody.id, somebody.id])
    assert browser.get(gone).status_code == 404


def test_a_coordinator_sees_kind_and_standing_of_an_event_and_no_words(house, today):
    coordinator = house.add_staff("mei", Role.COORDINATOR)
    worker = house.add_staff("lan")
    somebody = Somebody(house, worker, today)
    somebody.note(Harm.BREACH)

    page = house.browser(coordinator).get(reverse("outcomes:events")).content.decode()

    assert "Breach of confidentiality" in page
    assert "0 of 6 steps seen to" in page
    assert "the coordinator was not told yet" in page
    assert "woke up" not in page
    assert reverse("person", args=[somebody.id]) not in page
