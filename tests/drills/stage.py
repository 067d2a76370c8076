"""A small site on which the access machine plays: staff, circles, people, browsers, a clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.test import Client

from footbridge.trust import places, runtime
from footbridge.trust.access import circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.rules import Role
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition import fallback
from footbridge.trust.recognition.throttle import Throttle
from footbridge.trust.vault import ceremony
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.site_keys import SiteKeys
from tests.drills.access_model import AccessModel
from tests.factories import House, found_house

TEAM = {
    "boss": Role.COORDINATOR,
    "vice": Role.COORDINATOR,
    "ann": Role.CASE_WORKER,
    "ben": Role.NURSE,
    "ada": Role.ANALYST,
    "adm": Role.ADMINISTRATOR,
}


@dataclass
class Somebody:
    """A person as they know themself: handle, phrase, and the keys they ever had."""

    id: UUID
    handle: str
    phrase: tuple[str, ...]
    pair: KeyPair
    client: Client = field(default_factory=Client)


@dataclass
class Stage:
    """The site between two examples: founded once, put back as it was after each."""

    house: House
    folder: Path
    names: dict[str, UUID]
    pairs: dict[UUID, KeyPair]
    study: UUID
    coordinators: UUID
    recall: UUID
    clock: list[date]
    people: list[Somebody] = field(default_factory=list)
    clients: dict[UUID, Client] = field(default_factory=dict)
    roles: dict[UUID, Role] = field(default_factory=dict)

    @classmethod
    def build(cls, folder: Path, *, on: date, clock: list[date]) -> Stage:
        """Found the site, its staff and its three circles."""
        house = found_house(folder, on=on)
        actors = {name: house.add_staff(name, role) for name, role in TEAM.items()}
        member = {name: Member(a.id, a.pair.public) for name, a in actors.items()}
        study = circles.create(CircleKind.STUDY, members=[member["ada"]], site=house.keys)
        recall = fallback.found_circle(
            members=[member[name] for name in ("boss", "ann", "ben")], by=actors["boss"], on=on
        )
        coordinators = circles.the_one(CircleKind.COORDINATORS, site=house.keys)
        circles.add(circle=coordinators.id, member=member["vice"], by=actors["boss"], on=on)
        return cls(
            house=house,
            folder=folder,
            names={name: actor.id for name, actor in actors.items()},
            pairs={actor.id: actor.pair for actor in actors.values()},
            study=study.id,
            coordinators=coordinators.id,
            recall=recall.id,
            clock=clock,
        )

    @property
    def site(self) -> SiteKeys:
        return runtime.seal.keys

    @property
    def on(self) -> date:
        return self.clock[0]

    @property
    def recovery(self) -> UUID:
        return ceremony.recovery_holder_id(self.house.founded.keys.site)

    def model(self) -> AccessModel:
        """Return the model of this site before anything happened."""
        names = self.names
        model = AccessModel(self.on, self.recovery, self.coordinators, self.study, self.recall)
        model.staff = {names[name]: role for name, role in TEAM.items()}
        model.circles = {
            self.coordinators: {names["boss"], names["vice"]},
            self.study: {names["ada"]},
            self.recall: {names[name] for name in ("boss", "ann", "ben")},
        }
        return model

    @contextmanager
    def scene(self) -> Iterator[None]:
        """Play one example, and put database, keys, files and sessions back after it."""
        start, kept = self.clock[0], self.folder.with_name("kept-epochs")
        shutil.copytree(places.epochs().folder, kept)
        self.people, self.clients = [], {}
        self.roles = {self.names[name]: role for name, role in TEAM.items()}
        self.unseal()
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            runtime.panic()
            runtime.throttle.__init__()
            self.clock[0] = start
            shutil.rmtree(places.epochs().folder)
            kept.rename(places.epochs().folder)
            places.tombstones().path.unlink(missing_ok=True)

    def unseal(self) -> None:
        """Unseal with two shares, and sign everybody in."""
        shares = self.house.founded.site_shares[:2]
        keys = ceremony.unseal(shares, store=places.epochs())
        self.house.founded = replace(self.house.founded, keys=keys)
        runtime.seal.unseal(keys)
        for who in self.roles:
            self.sign_in(who)
        for person in self.people:
            self.come_to_kiosk(person)

    def actor(self, who: UUID) -> Actor:
        """Return a colleague, or a person, with their key open."""
        for person in self.people:
            if person.id == who:
                return Actor(who, person.pair, self.site)
        return Actor(who, self.pairs[who], self.site, self.roles[who], "x")

    def client(self, who: UUID) -> Client:
        """Return the browser of a colleague, or of a person at the kiosk."""
        own = [person.client for person in self.people if person.id == who]
        return own[0] if own else self.clients[who]

    def sign_in(self, who: UUID) -> None:
        """Give a colleague a browser with a fresh session."""
        client = self.clients.setdefault(who, Client())
        client.cookies["footbridge"] = runtime.sessions().begin(self.actor(who))

    def come_to_kiosk(self, person: Somebody) -> None:
        """Give a person a browser with a fresh session."""
        actor = Actor(person.id, person.pair, self.site)
        person.client.cookies["footbridge"] = runtime.sessions().begin(actor)

    def arrive(self, enrolled: recognition.Enrolled) -> Somebody:
        """Take in somebody new, who knows their phrase."""
        pair = self._opened(enrolled.handle, enrolled.phrase)
        person = Somebody(enrolled.person, enrolled.handle, enrolled.phrase, pair)
        self.people.append(person)
        self.come_to_kiosk(person)
        return person

    def learn(self, person: Somebody, phrase: tuple[str, ...]) -> None:
        """Let a person go on with a new phrase, and with the key that it opens."""
        person.phrase, person.pair = phrase, self._opened(person.handle, phrase)
        self.come_to_kiosk(person)

    def _opened(self, handle: str, phrase: tuple[str, ...]) -> KeyPair:
        return recognition.open_key(
            handle,
            " ".join(phrase),
            cost=settings.FOOTBRIDGE_KDF_COST,
            site=self.site,
            throttle=Throttle(),
        ).pair
