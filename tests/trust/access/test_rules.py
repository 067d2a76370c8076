"""Roles and their capabilities: who is asked for what, each answer with a reason."""

import pytest

from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import (
    ALLOWED,
    CASELOAD_LIMIT,
    Capability,
    Role,
    check_capability,
    check_caseload,
    check_coordinating,
    check_joining,
    check_leaving,
)
from footbridge.trust.decisions import RefusedError

WITH_PEOPLE = {Role.CASE_WORKER, Role.NURSE, Role.COORDINATOR}


def test_every_role_is_told_what_it_may():
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize("capability", list(Capability))
def test_every_capability_is_somebodys(capability):
    assert any(capability in allowed for allowed in ALLOWED.values())


@pytest.mark.parametrize("capability", list(Capability))
def test_nobody_without_a_role_may_anything(capability):
    decision = check_capability(None, capability)

    assert not decision
    assert "Sign in" in decision.reason


def test_only_who_cares_for_people_enrols_finds_and_works_with_them():
    for capability in (Capability.ENROL, Capability.FIND_PEOPLE, Capability.WORK_WITH_PEOPLE):
        assert {role for role in Role if capability in ALLOWED[role]} == WITH_PEOPLE


def test_an_administrator_neither_manages_staff_nor_meets_people():
    assert ALLOWED[Role.ADMINISTRATOR].isdisjoint(
        {Capability.MANAGE_STAFF, Capability.WORK_WITH_PEOPLE, Capability.FIND_PEOPLE}
    )


@pytest.mark.parametrize(("held", "allowed"), [(CASELOAD_LIMIT - 1, True), (CASELOAD_LIMIT, False)])
def test_a_caseload_is_full_at_its_limit(held, allowed):
    decision = check_caseload(held)

    assert bool(decision) == allowed
    assert decision.reason


@pytest.mark.parametrize("role", list(Role))
def test_joining_a_team_asks_for_a_role_that_works_with_people(role):
    assert bool(check_joining(role, by_same_person=False)) == (role in WITH_PEOPLE)
    assert not check_joining(role, by_same_person=True)
    assert not check_joining(role, by_same_person=False, active=False)


def test_leaving_a_team_asks_that_one_is_in_it():
    assert check_leaving(True)
    assert not check_leaving(False)


@pytest.mark.parametrize("role", list(Role))
def test_only_a_coordinator_who_is_here_coordinates(role):
    assert bool(check_coordinating(role, active=True)) == (role is Role.COORDINATOR)
    assert not check_coordinating(role, active=False)


def test_an_actor_is_refused_with_the_reason():
    actor = Actor(None, None, None, Role.ANALYST)

    with pytest.raises(RefusedError, match="Your role here does not include this"):
        actor.check(Capability.ENROL)
    assert not actor.may(Capability.ENROL)
    assert actor.may(Capability.SEE_EVIDENCE)
