"""The withdrawal chart: published points and bands, and when the next look is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.assessments.instruments import withdrawal_chart
from footbridge.journey.stays import picture, signs, texts
from footbridge.journey.stays.signs import POINTS, Band, Sitting

# Wesson & Ling (2003): the points of the form, sign by sign, and its greatest sum.
PUBLISHED = {
    "pulse": "0124", "sweating": "01234", "restlessness": "0135", "pupils": "0125",
    "aches": "0124", "nose-eyes": "0124", "stomach": "01235", "tremor": "0124",
    "yawning": "0124", "mood": "0124", "gooseflesh": "035",
}  # fmt: skip
EIGHT = datetime(2026, 11, 21, 8)
HOUR = timedelta(hours=1)
CHARTS = st.fixed_dictionaries({sign.value: st.sampled_from(p) for sign, p in POINTS.items()})


def test_the_eleven_signs_have_the_published_points_and_48_is_the_most():
    assert {sign: "".join(map(str, points)) for sign, points in POINTS.items()} == PUBLISHED
    assert signs.HIGHEST == 48


@pytest.mark.parametrize(
    ("first", "last", "band"),
    [
        (0, 4, Band.NONE),
        (5, 12, Band.MILD),
        (13, 24, Band.MODERATE),
        (25, 36, Band.MODERATELY_SEVERE),
        (37, 48, Band.SEVERE),
    ],
)
def test_the_bands_are_the_published_ones_of_section_5(first, last, band):
    assert {signs.band(total) for total in range(first, last + 1)} == {band}


def test_the_chart_of_the_assessments_room_has_the_same_signs_points_and_sum():
    chart = withdrawal_chart()
    (scale,) = chart.scales

    assert {
        item.id: tuple(sorted(one.value for one in item.options)) for item in chart.items
    } == dict(POINTS)
    assert [(band.at_least, name) for band, (_, name) in zip(scale.bands, signs.BANDS[1:])] == [
        (least, name) for least, name in signs.BANDS[1:]
    ]


@given(CHARTS)
def test_a_whole_chart_has_a_sum_and_no_problem(points):
    assert signs.score(points) == sum(points.values())
    assert 0 <= signs.score(points) <= signs.HIGHEST
    assert signs.problems(points) == []


@given(CHARTS, st.sampled_from(list(POINTS)))
def test_a_chart_with_a_sign_left_out_has_no_sum(points, sign):
    del points[sign.value]

    assert signs.score(points) is None
    assert signs.problems(points) == [sign]


@pytest.mark.parametrize("sign", POINTS)
def test_every_point_of_every_sign_has_words_in_both_languages(sign):
    words = [texts.sign(sign), *(found for _number, found in texts.points(sign))]

    assert [number for number, _words in texts.points(sign)] == list(POINTS[sign])
    assert all(found["en"] and found["zh"] for found in words)


def due(*hours, first_dose=None, every=6):
    dose = EIGHT + first_dose * HOUR if first_dose is not None else None
    done = [EIGHT + hour * HOUR for hour in hours]
    found = signs.next_sitting(done, begun=EIGHT, first_dose=dose, hours=every)
    return (found - EIGHT) / HOUR if found is not None else None


def test_fact_6_13_baseline_then_30_minutes_and_2_hours_after_the_first_dose_then_the_setting():
    assert due() == 0
    assert due(0, first_dose=1) == 1.5
    assert due(0, 1.5, first_dose=1) == 3
    assert due(0, 1.5, 3, first_dose=1) == 9


def test_without_a_setting_only_the_fixed_moments_fall_due():
    assert due(0, every=None) is None
    assert due(0, first_dose=1, every=None) == 1.5
    assert due(0, 4, first_dose=1, every=None) is None


def test_a_late_look_answers_every_moment_before_it():
    assert due(0, 4, first_dose=1) == 10


@given(st.lists(st.integers(0, 100), min_size=1), st.integers(0, 50), st.integers(1, 24))
def test_the_next_look_is_after_the_last_one_and_within_the_interval(hours, dose, every):
    found = due(*hours, first_dose=dose, every=every)

    assert max(hours) < found <= max(hours) + every


def test_the_peak_is_the_first_of_the_highest_with_its_day():
    sums = [(0, 7), (20, 22), (40, 22), (60, 5), (70, None)]
    sittings = [Sitting(EIGHT + hour * HOUR, total) for hour, total in sums]

    found = signs.peak(sittings, begun=EIGHT)

    assert (found.total, found.day) == (22, 2)
    assert signs.peak([], begun=EIGHT) is None


def test_the_picture_draws_every_sum_inside_its_frame_and_higher_sums_higher():
    sittings = [Sitting(EIGHT + 9 * n * HOUR, total) for n, total in enumerate((4, 26, 48, 0))]

    found = picture.draw(sittings, begun=EIGHT)

    assert [dot.total for dot in found.dots] == [4, 26, 48, 0]
    assert found.dots[2].y < found.dots[1].y < found.dots[0].y < found.dots[3].y
    assert all(found.left <= dot.x <= found.right for dot in found.dots)
    assert [rule.number for rule in found.bands] == [5, 13, 25, 37]
    assert picture.draw(sittings[:1], begun=EIGHT) is None
