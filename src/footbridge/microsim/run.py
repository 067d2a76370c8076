"""Run the model: month after month, any number of threads, any chunk size, the same bits."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.calendar import N_MONTHS, N_YEARS, month_of
from footbridge.microsim.draws import GENERATORS, keys_of
from footbridge.microsim.errors import MicrosimError
from footbridge.microsim.flows import (
    N_CELLS,
    N_CENSUS,
    N_FLOWS,
    N_TIMES,
    empty_tally,
)
from footbridge.microsim.people import N_AXES, N_GROUPS, People
from footbridge.microsim.screen import screen_of
from footbridge.microsim.tables import Full, Tables, facts_of_month
from footbridge.microsim.world import Course, Frame, World

DATABASE = month_of(2006)  # the national database begins


class Engine(Protocol):
    """What moves people on: the compiled kernel or its plain twin."""

    def advance(self, world: World) -> object:
        """Move the persons of a world's frame on by one month and add to its tally."""

    def census(
        self, people: People, month: int, last: int, database_from: int
    ) -> NDArray[np.int64]:
        """Count the register at the end of a month."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a run is made; nothing here but `n_persons` and `seed` changes a result.

    Parameters
    ----------
    n_persons : int
        Simulated persons, 1 or more.
    seed : int
        Number of the draws, 0 or more.
    months : int
        How many months to run from January 1984, up to 624.
    threads : int
        Threads that share each month.
    chunk : int
        Persons a thread takes at a time, at most.
    engine : str
        ``"kernel"``, or ``"reference"`` for the plain twin.
    generator : str
        ``"splitmix"``; ``"philox"`` works with the twin only.
    """

    n_persons: int = 30_000
    seed: int = 1
    months: int = N_MONTHS
    threads: int = 1
    chunk: int = 65_536
    engine: str = "kernel"
    generator: str = "splitmix"

    def check(self) -> None:
        """Raise MicrosimError where a number is out of its range."""
        ranges = {
            "n_persons": (1, 100_000_000),
            "seed": (0, 2**63 - 1),
            "months": (1, N_MONTHS),
            "threads": (1, 1024),
            "chunk": (1, 100_000_000),
        }
        for name, (low, high) in ranges.items():
            given = getattr(self, name)
            if not low <= given <= high:
                raise MicrosimError(
                    f"{name} = {given} cannot be run. It must lie between {low} and {high}. "
                    "Choose a number in that range."
                )
        if self.generator != "splitmix" and self.engine == "kernel":
            raise MicrosimError(
                f"The kernel cannot draw from {self.generator!r}. Only splitmix is compiled. "
                "Use engine='reference' for the cross-check."
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run counted, in simulated persons; `weight` turns them into real ones.

    Attributes
    ----------
    weight : float
        Real persons per simulated person.
    months : int
        Months that were run; a cancelled run has fewer than it was asked for.
    states : ndarray of int64, shape (624, 256)
        Persons at each month's end by axes, then by registered (columns 128 and up).
    years : ndarray of int64, shape (52, 2560)
        Person-months in each year by axes and group.
    flow : ndarray of int64, shape (52, n_flows, 20)
        Events in each year by group.
    times : ndarray of int64, shape (52, 16)
        Admissions to centres by number of earlier ones.
    census : ndarray of int64, shape (208, n_census)
        The register at each quarter's end.
    """

    weight: float
    months: int
    states: NDArray[np.int64]
    years: NDArray[np.int64]
    flow: NDArray[np.int64]
    times: NDArray[np.int64]
    census: NDArray[np.int64]


Progress = Callable[[int], bool]


def simulate(
    tables: Tables, setting: Setting | None = None, *, progress: Progress | None = None
) -> Outcome:
    """Run one population through the months.

    Parameters
    ----------
    tables : Tables
        Parameter values and levers, as `scenarios.tables_under` gives them.
    setting : Setting, optional
        How to run; 30,000 persons on one thread unless told otherwise.
    progress : callable, optional
        Called with the number of months done; a false answer ends the run, and what was
        counted until then is returned.

    Returns
    -------
    Outcome

    Raises
    ------
    MicrosimError
        If a number of `setting` is out of its range.
    """
    how = Setting() if setting is None else setting
    how.check()
    people = pp.create(
        tables.values,
        how.n_persons,
        keys=keys_of(how.seed),
        generator=GENERATORS[how.generator],
    )
    return _Run(tables, how, people).go(progress)


class _Run:
    """One run in progress."""

    def __init__(self, tables: Tables, how: Setting, people: People) -> None:
        self.tables, self.how, self.people = tables, how, people
        self.engine = engine_of(how)
        self.keys = keys_of(how.seed)
        self.weight = pp.persons_represented(tables.values, how.n_persons)
        self.tallies = [empty_tally() for _ in range(how.threads)]
        self.states = np.zeros((N_MONTHS, 2 * N_AXES), dtype=np.int64)
        self.years = np.zeros((N_YEARS, N_CELLS), dtype=np.int64)
        self.counts = np.zeros((N_MONTHS // 3, N_CENSUS), dtype=np.int64)
        self.eta_range = (float(people.eta.min()), float(people.eta.max()))
        self.screen = screen_of(tables, self.eta_range)
        self.begun = np.searchsorted(people.entry, np.arange(N_MONTHS), side="right")
        self.database_from = int(DATABASE - tables.values["carry_window"])

    def go(self, progress: Progress | None) -> Outcome:
        """Run the months; where one call can do them all, no Python comes between them."""
        whole = self.how.engine == "kernel" and self.how.threads == 1
        if whole and self.how.n_persons <= self.how.chunk:
            done = self._in_one_call(progress)
        else:
            done = self._month_by_month(progress)
        flow = np.stack([tally.flow for tally in self.tallies]).sum(axis=0)
        times = np.stack([tally.times for tally in self.tallies]).sum(axis=0)
        assert flow.shape[1] == N_FLOWS and times.shape[1] == N_TIMES  # noqa: S101, PT018
        return Outcome(self.weight, done, self.states, self.years, flow, times, self.counts)

    def _month_by_month(self, progress: Progress | None) -> int:
        with _pool(self.how.threads) as pool:
            for month in range(self.how.months):
                self._advance(month, pool)
                self._record(month)
                if progress is not None and not progress(month + 1):
                    return month + 1
        return self.how.months

    def _in_one_call(self, progress: Progress | None) -> int:
        """Hand the months to the compiled loop: all at once, or one by one if somebody watches."""
        from footbridge.microsim import kernel  # numba is slow to import

        now = np.zeros(self.tables.months.shape[1] + self.screen.rows.shape[1])
        frame = Frame(0, 0, 0, 0, *self.keys)
        world = World(self.people, self.tables.lookups, now, self.tallies[0], frame)
        step = self.how.months if progress is None else 1
        done = 0
        while done < self.how.months:
            course = self._course(done, min(done + step, self.how.months))
            kernel.go(world, course)
            done = course.until
            if progress is not None and not progress(done):
                break
        return done

    def _course(self, first: int, until: int) -> Course:
        return Course(
            True, first, until, self.begun, np.ascontiguousarray(self.tables.months),
            *self.screen, self.weight, (DATABASE, self.database_from),
            self.states, self.years, self.counts,
        )  # fmt: skip

    def _advance(self, month: int, pool: ThreadPoolExecutor | None) -> None:
        bounds = self.screen.rows[self.screen.of_month[month]]
        now = facts_of_month(self.tables, month, self._full(month), self.eta_range, bounds=bounds)
        last = int(self.begun[month])
        # No chunk is longer than a thread's even share, or one thread would wait for the other.
        chunk = max(1, min(self.how.chunk, -(-last // self.how.threads)))
        spans = [(start, min(start + chunk, last)) for start in range(0, last, chunk)]

        def work(worker: int) -> None:
            for first, end in spans[worker :: self.how.threads]:
                frame = Frame(month, month // 12, first, end, *self.keys)
                tally = self.tallies[worker]
                self.engine.advance(World(self.people, self.tables.lookups, now, tally, frame))

        if pool is None:
            work(0)
        else:
            list(pool.map(work, range(self.how.threads)))

    def _full(self, month: int) -> Full:
        """Return last month's occupancy in real persons."""
        if month == 0:
            return Full(0.0, 0.0, 0.0)
        last = self.states[month - 1].reshape(2, 4, 8, 4).sum(axis=(0, 1, 3))
        return Full(
            *(float(last[place] * self.weight) for place in (pp.METHADONE, pp.PRIVATE, pp.CENTRE))
        )

    def _record(self, month: int) -> None:
        stock = self.tallies[0].stock.copy()
        for tally in self.tallies[1:]:
            stock += tally.stock
        self.years[month // 12] += stock
        cells = stock.reshape(N_GROUPS, N_AXES)
        self.states[month, :N_AXES] = cells[0::2].sum(axis=0)
        self.states[month, N_AXES:] = cells[1::2].sum(axis=0)
        if month % 3 == 2:
            since = self.database_from if month >= DATABASE else -1
            self.counts[month // 3] = self.engine.census(
                self.people, month, int(self.begun[month]), since
            )


def engine_of(how: Setting) -> Engine:
    """Return the engine of a setting, importing the compiled one only when it is asked for."""
    if how.engine == "kernel":
        from footbridge.microsim import kernel  # numba is slow to import

        return kernel
    from footbridge.microsim.reference import Reference

    return Reference(GENERATORS[how.generator])


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor | None]:
    """Yield a pool of threads, or nothing where one is enough."""
    if threads == 1:
        yield None
        return
    with ThreadPoolExecutor(threads) as pool:
        yield pool
