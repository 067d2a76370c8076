"""Find the minimum: scoring steps first, exact Newton steps to finish, constraints by SQP."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.constraints import Constraints, null_space
from footbridge.latent.errors import Interrupted

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class Discrepancy(Protocol):
    """What an estimator offers to the optimiser; f has the information as second derivative."""

    def value(self, theta: Vector) -> float:
        """Return f, or infinity outside the parameter space."""
        ...

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient and the (exact or expected) Hessian."""
        ...


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the search ended."""

    theta: Vector
    value: float
    gradient: Vector
    iterations: int
    converged: bool
    reason: str
    active: tuple[int, ...] = ()


@dataclass(slots=True)
class _Search:
    """The state of one search."""

    target: Discrepancy
    constraints: Constraints
    active: tuple[int, ...] = ()
    ridge: float = 0.0
    penalty: float = 0.0
    last: tuple[Vector, Vector] | None = None
    progress: tuple[int, float, float] = (0, np.nan, np.nan)

    def stopped(self) -> Interrupted:
        """Return what Ctrl-C raises: how far the search had come."""
        iterations, value, worst = self.progress
        return Interrupted(
            f"The search for the estimates was stopped after {iterations} iterations.",
            f"Somebody pressed Ctrl-C; the value was {value:.8g} and its largest slope {worst:.2g} "
            "(a minimum has 1e-7 or less)."
            if iterations
            else "Somebody pressed Ctrl-C before the first one ended.",
            "Nothing is kept. With a slope that small, let it run a little longer; else give "
            "start() values, or simplify the model.",
        )

    def merit(self, theta: Vector) -> float:
        value = self.target.value(theta)
        if self.penalty and np.isfinite(value):
            value += self.penalty * float(
                np.abs(self.constraints.equations(theta, self.active)[0]).sum()
            )
        return value

    def step(self, theta: Vector, *, exact: bool) -> tuple[Vector, float, float]:
        """Return the step, the largest projected gradient and the expected decrease."""
        gradient, hessian = self.target.derivatives(theta, exact=exact)
        self.last = (theta, gradient)
        if not self.constraints.equal and not self.active:
            move = _solve(hessian, -gradient, self.ridge)
            return move, float(np.abs(gradient).max(initial=0.0)), -float(gradient @ move)
        value, jacobian = self.constraints.equations(theta, self.active)
        basis = null_space(jacobian) if value.size else None
        back = (
            -np.linalg.lstsq(jacobian, value, rcond=None)[0] if value.size else np.zeros(theta.size)
        )
        if value.size:
            multipliers = np.linalg.lstsq(jacobian.T, gradient, rcond=None)[0]
            self.penalty = max(self.penalty, 2.0 * float(np.abs(multipliers).max()))
        lean = gradient + hessian @ back
        reduced = basis.T @ lean if basis is not None else lean
        inner = basis.T @ hessian @ basis if basis is not None else hessian
        move = _solve(inner, -reduced, self.ridge)
        full = (basis @ move if basis is not None else move) + back
        slope = basis.T @ gradient if basis is not None else gradient
        off = float(np.abs(value).max()) if value.size else 0.0
        worst = max(float(np.abs(slope).max(initial=0.0)), off)
        return full, worst, -float(reduced @ move)


def _solve(H: Matrix, g: Vector, ridge: float) -> Vector:
    """Solve; where it is not positive definite, scale the diagonal and lift the spectrum."""
    if not ridge:
        try:
            np.linalg.cholesky(H)
            return np.asarray(np.linalg.solve(H, g))
        except np.linalg.LinAlgError:
            ridge = 1e-8
    diagonal = np.sqrt(np.maximum(np.abs(H.diagonal()), 1e-12))
    scaled = H / diagonal[:, None] / diagonal
    lift = ridge
    for _ in range(40):
        lifted = scaled + lift * np.eye(len(g)) if lift else scaled
        try:
            np.linalg.cholesky(lifted)
        except np.linalg.LinAlgError:
            lift = max(1e-8, lift * 10)
            continue
        return np.asarray(np.linalg.solve(lifted, g / diagonal) / diagonal)
    return np.asarray(g / diagonal**2)


def minimise(
    target: Discrepancy,
    constraints: Constraints,
    start: Vector,
    *,
    max_iterations: int = 1000,
    tolerance: float = 1e-11,
    exact: bool = True,
) -> Minimum:
    """Minimise under the constraints; broken inequalities become active equalities.

    Parameters
    ----------
    target, constraints, start
        What to minimise, within what, from where.
    tolerance
        Largest projected gradient accepted, in units of f.
    exact
        Whether the target offers an exact Hessian for the last steps.

    Raises
    ------
    Interrupted
        After Ctrl-C: how many iterations there were, and how far from a minimum they ended.
    """
    active: tuple[int, ...] = ()
    for _ in range(1 + len(constraints.above)):
        search = _Search(target, constraints, active)
        try:
            found = _descend(search, start, (max_iterations, tolerance, exact))
        except KeyboardInterrupt as error:
            raise search.stopped() from error
        broken = np.flatnonzero(constraints.slack(found.theta) < -1e-9)
        fresh = tuple(int(i) for i in broken if int(i) not in active)
        if not fresh:
            return found
        active += fresh
        start = found.theta
    return found


def _descend(search: _Search, start: Vector, limits: tuple[int, float, bool]) -> Minimum:
    max_iterations, tolerance, exact = limits
    theta = _feasible(search, start)
    value, stalls, newton, settled = search.merit(theta), 0, False, False
    best, worst, decrease, iteration = (np.inf, theta, 0), np.inf, np.inf, 0
    for iteration in range(1, max_iterations + 1):
        newton = exact and (newton or decrease < 0.2 or worst < 1e-3)
        try:
            step, worst, decrease = search.step(theta, exact=newton and not settled)
        except np.linalg.LinAlgError:
            break
        search.progress = (iteration, value, worst)
        if worst < best[0] * 0.5:
            best = (worst, theta, iteration)
        if worst < tolerance:
            theta = _last(theta, step, newton=newton)
            break
        if iteration - best[2] > 12 and best[0] < 1e-9:
            theta, worst = best[1], best[0]
            break
        fresh, length = _backtrack(search, theta, step, value=value, decrease=decrease)
        if length == 0.0:
            stalls += 1
            search.ridge = max(1e-6, 10 * search.ridge)
            newton = settled = False
            if stalls > 8:
                break
            continue
        search.ridge = 0.0 if length > 0.5 else search.ridge
        # After so short a Newton step the next look confirms, with the information of the errors.
        settled = newton and not settled and bool(np.all(np.abs(step) < 1e-6 * (1 + np.abs(theta))))
        theta = theta + length * step
        value = search.merit(theta) if search.penalty else fresh
    final = search.target.value(theta)
    gradient = _last_gradient(search, theta, final)
    reason = _reason(worst, iteration, final)
    return Minimum(theta, final, gradient, iteration, not reason, reason, search.active)


def _reason(worst: float, iteration: int, value: float) -> str:
    """Say why the search did not end at a minimum; nothing where it did."""
    if not np.isfinite(value):
        return "the values were outside the parameter space"
    if worst < 1e-7:
        return ""
    return f"the largest gradient is {worst:.2g} after {iteration} iterations"


def _last_gradient(search: _Search, theta: Vector, value: float) -> Vector:
    """Return the gradient where the search ended; NaN outside the parameter space."""
    if search.last is not None and search.last[0] is theta:
        return search.last[1]
    if not np.isfinite(value):
        return theta * np.nan
    return search.target.derivatives(theta, exact=False)[0]


def _last(theta: Vector, step: Vector, *, newton: bool) -> Vector:
    """Where little is identified the way may still be long: one step squares what is left."""
    far = np.any(np.abs(step) > 1e-11 * (1.0 + np.abs(theta)))
    return theta + step if newton and far else theta


def _backtrack(
    search: _Search, theta: Vector, step: Vector, *, value: float, decrease: float
) -> tuple[float, float]:
    length = 1.0
    noise = 1e-13 * max(1.0, abs(value))
    for _ in range(30):
        fresh = search.merit(theta + length * step)
        if fresh <= value - 1e-4 * length * max(decrease, 0.0) + noise:
            return fresh, length
        length *= 0.5
    return value, 0.0


def _feasible(search: _Search, theta: Vector) -> Vector:
    for _ in range(20):
        value, jacobian = search.constraints.equations(theta, search.active)
        if value.size == 0 or np.abs(value).max() < 1e-10:
            break
        theta = theta - np.linalg.lstsq(jacobian, value, rcond=None)[0]
    return theta
