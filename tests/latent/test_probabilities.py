"""Probabilities without scipy, held to scipy and to printed tables."""

import subprocess
import sys

import pytest
from scipy import special

from footbridge.latent.probabilities import (
    chi_square_lower,
    chi_square_quantile,
    chi_square_upper,
    noncentral_lower,
    noncentrality_at,
    normal_quantile,
    normal_two_tailed,
)

DFS = (0.3, 1.0, 2.0, 5.0, 8.7, 24.0, 35.0, 333.3, 1695.0)
NONCENTRAL = (0.0, 1e-3, 0.5, 20.0, 400.0, 21_000.0)


@pytest.mark.parametrize("df", DFS)
@pytest.mark.parametrize("share", [1e-6, 0.1, 0.5, 0.9, 1.0, 1.1, 1.5, 3.0])
def test_both_tails_of_a_chi_square_are_those_of_scipy(df, share):
    x = df * share

    assert chi_square_lower(x, df) == pytest.approx(special.chdtr(df, x), rel=1e-11)
    assert chi_square_upper(x, df) == pytest.approx(special.chdtrc(df, x), rel=1e-11)


@pytest.mark.parametrize("df", DFS)
@pytest.mark.parametrize("tail", [0.001, 0.01, 0.05, 0.3])
def test_quantiles_of_a_chi_square_are_those_of_scipy(df, tail):
    assert chi_square_quantile(tail, df) == pytest.approx(special.chdtri(df, tail), rel=1e-12)


@pytest.mark.parametrize("df", DFS)
@pytest.mark.parametrize("noncentrality", NONCENTRAL)
@pytest.mark.parametrize("z", [-3.0, -1.0, 0.0, 1.0, 3.0, 6.0])
def test_a_noncentral_chi_square_is_that_of_scipy(df, noncentrality, z):
    x = df + noncentrality + z * (2 * (df + 2 * noncentrality)) ** 0.5
    if x <= 0:
        x = 0.1 * df
    expected = special.chndtr(x, df, noncentrality)

    found, slope = noncentral_lower(x, df, noncentrality)

    assert found == pytest.approx(expected, rel=1e-10, abs=1e-300)
    gap = 0.5 * (special.chndtr(x, df + 2, noncentrality) - expected)
    assert slope == pytest.approx(gap, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("df", DFS)
@pytest.mark.parametrize("tail", [0.05, 0.95])
@pytest.mark.parametrize("ratio", [1.5, 4.0, 50.0])
def test_a_noncentrality_gives_back_its_tail(df, tail, ratio):
    x = df * ratio + 4.0

    found = noncentrality_at(x, df, tail)

    reached = chi_square_lower(x, df) if found == 0.0 else special.chndtr(x, df, found)
    assert reached == pytest.approx(tail, rel=1e-9) or (found == 0.0 and reached < tail)


def test_values_printed_in_tables_are_met():
    # Abramowitz and Stegun (1964), tables 26.1, 26.7 and 26.8.
    assert normal_two_tailed(1.0) == pytest.approx(0.31731050786291415, rel=1e-14)
    assert chi_square_upper(10.0, 10) == pytest.approx(0.44049, abs=5e-6)
    assert chi_square_quantile(0.05, 10) == pytest.approx(18.3070, abs=5e-5)
    assert chi_square_quantile(0.01, 30) == pytest.approx(50.8922, abs=5e-5)
    assert normal_quantile(0.025) == pytest.approx(-1.959964, abs=5e-4)


def test_the_ends_of_the_line_have_their_limits():
    nan = float("nan")

    assert (chi_square_lower(0.0, 3), chi_square_upper(-1.0, 3)) == (0.0, 1.0)
    assert (chi_square_lower(float("inf"), 3), chi_square_upper(float("inf"), 3)) == (1.0, 0.0)
    assert noncentrality_at(0.5, 3, 0.95) == 0.0
    assert all(x != x for x in (chi_square_upper(nan, 3), chi_square_lower(3.0, nan)))


def test_a_continuous_model_starts_without_scipy():
    code = """
import sys
import numpy as np, pandas as pd
from footbridge import latent
draws = np.random.default_rng(3)
values = draws.normal(size=(60, 1)) + draws.normal(size=(60, 4))
data = pd.DataFrame(values, columns=list("abcd"))
fit = latent.cfa("f =~ a + b + c + d", data)
fit.estimates, fit.fit_measures
print([n for n in sys.modules if n.startswith(("scipy", "numba"))])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
