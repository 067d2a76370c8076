"""The summary reads like lavaan's; what it leaves out or adds is named here."""

import re
from pathlib import Path

import pytest
from trial_data import MODEL, ORDERED, trial

from footbridge import latent

ORACLE = Path(__file__).parent / "oracles" / "summary-mlr.txt"
# Lines of lavaan 0.6-14 that say how its optimiser works, or that repeat a number.
OTHERWISE = (
    "lavaan", "Estimator", "Optimization method", "Observed information based on",
    "for the MLR correction",
    "Loglikelihood", "Akaike", "Bayesian", "Sample-size", "Information bread", "Standard errors",
)  # fmt: skip


@pytest.fixture(scope="module")
def fit():
    return latent.sem(MODEL, trial(), estimator="MLR")


def _numbers(line):
    return [float(x) for x in re.findall(r"-?\d+\.\d{3}", line)]


def _words(line):
    return re.sub(r"\s+", " ", re.sub(r"-?\d+\.\d+", "", line)).strip()


def test_every_line_of_lavaans_summary_is_there_with_its_numbers(fit):
    ours = fit.summary().splitlines()
    said = {_words(line): [] for line in ours}
    for line in ours:
        said[_words(line)].append(_numbers(line))

    for line in ORACLE.read_text().splitlines():
        words = _words(line)
        if not words or words.startswith(OTHERWISE) or "0.6.14" in line:
            continue
        assert words in said, line
        close = [
            all(abs(a - b) < 0.0021 for a, b in zip(_numbers(line), other, strict=True))
            for other in said[words]
            if len(other) == len(_numbers(line))
        ]
        assert any(close), line


def test_moments_of_fixed_covariates_are_not_printed(fit):
    assert "arm" not in fit.summary().split("Variances:")[1].split("R-Square")[0]


def test_the_side_taken_between_the_releases_is_printed():
    newer = latent.cfa("f =~ a + b + c + d", trial(), ordered=True, estimator="DWLS")
    older = latent.cfa(
        "f =~ a + b + c + d", trial(), ordered=True, estimator="DWLS", mimic="lavaan-0.6"
    )

    assert "Default errors of DWLS: robust.sem; lavaan 0.6: standard" in newer.summary()
    assert "Default errors of DWLS: standard; lavaan 0.7: robust.sem" in older.summary()
    assert older.fit_measures["gfi"] == older.fit_measures["gfi_lisrel"]


def test_parts_can_be_left_out(fit):
    text = fit.summary(fit_measures=False, standardized=False, rsquare=False)

    assert not any(word in text for word in ("CFI", "Std.all", "R-Square"))


def test_later_groups_say_which_means_are_free():
    data = trial().assign(site=[1, 2] * 150)

    fit = latent.cfa(
        "f =~ a + b + c + d", data, ordered=ORDERED[:4], group="site",
        group_equal=("thresholds", "loadings"),
    )  # fmt: skip

    assert "Later groups: latent means 0, response intercepts free" in fit.summary()
    assert "Group 2 [2]:" in fit.summary()
