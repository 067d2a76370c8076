"""`footbridge fit` on completed data sets: made here or elsewhere, pooled, stopped, refused."""

import json
import signal

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from footbridge import latent
from footbridge.cli.main import main
from footbridge.latent import imputed

TRUTH = "f =~ 0.8*a + 0.7*b + 0.7*c + 0.6*d\nf ~ 0.5*arm\narm ~~ 0.25*arm"
MODEL = "f =~ a + b + c + d\nf ~ p*arm\ntwice := 2*p\n"


def run(*words):
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def gaps(tmp_path, monkeypatch):
    steps = {name: [-1.0, 0.0, 1.0] for name in "abcd"} | {"arm": [0.0]}
    data = latent.simulate(TRUTH, 200, seed=6, cuts=steps).astype(float)
    (tmp_path / "model.txt").write_text(MODEL)
    monkeypatch.chdir(tmp_path)
    data.loc[::4, "a"] = np.nan
    data.loc[1::5, "b"] = np.nan
    data.assign(z=data["a"].fillna(1.0) + np.arange(200) % 7).to_csv("gaps.csv", index=False)
    return tmp_path


def test_fit_imputes_and_pools(gaps):
    found = run("fit", "model.txt", "gaps.csv", "--impute", "4", "--auxiliary", "z", "--seed", "3",
                "--folder", "out", "--format", "json")  # fmt: skip

    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    frame = pd.read_csv("gaps.csv")
    plain = latent.fit_imputed(MODEL, frame, m=4, auxiliary="z", seed=3)
    assert told["imputations"] == {"made": 4, "pooled": 4, "status": {"ok": 4}}
    assert told["test"]["F"] == pytest.approx(plain.test.F)
    table = pd.read_csv("out/estimates.csv")
    np.testing.assert_allclose(table["est"], plain.estimates["est"])
    assert pd.read_csv("out/imputations.csv")["status"].tolist() == ["ok"] * 4
    assert "Pooled by Rubin's rules" in (gaps / "out" / "summary.txt").read_text()


def test_fit_pools_data_sets_of_others(gaps):
    completed = latent.impute(pd.read_csv("gaps.csv"), 3)
    completed.to_frame().to_csv("long.csv", index=False)

    found = run("fit", "model.txt", "long.csv", "--imputation", ".imp", "--table", "t.csv")

    assert found.exit_code == 0, found.output
    plain = latent.fit_imputed(MODEL, completed)
    np.testing.assert_allclose(pd.read_csv("t.csv")["se"], plain.estimates["se"], rtol=1e-6)
    assert "FMI" in found.output


def test_ctrl_c_pools_the_imputations_that_are_done(gaps, monkeypatch):
    original, calls = imputed.fit_model, []

    def interrupted(*words, **more):
        calls.append(1)
        if len(calls) == 3:
            signal.raise_signal(signal.SIGINT)
        return original(*words, **more)

    monkeypatch.setattr(imputed, "fit_model", interrupted)

    found = run("fit", "model.txt", "gaps.csv", "--impute", "50")

    assert found.exit_code == 130
    assert "Stopped after 3 of 50 imputations; these are pooled." in found.stderr


def test_what_does_not_go_with_imputation_is_refused(gaps):
    words = ("fit", "model.txt", "gaps.csv", "--impute", "3")

    assert "--draws does not go" in run(*words, "--draws", "5").output
    assert "--diagram does not go" in run(*words, "--diagram", "d.svg").output
    assert "do not go together" in run(*words, "--imputation", "z").output
    assert "missing= does not go" in run(*words, "--missing", "fiml").output
