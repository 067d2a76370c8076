"""The whole model of footbridge.microsim in Starsim 3.7.2, written as its documentation writes.

One module with boolean and float states, one `bernoulli` with a function of the agents' states for
each event, and `filter` to find whom it happens to. The chances come from the same month table and
look-up tables; the rules are those of `footbridge.microsim.reference`, without the twenty groups by
which our counts are split, so Starsim is asked for a little less than we do.
"""

import time

import numpy as np
import starsim as ss
from _engines import LATE, LATE_MONTHS, some_of

from footbridge.microsim import people as pp
from footbridge.microsim.calendar import N_MONTHS
from footbridge.microsim.draws import keys_of
from footbridge.microsim.months import Fact
from footbridge.microsim.parameters import defaults
from footbridge.microsim.tables import LONGEST, OLDEST, logistic, tables_of

BOOLS = (
    "begun", "using", "abstinent", "methadone", "centre", "private", "ordered", "registered",
    "injects", "hiv", "ever_methadone", "detained", "treated", "managed", "job",
)  # fmt: skip
FLOATS = ("entry", "route", "birth", "changed", "detected", "until", "released", "last_private",
          "source", "severity", "stigma", "income", "eta")  # fmt: skip
EVENTS = (
    "death", "overdose", "fatal", "infected", "detection", "registers", "sanction", "order",
    "labour", "treats", "manages", "works", "links", "seeks", "pays", "quits", "relapse", "urine",
    "police", "drops", "aftercare",
)  # fmt: skip
LONG_AGO = -1000.0


class Careers(ss.Module):
    """Recovery careers under a register, month by month."""

    def __init__(self, tables, state=None, **kwargs):
        super().__init__(**kwargs)
        self.tables, self.state = tables, state
        self.first = 0 if state is None else LATE
        self.marks = []  # seconds of CPU at the beginning of each step
        self.facts = tables.months[0]
        self.define_states(
            *(ss.BoolState(name, default=False) for name in BOOLS),
            *(ss.FloatArr(name, default=LONG_AGO) for name in FLOATS),
        )
        for event in EVENTS:
            setattr(self, f"d_{event}", ss.bernoulli(p=getattr(Careers, f"p_{event}")))
        self.d_stay = ss.randint(low=0, high=256)
        self.full = {"methadone": 0.0, "private": 0.0, "centre": 0.0}

    def init_results(self):
        super().init_results()
        self.define_results(
            *(ss.Result(f"new_{event}", dtype=int, label=event) for event in EVENTS),
        )

    def init_post(self):
        super().init_post()
        values, n = self.tables.values, len(self.sim.people)
        late = self.state is not None
        made = some_of(n, self.state) if late else pp.create(values, n, keys=keys_of(1))
        self.weight = pp.persons_represented(values, n)
        for name in ("entry", "route", "birth", "severity", "stigma", "income", "eta"):
            getattr(self, name)[:] = getattr(made, name).astype(float)
        if late:
            self._go_on(made)

    def _go_on(self, made):
        """Put everybody where our kernel left them."""
        use, place = made.axes & pp.USE_MASK, made.axes >> pp.PLACE_SHIFT & 7
        lives = (use == pp.USING) | (use == pp.ABSTINENT)
        bools = {
            "begun": lives, "using": use == pp.USING, "abstinent": use == pp.ABSTINENT,
            "methadone": place == pp.METHADONE, "centre": place == pp.CENTRE,
            "private": place == pp.PRIVATE, "ordered": place == pp.ORDER,
            "injects": made.axes & pp.INJECTS > 0, "hiv": made.axes & pp.HIV > 0,
            "registered": made.flags & pp.REGISTERED > 0, "job": made.flags & pp.JOB > 0,
            "ever_methadone": made.flags & pp.EVER_METHADONE > 0, "detained": made.times > 0,
            "treated": made.flags & pp.TREATED > 0, "managed": made.flags & pp.MANAGED > 0,
        }  # fmt: skip
        for name, mark in bools.items():
            getattr(self, name)[:] = mark & lives
        for name in ("changed", "detected", "until", "released", "source"):
            getattr(self, name)[:] = getattr(made, name).astype(float)
        self.last_private[:] = made.private.astype(float)
        self.gone = ss.uids(np.flatnonzero(use == pp.DEAD))
        for place in self.full:
            self.full[place] = float(getattr(self, place).sum()) * self.weight

    @property
    def month(self):
        return self.ti + self.first

    # -- chances -----------------------------------------------------------------------------
    def since(self, stamp, uids):
        return self.month - stamp[uids]

    def p_death(self, sim, uids):
        age = np.clip(self.since(self.birth, uids) // 12, 0, OLDEST).astype(int)
        row = np.where(self.using[uids], 0, 1)
        row = np.where(self.methadone[uids], 2, row)
        row = np.where(self.centre[uids], 3, row)
        p = self.tables.lookups.death[row, age]
        return np.where(self.hiv[uids], p + self.facts[Fact.HIV_DEATH], p)

    def p_overdose(self, sim, uids):
        now = self.facts
        p = np.where(self.injects[uids], now[Fact.OD_INJECT], now[Fact.OD_SMOKE])
        p = np.where(self.since(self.released, uids) <= 1, p * now[Fact.OD_RECENT], p)
        p = np.where(self.methadone[uids], p * now[Fact.OD_METHADONE], p)
        return np.where(self.centre[uids], p * now[Fact.OD_CENTRE], p)

    def p_fatal(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.FATAL])

    def p_infected(self, sim, uids):
        return np.where(self.methadone[uids], self.facts[Fact.HIV_IN], self.facts[Fact.HIV_OUT])

    def p_detection(self, sim, uids):
        now = self.facts
        p = now[Fact.KAPPA] * self.tables.lookups.detect[self.income[uids].astype(int)]
        p = np.where(self.registered[uids], p * now[Fact.M_REG], p)
        return np.where(self.ordered[uids], p * now[Fact.M_ORDER], p)

    def p_registers(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.REG_DETECT])

    def p_sanction(self, sim, uids):
        again = self.detected[uids] >= 0
        p = np.where(again, self.facts[Fact.P_REPEAT], self.facts[Fact.P_FIRST])
        p = np.where(self.ordered[uids], self.facts[Fact.P_BREACH], p)
        return p * self.free("centre", Fact.DET_PLACES, 10.0)

    def p_order(self, sim, uids):
        return np.where(self.ordered[uids], 0.0, self.facts[Fact.P_ORDER])

    def p_labour(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.P_LABOUR])

    def p_treats(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.TREATED])

    def p_manages(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.MANAGED])

    def p_works(self, sim, uids):
        return np.where(
            self.managed[uids], self.facts[Fact.JOB_MANAGED], self.facts[Fact.JOB_USUAL]
        )

    def p_links(self, sim, uids):
        p = np.full(len(uids), self.facts[Fact.LINK_USUAL])
        p = np.where(self.treated[uids], np.maximum(p, self.facts[Fact.LINK_TREATED]), p)
        early = self.managed[uids] & (self.since(self.released, uids) <= 3)
        return np.where(early, np.maximum(p, self.facts[Fact.LINK_MANAGED]), p)

    def p_seeks(self, sim, uids):
        now = self.facts
        eta = now[Fact.ALPHA] + self.eta[uids]
        eta = np.where(self.registered[uids], eta, eta - now[Fact.B_REG])
        eta -= now[Fact.B_FEAR] * np.where(self.detained[uids], 1.0, now[Fact.FEAR_BASE])
        eta = np.where(self.ever_methadone[uids], eta + now[Fact.RHO], eta)
        chance = logistic(self.tables.lookups.logistic, eta)
        return now[Fact.ACCESS] * self.free("methadone", Fact.PLACES) * chance

    def p_pays(self, sim, uids):
        now, lut = self.facts, self.tables.lookups
        income = now[Fact.INCOME_SD] * lut.normal[self.income[uids].astype(int)]
        pays = logistic(lut.logistic, now[Fact.PRV_WTP] * (income - now[Fact.PRV_LOGPRICE]))
        stigma = lut.normal[self.stigma[uids].astype(int)]
        wants = now[Fact.PRV_ALPHA] - now[Fact.PRV_STIGMA] * stigma
        wants = np.where(self.registered[uids], wants, wants + now[Fact.PRV_ANON])
        wants = np.where(self.last_private[uids] >= 0, wants + now[Fact.PRV_AGAIN], wants)
        free = now[Fact.PRV_BEDS] * self.free("private", Fact.PRV_SLOTS)
        return free * pays * logistic(lut.logistic, wants)

    def p_quits(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.QUIT])

    def p_relapse(self, sim, uids):
        row = (2 * self.source[uids] + self.job[uids]).astype(int)
        months = np.minimum(self.since(self.changed, uids), LONGEST).astype(int)
        return self.tables.lookups.relapse[row, months, self.severity[uids].astype(int) >> 5]

    def p_urine(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.URINE])

    def p_police(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.POLICE])

    def p_drops(self, sim, uids):
        early = self.since(self.changed, uids) < 3
        p = np.where(early, self.facts[Fact.DROP_EARLY], self.facts[Fact.DROP_LATE])
        return p * self.tables.lookups.drop[self.stigma[uids].astype(int)]

    def p_aftercare(self, sim, uids):
        return np.full(len(uids), self.facts[Fact.AFTERCARE])

    def free(self, place, fact, times=1.0):
        places = self.facts[fact]
        share = max(0.0, 1.0 - self.full[place] / places) if places > 0 else 0.0
        return min(1.0, times * share) if times > 1.0 else share

    # -- steps -------------------------------------------------------------------------------
    def draw(self, event, uids):
        found = getattr(self, f"d_{event}").filter(uids)
        self.results[f"new_{event}"][self.ti] += len(found)
        return found

    def put(self, uids, *, using=False, place=None):
        self.using[uids] = using
        self.abstinent[uids] = not using
        for name in ("methadone", "centre", "private", "ordered"):
            getattr(self, name)[uids] = name == place

    def step(self):
        self.marks.append(time.process_time())
        if self.ti == 0 and self.first:
            self.sim.people.request_death(self.gone)
        self.facts = self.tables.months[self.month]
        self._begin()
        self._harm()
        inside, private = self.methadone.uids, self.private.uids
        held = self.centre.uids
        outside = (self.begun & ~self.methadone & ~self.centre & ~self.private).uids
        self._in_methadone(inside)
        self._release(held[self.until[held] <= self.month])
        self._home(private)
        self._community(outside)
        for place in self.full:
            self.full[place] = float(getattr(self, place).sum()) * self.weight

    def _begin(self):
        new = (~self.begun & (self.entry == self.month)).uids
        self.begun[new] = True
        self.changed[new] = self.month
        self.put(new, using=True)

    def _harm(self):
        self._die(self.draw("death", self.begun.uids))
        exposed = (self.using | self.methadone | self.centre).uids
        self._die(self.draw("fatal", self.draw("overdose", exposed)))
        risk = (self.injects & ~self.hiv & (self.using | self.methadone)).uids
        self.hiv[self.draw("infected", risk)] = True

    def _die(self, uids):
        for name in BOOLS:
            getattr(self, name)[uids] = False
        self.sim.people.request_death(uids)

    def _in_methadone(self, uids):
        self.draw("urine", uids)
        taken = self.draw("police", uids)
        self.detected[taken] = self.month
        self._detain(taken)
        gone = self.draw("drops", uids.remove(taken))
        self.source[gone] = pp.FROM_METHADONE
        self.changed[gone] = self.month
        self.put(gone)

    def _detain(self, uids):
        regime = np.full(len(uids), int(self.facts[Fact.REGIME]))
        if self.facts[Fact.P_LABOUR] > 0:
            labour = self.draw("labour", uids[self.detained[uids]])
            regime[np.isin(uids, labour)] = 1
        stay = self.tables.lookups.stay[regime, self.d_stay.rvs(uids)]
        self.until[uids] = self.month + np.maximum(1, np.round(stay * self.facts[Fact.STAY]))
        for name in ("treated", "managed", "job"):
            getattr(self, name)[uids] = False
        self.treated[self.draw("treats", uids)] = True
        self.detained[uids] = True
        self.changed[uids] = self.month
        self.put(uids, place="centre")

    def _release(self, uids):
        self.managed[self.draw("manages", uids)] = True
        self.job[self.draw("works", uids)] = True
        self.source[uids] = np.where(self.treated[uids], pp.FROM_TREATED, pp.FROM_CENTRE)
        self.released[uids] = self.month
        self.changed[uids] = self.month
        self.put(uids)

    def _home(self, uids):
        self.source[uids] = pp.FROM_PRIVATE
        self.source[self.draw("aftercare", uids)] = pp.FROM_AFTERCARE
        self.changed[uids] = self.month
        self.put(uids)

    def _enrol(self, uids):
        self.ever_methadone[uids] = True
        if self.facts[Fact.REG_ENTRY] > 0:
            self.registered[uids] = True
        self.changed[uids] = self.month
        self.put(uids, place="methadone")

    def _community(self, uids):
        over = uids[self.ordered[uids] & (self.until[uids] <= self.month)]
        self.ordered[over] = False
        since = self.since(self.released, uids)
        if self.facts[Fact.OPEN] > 0:
            linked = self.draw("links", uids[(since >= 1) & (since <= 6)])
            self._enrol(linked)
            uids = uids.remove(linked)
        idle, users = uids[self.abstinent[uids]], uids[self.using[uids]]
        back = self.draw("relapse", idle)
        self.changed[back] = self.month
        self.using[back] = True
        self.abstinent[back] = False
        self._use(users)

    def _use(self, users):
        self.injects[users[self.route[users] <= self.month]] = True
        found = self.draw("detection", users)
        self._punish(found)
        users = users.remove(found)
        seeks = self.draw("seeks", users)
        self._enrol(seeks)
        users = users.remove(seeks)
        pays = self.draw("pays", users)
        self.last_private[pays] = self.month
        self.changed[pays] = self.month
        self.put(pays, place="private")
        users = users.remove(pays)
        quits = self.draw("quits", users)
        self.source[quits] = pp.UNAIDED
        self.changed[quits] = self.month
        self.using[quits] = False
        self.abstinent[quits] = True

    def _punish(self, found):
        self.registered[self.draw("registers", found[~self.registered[found]])] = True
        sent = self.draw("sanction", found)
        self.detected[found] = self.month
        self._detain(sent)
        ordered = self.draw("order", found.remove(sent))
        self.until[ordered] = self.month + 36
        self.ordered[ordered] = True


def rich(n, state=None, months=N_MONTHS):
    """Return a simulation of n persons, ready to run.

    From 1984, or from `LATE` on with the people that our kernel left in a file.
    """
    start = 1984 if state is None else 1984 + LATE / 12
    sim = ss.Sim(
        n_agents=n, modules=Careers(tables_of(defaults()), state), start=start, dt=1 / 12,
        stop=start + (months - 1) / 12, verbose=0,
    )  # fmt: skip
    sim.init()
    return sim


def rich_late(n, state):
    """Return M person-months a CPU second in the months from `LATE` on, the first left out."""
    sim = rich(n, state, LATE_MONTHS + 1)
    sim.run()
    careers = next(one for one in sim.modules if isinstance(one, Careers))
    return n * LATE_MONTHS / (time.process_time() - careers.marks[1])
