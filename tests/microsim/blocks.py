"""What the tests of the equation blocks share: people all alike, and one month of theirs."""

import numpy as np

from footbridge.microsim import draws, kernel
from footbridge.microsim import people as pp
from footbridge.microsim.calendar import NEVER
from footbridge.microsim.flows import Flow, empty_tally
from footbridge.microsim.months import Fact
from footbridge.microsim.parameters import defaults
from footbridge.microsim.tables import (
    Full,
    facts_of_month,
    tables_of,
)
from footbridge.microsim.world import Frame, World

N = 40_000
USING = pp.USING
IN_METHADONE = pp.ABSTINENT | pp.METHADONE << 2
IN_CENTRE = pp.ABSTINENT | pp.CENTRE << 2


def alike(axes, *, n=N, flags=0, month=300, **stamps):
    """Return n people who are all in the same state."""
    blank = {
        "axes": axes, "flags": flags, "source": 0, "times": 0, "severity": 128, "stigma": 128,
        "income": 128, "belief": 128, "province": 0, "entry": 100, "route": NEVER,
        "birth": month - 35 * 12, "changed": month - 1, "detected": -1000, "until": -1000,
        "released": -1000, "private": -1000, "eta": 0.0,
    }  # fmt: skip
    blank |= stamps
    types = [np.uint8] * 9 + [np.int16] * 8 + [np.float32]
    return pp.People(
        *(
            np.full(n, blank[name], dtype=t)
            for name, t in zip(pp.People._fields, types, strict=True)
        )
    )


def a_month(people, *, month=300, values=None, full=None, **facts):
    """Move people on by one month, with some facts of it changed; return what was counted."""
    tables = tables_of(values or defaults())
    quiet = {Fact.KAPPA: 0.0, Fact.QUIT: 0.0, Fact.PRV_BEDS: 0.0, Fact.ACCESS: 0.0}
    for fact, value in {**quiet, **{Fact[k]: v for k, v in facts.items()}}.items():
        tables.months[month, fact] = value
    now = facts_of_month(tables, month, full or Full(0, 0, 0), (0.0, 0.0))
    tally = empty_tally()
    frame = Frame(month, month // 12, 0, len(people.axes), *draws.keys_of(77))
    kernel.advance(World(people, tables.lookups, now, tally, frame))
    return {flow: int(tally.flow[:, flow].sum()) for flow in Flow}


def close(count, probability, n=N, sds=4.5):
    return abs(count - n * probability) <= sds * np.sqrt(n * probability * (1 - probability)) + 1e-9
