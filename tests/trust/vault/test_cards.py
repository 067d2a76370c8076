"""The epoch card: what it carries comes back; whatever else a stick may hold is refused."""

import json
import uuid
from base64 import b64encode
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.trust.vault import cards
from footbridge.trust.vault.cards import CardError
from footbridge.trust.vault.epochs import EpochStore
from footbridge.trust.vault.persons import TombstoneFile

KEY = bytes(range(32))
NAME = "0123456789abcdef"


class Place:
    """A data folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.store = EpochStore(folder / "epochs")
        self.tombstones = TombstoneFile(folder / "tombstones")

    def bring_in(self, path):
        return cards.bring_in(path, store=self.store, tombstones=self.tombstones)

    def export(self, stick):
        return cards.export(stick, store=self.store, tombstones=self.tombstones)


@pytest.fixture
def here(tmp_path):
    return Place(tmp_path / "here")


@pytest.fixture
def away(tmp_path):
    return Place(tmp_path / "away")


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def test_epochs_and_tombstones_come_back_on_another_machine(here, away, stick):
    begun = [here.store.begin(KEY, on=date(2026, 11, day), number=day) for day in (1, 2)]
    buried = {uuid.uuid4() for _ in range(3)}
    for one in buried:
        here.tombstones.add(one)

    assert away.bring_in(here.export(stick)) == (2, 3)

    assert sorted(away.store.load(KEY), key=lambda e: e.number) == begun
    assert away.tombstones.read() == buried
    assert away.bring_in(stick / cards.CARD_NAME) == (0, 0)


def test_a_new_card_is_written_over_the_old_one_and_holds_no_destroyed_key(here, away, stick):
    first = here.store.begin(KEY, on=date(2026, 10, 1), number=1)
    here.export(stick)
    second = here.store.begin(KEY, on=date(2026, 11, 1), number=2)
    here.store.destroy(first.id)

    path = here.export(stick)

    assert [one.name for one in stick.iterdir()] == [cards.CARD_NAME]
    assert first.id not in path.read_text()
    assert away.bring_in(path) == (1, 0)
    assert away.store.load(KEY) == [second]
    assert path.stat().st_mode & 0o077 == 0


def test_an_epoch_that_is_here_already_is_not_replaced_by_a_card_s(here, away, stick):
    epoch = here.store.begin(KEY, on=date(2026, 11, 1), number=1)
    card = {"epochs": {epoch.id: b64encode(b"rubbish").decode()}, "tombstones": []}
    (stick / "card").write_text(json.dumps(card))

    assert here.bring_in(stick / "card") == (0, 0)

    assert here.store.load(KEY) == [epoch]


def test_a_stray_file_among_the_epochs_stays_off_the_card(here, away, stick):
    here.store.begin(KEY, on=date(2026, 11, 1), number=1)
    (here.store.folder / "notes.epoch").write_text("stray")

    assert away.bring_in(here.export(stick)) == (1, 0)


def test_without_a_stick_it_is_said_so(here, tmp_path):
    with pytest.raises(CardError, match="mount it"):
        here.export(tmp_path / "not mounted")


HOSTILE = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "no card": b"[]",
    "another file": b'{"name": 1}',
    "deep": b"[" * 20_000,
    "a name that leads elsewhere": {"epochs": {"../../../etc/x": "AAAA"}, "tombstones": []},
    "a name with a step": {"epochs": {"../0123456789abc": "AAAA"}, "tombstones": []},
    "a name with a line end": {"epochs": {NAME[:-1] + "\n": "AAAA"}, "tombstones": []},
    "capitals": {"epochs": {NAME.upper(): "AAAA"}, "tombstones": []},
    "no base64": {"epochs": {NAME: "not base64!"}, "tombstones": []},
    "numbers": {"epochs": {NAME: 7}, "tombstones": []},
    "epochs as a list": {"epochs": [NAME], "tombstones": []},
    "no id": {"epochs": {}, "tombstones": ["somebody"]},
    "id as a number": {"epochs": {}, "tombstones": [7]},
    "tombstones as a number": {"epochs": {}, "tombstones": 7},
    "a good epoch and a bad id": {"epochs": {NAME: "AAAA"}, "tombstones": ["x"]},
    "nulls": {"epochs": None, "tombstones": None},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_card_is_refused_and_nothing_of_it_is_used(away, stick, what):
    content = HOSTILE[what]
    path = stick / "card"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())

    with pytest.raises(CardError, match="not an epoch card"):
        away.bring_in(path)

    assert not away.folder.exists()


def test_a_folder_or_nothing_in_a_card_s_place_is_refused(away, stick):
    for path in (stick, stick / "none"):
        with pytest.raises(CardError):
            away.bring_in(path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=17), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=80)
@given(epochs=json_values, graves=json_values, data=st.binary(max_size=40))
def test_whatever_a_card_holds_no_file_lands_outside_its_folder(
    tmp_path_factory, epochs, graves, data
):
    root = tmp_path_factory.mktemp("card")
    place = Place(root / "in" / "here")
    path = root / "card"
    for content in (json.dumps({"epochs": epochs, "tombstones": graves}).encode(), data):
        path.write_bytes(content)
        try:
            place.bring_in(path)
        except CardError:
            continue

    files = {str(one.relative_to(root)) for one in root.rglob("*") if one.is_file()}
    assert all(one == "card" or one.startswith("in/here/") for one in files)
