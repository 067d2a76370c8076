"""Bounds that let the kernel pass over people to whom nothing can happen this month.

In most months nothing happens to most people: four users in five meet no event at all. The
kernel asks one question for all events at once, "is any draw below its bound?", and works
through the rules only where the answer is yes. A bound is never below the chance it stands for,
so results do not depend on it; the twin has no bounds, and the comparison of the two would fail.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.months import Fact
from footbridge.microsim.tables import DIES_USING, OLDEST, Tables, logistic

Bounds = NDArray[np.float64]

ETA_BINS = 32
PART_BINS = 32  # of income, and of stigma
AGE_SHIFT = 4  # ages in bins of 16 months
AGE_BINS = ((12 * OLDEST + 11) >> AGE_SHIFT) + 1
MARGIN = 1e-6
"""Added to log-odds, where the bin of a person's own was rounded."""

# Where each table of bounds begins.
SEEK = 0  # by registered, ever in methadone, ever detained, and own log-odds
PAYS = SEEK + 8 * ETA_BINS  # by income
WANTS = PAYS + PART_BINS  # by registered, had a private week, and stigma
DIES = WANTS + 4 * PART_BINS  # by age
ETA_LOW = DIES + AGE_BINS
ETA_SCALE = ETA_LOW + 1
N_BOUNDS = ETA_SCALE + 1

_COLUMNS = [
    Fact.ALPHA, Fact.B_REG, Fact.B_FEAR, Fact.FEAR_BASE, Fact.RHO, Fact.GAIN, Fact.REACH,
    Fact.PRV_ALPHA, Fact.PRV_ANON, Fact.PRV_WTP, Fact.PRV_LOGPRICE, Fact.PRV_STIGMA,
    Fact.PRV_AGAIN, Fact.INCOME_SD,
]  # fmt: skip


class Screen(NamedTuple):
    """The bounds of a run: `rows`, and which row each month uses."""

    rows: Bounds
    of_month: NDArray[np.int64]


def screen_of(tables: Tables, eta_range: tuple[float, float]) -> Screen:
    """Return the bounds of every month; months with the same facts share a row."""
    facts = np.ascontiguousarray(tables.months[:, _COLUMNS])
    first, of_month = np.unique(facts, axis=0, return_index=True, return_inverse=True)[1:]
    rows = np.array([bounds(tables, tables.months[month], eta_range) for month in first])
    return Screen(rows, of_month.reshape(-1))


def bounds(tables: Tables, now: NDArray[np.float64], eta_range: tuple[float, float]) -> Bounds:
    """Return the bounds under one month's facts, shape (n_bounds,).

    Parameters
    ----------
    tables : Tables
        For the look-up tables.
    now : ndarray, shape (n_facts,)
        A row of the month table.
    eta_range : tuple of float
        Smallest and largest personal log-odds of seeking.
    """
    low, high = eta_range
    scale = ETA_BINS / max(high - low, 1e-9)
    tops: Bounds = np.asarray(low + (np.arange(ETA_BINS) + 1.0) / scale + MARGIN, dtype=np.float64)
    gain = max(0.0, now[Fact.GAIN]) if now[Fact.REACH] > 0.0 else 0.0
    table = tables.lookups.logistic
    dies = tables.lookups.death[DIES_USING][
        np.minimum(np.arange(AGE_BINS << AGE_SHIFT) // 12, OLDEST)
    ]
    return np.concatenate(
        [
            logistic(table, _seeks(now, tops) + gain).ravel(),
            _top(logistic(table, _pays(tables, now))),
            _top(logistic(table, _wants(tables, now) + 0.3 * gain + MARGIN)),
            dies.reshape(AGE_BINS, -1).max(axis=1),
            [low, scale],
        ]
    )


def _top(chances: NDArray[np.float64]) -> Bounds:
    """Return the largest chance in each of the bins of 256 slices."""
    return np.asarray(chances.reshape(-1, 256 // PART_BINS).max(axis=1))


def _seeks(now: NDArray[np.float64], tops: Bounds) -> Bounds:
    """Return log-odds of seeking by registered, ever in methadone, ever detained, and bin."""
    marks = np.arange(8)[:, None]
    fear = np.where(marks & 4, 1.0, now[Fact.FEAR_BASE])
    eta = now[Fact.ALPHA] + tops - np.where(marks & 1, 0.0, now[Fact.B_REG])
    return np.asarray(eta - now[Fact.B_FEAR] * fear + np.where(marks & 2, now[Fact.RHO], 0.0))


def _pays(tables: Tables, now: NDArray[np.float64]) -> Bounds:
    """Return log-odds of being able to pay for a private week, by slice of income."""
    income = now[Fact.INCOME_SD] * tables.lookups.normal
    return np.asarray(now[Fact.PRV_WTP] * (income - now[Fact.PRV_LOGPRICE]) + MARGIN)


def _wants(tables: Tables, now: NDArray[np.float64]) -> Bounds:
    """Return log-odds of wanting one, by registered, had one before, and slice of stigma."""
    marks = np.arange(4)[:, None]
    wants = now[Fact.PRV_ALPHA] - now[Fact.PRV_STIGMA] * tables.lookups.normal
    wants = wants + np.where(marks & 1, 0.0, now[Fact.PRV_ANON])
    return np.asarray(wants + np.where(marks & 2, now[Fact.PRV_AGAIN], 0.0))
