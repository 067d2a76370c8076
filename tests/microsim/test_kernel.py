"""The kernel against its plain twin, and what must not change a single bit."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.microsim import cluster, draws, kernel
from footbridge.microsim import people as pp
from footbridge.microsim.calendar import NEVER
from footbridge.microsim.errors import MicrosimError
from footbridge.microsim.flows import empty_tally
from footbridge.microsim.levers import registry
from footbridge.microsim.months import N_FACTS, Fact
from footbridge.microsim.parameters import defaults, from_unit, varying, with_values
from footbridge.microsim.reference import Reference
from footbridge.microsim.run import Setting, _Run, simulate
from footbridge.microsim.scenarios import Scenario, Timed, read, shipped, tables_under
from footbridge.microsim.tables import Full, facts_of_month, tables_of
from footbridge.microsim.world import Frame, World

PARTS = ("states", "years", "flow", "times", "census")


def same(a, b):
    return all(np.array_equal(getattr(a, part), getattr(b, part)) for part in PARTS)


def some_people(seed, *, by=300, n=300):
    """People in every state by some month, with stamps anywhere before it: not simulated."""
    rng = np.random.default_rng(seed)
    use = rng.integers(0, 4, n)
    place = np.where(use == pp.USING, rng.choice([pp.COMMUNITY, pp.ORDER], n), pp.COMMUNITY)
    place = np.where(use == pp.ABSTINENT, rng.integers(0, 5, n), place)
    axes = use | place << 2 | rng.integers(0, 4, n) << 5
    stamps = rng.integers(-1000, 400, (6, n)).astype(np.int16)
    return pp.People(
        axes.astype(np.uint8),
        rng.integers(0, 256, n).astype(np.uint8),
        rng.integers(0, 6, n).astype(np.uint8),
        rng.choice([0, 1, 2, 20, 255], n).astype(np.uint8),
        *(rng.integers(0, 256, n).astype(np.uint8) for _ in range(4)),
        rng.integers(0, 31, n).astype(np.uint8),
        np.sort(rng.integers(0, 400, n)).astype(np.int16),
        rng.choice([0, 200, 500, NEVER], n).astype(np.int16),
        (rng.integers(-700, 100, n)).astype(np.int16),
        rng.integers(0, by + 1, n).astype(np.int16),
        *stamps[:4],
        rng.normal(size=n).astype(np.float32),
    )


def some_facts(tables, month, seed, eta):
    """Facts of a month with every lever somewhere, and chances large enough to happen."""
    rng = np.random.default_rng(seed)
    tables.months[month] *= rng.uniform(0.2, 6.0, N_FACTS)
    shares = (Fact.MANAGED, Fact.TREATED, Fact.AFTERCARE, Fact.REACH, Fact.REG_PRIVATE)
    tables.months[month, list(shares)] = rng.uniform(0, 1, 5)
    tables.months[month, Fact.GAIN] = rng.normal()
    tables.months[month, Fact.DROP_GAIN] = rng.uniform(0.5, 1.5)
    tables.months[month, Fact.EXPIRY] = rng.choice([0.0, 36.0, NEVER])
    tables.months[month, Fact.REGIME] = 2.0 if month >= 293 else 0.0
    return facts_of_month(tables, month, Full(1e5, 1e3, 1e5), eta)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    month=st.integers(12, 500),
    point=st.lists(st.floats(0.01, 0.99), min_size=len(varying()), max_size=len(varying())),
)
def test_the_kernel_and_its_twin_move_any_population_alike(seed, month, point):
    values = with_values(from_unit(np.array(point)))
    tables = tables_of(values)
    mine, yours = some_people(seed, by=month), some_people(seed, by=month)
    eta = (float(mine.eta.min()), float(mine.eta.max()))
    now = some_facts(tables, month, seed, eta)
    frame = Frame(month, month // 12, 0, len(mine.axes), *draws.keys_of(seed))
    counted, judged = empty_tally(), empty_tally()

    kernel.advance(World(mine, tables.lookups, now, counted, frame))
    Reference(draws.splitmix).advance(World(yours, tables.lookups, now, judged, frame))

    for name, ours, theirs in zip(pp.People._fields, mine, yours, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=name)
    for ours, theirs in zip(counted, judged, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@given(seed=st.integers(0, 2**32), month=st.integers(12, 500), since=st.integers(-1, 400))
def test_kernel_and_twin_count_the_register_alike(seed, month, since):
    people = some_people(seed, by=month)

    ours = kernel.census(people, month, 250, since)
    theirs = Reference(draws.splitmix).census(people, month, 250, since)

    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["baseline", "q2-register", "q5-aftercare"])
def test_whole_runs_of_kernel_and_twin_agree_to_the_bit(name):
    tables = tables_under(defaults(), read(name))

    fast = simulate(tables, Setting(n_persons=700, seed=8))
    plain = simulate(tables, Setting(n_persons=700, seed=8, engine="reference"))

    assert same(fast, plain)


@pytest.mark.parametrize(("threads", "chunk"), [(2, 65_536), (2, 100), (1, 333), (3, 7)])
def test_threads_and_chunks_change_no_bit(baseline, threads, chunk):
    how = Setting(n_persons=3_000, seed=5, threads=threads, chunk=chunk)

    assert same(simulate(tables_of(defaults()), how), baseline)


@pytest.mark.parametrize("name", ["q2-q3", "q1-stigma"])
def test_months_done_in_one_call_or_one_by_one_are_the_same(name):
    tables = tables_under(defaults(), read(name))
    how = Setting(n_persons=2_000, seed=3)

    together = simulate(tables, how)
    watched = simulate(tables, how, progress=lambda _: True)
    in_python = simulate(tables, Setting(n_persons=2_000, seed=3, chunk=1_999))

    assert same(watched, together)
    assert same(in_python, together)


def test_the_compiled_months_fill_in_the_same_facts_as_python():
    """Where places are free, nearly full and full; private beds are few, so mostly full."""
    tables = tables_of(defaults())
    people = pp.create(defaults(), 5_000, keys=draws.keys_of(1))
    run = _Run(tables, Setting(5_000), people)
    open_to_all = []
    for month, persons in ((100, 3), (330, 0), (400, 50), (450, 300), (500, 400), (600, 1)):
        for place in (pp.METHADONE, pp.PRIVATE, pp.CENTRE):
            run.states[month - 1, 128 * (place & 1) + (pp.ABSTINENT | place << 2)] = persons
        full = run._full(month)
        asked = facts_of_month(
            tables, month, full, run.eta_range, bounds=run.screen.rows[run.screen.of_month[month]]
        )
        frame = Frame(0, 0, 0, 0, *run.keys)
        world = World(people, tables.lookups, np.zeros(asked.size), empty_tally(), frame)

        kernel.go(world, run._course(month, month + 1))

        np.testing.assert_array_equal(world.now, asked)
        open_to_all.append((asked[Fact.SEEK_FREE] > 0, 0 < asked[Fact.CENTRE_FREE] < 1))
    assert set(open_to_all) >= {(True, False), (False, False), (False, True)}


def test_a_local_cluster_changes_no_bit(baseline):
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    tables, how = tables_of(defaults()), Setting(n_persons=3_000, seed=5)

    with cluster.mapper("local") as mapper:
        there = list(mapper(simulate, [tables, tables], [how, how]))

    assert all(same(one, baseline) for one in there)


def test_every_lever_at_its_null_value_is_the_baseline_to_the_bit(baseline):
    nothing = Scenario(
        "null", levers=tuple(Timed(name, one.null, 200) for name, one in registry().items())
    )

    run = simulate(tables_under(defaults(), nothing), Setting(n_persons=3_000, seed=5))

    assert same(run, baseline)


def test_another_seed_gives_another_run(baseline):
    other = simulate(tables_of(defaults()), Setting(n_persons=3_000, seed=6))

    assert not np.array_equal(other.flow, baseline.flow)


@pytest.mark.parametrize("name", [n for n in shipped() if n != "baseline"])
def test_a_scenario_leaves_the_years_before_it_untouched(baseline, name):
    scenario = read(name)
    start = min(one.start for one in scenario.levers)

    run = simulate(tables_under(defaults(), scenario), Setting(n_persons=3_000, seed=5))

    np.testing.assert_array_equal(run.states[:start], baseline.states[:start])
    assert not np.array_equal(run.flow, baseline.flow)


def test_an_event_with_a_new_code_changes_no_other_draw():
    """A twin that also draws an unused code gives the same run."""

    def curious(keys, persons, month, event):
        draws.splitmix(keys, persons, month, 99)
        return draws.splitmix(keys, persons, month, event)

    tables = tables_of(defaults())
    people, others = some_people(4), some_people(4)
    now = facts_of_month(tables, 300, Full(0, 0, 0), (-3.0, 3.0))
    frame = Frame(300, 25, 0, 300, *draws.keys_of(4))

    Reference(draws.splitmix).advance(World(people, tables.lookups, now, empty_tally(), frame))
    Reference(curious).advance(World(others, tables.lookups, now, empty_tally(), frame))

    assert all(np.array_equal(a, b) for a, b in zip(people, others, strict=True))


def test_splitmix_and_philox_agree_within_monte_carlo_error():
    tables = tables_of(defaults())
    how = {"n_persons": 6_000, "months": 420, "engine": "reference"}

    one = simulate(tables, Setting(seed=1, generator="splitmix", **how)).flow.sum(axis=(0, 2))
    two = simulate(tables, Setting(seed=1, generator="philox", **how)).flow.sum(axis=(0, 2))

    frequent = (one + two) > 100
    # counts of one person repeat, so their variance is above Poisson: factor 4
    z = (one - two)[frequent] / np.sqrt(4.0 * (one + two)[frequent])
    assert np.abs(z).max() < 4.5
    assert frequent.sum() > 25


def test_the_stock_is_the_number_of_people_in_each_state(baseline):
    how = Setting(n_persons=3_000, seed=5, engine="reference", months=500)
    run = simulate(tables_of(defaults()), how)
    alive_and_dead = run.states[499].sum()

    begun = run.flow[:, 0].sum()

    assert alive_and_dead == begun
    assert (run.states >= 0).all()
    assert (baseline.years >= 0).all()


def test_a_person_takes_no_more_than_32_bytes():
    people = pp.create(defaults(), 1_000, keys=draws.keys_of(1))

    assert sum(array.nbytes for array in people) / 1_000 == pp.BYTES_PER_PERSON <= 32


@pytest.mark.parametrize("generator", [draws.splitmix, draws.philox])
def test_people_are_the_same_made_in_blocks_or_at_once(monkeypatch, generator):
    keys = draws.keys_of(11)
    at_once = pp.create(defaults(), 1_000, keys=keys, generator=generator)
    monkeypatch.setattr(pp, "BLOCK", 7)

    in_blocks = pp.create(defaults(), 1_000, keys=keys, generator=generator)

    for name, ours, theirs in zip(pp.People._fields, in_blocks, at_once, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs, err_msg=name)


def test_making_many_people_takes_little_more_room_than_they_do():
    n = 6 * pp.BLOCK
    pp.create(defaults(), 10, keys=draws.keys_of(1))
    tracemalloc.start()
    people = pp.create(defaults(), n, keys=draws.keys_of(1))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(people.axes) == n
    assert most < pp.BYTES_PER_PERSON * n + 250 * pp.BLOCK


def test_the_cache_of_the_kernel_knows_all_its_sources():
    closure = kernel.go.py_func.__closure__

    assert kernel._fingerprint() in [cell.cell_contents for cell in closure]


def test_a_run_can_be_stopped_and_keeps_what_it_counted():
    run = simulate(tables_of(defaults()), Setting(n_persons=500), progress=lambda done: done < 240)

    assert run.months == 240
    assert run.states[239].sum() > 0
    assert run.states[240:].sum() == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"n_persons": 0}, "n_persons = 0"),
        ({"months": 625}, "months = 625"),
        ({"generator": "philox"}, "philox"),
    ],
)
def test_settings_out_of_range_are_refused_with_a_way_out(wrong, says):
    with pytest.raises(MicrosimError, match=says):
        simulate(tables_of(defaults()), Setting(**{"n_persons": 10, **wrong}))
