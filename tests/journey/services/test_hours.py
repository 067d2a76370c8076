"""Opening hours are put into words as a reader would say them."""

from __future__ import annotations

from datetime import time
from uuid import uuid4

import pytest
from django.utils.translation import override

from footbridge.journey.services.hours import hours
from footbridge.journey.services.hsds import Frequency, Schedule


def schedule(byday=None, opens=None, closes=None, **more):
    more.setdefault("freq", Frequency.WEEKLY)
    return Schedule(uuid4(), byday=byday, opens_at=opens, closes_at=closes, **more)


MORNING, NOON, TWO, FIVE = time(9), time(12), time(14), time(17, 30)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([schedule("MO,TU,WE,TH,FR", MORNING, FIVE)], ["Mon–Fri 09:00–17:30"]),
        ([schedule("SA,MO,TU", MORNING, NOON)], ["Mon, Tue, Sat 09:00–12:00"]),
        (
            [schedule("MO,WE", MORNING, NOON), schedule("MO,WE", TWO, FIVE)],
            ["Mon, Wed 09:00–12:00, 14:00–17:30"],
        ),
        (
            [schedule("MO,TU,WE,TH,FR,SA,SU", time(0), time(0))],
            ["every day round the clock"],
        ),
        ([schedule("MO", MORNING, NOON, interval=2)], ["Mon, every 2 weeks 09:00–12:00"]),
        (
            [schedule("1MO,-1FR", MORNING, NOON, freq=Frequency.MONTHLY)],
            ["each month: Monday number 1, the last Friday 09:00–12:00"],
        ),
        (
            [schedule(None, MORNING, NOON, freq=Frequency.MONTHLY, bymonthday="1,15")],
            ["each month on day 1,15 09:00–12:00"],
        ),
        ([schedule(None, freq=None, description="By arrangement")], ["By arrangement"]),
        ([], []),
    ],
)  # fmt: skip
def test_hours_are_said_in_english(given, said):
    with override("en"):
        assert hours(given) == said


def test_hours_are_said_in_chinese():
    with override("zh-hans"):
        (line,) = hours([schedule("SA,SU", MORNING, NOON)])

    assert line == "周六、周日 09:00–12:00" or "、" in line
