"""Compiled work between two months: facts that hang on the last one, stocks, the register.

`run` says the same in NumPy, for the twin and where several threads share a month.
"""

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.compiled import hot, rare
from footbridge.microsim.months import N_FACTS
from footbridge.microsim.people import N_AXES, People
from footbridge.microsim.tables import fill
from footbridge.microsim.world import Course, World

_fill = hot(fill)
_YOUNG, _ADULT, _OLD = 36 * 12, 15 * 12, 65 * 12  # ages in months
_HELD = 1 << pp.METHADONE | 1 << pp.CENTRE | 1 << pp.ORDER


@rare
def begin(w: World, course: Course, month: int) -> None:
    """Put the facts and bounds of a month into `w.now`, as `tables.facts_of_month` does."""
    for column in range(N_FACTS):
        w.now[column] = course.facts[month, column]
    row = course.row_of[month]
    for column in range(course.bounds.shape[1]):
        w.now[N_FACTS + column] = course.bounds[row, column]
    methadone, private, centre = 0, 0, 0
    if month > 0:
        for cell in range(2 * N_AXES):
            place, persons = cell >> pp.PLACE_SHIFT & 7, course.states[month - 1, cell]
            methadone += persons if place == pp.METHADONE else 0
            private += persons if place == pp.PRIVATE else 0
            centre += persons if place == pp.CENTRE else 0
    weight = course.weight
    _fill(w.now, methadone * weight, private * weight, centre * weight)


@rare
def record(w: World, course: Course, month: int) -> None:
    """Write down who is where at the end of a month, and each quarter the register."""
    year = month // 12
    for cell in range(w.tally.stock.size):
        persons = w.tally.stock[cell]
        course.years[year, cell] += persons
        registered = cell // N_AXES & 1
        course.states[month, cell % N_AXES + N_AXES * registered] += persons
    if month % 3 == 2:
        began, since = course.database
        span = month, course.begun[month], since if month >= began else -1
        count_register(w.people, span, course.census, month // 3)


@rare
def count_register(
    people: People, span: tuple[int, int, int], counts: NDArray[np.int64], row: int
) -> None:
    """Count the register into a row; every question is asked of everyone, without branches."""
    month, last, since = span
    alive_known, database, existing, existing_male, database_male = 0, 0, 0, 0, 0
    existing_young, database_young, users, gone, gone_existing = 0, 0, 0, 0, 0
    for i in range(last):
        axes, flags = np.int64(people.axes[i]), np.int64(people.flags[i])
        seen, age = people.detected[i], month - people.birth[i]
        use, registered = axes & pp.USE_MASK, flags & pp.REGISTERED
        male = flags & pp.MALE > 0
        known = ((use == pp.USING) | (use == pp.ABSTINENT)) & (registered > 0)
        dead = (use == pp.DEAD) & (registered > 0)
        fresh = month - seen < 36
        held = _HELD >> (axes >> pp.PLACE_SHIFT & 7) & 1 > 0
        listed, exists = known & (seen >= since), known & (held | fresh)
        alive_known += known
        database += listed
        existing += exists
        existing_male += exists & male
        database_male += listed & male
        existing_young += exists & (age < _YOUNG)
        database_young += listed & (age < _YOUNG)
        users += (use == pp.USING) & (age >= _ADULT) & (age < _OLD)
        gone += dead & (seen >= since)
        gone_existing += dead & fresh
    for column, found in enumerate((
        alive_known, database, existing, existing_male, database_male,
        existing_young, database_young, users, gone, gone_existing,
    )):  # fmt: skip
        counts[row, column] = found
