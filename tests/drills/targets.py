"""A small site worth attacking: people in care with canaries, staff, circles, their secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings as django_settings

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes.records import ArmBand
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.plans.records import StrengthNoted
from footbridge.trust import places
from footbridge.trust.access import circles
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.models import Staff
from footbridge.trust.access.rules import Role
from footbridge.trust.recognition import fallback, memory, phrases
from footbridge.trust.recognition.actions import Enrolled
from footbridge.trust.vault import compartments, crypto, models, persons
from footbridge.trust.vault.records import Compartment, FreeText
from footbridge.trust.weeks import IsoWeek
from tests.drills.attacker import Sealed, everything_sealed
from tests.drills.canaries import Canaries
from tests.factories import PASSPHRASE, House

AGREED = (Purpose.CARE, Purpose.CONTACT, Purpose.RESEARCH, Purpose.RECALL)


@dataclass
class Target:
    """A site, and everything about it that an attacker may be given."""

    house: House
    people: list[Enrolled] = field(default_factory=list)
    records: dict[UUID, OpenRecord] = field(default_factory=dict)
    words: Canaries = field(default_factory=Canaries)

    @classmethod
    def build(cls, house: House, *, people: int = 2) -> Target:
        """Hire everybody, let people agree to everything and say things."""
        target = cls(house)
        ann, ben = house.add_staff("ann"), house.add_staff("ben", Role.NURSE)
        cora = house.add_staff("cora", Role.COORDINATOR)
        ada = house.add_staff("ada", Role.ANALYST)
        house.add_staff("adam", Role.ADMINISTRATOR)
        study = [Member(ada.id, ada.pair.public)]
        circles.create(CircleKind.STUDY, members=study, site=house.keys)
        pair = [Member(one.id, one.pair.public) for one in (ann, ben)]
        fallback.found_circle(members=pair, by=cora, on=house.on)
        for _ in range(people):
            enrolled, record = house.in_care(ann, *AGREED)
            target.people.append(enrolled)
            target.records[enrolled.person] = record
            target.say(record)
        return target

    def say(self, record: OpenRecord) -> None:
        """Write something into each of somebody's compartments."""
        consents.agree_contact(record, self.words.word(), on=self.house.on, days=90)
        asked = memory.suggested_questions(draws=lambda _: 0)
        answers = {name: next(iter(memory.questions()[name].options)) for name in asked}
        cue = f"the smell of {self.words.word()} after rain"
        on = self.house.on
        until = IsoWeek.of(on) + 156
        fallback.keep_answers(record.person, answers, cue=cue, until=until, by=record.by, on=on)
        with writing("plan.changed", record, on=self.house.on) as doing:
            said = FreeText(self.words.word())
            doing.care(StrengthNoted("housing", said, self.house.on))
            doing.research(ArmBand("pilot", self.words.word()))

    def sealed(self) -> list[Sealed]:
        """Return every sealed value, as whoever has the disk finds it."""
        site = self.house.founded.keys
        kinds = self._kinds if not site.live else self.kinds()
        return list(everything_sealed(places.epochs().folder, kinds))

    def kinds(self) -> dict[UUID, Compartment]:
        """Return which section each compartment is, and remember it for when the site is sealed."""
        site = self.house.founded.keys
        rows = models.Compartment.objects.all()
        self._kinds = {row.id: compartments.open_head(site, row).kind for row in rows}
        return self._kinds

    _kinds: dict[UUID, Compartment] = field(default_factory=dict)

    def spoken(self) -> Iterator[bytes]:
        """Yield every secret that somebody knows, as bytes."""
        yield PASSPHRASE.encode()
        yield from self.house.secrets.values()
        for one in self.people:
            yield phrases.phrase_bytes(one.phrase)
            yield one.handle.encode()

    def stretched(self, *, pepper: bytes | None = None) -> set[bytes]:
        """Return every key that a secret gives with any salt of the database."""
        cost = django_settings.FOOTBRIDGE_KDF_COST
        rows = [*models.Person.objects.all(), *Staff.objects.all()]
        secrets = list(self.spoken())
        if pepper is not None:
            secrets += [crypto.keyed_hash(pepper, one) for one in secrets]
        return {
            crypto.stretch(secret, salt=bytes(row.salt), cost=persons.load_cost(row.cost) or cost)
            for secret in secrets
            for row in rows
        } | {hashlib.sha256(secret).digest() for secret in secrets}
