"""Every address of the site, everybody who may stand before it, and what they must be answered.

Nothing here lists addresses: they are read from the URL conf, so a new one is judged by its
door and by whether it names a person, until somebody says here why it may do more.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from random import Random
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from footbridge.evidence import actions as evidence
from footbridge.evidence.rules import Arm
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.people.actions import writing
from footbridge.journey.services import actions as services
from footbridge.journey.services import queries
from footbridge.journey.services.cities import qingteng
from footbridge.trust import places, runtime
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import ALLOWED, Capability, Role
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.vault import ceremony
from footbridge.trust.vault.models import Compartment, Entry, Person, Wrap
from footbridge.trust.vault.records import Compartment as Kind
from tests.drills import driving
from tests.drills.filling import filled, records_of
from tests.factories import House, found_house

MARK = "zqmark"
PERSON = "person_id"
COMMON = {"staff_id", "study_id", "service_id"}
IDS = ("foreign", "own", "new", "random", "forgotten", "crossed")
# Addresses that name a person and answer a colleague who holds no key of theirs: the shell
# (handle, language), and forms that only the person's phrase or the keyholders' shares fit.
SHELL = {
    "people:words": "shows words kept in this colleague's own session, once",
    "people:practise": "asks for the person's phrase, and says whether it fits",
    "people:join_team": "asks for the person's phrase, which is what opens the record",
    "people:transfer_code": "shows a code kept in this colleague's own session, once",
    "people:transfer_file": "hands out a file kept in this colleague's own session, once",
    "people:recover": "asks for three keyholders' shares",
}
# Addresses that name no person and still show handles of people who are not the reader's.
HANDLES = {
    "colleague_leave": "whose team a departing colleague leaves",
    "outcomes:events": "a coordinator's circle opens every summary of the site",
}
# Addresses at which whoever is in the coordinators' circle opens summaries: codes, counts and
# weeks of everybody, with a handle to speak of them; never a word of a record.
CIRCLE = {
    "coordination:oversight": "whom to talk about in supervision",
    "coordination:ask_handover": "asks the care team in the summary; no key moves",
    "coordination:drop_handover": "takes that request back",
}
# Addresses at which a record begins: any colleague who works with people may be the first.
BEGINS = {
    "person": "says that there is no record yet",
    "consents:ask": "the first consent to care makes the record, and its worker the team",
}
GOES_IN = {200, 204, 302, 400, 401, 404, 405, 429}
REFUSES_STEPS = frozenset({"colleague_circle"})


@dataclass(frozen=True)
class Door:
    """One address of the site."""

    name: str
    pattern: str

    @property
    def door(self) -> str:
        return getattr(resolve(self.address({})).func, "door", "")

    @property
    def names_a_person(self) -> bool:
        return f":{PERSON}>" in self.pattern

    @property
    def names_an_entry(self) -> bool:
        """Whether something inside a record is named beside its person."""
        inner = set(re.findall(r"<uuid:(\w+)>", self.pattern)) - {PERSON, *COMMON}
        return self.names_a_person and bool(inner)

    def address(self, values: dict[str, object]) -> str:
        return driving.address(self.pattern, values)


@dataclass(frozen=True)
class Visitor:
    """Somebody who stands before an address."""

    name: str
    actor: Actor | None = None
    member: bool = False

    @property
    def is_person(self) -> bool:
        return self.actor is not None and not self.actor.is_staff

    def may(self, door: str) -> bool:
        """Whether a door lets them in, by what it says of itself."""
        if door in {"open", "unsealed"}:
            return True
        if self.actor is None:
            return False
        if door == "person":
            return self.is_person
        if not self.actor.is_staff:
            return False
        return door == "staff" or Capability(door) in ALLOWED[self.actor.role]


@dataclass
class Place:
    """A site with a record of one's own, a stranger's, somebody new and somebody forgotten."""

    house: House
    visitors: list[Visitor] = field(default_factory=list)
    ids: dict[str, UUID] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    inner: dict[str, dict[str, object]] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    posted: dict[str, dict[str, object]] = field(default_factory=dict)
    asked: int = 0
    other: Actor | None = None

    def ask(self, visitor: Visitor, method: str, address: str, data=None) -> HttpResponse:
        """Ask for a page as somebody, with a fresh session and nothing remembered."""
        self.asked += 1
        self.client.cookies.clear()
        runtime.throttle.__init__()
        runtime.slip_door.__init__()
        if visitor.actor is not None:
            self.client.cookies["footbridge"] = runtime.sessions().begin(visitor.actor)
        if method == "GET":
            return self.client.get(address)
        return self.client.post(address, data or {})

    def ask_and_undo(self, visitor: Visitor, method: str, address: str, data=None):
        """Return (answer, whether anything of anybody's record changed); then undo it."""
        before = self.fingerprint()
        with transaction.atomic():
            answer = self.ask(visitor, method, address, data)
            changed = self.fingerprint() != before
            transaction.set_rollback(True)
        if not runtime.seal.open:
            self.unseal()
        return answer, changed

    def fingerprint(self) -> bytes:
        """Return a hash of who holds what, and of everything that is written."""
        digest = hashlib.sha256()
        for model, columns in (
            (Wrap, ("id", "holder", "sealed")),
            (Compartment, ("id", "length")),
            (Entry, ("id", "compartment")),
            (Person, ("id", "public_key", "sealed_private", "shell")),
        ):
            for row in model.objects.order_by("pk").values_list(*columns):
                digest.update(repr(tuple(map(str, row))).encode())
        return digest.digest()

    def unseal(self) -> None:
        """Unseal again after somebody sealed the site; everybody gets the new keys."""
        shares = self.house.founded.site_shares[:2]
        keys = ceremony.unseal(shares, store=places.epochs())
        runtime.seal.unseal(keys)
        self.visitors = [_with_keys(one, keys) for one in self.visitors]
        self.other = replace(self.other, site=keys)

    def address(self, door: Door, which: str) -> str:
        """Return an address with somebody's id in it, and the ids of what is in their record."""
        inner = self.inner.get("foreign" if which == "crossed" else which, {})
        person = self.ids.get("own" if which == "crossed" else which, "")
        entry = inner.get(f"{door.name.partition(':')[0]} entry")
        return door.address({**inner, **self.values, PERSON: person, "entry": entry or uuid4()})

    def likely_form(self, door: Door) -> dict[str, object]:
        """Return what the form of an address would be filled with, seen by who may."""
        if door.name not in self.posted:
            address = self.address(door, "own")
            allowed = [one for one in self.visitors if one.may(door.door)]
            seen = (
                self.ask(one, "GET", address)
                for one in sorted(allowed, key=lambda one: not one.member)[:1]
            )
            pages = [text_of(one) for one in seen if one.status_code == 200]
            forms = [form for page in pages for form in driving.Forms(page).found]
            own = [form for form in forms if form.action in {"", address}]
            data = driving.likely(own[-1], f"{MARK} typed") if own else {}
            self.posted[door.name] = {
                name: value for name, value in data.items() if name != "csrfmiddlewaretoken"
            }
        return self.posted[door.name]


def every_door() -> list[Door]:
    """Return every address of the site."""
    return [Door(name, pattern) for name, pattern in driving.every_pattern()]


def build(folder, *, on: date) -> Place:
    """Build the place."""
    house = found_house(folder, on=on)
    place = Place(house)
    for role in Role:
        actor = house.add_staff(f"a-{role.value}", role)
        place.visitors.append(Visitor(f"a {role.value} of no team", actor))
    member, second, other = (house.add_staff(name) for name in ("member", "second", "other"))
    own = _in_care(place, "own", member)
    profile = staff.profile_of(second.id, site=house.keys)
    care_teams.grant(person=people.shell_of(own.person, by=member), to=profile, by=member, on=on)
    theirs = _in_care(place, "foreign", other)
    _gone(place, other)
    _furnish(place, on=on)
    place.ids |= {"new": house.enrol(other).person, "random": uuid4()}
    place.values |= {"staff_id": second.id, "level": "stop-contact", "purpose": "research"}
    place.other = other
    place.visitors += [
        Visitor("nobody"),
        Visitor("a member of the team", member, member=True),
        Visitor("the person", house.open_person(own)),
        Visitor("another person", house.open_person(theirs)),
    ]
    return place


def _furnish(place: Place, *, on: date) -> None:
    """Load a directory of services and create a study, so that their addresses lead somewhere."""
    boss = next(one.actor for one in place.visitors if one.actor.role is Role.COORDINATOR)
    directory = qingteng()
    services.keep(directory, by=boss.id, on=on, site=place.house.keys)
    arms = [Arm("a", "One way"), Arm("b", "Another")]
    study = evidence.create_study(title="s", arms=arms, by=boss, on=on)
    instrument, version = "recovery-capital-check", 1
    place.values |= {"study_id": study.id, "instrument": instrument, "version": version}
    place.values["service_id"] = queries.directory().listings()[0].id


def _in_care(place: Place, which: str, worker: Actor):
    """Enrol somebody who agrees to everything and whose every field bears their own mark."""
    enrolled, record = place.house.in_care(worker, *Purpose)
    draws, words = Random(which), f"{MARK} {which}"
    with writing("plan.changed", record, on=place.house.on) as doing:
        for kind in records_of(Kind.CARE):
            if not kind.KIND.name.startswith("consent"):
                doing.care(filled(kind, draws, words=lambda _: words))
    place.ids[which], place.handles[which] = enrolled.person, enrolled.handle
    place.inner[which] = dict(_inner(people.open_record(enrolled.person, by=worker).entries))
    return enrolled


def _inner(entries) -> Iterator[tuple[str, UUID]]:
    """Yield what an address may call a thing inside a record, and the id of one.

    The first entry of a room, and the things that begin with an entry of their own.
    """
    for entry in reversed(entries):
        kind, room = entry.record.KIND.name, type(entry.record).__module__.split(".")[2]
        yield f"{room} entry", entry.id
        for one in fields(entry.record):
            if kind in {f"{one.name}-set", f"{one.name}-drafted"}:
                yield f"{one.name}_id", getattr(entry.record, one.name)


def _gone(place: Place, worker: Actor) -> None:
    enrolled, record = place.house.in_care(worker)
    me = place.house.open_person(enrolled)
    recognition.forget(me, record.person, on=place.house.on, tombstones=places.tombstones())
    place.ids["forgotten"] = enrolled.person


def _with_keys(visitor: Visitor, keys) -> Visitor:
    if visitor.actor is None:
        return visitor
    return replace(visitor, actor=replace(visitor.actor, site=keys))


def complaints(place: Place, door: Door) -> Iterator[str]:
    """Yield what is wrong with the answers of one address."""
    for visitor in list(place.visitors):
        in_turn = list(IDS) if door.names_a_person else [""]
        if not visitor.may(door.door):
            in_turn = in_turn[:1]  # the door asks nobody for an id
        elif not (door.names_an_entry and visitor.member):
            in_turn = in_turn[:5]
        for which in in_turn:
            address = place.address(door, which)
            for method, data in (("GET", None), ("POST", place.likely_form(door))):
                now = next(one for one in place.visitors if one.name == visitor.name)
                answer, changed = place.ask_and_undo(now, method, address, data)
                for fault in faults(place, door, now, which, answer, changed):
                    yield f"{method} {door.name} as {visitor.name}, {which or 'no'} id: {fault}"


def faults(place, door, visitor, which, answer, changed) -> Iterator[str]:
    """Yield what is wrong with one answer."""
    status, goes_to = answer.status_code, urlsplit(answer.headers.get("Location", "")).path
    wanted = verdict(door, visitor, which)
    if status >= 500:
        yield f"it failed with {status}"
    if wanted != "goes in" and changed:
        yield f"a record changed, though {wanted}"
    if not _fits(wanted, door, status, goes_to, visitor, place.ids.get(which)):
        yield f"it answered {status} {goes_to}, though {wanted}"
    # The address that was asked for may stand in the page again; nobody learns it there.
    body = text_of(answer).replace(answer.wsgi_request.path, "")
    yield from leaks(place, door, visitor, which, body)


def text_of(answer: HttpResponse) -> str:
    """Return everything that an answer says."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def verdict(door: Door, visitor: Visitor, which: str) -> str:
    """Say how somebody must be answered: by the door, then by the team."""
    if not visitor.may(door.door):
        if door.door == "person":
            return "it asks for the person"
        signed_in = visitor.actor is not None and visitor.actor.is_staff
        return "the role does not include it" if signed_in else "it asks to sign in"
    if not door.names_a_person or (visitor.member and which == "own"):
        return "goes in"
    if which == "new" and door.name in BEGINS:
        return "goes in"
    if door.name in CIRCLE and which in {"own", "foreign"} and coordinates(visitor):
        return "goes in"
    if which == "crossed":
        return "this record has no such entry"
    if which in {"random", "forgotten"}:
        return "nobody of that id is here"
    if door.name in SHELL:
        return "only the shell is shown"
    return "they hold no key"


def coordinates(visitor: Visitor) -> bool:
    """Whether somebody holds the key of the coordinators' circle."""
    if visitor.actor is None or not visitor.actor.is_staff:
        return False
    return bool(circles.held_by(visitor.actor, kinds=[CircleKind.COORDINATORS]))


def _fits(wanted: str, door: Door, status: int, goes_to: str, visitor, person) -> bool:
    match wanted:
        case "it asks for the person":
            return status == 302 and goes_to == reverse("kiosk:recognise")
        case "it asks to sign in":
            return status == 302 and goes_to == reverse("sign_in")
        case "the role does not include it":
            return status == 403
        case "nobody of that id is here":
            onwards = status == 302 and goes_to.startswith(f"/people/{person}/")
            return onwards or status in {404, 405}
        case "this record has no such entry":
            return status in {302, 400, 404, 405}
        case "they hold no key":
            joins = status == 302 and goes_to == reverse("people:join_team", args=[person])
            return joins or status in {403, 404, 405}
    # Whoever goes in may still be refused a step that does not follow from where things stand,
    # such as taking somebody of another role into the coordinators' circle.
    steps = visitor.member or door.name in REFUSES_STEPS
    return status in GOES_IN or (status == 403 and steps)


def leaks(place, door: Door, visitor: Visitor, which: str, body: str) -> Iterator[str]:
    """Yield whatever of a stranger's record stands in an answer."""
    if door.name in CIRCLE and coordinates(visitor):
        yield from ("a word of a record" for _ in range(MARK in body))
        return
    own = "foreign" if visitor.name == "another person" else "own"
    theirs = "own" if own == "foreign" else "foreign"
    reads_own = visitor.member or visitor.is_person
    for whose in {theirs} | (set() if reads_own else {own}):
        if f"{MARK} {whose}" in body:
            yield f"words of somebody else's record ({whose})"
        at_their_page = door.names_a_person and which == whose and visitor.may(door.door)
        if place.handles[whose] in body and not (at_their_page or door.name in HANDLES):
            yield f"a handle of somebody else ({whose})"
        if str(place.ids[whose]) in body and not at_their_page:
            yield f"an id of somebody else ({whose})"
