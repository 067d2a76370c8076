"""A year in the life of one person, in English and in Chinese, on a phone and at a desk.

Enrolled, agreed, assessed, planned; referred twice, once in vain; not found, missed; a return to
use caught at a check-up and linked again within 14 days; a stay with what follows it; the
outcome of the twelfth month; research taken back; forgotten at the kiosk.
"""

from __future__ import annotations

import pytest

from footbridge.evidence import actions as evidence
from footbridge.evidence.pilot import RMI, STANDARD
from footbridge.journey.people import queries as people
from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.journey.stays import beds
from footbridge.journey.stays.codes import RoomKind
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import witness
from footbridge.trust.vault import models
from tests.functional.ward import Ward as Year

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = {
    "en": ("I never come late.", "I want something to get up for.", "Go to the job desk"),
    "zh-hans": ("我从来不迟到。", "我想每天有个起床的理由。", "一起去就业窗口"),
}


@pytest.fixture
def language(request) -> str:
    return request.param


def begin(desk, year: Year, language: str) -> tuple[str, str]:
    """Set the site up with a directory and a study, and enrol somebody."""
    maple = desk.house.add_staff("maple", Role.COORDINATOR)
    services.keep(qingteng(), by=maple.id, on=year.today, site=desk.house.keys)
    beds.add("2", ["a", "b"], RoomKind.SHARED, by=maple, on=year.today)
    evidence.create_study(title="S", arms=[RMI, STANDARD], by=maple, on=year.today)
    desk.sign_in("ann")
    handle, phrase = year.enrol("zh" if language == "zh-hans" else "en")
    year.find(handle)
    for purpose in ("care", "contact", "research"):
        year.consent(purpose)
    desk.go(f"/evidence{year.person}")
    year.tick_all()
    year.send()
    return handle, phrase


def first_weeks(year: Year, language: str) -> None:
    year.assess("recovery-capital-check", "3")
    year.plan(*SAID[language])
    year.schedule("adaptive")
    work = year.refer("employment")
    for target in ("offered", "consented", "sent", "appointment"):
        year.step(work, target)
    year.day(2)
    year.step(work, "linked")
    year.day(3)
    in_vain = year.refer("housing")
    year.step(in_vain, "offered")
    year.step(in_vain, "declined")
    year.day(17)
    year.step(work, "engaged")


def lost_and_found(year: Year) -> None:
    """Nobody finds them in the first month; in the second, a return to use is caught."""
    year.day(35)
    for _ in range(3):
        year.attempt(reached=False)
    year.day(47)
    year.miss()
    year.day(61)
    year.check_up(days_used=14, need=True)
    year.look()
    year.meet()
    treatment = year.refer("drug-treatment")
    for target in ("offered", "consented", "sent", "appointment"):
        year.step(treatment, target)
    year.day(68)
    year.step(treatment, "linked")
    year.day(83)
    year.step(treatment, "engaged")
    year.day(91)
    year.check_up(days_used=0, need=False)


def in_the_ward(year: Year) -> None:
    """A week in the ward, and what is due after it."""
    year.day(100)
    year.admit(days=7)
    year.chart(1)
    year.dose("20")
    year.session("psychiatric", "held")
    year.open("stays/")
    year.day(106)
    year.discharge("completed")
    year.day(107)
    year.follow_up("contact", means="came")
    year.day(110)
    year.follow_up("visit", told_by="service")
    year.open("")


def the_rest(year: Year) -> None:
    for day in (152, 243):
        year.day(day)
        year.check_up(days_used=0, need=False)
    year.day(340)
    year.consent("care")
    year.day(365)
    year.check_up(days_used=1, need=False)
    year.code_outcome(12)
    year.open("")


@pytest.mark.parametrize(
    "language", ["en", pytest.param("zh-hans", marks=pytest.mark.once)], indirect=True
)
def test_a_year_in_the_life_of_one_person(desk, calendar, language):
    year = Year(desk, calendar)
    handle, phrase = begin(desk, year, language)
    first_weeks(year, language)
    lost_and_found(year)
    in_the_ward(year)
    the_rest(year)

    summary = people.summary_of(_only(), by=desk.house.staff["ann"])
    linked = [one for one in summary.courses_of("referral") if "linked" in one.codes]
    assert [("linked-14" in one.codes, "treatment" in one.codes) for one in linked] == [
        (True, False),
        (True, True),
    ]
    assert len(summary.courses_of("checkup")) == 6
    (stay,) = summary.courses_of("stay")
    assert {"completed", "follow-2", "follow-7"} <= stay.codes
    year.open_own(handle, phrase)
    assert SAID[language][1] in desk.text
    year.stop_research()
    year.forget(phrase)

    assert not models.Person.objects.exists()
    assert not models.Entry.objects.exists()
    assert witness.verify().entries == 0
    assert year.looked == []


def _only():
    (person,) = models.Person.objects.values_list("pk", flat=True)
    return person
