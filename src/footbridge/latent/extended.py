"""The fitted model with more of its parameters free: gradient and information, nothing refitted.

What a fixed parameter would gain is seen from the slope of the discrepancy there (Sorbom 1989,
Psychometrika 54, 371-384), so a second engine is set up at the estimates with those rows free.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem
from footbridge.latent.engine import Engine
from footbridge.latent.inference import sandwich_meat
from footbridge.latent.result import Fit
from footbridge.latent.table import Row, number

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
_RELATIONS = {":=", "==", "<", ">"}


@dataclass(frozen=True)
class Extended:
    """A model at its estimates with `rows` free as well.

    `own` (q,) and `extra` (k,) are the places of the model's own and of the added parameters in
    `theta`; gradient and information are those of one case.
    """

    fit: Fit
    rows: tuple[Row, ...]
    engine: Engine
    theta: Vector
    own: Index
    extra: Index

    @cached_property
    def gradient(self) -> Vector:
        """Slope of the discrepancy in all parameters."""
        return self.engine.target.derivatives(self.theta, exact=False)[0]

    @cached_property
    def information(self) -> Matrix:
        """Expected information of one case."""
        return self.engine.information(self.theta, "expected")

    @cached_property
    def meat(self) -> Matrix:
        """Covariance of one case's contribution to the gradient, whatever the distribution."""
        return score_meat(self.fit.problem, self.engine, self.theta)


def score_meat(problem: Problem, engine: Engine, theta: Vector) -> Matrix:
    """Return n times the covariance of the gradient, from scores or from the moments' Gamma."""
    cases = problem.options.discrepancy in {"ML", "PML"} and problem.options.se != "robust.sem"
    if cases:
        S = engine.scores(theta)
        return np.asarray(S.T @ S / engine.divisor)
    return sandwich_meat(engine, theta)


def extend(fit: Fit, added: Sequence[Row], *, fixed: bool) -> Extended:
    """Free more parameters of a fitted model.

    Parameters
    ----------
    added
        Rows that the table does not have; they are zero now.
    fixed
        Whether the rows that the table holds fixed are freed as well; moments of fixed
        covariates never are.
    """
    rows: list[Row] = []
    values: list[tuple[float, bool]] = []
    for row in fit.table.rows:
        if row.op in _RELATIONS:
            continue
        freed = fixed and not row.free and not row.exo
        rows.append(row._replace(free=int(freed or row.free > 0)))
        if row.free:
            values.append((float(fit.theta[row.free - 1]), False))
        elif freed:
            values.append((row.ustart or 0.0, True))
    rows += [row._replace(free=1, ustart=None) for row in added]
    values += [(0.0, True)] * len(added)
    table = number(rows)
    is_extra = np.array([v[1] for v in values], dtype=bool)
    theta = np.array([v[0] for v in values], dtype=np.float64)
    free = table.free_rows
    fresh = tuple(row for row, e in zip(free, is_extra, strict=True) if e)
    engine = fit.sample.engine(table)
    return Extended(fit, fresh, engine, theta, np.flatnonzero(~is_extra), np.flatnonzero(is_extra))


def candidates(fit: Fit) -> list[Row]:
    """Return the parameters that the model does not mention and could have, group by group.

    Cross-loadings, residual covariances of indicators, covariances of factors, regressions among
    the variables of the structural part, intercepts and, with groups, scales.
    """
    table = fit.table
    found: list[Row] = []
    for group in range(1, table.n_groups + 1):
        have = {(r.lhs, r.op, r.rhs) for r in table.rows if r.group == group}
        have |= {(b, "~~", a) for a, op, b in have if op == "~~"}
        level = next(r.level for r in table.rows if r.group == group)
        for lhs, op, rhs in _terms(fit, group, level):
            if (lhs, op, rhs) not in have:
                have |= {(lhs, op, rhs), (rhs, op, lhs)} if op == "~~" else {(lhs, op, rhs)}
                found.append(Row(lhs, op, rhs, group=group, level=level))
    return found


def _terms(fit: Fit, group: int, level: int) -> Iterable[tuple[str, str, str]]:
    roles, options = fit.roles_of(group), fit.options
    rows = [r for r in fit.table.rows if r.level == level]
    latent = set(roles.lv)
    indicators = {r.rhs for r in rows if r.op == "=~"}
    mentioned = dict.fromkeys([r.lhs for r in rows if r.op == "~"])
    mentioned |= dict.fromkeys([r.rhs for r in rows if r.op == "~"])
    given = options.fixed_x or options.conditional_x
    covariates = set(roles.ov_x) if given else set()
    causes = list(mentioned)
    effects = [name for name in causes if name not in covariates]
    for factor in roles.lv:
        yield from ((factor, "=~", name) for name in roles.ov_nox if name not in effects)
    inner = [name for name in roles.ov_nox if name in indicators]
    yield from _pairs(inner)
    if not given:
        yield from _pairs(roles.ov_x)
    yield from _pairs(roles.lv)
    for lhs in effects:
        for rhs in causes:
            if lhs != rhs and not (lhs in indicators and lhs not in latent and rhs in latent):
                yield lhs, "~", rhs
    if options.meanstructure:
        named = roles.ov_nox if given else roles.ov
        yield from ((name, "~1", "") for name in (*named, *roles.lv))
    if fit.table.n_groups > 1:
        yield from ((name, "~*~", name) for name in roles.ordered)


def _pairs(names: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    for i, a in enumerate(names):
        yield from ((a, "~~", b) for b in names[i:])
