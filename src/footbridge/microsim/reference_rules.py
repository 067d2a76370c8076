"""The rules of the plain twin: each equation block for all persons it concerns, by masks."""

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.draws import Event, Generator, Keys
from footbridge.microsim.flows import N_TIMES, Flow
from footbridge.microsim.months import Fact
from footbridge.microsim.people import N_AXES
from footbridge.microsim.tables import OLDEST
from footbridge.microsim.world import World

Who = NDArray[np.int64]
Floats = NDArray[np.float64]
CARE_MILESTONES = (
    (3, Flow.KEPT_3), (12, Flow.KEPT_12), (24, Flow.KEPT_24),
    (36, Flow.KEPT_36), (84, Flow.KEPT_84),
)  # fmt: skip


class Rules:
    """The rules, bound to one month of one range of persons."""

    def __init__(self, draw: Generator, world: World) -> None:
        self._draw = draw
        self.people, self.lut, self.now, self.tally, self.frame = world
        self.month = world.frame.month
        self.keys = Keys(world.frame.key1, world.frame.key2)

    # -- small tools -----------------------------------------------------------------------
    def _u(self, event: Event, who: Who) -> Floats:
        return self._draw(self.keys, who, self.month, int(event))

    def _group(self, who: Who) -> Who:
        fifth = self.people.income[who].astype(np.int64) * 5 >> 8
        return (self.people.flags[who] & 3) + 4 * fifth

    def _cells(self, who: Who) -> Who:
        return self.people.axes[who] + N_AXES * self._group(who)

    def _count(self, flow: Flow, who: Who, years: Who | None = None) -> None:
        year = np.full(who.size, self.frame.year) if years is None else years
        np.add.at(self.tally.flow, (year, np.full(who.size, flow), self._group(who)), 1)

    def _put(self, who: Who, use: int, place: int) -> None:
        kept = self.people.axes[who] & (pp.INJECTS | pp.HIV)
        self.people.axes[who] = kept | use | place << pp.PLACE_SHIFT

    def _place(self, who: Who) -> NDArray[np.uint8]:
        return np.asarray(self.people.axes[who] >> pp.PLACE_SHIFT & 7, dtype=np.uint8)

    def _is_using(self, who: Who) -> NDArray[np.bool_]:
        return np.asarray(self.people.axes[who] & pp.USE_MASK == pp.USING)

    def _marked(self, who: Who, mark: int) -> NDArray[np.bool_]:
        return self.people.flags[who] & mark > 0

    def _since(self, stamp: NDArray[np.int16], who: Who) -> Who:
        return self.month - stamp[who].astype(np.int64)

    def _reached(self, who: Who) -> NDArray[np.bool_]:
        """Return whom a campaign reaches: decided once, by the draw of month 0."""
        if self.now[Fact.REACH] <= 0.0:
            return np.zeros(who.size, dtype=bool)
        u = self._draw(self.keys, who, 0, int(Event.REACHED))
        return np.asarray(u < self.now[Fact.REACH])

    # -- harm ------------------------------------------------------------------------------
    def _survivors(self, who: Who) -> Who:
        p = self.people
        age = np.clip(self._since(p.birth, who) // 12, 0, OLDEST)
        chance = self.lut.death[self.lut.condition[p.axes[who] & 31], age]
        chance = np.where(p.axes[who] & pp.HIV, chance + self.now[Fact.HIV_DEATH], chance)
        lives = self._u(Event.DEATH, who) >= chance
        self._die(who[~lives])
        return np.asarray(who[lives])

    def _die(self, who: Who) -> None:
        place = self._place(who)
        outside = ~np.isin(place, (pp.METHADONE, pp.CENTRE))
        self._count(Flow.DEATH, who)
        self._count(Flow.DEATH_CLIENT, who[self._marked(who, pp.EVER_METHADONE)])
        self._count(Flow.DEATH_METHADONE, who[place == pp.METHADONE])
        self._count(Flow.DEATH_CENTRE, who[place == pp.CENTRE])
        self._count(Flow.DEATH_USING, who[outside & self._is_using(who)])
        self._put(who, pp.DEAD, pp.COMMUNITY)

    def _without_overdose(self, who: Who) -> Who:
        place, now = self._place(who), self.now
        exposed = self._is_using(who) | np.isin(place, (pp.METHADONE, pp.CENTRE))
        some, place = who[exposed], place[exposed]
        injects = self.people.axes[some] & pp.INJECTS > 0
        recent = self._since(self.people.released, some) <= 1
        chance = np.where(injects, now[Fact.OD_INJECT], now[Fact.OD_SMOKE])
        chance = np.where(recent, chance * now[Fact.OD_RECENT], chance)
        chance = np.where(place == pp.METHADONE, chance * now[Fact.OD_METHADONE], chance)
        chance = np.where(place == pp.CENTRE, chance * now[Fact.OD_CENTRE], chance)
        happens = self._u(Event.OVERDOSE, some) < chance
        hurt, recent, injects = some[happens], recent[happens], injects[happens]
        self._count(Flow.OVERDOSE, hurt)
        self._count(Flow.OVERDOSE_RECENT, hurt[recent])
        self._count(Flow.OVERDOSE_INJECTS, hurt[injects & self._is_using(hurt)])
        lethal = np.where(recent, now[Fact.FATAL_RECENT], now[Fact.FATAL])
        dead = hurt[self._u(Event.FATAL, hurt) < lethal]
        self._count(Flow.OVERDOSE_DEATH, dead)
        self._die(dead)
        return np.setdiff1d(who, dead, assume_unique=True)

    def _infect(self, who: Who) -> None:
        place = self._place(who)
        risk = self.people.axes[who] & (pp.INJECTS | pp.HIV) == pp.INJECTS
        risk &= self._is_using(who) | (place == pp.METHADONE)
        some, inside = who[risk], place[risk] == pp.METHADONE
        chance = np.where(inside, self.now[Fact.HIV_IN], self.now[Fact.HIV_OUT])
        caught = self._u(Event.HIV, some) < chance
        self._count(Flow.HIV, some[caught])
        self._count(Flow.HIV_METHADONE, some[caught & inside])
        self.people.axes[some[caught]] |= pp.HIV

    # -- methadone -------------------------------------------------------------------------
    def _stay_in_methadone(self, who: Who) -> None:
        p, now = self.people, self.now
        so_long = self._since(p.changed, who)
        positive = self._u(Event.URINE, who) < now[Fact.URINE]
        self._count(Flow.URINE, who[positive])
        hazard = now[Fact.POLICE] * np.where(positive, 2.0, 0.7)
        taken = self._u(Event.POLICE, who) < hazard
        self._take(who[taken])
        who, so_long = who[~taken], so_long[~taken]
        hazard = np.where(so_long <= 3, now[Fact.DROP_EARLY], now[Fact.DROP_LATE])
        hazard = hazard * self.lut.drop[p.stigma[who]] * self.lut.stays[p.belief[who]]
        hazard = np.where(self._reached(who), hazard * now[Fact.DROP_GAIN], hazard)
        leaves = self._u(Event.DROPS, who) < hazard
        gone = who[leaves]
        for milestone, flow in CARE_MILESTONES:
            kept = who[~leaves & (so_long == milestone)]
            self._count(flow, kept, p.changed[kept].astype(np.int64) // 12)
        self._count(Flow.DROPPED, gone)
        self._remember_leaving(gone)
        p.source[gone] = pp.FROM_METHADONE
        p.changed[gone] = self.month
        self._put(gone, pp.ABSTINENT, pp.COMMUNITY)

    def _take(self, who: Who) -> None:
        """Take people from a clinic into a centre."""
        self._count(Flow.POLICE, who)
        self._remember_leaving(who)
        self._register(who, self.now[Fact.REG_DETECT])
        self.people.detected[who] = self.month
        self._into_centre(who)

    def _remember_leaving(self, who: Who) -> None:
        first = who[~self._marked(who, pp.DROPPED)]
        self.people.flags[first] |= pp.DROPPED
        self._count(Flow.DROPPED_FIRST, first)

    def _register(self, who: Who, probability: float) -> Who:
        new = who[~self._marked(who, pp.REGISTERED)]
        new = new[self._u(Event.REGISTERED, new) < probability]
        self._count(Flow.REGISTERED, new)
        self.people.flags[new] |= pp.REGISTERED
        self.people.detected[new] = self.month
        return new

    def _into_methadone(self, who: Who) -> None:
        p = self.people
        self._count(Flow.METHADONE, who)
        self._count(Flow.METHADONE_FIRST, who[~self._marked(who, pp.EVER_METHADONE)])
        again = who[self._marked(who, pp.DROPPED) & ~self._marked(who, pp.RETURNED)]
        self._count(Flow.METHADONE_AGAIN, again)
        p.flags[again] |= pp.RETURNED
        p.flags[who] |= pp.EVER_METHADONE
        self._count(Flow.REGISTERED_BY_CARE, self._register(who, self.now[Fact.REG_ENTRY]))
        p.changed[who] = self.month
        self._put(who, pp.ABSTINENT, pp.METHADONE)

    # -- centres ---------------------------------------------------------------------------
    def _into_centre(self, who: Who) -> None:
        p, now = self.people, self.now
        earlier = p.times[who].astype(np.int64)
        regime = np.full(who.size, int(now[Fact.REGIME]), dtype=np.int64)
        labour = (earlier > 0) & (regime == 0)
        labour &= self._u(Event.LABOUR, who) < now[Fact.P_LABOUR]
        regime[labour] = 1
        self._count(Flow.LABOUR, who[labour])
        self._count(Flow.CENTRE, who)
        slot = np.minimum(earlier, N_TIMES - 1)
        np.add.at(self.tally.times, (np.full(who.size, self.frame.year), slot), 1)
        since = self._since(p.released, who)
        self._count(Flow.CENTRE_WITHIN_3, who[since <= 3])
        self._count(Flow.CENTRE_WITHIN_12, who[since <= 12])
        stay = self.lut.stay[regime, (self._u(Event.STAY, who) * 256.0).astype(np.int64)]
        length = np.maximum(1, (stay * now[Fact.STAY] + 0.5).astype(np.int64))
        p.until[who] = self.month + length
        p.flags[who] &= 255 - pp.TREATED - pp.MANAGED - pp.JOB
        treated = who[self._u(Event.TREATED, who) < now[Fact.TREATED]]
        p.flags[treated] |= pp.TREATED
        self._count(Flow.TREATED, treated)
        p.times[who] = np.minimum(earlier + 1, 255)
        p.changed[who] = self.month
        self._put(who, pp.ABSTINENT, pp.CENTRE)

    def _release(self, who: Who) -> None:
        p, now = self.people, self.now
        self._count(Flow.RELEASED, who)
        managed = self._u(Event.MANAGED, who) < now[Fact.MANAGED]
        p.flags[who[managed]] |= pp.MANAGED
        self._count(Flow.MANAGED, who[managed])
        chance = np.where(managed, now[Fact.JOB_MANAGED], now[Fact.JOB_USUAL])
        works = who[self._u(Event.JOB, who) < chance]
        p.flags[works] |= pp.JOB
        self._count(Flow.JOB, works)
        treated = self._marked(who, pp.TREATED)
        p.source[who] = np.where(treated, pp.FROM_TREATED, pp.FROM_CENTRE)
        p.released[who] = self.month
        p.detected[who] = self.month  # three years unseen begin with freedom
        p.changed[who] = self.month
        self._put(who, pp.ABSTINENT, pp.COMMUNITY)

    # -- private care ----------------------------------------------------------------------
    def _end_private_week(self, who: Who) -> None:
        cared = self._u(Event.AFTERCARE, who) < self.now[Fact.AFTERCARE]
        self.people.source[who] = np.where(cared, pp.FROM_AFTERCARE, pp.FROM_PRIVATE)
        self.people.changed[who] = self.month
        self._put(who, pp.ABSTINENT, pp.COMMUNITY)

    def _into_private(self, who: Who) -> None:
        p = self.people
        public = self._marked(who, pp.REGISTERED | pp.EVER_METHADONE)
        profile = (
            (Flow.PRIVATE_NEW, (p.private[who] < 0) & ~public),
            (Flow.PRIVATE_AGAIN, self._since(p.private, who) <= 12),
            (Flow.PRIVATE_DETAINED, p.times[who] > 0),
            (Flow.PRIVATE_METHADONE, self._marked(who, pp.EVER_METHADONE)),
            (Flow.PRIVATE_INJECTS, p.axes[who] & pp.INJECTS > 0),
            (Flow.PRIVATE_10Y, self._since(p.entry, who) > 120),
            (Flow.PRIVATE_40S, self._since(p.birth, who) // 120 == 4),
        )
        self._count(Flow.PRIVATE, who)
        for flow, fits in profile:
            self._count(flow, who[fits])
        self._register(who, self.now[Fact.REG_PRIVATE])
        p.private[who] = self.month
        p.changed[who] = self.month
        self._put(who, pp.ABSTINENT, pp.PRIVATE)
