"""The model commands: what they print, write and refuse, and that Ctrl-C loses nothing."""

import json
import os
import signal

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from footbridge import latent
from footbridge.cli.latent_output import watching, workers_of_cases
from footbridge.cli.main import main
from footbridge.latent import optimise, replicates, watched

TRUTH = "f =~ 0.8*a + 0.7*b + 0.7*c + 0.6*d\nf ~ 0.5*arm\narm ~~ 0.25*arm"
MODEL = "f =~ a + b + c + d\nf ~ p*arm\ntwice := 2*p\n"
ITEMS = ("a", "b", "c", "d")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    steps = {name: [-1.0, 0.0, 1.0] for name in ITEMS} | {"arm": [0.0]}
    data = latent.simulate(TRUTH, 200, seed=6, cuts=steps)
    data.to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "model.txt").write_text(MODEL)
    (tmp_path / "f.txt").write_text("f =~ a + b + c + d")
    (tmp_path / "equal.txt").write_text("f =~ a + 1*b + 1*c + 1*d")
    (tmp_path / "truth.txt").write_text(TRUTH)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return CliRunner().invoke(main, list(words))


def test_fit_prints_the_summary_and_counts_the_draws(folder):
    found = run("fit", "model.txt", "data.csv", "--draws", "30", "--strata", "arm")

    assert found.exit_code == 0, found.output
    assert "Latent Variables:" in found.output
    assert "30 of 30 draws usable" in found.output
    assert "twice" in found.output.split("Bootstrap limits")[1]


def test_fit_prints_everything_as_json(folder):
    found = run("fit", "model.txt", "data.csv", "--format", "json", "--draws", "10")

    told = json.loads(found.stdout)
    fit = latent.fit(MODEL, pd.read_csv("data.csv"))
    assert told["fit_measures"]["chisq"] == pytest.approx(fit.fit_measures["chisq"])
    assert told["estimates"][1]["est"] == pytest.approx(fit.estimates["est"].iloc[1])
    assert told["bootstrap"]["done"] == 10
    assert told["estimates"][0]["z"] is None


def test_a_folder_holds_everything_that_others_need(folder):
    found = run("fit", "model.txt", "data.csv", "--folder", "out", "--draws", "5", "--ordered",
                "a,b", "--ordered", "c,d")  # fmt: skip

    assert found.exit_code == 0, found.output
    assert {p.name for p in (folder / "out").iterdir()} == {
        "summary.txt", "estimates.csv", "fit.csv", "result.json", "diagram.svg", "model.R",
        "model.inp", "model.dat", "draws.csv", "limits.csv",
    }  # fmt: skip
    assert list(pd.read_csv(folder / "out" / "draws.csv")["status"]) == ["ok"] * 5


def test_a_prior_is_named_everywhere_and_brings_no_fit_index(folder):
    found = run("fit", "model.txt", "data.csv", "--prior", "path=1,threshold=none", "--folder", "p")

    assert found.exit_code == 0, found.output
    assert "Posterior mode, not the plain estimator" in found.stdout
    assert "gfi" not in found.stdout
    assert "Not written: model.R." in found.stderr
    told = json.loads((folder / "p" / "result.json").read_text())
    fit = latent.fit(MODEL, pd.read_csv("data.csv"), prior=latent.Prior(path=1, threshold=None))
    assert set(told["fit_measures"]) == {"npar", "ntotal", "logl", "logprior"}
    assert told["options"]["prior"]["path"] == 1
    assert told["estimates"][1]["est"] == pytest.approx(fit.estimates["est"].iloc[1])


@pytest.mark.parametrize("text", ["strong", "path", "path=x", "slope=1", "path=-1"])
def test_a_prior_that_is_none_is_refused(folder, text):
    found = run("fit", "model.txt", "data.csv", "--prior", text)

    assert found.exit_code == 2
    assert "'--prior'" in found.output


def test_single_files_are_written_where_asked(folder):
    found = run("fit", "model.txt", "data.csv", "--table", "t.csv", "--json", "r.json",
                "--diagram", "sub/d.svg", "--format", "csv")  # fmt: skip

    assert found.exit_code == 0, found.output
    assert (folder / "t.csv").read_text() == found.stdout
    assert (folder / "sub" / "d.svg").read_text().startswith("<svg")
    assert json.loads((folder / "r.json").read_text())["converged"] is True


def test_ctrl_c_keeps_the_draws_that_are_done(folder, monkeypatch):
    calls = []
    original = watched.refit_rows

    def interrupted(*words, **more):
        calls.append(1)
        if len(calls) == 3:
            signal.raise_signal(signal.SIGINT)
        return original(*words, **more)

    monkeypatch.setattr(watched, "refit_rows", interrupted)

    found = run("fit", "model.txt", "data.csv", "--draws", "100", "--json", "r.json")

    assert found.exit_code == 130
    assert "Stopped after 6 of 100 draws; these are kept." in found.output
    kept = json.loads((folder / "r.json").read_text())["bootstrap"]
    assert (kept["done"], kept["asked"], kept["stopped"]) == (6, 100, True)
    whole = latent.bootstrap(latent.fit(MODEL, pd.read_csv("data.csv")), 6)
    limits = whole.intervals().set_index("name")["ci.lower"]
    assert kept["limits"][-1]["ci.lower"] == pytest.approx(limits["twice"], abs=1e-6)


def test_a_second_ctrl_c_ends_the_command():
    with watching("x", 2) as (tick, _):
        signal.raise_signal(signal.SIGINT)
        assert tick(1) is False
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_blocks_change_no_draw(folder):
    data = pd.read_csv("data.csv")
    fit = latent.fit(MODEL, data, ordered=list(ITEMS))

    whole = latent.bootstrap(fit, 60, seed=9)
    parts = watched.watched_bootstrap(fit, 60, tick=lambda _: True, seed=9)

    np.testing.assert_allclose(parts.estimates, whole.estimates, atol=1e-12)
    assert parts.status == whole.status


def test_lost_draws_are_said_with_their_reason(folder):
    data = pd.read_csv("data.csv")
    data["a"] = (np.arange(len(data)) == 7).astype(int)
    data.to_csv("data.csv", index=False)

    found = run("fit", "f.txt", "data.csv", "--draws", "20", "--all-ordered")

    assert "lost a category of a" in found.output
    assert "More than one draw in twenty was lost" in found.output


def test_a_category_that_a_covariate_gives_away_is_refused(folder):
    data = pd.read_csv("data.csv")
    data["a"] = data["arm"]
    data.to_csv("data.csv", index=False)

    found = run("fit", "model.txt", "data.csv", "--all-ordered")

    assert found.exit_code == 1
    assert "The thresholds of 'a' cannot be estimated" in found.output


def _written(name, data):
    with open(name, "wb") as file:
        file.write(data)
    return name


HEAD = b"a,b,c,d,arm\n"
NONSENSE = {
    "absent": (None, "cannot be read"),
    "empty": (b"", "is empty"),
    "header only": (HEAD, "no rows"),
    "one column": (b"a\n1\n2\n", "one column"),
    "a column missing": (b"a,b,c,D2,arm\n1,2,3,4,0\n", "no column 'd'"),
    "text": (HEAD + b"1,2,3,4,0\n1,much,3,4,1\n", "'much' on line 3"),
    "infinite": (HEAD + b"1,2,inf,4,0\n1,2,3,4,1\n", "infinite"),
    "ragged": (HEAD + b"1,2,3,4,0,9\n", "Line 2 has 6 fields, the header 5"),
    "quotation mark": (HEAD + b'1,"2,3,4,0\n', "not a regular table"),
    "twice": (b"a,b,c,d,arm,a\n1,2,3,4,0,5\n", "there twice"),
    "utf-16": ("a,b\n1,2".encode("utf-16"), "--encoding utf-16"),
    "gb18030": (HEAD + "面试".encode("gb18030"), "gb18030"),
    "zero bytes": (b"a\x00b,c\n", "not a text file"),
    "excel": (b"PK\x03\x04rest", "Excel"),
    "all missing": (HEAD + b"NA,2,3,4,0\n.,1,2,3,1\n,4,4,4,1\n", "0 cases are left"),
    "constant": (HEAD + b"1,2,3,4,0\n1,1,2,3,1\n1,4,4,4,1\n1,3,1,2,0\n", "does not vary"),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_refused_in_three_parts(folder, kind):
    data, words = NONSENSE[kind]
    name = "nothing.csv" if data is None else _written("bad.csv", data)

    found = run("fit", "model.txt", name)

    assert found.exit_code == 1
    assert words in found.output
    assert found.output.count(".") >= 3
    assert "Traceback" not in found.output


def test_a_huge_file_is_refused_before_it_is_read(folder):
    with open("huge.csv", "wb") as file:
        os.truncate(file.fileno(), 3 * 2**30)

    assert "3.0 GiB" in run("fit", "model.txt", "huge.csv").output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("f =~ a + + b", "Line 1"),
        ("hello", "no operator"),
        ("PK\x03\x04", "Excel"),
    ],
)
def test_a_model_that_cannot_be_read_is_refused(folder, text, words):
    (folder / "bad.txt").write_text(text)

    found = run("fit", "bad.txt", "data.csv")

    assert found.exit_code == 1
    assert words in found.output


def test_wrong_names_are_met_with_near_ones(folder):
    (folder / "data.csv").write_text((folder / "data.csv").read_text().replace("arm", "arm_1", 1))

    assert "Did you mean arm_1?" in run("fit", "model.txt", "data.csv").output
    assert "--ordered names 'zz'" in run("fit", "f.txt", "data.csv", "--ordered", "zz").output


def test_other_delimiters_and_decimal_commas_are_read(folder):
    data = pd.read_csv("data.csv") + 0.5
    data.to_csv("europe.csv", index=False, sep=";", decimal=",")

    found = run("fit", "f.txt", "europe.csv", "--format", "csv")
    plain = latent.fit("f =~ a + b + c + d", data)

    assert float(found.stdout.splitlines()[2].split(",")[5]) == pytest.approx(
        plain.estimates["est"].iloc[1]
    )


def test_marks_of_missing_values_can_be_named(folder):
    text = (folder / "data.csv").read_text().splitlines()
    text[3] = "-99" + text[3][1:]
    (folder / "data.csv").write_text("\n".join(text))

    found = run("fit", "f.txt", "data.csv", "--missing-mark", "-99")

    assert " 199 " in found.output


def test_no_minimum_ends_with_three(folder):
    (folder / "bad.txt").write_text("f =~ a + b + c\ng =~ a + b + d\nf ~~ 3*g\na ~~ 9*b\n")

    found = run("fit", "bad.txt", "data.csv")

    assert found.exit_code == 3, found.output
    assert "DID NOT CONVERGE" in found.output


def test_a_place_that_cannot_be_written_is_said(folder):
    (folder / "file").write_text("x")

    found = run("fit", "f.txt", "data.csv", "--table", "file/t.csv")

    assert found.exit_code == 1
    assert "cannot be written" in found.output


def test_the_ladder_of_invariance_is_a_table(folder):
    found = run("invariance", "f.txt", "data.csv", "--group", "arm", "--format", "json")

    assert [r["step"] for r in json.loads(found.stdout)] == [
        "configural", "metric", "scalar", "strict",
    ]  # fmt: skip


def test_the_ladder_over_time_says_what_fits_worst(folder):
    truth = "\n".join(f"f{t} =~ 0.8*a{t} + 0.7*b{t} + 0.7*c{t}" for t in (1, 2))
    latent.simulate(truth + "\nf1 ~~ 0.5*f2\nb2 ~ 0.9*1", 400, seed=2).to_csv("twice.csv")
    (folder / "once.txt").write_text("f =~ a + b + c")
    times = ("--occasion", "t1=a1,b1,c1", "--occasion", "t2=a2,b2,c2")

    found = run("invariance", "once.txt", "twice.csv", *times, "--format", "json")
    freed = run("invariance", "once.txt", "twice.csv", *times, "--partial", "b2 ~ 1")

    assert json.loads(found.stdout)[2]["step"] == "scalar"
    assert 'partial=["b2 ~ 1"]' in found.stderr
    assert "rejected" not in freed.stderr
    for words in (("--occasion", "a1,b1"), (*times[:2], *times[:2])):
        assert "cannot be read" in run("invariance", "once.txt", "twice.csv", *words).output


def test_models_are_compared_by_their_files(folder):
    found = run("compare-models", "data.csv", "equal.txt", "f.txt", "--format", "csv")

    assert found.stdout.splitlines()[1].startswith("f.txt,2")
    assert run("compare-models", "data.csv", "f.txt").exit_code == 1


def test_reliability_is_printed(folder):
    found = run("reliability", "f.txt", "data.csv", "--format", "csv", "--output", "r.csv")

    assert found.exit_code == 0
    assert (folder / "r.csv").read_text().startswith("factor,items,alpha,omega,ave")


def test_power_and_cases_are_drawn_from_a_population(folder):
    drawn = run("simulate-data", "truth.txt", "--cases", "40", "--cut", "a=-1,0,1", "--output",
                "x.csv")  # fmt: skip
    found = run("power", "f.txt", "truth.txt", "--cases", "80", "--draws", "5", "--format", "csv")

    assert drawn.exit_code == found.exit_code == 0
    assert set(pd.read_csv("x.csv")["a"]) <= {0, 1, 2, 3}
    assert found.stdout.splitlines()[2].endswith(",5")
    for words in (("simulate-data",), ("power", "f.txt")):
        assert "names 'zz'" in run(*words, "truth.txt", "--cases", "9", "--cut", "zz=1").output
        assert "cannot be read" in run(*words, "truth.txt", "--cases", "9", "--cut", "a").output


def test_ctrl_c_keeps_the_samples_of_a_power_table(folder, monkeypatch):
    original = replicates.simulate

    def interrupted(*words, draw, **more):
        if draw == 3:
            signal.raise_signal(signal.SIGINT)
        return original(*words, draw=draw, **more)

    monkeypatch.setattr(replicates, "simulate", interrupted)

    found = run("power", "f.txt", "truth.txt", "--cases", "80", "--draws", "90", "--format", "csv")

    assert found.exit_code == 130
    assert "Stopped after 4 of 90 samples; the table is of these." in found.stderr
    assert found.stdout.splitlines()[2].endswith(",4")


def test_workers_are_a_number_or_an_address(folder):
    words = ("power", "f.txt", "truth.txt", "--cases", "80", "--draws", "6", "--format", "csv")

    assert run(*words, "--workers", "2").stdout == run(*words).stdout
    assert "tcp://127.0.0.1:9" in run(*words, "--workers", "tcp://127.0.0.1:9").output
    assert run(*words, "--workers", "many").exit_code == 2


@pytest.mark.parametrize("at", ["tcp://10.0.0.7:8786", "ws://cluster.example:8786", "://"])
def test_cases_leave_the_machine_by_tls_only(folder, at):
    found = run("fit", "model.txt", "data.csv", "--draws", "4", "--workers", at)

    assert found.exit_code == 2
    assert "would send the cases readably" in found.output
    assert "Latent Variables" not in found.output


@pytest.mark.parametrize("at", ["tls://127.0.0.1:9", "tcp://127.0.0.1:9", "tls://10.0.0.7:9"])
def test_an_address_that_is_safe_for_cases_is_taken(at):
    assert workers_of_cases(None, None, at) == at


def test_ctrl_c_in_the_search_ends_with_its_state(folder, monkeypatch):
    calls = []

    def interrupted(*words, **more):
        calls.append(1)
        if len(calls) == 2:
            signal.raise_signal(signal.SIGINT)
        return original(*words, **more)

    original = optimise._backtrack
    monkeypatch.setattr(optimise, "_backtrack", interrupted)

    found = run("fit", "f.txt", "data.csv")

    assert found.exit_code == 130
    assert "stopped after 2 iterations" in found.stderr
