"""Drill: three hundred writers are killed in the act; nothing is half done and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from uuid import uuid4

import pytest

from footbridge.trust import places
from footbridge.trust.vault.models import Compartment, Entry, Person, Wrap
from tests.drills import killing

pytestmark = [pytest.mark.drill, pytest.mark.slow]
KILLS = 300


def test_three_hundred_kills_leave_nothing_half_done_and_lose_nothing(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}

    done = subprocess.run(
        [sys.executable, "-m", "tests.drills.killing", str(tmp_path), str(KILLS), "20261121"],
        capture_output=True,
        text=True,
        timeout=600,
        env=environment,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["problems"] == []
    assert report["kills"] == KILLS
    # The kills must have hit writers at work, not processes that were still waking up.
    assert sum(report["acts"].values()) > KILLS
    assert {"enrolled", "written", "granted", "forgotten"} <= set(report["acts"])


@pytest.fixture
def lived(house):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)
    killing.note(record)
    return enrolled.person, [("enrolled", enrolled.person), ("written", enrolled.person)]


def test_the_examiner_finds_nothing_where_nothing_is_wrong(lived):
    assert killing.examine(lived[1]) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (lambda person: Wrap.objects.filter(holder=person).delete(), "no wrap for the person"),
        (lambda _: Entry.objects.order_by("-sequence").first().delete(), "length"),
        (lambda person: Person.objects.filter(pk=person).delete(), "enrolment is lost"),
        (lambda _: Wrap.objects.update(epoch="0" * 16), "epoch key"),
        (lambda _: Compartment.objects.update(length=99), "length"),
    ],
    ids=["wrap", "entry", "person", "epoch", "length"],
)
def test_the_examiner_finds_each_planted_fault(lived, fault, found):
    person, acknowledged = lived
    fault(person)

    problems = killing.examine(acknowledged)

    assert any(found in problem for problem in problems)


@pytest.mark.django_db
def test_a_forgetting_that_was_cut_off_after_its_tombstone_is_finished(lived):
    person, _ = lived
    places.tombstones().add(person)

    killing.examine([])

    assert not Person.objects.filter(pk=person).exists()


@pytest.mark.django_db
def test_an_acknowledged_forgetting_that_did_not_happen_is_found(lived):
    _, acknowledged = lived

    problems = killing.examine([*acknowledged, ("forgotten", uuid4())])

    assert "an acknowledged forgetting did not happen" in problems
