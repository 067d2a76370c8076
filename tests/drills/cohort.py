"""Invented people with a canary wherever words can stand, and everybody's secrets to look for."""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import date
from random import Random

import pytest
from django.conf import settings as django_settings

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import texts
from footbridge.journey.consents.rules import Language, Offer, Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.site.demo import build as demo
from footbridge.site.demo.cast import CAST
from footbridge.site.demo.lives import Life
from footbridge.trust import runtime
from footbridge.trust.access import staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Role
from footbridge.trust.access.staff import Profile
from footbridge.trust.audit.acts import act
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition import fallback, memory
from footbridge.trust.recognition.actions import Enrolled
from footbridge.trust.recognition.throttle import Throttle
from footbridge.trust.vault import compartments
from footbridge.trust.vault.compartments import OpenCompartment
from footbridge.trust.vault.records import Compartment, Record
from footbridge.trust.vault.site_keys import SiteKeys
from footbridge.trust.weeks import IsoWeek
from tests.drills.canaries import Canaries
from tests.drills.filling import every_record, filled
from tests.factories import code_of

WORKERS = ("willow", "cedar")


@dataclass
class Cohort:
    """A small demonstration whose people say canaries, and one person with every record."""

    papers: demo.Papers
    canaries: Canaries
    on: date
    actors: dict[str, Actor] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    full: Enrolled | None = None
    records: list[Record] = field(default_factory=list)

    @property
    def site(self) -> SiteKeys:
        return runtime.seal.keys

    @property
    def codes(self) -> set[str]:
        """Return the codes of no meaning that stand in coded fields of `records`."""
        return set(re.findall(r"code-\d{3,6}", repr(self.records)))

    def person(self, enrolled: Enrolled) -> Actor:
        """Return somebody who opened their own key."""
        words = " ".join(enrolled.phrase)
        return self._open(enrolled.handle, words)

    def guest(self) -> Actor:
        """Return the person whose handle and phrase a demonstration prints."""
        return self._open(self.papers.handle, self.papers.phrase)

    def _open(self, handle: str, phrase: str) -> Actor:
        holder = recognition.open_key(
            handle,
            phrase,
            cost=django_settings.FOOTBRIDGE_KDF_COST,
            site=self.site,
            throttle=Throttle(),
        )
        return Actor(holder.id, holder.pair, holder.site)


def build(monkeypatch: pytest.MonkeyPatch, *, on: date) -> Cohort:
    """Build the cohort into an empty database."""
    canaries = Canaries()
    monkeypatch.setattr(Life, "say", lambda *_: canaries.word())
    monkeypatch.setattr(Life, "ways", lambda *_: canaries.word())
    # A demonstration prints its papers into its folder; a real site has no such file.
    monkeypatch.setattr(demo.Papers, "write", lambda _: None)
    papers = demo.build(on=on, progress=lambda *_: None, each_arm=3)
    cohort = Cohort(papers, canaries, on)
    cohort.secrets += [papers.handle, papers.phrase, *papers.shares]
    for one in CAST:
        cohort.actors[one.name] = staff.sign_in(
            one.name,
            passphrase=one.passphrase,
            totp=one.code,
            cost=django_settings.FOOTBRIDGE_KDF_COST,
            site=cohort.site,
            used=staff.UsedCodes(),
        )
        cohort.secrets.append(one.passphrase)
    _hire(cohort)
    _enrol(cohort)
    return cohort


def _hire(cohort: Cohort) -> None:
    """Add a colleague whose name and passphrase are canaries, with whom nobody shares anybody."""
    name, passphrase = cohort.canaries.word(), f"{cohort.canaries.word()} under four plain boats"
    secret = secrets.token_bytes(20)
    cost = django_settings.FOOTBRIDGE_KDF_COST
    staff.create(
        Profile(uuid.uuid4(), name, Role.CASE_WORKER, b""),
        passphrase=passphrase,
        secret=secret,
        cost=cost,
        site=cohort.site,
    )
    cohort.actors["stranger"] = staff.sign_in(
        name,
        passphrase=passphrase,
        totp=code_of(secret),
        cost=cost,
        site=cohort.site,
        used=staff.UsedCodes(),
    )


def _enrol(cohort: Cohort) -> None:
    """Enrol somebody who agrees to everything, and write one record of each type."""
    worker = cohort.actors["willow"]
    cohort.full = recognition.enrol(
        language="en", by=worker, on=cohort.on, cost=django_settings.FOOTBRIDGE_KDF_COST
    )
    cohort.secrets += [cohort.full.handle, " ".join(cohort.full.phrase)]
    for purpose in Purpose:
        text = texts.newest()[purpose]
        consents.give(
            people.shell_of(cohort.full.person, by=worker),
            Offer(frozenset({purpose}), Language.EN, True, True, text.lasts),
            text=text.id,
            by=worker,
            on=cohort.on,
        )
    record = people.open_record(cohort.full.person, by=worker)
    consents.agree_contact(record, cohort.canaries.word(), on=cohort.on, days=90)
    _remember(cohort, record)
    parts = _parts(cohort, record)
    draws = Random(11)
    with act(
        "record.opened", by=worker.id, on=cohort.on, site=worker.site, log_key=record.person.log_key
    ) as doing:
        for kind in every_record():
            value = filled(kind, draws, words=lambda _: cohort.canaries.word())
            doing.write(parts[kind.COMPARTMENT], value)
            cohort.records.append(value)


def _remember(cohort: Cohort, record: OpenRecord) -> None:
    asked = memory.suggested_questions(draws=lambda _: 0)
    answers = {name: next(iter(memory.questions()[name].options)) for name in asked}
    cue = f"the smell of {cohort.canaries.word()} after rain"
    cohort.secrets.append(cue)
    until, on = IsoWeek.of(cohort.on) + 156, cohort.on
    fallback.keep_answers(record.person, answers, cue=cue, until=until, by=record.by, on=on)


def _parts(cohort: Cohort, record: OpenRecord) -> dict[Compartment, OpenCompartment]:
    worker, person = record.by, record.person.id
    circle = fallback.open_circle((worker, cohort.actors["cedar"]))
    return {
        Compartment.CARE: record.care,
        Compartment.SUMMARY: compartments.open_for(person, Compartment.SUMMARY, holders=[worker]),
        Compartment.CONTACT: compartments.open_for(person, Compartment.CONTACT, holders=[worker]),
        Compartment.RECALL: compartments.open_for(person, Compartment.RECALL, holders=[circle]),
        Compartment.RESEARCH: compartments.open_for_writing(
            person, Compartment.RESEARCH, site=worker.site
        ),
    }
