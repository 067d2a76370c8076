"""The facts of each month: one row a month, one column a fact, made from parameters.

Levers change columns of this table (or a look-up table) and nothing else, which is why a
lever at its null value gives the baseline to the bit.
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.calendar import LAW_OF_2008, N_MONTHS, NEVER, between_knots, month_of
from footbridge.microsim.parameters import Values

ByMonth = NDArray[np.float64]


class Fact(IntEnum):
    """Columns of the month table. The last ones are filled as the run goes on."""

    KAPPA = 0  # detection of an unregistered user of mean income, per month
    M_REG = 1  # detection, registered and seen within three years : unregistered
    M_ORDER = 2  # detection, under an order : not
    P_FIRST = 3  # centre given first detection
    P_REPEAT = 4  # centre given a later detection
    P_BREACH = 5  # centre given detection under an order
    P_ORDER = 6  # order given detection without centre
    P_LABOUR = 7  # labour camp rather than detoxification, a repeater before June 2008
    REGIME = 8  # row of the table of stays
    STAY = 9  # multiplier of stays
    REG_DETECT = 10  # detection registers
    REG_ENTRY = 11  # methadone entry registers
    REG_PRIVATE = 12  # a private stay is reported and registers
    EXPIRY = 13  # months unseen after which registration ends
    ALPHA = 14  # log-odds of seeking
    B_REG = 15  # cost of registration at entry
    B_FEAR = 16  # cost of fear
    FEAR_BASE = 17  # fear of a person never detained
    RHO = 18  # gain of having been in methadone
    GAIN = 19  # log-odds gained by a stigma campaign
    REACH = 20  # share the campaign reaches
    DROP_GAIN = 21  # multiplier of drop-out for those reached
    ACCESS = 22  # access to clinics
    PLACES = 23  # methadone places, persons
    DROP_EARLY = 24
    DROP_LATE = 25
    POLICE = 26  # removal from methadone
    URINE = 27  # positive share in methadone
    OPEN = 28  # 1 once clinics exist
    LINK_USUAL = 29  # link per month after release
    LINK_TREATED = 30
    LINK_MANAGED = 31
    MANAGED = 32  # share of releases given recovery management
    JOB_USUAL = 33
    JOB_MANAGED = 34
    TREATED = 35  # share of the detained treated inside
    PRV_BEDS = 36  # private beds relative to the full number
    PRV_SLOTS = 37  # private stays a month, persons
    PRV_ALPHA = 38
    PRV_ANON = 39
    PRV_WTP = 40
    PRV_LOGPRICE = 41  # log of price over monthly wage
    PRV_STIGMA = 42  # cost of stigma in private care, per SD
    AFTERCARE = 43
    QUIT = 44
    OD_INJECT = 45  # overdose per month
    OD_SMOKE = 46
    OD_RECENT = 47  # multiplier in the first month after release
    OD_METHADONE = 48
    OD_CENTRE = 49
    FATAL = 50
    FATAL_RECENT = 51
    HIV_OUT = 52
    HIV_IN = 53
    HIV_DEATH = 54  # extra monthly probability of death with HIV
    DET_PLACES = 55
    SEEK_FREE = 56  # access times the free share of places: filled each month
    PRV_FREE = 58
    CENTRE_FREE = 60
    INCOME_SD = 61
    PRV_AGAIN = 62  # log-odds of a private week for a person who had one
    M_OLD = 63  # detection, registered but unseen for three years : unregistered


N_FACTS = max(Fact) + 1  # 57 and 59 are free

# Bull WHO 2013;91:130, table 2; the 2021 review.
CLINICS = ((2004, 0), (2005, 8), (2006, 58), (2007, 320), (2008, 503), (2009, 600), (2010, 680),
           (2011, 701), (2012, 738), (2022, 801))  # fmt: skip
URINE = ((2004.5, 0.076), (2005.5, 0.124), (2006.5, 0.218), (2007.5, 0.237), (2008.5, 0.264),
         (2009.5, 0.245), (2010.5, 0.240), (2011.5, 0.236), (2021.5, 0.096))  # fmt: skip
ISOLATION_MEAN = 21.5  # months: mean of the table of stays from June 2008, see `stay_table`
KNOTS = (1990, 1999, 2005, 2009, 2014, 2016.5)
# Thousands of people caught in a year, all drugs (context figures `caught_*`).
CAUGHT = ((2016.5, 1006), (2018.5, 717), (2019.5, 617), (2021.5, 326), (2022.5, 197),
          (2023.5, 195))  # fmt: skip


def clinics() -> NDArray[np.float64]:
    """Return the number of methadone clinics by month (year-end counts, linear between)."""
    years, counts = zip(*CLINICS, strict=True)
    return between_knots(years, counts)


def detection(values: Values) -> NDArray[np.float64]:
    """Return kappa(t) per month: log-linear between knots, times the 2010-14 surge.

    After the last knot it follows the number of people caught, to a power.
    """
    heights = tuple(values[f"kappa_{int(year)}"] for year in KNOTS)
    years, caught = zip(*CAUGHT, strict=True)
    followed = between_knots(years, caught, log=True) / caught[0]
    kappa = between_knots(KNOTS, heights, log=True) / 12.0 * followed ** values["kappa_follow"]
    surge = between_knots(
        (2010, 2010.5, 2014.5, 2015.5), (1.0, values["surge"], values["surge"], 1.0)
    )
    return np.asarray(np.round(kappa * surge, 12), dtype=np.float64)


def month_table(values: Values) -> ByMonth:
    """Return the facts of every month without any lever.

    Returns
    -------
    ndarray, shape (624, n_facts)
        Columns as in `Fact`; probabilities are per month.
    """
    table = np.zeros((N_MONTHS, N_FACTS))
    columns: dict[Fact, NDArray[np.float64] | float] = {}
    for part in (_police, _methadone, _private, _harm):
        columns |= part(values)
    for fact, column in columns.items():
        table[:, fact] = column
    return np.round(table, 12)


Columns = dict[Fact, NDArray[np.float64] | float]


def _police(v: Values) -> Columns:
    """Detection, sanctions and registration (equation blocks 2 and 3)."""
    after = (np.arange(N_MONTHS) >= LAW_OF_2008).astype(np.float64)
    early = np.where(after > 0, 1.0, v["p_comp_early"])
    mix = between_knots((2009, 2014), (1.0, v["p_comp_late"])) * early
    return {
        Fact.KAPPA: detection(v),
        Fact.M_REG: v["m_reg"],
        Fact.M_OLD: v["m_old"],
        Fact.M_ORDER: v["c_ord"],
        Fact.P_FIRST: np.minimum(1.0, v["p_comp_first"] * mix),
        Fact.P_REPEAT: np.minimum(1.0, v["p_comp_repeat"] * mix),
        Fact.P_BREACH: v["p_breach"],
        Fact.P_ORDER: v["p_order"] * after,
        Fact.P_LABOUR: v["p_rul"] * (1.0 - after),
        Fact.REGIME: 2.0 * after,
        Fact.STAY: np.where(after > 0, v["sent_cid"] / ISOLATION_MEAN, 1.0),
        Fact.REG_DETECT: 1.0,
        Fact.REG_ENTRY: v["reg_on_mmt"],
        Fact.REG_PRIVATE: v["reg_on_private"],
        Fact.EXPIRY: float(NEVER),
        Fact.DET_PLACES: v["det_cap"],
    }


def _methadone(v: Values) -> Columns:
    """Seeking, leaving and linking (equation blocks 4, 6 and 8)."""
    years, shares = zip(*URINE, strict=True)
    count = clinics()
    late = between_knots((2012, 2021), (1.0, v["access_late"]))
    return {
        Fact.ALPHA: v["seek_alpha"],
        Fact.B_REG: v["beta_reg"],
        Fact.B_FEAR: v["beta_fear"],
        Fact.FEAR_BASE: v["fear_base"],
        Fact.RHO: v["rho_ever"],
        Fact.DROP_GAIN: 1.0,
        Fact.ACCESS: (count / 738.0) ** v["access_power"] * late,
        Fact.PLACES: count * v["mmt_cap"],
        Fact.DROP_EARLY: v["drop_early"],  # already an average over doses
        Fact.DROP_LATE: v["drop_late"],
        Fact.POLICE: v["pol_mmt"],
        Fact.URINE: between_knots(years, shares) * v["urine_pos"] / 0.24,
        Fact.OPEN: (count > 0).astype(np.float64),
        Fact.LINK_USUAL: monthly(v["link_base"], 6),
        Fact.LINK_TREATED: monthly(v["link_indet"], 6),
        Fact.LINK_MANAGED: monthly(v["rmi_link"], 3),
        Fact.JOB_USUAL: v["job_usual"],
        Fact.JOB_MANAGED: v["job_rmi"],
        Fact.QUIT: v["quit_spont"],
    }


def monthly(probability: float, months: int) -> float:
    """Return the monthly chance that gives a probability over several months.

    Examples
    --------
    >>> round(1 - (1 - monthly(0.258, 6)) ** 6, 9)
    0.258
    """
    return float(1.0 - (1.0 - probability) ** (1.0 / months))


def _private(v: Values) -> Columns:
    """Private anonymous care (equation block 5)."""
    beds = between_knots((v["prv_start"], v["prv_full"]), (0.02, 1.0))
    beds[: month_of(int(v["prv_start"]))] = 0.0
    return {
        Fact.PRV_BEDS: beds,
        Fact.PRV_SLOTS: beds * v["prv_cap"] * 30.0 / 7.0,
        Fact.PRV_ALPHA: v["prv_alpha"],
        Fact.PRV_ANON: v["prv_anon"],
        Fact.PRV_AGAIN: v["prv_again"],
        Fact.PRV_WTP: v["wtp"],
        Fact.PRV_LOGPRICE: np.log(2100.0 / v["wage"]),
        Fact.PRV_STIGMA: 0.3 * v["beta_stigma"],
        Fact.INCOME_SD: v["income_sd"],
    }


def _harm(v: Values) -> Columns:
    """Overdose and HIV (equation blocks 9 and 10)."""
    trend = between_knots(
        (1995, 2003, 2005, 2013, 2021),
        (v["hiv_peak"], v["hiv_peak"], 1.0, v["hiv_late"] ** 0.6, v["hiv_late"]),
        log=True,
    )
    treated = between_knots((2004, 2016), (1.0, 0.3))
    # the published rate is over all clients, but only those who inject carry it; conversion in
    # clients fell from .95 % (2006) to .07 % (2021)
    inside = between_knots((2006, 2010, 2021), (4.0, 1.2, 0.4), log=True)
    return {
        Fact.OD_INJECT: v["od_inj"] / 12.0,
        Fact.OD_SMOKE: v["od_inj"] * v["od_smoke"] / 12.0,
        Fact.OD_RECENT: v["od_release"],
        Fact.OD_METHADONE: 1.0 / v["od_mmt_rr"],
        Fact.OD_CENTRE: v["od_centre"],
        Fact.FATAL: v["od_cfr"],
        Fact.FATAL_RECENT: v["od_cfr"],
        Fact.HIV_OUT: v["hiv_out"] / 1200.0 * trend,
        Fact.HIV_IN: v["hiv_in"] / 1200.0 / v["inj_ever_share"] * inside,
        Fact.HIV_DEATH: v["ex_hiv"] / 12000.0 * treated,
    }
