"""Epochs: counted, kept safely, turned in any order of crashes, and destroyed for good."""

import dataclasses
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.people import queries as people
from footbridge.trust import housekeeping, places
from footbridge.trust.access import circles
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault import ceremony, crypto, epochs, rewrap
from footbridge.trust.vault.crypto import SealError
from footbridge.trust.vault.epochs import EpochStore
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.site_keys import SealedSiteError, SiteKeys

KEY = bytes(range(32))
DAY = date(2026, 11, 21)
KEEP = 35
SITE = UUID(int=5)


@pytest.fixture
def store(tmp_path):
    return EpochStore(tmp_path / "epochs")


def test_an_epoch_written_is_the_epoch_loaded(store):
    begun = [store.begin(KEY, on=DAY + timedelta(days=n), number=n) for n in range(3)]

    assert sorted(store.load(KEY), key=lambda epoch: epoch.number) == begun


def test_files_of_another_site_and_rubbish_are_passed_over(store):
    mine = store.begin(KEY, on=DAY, number=1)
    store.begin(bytes(32), on=DAY, number=1)
    (store.folder / "0000000000000000.epoch").write_bytes(b"rubbish")
    (store.folder / "1111111111111111.epoch").write_bytes(b"")

    assert store.load(KEY) == [mine]


def test_a_file_under_another_name_does_not_open(store):
    epoch = store.begin(KEY, on=DAY, number=1)
    place = store.folder / f"{epoch.id}.epoch"
    place.rename(store.folder / "0000000000000000.epoch")

    assert store.load(KEY) == []


def test_an_epoch_key_is_in_no_file_in_clear_and_the_files_are_the_owner_s(store):
    epoch = store.begin(KEY, on=DAY, number=1)
    path = store.folder / f"{epoch.id}.epoch"

    assert epoch.key not in path.read_bytes()
    assert epoch.key.hex() not in repr(epoch)
    assert path.stat().st_mode & 0o077 == 0
    assert store.folder.stat().st_mode & 0o077 == 0


def test_a_destroyed_key_is_overwritten_before_its_file_goes(store, monkeypatch):
    epoch = store.begin(KEY, on=DAY, number=1)
    path = store.folder / f"{epoch.id}.epoch"
    before, seen = path.read_bytes(), []
    monkeypatch.setattr(epochs.Path, "unlink", lambda self, **_: seen.append(self.read_bytes()))

    store.destroy(epoch.id)

    assert len(seen) == 1
    assert len(seen[0]) == len(before)
    assert seen[0] != before
    store.destroy("ffffffffffffffff")  # again, or never there: no error


def test_a_file_half_written_at_loss_of_power_is_never_taken_for_whole(store, monkeypatch):
    store.folder.mkdir(mode=0o700)

    def power_cut(_):
        raise OSError("no more power")

    monkeypatch.setattr(epochs.os, "fsync", power_cut)
    with pytest.raises(OSError, match="no more power"):
        store.begin(KEY, on=DAY, number=1)

    assert list(store.folder.iterdir()) == []


@given(days=st.lists(st.integers(-3, 60), min_size=1, max_size=6))
@settings(max_examples=25)
def test_whatever_the_days_the_epoch_begun_last_is_the_current_one(tmp_path_factory, days):
    keys = SiteKeys.derive(KEY, site=SITE, store=EpochStore(tmp_path_factory.mktemp("e")))

    begun = [keys.begin_epoch(on=DAY + timedelta(days=n)) for n in days]

    again = SiteKeys.derive(KEY, site=SITE, store=keys.store)
    assert keys.epoch == again.epoch == begun[-1]


def test_wiped_keys_open_nothing_and_their_bytes_are_overwritten(store):
    keys = SiteKeys.derive(KEY, site=SITE, store=store)
    epoch = keys.begin_epoch(on=DAY)
    held = list(keys._keys.values())

    keys.wipe()

    assert not keys.live
    assert all(set(one) == {0} for one in held)
    for use in (
        lambda: keys["outer"], lambda: keys.epoch, lambda: keys.signing,
        lambda: keys.wrap_key(epoch.id), lambda: keys.begin_epoch(on=DAY),
        lambda: keys.destroy_epochs(before=DAY),
    ):  # fmt: skip
        with pytest.raises(SealedSiteError):
            use()
    assert "outer" not in repr(keys)


def test_without_any_epoch_the_site_says_where_to_get_one(store):
    keys = SiteKeys.derive(KEY, site=SITE, store=store)

    with pytest.raises(HouseError, match="footbridge epoch import"):
        _ = keys.epoch


@pytest.mark.django_db
class TestTurning:
    """Moving wraps from month to month."""

    @pytest.fixture
    def lived(self, house):
        ann = house.add_staff("ann")
        enrolled, _ = house.in_care(ann)
        house.add_staff("cora", Role.COORDINATOR)
        return house, ann, enrolled.person

    def test_every_wrap_moves_and_still_opens(self, lived):
        house, ann, person = lived
        first = house.keys.epoch.id

        turned = rewrap.turn(house.keys, on=house.on, keep_days=KEEP, force=True)

        assert turned.moved == Wrap.objects.count() > 2
        assert set(Wrap.objects.values_list("epoch", flat=True)) == {house.keys.epoch.id}
        assert house.keys.epoch.id != first
        assert people.open_record(person, by=ann).entries
        circle = circles.the_one(CircleKind.COORDINATORS, site=house.keys)
        assert circles.open_circle(circle.id, holder=house.staff["cora"])

    def test_twice_on_one_day_the_second_holds(self, lived):
        house, ann, person = lived
        seen = {house.keys.epoch.id}

        for _ in range(6):
            rewrap.turn(house.keys, on=house.on, keep_days=KEEP, force=True)
            assert house.keys.epoch.id not in seen
            assert set(Wrap.objects.values_list("epoch", flat=True)) == {house.keys.epoch.id}
            seen.add(house.keys.epoch.id)

        assert people.open_record(person, by=ann).entries

    def test_nothing_is_begun_before_its_time_and_something_is_after_it(self, lived):
        house, *_ = lived
        month = timedelta(days=rewrap.MONTH_DAYS)

        early = rewrap.turn(house.keys, on=house.on + month - timedelta(days=1), keep_days=KEEP)
        due = rewrap.turn(house.keys, on=house.on + month, keep_days=KEEP)

        assert early.begun is None
        assert due.begun == house.keys.epoch.id

    @pytest.mark.parametrize("lost_after", ["beginning", "half of the move", "the move"])
    def test_a_crash_between_two_steps_is_made_good_by_the_next_round(
        self, lived, lost_after, monkeypatch
    ):
        house, ann, person = lived
        monkeypatch.setattr(rewrap, "BATCH", 2)
        self.crash(house, lost_after, monkeypatch)

        fresh = ceremony.unseal(house.founded.site_shares[:2], store=places.epochs())
        day = house.on + timedelta(days=KEEP)
        turned = rewrap.turn(fresh, on=day, keep_days=KEEP)

        assert set(Wrap.objects.values_list("epoch", flat=True)) == {fresh.epoch.id}
        assert len(turned.destroyed) == 1
        actor = dataclasses.replace(ann, site=fresh)
        assert people.open_record(person, by=actor).entries

    def crash(self, house, lost_after, monkeypatch):
        """Turn the epoch on its day, and lose the process after a step."""
        on = house.on + timedelta(days=rewrap.MONTH_DAYS)
        house.keys.begin_epoch(on=on)
        if lost_after == "half of the move":
            moved = []

            def one_batch(row, site):
                moved.append(row)
                if len(moved) > 2:
                    raise KeyboardInterrupt
                return real(row, site)

            real = rewrap._moved
            monkeypatch.setattr(rewrap, "_moved", one_batch)
            with pytest.raises(KeyboardInterrupt):
                rewrap.move_wraps(house.keys)
            monkeypatch.setattr(rewrap, "_moved", real)
        elif lost_after == "the move":
            rewrap.move_wraps(house.keys)

    def test_a_wrap_that_does_not_open_holds_up_no_other_and_keeps_no_key_alive(self, lived):
        house, ann, person = lived
        bad = Wrap.objects.exclude(holder=ann.id).first()
        Wrap.objects.filter(pk=bad.pk).update(sealed=b"put in by hand")
        first = house.keys.epoch.id

        for day in (rewrap.MONTH_DAYS, KEEP):
            rewrap.turn(house.keys, on=house.on + timedelta(days=day), keep_days=KEEP)

        assert Wrap.objects.get(pk=bad.pk).epoch == first
        assert first not in house.keys._epochs
        assert people.open_record(person, by=ann).entries

    def test_a_wrap_of_a_destroyed_month_says_so(self, lived):
        house, ann, person = lived
        old = list(Wrap.objects.filter(holder=ann.id))
        for day in (rewrap.MONTH_DAYS, KEEP):
            rewrap.turn(house.keys, on=house.on + timedelta(days=day), keep_days=KEEP)
        for row in old:
            row.save()

        with pytest.raises(SealError, match="month was destroyed"):
            people.open_record(person, by=ann)

    def test_the_current_key_is_never_destroyed_however_old(self, lived):
        house, ann, person = lived

        gone = house.keys.destroy_epochs(before=house.on + timedelta(days=9999))

        assert gone == []
        assert people.open_record(person, by=ann).entries

    def test_many_wraps_move_in_batches_and_none_is_passed_over(self, lived, monkeypatch):
        house, *_ = lived
        for batch in (1, 2, 3, 1000):
            monkeypatch.setattr(rewrap, "BATCH", batch)
            before = house.keys.epoch.id

            turned = rewrap.turn(house.keys, on=house.on, keep_days=KEEP, force=True)

            assert turned.moved == Wrap.objects.count()
            assert not Wrap.objects.filter(epoch=before).exists()


@pytest.mark.django_db
class TestTheDailyRound:
    """What an open site does by itself."""

    def test_a_round_turns_the_epoch_and_says_so_on_the_trail(self, house):
        on = house.on + timedelta(days=rewrap.MONTH_DAYS)

        swept = housekeeping.sweep(house.keys, on=on, epoch_days=KEEP)

        assert swept.turned.begun
        assert trail.site_events(site=house.keys)[0].action == "epoch.turned"

    def test_a_second_round_on_the_same_day_does_nothing(self, house):
        on = house.on + timedelta(days=rewrap.MONTH_DAYS)
        housekeeping.sweep(house.keys, on=on, epoch_days=KEEP)
        events = len(trail.site_events(site=house.keys))

        again = housekeeping.sweep(house.keys, on=on, epoch_days=KEEP)

        assert (again.expired, again.buried, again.turned.begun) == (0, 0, None)
        assert len(trail.site_events(site=house.keys)) == events


def test_every_purpose_has_a_key_of_its_own(store):
    keys = SiteKeys.derive(KEY, site=SITE, store=store)

    found = [keys[name] for name in keys._keys]

    assert len(set(found)) == len(found) == 8
    assert crypto.subkey(KEY, "outer") == keys["outer"]
