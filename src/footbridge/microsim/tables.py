"""Everything an engine reads: the month table and the look-up tables behind the equations."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.months import ByMonth, Fact, month_table
from footbridge.microsim.parameters import Values

LOGIT_LIMIT = 16.0
LOGIT_STEPS = 64  # per unit
LONGEST = 240  # months of abstinence after which the hazard is kept
OLDEST = 110
# Where a person is decides the row of the table of deaths.
DIES_USING, DIES_ABSTINENT, DIES_METHADONE, DIES_CENTRE, DIES_PRIVATE = range(5)


class Lookups(NamedTuple):
    """Look-up tables, all rounded so that every machine has the same bits.

    logistic : shape (2049,), of -16, -16 + 1/64, ..., 16
    normal : shape (256,), midpoints of equally likely slices
    detect : shape (256,), multiplier of detection by income
    drop : shape (256,), multiplier of drop-out by stigma
    stays : shape (256,), multiplier of drop-out by belief in methadone, of mean 1
    relapse : shape (12, 241, 8), by source and job, months abstinent, severity
    stay : shape (3, 256), months in a centre by regime and 256-quantile
    death : shape (5, 111), monthly probability by condition and age in years
    condition : shape (32,), row of `death` for each use and place
    """

    logistic: NDArray[np.float64]
    normal: NDArray[np.float64]
    detect: NDArray[np.float64]
    drop: NDArray[np.float64]
    stays: NDArray[np.float64]
    relapse: NDArray[np.float64]
    stay: NDArray[np.int64]
    death: NDArray[np.float64]
    condition: NDArray[np.int64]


class Tables(NamedTuple):
    """The month table and the look-up tables; levers return changed copies."""

    months: ByMonth
    lookups: Lookups
    values: dict[str, float]


def tables_of(values: Values) -> Tables:
    """Return the tables of a set of parameter values, before any lever."""
    return Tables(month_table(values), lookups(values), dict(values))


def lookups(values: Values) -> Lookups:
    """Return the look-up tables of a set of parameter values."""
    steps = np.arange(int(2 * LOGIT_LIMIT * LOGIT_STEPS) + 1)
    g, s = values["detect_income"], values["drop_spread"]
    return Lookups(
        logistic=np.round(1.0 / (1.0 + np.exp(LOGIT_LIMIT - steps / LOGIT_STEPS)), 13),
        normal=np.array(pp.NORMAL, dtype=np.float64),
        detect=_exponential(-g * pp.NORMAL - 0.5 * g * g),
        drop=_exponential(values["drop_stigma"] * pp.NORMAL),
        stays=_exponential(-s * pp.NORMAL - 0.5 * s * s),
        relapse=relapse_table(values),
        stay=stay_table(),
        death=death_table(values),
        condition=_conditions(),
    )


def _exponential(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.round(np.exp(powers), 12), dtype=np.float64)


def relapse_scales(values: Values) -> tuple[float, ...]:
    """Return the Weibull scale of relapse by source of abstinence."""
    return (
        values["rel_det"],
        values["rel_det"] * values["det_rel_hr"],
        values["rel_prv"],
        values["rel_prv"] * values["aftercare_hr"],
        values["rel_mmt"],
        values["rel_spon"],
    )


def relapse_table(values: Values) -> NDArray[np.float64]:
    r"""Return the monthly chance of return to use.

    .. math:: h(m) = 1 - \exp\{-\lambda_{src}\,[(m)^k - (m-1)^k]\, e^{0.15\,sev}\, HR_{job}\}

    Returns
    -------
    ndarray, shape (12, 241, 8)
        Row ``2 * source + job``; column m is the m-th month abstinent (column 0 unused).

    References
    ----------
    Wegman et al. (2017), https://doi.org/10.1016/S2214-109X(16)30303-5, for source and shape.
    """
    m = np.arange(LONGEST + 1, dtype=np.float64)
    power = m ** values["rel_k"]
    step = np.diff(power, prepend=0.0)
    eighths = pp.NORMAL.reshape(8, 32).mean(axis=1)
    severity = np.exp(values["rel_severity"] * eighths)
    job = np.array([1.0, values["job_hr"]])
    rate = np.repeat(relapse_scales(values), 2) * np.tile(job, pp.N_SOURCES)
    hazard = rate[:, None, None] * step[None, :, None] * severity[None, None, :]
    return np.asarray(np.round(1.0 - np.exp(-hazard), 12))


def stay_table() -> NDArray[np.int64]:
    """Return months in a centre for 256 quantiles and three regimes.

    Detoxification 1-6 and labour 12-36 months, both uniform, before June 2008; compulsory
    isolation from then: 12-26 with early release for four in five, 27-36 for the rest.
    """
    q = (np.arange(256) + 0.5) / 256.0
    early = 12 + np.floor(q / 0.8 * 15)
    late = 27 + np.floor((q - 0.8) / 0.2 * 10)
    rows = [1 + np.floor(q * 6), 12 + np.floor(q * 25), np.where(q < 0.8, early, late)]
    return np.stack(rows).astype(np.int64)


def death_table(values: Values) -> NDArray[np.float64]:
    """Return the monthly chance of death other than by overdose, by condition and age.

    A Gompertz background is added to an excess per condition. The excess of users and of
    methadone is what is left of the published all-cause rates after background (at 35 years)
    and the overdose deaths that the model itself makes, so that no cause is counted twice;
    the excess inside centres is a parameter and never zero.

    References
    ----------
    Sordo et al. (2017), https://doi.org/10.1136/bmj.j1550: 11.3 in and 36.1 out of methadone.
    """
    slope = values["gompertz_slope"]
    age = np.arange(OLDEST + 1)
    background = values["gompertz_40"] * np.exp(slope * (age - 40.0))
    at35 = values["gompertz_40"] * np.exp(-5.0 * slope)
    overdose = overdose_deaths(values)
    out = max(1.0, values["acm_out"] - at35 - overdose)
    inside = max(1.0, values["acm_in"] - at35 - overdose / values["od_mmt_rr"])
    excess = np.array([out, values["ex_abst"], inside, values["ex_centre"], values["ex_abst"]])
    per_year = np.minimum((background[None, :] + excess[:, None]) / 1000.0, 0.9)
    return np.asarray(np.round(1.0 - (1.0 - per_year) ** (1.0 / 12.0), 12))


def overdose_deaths(values: Values) -> float:
    """Return overdose deaths of users per 1,000 person-years, recent releases apart.

    Examples
    --------
    >>> overdose_deaths({"inj_ever_share": 1.0, "od_smoke": 0.2, "od_inj": 0.18, "od_cfr": 0.07})
    12.6
    """
    share = values["inj_ever_share"]
    rate = values["od_inj"] * (share + (1.0 - share) * values["od_smoke"])
    return float(round(1000.0 * rate * values["od_cfr"], 9))


def _conditions() -> NDArray[np.int64]:
    """Return the row of the table of deaths for each use and place."""
    rows = np.full(32, DIES_ABSTINENT, dtype=np.int64)
    for place in range(8):
        rows[pp.USING | place << pp.PLACE_SHIFT] = DIES_USING
    rows[pp.ABSTINENT | pp.METHADONE << pp.PLACE_SHIFT] = DIES_METHADONE
    rows[pp.ABSTINENT | pp.CENTRE << pp.PLACE_SHIFT] = DIES_CENTRE
    rows[pp.ABSTINENT | pp.PRIVATE << pp.PLACE_SHIFT] = DIES_PRIVATE
    return rows


def logistic(table: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logistic function by linear interpolation in a table, as the kernel does.

    The error is below 4e-6; the function stays monotone.
    """
    at = (x + LOGIT_LIMIT) * LOGIT_STEPS
    at = np.minimum(np.maximum(at, 0.0), 2047.0)
    cell = at.astype(np.int64)
    left = table[cell]
    return np.asarray(left + (at - cell) * (table[cell + 1] - left))


class Full(NamedTuple):
    """How full each place was at the end of last month, in persons represented."""

    methadone: float
    private: float
    centre: float


def facts_of_month(
    tables: Tables,
    month: int,
    full: Full,
    eta_range: tuple[float, float],
    *,
    bounds: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return one month's facts with the columns that depend on last month filled in.

    Parameters
    ----------
    tables : Tables
        With levers applied.
    month : int
        0 to 623.
    full : Full
        Last month's occupancy.
    eta_range : tuple of float
        Smallest and largest personal log-odds of seeking.
    bounds : ndarray, optional
        The month's bounds, where a run has made them already.

    Returns
    -------
    ndarray, shape (n_facts + n_bounds,)
        The facts by `Fact`, then the bounds by which the kernel passes over most people.
    """
    from footbridge.microsim import screen  # it reads these tables

    now = tables.months[month].copy()
    fill(now, *full)
    if bounds is None:
        bounds = screen.bounds(tables, now, eta_range)
    return np.concatenate([now, bounds])


def fill(now: NDArray[np.float64], methadone: float, private: float, centre: float) -> None:
    """Fill in the columns of a month that depend on who was where at the end of the last one.

    Plain arithmetic on numbers, because the kernel compiles this very function.

    Parameters
    ----------
    now : ndarray, shape (n_facts,) or longer
        A row of the month table, changed in place.
    methadone, private, centre : float
        Occupancy in persons represented.
    """
    for free, taken, places in (
        (Fact.SEEK_FREE, methadone, Fact.PLACES),
        (Fact.PRV_FREE, private, Fact.PRV_SLOTS),
        (Fact.CENTRE_FREE, centre, Fact.DET_PLACES),
    ):  # the share of places that is free, 0 where there are none
        now[free] = max(0.0, 1.0 - taken / now[places]) if now[places] > 0.0 else 0.0
    now[Fact.SEEK_FREE] *= now[Fact.ACCESS]
    now[Fact.PRV_FREE] *= now[Fact.PRV_BEDS]
    # no effect until nine tenths of the centres are full, then fewer and fewer are sent there
    now[Fact.CENTRE_FREE] = min(1.0, 10.0 * now[Fact.CENTRE_FREE])
    if methadone >= now[Fact.PLACES]:
        now[Fact.OPEN] = 0.0
