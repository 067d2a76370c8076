"""The people of a run: one array per attribute, 29 bytes a person, made by counter-based draws."""

from itertools import chain
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.calendar import FIRST_YEAR, N_MONTHS, NEVER, month_of
from footbridge.microsim.draws import Event, Generator, Keys, splitmix
from footbridge.microsim.parameters import Values

# Axes byte: use (2 bits) | place (3 bits) | injecting (1) | HIV (1).
NOT_YET, USING, ABSTINENT, DEAD = 0, 1, 2, 3
COMMUNITY, METHADONE, CENTRE, PRIVATE, ORDER = 0, 1, 2, 3, 4
USE_MASK, PLACE_SHIFT, INJECTS, HIV = 3, 2, 32, 64
N_AXES = 128

# Flags byte.
REGISTERED, MALE, EVER_METHADONE, DROPPED, RETURNED = 1, 2, 4, 8, 16
MANAGED, TREATED, JOB = 32, 64, 128

# Sources of abstinence: what ended use decides how soon it comes back.
FROM_CENTRE, FROM_TREATED, FROM_PRIVATE, FROM_AFTERCARE, FROM_METHADONE, UNAIDED = range(6)
N_SOURCES = 6
N_GROUPS = 20  # registered (2) x sex (2) x income fifth (5)
LONG_AGO = -1000


class People(NamedTuple):
    """State of every person as parallel arrays, shape (n_persons,) each.

    `axes` and `flags` are bit fields, `entry`, `route`, `birth`, `changed`, `detected`,
    `until`, `released` and `private` are months, `severity`, `stigma`, `income` and `belief`
    are 256-quantiles of a standard normal, `eta` is a person's own log-odds of seeking.
    """

    axes: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    source: NDArray[np.uint8]
    times: NDArray[np.uint8]
    severity: NDArray[np.uint8]
    stigma: NDArray[np.uint8]
    income: NDArray[np.uint8]
    belief: NDArray[np.uint8]
    province: NDArray[np.uint8]
    entry: NDArray[np.int16]
    route: NDArray[np.int16]
    birth: NDArray[np.int16]
    changed: NDArray[np.int16]
    detected: NDArray[np.int16]
    until: NDArray[np.int16]
    released: NDArray[np.int16]
    private: NDArray[np.int16]
    eta: NDArray[np.float32]


BYTES_PER_PERSON = 9 * 1 + 8 * 2 + 4
BLOCK = 65_536  # persons who are made at a time

# Midpoints of 256 equally likely slices of a standard normal, rounded so that every machine's
# library gives the same table. (Not by scipy.stats: its import takes longer than a run.)
NORMAL: NDArray[np.float64] = np.round(
    np.array([NormalDist().inv_cdf((k + 0.5) / 256.0) for k in range(256)]), 12
)


def entry_curve(values: Values) -> NDArray[np.float64]:
    r"""Return the cumulative share of all initiations by month, 1984 to 2035.

    .. math:: n(t) \propto \mathrm{gamma}(t; mode, shape)\, \ell(t), \quad
              \ell = late \text{ from 2007}

    Returns
    -------
    ndarray, shape (624,)
        Rising to 1, rounded to 12 places.
    """
    power = values["init_shape"] - 1.0
    middles = (np.arange(N_MONTHS) + 0.5) / 12.0
    # relative to its height at the mode: the constant cancels in the share
    at = middles / (values["init_mode"] - FIRST_YEAR)
    density = np.exp(power * (np.log(at) - at + 1.0))
    density[month_of(2007) :] *= values["init_late"]
    rising = np.cumsum(density)
    return np.asarray(np.round(rising / rising[-1], 12))


def persons_represented(values: Values, n_persons: int) -> float:
    """Return how many real persons one simulated person stands for.

    `N_ever` counts those who begin by the end of 2023; the run goes on to 2035.
    """
    share = entry_curve(values)[month_of(2023, 12)]
    return float(values["N_ever"] / (n_persons * share))


Slices = NDArray[np.uint8]


def _leaning(
    values: Values, severity: Slices, stigma: Slices, belief: Slices
) -> NDArray[np.float64]:
    """Return how much each person leans towards seeking care, before any cost."""
    leaning: NDArray[np.float64] = (
        values["seek_severity"] * NORMAL[severity]
        - values["beta_stigma"] * NORMAL[stigma]
        + values["beta_belief"] * NORMAL[belief]
    )
    return leaning


def create(
    values: Values, n_persons: int, *, keys: Keys, generator: Generator = splitmix
) -> People:
    """Return the people of a run before its first month.

    Persons are numbered by entry (one stratum of the entry curve each), so those who have not
    begun by a month are a suffix that no engine needs to touch.

    Parameters
    ----------
    values : mapping
        Parameter values.
    n_persons : int
        How many.
    keys : Keys
        From the seed.
    generator : callable
        `splitmix`, or `philox` as a cross-check.
    """
    spans = [(k, min(k + BLOCK, n_persons)) for k in range(0, n_persons, BLOCK)]
    blocks = (_block(values, span, n_persons, (keys, generator)) for span in spans)
    first = next(blocks)
    if len(spans) == 1:
        return first
    people = People(*(np.empty(n_persons, dtype=column.dtype) for column in first))
    for span, made in zip(spans, chain([first], blocks), strict=True):
        for name in People._fields:
            getattr(people, name)[slice(*span)] = getattr(made, name)
    return people


def _block(
    values: Values, span: tuple[int, int], n_persons: int, source: tuple[Keys, Generator]
) -> People:
    """Return some of the people, a block at a time: the draws take four times their room."""
    uid = np.arange(*span, dtype=np.int64)
    keys, generator = source

    def draw(event: Event) -> NDArray[np.float64]:
        return generator(keys, uid, 0, int(event))

    def slices(event: Event) -> NDArray[np.uint8]:
        return (draw(event) * 256.0).astype(np.uint8)

    where = (uid + draw(Event.ENTRY)) / n_persons
    entry = np.searchsorted(entry_curve(values), where, side="right").clip(0, N_MONTHS - 1)
    male = draw(Event.SEX) < values["male"]
    age = values["age0"] * np.exp(0.27 * NORMAL[slices(Event.AGE)])
    severity, stigma = slices(Event.SEVERITY), slices(Event.STIGMA)
    belief = slices(Event.BELIEF)
    eta = _leaning(values, severity, stigma, belief)
    return People(
        axes=_blank(uid.size),
        flags=np.where(male, MALE, 0).astype(np.uint8),
        source=_blank(uid.size),
        times=_blank(uid.size),
        severity=severity,
        stigma=stigma,
        income=slices(Event.INCOME),
        belief=belief,
        province=(draw(Event.PROVINCE) * 31).astype(np.uint8),
        entry=entry.astype(np.int16),
        route=_route(values, entry, male, (draw(Event.INJECTS), draw(Event.ROUTE))),
        birth=(entry - np.floor(age.clip(14, 55) * 12)).astype(np.int16),
        changed=entry.astype(np.int16),
        detected=_long_ago(uid.size),
        until=_long_ago(uid.size),
        released=_long_ago(uid.size),
        private=_long_ago(uid.size),
        eta=np.round(eta, 6).astype(np.float32),
    )


def _blank(n_persons: int) -> NDArray[np.uint8]:
    return np.zeros(n_persons, dtype=np.uint8)


def _long_ago(n_persons: int) -> NDArray[np.int16]:
    return np.full(n_persons, LONG_AGO, dtype=np.int16)


def _route(
    values: Values,
    entry: NDArray[np.int64],
    male: NDArray[np.bool_],
    draws: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.int16]:
    """Return the month from which each person injects; twice as late for women (Lai 2000)."""
    ever, when = draws
    median = np.where(male, values["inj_median"], 2.0 * values["inj_median"])
    wait = np.floor(-np.log2(1.0 - when) * median)
    month = np.minimum(entry + wait, NEVER)
    return np.where(ever < values["inj_ever_share"], month, NEVER).astype(np.int16)
