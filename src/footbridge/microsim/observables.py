"""What a run says about each target: one function per kind of figure.

Official figures for all drugs are compared through heroin's share of them (`shares`). The dead
whose death nobody reported stay in the register, as they do in the official one.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim import targets as tt
from footbridge.microsim.calendar import FIRST_YEAR, end_of
from footbridge.microsim.flows import CENSUS, Flow
from footbridge.microsim.months import Fact, month_table
from footbridge.microsim.parameters import Values
from footbridge.microsim.run import Outcome
from footbridge.microsim.shares import detained_share, heroin_share, new_heroin_share

Observe = Callable[["Seen", float], float]
DAYS_PER_MONTH = 365.25 / 12.0


class Seen:
    """A run, asked for figures in real persons."""

    def __init__(self, outcome: Outcome, values: Values) -> None:
        self.outcome, self.values = outcome, values

    def flow(self, flow: Flow, first: float, last: float | None = None) -> float:
        """Return events from one year to another, both included."""
        span = slice(int(first) - FIRST_YEAR, int(last or first) - FIRST_YEAR + 1)
        return float(self.outcome.flow[span, flow].sum() * self.outcome.weight)

    def census(self, name: str, year: float) -> float:
        """Return a count of the register at the end of a quarter."""
        row = self.outcome.census[end_of(year) // 3]
        return float(row[CENSUS.index(name)] * self.outcome.weight)

    def on_paper(self, name: str, year: float) -> float:
        """Return what the register shows: with the dead whose death it has not learnt of."""
        unknown = 1.0 - self.values["death_known"]
        return self.census(name, year) + unknown * self.census(f"{name}_dead", year)

    def detained_share(self, year: float) -> float:
        """Return the heroin share of people in centres."""
        return detained_share(year, self.values["held_heroin"])

    def states(self, year: float) -> NDArray[np.float64]:
        """Return persons by registered, HIV, injecting, place and use at a time."""
        cells = self.outcome.states[end_of(year)].reshape(2, 2, 2, 8, 4)
        return np.asarray(cells * self.outcome.weight)

    def person_years(self, first: float, last: float | None = None) -> NDArray[np.float64]:
        """Return person-years by group, HIV, injecting, place and use."""
        span = slice(int(first) - FIRST_YEAR, int(last or first) - FIRST_YEAR + 1)
        cells = self.outcome.years[span].sum(axis=0).reshape(pp.N_GROUPS, 2, 2, 8, 4)
        return np.asarray(cells * (self.outcome.weight / 12.0))

    def in_methadone(self, year: float) -> float:
        """Return people in methadone at a time."""
        return float(self.states(year)[:, :, :, pp.METHADONE].sum())

    def hidden_users(self, year: float) -> float:
        """Return unregistered people in use at a time."""
        return float(self.states(year)[0, :, :, :, pp.USING].sum())

    def share(self, part: float, whole: float) -> float:
        """Return a ratio; a ratio of nothing to nothing is 0."""
        return part / whole if whole > 0 else 0.0


def _register(series: str, *, heroin: bool) -> Observe:
    def observe(seen: Seen, year: float) -> float:
        if series == "A":
            count = seen.flow(Flow.REGISTERED, FIRST_YEAR, year)
        else:
            count = seen.on_paper("database" if series == "B" else "existing", year)
        return count if heroin else count / heroin_share(year)

    return observe


def _unseen(seen: Seen, year: float) -> float:
    """Registered, no relapse found for three years; share of heroin as three years before.

    Who died unreported is never found relapsed and stays here.
    """
    group = seen.on_paper("database", year) - seen.on_paper("existing", year)
    return group / heroin_share(year - 3)


def _detoxification(seen: Seen, year: float) -> float:
    return (seen.flow(Flow.CENTRE, year) - seen.flow(Flow.LABOUR, year)) / seen.detained_share(year)


def _held(seen: Seen, year: float) -> float:
    return float(seen.states(year)[:, :, :, pp.CENTRE].sum()) / seen.detained_share(year)


def _admitted(seen: Seen, year: float) -> float:
    years = range(2008, int(year) + 1)
    admitted = sum(seen.flow(Flow.CENTRE, y) / seen.detained_share(y) for y in years)
    return admitted * seen.values["moj_share"]


def _held_by_justice(seen: Seen, year: float) -> float:
    return _held(seen, year) * seen.values["moj_share"]


def _treated_in(seen: Seen, year: float) -> float:
    """Clients at any time of a year: the wider official rule from 2012."""
    return seen.in_methadone(year - 1) + seen.flow(Flow.METHADONE, year)


def _earlier(seen: Seen, year: float) -> float:
    """Median number of earlier admissions among people sent to a centre."""
    row = seen.outcome.times[int(year) - FIRST_YEAR]
    return float(np.searchsorted(np.cumsum(row), row.sum() / 2.0)) if row.sum() else 0.0


def _repeaters(seen: Seen, year: float) -> float:
    rows = seen.outcome.times[2010 - FIRST_YEAR : int(year) - FIRST_YEAR + 1].sum(axis=0)
    return seen.share(float(rows[1:].sum()), float(rows.sum()))


def _kept(flow: Flow, first: int, last: int) -> Observe:
    def observe(seen: Seen, year: float) -> float:
        return seen.share(seen.flow(flow, first, last), seen.flow(Flow.METHADONE, first, last))

    return observe


def _annual_retention(seen: Seen, year: float) -> float:
    return seen.share(seen.in_methadone(year), _treated_in(seen, year))


def _urine(seen: Seen, year: float) -> float:
    months = 12.0 * seen.person_years(year)[:, :, :, pp.METHADONE].sum()
    return seen.share(seen.flow(Flow.URINE, year), float(months))


def _relapsed(scale: str, months: float) -> Observe:
    def observe(seen: Seen, year: float) -> float:
        v = seen.values
        return float(1.0 - np.exp(-v[scale] * months ** v["rel_k"]))

    return observe


def _median_days(hazard_ratio: float) -> Observe:
    def observe(seen: Seen, year: float) -> float:
        v = seen.values
        months = (np.log(2.0) / (v["rel_det"] * hazard_ratio)) ** (1.0 / v["rel_k"])
        return float(months * DAYS_PER_MONTH)

    return observe


def _re_enrolled(seen: Seen, year: float) -> float:
    """Share of those who left that came back within seven years, from yearly hazards."""
    hazard = 0.0
    for y in range(2007, 2014):
        left = seen.flow(Flow.DROPPED_FIRST, 2004, y) - seen.flow(Flow.DROPPED_FIRST, y) / 2.0
        back = seen.flow(Flow.METHADONE_AGAIN, 2004, y) - seen.flow(Flow.METHADONE_AGAIN, y) / 2.0
        hazard += seen.share(seen.flow(Flow.METHADONE_AGAIN, y), left - back)
    return float(1.0 - np.exp(-hazard))


def _death_rate_of_clients(seen: Seen, year: float) -> float:
    """Deaths per 1,000 person-years of people ever in methadone, time out included."""
    years = 0.0
    for y in range(2004, 2011):
        begun = seen.flow(Flow.METHADONE_FIRST, 2004, y) - seen.flow(Flow.METHADONE_FIRST, y) / 2.0
        dead = seen.flow(Flow.DEATH_CLIENT, 2004, y) - seen.flow(Flow.DEATH_CLIENT, y) / 2.0
        years += begun - dead  # who began this year was there for half of it
    return 1000.0 * seen.share(seen.flow(Flow.DEATH_CLIENT, 2004, 2010), years)


def _users_rate(flow: Flow, year: float, seen: Seen, last: float | None = None) -> float:
    time = float(seen.person_years(year, last)[:, :, :, :, pp.USING].sum())
    return seen.share(seen.flow(flow, year, last), time)


def _in_and_out(seen: Seen, year: float) -> float:
    inside = float(seen.person_years(2006, 2015)[:, :, :, pp.METHADONE].sum())
    rate = seen.share(seen.flow(Flow.DEATH_METHADONE, 2006, 2015), inside)
    return seen.share(_users_rate(Flow.DEATH_USING, 2006, seen, 2015), rate)


def _overdosed(seen: Seen, year: float) -> float:
    count = seen.flow(Flow.OVERDOSE, year) - seen.flow(Flow.OVERDOSE_DEATH, year)
    time = float(seen.person_years(year)[:, :, :, :, pp.USING].sum())
    return float(1.0 - np.exp(-seen.share(count, time)))


def _overdosed_injecting(seen: Seen, year: float) -> float:
    time = float(seen.person_years(year)[:, :, 1, :, pp.USING].sum())
    return float(1.0 - np.exp(-seen.share(seen.flow(Flow.OVERDOSE_INJECTS, year), time)))


def _hiv_inside(first: float | None = None) -> Observe:
    """Infections expected per 100 person-years in methadone: a small run sees too few."""

    def observe(seen: Seen, year: float) -> float:
        rates = month_table(seen.values)[:, Fact.HIV_IN].reshape(-1, 12).mean(axis=1)
        expected = time = 0.0
        for y in range(int(first or year), int(year) + 1):
            negative = seen.person_years(y)[:, 0, :, pp.METHADONE].sum(axis=(0, 2))
            expected += 1200.0 * rates[y - FIRST_YEAR] * float(negative[1])
            time += float(negative.sum())
        return seen.share(expected, time)

    return observe


def _hiv_outside(seen: Seen, year: float) -> float:
    count = seen.flow(Flow.HIV, year) - seen.flow(Flow.HIV_METHADONE, year)
    return seen.share(100.0 * count, float(seen.person_years(year)[:, 0, 1, :, pp.USING].sum()))


def _hiv_prevalence(*, injecting: bool) -> Observe:
    def observe(seen: Seen, year: float) -> float:
        users = seen.states(2011 if injecting else 2010)[..., pp.USING]
        chosen = users[:, :, 1:] if injecting else users
        return seen.share(float(chosen[:, 1].sum()), float(chosen.sum()))

    return observe


def _injecting(seen: Seen, year: float) -> float:
    users = seen.states(year)[..., pp.USING]
    return seen.share(float(users[:, :, 1].sum()), float(users.sum()))


def _part(name: str, whole: str) -> Observe:
    return lambda seen, year: seen.share(seen.census(name, year), seen.census(whole, year))


def _young(seen: Seen, year: float) -> float:
    """Share under 36 of a register of all drugs: heroin users of the model and others."""
    heroin = heroin_share(year)
    young = _part("existing_under_36", "existing")(seen, year)
    return heroin * young + (1.0 - heroin) * seen.values["others_young"]


def _fall_in_users(seen: Seen, year: float) -> float:
    """Prevalence in 2015 if 2011 is as measured: only the change is the model's."""
    anchor = tt.catalogue()["yunnan_prev_2011"].value
    return anchor * seen.share(seen.census("users_15_64", year), seen.census("users_15_64", 2011))


def _injects_within_a_year(seen: Seen, year: float) -> float:
    v = seen.values
    return float(v["inj_ever_share"] * (1.0 - 0.5 ** (12.0 / v["inj_median"])))


def _guests(flow: Flow) -> Observe:
    """Share of private stays with a feature."""
    return lambda seen, year: seen.share(seen.flow(flow, year), seen.flow(Flow.PRIVATE, year))


def _guest_groups(bit: int, value: int) -> Observe:
    def observe(seen: Seen, year: float) -> float:
        row = seen.outcome.flow[int(year) - FIRST_YEAR, Flow.PRIVATE]
        chosen = [g for g in range(pp.N_GROUPS) if g >> bit & 1 == value]
        return seen.share(float(row[chosen].sum()), float(row.sum()))

    return observe


def _admissions(seen: Seen, year: float) -> float:
    """Admissions a month to a hospital of 40 beds, if it is filled like all private beds."""
    return seen.flow(Flow.PRIVATE, year) / 12.0 / seen.values["prv_cap"] * 40.0


EXACT: dict[str, Observe] = {
    "register_growth_1990_2009": lambda s, y: s.share(
        _register("B", heroin=False)(s, 2009), _register("A", heroin=False)(s, 1990)
    ),
    "new_reg_2009": lambda s, y: s.flow(Flow.REGISTERED, y) / new_heroin_share(y),
    "relapse_detected_opioid_2018": lambda s, y: (
        s.flow(Flow.DETECTED_AGAIN, y) + s.flow(Flow.POLICE, y)
    ),
    "rul_stock_1999": lambda s, y: s.flow(Flow.LABOUR, y - 1, y) / s.detained_share(y),
    "rul_new_2000": lambda s, y: s.flow(Flow.LABOUR, y) / s.detained_share(y),
    "cid_2010": _held,
    "moj_cum_2017": _admitted,
    "repeat_detox_median_dehong": _earlier,
    "repeat_offender_yunnan": _repeaters,
    "mmt_peak_2012": _treated_in,
    "mmt_cov_ever": lambda s, y: s.share(
        s.flow(Flow.METHADONE_FIRST, 2004, y), s.on_paper("database", y)
    ),
    "mmt_cov_point": lambda s, y: s.share(s.in_methadone(y), s.on_paper("database", y)),
    "mmt_ret_3m": _kept(Flow.KEPT_3, 2004, 2012),
    "mmt_ret_12m_prd": _kept(Flow.KEPT_12, 2006, 2010),
    "mmt_ret_24m_prd": _kept(Flow.KEPT_24, 2006, 2010),
    "mmt_ret_36m_prd": _kept(Flow.KEPT_36, 2006, 2010),
    "mmt_drop_ever7y": lambda s, y: 1.0 - _kept(Flow.KEPT_84, 2005, 2007)(s, y),
    "mmt_drop_arrest": lambda s, y: s.share(
        s.flow(Flow.POLICE, 2004, 2012),
        s.flow(Flow.POLICE, 2004, 2012) + s.flow(Flow.DROPPED, 2004, 2012),
    ),
    "mmt_reenrol": _re_enrolled,
    "rel_cddc_median": _median_days(1.0),
    "rel_vtc_median": _median_days(0.16),
    "rel_cddc_1m": _relapsed("rel_det", 1.0),
    "rel_china_ever": _relapsed("rel_det", 36.0),
    "link_indet": lambda s, y: s.values["link_indet"],
    "link_card": lambda s, y: s.values["link_base"],
    "link_police": lambda s, y: s.values["police_link"],
    "rmi_mmt": lambda s, y: s.values["rmi_link"],
    "hidden_ratio_2008": lambda s, y: s.share(s.hidden_users(y), s.on_paper("database", y)),
    "hidden_seed": lambda s, y: 1.0 + s.share(s.hidden_users(y), s.on_paper("database", y)),
    "heroin_total_seed": lambda s, y: s.hidden_users(y) + s.on_paper("database", y),
    "inj_share": _injecting,
    "inject_sites_1997": lambda s, y: s.values["inj_median"],
    "mort_mmt_cn": _death_rate_of_clients,
    "mort_in_out": _in_and_out,
    "mort_out": lambda s, y: 1000.0 * _users_rate(Flow.DEATH_USING, 2006, s, 2015),
    "mort_idu_liangshan": lambda s, y: 1000.0 * _users_rate(Flow.DEATH_USING, y, s),
    "mort_lmic": lambda s, y: 1000.0 * _users_rate(Flow.DEATH_USING, y, s),
    "od_12m_sichuan": _overdosed,
    "od_12m_yunnan": _overdosed_injecting,
    "hiv_inc_mmt_gd": _hiv_inside(2006),
    "hiv_inc_idu_sc": _hiv_outside,
    "hiv_prev_du": _hiv_prevalence(injecting=False),
    "hiv_prev_idu": _hiv_prevalence(injecting=True),
    "yunnan_prev_2015": _fall_in_users,
    "inject_12m_beijing": _injects_within_a_year,
    "hiv_new_idu_2012": lambda s, y: s.flow(Flow.HIV, y),
    "nh_adm": _admissions,
    "nh_return": _guests(Flow.PRIVATE_AGAIN),
    "nh_men": _guest_groups(1, 1),
    "nh_unreg": _guest_groups(0, 0),
    "nh_everdet": _guests(Flow.PRIVATE_DETAINED),
    "nh_evermmt": _guests(Flow.PRIVATE_METHADONE),
    "nh_inj": _guests(Flow.PRIVATE_INJECTS),
    "nh_10y": _guests(Flow.PRIVATE_10Y),
    "nh_40s": _guests(Flow.PRIVATE_40S),
}
PATTERNS: tuple[tuple[str, Observe], ...] = (
    *((f"reg_heroin_{s}_", _register(s, heroin=True)) for s in "ABC"),
    *((f"reg_all_{s}_", _register(s, heroin=False)) for s in "ABC"),
    ("no_relapse_3y_", _unseen),
    ("cdi_", _detoxification),
    ("cid_", lambda s, y: s.flow(Flow.CENTRE, y) / s.detained_share(y)),
    ("moj_stock_", _held_by_justice),
    ("mmt_ever_", lambda s, y: s.flow(Flow.METHADONE_FIRST, 2004, y)),
    ("mmt_on_", lambda s, y: s.in_methadone(y)),
    ("mmt_annret_", _annual_retention),
    ("mmt_urine_", _urine),
    ("mmt_hiv_conv_", lambda s, y: _hiv_inside()(s, y) / 100.0),
    ("male_", _part("database_male", "database")),
    ("u35_", _young),
)


def observer(target: str) -> Observe | None:
    """Return the function that forms a target's figure, or None where a run has none."""
    if target in EXACT:
        return EXACT[target]
    return next((f for prefix, f in PATTERNS if target.startswith(prefix)), None)


def observe(outcome: Outcome, values: Values, *, use: str) -> dict[str, float]:
    """Return the model's figure for every target of one use that a run can form.

    Parameters
    ----------
    outcome : Outcome
        A run of at least the years that the targets speak of.
    values : mapping
        The parameter values it was made with.
    use : str
        ``calibrate``, ``validate`` and so on; figures of another use are not even formed.
    """
    seen = Seen(outcome, values)
    figures = ((t, observer(t.id)) for t in tt.of_use(use))
    return {t.id: f(seen, t.year) for t, f in figures if f is not None}
