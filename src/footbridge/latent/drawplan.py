"""Prepare the compiled refit of one resample, where the model allows it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.constraints import Constraints, null_space
from footbridge.latent.ordinalmodel import OrdinalModel
from footbridge.latent.table import ParameterTable

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
    basis: Matrix
    paths: Index
    path_values: Vector
    covs: Index
    cov_values: Vector
    sizes: Index

    def run(
        self, observed: Vector, weight: Vector, full: Vector, *, tolerance: float = 1e-7
    ) -> tuple[Vector, int]:
        """Return the estimates (q,) and the number of iterations, 0 without convergence.

        `full` gives the start; the search ends when no parameter moves by `tolerance`.
        """
        from footbridge.latent.drawfit import fit_draw  # compiled: loaded when needed

        part = full[self.sub]
        count = fit_draw(
            part, self.basis, observed[self.first :].copy(), weight[self.first :].copy(),
            (self.paths, self.path_values, self.covs, self.cov_values, self.sizes), tolerance,
        )  # fmt: skip
        theta = full.copy()
        theta[self.sub] = part
        theta[self.thresholds] = observed[self.threshold_rows]
        if self.model.theta_form:  # there the sample sees scale times the threshold
            scale = self.model.latent_moments(theta)[1][self.model.owner]
            theta[self.thresholds] /= scale[self.threshold_rows]
        return theta, int(count)


def plan_draws(
    table: ParameterTable, constraints: Constraints, model: OrdinalModel, theta: Vector
) -> DrawPlan | None:
    """Return the plan for a table of one group, or None where only the general path applies.

    The model must have ordinal variables only, unrestricted thresholds, zero latent means, unit
    scales and linear equalities among the other parameters.
    """
    rows = table.free_rows
    thresholds = np.array([r.free - 1 for r in rows if r.op == "|"], dtype=np.int64)
    simple = (
        table.n_groups == 1
        and model.numeric.size == 0
        and thresholds.size == model.layout.slope
        and not any(r.free and r.op in {"~1", "~*~"} for r in rows)
        and not any(r.op == "~1" and r.ustart and not r.exo for r in table.parameters)
        and constraints.linear
        and not constraints.above
    )
    jacobian = constraints.equations(theta)[1]
    if not simple or np.any(jacobian[:, thresholds]):
        return None
    sub = np.setdiff1d(np.arange(theta.size), thresholds)
    place = np.full(theta.size + 1, -1, dtype=np.int64)
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
        np.ascontiguousarray(null_space(jacobian[:, sub])),
        np.ascontiguousarray(paths),
        ram.a.value,
        np.ascontiguousarray(covs),
        ram.s.value,
        sizes,
    )
