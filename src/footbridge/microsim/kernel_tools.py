"""Compiled tools and harms: draws, counting, registration, death, overdose, infection.

`reference_rules` says the same in plain NumPy and is the judge. Only additions,
multiplications, comparisons and tables, so that every machine gives the same bits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.compiled import hot, rare
from footbridge.microsim.draws import GOLDEN, HALF, MIX_1, MIX_2, Event
from footbridge.microsim.flows import Flow
from footbridge.microsim.months import Fact
from footbridge.microsim.tables import LOGIT_LIMIT, LOGIT_STEPS, OLDEST
from footbridge.microsim.world import World

# Names that compiled code reads as constants.
_GOLDEN, _MIX_1, _MIX_2 = np.uint64(GOLDEN), np.uint64(MIX_1), np.uint64(MIX_2)
_LOW32 = np.uint64(0xFFFFFFFF)
_S30, _S27, _S31, _S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
PLACES = 7 << pp.PLACE_SHIFT
_KEPT = pp.INJECTS | pp.HIV
COMMUNITY = pp.COMMUNITY << pp.PLACE_SHIFT
METHADONE = pp.METHADONE << pp.PLACE_SHIFT
CENTRE = pp.CENTRE << pp.PLACE_SHIFT
PRIVATE = pp.PRIVATE << pp.PLACE_SHIFT
ORDER = pp.ORDER << pp.PLACE_SHIFT
USING, ABSTINENT, DEAD = pp.USING, pp.ABSTINENT, pp.DEAD
_LIMIT, _STEPS, _LAST_STEP = LOGIT_LIMIT, LOGIT_STEPS, 2 * LOGIT_LIMIT * LOGIT_STEPS - 1.0

Base = Any  # uint64 in compiled code


@hot
def base_of(w: World, i: int) -> Base:
    """Return the counter of a person and month, before the event's word is added."""
    return (np.uint64(i) << np.uint64(16)) + (np.uint64(w.frame.month) << np.uint64(6))


@hot
def draw(w: World, base: Base, event: int) -> float:
    """Return the uniform of one event; `draws.splitmix` is the same for arrays."""
    z = (base + np.uint64(event >> 1)) * _GOLDEN + w.frame.key1
    z = (z ^ (z >> _S30)) * _MIX_1 + w.frame.key2
    z = (z ^ (z >> _S27)) * _MIX_2
    z = z ^ (z >> _S31)
    part = z >> _S32 if event & 1 else z & _LOW32
    return float(part * HALF)


@hot
def logistic(table: NDArray[np.float64], x: float) -> float:
    """Return the logistic function as `tables.logistic` does."""
    at = (x + _LIMIT) * _STEPS
    at = min(max(at, 0.0), _LAST_STEP)
    cell = np.int64(at)
    left = table[cell]
    return float(left + (at - cell) * (table[cell + 1] - left))


@hot
def group(w: World, i: int) -> int:
    """Return a person's group: registered, sex and income fifth."""
    return int((w.people.flags[i] & 3) + 4 * (np.int64(w.people.income[i]) * 5 >> 8))


@hot
def count(w: World, flow: int, i: int) -> None:
    """Count one event of one person, this year."""
    w.tally.flow[w.frame.year, flow, group(w, i)] += 1


@hot
def count_in(w: World, year: int, flow: int, i: int) -> None:
    """Count one event of one person in another year."""
    w.tally.flow[year, flow, group(w, i)] += 1


@hot
def put(w: World, i: int, use: int, place: int) -> None:
    """Set use and place; route and HIV stay."""
    w.people.axes[i] = (w.people.axes[i] & _KEPT) | use | place


@rare
def register(w: World, i: int, p: float) -> bool:
    """Register an unregistered person with probability p; return whether it happened."""
    if w.people.flags[i] & pp.REGISTERED:
        return False
    if draw(w, base_of(w, i), Event.REGISTERED) >= p:
        return False
    count(w, Flow.REGISTERED, i)
    w.people.flags[i] |= pp.REGISTERED
    w.people.detected[i] = w.frame.month
    return True


@hot
def reached(w: World, i: int) -> bool:
    """Whether a campaign reaches a person: decided once, whatever the month."""
    if w.now[Fact.REACH] <= 0.0:
        return False
    return bool(draw(w, np.uint64(i) << np.uint64(16), Event.REACHED) < w.now[Fact.REACH])


@rare
def die(w: World, i: int) -> None:
    """End a life, counted where it was lived."""
    count(w, Flow.DEATH, i)
    if w.people.flags[i] & pp.EVER_METHADONE:
        count(w, Flow.DEATH_CLIENT, i)
    place = w.people.axes[i] & PLACES
    if place == METHADONE:
        count(w, Flow.DEATH_METHADONE, i)
    elif place == CENTRE:
        count(w, Flow.DEATH_CENTRE, i)
    elif w.people.axes[i] & 3 == USING:
        count(w, Flow.DEATH_USING, i)
    put(w, i, DEAD, COMMUNITY)


@hot
def survives(w: World, i: int) -> bool:
    """Block 9, background: whether a person lives through the month, overdose apart."""
    axes = w.people.axes[i]
    age = min(max((w.frame.month - w.people.birth[i]) // 12, 0), OLDEST)
    p = w.lut.death[w.lut.condition[axes & 31], age]
    if axes & pp.HIV:
        p = p + w.now[Fact.HIV_DEATH]
    return bool(draw(w, base_of(w, i), Event.DEATH) >= p)


@hot
def overdose(w: World, i: int) -> bool:
    """Block 9: overdose and whether it was fatal. Only called where there may be one."""
    axes = w.people.axes[i]
    p = w.now[Fact.OD_INJECT] if axes & pp.INJECTS else w.now[Fact.OD_SMOKE]
    recent = w.frame.month - w.people.released[i] <= 1
    if recent:
        p = p * w.now[Fact.OD_RECENT]
    if axes & PLACES == METHADONE:
        p = p * w.now[Fact.OD_METHADONE]
    elif axes & PLACES == CENTRE:
        p = p * w.now[Fact.OD_CENTRE]
    base = base_of(w, i)
    if draw(w, base, Event.OVERDOSE) >= p:
        return False
    count(w, Flow.OVERDOSE, i)
    if recent:
        count(w, Flow.OVERDOSE_RECENT, i)
    if axes & pp.INJECTS and axes & 3 == USING:
        count(w, Flow.OVERDOSE_INJECTS, i)
    fatal = w.now[Fact.FATAL_RECENT] if recent else w.now[Fact.FATAL]
    if draw(w, base, Event.FATAL) >= fatal:
        return False
    count(w, Flow.OVERDOSE_DEATH, i)
    die(w, i)
    return True


@hot
def infection(w: World, i: int) -> None:
    """Block 10: HIV of a person who injects and is using or in methadone."""
    inside = w.people.axes[i] & PLACES == METHADONE
    p = w.now[Fact.HIV_IN] if inside else w.now[Fact.HIV_OUT]
    if draw(w, base_of(w, i), Event.HIV) < p:
        count(w, Flow.HIV, i)
        if inside:
            count(w, Flow.HIV_METHADONE, i)
        w.people.axes[i] |= pp.HIV
