"""Exports: lavaan text parses back to the same table, R gives the same estimates, Mplus reads."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from trial_data import MODEL, ORDERED, trial

from footbridge import latent
from footbridge.latent.exportlavaan import to_lavaan
from footbridge.latent.exportmplus import mplus_data, to_mplus

ORACLE = Path(__file__).parent / "oracles" / "exports.csv"
FACTORS = "f =~ a + b + c + d"
CASES = {
    "mediation": (MODEL, {}),
    "ordinal": (MODEL, {"ordered": ORDERED}),
    "std_lv": (FACTORS, {"std_lv": True}),
    "modifiers": ("f =~ a + L*b + start(0.7)*c + L*d\na ~~ lower(0)*a\nq := L^2", {}),
    "effect coding": (FACTORS, {"effect_coding": True, "meanstructure": True}),
    "groups": (FACTORS, {"group": "site", "group_equal": ("loadings", "intercepts")}),
    "group vectors": ("f =~ a + c(u, v)*b + c(1, NA)*c + d\nu == v", {"group": "site"}),
    "ordinal groups": (
        FACTORS,
        {"ordered": ORDERED[:4], "group": "site", "group_equal": ("thresholds", "loadings")},
    ),
    "theta": (MODEL, {"ordered": ORDERED, "parameterization": "theta"}),
    "growth": ("i =~ 1*a + 1*b + 1*c + 1*d\ns =~ 0*a + 1*b + 2*c + 3*d", {"preset": "growth"}),
}
COMPLETION = ("std_lv", "group_equal", "preset", "effect_coding")


@pytest.fixture(scope="module")
def data():
    return trial().assign(site=[1, 2] * 150)


def fitted(name, data):
    model, options = CASES[name]
    return latent.fit(model, data, **options)


def _rows(fit):
    """What a table says, whatever the order of its rows and the names of its parameters."""
    derived = set(fit.problem.roles.ordered) if fit.options.parameterization == "delta" else set()
    return {
        (r.lhs, r.op, r.rhs, r.group): (bool(r.free), r.ustart if not r.free else None)
        for r in fit.table.parameters
        if not (r.op == "~~" and r.lhs == r.rhs and r.lhs in derived)
        and not (r.exo and r.op in {"~~", "~1"})
    }


@pytest.mark.parametrize("name", CASES)
def test_lavaan_text_parses_back_to_the_same_table(name, data):
    fit = fitted(name, data)
    options = {k: v for k, v in CASES[name][1].items() if k not in COMPLETION}
    options["meanstructure"] = fit.options.meanstructure

    again = latent.lavaan(to_lavaan(fit).model, data, **options)

    assert _rows(again) == _rows(fit)
    assert again.fit_measures["df"] == fit.fit_measures["df"]
    ours = fit.estimates.set_index(["lhs", "op", "rhs", "group"])["est"]
    theirs = again.estimates.set_index(["lhs", "op", "rhs", "group"])["est"].reindex(ours.index)
    np.testing.assert_allclose(theirs.dropna(), ours[theirs.notna()], atol=2e-5)


def _in_r(text, folder):
    file = folder / "call.R"
    file.write_text(text)
    run = ["Rscript", str(file)]
    subprocess.run(run, check=True, capture_output=True, timeout=120, cwd=folder)


def test_the_exported_models_have_the_estimates_that_r_gave(data):
    """`oracles/exports.csv` is what R printed for the exported calls (lavaan 0.6-14)."""
    kept = pd.read_csv(ORACLE, keep_default_na=False)
    keys = ["lhs", "op", "rhs", "group"]
    for name in CASES:
        fit = fitted(name, data)
        both = fit.estimates.merge(kept[kept["case"] == name], on=keys, suffixes=("", ".r"))
        assert len(both) >= fit.theta.size, name
        np.testing.assert_allclose(both["est"], both["est.r"], atol=3e-4, err_msg=name)
        np.testing.assert_allclose(both["se"], both["se.r"], atol=3e-4, err_msg=name)


@pytest.mark.lavaan
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed here")
def test_the_exported_calls_give_the_same_estimates_in_r(data, tmp_path):
    data.to_csv(tmp_path / "data.csv", index=False)
    parts = ["suppressMessages(library(lavaan))", 'data <- read.csv("data.csv")']
    fits = {name: fitted(name, data) for name in CASES}
    for k, fit in enumerate(fits.values()):
        found = to_lavaan(fit)
        parts += [f"model <- '\n{found.model}\n'", found.call,
                  f'write.csv(parameterEstimates(fit), "{k}.csv", row.names = FALSE)']  # fmt: skip

    _in_r("\n".join(parts), tmp_path)

    for k, (name, fit) in enumerate(fits.items()):
        theirs = pd.read_csv(tmp_path / f"{k}.csv").fillna({"rhs": ""})
        theirs["group"] = theirs.get("group", 1)
        theirs.loc[theirs["op"].isin([":=", "=="]), "group"] = 0
        keys = ["lhs", "op", "rhs", "group"]
        both = fit.estimates.merge(theirs, on=keys, suffixes=("", ".r"))
        assert len(both) >= fit.theta.size, name
        np.testing.assert_allclose(both["est"], both["est.r"], atol=3e-4, err_msg=name)
        np.testing.assert_allclose(both["se"], both["se.r"], atol=3e-4, err_msg=name)


def test_a_script_reads_the_file_it_is_told(data):
    script = to_lavaan(fitted("mediation", data)).script('C:\\my "data".csv')

    assert 'read.csv("C:/my \\"data\\".csv")' in script
    assert "fixed.x = TRUE" in script


def _mplus_table(text):
    """Read BY, ON, WITH and variances of a one-group MODEL back: an independent little reader."""
    body = text.split("MODEL:")[1].split("MODEL CONSTRAINT:")[0].split("OUTPUT:")[0]
    found = {}
    for line in filter(None, (x.strip().rstrip(";") for x in body.splitlines())):
        text = re.sub(r"\s*\(\w+\)$", "", line)
        head, _, fixed = text.partition("@")
        names = head.rstrip("*").split("*")[0].strip("[]{}@")
        found[names] = float(fixed.strip("]}")) if fixed else None
    return found


def test_mplus_input_names_every_parameter(data):
    fit = fitted("mediation", data)

    found = _mplus_table(to_mplus(fit).input)

    assert found["f BY a"] == 1.0
    assert found["f BY b"] is None
    assert found["out ON f"] is None
    free = sum(v is None for v in found.values())
    assert free == fit.theta.size


@pytest.mark.lavaan
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed here")
def test_lavaans_own_mplus_reader_understands_the_input(data, tmp_path):
    fit = fitted("mediation", data)
    found = to_mplus(fit)
    body = found.input.split("MODEL:")[1].split("MODEL CONSTRAINT:")[0]
    (tmp_path / "model.txt").write_text(body)

    _in_r(
        'suppressMessages(library(lavaan)); x <- paste(readLines("model.txt"), collapse = "\\n")\n'
        'cat(mplus2lavaan.modelSyntax(x), file = "back.txt")',
        tmp_path,
    )
    again = latent.lavaan((tmp_path / "back.txt").read_text(), data)

    free = {(r.lhs, r.op, r.rhs) for r in fit.table.free_rows}
    assert {(r.lhs, r.op, r.rhs) for r in again.table.free_rows} == free


def test_mplus_names_are_short_and_lines_fit():
    names = {"a": "very_long_name_1", "b": "very_long_name_2", "c": "面试", "d": "x.y"}
    data = trial().rename(columns=names)
    fit = latent.cfa("factor_name =~ " + " + ".join(names.values()), data)

    found = to_mplus(fit)

    assert max(map(len, found.names.values())) <= 8
    assert len(set(map(str.lower, found.names.values()))) == len(found.names)
    assert max(map(len, found.input.splitlines())) <= 90
    assert found.input.split("MODEL:")[1].isascii()


def test_mplus_data_have_a_mark_for_what_is_missing(data):
    holes = data.copy().astype(float)
    holes.loc[0, "a"] = np.nan
    fit = latent.cfa(FACTORS, holes, missing="fiml")

    first = mplus_data(fit).splitlines()[0].split()

    assert first[0] == "-999"
    assert len(first) == len(to_mplus(fit).columns)


def test_what_mplus_cannot_say_is_refused(data):
    with pytest.raises(latent.LatentError, match="free response intercept"):
        to_mplus(fitted("ordinal groups", data))
