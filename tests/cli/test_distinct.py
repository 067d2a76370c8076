"""Counting different people over several places from the command line."""

from __future__ import annotations

import json

from click.testing import CliRunner

from footbridge.cli.disclosure_commands import distinct


def told(*words: str):
    return CliRunner().invoke(distinct, [*words])


def test_two_places_that_share_a_tenth_of_their_people_saw_fewer_than_their_sum():
    # By hand: 60 of 200 said yes; (0.30 - 0.25) / 0.5 = 0.1 were elsewhere; 200 * (1 - 0.1 / 2).
    found = told("120", "80", "--yes", "60", "--asked", "200", "--json")

    assert json.loads(found.output)["point"] == 190.0
    assert json.loads(found.output)["bound"] == 200


def test_the_sentence_names_the_bound_and_the_interval():
    found = told("120", "80", "--yes", "60", "--asked", "200")

    assert "190" in found.output
    assert "more than 200" in found.output


def test_more_yes_than_answers_is_refused_with_a_reason():
    found = told("120", "--yes", "9", "--asked", "3")

    assert found.exit_code == 1
    assert "no more can say yes than were asked" in found.output
