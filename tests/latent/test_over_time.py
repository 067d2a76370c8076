"""The ladder over time and the strict step of ordinal items, held to lavaan 0.6-14.

Run this file to ask lavaan again and to write `oracles/over_time.csv`.
"""

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest
from over_time_data import ITEMS, MODEL, THRICE, TWICE, samples

from footbridge import latent

HERE = Path(__file__).parent
KEPT = HERE / "oracles" / "over_time.csv"
EVERY = [x + t for t in "12" for x in ITEMS]
THREE = {"f": ["f1", "f2", "f3"]}
ORDERED = {"occasions": TWICE, "ordered": True}
CALLS = {
    "continuous": (MODEL, "continuous", {"occasions": TWICE}),
    "partial": (
        MODEL,
        "continuous",
        {"occasions": TWICE, "partial": ["c ~ 1"], "estimator": "MLR"},
    ),
    "thrice": (THRICE, "thrice", {"occasions": THREE, "auto": 1, "partial": ["b3 ~ 1"]}),
    "ordinal-theta": (MODEL, "ordinal", ORDERED),
    "ordinal-delta": (MODEL, "ordinal", {**ORDERED, "parameterization": "delta"}),
    "binary": (MODEL, "binary", ORDERED),
    "mixed": (MODEL, "mixed", {"occasions": TWICE, "ordered": ["a", "b", "c"]}),
    "groups": (MODEL, "groups", {"group": "site", "ordered": True}),
}
STEPS = {
    **dict.fromkeys(("continuous", "partial", "thrice"), 4),
    **dict.fromkeys(("ordinal-theta", "mixed", "groups"), 5),
    **{"ordinal-delta": 4, "binary": 3},
}


@lru_cache
def ladder(case):
    model, data, options = CALLS[case]
    return latent.invariance(model, samples()[data], **{"mimic": "lavaan-0.6", **options})


def ask():
    """Return lavaan's answers; None where it cannot be asked."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in samples().items():
            data.to_csv(Path(folder) / f"{name}.csv", index=False)
        try:
            done = subprocess.run(
                ["Rscript", HERE / "over_time.R", folder], capture_output=True, text=True
            )
        except FileNotFoundError:
            return None
        if "no package called" in done.stderr:
            return None
        assert done.returncode == 0, done.stderr
        return pd.read_csv(Path(folder) / "answers.csv")


@pytest.fixture(scope="module")
def live():
    answers = ask()
    if answers is None:
        pytest.skip("R or its lavaan is not installed: apt-get install r-cran-lavaan")
    return answers


def ours(case):
    """Return what the answers of lavaan are about, by step and name."""
    steps = ladder(case)
    frame = steps.to_frame().set_index("step")
    found = {}
    for step, fit in steps.items():
        found |= {(step, name): value for name, value in fit.fit_measures.items()}
        rows = fit.estimates
        group = rows["group"].max()
        last = next(n for n in fit.problem.roles.lv if group > 1 or n in {"f2", "f_after"})
        rows = rows[(rows["lhs"] == last) & (rows["group"] == group)].set_index("op")
        for op, mine in (("~~", rows[rows["rhs"] == last]), ("~1", rows)):
            found[step, f"est{op}"] = mine.loc[op, "est"]
            found[step, f"se{op}"] = mine.loc[op, "se"]
        found[step, "diff"] = frame.loc[step, "Chisq diff"]
        found[step, "diff.df"] = frame.loc[step, "Df diff"]
    return found


def hold(case, answers):
    mine, theirs = ours(case), answers[answers["case"] == case]
    assert list(ladder(case)) == list(dict.fromkeys(theirs["step"]))
    assert len(set(theirs["step"])) == STEPS[case]
    gap = {
        key: abs(mine[key] - value) / max(1.0, abs(value))
        for *key, value in theirs[["step", "name", "value"]].itertuples(index=False)
        for key in [tuple(key)]
    }
    worst = max(gap, key=gap.get)
    # lavaan stops its search near 1e-6
    assert gap[worst] < 2e-5, (case, worst, gap[worst], mine[worst])


@pytest.mark.parametrize("case", CALLS)
def test_every_step_is_that_of_lavaan_0_6_14(case):
    hold(case, pd.read_csv(KEPT))


@pytest.mark.lavaan
@pytest.mark.parametrize("case", CALLS)
def test_every_step_is_that_of_lavaan_here(live, case):
    hold(case, live)


if __name__ == "__main__":
    ask().to_csv(KEPT, index=False)
