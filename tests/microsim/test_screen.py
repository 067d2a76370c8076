"""No bound may lie below the chance it stands for, and bounds must be tight enough to be of use."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.microsim import draws, screen
from footbridge.microsim import people as pp
from footbridge.microsim.flows import empty_tally
from footbridge.microsim.months import N_FACTS, Fact
from footbridge.microsim.parameters import defaults, from_unit, varying, with_values
from footbridge.microsim.reference import _Month
from footbridge.microsim.tables import DIES_USING, OLDEST, tables_of
from footbridge.microsim.world import Frame, World
from tests.microsim.test_kernel import some_facts, some_people

POINTS = st.lists(st.floats(0.01, 0.99), min_size=len(varying()), max_size=len(varying()))


def of(people, now, tables, month):
    """The twin's chances, and the bounds the kernel would look up, of everybody."""
    frame = Frame(month, month // 12, 0, len(people.axes), *draws.keys_of(1))
    twin = _Month(draws.splitmix, World(people, tables.lookups, now, empty_tally(), frame))
    everyone = np.arange(len(people.axes))
    marks = people.flags & 1 | (people.flags & pp.EVER_METHADONE) >> 1
    marks = marks.astype(int) + 4 * (people.times > 0)
    low, scale = now[N_FACTS + screen.ETA_LOW], now[N_FACTS + screen.ETA_SCALE]
    cell = ((people.eta - low) * scale).astype(int).clip(0, screen.ETA_BINS - 1)
    seeks = now[N_FACTS + screen.SEEK + screen.ETA_BINS * marks + cell]
    before = (people.flags & 1).astype(int) + 2 * (people.private >= 0)
    wants = now[N_FACTS + screen.WANTS + screen.PART_BINS * before + people.stigma.astype(int) // 8]
    pays = now[N_FACTS + screen.PAYS + people.income.astype(int) // 8]
    return (
        (twin._chance_of_seeking(everyone), now[Fact.SEEK_FREE] * seeks),
        (twin._chance_of_private(everyone), now[Fact.PRV_FREE] * pays * wants),
    )


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), month=st.integers(200, 500), point=POINTS)
def test_no_bound_is_below_its_chance(seed, month, point):
    tables = tables_of(with_values(from_unit(np.array(point))))
    people = some_people(seed, by=month)
    eta = (float(people.eta.min()), float(people.eta.max()))
    now = some_facts(tables, month, seed, eta)

    for chance, bound in of(people, now, tables, month):
        assert (bound >= chance).all()


def test_bounds_are_tight():
    tables, people = tables_of(defaults()), pp.create(defaults(), 5_000, keys=draws.keys_of(1))
    eta = (float(people.eta.min()), float(people.eta.max()))
    now = np.concatenate([tables.months[480], screen.bounds(tables, tables.months[480], eta)])
    now[[Fact.SEEK_FREE, Fact.PRV_FREE]] = 1.0

    for chance, bound in of(people, now, tables, 480):
        assert bound.mean() < 1.35 * chance.mean()


def test_the_bound_of_death_covers_every_age_in_its_bin():
    tables = tables_of(defaults())
    bounds = screen.bounds(tables, tables.months[400], (-1.0, 1.0))
    months = np.arange(12 * OLDEST + 200)

    bins = np.minimum(months >> screen.AGE_SHIFT, screen.AGE_BINS - 1)
    chance = tables.lookups.death[DIES_USING][np.minimum(months // 12, OLDEST)]

    assert (bounds[screen.DIES + bins] >= chance).all()
    assert (bounds[screen.DIES + bins] <= 1.35 * chance).all()


def test_months_with_the_same_facts_share_their_bounds():
    tables = tables_of(defaults())
    made = screen.screen_of(tables, (-2.0, 2.0))

    for month in (0, 250, 400, 623):
        alone = screen.bounds(tables, tables.months[month], (-2.0, 2.0))
        np.testing.assert_array_equal(made.rows[made.of_month[month]], alone)
    assert len(made.rows) < 60


@pytest.mark.parametrize("gain", [0.5, -0.5])
def test_a_campaign_raises_the_bound_only_where_it_brings_people(gain):
    tables = tables_of(defaults())
    now = tables.months[500].copy()
    quiet = screen.bounds(tables, now, (-2.0, 2.0))
    now[Fact.REACH], now[Fact.GAIN] = 0.3, gain

    raised = screen.bounds(tables, now, (-2.0, 2.0))[: screen.PAYS] > quiet[: screen.PAYS]

    assert raised.all() == (gain > 0)
