"""Equality and inequality constraints on the parameter vector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.errors import ModelError
from footbridge.latent.expressions import Dual, Expression, parse_expression
from footbridge.latent.table import ParameterTable, Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class Names:
    """Looks up labels and plabels: a free parameter, or a fixed value."""

    def __init__(self, table: ParameterTable) -> None:
        self.n = table.n_free
        self.free: dict[str, int] = {}
        self.fixed: dict[str, float] = {}
        for row in table.parameters:
            for name in (row.label, row.plabel):
                if name and row.free:
                    self.free.setdefault(name, row.free - 1)
                elif name:
                    self.fixed.setdefault(name, row.ustart or 0.0)
        self.definitions = [(row.lhs, parse_expression(row.rhs)) for row in table.definitions]

    def duals(self, theta: Vector | NDArray[np.complex128], used: Sequence[str]) -> dict[str, Dual]:
        """Return duals of the names used, defined parameters included in their order."""
        out: dict[str, Dual] = {}
        needs = (
            set(used).union(*(e.names for _, e in self.definitions))
            if self.definitions
            else set(used)
        )
        for name in needs:
            if name in self.free:
                unit = np.zeros(self.n)
                unit[self.free[name]] = 1.0
                out[name] = Dual(theta[self.free[name]], unit)
            elif name in self.fixed:
                out[name] = Dual(self.fixed[name], np.zeros(self.n))
        for name, expression in self.definitions:
            if all(n in out for n in expression.names):
                out[name] = _wide(expression.dual(out), self.n)
        return out


def _wide(dual: Dual, n: int) -> Dual:
    return Dual(dual.value, np.broadcast_to(dual.gradient, (n,)) + 0 * dual.value)


def evaluate(
    names: Names, expressions: Sequence[Expression], theta: Vector
) -> tuple[Vector, Matrix]:
    """Return the values (k,) and Jacobian (k, q) of expressions at `theta`."""
    if not expressions:
        return np.zeros(0), np.zeros((0, names.n))
    used = [n for e in expressions for n in e.names]
    duals: Mapping[str, Dual] = names.duals(theta, used)
    found = [_wide(e.dual(duals), names.n) for e in expressions]
    values = np.array([f.value for f in found], dtype=np.float64)
    jacobian = np.array([f.gradient for f in found], dtype=np.float64).reshape(len(found), names.n)
    return values, jacobian


def second_derivatives(names: Names, expression: Expression, theta: Vector) -> Matrix:
    """Return the Hessian (q, q) of one expression, by a complex step through its gradient."""
    out = np.zeros((names.n, names.n))
    step = 1e-30
    for j in range(names.n):
        point = theta.astype(np.complex128)
        point[j] += 1j * step
        dual = _wide(expression.dual(names.duals(point, expression.names)), names.n)
        out[:, j] = np.asarray(dual.gradient, dtype=np.complex128).imag / step
    return 0.5 * (out + out.T)


@dataclass(frozen=True, slots=True)
class Constraints:
    """Equalities and inequalities of a model, each written as expression = 0 or >= 0.

    The last of `above` are the bounds of single rows, (row, limit) in `bounds`.
    """

    names: Names
    equal: tuple[Expression, ...]
    above: tuple[Expression, ...]
    linear: bool
    bounds: tuple[tuple[Row, float], ...] = ()

    def equations(self, theta: Vector, active: Sequence[int] = ()) -> tuple[Vector, Matrix]:
        """Return values and Jacobian of the equalities and the active inequalities."""
        return evaluate(self.names, [*self.equal, *(self.above[i] for i in active)], theta)

    @property
    def n_written(self) -> int:
        """Number of inequalities written in the model; those after them are bounds of rows."""
        return len(self.above) - len(self.bounds)

    def slack(self, theta: Vector) -> Vector:
        """Return the values of the inequalities; negative where one is broken."""
        return evaluate(self.names, self.above, theta)[0] if self.above else np.zeros(0)


def difference_of(row: Row) -> Expression:
    """Return a relation as the expression that is zero (`==`) or not negative."""
    left, right = (row.lhs, row.rhs) if row.op != "<" else (row.rhs, row.lhs)
    return parse_expression(f"({left}) - ({right})")


def read_constraints(table: ParameterTable) -> Constraints:
    """Collect the constraints of a table.

    Raises
    ------
    ModelError
        If linear constraints contradict each other.
    """
    names = Names(table)
    equal = tuple(difference_of(r) for r in table.relations if r.op == "==")
    above = [difference_of(r) for r in table.relations if r.op != "=="]
    bounds: list[tuple[Row, float]] = []
    for row in table.free_rows:
        if row.lower is not None:
            above.append(parse_expression(f"{row.plabel} - ({row.lower!r})"))
            bounds.append((row, row.lower))
        if row.upper is not None:
            above.append(parse_expression(f"({row.upper!r}) - {row.plabel}"))
            bounds.append((row, row.upper))
    linear = _is_linear(names, equal)
    found = Constraints(names, equal, tuple(above), linear, tuple(bounds))
    if equal and linear:
        value, jacobian = found.equations(np.zeros(names.n))
        solution = np.linalg.lstsq(jacobian, -value, rcond=None)[0]
        worst = int(np.argmax(np.abs(value + jacobian @ solution)))
        if abs(value + jacobian @ solution)[worst] > 1e-8:
            texts = [f"{r.lhs} == {r.rhs}" for r in table.relations if r.op == "=="]
            clash = [t for t, r in zip(texts, jacobian, strict=True) if np.any(r * jacobian[worst])]
            raise ModelError(
                f"The constraints {'; '.join(clash[:4])} contradict each other.",
                "No parameter value satisfies all of them.",
                "Remove one of them.",
            )
    return found


def _is_linear(names: Names, equal: Sequence[Expression]) -> bool:
    if not equal:
        return True
    draws = np.random.default_rng(1)
    first = evaluate(names, equal, draws.uniform(0.5, 1.5, names.n))[1]
    second = evaluate(names, equal, draws.uniform(0.5, 1.5, names.n))[1]
    return bool(np.allclose(first, second, atol=1e-12))


def null_space(jacobian: Matrix) -> Matrix:
    """Return an orthonormal basis (q, r) of the directions that keep the constraints."""
    q = jacobian.shape[1]
    if jacobian.shape[0] == 0:
        return np.eye(q)
    _, values, vt = np.linalg.svd(jacobian, full_matrices=True)
    rank = int(np.sum(values > 1e-9 * max(1.0, values[0])))
    return np.asarray(vt[rank:].T)
