"""Named composites: their definition is data, and what is not known stays not known."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.outcomes import composites
from footbridge.journey.outcomes.rules import (
    Answer,
    Employment,
    Housing,
    OutcomeError,
    OutcomeValues,
    Urine,
    favourable,
)

answers = st.sampled_from(Answer)
PART = {"measure": "used_30", "good": ["no"]}
OWN = {
    "id": "own",
    "words": {"en": "Own"},
    "definition": {"en": "No use"},
    "parts": [PART],
    "source": "ours",
    "published": False,
}


def one(name):
    return composites.composites()[name]


@given(answers, answers, answers)
def test_the_favourable_composite_is_the_published_one(used, crime, community):
    # Facts 1.26: no drug use, no crime and living in the community for at least 30 days.
    values = OutcomeValues(used_30=used, crime_30=crime, community_30=community)

    found = one("favourable").of(values)

    assert found is favourable(used_30=used, crime_30=crime, community_30=community)
    assert (found is Answer.YES) == ((used, crime, community) == (Answer.NO, Answer.NO, Answer.YES))


def test_only_what_stands_in_a_publication_is_called_published():
    found = composites.composites().values()

    assert [each.id for each in found if each.published] == ["favourable"]
    assert all(each.source for each in found)


def test_a_test_that_was_not_done_is_not_known_and_never_a_failure():
    values = OutcomeValues(used_30=Answer.NO, urine=Urine.NOT_TESTED)

    assert one("confirmed-not-using").of(values) is Answer.NOT_KNOWN


def test_a_part_that_is_known_to_fail_decides_whatever_else_is_not_known():
    values = OutcomeValues(employment=Employment.NOT_KNOWN, housing=Housing.NONE)

    assert one("work-and-home").of(values) is Answer.NO


def test_a_site_adds_a_composite_of_its_own(tmp_path):
    file = tmp_path / "composites.json"
    file.write_text(json.dumps({"composites": [OWN]}), encoding="utf-8")
    composites.load(file)
    try:
        assert one("own").of(OutcomeValues(used_30=Answer.NO)) is Answer.YES
    finally:
        composites.load(None)

    assert "own" not in composites.composites()


@pytest.mark.parametrize(
    "wrong",
    [
        {"parts": []},
        {"parts": [{"measure": "hope", "good": ["no"]}]},
        {"parts": [{"measure": "used_30", "good": ["never"]}]},
        {"parts": [{"measure": "used_30", "good": ["not-known"]}]},
        {"parts": [{"measure": "days_used", "good": ["0"]}]},
        {"words": {"xx": "?"}},
    ],
)
def test_a_composite_that_cannot_be_computed_is_refused(wrong):
    with pytest.raises(OutcomeError, match="composite own cannot be computed"):
        composites.parse({**OWN, **wrong})


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(OutcomeError, match="cannot be read"):
        composites.load(tmp_path / "nothing.json")


def test_every_measure_of_a_composite_is_a_coded_outcome():
    known = {field.name for field in fields(OutcomeValues)}

    assert {
        part.measure for each in composites.composites().values() for part in each.parts
    } <= known
