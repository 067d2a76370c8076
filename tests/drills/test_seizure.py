"""Drill 2: the machine is taken, switched off, and everybody tells what they know."""

from __future__ import annotations

import shutil

import pytest
from shamir_mnemonic import Share

from footbridge.trust import places, runtime
from footbridge.trust.access import staff
from footbridge.trust.decisions import HouseError
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition.throttle import Throttle
from footbridge.trust.vault import ceremony, crypto, shares
from footbridge.trust.vault.site_keys import SealedSiteError, SiteKeys
from tests.drills import canaries
from tests.drills.attacker import Attacker, as_site_keys, every_value, of_site
from tests.drills.canaries import MARK
from tests.drills.commands import Folder
from tests.drills.targets import Target
from tests.factories import PASSPHRASE, code_of

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def target(house):
    built = Target.build(house)
    built.kinds()
    return built


def raw(share: str) -> bytes:
    return Share.from_mnemonic(share).value


def known_without_two_shares(target):
    """Return every key that can be made of disk, secrets, the offline key and one share."""
    founded = target.house.founded
    values = {raw(one) for one in (founded.site_shares[0], *founded.recovery_shares)}
    values |= {crypto.plain_hash(one) for one in values} | {bytes(32), founded.backup_private}
    return as_site_keys(values | every_value()) | target.stretched()


def test_with_every_secret_and_one_share_nothing_on_the_disk_opens(target):
    runtime.panic()

    opened = Attacker(target.sealed(), known_without_two_shares(target)).attack()

    assert opened == {}


def test_with_two_shares_and_a_passphrase_the_same_attacker_opens_records(target):
    site_key = shares.combine(target.house.founded.site_shares[:2])
    known = target.stretched(pepper=crypto.subkey(site_key, "pepper"))
    runtime.panic()

    opened = Attacker(target.sealed(), as_site_keys({site_key}) | known).attack()

    assert MARK in repr(opened["Entry.body"])
    assert {"Entry.head", "Staff.sealed_private, inside", "Wrap.sealed, inside"} <= set(opened)


def test_with_two_shares_and_nobody_s_secret_no_record_opens(target):
    site_key = shares.combine(target.house.founded.site_shares[:2])
    runtime.panic()

    opened = Attacker(target.sealed(), as_site_keys({site_key})).attack()

    assert {"Person.shell", "Wrap.sealed", "epoch"} <= set(opened)
    assert not {"Entry.head", "Entry.body", "Entry.key", "Wrap.sealed, inside"} & set(opened)


def test_one_share_twice_a_made_up_one_or_one_of_another_paper_unseals_nothing(target):
    first, *_ = target.house.founded.site_shares
    recovery = target.house.founded.recovery_shares
    made_up = shares.split(bytes(32), needed=2, shares=3)
    runtime.panic()

    for words in ([first], [first, first], [first, made_up[0]], made_up[:2], recovery[:3], []):
        with pytest.raises(HouseError):
            ceremony.unseal(words, store=places.epochs())


def test_no_door_of_the_sealed_site_opens_for_those_who_know_everything(target):
    keys = target.house.keys
    runtime.panic()

    for opening in (
        lambda: staff.sign_in(
            "ann", passphrase=PASSPHRASE, totp=code_of(target.house.secrets["ann"]),
            cost=crypto.Cost(64, 1, 1), site=keys, used=staff.UsedCodes(),
        ),
        lambda: recognition.open_key(
            target.people[0].handle, " ".join(target.people[0].phrase),
            cost=crypto.Cost(64, 1, 1), site=keys, throttle=Throttle(),
        ),
        lambda: runtime.seal.keys,
    ):  # fmt: skip
        with pytest.raises(SealedSiteError):
            opening()


def test_a_copy_of_the_disk_opens_with_two_shares_in_another_machine_and_not_with_one(
    target, tmp_path
):
    first, second, _ = target.house.founded.site_shares
    runtime.panic()
    here = Folder.here()
    copy = Folder(tmp_path / "seized", here.database)
    shutil.copytree(places.epochs().folder, copy.path / "epochs")
    person = {"handle": target.people[0].handle, "phrase": " ".join(target.people[0].phrase)}

    with_one, with_two = copy.ask(
        {"shares": [first], **person}, {"shares": [first, second], **person}
    )

    assert with_one["open"] is False
    assert "do not fit together" in with_one["error"]
    assert MARK in repr(with_two["opened"])


def test_the_disk_shows_no_word_of_anybody(target):
    runtime.panic()
    secrets = [PASSPHRASE, *(one.handle for one in target.people)]
    secrets += [" ".join(one.phrase) for one in target.people]
    image = {**canaries.of_database(), **canaries.on_disk(places.data())}

    assert canaries.search(image, canaries.needles(*secrets)) == []


def test_sealing_overwrites_every_key_that_anybody_still_holds(target):
    actor, keys = target.house.staff["ann"], target.house.keys
    before = of_site(keys)

    runtime.panic()

    assert len(before) == 8
    assert isinstance(actor.site, SiteKeys)
    assert not actor.site.live
    assert keys._keys == {}
    with pytest.raises(SealedSiteError):
        of_site(keys)
