"""Drill 6: every memory answer and every handle, tried against a dump: nothing tells right from
wrong without the site key.

A guess needs something to be compared with. So whatever a thief could compute of a right guess
(plain hashes, hashes keyed with or salted by anything in the dump, slow hashes with its salts)
is looked for in the dump; the right guesses are among all those that lists and questions allow.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db.models import BinaryField, UUIDField

from footbridge.trust import places
from footbridge.trust.recognition import memory
from footbridge.trust.recognition.words import handle_words
from footbridge.trust.vault import crypto, persons
from footbridge.trust.vault.models import Entry, Person
from tests.drills import canaries
from tests.drills.targets import Target

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
PLAIN = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s")
LABELS = (b"handle", b"staff", b"answer", b"recall", b"cue", b"person", b"lookup", b"slot", b"")
LONG = 12  # bytes of a digest that must be there to call it found: chance will not do that


@pytest.fixture
def target(house):
    return Target.build(house)


def dump() -> frozenset[bytes]:
    """Return every stretch of 12 bytes in any value of the database or file beside it."""
    parts = [
        value
        for model in apps.get_app_config("trust").get_models()
        for row in model.objects.all()
        for value in values_of(row)
    ] + list(canaries.on_disk(places.data() / "epochs").values())
    return frozenset(
        part[at : at + LONG] for part in parts for at in range(max(1, len(part) - LONG + 1))
    )


def values_of(row) -> Iterator[bytes]:
    for one in row._meta.concrete_fields:
        value = getattr(row, one.attname)
        if isinstance(one, BinaryField) and value:
            yield bytes(value)
        elif isinstance(one, UUIDField) and value:
            yield value.bytes


def salts() -> set[bytes]:
    """Return whatever in the dump could have been a salt or a key: ids, salts, short values."""
    return {
        value
        for model in apps.get_app_config("trust").get_models()
        for row in model.objects.all()
        for value in values_of(row)
        if len(value) <= 64
    }


def computable(guess: bytes, keys: set[bytes]) -> Iterator[bytes]:
    """Yield whatever a thief can compute of a guess with what the dump gives."""
    for name in PLAIN:
        yield hashlib.new(name, guess).digest()
    for label in LABELS:
        yield crypto.plain_hash(label, guess)
        yield crypto.plain_hash(label, guess, size=16)
    for key in keys:
        yield hashlib.sha256(key + guess).digest()
        yield hashlib.sha256(guess + key).digest()
        yield hmac.digest(key, guess, "sha256")
        yield crypto.keyed_hash(key, guess)
        yield crypto.keyed_hash(key, b"handle", guess)
        yield crypto.keyed_hash(key, b"handle", guess, size=16)


def verifiers(guesses, stored: frozenset[bytes], keys: set[bytes]) -> list[bytes]:
    """Return the guesses that something in the dump would confirm."""
    return [guess for guess in guesses if any(is_in(v, stored) for v in computable(guess, keys))]


def is_in(value: bytes, stored: frozenset[bytes]) -> bool:
    text = value.hex().encode()
    return not stored.isdisjoint({value[:LONG], text[:LONG], b64encode(value)[:LONG]})


def every_answer() -> list[bytes]:
    """Return every answer to every question, alone and with its question."""
    forms = []
    for name, question in memory.questions().items():
        for option in question.options:
            forms += [option, f"{name}:{option}", f"{name}={option}", json.dumps({name: option})]
    return [form.encode() for form in dict.fromkeys(forms)]


def whole_sets() -> list[bytes]:
    """Return the answers that the people here gave, whole, as one might have hashed them."""
    asked = memory.suggested_questions(draws=lambda _: 0)
    answers = {name: next(iter(memory.questions()[name].options)) for name in asked}
    return [
        json.dumps(answers, sort_keys=True, separators=(",", ":")).encode(),
        json.dumps(answers).encode(),
        "|".join(answers.values()).encode(),
        "".join(answers.values()).encode(),
    ]


def handles_near(target) -> list[bytes]:
    """Return the right handles, and each with every other first word of its list."""
    found = []
    for one in target.people:
        first, second = one.handle.split()
        found += [f"{other} {second}".encode() for other in handle_words("en")[0]]
        found += [(first + second).encode(), f"{second} {first}".encode()]
    return found


def test_no_memory_answer_can_be_checked_against_the_dump(target):
    stored, keys = dump(), salts()

    assert len(every_answer()) > 300
    assert verifiers(every_answer(), stored, keys) == []
    assert verifiers(whole_sets(), stored, keys) == []


def test_no_handle_can_be_checked_against_the_dump(target):
    stored = dump()
    right = [one.handle.encode() for one in target.people]

    assert verifiers(right, stored, salts()) == []
    assert verifiers(handles_near(target), stored, set()) == []


def test_no_pair_of_words_of_the_lists_has_a_digest_in_the_dump(target):
    stored = {one for one in dump() if len(one) == LONG}
    right, tried, hits = {one.handle for one in target.people}, set(), []

    for first in handle_words("en")[0]:
        begun = hashlib.sha256(f"{first} ".encode())
        for second in handle_words("en")[1]:
            digest = begun.copy()
            digest.update(second.encode())
            if digest.digest()[:LONG] in stored:
                hits.append((first, second))
        tried |= {one for one in right if one.startswith(f"{first} ")}

    assert hits == []
    assert tried == right


def test_no_cue_name_or_phrase_can_be_checked_without_the_slow_way(target):
    stored = dump()

    assert verifiers(list(target.spoken()), stored, salts()) == []


def test_a_slow_hash_with_any_salt_of_the_dump_confirms_nothing(target):
    stored, cost = dump(), django_settings.FOOTBRIDGE_KDF_COST
    guesses = [*target.spoken(), *whole_sets()]

    stretched = {
        crypto.stretch(guess, salt=bytes(row.salt), cost=cost)
        for guess in guesses
        for row in Person.objects.all()
    }

    assert not any(is_in(key, stored) for key in stretched)


def test_the_same_answers_of_two_people_look_different(target):
    bodies = [bytes(row.body) for row in Entry.objects.all()]
    chunks = [body[at : at + 16] for body in bodies for at in range(0, len(body) - 15, 16)]

    assert len(set(chunks)) == len(chunks)


def test_with_the_site_key_a_handle_is_found_and_only_then(target):
    right = target.people[0].handle
    row = Person.objects.get(pk=target.people[0].person)

    assert persons.handle_lookup(right, site=target.house.keys) == bytes(row.lookup)
    assert is_in(bytes(row.lookup), dump())


PLANTED = {
    "a plain hash": lambda guess, row: hashlib.sha256(guess).digest(),
    "a salted hash": lambda guess, row: hashlib.sha256(bytes(row.salt) + guess).digest(),
    "a hash keyed with an id": lambda guess, row: hmac.digest(row.id.bytes, guess, "sha256"),
    "the house's hash without a key": lambda guess, row: crypto.plain_hash(b"handle", guess),
    "a hash in hex": lambda guess, row: hashlib.md5(guess).hexdigest().encode(),
}


@pytest.mark.parametrize("way", PLANTED)
@pytest.mark.parametrize("what", ["handle", "answer"])
def test_a_verifier_that_somebody_built_in_would_be_found(target, way, what):
    guess = target.people[0].handle.encode() if what == "handle" else every_answer()[17]
    row = Person.objects.get(pk=target.people[0].person)
    row.shell = PLANTED[way](guess, row) + b"x" * 40
    row.save()

    assert guess in verifiers([b"wrong", guess], dump(), salts())
