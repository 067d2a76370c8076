"""Builders that tests share: a founded site, colleagues, invented people, signed-in browsers."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings
from django.test import Client

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import texts
from footbridge.journey.consents.rules import Language, Offer, Purpose
from footbridge.journey.people import queries as people
from footbridge.trust import places, runtime
from footbridge.trust.access import circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.rules import Role
from footbridge.trust.access.staff import Profile
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition.actions import Enrolled
from footbridge.trust.recognition.throttle import Throttle
from footbridge.trust.vault import ceremony
from footbridge.trust.vault.ceremony import Founded
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.site_keys import SiteKeys

PASSPHRASE = "seven quiet lanterns over water"


ANY_CASELOAD = 100_000  # the limit has tests of its own


@dataclass
class House:
    """A founded, unsealed site and what the ceremony showed."""

    founded: Founded
    on: date
    staff: dict[str, Actor] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)

    @property
    def keys(self) -> SiteKeys:
        return self.founded.keys

    def add_staff(self, name: str, role: Role = Role.CASE_WORKER) -> Actor:
        """Create a colleague and return them signed in (their key open)."""
        secret = secrets.token_bytes(20)
        profile = staff.create(
            Profile(uuid.uuid4(), name, role, b""),
            passphrase=PASSPHRASE,
            secret=secret,
            cost=settings.FOOTBRIDGE_KDF_COST,
            site=self.keys,
        )
        actor = open_staff(name, secret, self.keys)
        if role is Role.COORDINATOR:
            self._coordinate(profile, actor)
        self.staff[name], self.secrets[name] = actor, secret
        return actor

    def _coordinate(self, profile: Profile, actor: Actor) -> None:
        found = circles.the_one(CircleKind.COORDINATORS, site=self.keys)
        member = Member(profile.id, profile.public)
        if found is None:
            circles.create(CircleKind.COORDINATORS, members=[member], site=self.keys)

    def enrol(self, by: Actor, *, language: str = "en") -> Enrolled:
        """Enrol somebody invented, without any consent yet."""
        return recognition.enrol(
            language=language, by=by, on=self.on, cost=settings.FOOTBRIDGE_KDF_COST
        )

    def consent(self, enrolled: Enrolled, by: Actor, *purposes: Purpose) -> people.OpenRecord:
        """Let somebody agree to these purposes, each with its own text."""
        record = None
        for purpose in purposes or (Purpose.CARE,):
            text = texts.newest()[purpose]
            offer = Offer(frozenset({purpose}), Language.EN, True, True, text.lasts)
            shell = people.shell_of(enrolled.person, by=by)
            record = consents.give(
                shell, offer, text=text.id, by=by, on=self.on, limit=ANY_CASELOAD
            )
        return people.open_record(record.person.id, by=by)

    def in_care(self, by: Actor, *purposes: Purpose) -> tuple[Enrolled, people.OpenRecord]:
        """Enrol somebody who agrees to care (and more)."""
        enrolled = self.enrol(by)
        return enrolled, self.consent(enrolled, by, *(purposes or (Purpose.CARE,)))

    def open_person(self, enrolled: Enrolled) -> Actor:
        """Return a person who opened their own key with handle and phrase."""
        holder = recognition.open_key(
            enrolled.handle,
            " ".join(enrolled.phrase),
            cost=settings.FOOTBRIDGE_KDF_COST,
            site=self.keys,
            throttle=Throttle(),
        )
        return Actor(holder.id, holder.pair, holder.site)

    def browser(self, actor: Actor, **options: object) -> Client:
        """Return a test browser in which this actor is signed in."""
        client = Client(**options)
        client.cookies["footbridge"] = runtime.sessions().begin(actor)
        return client

    def close(self) -> None:
        runtime.panic()
        runtime.throttle.__init__()
        runtime.slip_door.__init__()


def found_house(folder: Path, *, on: date) -> House:
    """Found a site in a folder and unseal it."""
    settings.FOOTBRIDGE_DATA = folder
    founded = ceremony.found(store=places.epochs(), on=on)
    runtime.seal.unseal(founded.keys)
    return House(founded, on)


def open_staff(name: str, secret: bytes, site: SiteKeys) -> Actor:
    """Sign a colleague in, the long way round."""
    return staff.sign_in(
        name,
        passphrase=PASSPHRASE,
        totp=code_of(secret),
        cost=settings.FOOTBRIDGE_KDF_COST,
        site=site,
        used=staff.UsedCodes(),
    )


def code_of(secret: bytes) -> str:
    """Return the six digits that an app would show now."""
    from django_otp.oath import TOTP

    return f"{TOTP(secret).token():06d}"


def a_pair() -> KeyPair:
    return KeyPair.new()
