"""The baseline model: every modelled variable on its own, covariates as in the model."""

from itertools import combinations_with_replacement

from footbridge.latent.assemble import Problem, reported_moments
from footbridge.latent.auxiliary import baseline_rows
from footbridge.latent.table import ParameterTable, Row, number


def baseline_table(problem: Problem) -> ParameterTable:
    """Return the parameter table of the independence model.

    Variances, intercepts and thresholds are free and covariances zero; the covariates keep all
    their moments, and, where the analysis conditions on them, their effects (Bentler and
    Bonett 1980, Psychological Bulletin 88, 588-606).
    """
    roles, options = problem.roles, problem.options
    ordered = set(roles.ordered)
    rows: list[Row] = []
    for group in range(1, len(problem.moments) + 1):
        counts = [r for r in problem.table.rows if r.op == "|" and r.group == group]
        rows += [Row(r.lhs, "|", r.rhs, group=group, free=1) for r in counts]
        for name in roles.ov_nox:
            fixed = name in ordered
            rows.append(
                Row(
                    name,
                    "~~",
                    name,
                    group=group,
                    free=int(not fixed),
                    ustart=1.0 if fixed else None,
                )
            )
            if options.meanstructure:
                rows.append(Row(name, "~1", "", group=group, free=int(not fixed), ustart=0.0))
            if fixed:
                rows.append(Row(name, "~*~", name, group=group, ustart=1.0))
            if options.conditional_x:
                rows += [Row(name, "~", x, group=group, free=1) for x in roles.ov_x]
        rows += _covariates(problem, group)
        rows += baseline_rows(roles, options, group)
    return number(rows)


def _covariates(problem: Problem, group: int) -> list[Row]:
    fixed = problem.options.fixed_x
    place = {name: i for i, name in enumerate(problem.roles.ov)}
    m = reported_moments(problem.moments, problem.options)[group - 1]
    rows = []
    for a, b in combinations_with_replacement(problem.roles.ov_x, 2):
        value = float(m.cov[place[a], place[b]])
        rows.append(
            Row(
                a,
                "~~",
                b,
                group=group,
                free=int(not fixed),
                ustart=value,
                exo=int(fixed),
                start=value,
            )
        )
    if problem.options.meanstructure:
        for a in problem.roles.ov_x:
            value = float(m.mean[place[a]])
            rows.append(
                Row(
                    a,
                    "~1",
                    "",
                    group=group,
                    free=int(not fixed),
                    ustart=value,
                    exo=int(fixed),
                    start=value,
                )
            )
    return rows
