"""A site adds schedules, a urine plan and contact steps with one file."""

from __future__ import annotations

import json

import pytest

from footbridge.journey.checkups import schedules
from footbridge.journey.checkups.rules import CheckupError

OWN = {
    "id": "six-weekly",
    "words": {"en": "Every other month", "zh": "隔月一次"},
    "opening": [2],
    "every": 2,
    "adaptive": False,
    "until": 12,
    "window": 10,
    "source": "our own",
}


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a site's file; afterwards the house's own stands alone."""

    def loaded(found):
        file = tmp_path / "checkups.json"
        file.write_text(json.dumps(found), encoding="utf-8")
        schedules.load(file)

    yield loaded
    schedules.load(None)


def test_a_schedule_of_the_site_stands_beside_those_of_the_house(load):
    load({"schedules": [OWN], "default": "six-weekly"})

    assert {"quarterly", "six-weekly"} <= set(schedules.schedules())
    assert schedules.default() == "six-weekly"


def test_a_site_chooses_its_urine_plan_in_its_file(load):
    load({"urine_in_use": "two-monthly"})

    assert schedules.urine_plan().months()[:3] == (2, 4, 6)


def test_steps_of_the_site_take_the_place_of_the_house_s(load):
    own = {"id": "a", "days": 0, "means": "drop-in", "words": {}, "why": {}, "source": ""}

    load({"protocol": [own]})

    assert [step.id for step in schedules.protocol()] == ["a"]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"schedules": [{**OWN, "window": 20}]}, "cannot work"),
        ({"schedules": [{"id": "half"}]}, "lacks a part"),
        ({"default": "whenever"}, "no check-up schedule whenever"),
        ({"urine_in_use": "daily"}, "no urine plan daily"),
        ({"protocol": [{"id": "a", "days": "soon"}]}, "lacks a part"),
    ],
)
def test_a_file_that_cannot_work_is_refused_with_its_reason(load, found, words):
    with pytest.raises(CheckupError, match=words):
        load(found)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CheckupError, match="cannot be read"):
        schedules.load(tmp_path / "nothing.json")

    schedules.load(None)
