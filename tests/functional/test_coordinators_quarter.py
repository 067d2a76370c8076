"""A coordinator's quarter: caseloads, cascade, tracking, follow-up, cost, a handover, a report."""

from __future__ import annotations

import pytest

from footbridge.journey.people.actions import writing
from footbridge.journey.people.records import Course
from footbridge.trust.access import care_teams
from footbridge.trust.access.rules import Role
from footbridge.trust.weeks import IsoWeek
from tests.browsing import turn_page
from tests.functional.year import Year

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def people_of(house, worker, *, many: int) -> list:
    """Bring people into care whose summaries tell of a check-up and what came of it."""
    week, records = IsoWeek.of(house.on), []
    for number in range(many):
        _, record = house.in_care(worker)
        need = number % 2 == 0
        codes = {"held", "in-window"} | ({"need", "met", "agreed"} if need else set())
        linked = {"treatment", "linked", "linked-14"} | ({"engaged"} if number % 4 == 0 else set())
        with writing("checkup.held", record, on=house.on) as doing:
            doing.summary(in_need=need, last_seen=week, next_due=week + 4)
            doing.courses("checkup", [Course("checkup", week, frozenset(codes), {"attempts": 2})])
            if need:
                doing.courses("referral", [Course("referral", week, frozenset(linked))])
        records.append(record)
    return records


def numbers(desk) -> list[str]:
    """Return the counts of the cascade, in the order of its steps."""
    return desk.page.locator("main table").first.locator("td:nth-of-type(2)").all_inner_texts()


def oversee(desk, quarter: Year) -> None:
    """Look at caseloads, cascade, tracking and follow-up, and share a sum out."""
    desk.go("/coordination/")
    quarter.look()
    assert "8 of 80" in desk.text

    desk.go("/coordination/cascade/")
    quarter.look()
    assert [found.split()[0] for found in numbers(desk)] == ["10", "10", "5", "5", "5", "3"]

    for path in ("tracking", "follow-up"):
        desk.go(f"/coordination/{path}/")
        quarter.look()
    quarter.fill("spent", "9000")
    turn_page(desk.page.locator("main form button"))
    assert "1800" in desk.text  # 9000 over five people linked


def release_a_report(desk, quarter: Year) -> None:
    """Release the first report that is ripe, and find it in the ledger."""
    desk.go("/evidence/reports/")
    quarter.look()
    turn_page(desk.page.locator("main a[href*='/evidence/reports/']").first)
    quarter.look()
    turn_page(desk.page.locator("main form button").last)
    quarter.look()
    assert "/evidence/releases/" in desk.page.url
    desk.go("/evidence/releases/")
    quarter.look()
    assert desk.page.locator("main a[href*='/evidence/releases/']").count() >= 1


def test_a_coordinators_quarter(desk, calendar):
    quarter = Year(desk, calendar)
    maple = desk.house.add_staff("maple", Role.COORDINATOR)
    ann, ben = desk.house.add_staff("ann"), desk.house.add_staff("ben")
    records = people_of(desk.house, ann, many=8)
    people_of(desk.house, ben, many=2)
    desk.sign_in("maple")

    oversee(desk, quarter)

    quarter.day(100)
    release_a_report(desk, quarter)

    person = records[0].person.id
    desk.go(f"/coordination/people/{person}/handover/")
    quarter.look()
    desk.page.get_by_label("ben").check()
    quarter.send()
    desk.sign_in("ann")
    desk.go("/today/")
    quarter.look()
    desk.follow("The coordinator asks for a handover")
    quarter.look()
    quarter.send()
    team = care_teams.team_of(person, site=desk.house.keys)

    assert {member.id for member in team.members} == {ben.id}
    assert maple.id not in {member.id for member in team.members}
    assert quarter.looked == []
