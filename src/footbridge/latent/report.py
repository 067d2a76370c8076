"""A summary that reads like lavaan's, as plain text; the numbers come from the fit alone."""

from collections.abc import Iterator

import numpy as np

from footbridge import __version__
from footbridge.latent.levelsample import LevelProblem
from footbridge.latent.releases import choices
from footbridge.latent.reporttable import parameter_lines
from footbridge.latent.result import Fit

_ERRORS = {
    "standard": "Standard",
    "robust.huber.white": "Sandwich",
    "robust.sem": "Robust.sem",
    "robust.sem.nt": "Robust.sem.nt",
    "first.order": "First.order",
    "robust.cluster": "Robust.cluster",
    "posterior": "Posterior SD",
    "none": "None",
}
_CORRECTIONS = {
    "yuan.bentler.mplus": "Yuan-Bentler correction (Mplus variant)",
    "yuan.bentler": "Yuan-Bentler correction",
    "satorra.bentler": "Satorra-Bentler correction",
    "mean.var.adjusted": "mean and variance adjusted correction",
    "scaled.shifted": "simple second-order correction",
    "browne.residual.nt": "Browne's residual statistic, normal theory",
}


def summary_text(
    fit: Fit, *, fit_measures: bool = True, standardized: bool = True, rsquare: bool = True
) -> str:
    """Return the summary of a fit: what was done, how it fits, estimates and warnings.

    Parameters
    ----------
    fit
        The fit.
    fit_measures, standardized, rsquare
        Whether to print the indices, the columns Std.lv and Std.all, and R-square.
    """
    lines = [*_header(fit), *(_prior(fit) if fit.options.prior else _model_test(fit))]
    if fit_measures and fit.converged and not fit.options.prior:
        lines += [*_baseline(fit), *_likelihood(fit), *_rmsea(fit), *_srmr(fit)]
    lines += _errors(fit)
    lines += parameter_lines(fit, standardized=standardized, rsquare=rsquare)
    lines += _choices(fit)
    for advice in fit.advice:
        lines += ["", f"Warning: {advice}"]
    return "\n".join(lines)


def _line(label: str, *cells: object) -> str:
    text = [_cell(c) for c in cells]
    return f"  {label:<38}" + "".join(f"{c:>{14 if k == 0 else 12}}" for k, c in enumerate(text))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if np.isfinite(value) else ("Inf" if value > 0 else "NA")
    return str(value)


def _count(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.3f}"


def _header(fit: Fit) -> Iterator[str]:
    o, search = fit.options, fit.solution.minimum
    end = "ended normally" if fit.converged else "DID NOT CONVERGE"
    yield f"Footbridge {__version__} {end} after {search.iterations} iterations"
    yield ""
    yield _line("Estimator", f"{o.estimator} + prior" if o.prior else o.estimator)
    if o.estimator not in {o.discrepancy, "MLR", "MLM", "MLF", "MLMV", "MLMVS"}:
        yield _line("  fitted by", o.discrepancy)
    tied = fit.theta.size - fit.solution.npar
    yield _line("Number of model parameters", fit.theta.size)
    if tied:
        yield _line("Number of equality constraints", tied)
    yield ""
    yield from _cases(fit)
    if isinstance(fit.problem, LevelProblem):
        yield _line(f"Number of clusters [{o.cluster}]", fit.problem.n_clusters)
    if o.missing != "listwise":
        yield _line("Missing values", o.missing)
    if o.categorical:
        yield _line("Parameterization", o.parameterization)
    yield _line("Defaults as in", o.mimic.replace("-", " "))


def _cases(fit: Fit) -> Iterator[str]:
    problem = fit.problem
    total = problem.cases.n_original if problem.cases else problem.n
    if total != problem.n:
        yield _line("", "Used", "Total")
    shown = (_count(problem.n), _count(total)) if total != problem.n else (_count(problem.n),)
    if len(problem.labels) == 1:
        yield _line("Number of observations", *shown)
        return
    yield _line("Number of observations per group:", *shown[1:2])
    cases = problem.moments[::2] if isinstance(problem, LevelProblem) else problem.moments
    for label, moments in zip(problem.labels, cases, strict=True):
        yield _line(f"  {label}", _count(moments.n))


def _model_test(fit: Fit) -> Iterator[str]:
    plain, scaled = fit.solution.plain, fit.solution.scaled
    tests = [plain] if scaled is None else [plain, scaled]
    yield from ("", "Model Test User Model:")
    yield _line("", "Standard", "Scaled") if scaled is not None else ""
    yield _line("Test Statistic", *(t.statistic for t in tests))
    yield _line("Degrees of freedom", *(_count(t.df) for t in tests))
    if plain.df > 0:
        yield _line("P-value (Chi-square)", *(float(t.pvalue) for t in tests))
    if scaled is not None:
        yield _line("Scaling correction factor", "", float(scaled.scaling))
        if scaled.name == "scaled.shifted":
            yield _line("Shift parameter", "", float(scaled.shift))
        yield f"    {_CORRECTIONS.get(scaled.name, scaled.name)}"
    elif plain.name != "standard":
        yield f"    {_CORRECTIONS.get(plain.name, plain.name)}"


def _prior(fit: Fit) -> Iterator[str]:
    """Say what was added to the likelihood, so that nobody takes the result for the plain one."""
    yield from ("", "Posterior mode, not the plain estimator. Prior on the standardised scale:")
    yield f"    {fit.options.prior.text if fit.options.prior else ''}"
    yield _line("Log prior", fit.fit_measures["logprior"])
    if "tempering" in fit.fit_measures:
        yield _line("Weight of the pairwise likelihood", fit.fit_measures["tempering"])
    yield "  No chi-square test and no fit indices: they belong to the fit without the prior."


def _pair(fit: Fit, name: str) -> list[float]:
    m = fit.fit_measures
    return [float(m.get(k, np.nan)) for k in (name, f"{name}.scaled") if k in m]


def _robust(fit: Fit, name: str) -> float | None:
    value = fit.fit_measures.get(f"{name}.robust")
    return None if value is None else float(value)


def _baseline(fit: Fit) -> Iterator[str]:
    m = fit.fit_measures
    yield from ("", "Model Test Baseline Model:", "")
    yield _line("Test statistic", *_pair(fit, "baseline.chisq"))
    yield _line("Degrees of freedom", *(_count(v) for v in _pair(fit, "baseline.df")))
    yield _line("P-value", *_pair(fit, "baseline.pvalue"))
    if "baseline.chisq.scaling.factor" in m:
        yield _line("Scaling correction factor", "", m["baseline.chisq.scaling.factor"])
    yield from ("", "User Model versus Baseline Model:", "")
    yield _line("Comparative Fit Index (CFI)", *_pair(fit, "cfi"))
    yield _line("Tucker-Lewis Index (TLI)", *_pair(fit, "tli"))
    if _robust(fit, "cfi") is not None:
        yield ""
        yield _line("Robust Comparative Fit Index (CFI)", "", _robust(fit, "cfi"))
        yield _line("Robust Tucker-Lewis Index (TLI)", "", _robust(fit, "tli"))


def _likelihood(fit: Fit) -> Iterator[str]:
    m = fit.fit_measures
    if "logl" not in m:
        return
    yield from ("", "Loglikelihood and Information Criteria:", "")
    yield _line("Loglikelihood user model (H0)", m["logl"])
    if "scaling.factor.h0" in m:
        yield _line("Scaling correction factor", "", m["scaling.factor.h0"])
    yield _line("Loglikelihood unrestricted model (H1)", m["unrestricted.logl"])
    if "scaling.factor.h1" in m:
        yield _line("Scaling correction factor", "", m["scaling.factor.h1"])
    yield ""
    yield _line("Akaike (AIC)", m["aic"])
    yield _line("Bayesian (BIC)", m["bic"])
    yield _line("Sample-size adjusted Bayesian (SABIC)", m["bic2"])


def _rmsea(fit: Fit) -> Iterator[str]:
    yield from ("", "Root Mean Square Error of Approximation:", "")
    yield _line("RMSEA", *_pair(fit, "rmsea"))
    parts = (
        ("90 Percent confidence interval - lower", "rmsea.ci.lower"),
        ("90 Percent confidence interval - upper", "rmsea.ci.upper"),
        ("P-value H_0: RMSEA <= 0.050", "rmsea.pvalue"),
        ("P-value H_0: RMSEA >= 0.080", "rmsea.notclose.pvalue"),
    )
    for label, name in parts:
        yield _line(label, *_pair(fit, name))
    if _robust(fit, "rmsea") is not None:
        yield ""
        yield _line("Robust RMSEA", "", _robust(fit, "rmsea"))
        for label, name in parts:
            yield _line(label.replace("RMSEA", "Robust RMSEA"), "", _robust(fit, name))


def _srmr(fit: Fit) -> Iterator[str]:
    both = 1 + (fit.solution.scaled is not None)
    yield from ("", "Standardized Root Mean Square Residual:", "")
    yield _line("SRMR", *[float(fit.fit_measures["srmr"])] * both)
    for level in ("within", "between"):
        if f"srmr_{level}" in fit.fit_measures:
            yield _line(f"SRMR ({level})", *[float(fit.fit_measures[f"srmr_{level}"])] * both)


def _errors(fit: Fit) -> Iterator[str]:
    o = fit.options
    yield from ("", "Parameter Estimates:", "")
    yield _line("Standard errors", _ERRORS.get(o.se, o.se))
    yield _line("Information", o.information.capitalize())


def _choices(fit: Fit) -> Iterator[str]:
    found = choices(fit)
    if not found:
        return
    other = "lavaan-0.6" if fit.options.mimic == "lavaan-0.7" else "lavaan-0.7"
    yield ""
    yield f'Where lavaan 0.6 and 0.7 differ (mimic="{other}" for the other):'
    for choice in found:
        yield f"  {choice.topic}: {choice.here}; {other.replace('-', ' ')}: {choice.there}"
