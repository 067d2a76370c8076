"""Prepare the compiled refit of one resample, where the model allows it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.constraints import null_space
from footbridge.latent.drawfit import fit_draw
from footbridge.latent.ordinalmodel import OrdinalModel
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """Arrays of the compiled refit; `sub` are the parameters that are not thresholds."""

    model: OrdinalModel
    sub: Index
    thresholds: Index
    threshold_rows: Index
    first: int
    start: Vector
    basis: Matrix
    paths: Index
    path_values: Vector
    covs: Index
    cov_values: Vector
    sizes: Index
    tolerance: float = 1e-7

    def run(self, observed: Vector, weight: Vector, full: Vector) -> tuple[Vector, bool]:
        """Return the estimates (q,) of one draw and whether it converged."""
        part = self.start.copy()
        good = fit_draw(
            part, self.basis, observed[self.first :].copy(), weight[self.first :].copy(),
            self.paths, self.path_values, self.covs, self.cov_values, self.sizes,
            self.tolerance,
        )  # fmt: skip
        theta = full.copy()
        theta[self.sub] = part
        theta[self.thresholds] = observed[self.threshold_rows]
        if self.model.theta_form:  # there the sample sees scale times the threshold
            scale = self.model.latent_moments(theta)[1][self.model.owner]
            theta[self.thresholds] /= scale[self.threshold_rows]
        return theta, bool(good)


def plan_draws(fit: Fit, model: OrdinalModel) -> DrawPlan | None:
    """Return the plan, or None where only the general path applies.

    The model must have one group, ordinal variables only, unrestricted thresholds, zero latent
    means, unit scales and linear equalities among the other parameters.
    """
    constraints = fit.solution.constraints
    rows = fit.table.free_rows
    thresholds = np.array([r.free - 1 for r in rows if r.op == "|"], dtype=np.int64)
    simple = (
        len(fit.problem.moments) == 1
        and model.numeric.size == 0
        and thresholds.size == model.layout.slope
        and not any(r.free and r.op in {"~1", "~*~"} for r in rows)
        and not any(r.op == "~1" and r.ustart and not r.exo for r in fit.table.parameters)
        and constraints.linear
        and not constraints.above
    )
    jacobian = constraints.equations(fit.theta)[1]
    if not simple or np.any(jacobian[:, thresholds]):
        return None
    sub = np.setdiff1d(np.arange(fit.theta.size), thresholds)
    place = np.full(fit.theta.size + 1, -1, dtype=np.int64)
    place[sub] = np.arange(sub.size)
    ram = model.ram
    paths = np.column_stack([ram.a.row, ram.a.col, place[ram.a.pos]])
    covs = np.column_stack([ram.s.row, ram.s.col, place[ram.s.pos]])
    sizes = np.array([ram.n, ram.p, ram.n - model.x.size, int(model.theta_form)], dtype=np.int64)
    at = {int(p): int(a) for a, p in zip(model.tau.at, model.tau.pos, strict=True)}
    return DrawPlan(
        model,
        sub,
        thresholds,
        np.array([at[int(t)] for t in thresholds], dtype=np.int64),
        model.layout.slope,
        fit.theta[sub],
        np.ascontiguousarray(null_space(jacobian[:, sub])),
        np.ascontiguousarray(paths),
        ram.a.value,
        np.ascontiguousarray(covs),
        ram.s.value,
        sizes,
    )
