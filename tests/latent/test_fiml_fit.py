"""Fit indices with missing values: lavaan's numbers, and what must hold without missing values."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent

MODEL = "f =~ a + b + c + d + e"
# lavaan 0.6-14 on the frame below, EM to 1e-12.
LAVAAN = {
    "ML": {"cfi.robust": 0.873973264, "rmsea.robust": 0.174506105, "gfi_lisrel": 0.944855380},
    "MLR": {"cfi.robust": 0.877837407, "rmsea.robust": 0.170615104, "gfi_lisrel": 0.944855380},
}


@pytest.fixture(scope="module")
def frames():
    """Complete cases of a model that misfits, and the same with 15 % of the values gone."""
    rng = np.random.default_rng(11)
    f = rng.normal(size=(150, 1))
    noise = rng.normal(size=(150, 5)) * np.array([1, 0.7, 1.2, 0.9, 0.8])
    X = f @ np.array([[1, 0.8, 0.6, 0.7, 0.9]]) + noise
    X[:, 1] += 0.15 * X[:, 0] ** 2
    complete = pd.DataFrame(X, columns=list("abcde"))
    return complete, complete.mask(rng.random(X.shape) < 0.15)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_robust_indices_are_those_of_lavaan(frames, estimator):
    found = latent.fit(MODEL, frames[1], missing="ml", estimator=estimator).fit_measures

    for name, value in LAVAAN[estimator].items():
        assert found[name] == pytest.approx(value, abs=2e-7), name


def test_without_missing_values_nothing_is_corrected(frames):
    found = latent.fit(MODEL, frames[0], missing="ml").fit_measures

    for name in ("cfi", "tli", "rmsea", "rmsea.ci.upper", "gfi"):
        assert found[f"{name}.robust"] == pytest.approx(found[name], abs=1e-9), name


def test_robust_indices_do_not_depend_on_units(frames):
    scaled = frames[1] * np.array([1.0, 10.0, 0.1, 3.0, 100.0])

    one, two = (latent.fit(MODEL, d, missing="ml").fit_measures for d in (frames[1], scaled))

    for name in ("cfi.robust", "tli.robust", "rmsea.robust", "gfi.robust"):
        assert one[name] == pytest.approx(two[name], abs=1e-7), name
