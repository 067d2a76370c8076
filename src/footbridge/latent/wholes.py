"""All variables of a group together: variances of observed and latent variables at a solution."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem, compile_rams
from footbridge.latent.ordinalengine import ordinal_models
from footbridge.latent.ordinalmodel import OrdinalModel
from footbridge.latent.ram import Ram, State
from footbridge.latent.table import ParameterTable

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Whole:
    """One group with every variable in it.

    `total` (n,) variances and `residual` (n,) diagonal of S, with their derivatives (q, n), which
    are computed when first asked for; `scales` of ordinal variables by name; `state` holds
    covariances and means.
    """

    names: tuple[str, ...]
    state: State
    total: Vector
    residual: Vector
    scales: dict[str, float]
    ram: Ram
    theta: Vector
    model: OrdinalModel | None

    def place(self, name: str) -> int:
        """Return the position of a variable."""
        return self.names.index(name)

    @cached_property
    def _d_extra(self) -> Matrix:
        """Derivatives of the residual variances that are solved for, (q, n)."""
        out = np.zeros((self.theta.size, self.ram.n))
        if self.model is not None:
            out[:, _places(self.ram, self.model)] = self.model.residual_jacobian(self.theta)
        return out

    @cached_property
    def d_total(self) -> Matrix:
        """Derivatives of the total variances, (q, n)."""
        U, V = self.ram.factors(self.state, p=self.ram.n)
        out = np.zeros((self.theta.size, self.ram.n))
        out[self.ram.positions[: len(U)]] = 2.0 * U * V
        return np.asarray(out + self._d_extra @ (self.state.E**2).T)

    @cached_property
    def d_residual(self) -> Matrix:
        """Derivatives of the residual variances, (q, n)."""
        out = self._d_extra.copy()
        fs = self.ram.fs
        own = fs.row == fs.col
        np.add.at(out, (fs.pos[own], fs.row[own]), 1.0)
        return out


@dataclass(frozen=True, slots=True)
class Frame:
    """One group's matrices with latent and observed variables, ready for any parameters."""

    ram: Ram
    model: OrdinalModel | None
    solved: bool

    def at(self, theta: Vector) -> Whole:
        """Return the group at `theta`."""
        return _whole(self.ram, theta, self.model, solved=self.solved)


def frames(problem: Problem, table: ParameterTable) -> list[Frame]:
    """Return every group's matrices."""
    if not problem.options.categorical:
        return [Frame(ram, None, solved=False) for ram in compile_rams(problem, table)]
    found = []
    for g, model in enumerate(ordinal_models(problem, table), start=1):
        rows = [r for r in table.parameters if r.group == g]
        solved = not model.theta_form
        if solved:
            ordinal = {model.layout.names[k] for k in model.ordinal}
            rows = [r for r in rows if not (r.op == "~~" and r.lhs == r.rhs and r.lhs in ordinal)]
        found.append(Frame(Ram(rows, problem.roles.ov, problem.roles.lv), model, solved))
    return found


def wholes(problem: Problem, table: ParameterTable, theta: Vector) -> list[Whole]:
    """Return every group at `theta`."""
    return [frame.at(theta) for frame in frames(problem, table)]


def _places(ram: Ram, model: OrdinalModel) -> list[int]:
    """Return the positions of the ordinal variables."""
    return [ram.names.index(model.layout.names[k]) for k in model.ordinal]


def _whole(ram: Ram, theta: Vector, model: OrdinalModel | None, *, solved: bool) -> Whole:
    extra = np.zeros(ram.n)
    scales: dict[str, float] = {}
    if model is not None:
        _, scale = model.latent_moments(theta)
        scales = {model.layout.names[k]: float(scale[k]) for k in model.ordinal}
        if solved:
            extra[_places(ram, model)] = model.residual_variances(theta)
    state = ram.state(theta, variances=extra)
    return Whole(
        ram.names,
        state,
        np.diag(state.C),
        ram.residuals(theta) + extra,
        scales,
        ram,
        theta,
        model if solved else None,
    )
