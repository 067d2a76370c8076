"""Drill: a backup leaks with its offline key; later the site key as well, after the epoch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust import places
from footbridge.trust.access.actors import Actor
from footbridge.trust.vault import backups, cards, ceremony, rewrap
from footbridge.trust.vault.crypto import SealError
from footbridge.trust.vault.epochs import EpochStore

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leaked(house, tmp_path):
    """A backup of a site with somebody on it, and the card that was written that day."""
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    stick = tmp_path / "stick"
    stick.mkdir()
    card = cards.export(stick, store=places.epochs(), tombstones=places.tombstones())
    backups.write(tmp_path / "leak.bin")
    return house, ann, enrolled, card


def restored(house, tmp_path, settings, *, card=None):
    """Put the leaked backup into an emptied database, as the thief would; return the keys."""
    with connection.cursor():
        call_command("flush", verbosity=0, interactive=False)
    folder = tmp_path / "thief"
    settings.FOOTBRIDGE_DATA = folder
    folder.mkdir()
    backups.read(tmp_path / "leak.bin", private=house.founded.backup_private)
    store = EpochStore(folder / "epochs")
    if card is not None:
        cards.bring_in(card, store=store, tombstones=places.tombstones())
    return ceremony.unseal(house.founded.site_shares[:2], store=store)


def test_the_file_alone_tells_nothing(leaked, tmp_path):
    _, _, enrolled, _ = leaked
    data = (tmp_path / "leak.bin").read_bytes()

    assert enrolled.handle.encode() not in data
    with pytest.raises(backups.BackupError):
        backups.read(tmp_path / "leak.bin", private=bytes(32))


def test_with_site_key_and_the_days_card_it_opens_so_that_this_drill_can_fail(
    leaked, tmp_path, settings
):
    house, ann, enrolled, card = leaked
    keys = restored(house, tmp_path, settings, card=card)

    record = people.open_record(enrolled.person, by=Actor(ann.id, ann.pair, keys, ann.role))

    assert record.handle == enrolled.handle


def test_with_offline_key_and_site_key_but_no_epoch_it_stays_dead(leaked, tmp_path, settings):
    house, ann, enrolled, _ = leaked
    keys = restored(house, tmp_path, settings)

    with pytest.raises(SealError, match="month"):
        people.open_record(enrolled.person, by=Actor(ann.id, ann.pair, keys, ann.role))


def test_after_the_epoch_the_card_of_then_is_what_the_house_destroyed(leaked, tmp_path, settings):
    house, ann, enrolled, _ = leaked
    later = house.on + timedelta(days=36)
    turned = rewrap.turn(house.keys, on=later, keep_days=35, force=True)
    stick = tmp_path / "stick"
    card = cards.export(stick, store=places.epochs(), tombstones=places.tombstones())

    keys = restored(house, tmp_path, settings, card=card)

    assert turned.destroyed
    with pytest.raises(SealError, match="month"):
        people.open_record(enrolled.person, by=Actor(ann.id, ann.pair, keys, ann.role))


def test_the_living_site_still_opens_after_its_epoch_turned(leaked):
    house, ann, enrolled, _ = leaked

    rewrap.turn(house.keys, on=house.on + timedelta(days=36), keep_days=35, force=True)

    assert people.open_record(enrolled.person, by=ann).handle == enrolled.handle
