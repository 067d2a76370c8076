"""What a bound that binds does to errors, and what a search without a minimum may show."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent

MODEL = "f =~ a + b + c\na ~~ {}*a"


@pytest.fixture(scope="module")
def heywood():
    """Three indicators whose covariances ask for a variance of `a` below zero."""
    cov = np.array([[1.0, 0.8, 0.8], [0.8, 1.0, 0.5], [0.8, 0.5, 1.0]])
    rng = np.random.default_rng(5)
    raw = rng.normal(size=(200, 3))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / 200)).T
    return pd.DataFrame(white @ np.linalg.cholesky(cov).T, columns=list("abc"))


def test_errors_at_a_bound_are_those_of_the_fixed_parameter(heywood):
    bound = latent.cfa(MODEL.format("lower(0)"), heywood)
    fixed = latent.cfa(MODEL.format("0"), heywood)

    mine = bound.estimates.set_index(["lhs", "op", "rhs"])["se"]
    theirs = fixed.estimates.set_index(["lhs", "op", "rhs"])["se"]
    np.testing.assert_allclose(mine[theirs.index], theirs, atol=1e-9)
    assert "at-bound" in {a.code for a in bound.advice}


def test_lavaan_0_6_gives_the_errors_of_the_unbounded_information(heywood):
    old = latent.cfa(MODEL.format("lower(0)"), heywood, mimic="lavaan-0.6")

    information = old.solution.engine.information(old.theta, "expected")
    np.testing.assert_allclose(old.vcov, np.linalg.inv(information) / 200, rtol=1e-9)


def test_a_search_without_a_minimum_gives_no_errors(heywood):
    found = latent.cfa("f =~ a + b + c", heywood, max_iterations=1)

    assert not found.converged
    assert np.isnan(found.vcov).all()
    assert "not-converged" in {a.code for a in found.advice}
    assert "RMSEA" not in found.summary()
