"""All variables of a group together: variances of observed and latent variables at a solution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem
from footbridge.latent.ordinalengine import ordinal_models
from footbridge.latent.ordinalmodel import OrdinalModel
from footbridge.latent.ram import Ram, State
from footbridge.latent.table import ParameterTable

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Whole:
    """One group with every variable in it.

    `total` (n,) variances and `residual` (n,) diagonal of S, with their derivatives (q, n);
    `scales` of ordinal variables by name; `state` holds covariances and means.
    """

    names: tuple[str, ...]
    state: State
    total: Vector
    residual: Vector
    d_total: Matrix
    d_residual: Matrix
    scales: dict[str, float]

    def place(self, name: str) -> int:
        """Return the position of a variable."""
        return self.names.index(name)


def wholes(problem: Problem, table: ParameterTable, theta: Vector) -> list[Whole]:
    """Return every group at `theta`."""
    models: list[OrdinalModel | None] = [None] * len(problem.moments)
    if problem.options.categorical:
        models = list(ordinal_models(problem, table))
    found = []
    for g, model in enumerate(models, start=1):
        rows = [r for r in table.parameters if r.group == g]
        solved = model is not None and not model.theta_form
        if solved and model is not None:
            ordinal = {model.layout.names[k] for k in model.ordinal}
            rows = [r for r in rows if not (r.op == "~~" and r.lhs == r.rhs and r.lhs in ordinal)]
        ram = Ram(rows, problem.roles.ov, problem.roles.lv)
        found.append(_whole(ram, theta, model, solved=solved))
    return found


def _whole(ram: Ram, theta: Vector, model: OrdinalModel | None, *, solved: bool) -> Whole:
    n, q = ram.n, theta.size
    extra, d_extra = np.zeros(n), np.zeros((q, n))
    scales: dict[str, float] = {}
    if model is not None:
        places = [ram.names.index(model.layout.names[k]) for k in model.ordinal]
        _, scale = model.latent_moments(theta)
        scales = {model.layout.names[k]: float(scale[k]) for k in model.ordinal}
        if solved:
            extra[places] = model.residual_variances(theta)
            d_extra[:, places] = model.residual_jacobian(theta)
    state = ram.state(theta, variances=extra)
    jac = ram.jacobian(state, p=n)
    d_total = np.zeros((q, n))
    d_total[jac.positions] = jac.dsigma[:, np.arange(n), np.arange(n)]
    d_total += d_extra @ (state.E**2).T
    d_residual = d_extra.copy()
    for row, col, pos in zip(ram.fs.row, ram.fs.col, ram.fs.pos, strict=True):
        if row == col:
            d_residual[pos, row] += 1.0
    A = np.linalg.inv(state.E)
    residual = np.diag(A @ state.C @ A.T)
    return Whole(ram.names, state, np.diag(state.C), residual, d_total, d_residual, scales)
