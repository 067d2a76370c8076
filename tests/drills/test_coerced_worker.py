"""A worker is forced to sign in: what opens is what they were assigned, and after a revoke nothing.

What a copied key can still open is said here as well, so that nobody promises more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from django.test import Client

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.people.actions import writing
from footbridge.trust import runtime
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.rules import Role
from footbridge.trust.vault import compartments, crypto, journal, rewrap
from footbridge.trust.vault.compartments import NoWrapError, OpenCompartment, PlainHolder
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Entry, Wrap
from footbridge.trust.vault.records import Compartment
from tests.drills.filling import filled, records_of
from tests.drills.key_examiner import Examiner
from tests.factories import PASSPHRASE, House, code_of

pytestmark = [pytest.mark.drill, pytest.mark.django_db]

MINE, THEIRS = 3, 5
TEAM = {Compartment.CARE, Compartment.SUMMARY, Compartment.CONTACT}
LINK = re.compile(r'(?:href|action)="(/[^"#?]*)')


@dataclass
class Raid:
    """The site, the worker who is forced, and whom they were assigned."""

    house: House
    assigned: dict[UUID, str] = field(default_factory=dict)
    others: dict[UUID, str] = field(default_factory=dict)

    @property
    def everybody(self) -> dict[UUID, str]:
        return {**self.assigned, **self.others}

    def mark(self, person: UUID) -> str:
        """Return the words that stand in every field of one person's record."""
        return "mark" + "".join(chr(ord("a") + int(digit, 16)) for digit in person.hex[:12])


@pytest.fixture
def raid(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben", Role.NURSE)
    house.add_staff("boss", Role.COORDINATOR)
    ada = house.add_staff("ada", Role.ANALYST)
    circles.create(CircleKind.STUDY, members=[Member(ada.id, ada.pair.public)], site=house.keys)
    built = Raid(house)
    for number in range(MINE + THEIRS):
        worker, known = (ann, built.assigned) if number < MINE else (ben, built.others)
        enrolled, record = house.in_care(
            worker, Purpose.CARE, Purpose.CONTACT, Purpose.RESEARCH, Purpose.RECOVERY
        )
        known[enrolled.person] = enrolled.handle
        _fill(record, Random(number), built.mark(enrolled.person))
    return built


def _fill(record, draws, mark):
    consents.agree_contact(record, f"{mark} comes by", on=_day(record), days=90)
    with writing("plan.changed", record, on=_day(record)) as doing:
        for kind in records_of(Compartment.CARE):
            if not kind.KIND.name.startswith("consent"):
                doing.care(filled(kind, draws, words=lambda _: mark))
        for kind in records_of(Compartment.RESEARCH):
            doing.research(filled(kind, draws))


def _day(record):
    return record.entries[0].on


def forced_in(raid):
    """Sign in as the attacker does who was given all that the worker knows."""
    browser = Client()
    given = {"name": "ann", "passphrase": PASSPHRASE, "code": code_of(raid.house.secrets["ann"])}
    assert browser.post("/sign-in/", given).status_code == 302
    return browser


def crawl(browser, start, most=1500):
    """Follow every link and open the target of every form; return what was read."""
    seen, waiting, read = set(), list(start), []
    while waiting and len(seen) < most:
        address = waiting.pop()
        if address in seen or address.startswith(("/static", "/kiosk")):
            continue  # opening the kiosk ends a colleague's session
        seen.add(address)
        answer = browser.get(address, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        read.append(body.decode("utf-8", "replace"))
        waiting += LINK.findall(read[-1])
    assert len(seen) < most
    return "\n".join(read)


def seen_in(raid, text):
    """Return whose words and whose handles stand in a text."""
    words = {person for person in raid.everybody if raid.mark(person) in text}
    handles = {person for person, handle in raid.everybody.items() if handle in text}
    return words, handles


def opens(raid, private):
    return Examiner().readable({"them": {private}}, site=raid.house.keys)["them"]


def test_the_keys_open_what_was_assigned_exactly(raid):
    private = raid.house.staff["ann"].pair.private

    found = opens(raid, private)

    assert found == {(person, kind) for person in raid.assigned for kind in TEAM}


def test_the_pages_show_who_was_assigned_exactly(raid):
    browser = forced_in(raid)

    words, handles = seen_in(raid, crawl(browser, ["/today/", "/people/", "/more/"]))

    assert words == set(raid.assigned)
    assert handles == set(raid.assigned)


def test_knowing_every_id_and_handle_opens_nobody_more(raid):
    browser = forced_in(raid)

    text = crawl(browser, [f"/people/{person}/" for person in raid.others])
    for handle in raid.others.values():
        text += browser.post("/people/", {"handle": handle}, follow=True).content.decode()

    assert seen_in(raid, text)[0] == set(raid.assigned)


def test_nobody_is_added_to_the_caseload_by_force(raid):
    browser, person = forced_in(raid), next(iter(raid.others))
    before = care_teams.caseload(raid.house.staff["ann"].id, site=raid.house.keys)

    for words in ("pine bridge", *["any words at all in here"] * 8):
        browser.post(f"/people/{person}/join/", {"phrase": words})
    browser.post(f"/people/{person}/recover/", {"shares": "no share\n" * 3})
    browser.post(f"/people/{person}/team/", {"colleague": str(raid.house.staff["ann"].id)})

    assert care_teams.caseload(raid.house.staff["ann"].id, site=raid.house.keys) == before


def test_a_code_that_was_read_over_the_shoulder_does_not_sign_in_again(raid):
    given = {"name": "ann", "passphrase": PASSPHRASE, "code": code_of(raid.house.secrets["ann"])}
    first, second = Client(), Client()

    assert first.post("/sign-in/", given).status_code == 302
    assert second.post("/sign-in/", given).status_code == 200
    assert "footbridge" not in second.cookies


def revoked(raid):
    """Let a colleague take every key of the worker's, on the page that is there for it."""
    ben = raid.house.browser(raid.house.staff["ben"])
    answer = ben.post(f"/colleagues/{raid.house.staff['ann'].id}/revoke/")
    assert answer.status_code == 302


def test_after_a_colleagues_revoke_the_keys_open_nothing(raid):
    private = raid.house.staff["ann"].pair.private

    revoked(raid)

    assert opens(raid, private) == set()


def test_after_a_colleagues_revoke_the_live_session_is_over(raid):
    browser = forced_in(raid)
    browser.get("/today/")

    revoked(raid)

    assert browser.get("/today/").headers["Location"].startswith("/sign-in/")
    assert seen_in(raid, crawl(browser, ["/today/", "/people/"])) == (set(), set())


def test_signing_in_again_after_the_revoke_shows_nobody(raid):
    revoked(raid)

    words, handles = seen_in(raid, crawl(forced_in(raid), ["/today/", "/people/", "/more/"]))

    assert (words, handles) == (set(), set())


def test_a_request_that_was_under_way_at_the_revoke_opens_nothing_more(raid):
    still_open = raid.house.staff["ann"]  # as a request in another thread holds it

    revoked(raid)

    for person in raid.everybody:
        with pytest.raises(NoWrapError):
            people.open_record(person, by=still_open)
    assert people.summaries(by=still_open) == []


def test_nobody_else_loses_a_key_by_the_revoke(raid):
    before = opens(raid, raid.house.staff["ben"].pair.private)

    revoked(raid)

    assert opens(raid, raid.house.staff["ben"].pair.private) == before


# --- what was copied before the revoke ---


def copied(raid):
    """Return the worker's wraps as somebody copied them out of the database."""
    mine = raid.house.staff["ann"]
    return mine, list(Wrap.objects.filter(holder=mine.id, compartment__isnull=False))


def test_copied_wraps_are_noise_where_the_site_is_sealed(raid):
    mine, wraps = copied(raid)
    raid.house.keys.wipe()

    for wrap in wraps:
        with pytest.raises(compartments.HouseError):
            compartments.unwrap(wrap, holder=mine)


def test_copied_wraps_open_the_record_on_a_live_site_until_their_month_ends(raid):
    mine, wraps = copied(raid)
    revoked(raid)

    assert all(compartments.unwrap(wrap, holder=mine) for wrap in wraps)

    site, days = raid.house.keys, 0
    for days in (28, 56):
        rewrap.turn(site, on=raid.house.on + timedelta(days=days), keep_days=35)
    for wrap in wraps:
        with pytest.raises(crypto.SealError):
            compartments.unwrap(wrap, holder=mine)


def test_a_compartment_key_that_was_copied_opens_also_what_is_written_later(raid):
    """A limit, not a promise: the manual must say it (docs/threat-model.md)."""
    mine, wraps = copied(raid)
    keys = {wrap.compartment_id: compartments.unwrap(wrap, holder=mine) for wrap in wraps}
    person = next(iter(raid.assigned))
    _hand_over(raid, person)
    revoked(raid)
    ben = raid.house.staff["ben"]
    with writing("plan.changed", people.open_record(person, by=ben), on=raid.house.on) as doing:
        later = doing.care(filled(records_of(Compartment.CARE)[0], Random(1)))

    entry = Entry.objects.get(pk=later)
    row = Row.objects.get(pk=entry.compartment_id)
    head = compartments.open_head(raid.house.keys, row)
    part = OpenCompartment(row.id, row.person_id, head, keys[row.id])

    assert journal.open_entry(part, entry).id == later


def test_a_circle_key_that_was_copied_opens_nothing_after_a_member_revokes(raid):
    boss, vice = raid.house.staff["boss"], raid.house.add_staff("vice", Role.COORDINATOR)
    circle = circles.the_one(CircleKind.COORDINATORS, site=raid.house.keys)
    circles.add(
        circle=circle.id, member=Member(vice.id, vice.pair.public), by=boss, on=raid.house.on
    )
    kept = circles.open_circle(circle.id, holder=vice).pair.private
    assert opens(raid, kept) == {(person, Compartment.SUMMARY) for person in raid.everybody}

    care_teams.revoke_everything(colleague=vice.id, by=boss, on=raid.house.on)

    assert opens(raid, kept) == set()


def _hand_over(raid, person):
    ann, ben = raid.house.staff["ann"], raid.house.staff["ben"]
    care_teams.grant(
        person=people.shell_of(person, by=ann),
        to=staff.profile_of(ben.id, site=raid.house.keys),
        by=ann,
        on=raid.house.on,
    )


# --- the drill's own eyes ---


def test_a_key_too_many_is_noticed(raid):
    person = next(iter(raid.others))
    ann, ben = raid.house.staff["ann"], raid.house.staff["ben"]
    opened = compartments.open_for(person, Compartment.CARE, holders=[ben])
    compartments.grant(opened, holder=ann.id, public=ann.pair.public, site=raid.house.keys)

    found = opens(raid, ann.pair.private)

    assert found - {(one, kind) for one in raid.assigned for kind in TEAM} == {
        (person, Compartment.CARE)
    }


def test_a_page_that_shows_too_much_is_noticed(raid, monkeypatch):
    ben, opened = raid.house.staff["ben"], people.open_record
    monkeypatch.setattr(people, "open_record", lambda who, *, by: opened(who, by=_who(who, by)))
    monkeypatch.setattr(care_teams, "in_team", lambda *_a, **_n: True)

    def _who(person, by):
        return ben if person in raid.others else by

    text = crawl(forced_in(raid), [f"/people/{person}/" for person in raid.others])

    assert seen_in(raid, text)[0] & set(raid.others)


def test_a_session_that_outlives_its_revoke_is_noticed(raid, monkeypatch):
    monkeypatch.setattr(runtime.sessions(), "end_of", lambda _: 0, raising=False)
    browser = forced_in(raid)

    revoked(raid)

    assert browser.get("/today/").status_code == 200


def test_the_holder_of_a_copy_is_told_from_somebody_elses(raid):
    mine, wraps = copied(raid)
    stranger = PlainHolder(mine.id, crypto.KeyPair.new(), mine.site)

    for wrap in wraps:
        with pytest.raises(crypto.SealError):
            compartments.unwrap(wrap, holder=stranger)
