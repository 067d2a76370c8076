"""All rows at once give what the plain way gives row by row."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
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
