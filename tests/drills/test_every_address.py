"""Drill: every address, as every role, with own, foreign, unknown and forgotten ids.

Walks the address table itself, so a new page is covered as soon as it has an address.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from footbridge.evidence import actions as evidence
from footbridge.evidence.rules import Arm
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people.actions import writing
from footbridge.journey.plans.records import GoalSet
from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.trust import places, runtime
from footbridge.trust.access.rules import ALLOWED, Capability, Role
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.vault.records import FreeText

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
CANARY = "zqxvexing goal of my own"
# A colleague outside the team may see these for anybody: they need the shell, or ask for a key.
SHELL_ONLY = {
    "person",
    "people:words",
    "people:practise",
    "people:join_team",
    "people:transfer_code",
    "people:transfer_file",
    "people:recover",
}
ANYBODY = {"open", "unsealed"}


def every_address(resolver=None, prefix="", space=""):
    """Yield (name, pattern, door) of every address."""
    for one in (resolver or get_resolver()).url_patterns:
        text = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from every_address(one, text, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", text, getattr(one.callback, "door", None)


def filled(text: str, ids: dict[str, object]) -> str:
    """Return an address with its blanks filled; what is not an id becomes a plain value."""
    plain = {"instrument": "recovery-capital-check", "version": 1, "level": "stop-research"}
    values = {**plain, "purpose": "research", **ids}

    def value(found: re.Match[str]) -> str:
        kind, name = found[1], found[2]
        return str(values.get(name, uuid.uuid4() if kind == "uuid:" else 1))

    return "/" + re.sub(r"<(\w+:)?(\w+)>", value, text)


@dataclass
class Scene:
    """A site with somebody in ann's care, and everybody who may try to look."""

    house: object
    clients: dict[str, Client]
    ids: dict[str, dict[str, object]]


@pytest.fixture
def scene(house):
    boss = house.add_staff("boss", Role.COORDINATOR)
    ann, ben = house.add_staff("ann"), house.add_staff("ben", Role.NURSE)
    ada, adm = house.add_staff("ada", Role.ANALYST), house.add_staff("adm", Role.ADMINISTRATOR)
    services.keep(qingteng(), by=boss.id, on=house.on, site=house.keys)
    arms = [Arm("a", "One way"), Arm("b", "Another")]
    study = evidence.create_study(title="s", arms=arms, by=boss, on=house.on)
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    with writing("plan.changed", record, on=house.on) as doing:
        doing.care(GoalSet(uuid.uuid4(), "housing", FreeText(CANARY), house.on))
    other, _ = house.in_care(ben)
    gone, gone_record = house.in_care(ben)
    recognition.forget(
        house.open_person(gone), gone_record.person, on=house.on, tombstones=places.tombstones()
    )
    actors = {"boss": boss, "ben": ben, "ada": ada, "adm": adm, "ann": ann}
    actors |= {"person": house.open_person(enrolled), "stranger": house.open_person(other)}
    clients = {name: house.browser(actor) for name, actor in actors.items()}
    common = {"staff_id": ann.id, "study_id": study.id}
    ids = {
        "own": {"person_id": enrolled.person, **common},
        "unknown": {"person_id": uuid.uuid4(), "staff_id": uuid.uuid4(), "study_id": uuid.uuid4()},
        "forgotten": {"person_id": gone.person, **common},
    }
    return Scene(house, {"nobody": Client(), **clients}, ids)


ROLES = {
    "boss": Role.COORDINATOR,
    "ben": Role.NURSE,
    "ada": Role.ANALYST,
    "adm": Role.ADMINISTRATOR,
    "ann": Role.CASE_WORKER,
}


def refused(name: str, door: str) -> bool:
    """Whether somebody must not pass this door at all."""
    if door in ANYBODY:
        return False
    if door == "person":
        return name not in {"person", "stranger"}
    if name not in ROLES:
        return True
    return door != "staff" and Capability(door) not in ALLOWED[ROLES[name]]


def test_every_address_has_a_door():
    without = [name for name, _, door in every_address() if door is None]

    assert without == []


@pytest.mark.parametrize("name", ["nobody", "boss", "ben", "ada", "adm", "person", "stranger"])
@pytest.mark.parametrize("whose", ["own", "unknown", "forgotten"])
def test_nobody_outside_the_team_gets_a_word_of_a_record(scene, name, whose):
    problems = []
    for title, text, door in every_address():
        path = filled(text, scene.ids[whose])
        if title in {"sign_out", "leave", "panic", "kiosk:done", "kiosk:recognise"}:
            continue  # they end the session that asks
        answer = scene.clients[name].get(path)
        about_person = "person_id" in text
        if answer.status_code >= 500 and answer.status_code != 503:
            problems.append(f"{title}: {answer.status_code}")
        if CANARY in answer.content.decode(errors="replace") and name != "person":
            problems.append(f"{title}: tells what is in the record")
        if refused(name, door) and answer.status_code not in (302, 403, 404, 405):
            problems.append(f"{title}: {answer.status_code} through a shut door")
        outsider = about_person and title not in SHELL_ONLY and name in ROLES
        if outsider and whose == "own" and answer.status_code == 200:
            problems.append(f"{title}: 200 to somebody outside the team")
        if about_person and whose != "own" and answer.status_code == 200:
            problems.append(f"{title}: 200 for somebody who is not here")

    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", ["nobody", "ben", "ada", "adm", "person", "stranger"])
def test_nothing_is_done_for_somebody_who_may_not(scene, name):
    from footbridge.trust.audit.models import TrailEntry
    from footbridge.trust.vault.models import Entry, Wrap

    before = Entry.objects.count(), Wrap.objects.count(), TrailEntry.objects.count()
    problems = []
    for title, text, door in every_address():
        if not (refused(name, door) or ("person_id" in text and title not in SHELL_ONLY)):
            continue
        answer = scene.clients[name].post(filled(text, scene.ids["own"]), {"to": "sent"})
        if answer.status_code not in (302, 403, 404, 405):
            problems.append(f"{title}: {answer.status_code}")

    assert not problems, "\n".join(problems)
    assert before == (Entry.objects.count(), Wrap.objects.count(), TrailEntry.objects.count())


def test_the_team_itself_is_let_in_so_that_this_drill_can_fail(scene):
    seen = [
        title
        for title, text, door in every_address()
        if "person_id" in text
        and not refused("ann", door)
        and scene.clients["ann"].get(filled(text, scene.ids["own"])).status_code == 200
    ]

    page = scene.clients["ann"].get(filled("people/<uuid:person_id>/", scene.ids["own"]))
    assert CANARY in page.content.decode()
    assert len(seen) >= 20


def test_a_sealed_site_answers_nothing_but_its_open_doors(scene):
    runtime.seal.seal()
    problems = []
    for title, text, door in every_address():
        answer = scene.clients["ann"].get(filled(text, scene.ids["own"]))
        if (answer.status_code == 503) is (door == "open"):
            problems.append(f"{title}: {answer.status_code}")

    assert not problems, "\n".join(problems)
