"""A coordinator oversees without opening anybody, and asks where they have no key."""

from __future__ import annotations

import pytest

from footbridge.journey.coordination import handovers
from footbridge.journey.people import queries as people
from footbridge.journey.people.actions import writing
from footbridge.journey.people.records import Course
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.rules import Role
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.weeks import IsoWeek

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(house):
    """Return a coordinator, two workers, and somebody in the first one's care."""
    cora = house.add_staff("cora", Role.COORDINATOR)
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, record = house.in_care(ann)
    return cora, ann, ben, record


def profile(house, actor):
    return staff.profile_of(actor.id, site=house.keys)


def ask(house, cora, ben, record):
    handovers.ask(record.person.id, to=profile(house, ben), by=cora, on=house.on)


def test_the_page_shows_caseloads_and_whom_to_talk_about(house, team):
    cora, _, _, record = team

    page = house.browser(cora).get("/coordination/").content.decode()

    assert record.handle in page
    assert "No check-up planned yet" in page
    assert "1 of 80" in page


def test_a_worker_sees_none_of_it(house, team):
    assert house.browser(team[1]).get("/coordination/").status_code == 403


def test_the_cascade_counts_what_the_rooms_told(house, team):
    cora, _, _, record = team
    week = IsoWeek.of(house.on)
    with writing("checkup.held", record, on=house.on) as doing:
        doing.courses("checkup", [Course("checkup", week, frozenset({"held"}))])

    page = house.browser(cora).get("/coordination/cascade/?quarter=all").content.decode()

    assert "Checked up" in page
    assert "No check-up was held in this time" not in page
    assert "885" in page  # the published example stands beside it


def test_a_quarter_that_is_none_is_not_found(house, team):
    assert house.browser(team[0]).get("/coordination/cascade/?quarter=2026").status_code == 404


def test_cost_is_shared_out_and_kept_nowhere(house, team):
    page = house.browser(team[0]).get("/coordination/follow-up/?quarter=all&spent=1000")

    assert "For each check-up held" in page.content.decode()


def test_a_sum_that_is_none_says_what_to_write(house, team):
    page = house.browser(team[0]).get("/coordination/follow-up/?spent=lots")

    assert "Write one number, such as 250000." in page.content.decode()


def test_asking_moves_no_key_and_handing_over_moves_all(house, team):
    cora, ann, ben, record = team
    person = record.person.id

    ask(house, cora, ben, record)
    assert {one.id for one in care_teams.team_of(person, site=house.keys).members} == {ann.id}

    browser = house.browser(ann)
    assert "The coordinator asks for a handover" in browser.get("/today/").content.decode()
    browser.post(f"/coordination/people/{person}/hand-over/", {})

    assert {one.id for one in care_teams.team_of(person, site=house.keys).members} == {ben.id}
    assert handovers.asked_for(people.summary_of(person, by=ben)) is None
    assert people.open_record(person, by=ben).entries
    with pytest.raises(NoWrapError):
        people.open_record(person, by=ann)


def test_a_worker_may_stay_for_the_change(house, team):
    cora, ann, ben, record = team
    ask(house, cora, ben, record)

    handovers.hand_over(record, to=ben.id, stay=True, on=house.on, limit=80)

    held = {one.id for one in care_teams.team_of(record.person.id, site=house.keys).members}
    assert held == {ann.id, ben.id}


def test_a_full_caseload_stops_a_handover_and_loses_nobody(house, team):
    cora, ann, ben, record = team
    house.in_care(ben)
    ask(house, cora, ben, record)

    with pytest.raises(RefusedError, match="limit"):
        handovers.hand_over(record, to=ben.id, stay=False, on=house.on, limit=1)

    assert {one.id for one in care_teams.team_of(record.person.id, site=house.keys).members} == {
        ann.id
    }


def test_a_request_can_be_taken_back(house, team):
    cora, ann, ben, record = team
    ask(house, cora, ben, record)

    house.browser(cora).post(f"/coordination/people/{record.person.id}/handover/drop/")

    assert handovers.asked_for(people.summary_of(record.person.id, by=ann)) is None


def test_nobody_asks_for_somebody_who_is_in_the_team(house, team):
    cora, ann, _, record = team

    with pytest.raises(RefusedError, match="in the care team already"):
        handovers.ask(record.person.id, to=profile(house, ann), by=cora, on=house.on)


def test_a_colleague_of_another_kind_is_asked_for_nobody(house, team):
    cora, _, _, record = team
    admin = house.add_staff("ada", Role.ADMINISTRATOR)

    with pytest.raises(RefusedError):
        handovers.ask(record.person.id, to=profile(house, admin), by=cora, on=house.on)


def test_tracking_is_shown_beside_the_published_guide_lines(house, team):
    cora, _, _, record = team
    with writing("checkup.held", record, on=house.on) as doing:
        held = frozenset({"held", "in-window"})
        doing.courses("checkup", [Course("checkup", IsoWeek.of(house.on), held, {"attempts": 2})])

    page = house.browser(cora).get("/coordination/tracking/?quarter=all").content.decode()

    assert "Attempts beside the guide lines" in page
    assert "1 of 1" in page
