"""What an engine is given for one month of one range of persons."""

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
