"""Plans are sealed and opened without loss."""

from datetime import date
from uuid import UUID

import pytest

from footbridge.journey.plans.records import (
    CrisisPlanKept,
    GoalMoved,
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    PlanStepUndone,
    StrengthNoted,
)
from footbridge.journey.plans.rules import CrisisPlan, GoalStatus, LetGo, Naloxone, Status, Who
from footbridge.trust.vault import codec
from footbridge.trust.vault.records import FreeText

DAY, ONE, TWO = date(2026, 3, 2), UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    "record",
    [
        StrengthNoted("family", FreeText("会照顾人"), DAY),
        GoalSet(ONE, "housing", FreeText("a room"), DAY),
        ObjectiveSet(TWO, ONE, FreeText("ask"), Who.TOGETHER, None, DAY),
        ObjectiveSet(TWO, ONE, FreeText("ask"), Who.WORKER, DAY, DAY),
        ObjectiveMoved(TWO, Status.DONE, DAY),
        ObjectiveMoved(TWO, Status.DROPPED, DAY, LetGo.TOO_MUCH, FreeText("slower")),
        GoalMoved(ONE, GoalStatus.LET_GO, DAY, LetGo.NOT_WANTED, FreeText("别的")),
        PlanStepUndone(DAY),
        CrisisPlanKept(CrisisPlan.SAFETY, {"alone": FreeText("散步")}, None, DAY),
        CrisisPlanKept(CrisisPlan.OVERDOSE, {}, Naloxone.AT_HAND, DAY),
    ],
)
def test_a_sealed_part_of_a_plan_opens_as_it_was(record):
    assert codec.decode(type(record), codec.encode(record)) == record
