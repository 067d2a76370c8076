"""What an engine is given: one month of one range of persons, or many months of all."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.flows import Tally
from footbridge.microsim.people import People
from footbridge.microsim.tables import Lookups


class Frame(NamedTuple):
    """Where in the run an engine is: month, year index, persons `first` to `last`, keys."""

    month: int
    year: int
    first: int
    last: int
    key1: np.uint64
    key2: np.uint64


class World(NamedTuple):
    """People, tables, this month's facts, what is counted, and the frame.

    people : People
        Changed in place.
    lut : Lookups
        Look-up tables.
    now : ndarray, shape (n_facts,)
        This month's facts, by `Fact`.
    tally : Tally
        Added to.
    frame : Frame
        Which month and which persons.
    """

    people: People
    lut: Lookups
    now: NDArray[np.float64]
    tally: Tally
    frame: Frame


class Course(NamedTuple):
    """The months that one call of the kernel goes through, and where it writes them down.

    whole : bool
        False: the world's frame and facts are used as they are, once, and nothing is recorded.
    first, until : int
        Months, `until` not included.
    begun : shape (624,), persons who have begun by each month
    facts : shape (624, n_facts), the month table
    bounds : shape (n_rows, n_bounds), the rows of the screen
    row_of : shape (624,), which row each month uses
    weight : float
        Real persons per simulated person.
    database : tuple of int
        Month in which the national database began, and since when its entries date.
    states, years, census
        Written, as in `run.Outcome`.
    """

    whole: bool
    first: int
    until: int
    begun: NDArray[np.int64]
    facts: NDArray[np.float64]
    bounds: NDArray[np.float64]
    row_of: NDArray[np.int64]
    weight: float
    database: tuple[int, int]
    states: NDArray[np.int64]
    years: NDArray[np.int64]
    census: NDArray[np.int64]
