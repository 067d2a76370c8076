"""The question the kernel asks first: whether anything can happen to this user this month.

Free of branches, since a branch that cannot be foreseen costs more than a draw. Every chance of
`kernel_rules` that a user in the community runs must have its bound here.
"""

from footbridge.microsim import people as pp
from footbridge.microsim import screen as sc
from footbridge.microsim.compiled import hot
from footbridge.microsim.draws import Event
from footbridge.microsim.kernel_tools import base_of, draw
from footbridge.microsim.months import N_FACTS, Fact
from footbridge.microsim.world import World

_SEEK, _PAYS, _WANTS = N_FACTS + sc.SEEK, N_FACTS + sc.PAYS, N_FACTS + sc.WANTS
_DIES, _LOW, _SCALE = N_FACTS + sc.DIES, N_FACTS + sc.ETA_LOW, N_FACTS + sc.ETA_SCALE
_SHIFT, _LAST_AGE, _LAST_ETA = sc.AGE_SHIFT, sc.AGE_BINS - 1, sc.ETA_BINS - 1
_ETA_BINS, _PART_BINS = sc.ETA_BINS, sc.PART_BINS
_LINKED_FOR = 6  # months after release in which a link may come, see `kernel_rules._links`


@hot
def quiet(w: World, i: int, axes: int, flags: int) -> bool:
    """Whether no event can happen this month to a user in the community without an order."""
    month, base, now = w.frame.month, base_of(w, i), w.now
    known = flags & pp.REGISTERED
    injects = axes & pp.INJECTS
    # what is not drawn: a first injection, the months after release, an end of registration
    loud = (month >= w.people.route[i]) & (injects == 0)
    loud |= month - w.people.released[i] <= _LINKED_FOR
    unseen = month - w.people.detected[i]
    loud |= (known != 0) & (unseen >= now[Fact.EXPIRY])
    # death, overdose, HIV
    age = min(max(month - w.people.birth[i], 0) >> _SHIFT, _LAST_AGE)
    with_hiv = now[Fact.HIV_DEATH]
    dies = now[_DIES + age] + (with_hiv if axes & pp.HIV else 0.0)
    inject, smoke = now[Fact.OD_INJECT], now[Fact.OD_SMOKE]
    hiv = now[Fact.HIV_OUT]
    loud |= draw(w, base, Event.DEATH) < dies
    loud |= draw(w, base, Event.OVERDOSE) < (inject if injects else smoke)
    loud |= draw(w, base, Event.HIV) < (hiv if injects else 0.0)
    # detection, and the three ways into care or out of use
    fresh, old = now[Fact.M_REG], now[Fact.M_OLD]
    of_known = fresh if unseen < 36 else old
    found = now[Fact.KAPPA] * w.lut.detect[w.people.income[i]] * (of_known if known else 1.0)
    loud |= draw(w, base, Event.DETECTED) < found
    marks = known | (flags & pp.EVER_METHADONE) >> 1 | (4 if w.people.times[i] > 0 else 0)
    cell = int((w.people.eta[i] - now[_LOW]) * now[_SCALE])
    cell = min(max(cell, 0), _LAST_ETA)
    seeks = now[Fact.SEEK_FREE] * now[_SEEK + _ETA_BINS * marks + cell]
    loud |= draw(w, base, Event.SEEKS) < seeks
    before = known | (2 if w.people.private[i] >= 0 else 0)
    wants = now[_WANTS + _PART_BINS * before + (w.people.stigma[i] >> 3)]
    pays = now[Fact.PRV_FREE] * now[_PAYS + (w.people.income[i] >> 3)]
    loud |= draw(w, base, Event.PRIVATE) < pays * wants
    loud |= draw(w, base, Event.QUITS) < now[Fact.QUIT]
    return not loud
