"""The plain twin of the kernel: the same month in NumPy, by masks, for reading and judging.

Each rule takes the numbers of the persons it concerns and works on all of them at once. The
order within a month is the kernel's; since no person touches another, doing one rule for all
persons after another is the same as doing all rules for one person after another.
"""

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.calendar import NEVER
from footbridge.microsim.draws import Event, Generator
from footbridge.microsim.flows import N_CENSUS, Flow
from footbridge.microsim.months import Fact
from footbridge.microsim.people import People
from footbridge.microsim.reference_rules import Floats, Rules, Who
from footbridge.microsim.tables import LONGEST, logistic
from footbridge.microsim.world import World


class Reference:
    """The twin engine; `draw` may be any generator of counter-based uniforms."""

    def __init__(self, draw: Generator) -> None:
        self.draw = draw

    def advance(self, world: World) -> None:
        """Move the persons of a frame on by one month and add to the tally."""
        _Month(self.draw, world).go()

    def census(
        self, people: People, month: int, last: int, database_from: int
    ) -> NDArray[np.int64]:
        """Count the register at the end of a month.

        Alive and registered; of these in the national database (detected since
        `database_from`); of all alive the *existing*: in a centre, in methadone, under an
        order, or detected within 36 months. Then men and people under 36 among them, and
        users of 15 to 64 years, registered or not. Last the dead who died registered and would
        stand in the database, or among the existing, if nobody reported their death.
        """
        axes = people.axes[:last]
        use, place = axes & pp.USE_MASK, axes >> pp.PLACE_SHIFT & 7
        alive = (use == pp.USING) | (use == pp.ABSTINENT)
        age = (month - people.birth[:last].astype(np.int64)) // 12
        known = alive & (people.flags[:last] & pp.REGISTERED > 0)
        seen = people.detected[:last].astype(np.int64)
        database = known & (seen >= database_from)
        held = np.isin(place, (pp.METHADONE, pp.CENTRE, pp.ORDER))
        existing = known & (held | (month - seen < 36))
        male = people.flags[:last] & pp.MALE > 0
        users = (use == pp.USING) & (age >= 15) & (age <= 64)
        dead = (use == pp.DEAD) & (people.flags[:last] & pp.REGISTERED > 0)
        counted = (
            known, database, existing, existing & male, database & male,
            existing & (age < 36), database & (age < 36), users,
            dead & (seen >= database_from), dead & (month - seen < 36),
        )  # fmt: skip
        counts = np.array([np.count_nonzero(one) for one in counted], dtype=np.int64)
        assert counts.size == N_CENSUS  # noqa: S101  # a census has one number per name
        return counts


class _Month(Rules):
    """One month of one range of persons, in the order that `kernel` documents."""

    def go(self) -> None:
        """Do the month for everyone in the range."""
        p, frame = self.people, self.frame
        everyone = np.arange(frame.first, frame.last, dtype=np.int64)
        use = p.axes[everyone] & pp.USE_MASK
        begins = everyone[(use == pp.NOT_YET) & (p.entry[everyone] == self.month)]
        who = everyone[(use == pp.USING) | (use == pp.ABSTINENT)]
        before = self._cells(who)
        self._expire(who)
        self._live(who)
        np.subtract.at(self.tally.stock, before, 1)
        np.add.at(self.tally.stock, self._cells(who), 1)
        p.axes[begins] = pp.USING
        self._count(Flow.INITIATED, begins)
        np.add.at(self.tally.stock, self._cells(begins), 1)

    def _expire(self, who: Who) -> None:
        if self.now[Fact.EXPIRY] >= NEVER:
            return
        free = np.isin(self._place(who), (pp.COMMUNITY, pp.PRIVATE))
        ended = who[
            free
            & self._marked(who, pp.REGISTERED)
            & (self._since(self.people.detected, who) >= self.now[Fact.EXPIRY])
        ]
        self.people.flags[ended] &= 255 - pp.REGISTERED
        self._count(Flow.EXPIRED, ended)

    def _live(self, who: Who) -> None:
        who = self._survivors(who)
        who = self._without_overdose(who)
        self._infect(who)
        place = self._place(who)
        outside = np.isin(place, (pp.COMMUNITY, pp.ORDER))
        self._stay_in_methadone(who[place == pp.METHADONE])
        held = who[place == pp.CENTRE]
        self._release(held[self.month >= self.people.until[held]])
        self._end_private_week(who[place == pp.PRIVATE])
        self._live_outside(who[outside])

    # -- the community ---------------------------------------------------------------------
    def _live_outside(self, who: Who) -> None:
        p = self.people
        over = who[(self._place(who) == pp.ORDER) & (self.month >= p.until[who])]
        p.axes[over] &= pp.INJECTS | pp.HIV | pp.USE_MASK
        links = self._links(who)
        self._count(Flow.LINKED, who[links])
        self._into_methadone(who[links])
        who = who[~links]
        using = self._is_using(who)
        self._return_to_use(who[~using])
        self._use(who[using])

    def _links(self, who: Who) -> NDArray[np.bool_]:
        now = self.now
        since = self._since(self.people.released, who)
        chance = np.full(who.size, now[Fact.LINK_USUAL])
        treated = np.maximum(chance, now[Fact.LINK_TREATED])
        chance = np.where(self._marked(who, pp.TREATED), treated, chance)
        managed = np.maximum(chance, now[Fact.LINK_MANAGED])
        chance = np.where(self._marked(who, pp.MANAGED) & (since <= 3), managed, chance)
        able = (since >= 1) & (since <= 6) & (now[Fact.OPEN] > 0.0)
        return np.asarray(able & (self._u(Event.LINKS, who) < chance))

    def _return_to_use(self, who: Who) -> None:
        p = self.people
        job = self._marked(who, pp.JOB).astype(np.int64)
        so_long = np.minimum(self._since(p.changed, who), LONGEST)
        row = 2 * p.source[who].astype(np.int64) + job
        chance = self.lut.relapse[row, so_long, p.severity[who] >> 5]
        back = who[self._u(Event.RELAPSES, who) < chance]
        self._count(Flow.RELAPSED, back)
        p.changed[back] = self.month
        p.axes[back] = p.axes[back] & (255 - pp.USE_MASK) | pp.USING

    def _use(self, who: Who) -> None:
        p, now = self.people, self.now
        starts = who[(self.month >= p.route[who]) & (p.axes[who] & pp.INJECTS == 0)]
        p.axes[starts] |= pp.INJECTS
        self._count(Flow.INJECTED, starts)
        chance = now[Fact.KAPPA] * self.lut.detect[p.income[who]]
        fresh = self._since(p.detected, who) < 36
        known = chance * np.where(fresh, now[Fact.M_REG], now[Fact.M_OLD])
        chance = np.where(self._marked(who, pp.REGISTERED), known, chance)
        chance = np.where(self._place(who) == pp.ORDER, chance * now[Fact.M_ORDER], chance)
        found = self._u(Event.DETECTED, who) < chance
        self._detect(who[found])
        who = who[~found]
        seeks = self._u(Event.SEEKS, who) < self._chance_of_seeking(who)
        self._into_methadone(who[seeks])
        who = who[~seeks]
        pays = self._u(Event.PRIVATE, who) < self._chance_of_private(who)
        self._into_private(who[pays])
        who = who[~pays]
        quits = who[self._u(Event.QUITS, who) < now[Fact.QUIT]]
        self._count(Flow.QUIT, quits)
        p.source[quits] = pp.UNAIDED
        p.changed[quits] = self.month
        p.axes[quits] = p.axes[quits] & (255 - pp.USE_MASK) | pp.ABSTINENT

    def _chance_of_seeking(self, who: Who) -> Floats:
        p, now = self.people, self.now
        eta = now[Fact.ALPHA] + p.eta[who].astype(np.float64)
        eta = np.where(self._marked(who, pp.REGISTERED), eta, eta - now[Fact.B_REG])
        eta = eta - now[Fact.B_FEAR] * np.where(p.times[who] > 0, 1.0, now[Fact.FEAR_BASE])
        eta = np.where(self._marked(who, pp.EVER_METHADONE), eta + now[Fact.RHO], eta)
        eta = np.where(self._reached(who), eta + now[Fact.GAIN], eta)
        return np.asarray(now[Fact.SEEK_FREE] * logistic(self.lut.logistic, eta))

    def _chance_of_private(self, who: Who) -> Floats:
        p, now, lut = self.people, self.now, self.lut
        income = now[Fact.INCOME_SD] * lut.normal[p.income[who]]
        pays = now[Fact.PRV_WTP] * (income - now[Fact.PRV_LOGPRICE])
        wants = now[Fact.PRV_ALPHA] - now[Fact.PRV_STIGMA] * lut.normal[p.stigma[who]]
        wants = np.where(self._marked(who, pp.REGISTERED), wants, wants + now[Fact.PRV_ANON])
        wants = np.where(p.private[who] >= 0, wants + now[Fact.PRV_AGAIN], wants)
        wants = np.where(self._reached(who), wants + 0.3 * now[Fact.GAIN], wants)
        chance = now[Fact.PRV_FREE] * logistic(lut.logistic, pays)
        return np.asarray(chance * logistic(lut.logistic, wants))

    def _detect(self, who: Who) -> None:
        p, now = self.people, self.now
        again = p.detected[who] >= 0
        self._count(Flow.DETECTED, who)
        self._count(Flow.DETECTED_AGAIN, who[again])
        self._register(who, now[Fact.REG_DETECT])
        p.detected[who] = self.month
        ordered = self._place(who) == pp.ORDER
        chance = np.where(again, now[Fact.P_REPEAT], now[Fact.P_FIRST])
        chance = np.where(ordered, now[Fact.P_BREACH], chance)
        taken = self._u(Event.SANCTION, who) < chance * now[Fact.CENTRE_FREE]
        self._into_centre(who[taken])
        who, ordered = who[~taken], ordered[~taken]
        sent = ~ordered & (self._u(Event.ORDERED, who) < now[Fact.P_ORDER])
        self._count(Flow.ORDER, who[sent])
        p.until[who[sent]] = self.month + 36
        self._put(who[sent], pp.USING, pp.ORDER)
        self._count(Flow.FINE, who[~sent])
