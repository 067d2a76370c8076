"""Drill: every memory answer and every handle is guessed against a dump; there is no verifier."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from django.core import serializers

from footbridge.journey.consents.rules import Purpose
from footbridge.trust.access.circles import Member
from footbridge.trust.models import (
    Circle,
    Compartment,
    Entry,
    Person,
    Site,
    Staff,
    TrailEntry,
    Wrap,
)
from footbridge.trust.recognition import fallback, memory
from footbridge.trust.vault import crypto, persons

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
MODELS = (Site, Staff, Circle, Person, Compartment, Entry, Wrap, TrailEntry)


@pytest.fixture
def dumped(house):
    """A database in which somebody's memory answers are kept, dumped; and what they answered."""
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    fallback.found_circle(
        members=[Member(a.id, a.pair.public) for a in (ann, ben)], by=ann, on=house.on
    )
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECALL)
    asked = memory.suggested_questions(draws=lambda _: 0)
    answers = {name: next(iter(memory.questions()[name].options)) for name in asked}
    cue = "wet straw behind the green door"
    fallback.keep_answers(record.person, answers, cue=cue, by=ann, on=house.on)
    rows = [row for model in MODELS for row in model.objects.all()]
    values = {
        bytes(getattr(row, field.attname))
        for row in rows
        for field in row._meta.fields
        if field.get_internal_type() == "BinaryField" and getattr(row, field.attname)
    }
    return house, enrolled, answers, serializers.serialize("json", rows), values


def guesses(answers):
    """Yield every answer there is, alone and as the whole set that is right."""
    for question in memory.questions().values():
        for option, texts in question.options.items():
            yield from (option, f"{question.id}:{option}", *texts.values())
    yield json.dumps(answers, sort_keys=True)
    yield "|".join(f"{name}={answer}" for name, answer in sorted(answers.items()))


def hashes(guess: str, salts: list[bytes]):
    """Yield what an attacker without the site key can compute of a guess."""
    data = guess.encode()
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "sha3_256"):
        yield hashlib.new(name, data).digest()
    for salt in salts:
        yield hashlib.sha256(salt + data).digest()
        yield hashlib.blake2b(data, key=salt[:64], digest_size=32).digest()
        yield hmac.digest(salt, data, "sha256")


def found(texts, values, salts):
    """Return every guess whose hash, at any usual length, is a value of the dump."""
    prefixes = {value[:size] for value in values for size in (16, 20, 32, 64)}
    return [
        guess
        for guess in texts
        for one in hashes(guess, salts)
        if any(one[:size] in prefixes for size in (16, 20, 32, 64) if len(one) >= size)
    ]


def test_no_memory_answer_can_be_tested_against_the_dump(dumped):
    _, _, answers, text, values = dumped
    salts = [bytes(row.salt) for row in Person.objects.all()]

    assert found(guesses(answers), values, salts) == []
    assert not [guess for guess in guesses(answers) if len(guess) > 12 and guess in text]


def test_no_handle_can_be_tested_against_the_dump(dumped):
    _, enrolled, _, text, values = dumped
    salts = [bytes(row.salt) for row in Person.objects.all()]

    assert found([enrolled.handle], values, salts) == []
    assert enrolled.handle not in text


def test_with_the_site_key_a_handle_could_be_tested_so_that_this_drill_can_fail(dumped):
    house, enrolled, _, _, values = dumped

    assert persons.handle_lookup(enrolled.handle, site=house.keys) in values


def test_a_planted_hash_of_an_answer_is_found(dumped):
    _, _, answers, _, values = dumped
    guess = next(iter(answers.values()))

    planted = values | {hashlib.sha256(guess.encode()).digest()}

    assert guess in found(guesses(answers), planted, [])


def test_two_people_with_the_same_answers_have_nothing_in_common(dumped):
    house, enrolled, answers, *_ = dumped
    ann = house.staff["ann"]
    twin, record = house.in_care(ann, Purpose.CARE, Purpose.RECALL)
    fallback.keep_answers(
        record.person, answers, cue="wet straw behind the green door", by=ann, on=house.on
    )

    bodies = [
        [bytes(entry.body) for entry in Entry.objects.filter(compartment__person=person)]
        for person in (enrolled.person, twin.person)
    ]

    assert not set(bodies[0]) & set(bodies[1])
    assert len({len(body) % crypto.PAD_STEP for body in bodies[0] + bodies[1]}) <= 2
