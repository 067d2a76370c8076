"""Pages of a study: who may see them, what they show, and what they say of it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from footbridge.evidence import actions, pilot, queries
from footbridge.evidence.models import Study
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from tests.evidence.conftest import ARMS

pytestmark = pytest.mark.usefixtures("that_day")


def shown(answer):
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def pilot_page(house, lead, study, join, settings):
    """The page of the demo's study, with the pilot's hundred invented people."""
    for arm, values in pilot.pilot_outcomes():
        join(arm, values)
    settings.FOOTBRIDGE_DEMO = True
    return house.browser(lead).get(reverse("evidence:study", args=[study.pk]))


@pytest.mark.slow
def test_the_demo_shows_the_published_effect_sizes_from_sealed_outcomes(pilot_page):
    page = shown(pilot_page)

    for size in ("0.354", "0.417", "0.876"):
        assert f"{size}, in favour of" in page
    assert "0 of 50 (0.0 %)" in page
    assert "two-sided" in page
    assert "chi-square without continuity correction" in page
    assert "cannot be reproduced: no coefficient of it was published" in page
    assert pilot_page.content.decode().count('role="img"') == 1


def test_without_a_study_the_list_offers_the_first_step(house, lead):
    page = house.browser(lead).get(reverse("evidence:studies"))

    assert "There is no study yet" in shown(page)
    assert reverse("evidence:new") in page.content.decode()


def test_a_study_is_set_up_in_a_browser_and_its_founder_holds_the_key(house, lead):
    form = {"title": "Ours", "first": "New way", "second": "Usual way", "month": "6"}

    answer = house.browser(lead).post(reverse("evidence:new"), form)

    made = Study.objects.get()
    assert answer.url == reverse("evidence:study", args=[made.pk])
    assert (made.month, queries.may_open(made, by=lead)) == (6, True)


def test_a_second_study_is_refused_in_the_form(house, lead, study):
    form = {"title": "Two", "first": "New way", "second": "Usual way", "month": "6"}

    answer = house.browser(lead).post(reverse("evidence:new"), form)

    assert "There is a study here already" in shown(answer)
    assert Study.objects.count() == 1


def test_whoever_lacks_the_key_sees_whom_to_ask_and_no_number(house, study, join):
    join("rmi")
    other = house.add_staff("qing", Role.ANALYST)

    page = house.browser(other).get(reverse("evidence:study", args=[study.pk]))

    assert "You do not hold this study's key" in page.content.decode().replace("&#x27;", "'")
    assert "mei" in shown(page)
    assert "Allocated" not in shown(page)


@pytest.mark.parametrize("name", ["evidence:csv", "evidence:svg"])
def test_files_are_refused_to_whoever_lacks_the_key(house, study, name):
    other = house.add_staff("qing", Role.ANALYST)

    answer = house.browser(other).get(reverse(name, args=[study.pk]))

    assert answer.status_code in {400, 403}
    assert "Content-Disposition" not in answer


def test_a_member_adds_an_analyst_who_can_then_open_the_study(house, lead, study):
    other = house.add_staff("qing", Role.ANALYST)

    house.browser(lead).post(
        reverse("evidence:analyst", args=[study.pk]), {"colleague": str(other.id)}
    )

    page = house.browser(other).get(reverse("evidence:study", args=[study.pk]))
    assert "Allocated: Recovery management" in shown(page)


def test_a_case_worker_is_not_offered_the_studys_key(house, lead, worker, study):
    page = house.browser(lead).get(reverse("evidence:analyst", args=[study.pk]))

    assert str(worker.id) not in page.content.decode()


def test_a_small_study_is_compared_and_can_be_taken_as_files(house, lead, study, join):
    outcomes = dict(reversed(pilot.pilot_outcomes()))
    for arm in ("rmi", "rmi", "standard", "standard"):
        join(arm, outcomes[arm])
    browser = house.browser(lead)

    page = browser.get(reverse("evidence:study", args=[study.pk]))
    table = browser.get(reverse("evidence:csv", args=[study.pk])).content.decode()
    picture = browser.get(reverse("evidence:svg", args=[study.pk])).content.decode()

    assert "Beside the published pilot" not in shown(page)
    assert table.splitlines()[0].startswith("outcome,counted,events_1,total_1")
    assert any(line.startswith("methadone,known,2,2,0,2") for line in table.splitlines())
    assert "var(--" not in picture
    assert picture.startswith("<svg")


def test_a_study_without_outcomes_says_what_it_waits_for(house, lead, study, join):
    join("rmi")

    page = house.browser(lead).get(reverse("evidence:study", args=[study.pk]))

    assert "No outcome can be compared yet" in shown(page)


def test_joining_asks_once_and_shows_the_arm(house, worker, study):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    browser, place = house.browser(worker), reverse("evidence:enrol", args=[enrolled.person])
    assert "Let chance decide" in shown(browser.get(place))

    browser.post(place, {"understood": "on", "before": "on"})
    first = shown(browser.get(place))
    browser.post(place, {"understood": "on", "before": "on"})

    record = people.open_record(enrolled.person, by=worker)
    arm = queries.arm_of(record, study)
    assert arm in ARMS
    assert arm.label in first
    assert sum(entry.record.KIND.name == "arm-assigned" for entry in record.entries) == 1


def test_nobody_joins_without_what_comes_before_the_draw(house, worker, study):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)

    answer = house.browser(worker).post(
        reverse("evidence:enrol", args=[enrolled.person]), {"understood": "on"}
    )

    assert "Ask the first questions before the draw" in shown(answer)
    assert queries.arm_of(people.open_record(enrolled.person, by=worker), study) is None


def test_without_consent_to_research_the_page_leads_to_its_text(house, worker, study):
    enrolled, _ = house.in_care(worker)

    page = house.browser(worker).get(reverse("evidence:enrol", args=[enrolled.person]))

    assert "There is no consent to research" in shown(page)
    assert "Let chance decide" not in shown(page)


def test_a_consent_that_is_older_than_the_study_is_asked_anew(house, worker, lead, today):
    enrolled, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
    late = actions.create_study(title="Late", arms=ARMS, by=lead, on=today)

    page = house.browser(worker).get(reverse("evidence:enrol", args=[enrolled.person]))

    assert "older than the study" in shown(page)
    with pytest.raises(RefusedError, match="older than this study"):
        actions.enrol_in_study(record, late, on=today, draws=lambda below: 0)


def test_where_no_study_runs_there_is_nothing_to_join(house, worker):
    enrolled, _ = house.in_care(worker)

    page = house.browser(worker).get(reverse("evidence:enrol", args=[enrolled.person]))

    assert "No study is running here" in shown(page)


def test_a_case_worker_sees_no_studies(house, worker):
    assert house.browser(worker).get(reverse("evidence:studies")).status_code == 403


def test_every_extract_is_on_the_trail(house, lead, study, join):
    join("rmi")
    before = len(list(trail.walk()))

    house.browser(lead).get(reverse("evidence:study", args=[study.pk]))

    assert len(list(trail.walk())) == before + 1
    assert trail.site_events(site=house.keys, last=1)[0].action == "extract.made"
