"""Drill: a machine is taken while it is off, with every passphrase, code secret and phrase."""

from __future__ import annotations

import itertools

import pytest

from footbridge.journey.consents.rules import Purpose
from footbridge.trust import places, runtime
from footbridge.trust.access.models import Staff
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition.throttle import Throttle
from footbridge.trust.vault import ceremony, crypto, shares
from footbridge.trust.vault.crypto import SealError
from footbridge.trust.vault.models import Circle, Compartment, Entry, Person, Wrap
from footbridge.trust.vault.persons import load_cost
from footbridge.trust.vault.shares import ShareError
from footbridge.trust.vault.site_keys import SealedSiteError
from tests import factories

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
SEALED = (
    "sealed",
    "sealed_private",
    "sealed_totp",
    "sealed_log_key",
    "profile",
    "shell",
    "head",
    "body",
)


@pytest.fixture
def taken(house):
    """A site with people on it, sealed: what is left is the disk and what people know."""
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, _ = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    other, _ = house.in_care(ben)
    runtime.seal.seal()
    return house, [enrolled, other]


def everything_sealed() -> list[bytes]:
    """Return every sealed value of the database."""
    found = []
    for model in (Staff, Person, Compartment, Entry, Wrap, Circle):
        names = {field.name for field in model._meta.fields} & set(SEALED)
        for row in model.objects.all():
            found += [bytes(getattr(row, name)) for name in names]
    return found


def test_no_phrase_and_no_passphrase_opens_anything(taken):
    house, people = taken
    for person in people:
        with pytest.raises(SealedSiteError):
            recognition.open_key(
                person.handle,
                " ".join(person.phrase),
                cost=crypto.Cost(64, 1, 1),
                site=house.keys,
                throttle=Throttle(),
            )
    for name, secret in house.secrets.items():
        with pytest.raises(SealedSiteError):
            factories.open_staff(name, secret, house.keys)


def test_no_key_that_can_be_made_from_what_people_know_opens_a_sealed_value(taken):
    _, people = taken
    keys = [bytes(32)]
    for row in [*Staff.objects.all(), *Person.objects.all()]:
        for secret in [factories.PASSPHRASE, *(" ".join(person.phrase) for person in people)]:
            cost = load_cost(row.cost)
            keys.append(crypto.stretch(secret.encode(), salt=bytes(row.salt), cost=cost))
    sealed = everything_sealed()

    assert len(sealed) > 20
    for key, value in itertools.product(keys, sealed):
        for place in (b"", b"shell", b"head"):
            with pytest.raises(SealError):
                crypto.open_sealed(key, value, bound_to=place)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_one_share_is_none(taken, number):
    house, _ = taken
    one = house.founded.site_shares[number]

    for words in ([one], [one, one]):
        with pytest.raises(ShareError):
            ceremony.unseal(words, store=places.epochs())


def test_two_shares_of_another_site_open_nothing(taken):
    strange = shares.split(crypto.random_key(), needed=2, shares=3)

    with pytest.raises(ceremony.CeremonyError):
        ceremony.unseal(strange[:2], store=places.epochs())


def test_two_shares_open_the_site_again_so_that_this_drill_can_fail(taken):
    house, people = taken

    keys = ceremony.unseal(house.founded.site_shares[1:], store=places.epochs())

    holder = recognition.open_key(
        people[0].handle,
        " ".join(people[0].phrase),
        cost=crypto.Cost(64, 1, 1),
        site=keys,
        throttle=Throttle(),
    )
    assert holder.id == people[0].person


def test_no_file_beside_the_database_holds_a_key_in_clear(taken):
    house, _ = taken
    keys = ceremony.unseal(house.founded.site_shares[:2], store=places.epochs())
    secrets = [keys[name] for name in ("outer", "pepper", "log", "epoch", "shell", "lookup")]
    secrets += [epoch.key for epoch in places.epochs().load(keys["epoch"])]

    on_disk = b"".join(path.read_bytes() for path in places.data().rglob("*") if path.is_file())

    assert on_disk
    assert not [secret for secret in secrets if secret in on_disk]
