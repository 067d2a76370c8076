"""Warnings that travel with the result, in three parts each."""

from collections.abc import Iterator, Sequence

import numpy as np

from footbridge.latent.engines import Sample
from footbridge.latent.errors import Advice
from footbridge.latent.identification import unidentified
from footbridge.latent.solve import Solution
from footbridge.latent.wholes import Whole


def collect_advice(sample: Sample, solution: Solution, groups: Sequence[Whole]) -> Iterator[Advice]:
    """Yield every warning that a solution deserves."""
    yield from _convergence(solution)
    yield from _identification(solution)
    yield from _heywood(sample, groups)
    yield from _bounds(solution)
    yield from _tables(sample)
    yield from _separated(sample)
    yield from _cases(sample)


def _convergence(solution: Solution) -> Iterator[Advice]:
    if not solution.minimum.converged:
        yield Advice(
            "not-converged",
            "No minimum was found.",
            f"At the end {solution.minimum.reason}.",
            "Give start values, fix a loading other than the first, or simplify the model.",
        )


def _identification(solution: Solution) -> Iterator[Advice]:
    if not solution.minimum.converged:
        return
    loose = unidentified(solution)
    if loose:
        yield Advice(
            "not-identified",
            f"The data do not determine {', '.join(loose)}.",
            "Moving these parameters together leaves the implied moments unchanged.",
            "Fix one of them, or give every factor a scale and enough indicators.",
        )


def _heywood(sample: Sample, groups: Sequence[Whole]) -> Iterator[Advice]:
    covariates = set(sample.problem.roles.ov_x)
    for whole in groups:
        for k, name in enumerate(whole.names):
            if whole.residual[k] < -1e-8 and name not in covariates:
                yield Advice(
                    "negative-variance",
                    f"The variance of '{name}' is {whole.residual[k]:.3g}.",
                    "A variance below zero is impossible: the model is wrong, or the sample small.",
                    f"Look at the indicators of '{name}'; a bound (lower(0)*) hides it only.",
                )


def _bounds(solution: Solution) -> Iterator[Advice]:
    for row, limit in solution.held:
        place = solution.problem.place(row)
        yield Advice(
            "at-bound",
            f"{row.lhs} {row.op} {row.rhs}{place} lies at its bound, {limit:g}.",
            "The data would put it beyond. Errors and p-values are not to be trusted there, and "
            "indices that are 1 without degrees of freedom do not mean that the model fits.",
            "Ask why the model wants an impossible value; fix the parameter, or change the model.",
        )


def _tables(sample: Sample) -> Iterator[Advice]:
    for moments in sample.ordinal:
        for a, b in moments.perfect:
            yield Advice(
                "perfect-correlation",
                f"The correlation of '{a}' and '{b}' is 1 in size.",
                "Their table has no case off one diagonal.",
                "Leave one of the two out.",
            )
        for a, b in moments.empty_pairs:
            yield Advice(
                "empty-cell",
                f"The table of '{a}' by '{b}' has an empty cell.",
                "Half a case was put there so that the correlation exists.",
                "Read this correlation with care, or merge items.",
            )


def _separated(sample: Sample) -> Iterator[Advice]:
    """Yield outcomes of which one side of a two-valued covariate has one end of the scale only."""
    problem = sample.problem
    p = len(problem.roles.ov_nox)
    for group in problem.cases.groups if problem.cases else ():
        for j, covariate in enumerate(problem.roles.ov_x, start=p):
            x = group.values[:, j]
            sides = np.unique(x[~np.isnan(x)])
            for name in problem.roles.ordered if sides.size == 2 else ():
                y = group.values[:, problem.roles.ov.index(name)]
                ends = (np.nanmin(y), np.nanmax(y))
                parts = [set(y[(x == side) & ~np.isnan(y)]) for side in sides]
                if any(part in ({ends[0]}, {ends[1]}) for part in parts):
                    yield Advice(
                        "separated",
                        f"On one side of '{covariate}' all cases have one category of '{name}'.",
                        "The likelihood has no finite slope: the prior decides its size."
                        if problem.options.prior
                        else "Its slope has no finite estimate: size and errors are arbitrary.",
                        f"Do not interpret effects on '{name}'; take another outcome, or more "
                        "cases.",
                    )


def _cases(sample: Sample) -> Iterator[Advice]:
    problem = sample.problem
    if problem.cases is None:
        return
    lost = problem.cases.n_original - problem.cases.n
    if lost and problem.roles.ov_x and problem.options.missing != "listwise":
        yield Advice(
            "covariate-missing",
            f"{lost} cases were left out.",
            "They miss a covariate, which is taken as given (fixed_x=True), or all that is "
            "modelled.",
            "Use fixed_x=False to keep those that miss a covariate.",
        )
    for m in problem.moments:
        variances = np.diag(m.cov)[np.diag(m.cov) > 0]
        if variances.size and variances.max() / variances.min() > 1e6:
            yield Advice(
                "scale",
                "Some variances are a million times larger than others.",
                "Columns are in very different units.",
                "Rescale them, for example years in place of days.",
            )
