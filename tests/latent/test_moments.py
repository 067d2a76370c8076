"""Bivariate normal, polychoric and polyserial moments against references and each other."""

import json

import numpy as np
import pytest
import reference_results as references
from scipy import stats

from footbridge.latent.bvn import bivariate_normal
from footbridge.latent.data import GroupData
from footbridge.latent.drawtables import draw_moments
from footbridge.latent.ordinal import layout_of, ordinal_moments
from footbridge.latent.resample import _tables

needs_references = pytest.mark.skipif(
    not references.REFERENCES.exists(), reason="the shared reference results are not here"
)


@needs_references
def test_the_bivariate_normal_agrees_with_forty_digit_quadrature():
    rows = np.array(references.load("bvn_cdf")["rows"])

    found = bivariate_normal(rows[:, 0], rows[:, 1], rows[:, 2])

    assert np.abs(found - rows[:, 3]).max() < 1e-15


def test_the_bivariate_normal_agrees_with_an_independent_implementation():
    draws = np.random.default_rng(1)
    for _ in range(20):
        h, k, r = draws.normal(), draws.normal(), draws.uniform(-0.95, 0.95)
        other = stats.multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([h, k])

        assert abs(float(bivariate_normal(h, k, r)) - other) < 1e-7


def _moments(table):
    counts = np.array(table)
    rows = [[i, j] for i, line in enumerate(counts) for j, n in enumerate(line) for _ in range(n)]
    values = np.array(rows, dtype=float)
    group = GroupData("", values, np.arange(len(rows)))
    return ordinal_moments(group, layout_of(("a", "b"), counts.shape, 0))


@needs_references
@pytest.mark.parametrize("at", range(14))
def test_a_polychoric_table_agrees_with_its_reference(at):
    entry = references.load("polychoric_tables")["tables"][at]
    found = _moments(entry["table"]["x"])
    exact = entry["rho_exact"]

    if exact is not None:
        assert abs(found.observed[-1] - exact) < 1e-12
    elif at not in {11, 13}:  # there lavaan stops at its bound, not at the root
        assert abs(found.observed[-1] - entry["rho_lavaan"]) < 1e-9
        gamma = np.array(list(entry["gamma_diag"].values()))
        np.testing.assert_allclose(found.gamma_diagonal(), gamma, rtol=1e-6)


@needs_references
def test_polyserial_pairs_agree_with_their_references():
    data = references.data("ord.csv")
    for pair in json.loads(json.dumps(references.load("polyserial_pairs")["pairs"])):
        values = data[[pair["cont"], pair["ord"]]].to_numpy(float)
        values[:, 1] -= values[:, 1].min()
        count = int(values[:, 1].max()) + 1
        group = GroupData("", values, np.arange(len(values)))
        found = ordinal_moments(group, layout_of((pair["cont"], pair["ord"]), (0, count), 0))

        np.testing.assert_allclose(found.observed, list(pair["wls_obs"].values()), atol=1e-6)
        np.testing.assert_allclose(found.gamma(), pair["gamma"]["x"], atol=1e-6)


def test_tables_give_the_same_moments_and_weights_as_cases():
    draws = np.random.default_rng(3)
    latent = draws.normal(size=(300, 1)) + draws.normal(size=(300, 4))
    codes = np.digitize(latent, [-1, 0.2, 1.1]).astype(float)
    arm = draws.integers(0, 2, size=(300, 1)).astype(float)
    group = GroupData("", np.hstack([codes, arm]), np.arange(300))
    full = ordinal_moments(group, layout_of(tuple("abcd"), (4, 4, 4, 4), 1))
    t = _tables(group, full)
    observed, gamma = np.zeros(full.observed.size), np.zeros(full.observed.size)

    status = draw_moments(
        t.codes,
        t.pattern,
        np.ones(300),
        t.X,
        t.counts,
        t.rows,
        t.pairs,
        full.observed,
        observed,
        gamma,
        1e-4,
    )

    assert status == 0
    np.testing.assert_allclose(observed, full.observed, atol=1e-9)
    np.testing.assert_allclose(gamma, full.gamma_diagonal(), rtol=1e-7)
