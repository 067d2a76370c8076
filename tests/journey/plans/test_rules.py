"""What a plan allows."""

from datetime import date

import pytest

from footbridge.journey.consents.rules import Language
from footbridge.journey.plans import crisis, domains, rules
from footbridge.journey.plans.rules import (
    GOAL_MOVES,
    CrisisPlan,
    GoalStatus,
    LetGo,
    PlanError,
    Status,
)

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
    found = {
        to.value
        for to in Status
        if rules.may_move(status, to, since=SET, moved_on=SET, why=LetGo.OTHER)
    }

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


def test_nothing_is_dropped_or_let_go_without_a_reason():
    dropped = rules.may_move(Status.OPEN, Status.DROPPED, since=SET, moved_on=SET)
    let_go = rules.may_move_goal(GoalStatus.OPEN, GoalStatus.LET_GO, since=SET, moved_on=SET)

    assert not dropped
    assert not let_go
    assert "Choose the reason" in dropped.reason


@pytest.mark.parametrize("status", GoalStatus)
def test_a_goal_moves_only_as_the_table_says(status):
    found = {
        to
        for to in GoalStatus
        if rules.may_move_goal(status, to, since=SET, moved_on=SET, why=LetGo.OTHER)
    }

    assert found == GOAL_MOVES[status]


def test_a_closed_goal_can_only_be_taken_up_again():
    assert GOAL_MOVES[GoalStatus.REACHED] == GOAL_MOVES[GoalStatus.LET_GO] == {GoalStatus.OPEN}


def test_a_goal_cannot_be_closed_before_it_was_set():
    day = date(2026, 3, 1)

    assert not rules.may_move_goal(GoalStatus.OPEN, GoalStatus.REACHED, since=SET, moved_on=day)


def test_a_closed_goal_takes_no_new_step():
    decision = rules.may_set_objective(set_on=SET, by_when=None, goal=GoalStatus.REACHED)

    assert not decision
    assert "Take the goal up again" in decision.reason


def test_the_safety_plan_keeps_the_six_steps_in_the_published_order():
    """Fact 3.18: signs, coping alone, distraction, people to ask, services, safer place."""
    found = [one.id for one in crisis.outline(CrisisPlan.SAFETY).steps]

    assert found == ["signs", "alone", "company", "trusted", "helpers", "place"]


def test_the_overdose_plan_says_what_the_evidence_asks_for():
    """Facts 3.19 and 3.21: breathing first, stay until recovered, tolerance is lost."""
    outline = crisis.outline(CrisisPlan.OVERDOSE)

    assert [one.id for one in outline.steps] == [
        "recognise",
        "call",
        "naloxone",
        "breathing",
        "together",
        "break",
    ]
    assert "five times" in outline.why[Language.EN]
    assert "twice" in outline.why[Language.EN]
    assert [one.id for one in outline.steps if one.asks_naloxone] == ["naloxone"]


@pytest.mark.parametrize("which", CrisisPlan)
def test_both_plans_speak_both_languages_and_name_only_the_numbers_of_the_site(which):
    outline = crisis.outline(which)
    texts = [outline.title, outline.why, outline.now]
    for step in outline.steps:
        texts += [step.title, step.ask, step.hint, *step.know]

    for text in texts:
        assert set(text) == set(Language)
        for words in text.values():
            assert words.format(emergency="1", line="2").strip()


def test_no_dose_stands_in_the_overdose_plan():
    words = str(
        [[line[Language.EN] for line in s.know] for s in crisis.outline(CrisisPlan.OVERDOSE).steps]
    )

    assert " mg" not in words
    assert "0.4" not in words


def test_a_part_of_blanks_counts_as_not_talked_over():
    parts = {one.id: "yes" for one in crisis.outline(CrisisPlan.SAFETY).steps}

    assert crisis.missing(CrisisPlan.SAFETY, parts) == []
    assert [s.id for s in crisis.missing(CrisisPlan.SAFETY, {**parts, "alone": "  "})] == ["alone"]


def test_a_step_that_no_plan_has_is_refused():
    with pytest.raises(PlanError, match="no such step"):
        crisis.step(CrisisPlan.SAFETY, "naloxone")
