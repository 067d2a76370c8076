"""Records to bytes and back: exactly what the types declare, and nothing else."""

import dataclasses
import json
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.vault import codec, records
from footbridge.trust.vault.records import (
    Compartment,
    EntryKind,
    FreeText,
    RecordError,
    sealed_record,
)
from tests.drills.filling import every_record, filled


@pytest.mark.parametrize("record", every_record(), ids=lambda one: str(one.KIND))
@given(seed=st.integers(0, 10**6), words=st.text(max_size=40))
def test_every_record_comes_back_from_its_bytes(record, seed, words):
    value = filled(record, Random(seed), words=lambda _: words)

    data = codec.encode(value)

    assert codec.decode(record, data) == value
    assert codec.encode(codec.decode(record, data)) == data


@pytest.mark.parametrize("record", every_record(), ids=lambda one: str(one.KIND))
def test_a_field_more_or_less_is_refused(record):
    facts = json.loads(codec.encode(filled(record, Random(3))))

    for wrong in ({**facts, "name": "x"}, dict(list(facts.items())[1:]), [], None, "x", 7):
        with pytest.raises(RecordError):
            codec.decode(record, json.dumps(wrong).encode())


@pytest.mark.parametrize("record", every_record(), ids=lambda one: str(one.KIND))
def test_a_value_of_a_wrong_type_is_refused(record):
    facts = json.loads(codec.encode(filled(record, Random(3))))
    name = next(iter(facts))

    with pytest.raises(RecordError):
        codec.decode(record, json.dumps({**facts, name: {"a": [{}]}}).encode())


@given(data=st.binary(max_size=80))
def test_rubbish_is_refused_in_the_house_s_own_error(data):
    with pytest.raises(RecordError):
        codec.decode(every_record()[0], data)


def test_an_error_names_the_type_and_no_value():
    record = every_record()[0]

    with pytest.raises(RecordError) as refused:
        codec.decode(record, b'{"said": "somebody\'s words"}')

    assert record.__name__ in str(refused.value)
    assert "words" not in str(refused.value)


@dataclasses.dataclass(frozen=True, slots=True)
class Colour:
    """Not registered: only the codec sees it."""

    shades: tuple[str, ...]
    first_on: date
    note: FreeText

    KIND = EntryKind("test-colour", version=1)
    COMPARTMENT = Compartment.CARE


def test_a_value_that_no_type_declares_cannot_be_sealed():
    with pytest.raises(RecordError, match="cannot be sealed"):
        codec.encode(Colour(({1, 2},), date(2026, 1, 1), FreeText("")))


def test_bytes_are_canonical():
    value = Colour(("b", "a"), date(2026, 11, 21), FreeText("桥"))

    assert (
        codec.encode(value).decode() == '{"first_on":"2026-11-21","note":"桥","shades":["b","a"]}'
    )


class TestTheRegister:
    """Kinds and versions of records."""

    @pytest.fixture(autouse=True)
    def apart(self, monkeypatch):
        monkeypatch.setattr(records, "_registry", dict(records._registry))
        monkeypatch.setattr(records, "_upgrades", {})

    def test_a_record_must_be_frozen(self):
        @dataclasses.dataclass
        class Loose:
            KIND = EntryKind("test-loose", version=1)
            COMPARTMENT = Compartment.CARE

        for wrong in (Loose, type("Plain", (), {})):
            with pytest.raises(RecordError, match="frozen"):
                sealed_record(wrong)

    def test_two_types_cannot_have_one_kind(self):
        sealed_record(Colour)
        taken = dataclasses.make_dataclass(
            "Other", [], frozen=True, namespace={"KIND": Colour.KIND}
        )

        with pytest.raises(RecordError, match="already"):
            sealed_record(taken)
        sealed_record(Colour)  # the same one, imported again

    def test_an_unknown_kind_asks_for_an_upgrade(self):
        with pytest.raises(RecordError, match="newer version"):
            records.record_type(EntryKind("from-the-future", 9))

    def test_an_old_version_is_read_through_every_upgrade(self):
        def version(number):
            names = {"KIND": EntryKind("test-steps", number), "COMPARTMENT": Compartment.CARE}
            made = dataclasses.make_dataclass(
                f"V{number}", [("n", int)], frozen=True, namespace=names
            )
            return sealed_record(made)

        first, second, third = (version(number) for number in (1, 2, 3))
        records.upgrades(first.KIND)(lambda old: second(old.n + 10))
        records.upgrades(second.KIND)(lambda old: third(old.n + 100))

        assert records.upgraded(first(1)) == third(111)
        assert records.upgraded(third(7)) == third(7)
