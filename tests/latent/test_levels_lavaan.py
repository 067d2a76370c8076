"""Two-level models against lavaan 0.6-14: numbers that are kept, and lavaan asked afresh."""

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from tests.latent.test_live_lavaan import _why_not

HERE = Path(__file__).parent / "oracles" / "levels"
MODEL = "level: 1\nf =~ a + b + c + d\nf ~ x\nlevel: 2\nu =~ a + b + c + d\nu ~ z"
#: lavaan's search stops up to 2e-4 away from the minimum, and so do its saturated models.
TOLERANCE = {"est": 3e-4, "se": 1e-4, "measure": 2e-4, "residual": 5e-4}
CALLS = {
    "complete": ("complete.csv", {}),
    "groups": ("complete.csv", {"group": "site"}),
    "gaps": ("gaps.csv", {"missing": "ml"}),
}


@pytest.fixture(scope="module")
def fits():
    return {
        case: latent.sem(
            MODEL, pd.read_csv(HERE / file), cluster="school", mimic="lavaan-0.6", **options
        )
        for case, (file, options) in CALLS.items()
    }


def _live(folder):
    """Return what the lavaan that is installed says about the same data."""
    if why := _why_not():
        pytest.skip(why)
    target = folder / "levels.csv"
    subprocess.run(
        ["Rscript", str(HERE / "levels.R"), str(HERE), str(target)], check=True, capture_output=True
    )
    return pd.read_csv(target)


@pytest.fixture(scope="module", params=["kept", pytest.param("live", marks=pytest.mark.lavaan)])
def theirs(request, tmp_path_factory):
    kept = request.param == "kept"
    frame = pd.read_csv(HERE / "levels.csv") if kept else _live(tmp_path_factory.mktemp("lavaan"))
    return {key: part.set_index("key")["value"] for key, part in frame.groupby(["case", "what"])}


def ends(row):
    """Return lhs, op and rhs as one text, covariances in alphabetical order."""
    lhs, op, rhs = row["lhs"], row["op"], row["rhs"]
    lhs, rhs = (rhs, lhs) if op == "~~" and lhs > rhs else (lhs, rhs)
    return f"{lhs}{op}{rhs}"


def _worst(theirs, ours, tolerance):
    """Assert that all numbers agree, relative to the larger of 1 and the number."""
    assert set(theirs.index) <= set(ours)
    gaps = {k: abs(ours[k] - v) / max(1.0, abs(v)) for k, v in theirs.items()}
    worst = max(gaps, key=gaps.get)
    assert gaps[worst] < tolerance, (worst, theirs[worst], ours[worst])


@pytest.mark.parametrize("case", CALLS)
@pytest.mark.parametrize("what", ["est", "se"])
def test_estimates_and_errors_are_those_of_lavaan(theirs, fits, case, what):
    rows = fits[case].estimates.to_dict("records")

    ours = {f"{ends(r)}|{r['level']}|{r['group']}": r[what] for r in rows}

    _worst(theirs[case, what], ours, TOLERANCE[what])


@pytest.mark.parametrize("case", CALLS)
def test_fit_measures_are_those_of_lavaan(theirs, fits, case):
    _worst(theirs[case, "measure"], fits[case].fit_measures, TOLERANCE["measure"])


@pytest.mark.parametrize("case", CALLS)
def test_no_likelihood_is_below_that_of_lavaan(theirs, fits, case):
    for name in ("logl", "unrestricted.logl"):
        assert fits[case].fit_measures[name] >= theirs[case, "measure"][name] - 1e-7


def test_the_summary_names_groups_and_levels(fits):
    text = fits["groups"].summary()

    assert "Group 1 [s], Level 2:" in text
    assert "Group 2 [n], Level 1:" in text
    assert np.isfinite(fits["groups"].icc(2)["a"])
