"""Data simulated here, fitted here and by Debian's lavaan: the two must say the same.

The reference files hold what another release of lavaan said once; this test asks the one that
is installed, about data it has never seen. One R process serves all cases.
"""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from footbridge import latent

pytestmark = pytest.mark.lavaan
SCRIPT = Path(__file__).with_name("live_lavaan.R")
#: lavaan stops its search near 1e-6 and differentiates observed information numerically.
TOLERANCE = {"est": 1e-5, "se": 2e-6, "std.all": 1e-5, "measure": 2e-6}
COMMON = ("npar", "df", "chisq", "pvalue", "cfi", "tli", "srmr")
RMSEA = ("rmsea", "rmsea.ci.lower", "rmsea.ci.upper")
LIKELIHOOD = ("logl", "unrestricted.logl", "aic", "bic", "bic2")
ROBUST = ("cfi.robust", "tli.robust", "rmsea.robust", "rmsea.ci.upper.robust")
SQUARES = ("rmr", "rmr_nomean", "srmr_bentler", "srmr_bentler_nomean", "crmr", "crmr_nomean")
SCALED = ("chisq.scaled", "df.scaled", "chisq.scaling.factor", "cfi.scaled", "rmsea.scaled")

THREE = """
f =~ 1*a + 0.8*b + 1.1*c
g =~ 1*d + 0.9*e + 0.7*h
f ~~ 1*f + 0.4*g
g ~~ 0.9*g
"""
MEASURED = "f =~ a + b + c\ng =~ d + e + h"
TRIAL = """
m =~ 1*i1 + 0.9*i2 + 0.8*i3 + 1.1*i4
s =~ 1*v1 + 0.8*v2 + 0.9*v3
m ~ 0.5*arm
s ~ 0.4*m + 0.3*arm
out ~ 0.5*s + 0.1*arm
m ~~ 0.8*m
s ~~ 0.7*s
"""
TRIAL_MODEL = """
m =~ i1 + i2 + i3 + i4
s =~ v1 + v2 + v3
m ~ p*arm
s ~ q*m + arm
out ~ r*s + arm
through := p*q*r
"""
CURVE = """
i =~ 1*y1 + 1*y2 + 1*y3 + 1*y4
s =~ 0*y1 + 1*y2 + 2*y3 + 3*y4
"""
REGRESSED = "y2 ~ y1 + x\ny3 ~ y2 + x\ny4 ~ y3"
CURVE_VALUES = "i ~ 1*1 + 0.3*x\ns ~ 0.5*1 + 0.2*x\ni ~~ 1*i + 0.1*s\ns ~~ 0.4*s\n"


@dataclass(frozen=True)
class Case:
    """One model and its data, with the options in both languages."""

    data: pd.DataFrame
    model: str
    fun: str = "sem"
    ours: dict = field(default_factory=dict)
    theirs: str = ""
    measures: tuple = (*COMMON, *RMSEA, *LIKELIHOOD)
    in_full: str = ""  # their model, where it must be written out
    slack: float = 1.0  # how much further from its minimum lavaan stops


def _two_sites():
    first = latent.simulate(THREE, 260, seed=21).assign(site="north")
    second = latent.simulate(THREE + "f ~ 0.4*1\n", 220, seed=22).assign(site="south")
    return pd.concat([first, second], ignore_index=True)


def _with_gaps():
    data = latent.simulate(THREE, 300, seed=23)
    gone = np.random.default_rng(24).random(data.shape) < 0.15
    gone[:, 0] = False
    return data.mask(gone)


def _trial():
    items = ["i1", "i2", "i3", "i4"]
    cuts = {name: [-0.6, 0.5] for name in items} | {n: [0.4] for n in ("v1", "v2", "v3", "out")}
    return latent.simulate(TRIAL, 600, seed=25, cuts={**cuts, "arm": [0.0]})


def _in_clusters():
    """Forty schools of 2 to 17 cases, each with a value of its own for every item."""
    size = np.arange(40) % 16 + 2
    school = np.repeat(np.arange(40), size)
    inner = latent.simulate(THREE + "f ~ 0.4*x", school.size, seed=27)
    outer = latent.simulate("u =~ 0.7*a + 0.5*b + 0.6*c + 0.5*d + 0.4*e\nu ~ 0.5*z", 40, seed=28)
    items = list("abcde")
    return (
        inner[items]
        .add(outer[items].iloc[school].to_numpy() * 0.7)
        .assign(x=inner["x"], z=outer["z"].to_numpy()[school], school=school)
    )


TWO_LEVELS = """
level: 1
f =~ a + b + c
g =~ d + e
f ~ x
f ~~ g
level: 2
u =~ a + b + c + d + e
u ~ z
"""
EQUAL = {"group": "site", "group_equal": ("loadings", "intercepts")}
SHORT = MEASURED.replace(" + h", "")
ORDERED = ["i1", "i2", "i3", "i4", "v1", "v2", "v3", "out"]


def continuous():
    """Return cases with continuous variables."""
    plain = latent.simulate(THREE, 250, seed=20)
    growth = latent.simulate(CURVE + CURVE_VALUES, 300, seed=26)
    robust = (*COMMON, *LIKELIHOOD, *RMSEA, *SCALED, "cfi.robust", "rmsea.robust")
    same = 'group = "site", group.equal = c("loadings", "intercepts")'
    return {
        "cfa": Case(plain, MEASURED, "cfa"),
        "robust": Case(plain, MEASURED, "cfa", {"estimator": "MLR"}, 'estimator = "MLR"', robust),
        "groups": Case(_two_sites(), MEASURED, "cfa", EQUAL, same),
        "growth": Case(growth, CURVE + "i + s ~ x", "growth"),
    }


def given_covariates():
    """Return cases whose covariates are taken as given by estimators other than ML."""
    data = latent.simulate(CURVE + CURVE_VALUES, 300, seed=27)
    few = ("npar", "df", "chisq", "pvalue", "cfi", "tli", *RMSEA)
    found = {}
    for name, measures in {"MLM": (*COMMON, *SCALED), "WLS": few, "GLS": few}.items():
        ours = {"estimator": name, "fixed_x": True}
        theirs = f'estimator = "{name}", fixed.x = TRUE'
        found[f"given-{name.lower()}"] = Case(data, REGRESSED, "sem", ours, theirs, measures)
    some = ("npar", "df", "chisq", "srmr", *SQUARES, "srmr_mplus")
    split = data.assign(site=np.where(np.arange(300) % 3, "north", "south"))
    ours = {"conditional_x": True, "group": "site"}
    theirs = 'conditional.x = TRUE, group = "site", meanstructure = TRUE'
    return found | {"conditional": Case(split, REGRESSED, "sem", ours, theirs, some, slack=5.0)}


def incomplete():
    """Return cases with missing values."""
    data, full = _with_gaps(), 'missing = "ml"'
    robust = (*COMMON, *RMSEA, *LIKELIHOOD, *ROBUST, "gfi")
    helped = {"missing": "fiml", "auxiliary": ["h"]}
    some = ("npar", "df", "chisq", "pvalue", *RMSEA, *LIKELIHOOD)
    in_full = SHORT + "\nh ~~ h + a + b + c + d + e"
    return {
        "gaps": Case(data, MEASURED, "cfa", {"missing": "fiml"}, full, robust),
        "auxiliary": Case(data, SHORT, "cfa", helped, full, some, in_full),
    }


def clustered():
    """Return clusters of unequal size, where lavaan stops 7e-5 away from the minimum."""
    some = ("npar", "df", "logl", "aic", "bic", "bic2")
    ours, theirs = {"cluster": "school"}, 'cluster = "school"'
    return {"levels": Case(_in_clusters(), TWO_LEVELS, "sem", ours, theirs, some, slack=30.0)}


def ordinal():
    """Return a trial: ordinal and binary items, an arm, an indirect effect."""
    quoted = ", ".join(f'"{name}"' for name in ORDERED)
    some = tuple(name for name in (*COMMON, *RMSEA, *SCALED, *SQUARES) if name != "pvalue")
    call = f"ordered = c({quoted})"
    mixed = latent.simulate(TRIAL, 400, seed=29, cuts={"v1": [0.2], "v2": [0.1], "v3": [-0.3, 0.8]})
    few = ("npar", "df", "chisq", "srmr", *SQUARES)
    ours, theirs = {"ordered": ["v1", "v2", "v3"]}, 'ordered = c("v1", "v2", "v3")'
    return {
        "trial": Case(_trial(), TRIAL_MODEL, "sem", {"ordered": ORDERED}, call, some),
        "mixed": Case(mixed, TRIAL_MODEL, "sem", ours, theirs, few),
    }


CASES = {**continuous(), **given_covariates(), **incomplete(), **clustered(), **ordinal()}


def _why_not():
    """Return why lavaan cannot be asked, or an empty text."""
    question = 'cat(requireNamespace("lavaan", quietly = TRUE))'
    try:
        done = subprocess.run(["Rscript", "-e", question], capture_output=True, text=True)
    except FileNotFoundError:
        return "Rscript is not installed: apt-get install r-cran-lavaan"
    if "TRUE" not in done.stdout:
        return "R has no lavaan: apt-get install r-cran-lavaan"
    return ""


@pytest.fixture(scope="module")
def lavaan(tmp_path_factory):
    """Let lavaan fit every case; return its estimates and measures by case."""
    why_not = _why_not()
    if why_not:
        pytest.skip(why_not)
    folder = tmp_path_factory.mktemp("lavaan")
    for name, case in CASES.items():
        case.data.to_csv(folder / f"{name}.data.csv", index=False, na_rep="NA")
        options = f", {case.theirs}" if case.theirs else ""
        call = (
            f"fun <- '{case.fun}'\ncall <- list(model = '{case.in_full or case.model}'{options})\n"
        )
        (folder / f"{name}.R").write_text(call)
    done = subprocess.run(["Rscript", SCRIPT, folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {
        name: (
            pd.read_csv(folder / f"{name}.estimates.csv"),
            pd.read_csv(folder / f"{name}.measures.csv", index_col="name")["value"],
        )
        for name in CASES
    }


@pytest.fixture(scope="module")
def fits():
    """Fit every case here, with the defaults of the lavaan that Debian ships."""
    return {
        name: latent.fit(case.model, case.data, preset=case.fun, mimic="lavaan-0.6", **case.ours)
        for name, case in CASES.items()
    }


def _keyed(frame):
    frame = frame[~frame["op"].isin(["==", "<", ">"])].fillna({"rhs": ""})
    found = {}
    for row in frame.to_dict("records"):
        ends = sorted((row["lhs"], row["rhs"])) if row["op"] == "~~" else (row["lhs"], row["rhs"])
        group = 1 if row["op"] == ":=" else row.get("level", row["group"])
        found[(*ends, row["op"], group)] = row
    return found


def _gap(theirs, ours):
    """Return the relative difference; a number on one side only is infinitely far."""
    if np.isnan(theirs) or np.isnan(ours):
        return 0.0 if np.isnan(theirs) and np.isnan(ours) else np.inf
    return abs(theirs - ours) / max(1.0, abs(theirs))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("column", ["est", "se", "std.all"])
def test_estimates_and_errors_are_those_of_lavaan(lavaan, fits, name, column):
    theirs, ours = _keyed(lavaan[name][0]), _keyed(fits[name].estimates)

    assert set(theirs) == set(ours)
    gap = {key: _gap(row[column], ours[key][column]) for key, row in theirs.items()}
    worst = max(gap, key=gap.get)
    assert gap[worst] <= TOLERANCE[column] * CASES[name].slack, (worst, theirs[worst], ours[worst])


@pytest.mark.parametrize("name", CASES)
def test_fit_measures_are_those_of_lavaan(lavaan, fits, name):
    theirs, ours = lavaan[name][1], fits[name].fit_measures

    gap = {m: _gap(theirs[m], ours[m]) for m in CASES[name].measures}
    worst = max(gap, key=gap.get)
    assert gap[worst] <= TOLERANCE["measure"] * CASES[name].slack, (
        worst,
        theirs[worst],
        ours[worst],
    )
