"""Where bands and marks of the state timeline stand."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.site.templatetags.timeline import BAND_STATES, Band, Mark, draw

FIRST = date(2026, 1, 1)
days = st.integers(min_value=0, max_value=4000)


def part(text: str) -> float:
    return float(text.removesuffix("%"))


def test_a_band_takes_its_share_of_the_width():
    picture = draw(
        [Band("treatment", date(2026, 1, 11), date(2026, 1, 20))],
        [],
        starts=FIRST,
        ends=FIRST + timedelta(days=99),
    )

    assert (picture.bands[0].left, picture.bands[0].width) == ("10.000%", "10.000%")


def test_a_mark_stands_in_the_middle_of_its_day():
    picture = draw([], [Mark("checkup", FIRST)], starts=FIRST, ends=FIRST + timedelta(days=9))

    assert picture.marks[0].left == "5.000%"


@given(
    starts=days,
    lasts=days,
    cuts=st.lists(st.tuples(st.sampled_from(BAND_STATES), days, days), max_size=6),
)
def test_everything_stays_inside_the_picture(starts, lasts, cuts):
    first = FIRST + timedelta(days=starts)
    last = first + timedelta(days=lasts)
    bands = [
        Band(state, FIRST + timedelta(days=at), FIRST + timedelta(days=at + more))
        for state, at, more in cuts
    ]

    picture = draw(bands, [Mark("event", band.starts) for band in bands], starts=first, ends=last)

    for placed in [*picture.bands, *picture.marks]:
        assert part(placed.left) >= -0.01
        assert part(placed.left) + part(placed.width) <= 100.01
    assert len(picture.ticks) <= 5


def spans(picture, *, name: float, phone: bool) -> list[tuple[float, float]]:
    """Return where the names of months begin and end, in percent of the width."""
    return [
        (
            part(tick.left) - (name if tick.anchor == "end" else 0),
            part(tick.left) + (0 if tick.anchor == "end" else name),
        )
        for tick in picture.ticks
        if tick.on_a_phone or not phone
    ]


@given(starts=days, lasts=days)
def test_names_of_months_never_overlap_and_stay_inside(starts, lasts):
    first = FIRST + timedelta(days=starts)

    picture = draw([], [], starts=first, ends=first + timedelta(days=lasts))

    # 2026年11月 is 74 px wide: on 280 px and on 600 px.
    for name, phone in ((74 / 2.8, True), (74 / 6, False)):
        shown = spans(picture, name=name, phone=phone)
        assert all(before[1] <= after[0] for before, after in pairwise(shown))
        assert all(low >= 0 and high <= 100 for low, high in shown)
    assert not picture.ticks or picture.ticks[0].on_a_phone


@pytest.mark.parametrize("months", range(2, 13))
def test_a_picture_of_months_names_two_of_them_at_least_on_a_desk(months):
    picture = draw([], [], starts=FIRST, ends=FIRST + timedelta(days=31 * months))

    assert len(picture.ticks) >= 2
    assert sum(tick.on_a_phone for tick in picture.ticks) >= 1


@given(cuts=st.lists(days, min_size=2, max_size=8, unique=True))
def test_bands_that_follow_one_another_fill_the_picture(cuts):
    edges = [FIRST + timedelta(days=at) for at in sorted(cuts)]
    bands = [Band("using", start, stop - timedelta(days=1)) for start, stop in pairwise(edges)]

    picture = draw(bands, [], starts=edges[0], ends=edges[-1] - timedelta(days=1))

    assert sum(part(placed.width) for placed in picture.bands) == pytest.approx(100, abs=0.01)


def test_what_lies_outside_is_left_out():
    picture = draw(
        [Band("detained", date(2025, 1, 1), date(2025, 12, 31))],
        [Mark("stay", date(2027, 1, 1))],
        starts=FIRST,
        ends=date(2026, 12, 31),
    )

    assert (picture.bands, picture.marks, picture.states) == ([], [], [])


def test_the_legend_names_only_what_is_shown_in_a_fixed_order():
    picture = draw(
        [Band("detained", FIRST, FIRST), Band("using", FIRST, FIRST)],
        [Mark("stay", FIRST), Mark("checkup", FIRST)],
        starts=FIRST,
        ends=FIRST,
    )

    assert (picture.states, picture.kinds) == (["using", "detained"], ["checkup", "stay"])


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Band("clean", FIRST, FIRST), "not a state of the timeline"),
        (lambda: Band("using", FIRST, FIRST - timedelta(days=1)), "ends before it starts"),
        (lambda: Mark("arrest", FIRST), "not a mark of the timeline"),
        (lambda: draw([], [], starts=FIRST, ends=FIRST - timedelta(days=1)), "ends before"),
    ],
)
def test_impossible_values_are_refused_with_a_reason(make, why):
    with pytest.raises(ValueError, match=why):
        make()
