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
BARE = MODEL.removesuffix("\nu ~ z")
#: lavaan's search stops up to 2e-4 away from the minimum, and so do its saturated models.
TOLERANCE = {"est": 3e-4, "se": 1e-4, "measure": 2e-4, "residual": 1e-3}
CALLS = {
    "complete": ("complete.csv", {}),
    "bare": ("complete.csv", {}),
    "groups": ("complete.csv", {"group": "site"}),
    "gaps": ("gaps.csv", {"missing": "ml"}),
}


@pytest.fixture(scope="module")
def fits():
    return {
        case: latent.sem(
            BARE if case == "bare" else MODEL,
            pd.read_csv(HERE / file),
            cluster="school",
            mimic="lavaan-0.6",
            **options,
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


@pytest.mark.parametrize("case", ["complete", "gaps"])
def test_residuals_are_those_of_lavaan(theirs, fits, case):
    rows = fits[case].residuals().query("op == '~~'").to_dict("records")

    ours = {f"{ends(r)}|{r['level']}": r["residual"] for r in rows}

    _worst(theirs[case, "residual"], ours, TOLERANCE["residual"])


@pytest.mark.parametrize("level", [1, 2])
def test_factor_scores_are_those_of_lavaan(theirs, fits, level):
    # Without covariates of the second level: lavaan 0.6-14 takes their values as zero.
    scores = fits["bare"].factor_scores(level=level).iloc[:, 0]

    ours = dict(zip(map(str, range(len(scores))), scores, strict=True))
    _worst(theirs["bare", f"score{level}"], ours, TOLERANCE["est"])


@pytest.mark.parametrize("what", ["mi", "epc", "sepc.all"])
def test_modification_indices_are_those_of_lavaan(theirs, fits, what):
    rows = fits["complete"].modification_indices().to_dict("records")

    ours = {f"{ends(r)}|{r['level']}": r[what] for r in rows}

    # lavaan also names regressions of covariates on factors and the covariates' own moments.
    kept = theirs["complete", what].filter(regex="^(?!x|z)")
    assert len(kept) == len(ours)
    _worst(kept, ours, 2e-3)


def test_the_summary_names_groups_and_levels(fits):
    text = fits["groups"].summary()

    assert "Group 1 [s], Level 2:" in text
    assert "Group 2 [n], Level 1:" in text
    assert np.isfinite(fits["groups"].icc(2)["a"])
