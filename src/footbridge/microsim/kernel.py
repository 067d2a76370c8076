"""The fused kernel: one pass over a range of persons does a whole month, compiled.

The order of a month, for each living person who has begun:

1. registration ends where it has run out
2. death other than by overdose
3. overdose, fatal or not
4. HIV
5. what the place brings: release, the end of a private week, a month in methadone, or a month
   in the community (end of an order, link, first injection, detection and sanction, seeking
   methadone, a private week, an unaided quit, return to use)

`reference` does the same in plain NumPy; the two are compared bit by bit.
"""

from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import kernel_rules as rules
from footbridge.microsim import kernel_tools as tools
from footbridge.microsim import people as pp
from footbridge.microsim.calendar import NEVER
from footbridge.microsim.compiled import entry, hot
from footbridge.microsim.flows import N_CENSUS, Flow
from footbridge.microsim.kernel_months import begin, count_register, record
from footbridge.microsim.kernel_screen import quiet
from footbridge.microsim.months import Fact
from footbridge.microsim.people import People
from footbridge.microsim.world import Course, Frame, World

Go = Callable[[World, Course], object]
_REGISTERED_MALE = 3


def _fingerprint() -> int:
    """Return a number that changes with any source that compiled code is made of.

    Numba renews a cached kernel only when the file of its entry point changes; a closure over
    this number makes it look at the others too.
    """
    folder = files("footbridge.microsim")
    names = (
        "kernel",
        "kernel_months",
        "kernel_rules",
        "kernel_screen",
        "kernel_tools",
        "screen",
        "people",
        "months",
        "flows",
        "draws",
        "tables",
        "calendar",
        "world",
    )
    source = b"".join(folder.joinpath(f"{name}.py").read_bytes() for name in names)
    return int.from_bytes(sha256(source).digest()[:4], "big")


@hot
def _cell(axes: int, flags: int, income: int) -> int:
    """Return where a person stands in the stock."""
    group = (flags & _REGISTERED_MALE) + 4 * (np.int64(income) * 5 >> 8)
    return int(axes + pp.N_AXES * group)


@hot
def _expires(w: World, i: int) -> None:
    """End a registration that has run out (a lever: without it none does)."""
    if w.now[Fact.EXPIRY] >= NEVER or not w.people.flags[i] & pp.REGISTERED:
        return
    place = w.people.axes[i] >> pp.PLACE_SHIFT & 7
    if place in (pp.COMMUNITY, pp.PRIVATE) and (
        w.frame.month - w.people.detected[i] >= w.now[Fact.EXPIRY]
    ):
        w.people.flags[i] &= 255 - pp.REGISTERED
        tools.count(w, Flow.EXPIRED, i)


@hot
def _lives_a_month(w: World, i: int) -> None:
    """Do steps 2 to 5 for one person."""
    if not tools.survives(w, i):
        tools.die(w, i)
        return
    axes = w.people.axes[i]
    place = axes >> pp.PLACE_SHIFT & 7
    using = axes & 3 == pp.USING
    if (using or place in (pp.METHADONE, pp.CENTRE)) and tools.overdose(w, i):
        return
    if axes & (pp.INJECTS | pp.HIV) == pp.INJECTS and (using or place == pp.METHADONE):
        tools.infection(w, i)
    if place == pp.METHADONE:
        rules.in_methadone(w, i)
    elif place == pp.CENTRE:
        if w.frame.month >= w.people.until[i]:
            rules.released(w, i)
    elif place == pp.PRIVATE:
        rules.home_from_private(w, i)
    else:
        rules.community(w, i)


@hot
def _persons(w: World) -> None:
    """Do the month for everyone in the frame."""
    for person in range(w.frame.first, w.frame.last):
        i: Any = np.uint64(person)  # unsigned: no test for a negative index
        axes = w.people.axes[i]
        if axes & 3 == pp.DEAD:
            continue
        flags = w.people.flags[i]
        income = w.people.income[i]
        if axes & 3 == pp.NOT_YET:
            if w.people.entry[i] == w.frame.month:
                w.people.axes[i] = pp.USING
                tools.count(w, Flow.INITIATED, i)
                w.tally.stock[_cell(pp.USING, flags, income)] += 1
            continue
        if axes & 31 == pp.USING and quiet(w, i, axes, flags):
            continue
        _expires(w, i)
        _lives_a_month(w, i)
        after, marks = w.people.axes[i], w.people.flags[i]
        if after != axes or (marks ^ flags) & pp.REGISTERED:
            w.tally.stock[_cell(axes, flags, income)] -= 1
            w.tally.stock[_cell(after, marks, income)] += 1


def _compile() -> Go:
    """Return the compiled months, from the cache where it is still true.

    One entry point for both ways of running: compiled code takes longer to load than to run.
    """
    fingerprint = _fingerprint()

    @entry
    def go(world: World, course: Course) -> int:
        for month in range(course.first, course.until):
            frame = world.frame
            if course.whole:
                begin(world, course, month)
                span = 0, course.begun[month]
                frame = Frame(month, month // 12, *span, frame.key1, frame.key2)
            _persons(World(world.people, world.lut, world.now, world.tally, frame))
            if course.whole:
                record(world, course, month)
        return fingerprint

    return go


go = _compile()
_AS_IT_IS = Course(
    whole=False, first=0, until=1,
    begun=np.zeros(0, dtype=np.int64), facts=np.zeros((0, 0)), bounds=np.zeros((0, 0)),
    row_of=np.zeros(0, dtype=np.int64), weight=1.0, database=(0, 0),
    states=np.zeros((0, 0), dtype=np.int64), years=np.zeros((0, 0), dtype=np.int64),
    census=np.zeros((0, 0), dtype=np.int64),
)  # fmt: skip


def advance(world: World) -> None:
    """Move the persons of a world's frame on by one month and add to its tally."""
    go(world, _AS_IT_IS)


@entry
def _census(people: People, span: tuple[int, int, int], counts: NDArray[np.int64]) -> None:
    count_register(people, span, counts, 0)


def census(people: People, month: int, last: int, database_from: int) -> NDArray[np.int64]:
    """Count the register at the end of a month; see `reference.Reference.census`."""
    counts = np.zeros((1, N_CENSUS), dtype=np.int64)
    _census(people, (month, last, database_from), counts)
    return counts.reshape(N_CENSUS)
