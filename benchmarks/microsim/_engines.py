"""Our own engines, timed: the rich kernel and its twin, and the six-state model of the peers."""

import time

import numpy as np
from numba import njit

from footbridge.microsim import people as pp
from footbridge.microsim.calendar import N_MONTHS
from footbridge.microsim.draws import keys_of
from footbridge.microsim.parameters import defaults
from footbridge.microsim.run import Setting, _Run, simulate
from footbridge.microsim.scenarios import read, tables_under
from footbridge.microsim.tables import tables_of

LATE = 480  # January 2024: most of those who ever begin have begun
LATE_MONTHS = 24
GOLDEN, MIX_1, MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
CUMULATIVE = np.cumsum(np.full((6, 6), 1 / 6), axis=1)


@njit(cache=True)
def _toy(state, cumulative, key, month):
    """Move six-state people by one hash each: the peers' small model."""
    for i in range(state.size):
        z = (np.uint64(i) * np.uint64(1024) + month) * np.uint64(GOLDEN) + key
        z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX_1)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX_2)
        u = (z >> np.uint64(32)) * 2.0**-32
        row, arrival = state[i], 0
        for j in range(5):
            arrival += u >= cumulative[row, j]
        state[i] = arrival


def _toy_twin(state, cumulative, key, month):
    """Do the same in plain NumPy."""
    z = (np.arange(state.size, dtype=np.uint64) * np.uint64(1024) + month) * np.uint64(GOLDEN)
    z += key
    z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX_1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX_2)
    u = (z >> np.uint64(32)) * 2.0**-32
    state[:] = (u[:, None] >= cumulative[state, :5]).sum(axis=1)


def toy_states(n, months=3, engine=_toy):
    """Return the states of six-state people after some months."""
    state = np.zeros(n, dtype=np.uint8)
    for month in range(months):
        engine(state, CUMULATIVE, np.uint64(1), np.uint64(month))
    return state


def toy(n, *, months=60, repeats=2, engine=_toy):
    """Return the speed of the six-state model in M person-months a CPU second.

    Raises
    ------
    SystemExit
        If kernel and twin put anybody into different states.
    """
    if not np.array_equal(toy_states(500), toy_states(500, engine=_toy_twin)):
        raise SystemExit("The six-state kernel and its twin differ; no speed is worth anything.")
    best = 0.0
    for _ in range(repeats):
        start = time.process_time()
        toy_states(n, months, engine)
        best = max(best, n * months / (time.process_time() - start))
    return round(best / 1e6, 1)


def toy_twin(n):
    """Return the speed of the six-state twin; a million people do twelve months."""
    return toy(n, months=60 if n < 1_000_000 else 12, repeats=1, engine=_toy_twin)


def rich(n, *, scenario="baseline", repeats=3, best_by="cpu_s", **setting):
    """Return speeds and times of the rich model, the best of some."""
    tables = tables_under(defaults(), read(scenario))
    how = Setting(n, **setting)
    simulate(tables, Setting(50, engine=how.engine, threads=how.threads, months=24))
    best = None
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        run = simulate(tables, how)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        living = int(run.states.reshape(N_MONTHS, 2, 4, 8, 4)[..., 1:3].sum())
        found = {
            "persons": n, "threads": how.threads, "engine": how.engine, "months": how.months,
            "scenario": scenario, "cpu_s": round(cpu, 3), "wall_s": round(wall, 3),
            "nominal": round(n * how.months / cpu / 1e6, 2),
            "living": round(living / cpu / 1e6, 2),
            "nominal_wall": round(n * how.months / wall / 1e6, 2),
            "events": int(run.flow.sum()),
        }  # fmt: skip
        if best is None or found[best_by] < best[best_by]:
            best = found
    return best


def until_late(n, path):
    """Run n people up to `LATE` and keep who they are then; return the seconds it took."""
    tables, how = tables_of(defaults()), Setting(n, months=LATE)
    cpu, wall = time.process_time(), time.perf_counter()
    people = pp.create(tables.values, n, keys=keys_of(how.seed))
    _Run(tables, how, people).go(None)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    np.savez(path, **people._asdict())
    return {"cpu_s": round(cpu, 3), "wall_s": round(wall, 3)}


def late(n, path, *, engine, months=LATE_MONTHS):
    """Return the nominal speed in the months from `LATE` on, and the people after them.

    The n people are an even choice of those in the file; places are as they were, so that all
    engines meet the same months.
    """
    tables, how = tables_of(defaults()), Setting(n, engine=engine)
    people = some_of(n, path)
    run = _Run(tables, how, people)
    run.begun[:] = np.searchsorted(people.entry, np.arange(N_MONTHS), side="right")
    last = run.begun[LATE - 1]
    group = (people.flags[:last] & 3) + 4 * (people.income[:last].astype(int) * 5 >> 8)
    cells = people.axes[:last] + pp.N_AXES * group
    run.tallies[0].stock[:] = np.bincount(cells, minlength=pp.N_AXES * pp.N_GROUPS)
    run._record(LATE - 1)
    run._advance(LATE, None)  # loads what has to be loaded
    run._record(LATE)
    start = time.process_time()
    for month in range(LATE + 1, LATE + 1 + months):
        run._advance(month, None)
        run._record(month)
    return round(n * months / (time.process_time() - start) / 1e6, 2), people


def some_of(n, path):
    """Return n people of a file, evenly chosen."""
    with np.load(path) as kept:
        chosen = np.linspace(0, len(kept["axes"]) - 1, n).astype(int)
        return pp.People(**{name: kept[name][chosen] for name in pp.People._fields})
