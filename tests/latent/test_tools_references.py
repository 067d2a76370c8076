"""Factor scores, score tests and residual z values against the reference files."""

import numpy as np
import pytest
import reference_results as references

from footbridge import latent

pytestmark = pytest.mark.skipif(
    not references.REFERENCES.exists(), reason="the shared reference results are not here"
)
#: One file per estimator, kind of data and kind of restriction.
FILES = [
    "growth_basis_mlr", "growth_missing", "hs_bifactor", "hs_corr_resid", "hs_fiml_expected",
    "hs_fiml_groups", "hs_fiml_mlr", "hs_gls", "hs_higher_order", "hs_linear_con", "hs_mg_labels",
    "hs_mg_scalar_mlr", "hs_mimic_condx", "hs_mimic_fixedx", "hs_mlf", "hs_ml_wishart",
    "hs_twostage",
    "hs_uls_sestd", "hs_weights_mlr", "hs_wls", "poldem_equal", "poldem_mlm_stdlv",
    "tl_cluster_robust", "ord2_wlsmv", "ord3_wls", "ord4_ulsmv", "ord5_wlsmv", "ord_mixed_cont",
    "ord_mg_thr_int", "ord_missing_pairwise", "rmi100_cfa", "rmi400_groups_int", "ord_mimic",
]  # fmt: skip
#: lavaan leaves a covariate's direct effect on an indicator out of the scores; they count here.
DIRECT = {"ord_mimic"}


def _groups(block, key):
    """Return the blocks of a file by group label; one group has no label."""
    if "error" in block:
        return {}
    return {"": block} if key in block else {k: v for k, v in block.items() if key in v}


def _scores(fit, reference):
    worst = 0.0
    for method, block in (reference.get("scores") or {}).items():
        if (
            method == "ML" or reference["id"] in DIRECT
        ):  # lavaan stops early at the ends of a scale, without a prior
            continue
        found = fit.factor_scores(method)
        for label, table in _groups(block, "x").items():
            group = next(g for g in fit.problem.cases.groups if label in ("", g.label))
            theirs = np.array(table["x"], dtype=float)
            ours = found.loc[group.rows, table["cols"]].to_numpy()[: len(theirs)]
            worst = max(worst, float(np.nanmax(np.abs(ours - theirs))))
    return worst


def _residuals(fit, reference):
    worst = 0.0
    block = (reference.get("residuals") or {}).get("cor.bentler") or {}
    frame = fit.residuals("cor.bentler")
    given = "res." if any("res.cov" in str(key) for key in block) else ""
    for label, table in _groups(block, f"{given}cov").items():
        group = fit.problem.labels.index(label) + 1 if label else 1
        mine = frame[(frame["group"] == group) & frame["op"].isin(["~~", "~"])]
        ours = {frozenset((a, b)): row for a, b, row in _rows(mine)}
        for kind, column in (
            (f"{given}cov", "residual"), (f"{given}cov.z", "z"),
            ("res.slopes", "residual"), ("res.slopes.z", "z"),
        ):  # fmt: skip
            for a, b, value in _entries(table.get(kind)):
                row = ours.get(frozenset((a, b)))
                # lavaan sets the error of a residual below 1e-4 to one.
                if row is not None and (column == "residual" or abs(row["residual"]) > 1e-4):
                    worst = max(worst, references.difference(row[column], value))
    return worst


def _rows(frame):
    for row in frame.to_dict("records"):
        yield row["lhs"], row["rhs"], row


def _entries(matrix):
    for i, a in enumerate(matrix["rows"] if matrix else ()):
        square = matrix["rows"] == matrix["cols"]
        for j, b in enumerate(matrix["cols"][: i + 1] if square else matrix["cols"]):
            if matrix["x"][i][j] is not None:
                yield a, b, matrix["x"][i][j]


@pytest.mark.parametrize("name", FILES)
def test_scores_score_tests_and_residuals_are_the_references(name):
    reference = references.load(name)
    fit = latent.fit(**references.call(reference))
    ordinal = bool(reference["n"].get("ov_ord"))
    tolerance = max(references.tolerance_of(reference), 1e-6 if ordinal else 1e-8)

    assert _scores(fit, reference) <= (1e-3 if ordinal else tolerance)
    # A z value divides what polychoric correlations leave open by an error of about 0.02.
    assert _residuals(fit, reference) <= (1e-5 if ordinal else tolerance)
    test = reference.get("score_test") or {}
    if "uni" in test:
        found = fit.score_test()
        assert references.difference(found.statistic, test["test"]["X2"][0]) <= tolerance
        for ours, theirs in zip(found.univariate["X2"], test["uni"]["X2"], strict=True):
            assert references.difference(ours, theirs) <= tolerance
