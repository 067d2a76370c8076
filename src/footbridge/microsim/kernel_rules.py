"""The equation blocks of care and police for one person and month, compiled.

`kernel` calls them in order; `reference` and `reference_rules` say the same in plain NumPy.
A chance of a user in the community that changes here has its bound in `kernel_screen`.
"""

import numpy as np

from footbridge.microsim import people as pp
from footbridge.microsim.compiled import hot, rare
from footbridge.microsim.draws import Event
from footbridge.microsim.flows import N_TIMES, Flow
from footbridge.microsim.kernel_tools import (
    ABSTINENT,
    CENTRE,
    COMMUNITY,
    METHADONE,
    ORDER,
    PLACES,
    PRIVATE,
    USING,
    base_of,
    count,
    count_in,
    draw,
    logistic,
    put,
    reached,
    register,
)
from footbridge.microsim.months import Fact
from footbridge.microsim.tables import LONGEST
from footbridge.microsim.world import World


@rare
def _into_centre(w: World, i: int) -> None:
    """Block 3: begin a stay in a compulsory centre."""
    base, month, earlier = base_of(w, i), w.frame.month, w.people.times[i]
    regime = int(w.now[Fact.REGIME])
    if earlier > 0 and regime == 0 and draw(w, base, Event.LABOUR) < w.now[Fact.P_LABOUR]:
        regime = 1
        count(w, Flow.LABOUR, i)
    count(w, Flow.CENTRE, i)
    w.tally.times[w.frame.year, min(earlier, N_TIMES - 1)] += 1
    since = month - w.people.released[i]
    if since <= 3:
        count(w, Flow.CENTRE_WITHIN_3, i)
    if since <= 12:
        count(w, Flow.CENTRE_WITHIN_12, i)
    stay = w.lut.stay[regime, np.int64(draw(w, base, Event.STAY) * 256.0)]
    w.people.until[i] = month + max(1, int(stay * w.now[Fact.STAY] + 0.5))
    w.people.flags[i] &= 255 - pp.TREATED - pp.MANAGED - pp.JOB
    if draw(w, base, Event.TREATED) < w.now[Fact.TREATED]:
        w.people.flags[i] |= pp.TREATED
        count(w, Flow.TREATED, i)
    if earlier < 255:
        w.people.times[i] = earlier + 1
    w.people.changed[i] = month
    put(w, i, ABSTINENT, CENTRE)


@rare
def _detected(w: World, i: int) -> None:
    """Blocks 2 and 3: the police find a person; register, then sanction."""
    month, base = w.frame.month, base_of(w, i)
    again = w.people.detected[i] >= 0
    count(w, Flow.DETECTED, i)
    if again:
        count(w, Flow.DETECTED_AGAIN, i)
    register(w, i, w.now[Fact.REG_DETECT])
    w.people.detected[i] = month
    ordered = w.people.axes[i] & PLACES == ORDER
    p = w.now[Fact.P_REPEAT] if again else w.now[Fact.P_FIRST]
    if ordered:
        p = w.now[Fact.P_BREACH]
    if draw(w, base, Event.SANCTION) < p * w.now[Fact.CENTRE_FREE]:
        _into_centre(w, i)
    elif not ordered and draw(w, base, Event.ORDERED) < w.now[Fact.P_ORDER]:
        count(w, Flow.ORDER, i)
        w.people.until[i] = month + 36
        put(w, i, USING, ORDER)
    else:
        count(w, Flow.FINE, i)


@rare
def _into_methadone(w: World, i: int) -> None:
    """Block 4: enrol, which registers while the law says so."""
    flags = w.people.flags[i]
    count(w, Flow.METHADONE, i)
    if not flags & pp.EVER_METHADONE:
        count(w, Flow.METHADONE_FIRST, i)
    if flags & pp.DROPPED and not flags & pp.RETURNED:
        count(w, Flow.METHADONE_AGAIN, i)
        w.people.flags[i] |= pp.RETURNED
    w.people.flags[i] |= pp.EVER_METHADONE
    if register(w, i, w.now[Fact.REG_ENTRY]):
        count(w, Flow.REGISTERED_BY_CARE, i)
    w.people.changed[i] = w.frame.month
    put(w, i, ABSTINENT, METHADONE)


@hot
def _seeks(w: World, i: int) -> bool:
    """Block 4: whether a user enrols this month; most are passed over by the bound."""
    u = draw(w, base_of(w, i), Event.SEEKS)
    eta = w.now[Fact.ALPHA] + w.people.eta[i]
    if not w.people.flags[i] & pp.REGISTERED:
        eta = eta - w.now[Fact.B_REG]
    fear = 1.0 if w.people.times[i] > 0 else w.now[Fact.FEAR_BASE]
    eta = eta - w.now[Fact.B_FEAR] * fear
    if w.people.flags[i] & pp.EVER_METHADONE:
        eta = eta + w.now[Fact.RHO]
    if reached(w, i):
        eta = eta + w.now[Fact.GAIN]
    return bool(u < w.now[Fact.SEEK_FREE] * logistic(w.lut.logistic, eta))


@hot
def _goes_private(w: World, i: int) -> bool:
    """Block 5: whether a user pays for a private week this month."""
    u = draw(w, base_of(w, i), Event.PRIVATE)
    income = w.now[Fact.INCOME_SD] * w.lut.normal[w.people.income[i]]
    pays = w.now[Fact.PRV_WTP] * (income - w.now[Fact.PRV_LOGPRICE])
    wants = w.now[Fact.PRV_ALPHA] - w.now[Fact.PRV_STIGMA] * w.lut.normal[w.people.stigma[i]]
    if not w.people.flags[i] & pp.REGISTERED:
        wants = wants + w.now[Fact.PRV_ANON]
    if w.people.private[i] >= 0:
        wants = wants + w.now[Fact.PRV_AGAIN]
    if reached(w, i):
        wants = wants + 0.3 * w.now[Fact.GAIN]
    chance = w.now[Fact.PRV_FREE] * logistic(w.lut.logistic, pays)
    return bool(u < chance * logistic(w.lut.logistic, wants))


@rare
def _into_private(w: World, i: int) -> None:
    """Block 5: a private week, and what kind of person takes it."""
    month, flags = w.frame.month, w.people.flags[i]
    count(w, Flow.PRIVATE, i)
    if w.people.private[i] < 0 and not flags & (pp.REGISTERED | pp.EVER_METHADONE):
        count(w, Flow.PRIVATE_NEW, i)
    if month - w.people.private[i] <= 12:
        count(w, Flow.PRIVATE_AGAIN, i)
    if w.people.times[i] > 0:
        count(w, Flow.PRIVATE_DETAINED, i)
    if flags & pp.EVER_METHADONE:
        count(w, Flow.PRIVATE_METHADONE, i)
    if w.people.axes[i] & pp.INJECTS:
        count(w, Flow.PRIVATE_INJECTS, i)
    if month - w.people.entry[i] > 120:
        count(w, Flow.PRIVATE_10Y, i)
    if (month - w.people.birth[i]) // 120 == 4:
        count(w, Flow.PRIVATE_40S, i)
    register(w, i, w.now[Fact.REG_PRIVATE])
    w.people.private[i] = month
    w.people.changed[i] = month
    put(w, i, ABSTINENT, PRIVATE)


@hot
def _using(w: World, i: int) -> None:
    """Blocks 1, 2, 4, 5 and 7 for a user in the community, in this order."""
    month, base = w.frame.month, base_of(w, i)
    if month >= w.people.route[i] and not w.people.axes[i] & pp.INJECTS:
        w.people.axes[i] |= pp.INJECTS
        count(w, Flow.INJECTED, i)
    p = w.now[Fact.KAPPA] * w.lut.detect[w.people.income[i]]
    if w.people.flags[i] & pp.REGISTERED:
        fresh = month - w.people.detected[i] < 36
        p = p * (w.now[Fact.M_REG] if fresh else w.now[Fact.M_OLD])
    if w.people.axes[i] & PLACES == ORDER:
        p = p * w.now[Fact.M_ORDER]
    if draw(w, base, Event.DETECTED) < p:
        _detected(w, i)
    elif _seeks(w, i):
        _into_methadone(w, i)
    elif _goes_private(w, i):
        _into_private(w, i)
    elif draw(w, base, Event.QUITS) < w.now[Fact.QUIT]:
        count(w, Flow.QUIT, i)
        w.people.source[i] = pp.UNAIDED
        w.people.changed[i] = month
        put(w, i, ABSTINENT, w.people.axes[i] & PLACES)


@hot
def _links(w: World, i: int) -> bool:
    """Block 8: whether a person released up to six months ago is linked to methadone."""
    since = w.frame.month - w.people.released[i]
    if since > 6 or since < 1 or w.now[Fact.OPEN] <= 0.0:
        return False
    flags = w.people.flags[i]
    p = w.now[Fact.LINK_USUAL]
    if flags & pp.TREATED:
        p = max(p, w.now[Fact.LINK_TREATED])
    if flags & pp.MANAGED and since <= 3:
        p = max(p, w.now[Fact.LINK_MANAGED])
    return bool(draw(w, base_of(w, i), Event.LINKS) < p)


@hot
def community(w: World, i: int) -> None:
    """A month in the community, with or without an order."""
    if w.people.axes[i] & PLACES == ORDER and w.frame.month >= w.people.until[i]:
        put(w, i, w.people.axes[i] & 3, COMMUNITY)
    if _links(w, i):
        count(w, Flow.LINKED, i)
        _into_methadone(w, i)
    elif w.people.axes[i] & 3 == USING:
        _using(w, i)
    else:
        job = 1 if w.people.flags[i] & pp.JOB else 0
        so_long = min(w.frame.month - w.people.changed[i], LONGEST)
        p = w.lut.relapse[2 * w.people.source[i] + job, so_long, w.people.severity[i] >> 5]
        if draw(w, base_of(w, i), Event.RELAPSES) < p:
            count(w, Flow.RELAPSED, i)
            w.people.changed[i] = w.frame.month
            put(w, i, USING, w.people.axes[i] & PLACES)


@hot
def in_methadone(w: World, i: int) -> None:
    """Block 6: a month in methadone: urine, then the police, then leaving."""
    month, base = w.frame.month, base_of(w, i)
    so_long = month - w.people.changed[i]
    positive = draw(w, base, Event.URINE) < w.now[Fact.URINE]
    if positive:
        count(w, Flow.URINE, i)
    taken = w.now[Fact.POLICE] * (2.0 if positive else 0.7)
    if draw(w, base, Event.POLICE) < taken:
        count(w, Flow.POLICE, i)
        _left(w, i)
        register(w, i, w.now[Fact.REG_DETECT])
        w.people.detected[i] = month
        _into_centre(w, i)
        return
    leaves = w.now[Fact.DROP_EARLY] if so_long <= 3 else w.now[Fact.DROP_LATE]
    leaves = leaves * w.lut.drop[w.people.stigma[i]] * w.lut.stays[w.people.belief[i]]
    if reached(w, i):
        leaves = leaves * w.now[Fact.DROP_GAIN]
    if draw(w, base, Event.DROPS) < leaves:
        count(w, Flow.DROPPED, i)
        _left(w, i)
        w.people.source[i] = pp.FROM_METHADONE
        w.people.changed[i] = month
        put(w, i, ABSTINENT, COMMUNITY)
        return
    for milestone, flow in (
        (3, Flow.KEPT_3), (12, Flow.KEPT_12), (24, Flow.KEPT_24),
        (36, Flow.KEPT_36), (84, Flow.KEPT_84),
    ):  # fmt: skip
        if so_long == milestone:
            count_in(w, w.people.changed[i] // 12, flow, i)


@hot
def _left(w: World, i: int) -> None:
    """Remember that a person left methadone at least once."""
    if not w.people.flags[i] & pp.DROPPED:
        w.people.flags[i] |= pp.DROPPED
        count(w, Flow.DROPPED_FIRST, i)


@rare
def released(w: World, i: int) -> None:
    """Block 8: the gate of a centre: recovery management, a job, abstinence on trial."""
    base = base_of(w, i)
    count(w, Flow.RELEASED, i)
    job = w.now[Fact.JOB_USUAL]
    if draw(w, base, Event.MANAGED) < w.now[Fact.MANAGED]:
        w.people.flags[i] |= pp.MANAGED
        job = w.now[Fact.JOB_MANAGED]
        count(w, Flow.MANAGED, i)
    if draw(w, base, Event.JOB) < job:
        w.people.flags[i] |= pp.JOB
        count(w, Flow.JOB, i)
    treated = w.people.flags[i] & pp.TREATED
    w.people.source[i] = pp.FROM_TREATED if treated else pp.FROM_CENTRE
    w.people.released[i] = w.frame.month
    w.people.detected[i] = w.frame.month  # three years unseen begin with freedom
    w.people.changed[i] = w.frame.month
    put(w, i, ABSTINENT, COMMUNITY)


@hot
def home_from_private(w: World, i: int) -> None:
    """Block 5: the week is over; aftercare decides which curve of relapse follows."""
    cared = draw(w, base_of(w, i), Event.AFTERCARE) < w.now[Fact.AFTERCARE]
    w.people.source[i] = pp.FROM_AFTERCARE if cared else pp.FROM_PRIVATE
    w.people.changed[i] = w.frame.month
    put(w, i, ABSTINENT, COMMUNITY)
