"""Pairwise maximum likelihood: against lavaan, numerical derivatives and simulation."""

import lavaan_oracles as oracles
import numpy as np
import pytest
from scipy import optimize

from footbridge import latent
from footbridge.latent.bvn import bivariate_normal
from footbridge.latent.pairwise import PairTables, pairwise_sample


def _holes():
    data = oracles.data().copy()
    data.loc[data.index[2::11], "o2"] = np.nan
    data.loc[data.index[4::13], "o5"] = np.nan
    return data


def _fit(case):
    arm = oracles.ARM if case == "pml_arm" else ""
    options = {"missing": "pairwise"} if case == "pml_holes" else {}
    data = _holes() if case == "pml_holes" else oracles.data()
    ordered = oracles.ITEMS
    return latent.sem(oracles.ORDINAL + arm, data, ordered=ordered, estimator="PML", **options)


@pytest.mark.parametrize("case", ["pml", "pml_arm", "pml_holes"])
def test_estimates_and_errors_are_lavaans(case):
    wanted = oracles.wanted(case, "estimates")
    frame = _fit(case).estimates
    keys = (frame["lhs"] + " " + frame["op"] + " " + frame["rhs"]).str.strip()
    found = frame.set_index(keys)
    shared = [k for k in wanted.index if k in found.index and not k.startswith("arm")]

    assert len(shared) >= 19
    # lavaan stops its search at about 1e-5 here, and differentiates twice numerically.
    np.testing.assert_allclose(found.loc[shared, "est"], wanted.loc[shared, "est"], atol=1e-4)
    np.testing.assert_allclose(found.loc[shared, "se"], wanted.loc[shared, "se"], atol=2e-4)


def test_the_likelihood_ratio_and_the_adjusted_baseline_are_lavaans():
    wanted = oracles.wanted("pml", "measures")["value"]
    fit = _fit("pml")

    assert fit.solution.plain.statistic == pytest.approx(wanted["chisq"], rel=1e-4)
    assert np.isnan(fit.fit_measures["pvalue"])  # no chi-square before it is adjusted
    assert 0 < fit.fit_measures["pvalue.scaled"] < 1
    assert fit.baseline.plain.statistic == pytest.approx(wanted["baseline.chisq"], rel=1e-5)
    assert fit.baseline.scaled.statistic == pytest.approx(wanted["baseline.chisq.scaled"], rel=1e-4)
    assert fit.baseline.scaled.df == pytest.approx(wanted["baseline.df.scaled"], rel=1e-4)


def _table(with_arm=True):
    fit = latent.sem(
        "f =~ o1 + o2 + o4" + ("\nf ~ arm" if with_arm else ""),
        oracles.data(),
        ordered=["o1", "o2", "o4"],
    )
    moments = fit.sample.ordinal[0]
    table = PairTables(fit.problem.cases.groups[0], moments.layout)
    draws = np.random.default_rng(3)
    return table, moments.observed + draws.uniform(-0.05, 0.05, moments.observed.size)


def test_derivatives_of_the_likelihood_are_those_of_differences():
    table, m = _table()
    at = table.slopes_at(m)

    gradient = optimize.approx_fprime(m, lambda t: table.slopes_at(t, depth=0).value, 1e-6)
    second = np.array(
        [
            (table.slopes_at(m + e).gradient - table.slopes_at(m - e).gradient) / 2e-5
            for e in 1e-5 * np.eye(m.size)
        ]
    )

    np.testing.assert_allclose(at.gradient, gradient, atol=2e-3)
    np.testing.assert_allclose(at.observed, -second, atol=1e-5)


def test_scores_of_the_cases_add_up_to_the_gradient():
    table, m = _table()

    np.testing.assert_allclose(table.scores(m).sum(axis=0), table.slopes_at(m).gradient, atol=1e-9)


def test_observed_information_is_the_expected_one_at_expected_tables():
    table, m = _table(with_arm=False)
    layout = table.layout
    for q, (u, v, row) in enumerate(table.pairs):
        ends = [
            np.array([-40.0, *m[layout.first[w] : layout.first[w] + layout.counts[w] - 1], 40.0])
            for w in (u, v)
        ]
        corner = bivariate_normal(ends[0][:, None], ends[1][None, :], np.array(m[row]))
        prob = np.diff(np.diff(corner, axis=0), axis=1)
        n = table.table[q].sum()
        table.table[q] = 0.0
        table.table[q, 0, : prob.shape[0], : prob.shape[1]] = n * prob

    at = table.slopes_at(m)

    np.testing.assert_allclose(at.observed, at.expected, atol=1e-8 * np.abs(at.expected).max())


def test_two_variables_are_fitted_by_full_maximum_likelihood():
    # One pair: the pairwise likelihood is the multinomial one of the table.
    data = oracles.data()[["o1", "o4"]]
    fit = latent.sem("o1 ~~ o4", data, ordered=["o1", "o4"], estimator="PML")
    table = np.array(data.value_counts().unstack().reindex(index=[1, 2, 3], columns=[1, 2, 3, 4]))

    def lack(t):
        a, b = np.array([-40, *t[:2], 40]), np.array([-40, *t[2:5], 40])
        corner = bivariate_normal(a[:, None], b[None, :], np.array(t[5]))
        prob = np.maximum(np.diff(np.diff(corner, axis=0), axis=1), 1e-12)
        return -float(np.sum(table * np.log(prob)))

    start = np.array([-0.5, 0.4, -0.6, 0.0, 0.7, 0.3])
    found = optimize.minimize(
        lack,
        start,
        method="Nelder-Mead",
        options={"maxiter": 20_000, "xatol": 1e-8, "fatol": 1e-10, "maxfev": 20_000},
    )
    best = found.x

    found = fit.estimates.query("op == '|' or (op == '~~' and lhs != rhs)")
    order = [*found.query("lhs == 'o1' and op == '|'")["est"]]
    order += [*found.query("lhs == 'o4' and op == '|'")["est"]]
    np.testing.assert_allclose([*order, found.query("op == '~~'")["est"].item()], best, atol=1e-5)


def test_the_adjusted_test_has_its_degrees_of_freedom_on_average():
    population = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d\nf ~~ 1*f\n" + "\n".join(
        f"{x} ~~ {1 - w * w}*{x}" for x, w in zip("abcd", (0.8, 0.7, 0.6, 0.7), strict=True)
    )
    plain, mean = [], []
    for seed in range(40):
        data = (latent.simulate(population, 400, seed=seed) > [0.0, 0.3, -0.4, 0.2]).astype(int)
        fit = latent.cfa("f =~ a + b + c + d", data, ordered=list("abcd"), estimator="PML")
        plain.append(fit.solution.plain.statistic)
        mean.append(fit.test.traces[0])

    error = np.std(plain) / np.sqrt(len(plain))
    assert np.mean(plain) == pytest.approx(np.mean(mean), abs=3 * error)


def test_a_table_with_an_empty_cell_is_used_as_it_is():
    data = oracles.data().query("not (o1 == 1 and o4 == 4)")
    fit = latent.cfa(oracles.ORDINAL, data, ordered=oracles.ITEMS, estimator="PML")

    assert fit.converged
    tables = fit.sample.pairwise.tables[0]
    counts = tables.counts
    inside = [
        tables.table[q, 0, : counts[u], : counts[v]] for q, (u, v, _) in enumerate(tables.pairs)
    ]
    assert min(table.min() for table in inside) == 0.0
    assert all(table.sum() == len(data) for table in inside)
    assert np.all(fit.estimates.query("op == '=~' and se != 0")["se"] > 0)


def test_the_unrestricted_moments_reach_at_least_what_the_model_does():
    fit = _fit("pml")
    sample = pairwise_sample(fit.problem.cases.groups, fit.sample.ordinal)
    implied = fit.solution.engine.models[0].implied(fit.theta)

    assert sample.best > sample.tables[0].slopes_at(implied, depth=0).value
    index = fit.modification_indices(sort=True)
    assert index["mi"].iloc[0] > 0


def test_what_pml_cannot_do_is_said():
    for ask, words in (
        (lambda: latent.cfa(oracles.TWO, oracles.data(), estimator="PML"), "ordered variables"),
        (lambda: _fit("pml").residuals(), "Residuals of PML"),
    ):
        with pytest.raises(latent.LatentError, match=words):
            ask()
