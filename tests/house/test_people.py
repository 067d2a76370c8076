"""No record, and no row that orders people, asks who somebody is."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

import footbridge
from footbridge.trust.vault.records import Compartment, EntryKind, FreeText, record_types
from footbridge.trust.weeks import IsoWeek
from tools.house import people

# What may differ, and why. The directory describes services, which stand in public lists.
EXEMPT = {
    "TrailEntry": "the trail is a chain: its order is what it proves, and it is no list of people",
}


def every_record():
    """Import each module that may declare records, and return the registered types."""
    for room in ("journey", "evidence", "interviews"):
        try:
            package = importlib.import_module(f"footbridge.{room}")
        except ModuleNotFoundError:
            continue
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if found.name.endswith(".records"):
                importlib.import_module(found.name)
    return [r for r in record_types() if r.__module__.startswith("footbridge.")]


def own_models():
    """Return the models of the house that tell of people."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("footbridge.") and ".services" not in model.__module__
    ]


@pytest.mark.parametrize("record", every_record(), ids=lambda r: str(r.KIND))
def test_a_record_holds_only_allowed_types_and_never_asks_who(record):
    assert list(people.record_complaints(record)) == []


def test_the_rooms_of_the_journey_have_registered_their_records():
    rooms = {record.__module__.split(".")[2] for record in every_record()}

    assert {"consents", "assessments", "plans", "referrals", "checkups"} <= rooms


def test_no_model_asks_who_somebody_is_or_counts_people_as_they_came():
    assert list(people.model_complaints(own_models(), EXEMPT)) == []


def test_every_exemption_still_names_something():
    known = {model.__name__ for model in own_models()}

    assert {label.partition(".")[0] for label in EXEMPT} <= known


class Colour(StrEnum):
    RED = "red"


@dataclasses.dataclass(frozen=True, slots=True)
class Inner:
    note: FreeText


def a_record(compartment, **fields):
    """Return a record type with these fields."""
    made = dataclasses.make_dataclass("Made", fields.items(), frozen=True)
    made.COMPARTMENT = compartment
    made.KIND = EntryKind("made", 1)
    return made


def test_every_type_that_the_house_seals_is_accepted():
    record = a_record(
        Compartment.CARE,
        code=str,
        colour=Colour,
        count=int,
        share=float,
        held_on=date,
        week=IsoWeek | None,
        service=UUID,
        note=FreeText,
        items=tuple[Inner, ...],
        colours=frozenset[Colour],
        answers=Mapping[str, int],
    )

    assert list(people.record_complaints(record)) == []


@pytest.mark.parametrize("hint", [datetime, object, bytes, list[str], dict[str, object]])
def test_a_type_that_the_house_does_not_seal_is_refused(hint):
    record = a_record(Compartment.CARE, value=hint)

    assert len(list(people.record_complaints(record))) == 1


@pytest.mark.parametrize("compartment", [Compartment.SUMMARY, Compartment.RESEARCH])
def test_typed_words_are_found_in_a_compartment_of_codes_however_deep(compartment):
    record = a_record(compartment, parts=tuple[Inner, ...])

    (complaint,) = people.record_complaints(record)

    assert "Made.parts.note" in complaint


@pytest.mark.parametrize("hint", [date, UUID])
def test_days_and_ids_are_refused_in_the_research_compartment(hint):
    assert list(people.record_complaints(a_record(Compartment.RESEARCH, value=hint | None)))
    assert not list(people.record_complaints(a_record(Compartment.CARE, value=hint | None)))


def test_a_nested_value_that_can_change_is_refused():
    thawed = dataclasses.make_dataclass("Thawed", [("code", str)])

    assert list(people.record_complaints(a_record(Compartment.CARE, part=thawed)))


@given(
    st.sampled_from(sorted(people.FORBIDDEN_WORDS)),
    st.lists(st.sampled_from(["of", "first", "2", "known"]), max_size=2),
    st.lists(st.sampled_from(["text", "1", "hash"]), max_size=2),
)
def test_a_forbidden_word_is_found_wherever_it_stands_in_a_name(word, before, after):
    assert people.asks_who("_".join([*before, word, *after]))


@pytest.mark.parametrize(
    "field", ["named_by", "unnamed", "skip_reason", "tips", "age_band", "phrase", "addressed_to"]
)
def test_a_word_that_only_looks_alike_is_no_reason_to_refuse(field):
    assert not people.asks_who(field)


def test_the_house_is_imported_from_this_tree():
    assert "site-packages" not in footbridge.__file__
