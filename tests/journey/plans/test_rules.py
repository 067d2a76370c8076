"""What a plan allows."""

from datetime import date

import pytest

from footbridge.journey.consents.rules import Language
from footbridge.journey.plans import domains, rules
from footbridge.journey.plans.rules import PlanError, Status

SET = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (Status.OPEN, {"doing", "done", "dropped"}),
        (Status.DOING, {"open", "done", "dropped"}),
        (Status.DONE, {"doing"}),
        (Status.DROPPED, {"open"}),
    ],
)
def test_an_objective_moves_only_as_the_table_says(status, allowed):
    found = {to.value for to in Status if rules.may_move(status, to, since=SET, moved_on=SET)}

    assert found == allowed


def test_a_refused_move_names_the_moves_that_are_open():
    decision = rules.may_move(Status.DONE, Status.OPEN, since=SET, moved_on=SET)

    assert "choose one of doing" in decision.reason


def test_an_objective_cannot_move_before_it_was_set():
    decision = rules.may_move(Status.OPEN, Status.DONE, since=SET, moved_on=date(2026, 3, 1))

    assert not decision
    assert "2026-03-02" in decision.reason


def test_a_plan_starts_from_a_strength():
    assert not rules.may_set_goal(0)
    assert "what has worked before" in rules.may_set_goal(0).reason
    assert rules.may_set_goal(1)


def test_an_objective_is_not_due_before_it_is_set():
    assert not rules.may_set_objective(set_on=SET, by_when=date(2026, 3, 1))
    assert rules.may_set_objective(set_on=SET, by_when=SET)
    assert rules.may_set_objective(set_on=SET, by_when=None)


def test_the_five_domains_of_the_trial_come_first_among_thirteen():
    found = list(domains.domains().values())

    assert len(found) == 13
    assert [one.id for one in found if one.in_trial] == [
        "drug-treatment",
        "social-security",
        "housing",
        "employment",
        "health",
    ]
    assert all(one.in_trial for one in found[:5])


def test_every_domain_speaks_both_languages():
    for one in domains.domains().values():
        assert set(one.words) == set(one.hint) == set(Language)


def test_an_unknown_domain_is_refused_with_those_that_exist():
    with pytest.raises(PlanError, match="housing"):
        domains.domain("money")
