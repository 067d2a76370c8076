"""Measurement error, reliable change and alpha: by hand, from print, and against a twin."""

import math
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.assessments import change, instruments, own_data
from footbridge.journey.assessments.change import Known, MeasurementError
from footbridge.journey.assessments.own_data import Sample
from footbridge.journey.assessments.scoring import Score
from footbridge.latent import cfa, reliability
from footbridge.trust.decisions import Decision

GSE = instruments.packaged()["gse", 1].scale("total")
PHQ = instruments.packaged()["phq-9", 1].scale("total")
CHECK = instruments.packaged()["self-efficacy-check", 1]
OWN = CHECK.scale("total")


def a_score(value):
    return Score("total", value, 10, 10, Decision(True, "x"))


def sittings(people, seed=1):
    """People who differ in one thing, and answer each sentence from it with some noise."""
    draws = Random(seed)
    found = []
    for _ in range(people):
        level = draws.gauss(2, 1)
        found.append(
            {
                item.id: item.keyed(min(4, max(0, round(level + draws.gauss(0, 0.8)))))
                for item in CHECK.items
            }
        )
    return [{k: int(v) for k, v in one.items()} for one in found]


def test_the_example_of_jacobson_and_truax_is_reproduced():
    # Jacobson & Truax (1991), p. 14: before 47.5, after 32.5, SD 7.5, test-retest .80:
    # SEM 3.35, RC = -15 / 4.74 = -3.16.
    error = MeasurementError(7.5 * math.sqrt(1 - 0.80), Known.PUBLISHED)

    found = change.change(PHQ, now=a_score(32.5), before=a_score(47.5), error=error)

    assert error.points == pytest.approx(3.354, abs=1e-3)
    assert found.index == pytest.approx(-3.16, abs=5e-3)
    assert found.beyond_error
    assert found.good  # less is better


def test_a_published_reliability_needs_the_spread_of_enough_people():
    few = Sample(n=29, sd=None, complete=29, alpha=None)
    enough = Sample(n=30, sd=5.0, complete=10, alpha=None)

    assert change.error_of(GSE, few) is None
    found = change.error_of(GSE, enough)
    # SD 5 and alpha .91: 5 x 0.3 = 1.5.
    assert found.points == pytest.approx(1.5)
    assert found.known is Known.PUBLISHED_RELIABILITY
    assert "Zhang & Schwarzer" in change.explained(found).reason


def test_without_a_published_reliability_ones_own_alpha_is_used_and_named():
    found = change.error_of(OWN, Sample(n=40, sd=6.0, complete=36, alpha=0.75))

    assert found.points == pytest.approx(3.0)
    assert found.known is Known.OWN
    assert "alpha 0.75" in change.explained(found).reason
    assert "40 people" in change.explained(found).reason


@pytest.mark.parametrize("alpha", [None, -0.2, 0.0, 1.0])
def test_no_index_is_told_where_reliability_is_not_known_or_makes_no_sense(alpha):
    error = change.error_of(OWN, Sample(n=40, sd=6.0, complete=40, alpha=alpha))

    found = change.change(OWN, now=a_score(20.0), before=a_score(5.0), error=error)

    assert error is None
    assert (found.index, found.beyond_error, found.good) == (None, None, None)


@given(
    before=st.floats(0, 40), now=st.floats(0, 40), points=st.floats(0.1, 10, allow_subnormal=False)
)
def test_an_index_grows_with_the_change_and_its_sign_is_the_changes(before, now, points):
    error = MeasurementError(points, Known.PUBLISHED)

    found = change.change(GSE, now=a_score(now), before=a_score(before), error=error)
    back = change.change(GSE, now=a_score(before), before=a_score(now), error=error)

    assert found.index == pytest.approx(-back.index)
    assert found.beyond_error is (abs(now - before) > 1.96 * math.sqrt(2) * points)
    assert found.good is ((now > before) if found.beyond_error else None)


def test_alpha_equals_a_textbook_value():
    # Covariances of three items all 1, variances 2: alpha = 3/2 x (1 - 6/12) = 0.75.
    rows = [[3, 1, 1], [1, 3, 1], [1, 1, 3], [-3, -1, -1], [-1, -3, -1], [-1, -1, -3]]
    spread = [sum(row[i] * row[i] for row in rows) for i in range(3)]
    shared = sum(row[0] * row[1] for row in rows)

    assert own_data.alpha(rows) == pytest.approx(
        1.5 * (1 - sum(spread) / (sum(spread) + 6 * shared))
    )


def test_alpha_equals_that_of_the_floor_of_latent_models():
    rows = [[float(v) for v in one.values()] for one in sittings(120)]
    names = [f"q{at}" for at in range(len(rows[0]))]

    fitted = cfa(f"level =~ {' + '.join(names)}", pd.DataFrame(rows, columns=names))

    twin = float(reliability(fitted)["alpha"].iloc[0])
    assert own_data.alpha(rows) == pytest.approx(twin, abs=1e-6)


def test_turned_sentences_are_turned_before_alpha_is_worked_out():
    found = own_data.sample(CHECK, OWN, sittings(60))

    assert found.n == found.complete == 60
    assert found.alpha > 0.8


def test_a_sample_says_nothing_below_thirty_people():
    found = own_data.sample(CHECK, OWN, sittings(29))

    assert (found.n, found.sd, found.alpha) == (29, None, None)


def test_people_who_left_something_out_count_for_the_spread_and_not_for_alpha():
    people = sittings(31)
    people[0]["e1"] = None
    people[1] = dict.fromkeys(people[1])

    found = own_data.sample(CHECK, OWN, people)

    assert (found.n, found.complete) == (30, 29)
    assert found.sd is not None
    assert found.alpha is None


def test_answers_that_never_differ_have_no_alpha():
    assert own_data.alpha([[1, 1], [1, 1], [1, 1]]) is None
