"""What a run counts: events by year and group, and where people are at each month's end."""

from enum import IntEnum, auto
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.calendar import N_YEARS
from footbridge.microsim.people import N_AXES, N_GROUPS


class Flow(IntEnum):
    """Events that are counted, by year and group of the person at that moment."""

    INITIATED = 0
    INJECTED = auto()
    DETECTED = auto()
    DETECTED_AGAIN = auto()
    REGISTERED = auto()
    EXPIRED = auto()
    CENTRE = auto()
    LABOUR = auto()
    ORDER = auto()
    FINE = auto()
    RELEASED = auto()
    CENTRE_WITHIN_3 = auto()
    CENTRE_WITHIN_12 = auto()
    TREATED = auto()
    MANAGED = auto()
    JOB = auto()
    LINKED = auto()
    METHADONE = auto()
    METHADONE_FIRST = auto()
    METHADONE_AGAIN = auto()
    REGISTERED_BY_CARE = auto()
    DROPPED = auto()
    DROPPED_FIRST = auto()
    POLICE = auto()
    URINE = auto()
    KEPT_3 = auto()
    KEPT_12 = auto()
    KEPT_24 = auto()
    KEPT_36 = auto()
    KEPT_84 = auto()
    PRIVATE = auto()
    PRIVATE_NEW = auto()
    PRIVATE_AGAIN = auto()
    PRIVATE_DETAINED = auto()
    PRIVATE_METHADONE = auto()
    PRIVATE_INJECTS = auto()
    PRIVATE_10Y = auto()
    PRIVATE_40S = auto()
    QUIT = auto()
    RELAPSED = auto()
    OVERDOSE = auto()
    OVERDOSE_RECENT = auto()
    OVERDOSE_INJECTS = auto()
    OVERDOSE_DEATH = auto()
    DEATH = auto()
    DEATH_USING = auto()
    DEATH_METHADONE = auto()
    DEATH_CENTRE = auto()
    DEATH_CLIENT = auto()
    HIV = auto()
    HIV_METHADONE = auto()


N_FLOWS = len(Flow)
N_CELLS = N_AXES * N_GROUPS
N_TIMES = 16

# What a census of the register counts.
CENSUS = (
    "alive_registered", "database", "existing", "existing_male", "database_male",
    "existing_under_36", "database_under_36", "users_15_64", "database_dead", "existing_dead",
)  # fmt: skip
N_CENSUS = len(CENSUS)


class Tally(NamedTuple):
    """Integer counts; adding the tallies of two workers gives that of both.

    stock : shape (2560,), persons by axes and group
    flow : shape (52, n_flows, 20), events by year and group
    times : shape (52, 16), admissions to a centre by earlier admissions (15 = or more)
    """

    stock: NDArray[np.int64]
    flow: NDArray[np.int64]
    times: NDArray[np.int64]


def empty_tally() -> Tally:
    """Return a tally of nothing."""
    return Tally(
        stock=np.zeros(N_CELLS, dtype=np.int64),
        flow=np.zeros((N_YEARS, N_FLOWS, N_GROUPS), dtype=np.int64),
        times=np.zeros((N_YEARS, N_TIMES), dtype=np.int64),
    )
