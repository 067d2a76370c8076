"""The equation blocks for one person and month, compiled; `kernel` calls them in order.

`reference` says the same in plain NumPy and is the judge. No fastmath and no library function
in here: only additions, multiplications, comparisons and tables, so that every machine gives
the same bits.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.draws import GOLDEN, HALF, MIX_1, MIX_2, Event
from footbridge.microsim.flows import N_TIMES, Flow, Frame, Tally
from footbridge.microsim.months import Fact
from footbridge.microsim.people import People
from footbridge.microsim.tables import LOGIT_LIMIT, LOGIT_STEPS, LONGEST, OLDEST, Lookups

# Names that compiled code reads as constants.
_GOLDEN, _MIX_1, _MIX_2 = np.uint64(GOLDEN), np.uint64(MIX_1), np.uint64(MIX_2)
_LOW32 = np.uint64(0xFFFFFFFF)
_S30, _S27, _S31, _S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_PLACES = 7 << pp.PLACE_SHIFT
_KEPT = pp.INJECTS | pp.HIV
_COMMUNITY = pp.COMMUNITY << pp.PLACE_SHIFT
_METHADONE = pp.METHADONE << pp.PLACE_SHIFT
_CENTRE = pp.CENTRE << pp.PLACE_SHIFT
_PRIVATE = pp.PRIVATE << pp.PLACE_SHIFT
_ORDER = pp.ORDER << pp.PLACE_SHIFT
_USING, _ABSTINENT, _DEAD = pp.USING, pp.ABSTINENT, pp.DEAD
_LIMIT, _STEPS, _LAST_STEP = LOGIT_LIMIT, LOGIT_STEPS, 2 * LOGIT_LIMIT * LOGIT_STEPS - 1.0

Facts = NDArray[np.float64]
Base = Any  # uint64 in compiled code

# Without reference counts (nothing is allocated here), and inlined where most months pass.
RARE = {"_nrt": False, "error_model": "numpy"}
HOT = {**RARE, "forceinline": True}


@njit(**HOT)
def _draw(frame: Frame, base: Base, event: int) -> float:
    """Return the uniform of one event; `draws.splitmix` is the same for arrays."""
    z = (base + np.uint64(event >> 1)) * _GOLDEN + frame.key1
    z = (z ^ (z >> _S30)) * _MIX_1 + frame.key2
    z = (z ^ (z >> _S27)) * _MIX_2
    z = z ^ (z >> _S31)
    part = z >> _S32 if event & 1 else z & _LOW32
    return part * HALF


@njit(**HOT)
def _logistic(table: NDArray[np.float64], x: float) -> float:
    """Return the logistic function as `tables.logistic` does."""
    at = (x + _LIMIT) * _STEPS
    at = min(max(at, 0.0), _LAST_STEP)
    cell = np.int64(at)
    left = table[cell]
    return left + (at - cell) * (table[cell + 1] - left)


@njit(**HOT)
def _group(people: People, i: int) -> int:
    """Return a person's group: registered, sex and income fifth."""
    return (people.flags[i] & 3) + 4 * (np.int64(people.income[i]) * 5 >> 8)


@njit(**HOT)
def _count(people: People, tally: Tally, year: int, flow: int, i: int) -> None:
    """Count one event of one person."""
    tally.flow[year, flow, _group(people, i)] += 1


@njit(**HOT)
def _place(people: People, i: int, use: int, place: int) -> None:
    """Set use and place; route and HIV stay."""
    people.axes[i] = (people.axes[i] & _KEPT) | use | place


@njit(**RARE)
def _die(people: People, tally: Tally, frame: Frame, i: int) -> None:
    """End a life, counted where it was lived."""
    _count(people, tally, frame.year, Flow.DEATH, i)
    if people.flags[i] & pp.EVER_METHADONE:
        _count(people, tally, frame.year, Flow.DEATH_CLIENT, i)
    place = people.axes[i] & _PLACES
    if place == _METHADONE:
        _count(people, tally, frame.year, Flow.DEATH_METHADONE, i)
    elif place == _CENTRE:
        _count(people, tally, frame.year, Flow.DEATH_CENTRE, i)
    elif people.axes[i] & 3 == _USING:
        _count(people, tally, frame.year, Flow.DEATH_USING, i)
    _place(people, i, _DEAD, _COMMUNITY)


@njit(**RARE)
def _register(people: People, tally: Tally, frame: Frame, i: int, p: float) -> bool:
    """Register an unregistered person with probability p; return whether it happened."""
    if people.flags[i] & pp.REGISTERED:
        return False
    if _draw(frame, _base(frame, i), Event.REGISTERED) >= p:
        return False
    _count(people, tally, frame.year, Flow.REGISTERED, i)
    people.flags[i] |= pp.REGISTERED
    people.detected[i] = frame.month
    return True


@njit(**HOT)
def _base(frame: Frame, i: int) -> Base:
    """Return the counter of a person and month, before the event's word is added."""
    return (np.uint64(i) << np.uint64(16)) + (np.uint64(frame.month) << np.uint64(6))


@njit(**HOT)
def _survives(people: People, lut: Lookups, now: Facts, frame: Frame, i: int) -> bool:
    """Block 9, background: whether a person lives through the month, overdose apart."""
    axes = people.axes[i]
    age = min(max((frame.month - people.birth[i]) // 12, 0), OLDEST)
    p = lut.death[lut.condition[axes & 31], age]
    if axes & pp.HIV:
        p = p + now[Fact.HIV_DEATH]
    return _draw(frame, _base(frame, i), Event.DEATH) >= p


@njit(**HOT)
def _overdose(people: People, now: Facts, tally: Tally, frame: Frame, i: int) -> bool:
    """Block 9: overdose and whether it was fatal. Only called where there may be one."""
    axes = people.axes[i]
    p = now[Fact.OD_INJECT] if axes & pp.INJECTS else now[Fact.OD_SMOKE]
    recent = frame.month - people.released[i] <= 1
    if recent:
        p = p * now[Fact.OD_RECENT]
    if axes & _PLACES == _METHADONE:
        p = p * now[Fact.OD_METHADONE]
    elif axes & _PLACES == _CENTRE:
        p = p * now[Fact.OD_CENTRE]
    base = _base(frame, i)
    if _draw(frame, base, Event.OVERDOSE) >= p:
        return False
    _count(people, tally, frame.year, Flow.OVERDOSE, i)
    if recent:
        _count(people, tally, frame.year, Flow.OVERDOSE_RECENT, i)
    if axes & pp.INJECTS and axes & 3 == _USING:
        _count(people, tally, frame.year, Flow.OVERDOSE_INJECTS, i)
    fatal = now[Fact.FATAL_RECENT] if recent else now[Fact.FATAL]
    if _draw(frame, base, Event.FATAL) >= fatal:
        return False
    _count(people, tally, frame.year, Flow.OVERDOSE_DEATH, i)
    _die(people, tally, frame, i)
    return True


@njit(**HOT)
def _infection(people: People, now: Facts, tally: Tally, frame: Frame, i: int) -> None:
    """Block 10: HIV of a person who injects and is using or in methadone."""
    inside = people.axes[i] & _PLACES == _METHADONE
    p = now[Fact.HIV_IN] if inside else now[Fact.HIV_OUT]
    if _draw(frame, _base(frame, i), Event.HIV) < p:
        _count(people, tally, frame.year, Flow.HIV, i)
        if inside:
            _count(people, tally, frame.year, Flow.HIV_METHADONE, i)
        people.axes[i] |= pp.HIV


@njit(**RARE)
def _into_centre(
    people: People, lut: Lookups, now: Facts, tally: Tally, frame: Frame, i: int
) -> None:
    """Block 3: begin a stay in a compulsory centre."""
    base, month, earlier = _base(frame, i), frame.month, people.times[i]
    regime = np.int64(now[Fact.REGIME])
    if earlier > 0 and regime == 0 and _draw(frame, base, Event.LABOUR) < now[Fact.P_LABOUR]:
        regime = 1
        _count(people, tally, frame.year, Flow.LABOUR, i)
    _count(people, tally, frame.year, Flow.CENTRE, i)
    tally.times[frame.year, min(earlier, N_TIMES - 1)] += 1
    since = month - people.released[i]
    if since <= 3:
        _count(people, tally, frame.year, Flow.CENTRE_WITHIN_3, i)
    if since <= 12:
        _count(people, tally, frame.year, Flow.CENTRE_WITHIN_12, i)
    stay = lut.stay[regime, np.int64(_draw(frame, base, Event.STAY) * 256.0)]
    people.until[i] = month + max(1, np.int64(stay * now[Fact.STAY] + 0.5))
    people.flags[i] &= 255 - pp.TREATED - pp.MANAGED - pp.JOB
    if _draw(frame, base, Event.TREATED) < now[Fact.TREATED]:
        people.flags[i] |= pp.TREATED
        _count(people, tally, frame.year, Flow.TREATED, i)
    if earlier < 255:
        people.times[i] = earlier + 1
    people.changed[i] = month
    _place(people, i, _ABSTINENT, _CENTRE)


@njit(**RARE)
def _detected(
    people: People, lut: Lookups, now: Facts, tally: Tally, frame: Frame, i: int
) -> None:
    """Blocks 2 and 3: the police find a person; register, then sanction."""
    month, base = frame.month, _base(frame, i)
    again = people.detected[i] >= 0
    _count(people, tally, frame.year, Flow.DETECTED, i)
    if again:
        _count(people, tally, frame.year, Flow.DETECTED_AGAIN, i)
    _register(people, tally, frame, i, now[Fact.REG_DETECT])
    people.detected[i] = month
    ordered = people.axes[i] & _PLACES == _ORDER
    p = now[Fact.P_REPEAT] if again else now[Fact.P_FIRST]
    if ordered:
        p = now[Fact.P_BREACH]
    if _draw(frame, base, Event.SANCTION) < p * now[Fact.CENTRE_FREE]:
        _into_centre(people, lut, now, tally, frame, i)
    elif not ordered and _draw(frame, base, Event.ORDERED) < now[Fact.P_ORDER]:
        _count(people, tally, frame.year, Flow.ORDER, i)
        people.until[i] = month + 36
        _place(people, i, _USING, _ORDER)
    else:
        _count(people, tally, frame.year, Flow.FINE, i)


@njit(**RARE)
def _into_methadone(people: People, now: Facts, tally: Tally, frame: Frame, i: int) -> None:
    """Block 4: enrol, which registers while the law says so."""
    flags = people.flags[i]
    _count(people, tally, frame.year, Flow.METHADONE, i)
    if not flags & pp.EVER_METHADONE:
        _count(people, tally, frame.year, Flow.METHADONE_FIRST, i)
    if flags & pp.DROPPED and not flags & pp.RETURNED:
        _count(people, tally, frame.year, Flow.METHADONE_AGAIN, i)
        people.flags[i] |= pp.RETURNED
    people.flags[i] |= pp.EVER_METHADONE
    if _register(people, tally, frame, i, now[Fact.REG_ENTRY]):
        _count(people, tally, frame.year, Flow.REGISTERED_BY_CARE, i)
    people.changed[i] = frame.month
    _place(people, i, _ABSTINENT, _METHADONE)


@njit(**HOT)
def _seeks(people: People, lut: Lookups, now: Facts, frame: Frame, i: int) -> bool:
    """Block 4: whether a user enrols this month; most are passed over by the bound."""
    u = _draw(frame, _base(frame, i), Event.SEEKS)
    if u >= now[Fact.SEEK_TOP]:
        return False
    eta = now[Fact.ALPHA] + people.eta[i]
    if not people.flags[i] & pp.REGISTERED:
        eta = eta - now[Fact.B_REG]
    fear = 1.0 if people.times[i] > 0 else now[Fact.FEAR_BASE]
    eta = eta - now[Fact.B_FEAR] * fear
    if people.flags[i] & pp.EVER_METHADONE:
        eta = eta + now[Fact.RHO]
    if _reached(now, frame, i):
        eta = eta + now[Fact.GAIN]
    return u < now[Fact.SEEK_FREE] * _logistic(lut.logistic, eta)


@njit(**HOT)
def _reached(now: Facts, frame: Frame, i: int) -> bool:
    """Whether a campaign reaches a person: decided once, whatever the month."""
    if now[Fact.REACH] <= 0.0:
        return False
    return _draw(frame, np.uint64(i) << np.uint64(16), Event.REACHED) < now[Fact.REACH]


@njit(**HOT)
def _goes_private(people: People, lut: Lookups, now: Facts, frame: Frame, i: int) -> bool:
    """Block 5: whether a user pays for a private week this month."""
    u = _draw(frame, _base(frame, i), Event.PRIVATE)
    if u >= now[Fact.PRV_TOP]:
        return False
    income = now[Fact.INCOME_SD] * lut.normal[people.income[i]]
    pays = now[Fact.PRV_WTP] * (income - now[Fact.PRV_LOGPRICE])
    wants = now[Fact.PRV_ALPHA] - now[Fact.PRV_STIGMA] * lut.normal[people.stigma[i]]
    if not people.flags[i] & pp.REGISTERED:
        wants = wants + now[Fact.PRV_ANON]
    if people.private[i] >= 0:
        wants = wants + now[Fact.PRV_AGAIN]
    if _reached(now, frame, i):
        wants = wants + 0.3 * now[Fact.GAIN]
    chance = now[Fact.PRV_FREE] * _logistic(lut.logistic, pays)
    return u < chance * _logistic(lut.logistic, wants)


@njit(**RARE)
def _into_private(people: People, now: Facts, tally: Tally, frame: Frame, i: int) -> None:
    """Block 5: a private week, and what kind of person takes it."""
    year, month, flags = frame.year, frame.month, people.flags[i]
    _count(people, tally, year, Flow.PRIVATE, i)
    if people.private[i] < 0 and not flags & (pp.REGISTERED | pp.EVER_METHADONE):
        _count(people, tally, year, Flow.PRIVATE_NEW, i)
    if month - people.private[i] <= 12:
        _count(people, tally, year, Flow.PRIVATE_AGAIN, i)
    if people.times[i] > 0:
        _count(people, tally, year, Flow.PRIVATE_DETAINED, i)
    if flags & pp.EVER_METHADONE:
        _count(people, tally, year, Flow.PRIVATE_METHADONE, i)
    if people.axes[i] & pp.INJECTS:
        _count(people, tally, year, Flow.PRIVATE_INJECTS, i)
    if month - people.entry[i] > 120:
        _count(people, tally, year, Flow.PRIVATE_10Y, i)
    if (month - people.birth[i]) // 120 == 4:
        _count(people, tally, year, Flow.PRIVATE_40S, i)
    _register(people, tally, frame, i, now[Fact.REG_PRIVATE])
    people.private[i] = month
    people.changed[i] = month
    _place(people, i, _ABSTINENT, _PRIVATE)


@njit(**HOT)
def _using(
    people: People, lut: Lookups, now: Facts, tally: Tally, frame: Frame, i: int
) -> None:
    """Blocks 1, 2, 4, 5 and 7 for a user in the community, in this order."""
    month, base = frame.month, _base(frame, i)
    if month >= people.route[i] and not people.axes[i] & pp.INJECTS:
        people.axes[i] |= pp.INJECTS
        _count(people, tally, frame.year, Flow.INJECTED, i)
    p = now[Fact.KAPPA] * lut.detect[people.income[i]]
    if people.flags[i] & pp.REGISTERED:
        p = p * now[Fact.M_REG]
    if people.axes[i] & _PLACES == _ORDER:
        p = p * now[Fact.M_ORDER]
    if _draw(frame, base, Event.DETECTED) < p:
        _detected(people, lut, now, tally, frame, i)
    elif _seeks(people, lut, now, frame, i):
        _into_methadone(people, now, tally, frame, i)
    elif _goes_private(people, lut, now, frame, i):
        _into_private(people, now, tally, frame, i)
    elif _draw(frame, base, Event.QUITS) < now[Fact.QUIT]:
        _count(people, tally, frame.year, Flow.QUIT, i)
        people.source[i] = pp.UNAIDED
        people.changed[i] = month
        _place(people, i, _ABSTINENT, people.axes[i] & _PLACES)


@njit(**HOT)
def _links(people: People, now: Facts, frame: Frame, i: int) -> bool:
    """Block 8: whether a person released up to six months ago is linked to methadone."""
    since = frame.month - people.released[i]
    if since > 6 or since < 1 or now[Fact.OPEN] <= 0.0:
        return False
    flags = people.flags[i]
    p = now[Fact.LINK_USUAL]
    if flags & pp.TREATED:
        p = max(p, now[Fact.LINK_TREATED])
    if flags & pp.MANAGED and since <= 3:
        p = max(p, now[Fact.LINK_MANAGED])
    return _draw(frame, _base(frame, i), Event.LINKS) < p


@njit(**HOT)
def _community(
    people: People, lut: Lookups, now: Facts, tally: Tally, frame: Frame, i: int
) -> None:
    """A month in the community, with or without an order."""
    if people.axes[i] & _PLACES == _ORDER and frame.month >= people.until[i]:
        _place(people, i, people.axes[i] & 3, _COMMUNITY)
    if _links(people, now, frame, i):
        _count(people, tally, frame.year, Flow.LINKED, i)
        _into_methadone(people, now, tally, frame, i)
    elif people.axes[i] & 3 == _USING:
        _using(people, lut, now, tally, frame, i)
    else:
        job = 1 if people.flags[i] & pp.JOB else 0
        so_long = min(frame.month - people.changed[i], LONGEST)
        p = lut.relapse[2 * people.source[i] + job, so_long, people.severity[i] >> 5]
        if _draw(frame, _base(frame, i), Event.RELAPSES) < p:
            _count(people, tally, frame.year, Flow.RELAPSED, i)
            people.changed[i] = frame.month
            _place(people, i, _USING, people.axes[i] & _PLACES)


@njit(**HOT)
def _in_methadone(
    people: People, lut: Lookups, now: Facts, tally: Tally, frame: Frame, i: int
) -> None:
    """Block 6: a month in methadone: urine, then the police, then leaving."""
    month, base = frame.month, _base(frame, i)
    so_long = month - people.changed[i]
    for milestone, flow in (
        (3, Flow.KEPT_3), (12, Flow.KEPT_12), (24, Flow.KEPT_24),
        (36, Flow.KEPT_36), (84, Flow.KEPT_84),
    ):  # fmt: skip
        if so_long == milestone:
            _count(people, tally, people.changed[i] // 12, flow, i)
    positive = _draw(frame, base, Event.URINE) < now[Fact.URINE]
    if positive:
        _count(people, tally, frame.year, Flow.URINE, i)
    taken = now[Fact.POLICE] * (2.0 if positive else 0.7)
    if _draw(frame, base, Event.POLICE) < taken:
        _count(people, tally, frame.year, Flow.POLICE, i)
        _left(people, tally, frame, i)
        _register(people, tally, frame, i, now[Fact.REG_DETECT])
        people.detected[i] = month
        _into_centre(people, lut, now, tally, frame, i)
        return
    leaves = now[Fact.DROP_EARLY] if so_long < 3 else now[Fact.DROP_LATE]
    leaves = leaves * lut.drop[people.stigma[i]]
    if _reached(now, frame, i):
        leaves = leaves * now[Fact.DROP_GAIN]
    if _draw(frame, base, Event.DROPS) < leaves:
        _count(people, tally, frame.year, Flow.DROPPED, i)
        _left(people, tally, frame, i)
        people.source[i] = pp.FROM_METHADONE
        people.changed[i] = month
        _place(people, i, _ABSTINENT, _COMMUNITY)


@njit(**HOT)
def _left(people: People, tally: Tally, frame: Frame, i: int) -> None:
    """Remember that a person left methadone at least once."""
    if not people.flags[i] & pp.DROPPED:
        people.flags[i] |= pp.DROPPED
        _count(people, tally, frame.year, Flow.DROPPED_FIRST, i)


@njit(**RARE)
def _released(people: People, now: Facts, tally: Tally, frame: Frame, i: int) -> None:
    """Block 8: the gate of a centre: recovery management, a job, abstinence on trial."""
    base = _base(frame, i)
    _count(people, tally, frame.year, Flow.RELEASED, i)
    job = now[Fact.JOB_USUAL]
    if _draw(frame, base, Event.MANAGED) < now[Fact.MANAGED]:
        people.flags[i] |= pp.MANAGED
        job = now[Fact.JOB_MANAGED]
        _count(people, tally, frame.year, Flow.MANAGED, i)
    if _draw(frame, base, Event.JOB) < job:
        people.flags[i] |= pp.JOB
        _count(people, tally, frame.year, Flow.JOB, i)
    treated = people.flags[i] & pp.TREATED
    people.source[i] = pp.FROM_TREATED if treated else pp.FROM_CENTRE
    people.released[i] = frame.month
    people.changed[i] = frame.month
    _place(people, i, _ABSTINENT, _COMMUNITY)


@njit(**HOT)
def _home_from_private(people: People, now: Facts, frame: Frame, i: int) -> None:
    """Block 5: the week is over; aftercare decides which curve of relapse follows."""
    cared = _draw(frame, _base(frame, i), Event.AFTERCARE) < now[Fact.AFTERCARE]
    people.source[i] = pp.FROM_AFTERCARE if cared else pp.FROM_PRIVATE
    people.changed[i] = frame.month
    _place(people, i, _ABSTINENT, _COMMUNITY)
