"""All rows at once give what the plain way gives row by row."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.engine import modelled_moments, stacked_delta
from footbridge.latent.factsof import _explained, _normal_theory
from footbridge.latent.independence import baseline_tests
from footbridge.latent.linalg import inv
from footbridge.latent.moments import normal_weight, vech
from footbridge.latent.residualtest import Piece, browne_residual
from footbridge.latent.standardised import standardise

MODEL = """f =~ a + b + c
g =~ d + e + h
f ~ s*x
g ~ t*f + u*x
indirect := s*t
total := indirect + u"""
CASES = [
    {},
    {"meanstructure": True},
    {"ordered": ["a", "b", "c"]},
    {"ordered": ["a", "b", "c", "d", "e", "h"], "parameterization": "theta"},
    {"group": "half"},
]


def frame():
    draws = np.random.default_rng(5)
    n = 400
    x = draws.integers(0, 2, n)
    f = 0.5 * x + draws.normal(size=n)
    g = 0.4 * f + 0.3 * x + draws.normal(size=n)
    columns = {k: (0.8 * f + draws.normal(size=n)).round(2) for k in "abc"}
    columns |= {k: (0.8 * g + draws.normal(size=n)).round(2) for k in "deh"}
    return pd.DataFrame({**columns, "x": x, "half": np.arange(n) % 2})


def cut(data, names):
    return data.assign(**{n: np.digitize(data[n], [-0.7, 0.8]) for n in names})


@pytest.mark.parametrize("options", CASES)
def test_values_of_all_rows_equal_the_rows_one_by_one(options):
    data = cut(frame(), options.get("ordered", []))
    fit = latent.sem(MODEL, data, **options)
    shown = fit.estimates

    for kind in ("lv", "all", "nox"):
        plain = standardise(fit.problem, fit.table, fit.theta, fit.wholes, kind=kind)
        expected = [plain[i].value for i in sorted(plain)]
        np.testing.assert_allclose(shown[f"std.{kind}"], expected, rtol=0, atol=1e-12)
    free = [r.free - 1 for r in fit.table.parameters]
    known = np.sqrt(np.diag(fit.vcov))
    errors = [known[i] if i >= 0 else 0.0 for i in free]
    np.testing.assert_allclose(shown["se"][: len(free)], errors, rtol=1e-12)


@pytest.mark.parametrize(
    "options",
    [*CASES, {"fixed_x": False}, {"group": "half", "ordered": ["a", "b", "c"]},
     {"estimator": "ULSMV", "ordered": ["a", "b", "c"]}, {"likelihood": "wishart"}],
)  # fmt: skip
def test_the_baseline_in_closed_form_equals_the_fitted_one(options):
    fit = latent.sem(MODEL, cut(frame(), options.get("ordered", [])), **options)
    closed = baseline_tests(fit.sample, fit.solution)

    for ours, plain in (
        (closed.plain, fit.baseline.plain),
        (closed.scaled, fit.baseline.scaled),
    ):
        assert (ours is None) == (plain is None)
        if ours is not None:
            assert ours.df == plain.df
            np.testing.assert_allclose(ours.statistic, plain.statistic, rtol=1e-9)
            np.testing.assert_allclose(ours.scaling, plain.scaling, rtol=1e-9)


@pytest.mark.parametrize("options", [{}, {"meanstructure": True}, {"group": "half"}])
def test_residual_statistics_from_thin_factors_equal_the_weight_of_all_pairs(options):
    fit = latent.sem(MODEL, frame(), **options)
    _, explained, statistic = _normal_theory(fit.sample, fit.solution)
    pieces = []
    means, basis = fit.options.meanstructure, fit.solution.covariances.basis
    for ram, m in zip(fit.sample.rams(fit.table), fit.sample.moments, strict=True):
        state = ram.state(fit.theta)
        sigma, mu = ram.sigma(state), ram.mu(state)
        seen = np.concatenate([m.mean, vech(m.cov)]) if means else vech(m.cov)
        implied = np.concatenate([mu, vech(sigma)]) if means else vech(sigma)
        normal = normal_weight(inv(sigma), means=means)
        D = stacked_delta(ram, fit.theta, n_free=fit.theta.size, means=means) @ basis
        pieces.append(Piece(m.n, seen, seen - implied, normal, normal, D))
    keep = modelled_moments(len(fit.problem.roles.ov), 1, means=means)

    np.testing.assert_allclose(statistic, browne_residual(pieces), rtol=1e-8)
    np.testing.assert_allclose(explained, _explained(pieces, keep), rtol=1e-10)
