"""The same completed data sets, fitted by Debian's lavaan and pooled by formulas written in R."""

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from footbridge import latent

pytestmark = pytest.mark.lavaan
SCRIPT = Path(__file__).with_name("live_pooled.R")
TRUTH = "f =~ 1*a + 0.8*b + 0.9*c\ny ~ 0.4*f + 0.2*x\nz ~ 0.5*y"
MODEL = "f =~ a + b + c\ny ~ p*f + q*x\nindirect := p*q"


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pooled")
    gaps = latent.Skips(["a", "b", "y"], 0.3, {"z": 0.9})
    data = latent.simulate(TRUTH, 150, seed=12, plans=[gaps])
    completed = latent.impute(data, 8, seed=3)
    for number, frame in enumerate(completed, 1):
        frame.to_csv(folder / f"{number}.csv", index=False, float_format="%.17g")
    (folder / "model.txt").write_text(MODEL + "\n")
    subprocess.run(["Rscript", str(SCRIPT), str(folder)], check=True, timeout=300)
    return latent.fit_imputed(MODEL, completed, meanstructure=True), folder


def test_estimates_errors_and_missing_information_are_those_of_r(both):
    ours, folder = both
    theirs = pd.read_csv(folder / "pooled.out").fillna({"rhs": ""})
    mine = ours.estimates.merge(theirs, on=["lhs", "op", "rhs"], suffixes=("", ".r"))

    assert len(mine) == len(theirs)
    free = mine["se.r"] > 0
    assert free.sum() == 14
    np.testing.assert_allclose(mine["est"], mine["est.r"], atol=1e-5)
    for name, tolerance in (("se", 1e-5), ("df", 2e-4), ("riv", 1e-4), ("fmi", 1e-4)):
        theirs = mine.loc[free, f"{name}.r"]
        np.testing.assert_allclose(mine.loc[free, name], theirs, rtol=tolerance, atol=1e-9)


def test_the_three_tests_are_those_of_r(both):
    ours, folder = both
    theirs = pd.read_csv(folder / "tests.out").set_index("name")
    found = [ours.pooled_test("D2"), ours.pooled_test("D4"), ours.wald_test("p == 0; q == 0")]

    for test in found:
        for name in ("F", "df1", "df2", "riv"):
            wanted = theirs.loc[test.method, name]
            assert getattr(test, name) == pytest.approx(wanted, rel=2e-4), (test.method, name)
        assert test.pvalue == pytest.approx(theirs.loc[test.method, "p"], rel=2e-4, abs=1e-12)
    assert ours.test.method == "D4"
