"""The readable set is the model's, after every act, at the keys and at the pages.

A Hypothesis state machine plays grant, revoke, transfer, consent, withdraw, forget, role
change and the rest in any order. After each step every key that anybody could have kept is
tried at every wrap, and the pages are asked; both must say what a plain model says.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from footbridge.journey.consents.rules import Purpose
from footbridge.trust import housekeeping
from footbridge.trust.access import care_teams, circles
from footbridge.trust.vault import compartments, persons
from tests.drills.access_machine import AccessMachine
from tests.drills.access_pages import Pages
from tests.drills.stage import Stage

pytestmark = [pytest.mark.drill, pytest.mark.django_db]

STEPS, HALVES = 50, 2


def wanted() -> int:
    """Return how many steps a half plays: 5,000 in all, a tenth of that where they only repeat.

    Which keys are readable does not depend on the database. On PostgreSQL the machine plays to
    find what does: a transaction that behaves otherwise.
    """
    whole = 5000 if connection.vendor == "sqlite" else 500
    return whole // HALVES


@pytest.fixture
def machine(db, tmp_path, today, monkeypatch):
    """The machine on a site of its own, with a clock that it moves."""
    clock = [today]
    monkeypatch.setattr(timezone, "localdate", lambda *_a, **_n: clock[0])

    class Machine(AccessMachine):
        stage = Stage.build(tmp_path / "site", on=today, clock=clock)
        pages = Pages.quick(monkeypatch)
        steps = 0

    yield Machine
    Machine.stage.house.close()


@pytest.mark.slow
@pytest.mark.parametrize("half", range(HALVES))
def test_readable_is_what_the_model_says(machine, capsys, half):
    # Hypothesis may end a play early, so it plays again until there were steps enough.
    steps = wanted()
    while machine.steps < steps:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=max(2, (steps - machine.steps) // STEPS + 1),
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    with capsys.disabled():
        print(f"\naccess machine {half}: {machine.steps} steps, {machine.pages.asked} pages asked")
    assert machine.steps >= steps


def nothing(*_args, **_named):
    return 0


# What is broken on purpose, and the acts after which the machine must notice.
FAULTS = {
    "a revoke that leaves the keys": (
        (care_teams, "drop", nothing),
        lambda play: play.revoke(by=0, whom=0, who=0),
    ),
    "a circle that is not rotated": (
        (circles, "rotate", lambda old: old),
        lambda play: play.leave_circle(by=0, who=1, study=False),
    ),
    "contact that never runs out": (
        (housekeeping, "end_by_calendar", lambda *_a, **_n: (0, 0)),
        lambda play: (play.keep_contact(by=1, whom=0, days=14), play.time_passes(weeks=4)),
    ),
    "team keys that outlive the yes to care": (
        (housekeeping, "_lapse", nothing),
        lambda play: (
            play.consent(by=0, whom=0, purpose=Purpose.CARE),
            play.time_passes(weeks=61),
        ),
    ),
    "a page that asks no team": (
        (care_teams, "in_team", lambda *_a, **_n: True),
        lambda play: None,
    ),
    "forgetting that forgets nothing": (
        (persons, "forget", lambda person, *, tombstones: tombstones.add(person)),
        lambda play: play.forget(whom=0),
    ),
    "a way back that is not taken back": (
        (compartments, "revoke", nothing),
        lambda play: play.withdraw(by=0, whom=0, what="recovery", kiosk=True),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_notices_a_planted_fault(machine, monkeypatch, fault):
    (place, name, broken), acts_of = FAULTS[fault]
    play = machine()
    play.agrees()

    monkeypatch.setattr(place, name, broken)

    with pytest.raises(AssertionError):
        act_and_look(play, acts_of)
    play.teardown()


def act_and_look(play, acts_of):
    """Act once, and look often enough for every page to have been asked."""
    acts_of(play)
    for _ in range(30):
        play.agrees()
