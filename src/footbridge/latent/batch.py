"""Many samples of continuous data fitted together: stacked small matrices, one Newton loop.

The same equations as `ram` and `normal`, with a leading axis of draws; `normal` is the twin that
judges this one (a test holds them together to 1e-10).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv
from footbridge.latent.ram import Ram

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Stack = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BatchMoments:
    """Means (b, p) and covariances (b, p, p) of b samples of one group, its share of the cases."""

    mean: Matrix
    cov: Stack
    share: float


@dataclass(frozen=True, slots=True)
class _Core:
    """Inverse of Sigma, residuals of the means and T for every draw."""

    E: Stack
    C: Stack
    e: Matrix
    W: Stack
    d: Matrix
    T: Stack
    value: Vector


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Estimates (b, q) and whether each draw converged (b,)."""

    theta: Matrix
    converged: NDArray[np.bool_]


class BatchLikelihood:
    """Normal likelihood of b samples at once.

    Parameters
    ----------
    rams, moments
        One of each per group.
    exogenous
        Positions of the fixed covariates among the observed variables.
    """

    def __init__(
        self,
        rams: Sequence[Ram],
        moments: Sequence[BatchMoments],
        *,
        n_free: int,
        means: bool,
        exogenous: NDArray[np.int64],
    ) -> None:
        self.rams, self.moments, self.n_free, self.means = rams, moments, n_free, means
        self.x = exogenous

    def _core(self, g: int, theta: Matrix, keep: NDArray[np.intp]) -> _Core:
        ram, m = self.rams[g], self.moments[g]
        b, n, p = theta.shape[0], ram.n, ram.p
        A, S, mean = np.zeros((b, n, n)), np.zeros((b, n, n)), np.zeros((b, n))
        for part, target in ((ram.a, A), (ram.s, S)):
            target[:, part.row, part.col] = np.where(part.pos >= 0, theta[:, part.pos], part.value)
        S[:, ram.s.col, ram.s.row] = S[:, ram.s.row, ram.s.col]
        mean[:, ram.m.row] = np.where(ram.m.pos >= 0, theta[:, ram.m.pos], ram.m.value)
        cov, centre = m.cov[keep], m.mean[keep]
        if self.x.size:  # covariates keep their own moments in every draw
            S[:, self.x[:, None], self.x] = cov[:, self.x[:, None], self.x]
            if self.means:
                mean[:, self.x] = centre[:, self.x]
        E = inv(np.eye(n) - A)
        C = E @ S @ E.transpose(0, 2, 1)
        e = (E @ mean[:, :, None])[:, :, 0]
        sigma = C[:, :p, :p]
        d = centre - e[:, :p] if self.means else np.zeros((b, p))
        T = cov + d[:, :, None] * d[:, None, :]
        with np.errstate(invalid="ignore", divide="ignore"):
            sign, logdet = np.linalg.slogdet(sigma)
            W = inv(np.where(sign[:, None, None] > 0, sigma, np.eye(p)))
            value = 0.5 * m.share * (logdet + np.einsum("bij,bji->b", W, T))
        least = np.linalg.eigvalsh(sigma)[:, 0]
        return _Core(E, C, e, W, d, T, np.where((sign > 0) & (least > 0), value, np.inf))

    def value(self, theta: Matrix, keep: NDArray[np.intp]) -> Vector:
        """Return f without its constant for the draws in `keep`."""
        return np.asarray(sum(self._core(g, theta, keep).value for g in range(len(self.rams))))

    def at_minimum(self, theta: Matrix) -> NDArray[np.bool_]:
        """Whether each draw's gradient is zero but for rounding, (b,); no second derivatives."""
        keep = np.arange(theta.shape[0])
        gradient, value = np.zeros((keep.size, self.n_free)), np.zeros(keep.size)
        for g, ram in enumerate(self.rams):
            at = self._core(g, theta, keep)
            U, V, dmu = _factors(ram, at)
            core, lean = self._slopes(g, at)
            part = dmu @ lean[:, :, None]
            part[:, : U.shape[1], 0] += 2.0 * ((U @ core) * V).sum(axis=2)
            gradient[:, ram.positions] += part[:, :, 0]
            value += at.value
        with np.errstate(invalid="ignore"):
            flat = np.abs(gradient).max(axis=1) < 1e-12
        return np.asarray(flat & np.isfinite(value))

    def _slopes(self, g: int, at: _Core) -> tuple[Stack, Matrix]:
        """Return the gradients in Sigma (b, p, p) and in the means (b, p) of one group."""
        share = self.moments[g].share
        core = 0.5 * share * (at.W - at.W @ at.T @ at.W)
        return core, -share * (at.W @ at.d[:, :, None])[:, :, 0]

    def derivatives(
        self, theta: Matrix, keep: NDArray[np.intp], *, exact: bool
    ) -> tuple[Matrix, Stack]:
        """Return gradients (b, q) and Hessians (b, q, q)."""
        b = theta.shape[0]
        gradient, hessian = np.zeros((b, self.n_free)), np.zeros((b, self.n_free, self.n_free))
        for g, (ram, m) in enumerate(zip(self.rams, self.moments, strict=True)):
            at = self._core(g, theta, keep)
            dsigma, dmu = _jacobian(ram, at)
            q = dsigma.shape[1]
            flat = dsigma.reshape(b, q, -1)
            core, lean = self._slopes(g, at)
            slope = (flat @ core.reshape(b, -1, 1) + dmu @ lean[:, :, None])[:, :, 0]
            block = m.share * _second(at, dsigma, dmu, exact=exact)
            if exact:
                block += _curvature(ram, at, core, lean)
            gradient[:, ram.positions] += slope
            hessian[:, ram.positions[:, None], ram.positions] += block
        return gradient, hessian


def _factors(ram: Ram, at: _Core) -> tuple[Stack, Stack, Stack]:
    """Return U and V with dSigma_i = u_i v_i' + v_i u_i', and the slopes of the means."""
    p = ram.p
    E, C = at.E[:, :p], at.C[:, :p]
    fa, fs, fm = ram.fa, ram.fs, ram.fm
    columns = E.transpose(0, 2, 1)
    U = np.concatenate([columns[:, fa.row], columns[:, fs.row] * ram.half[:, None]], axis=1)
    V = np.concatenate([C.transpose(0, 2, 1)[:, fa.col], columns[:, fs.col]], axis=1)
    dmu = np.zeros((E.shape[0], ram.positions.size, p))
    dmu[:, : fa.pos.size] = columns[:, fa.row] * at.e[:, fa.col, None]
    dmu[:, U.shape[1] :] = columns[:, fm.row]
    return U, V, dmu


def _jacobian(ram: Ram, at: _Core) -> tuple[Stack, Stack]:
    U, V, dmu = _factors(ram, at)
    outer = U[..., :, None] * V[..., None, :]
    dsigma = np.zeros((*dmu.shape, ram.p))
    dsigma[:, : U.shape[1]] = outer + outer.transpose(0, 1, 3, 2)
    return dsigma, dmu


def _second(at: _Core, dsigma: Stack, dmu: Stack, *, exact: bool) -> Stack:
    b, q = dsigma.shape[:2]
    flat = dsigma.reshape(b, q, -1)
    WDW = at.W[:, None] @ dsigma @ at.W[:, None]
    block = 0.5 * flat @ WDW.reshape(b, q, -1).transpose(0, 2, 1)
    block += dmu @ at.W @ dmu.transpose(0, 2, 1)
    if not exact:
        return np.asarray(block)
    right = (at.W @ at.T @ at.W)[:, None] @ dsigma @ at.W[:, None]
    block += flat @ (right - WDW).reshape(b, q, -1).transpose(0, 2, 1)
    cross = (WDW @ at.d[:, None, :, None])[..., 0] @ dmu.transpose(0, 2, 1)
    block += cross + cross.transpose(0, 2, 1)
    return np.asarray(0.5 * (block + block.transpose(0, 2, 1)))


def _curvature(ram: Ram, at: _Core, G: Stack, g: Matrix) -> Stack:
    """Return the same as `Ram.curvature`, for every draw."""
    p, fa, fs, fm = ram.p, ram.fa, ram.fs, ram.fm
    E, C, e = at.E, at.C, at.e
    Eo = E[:, :p]
    GE = G @ Eo
    L = Eo.transpose(0, 2, 1) @ GE
    P = GE.transpose(0, 2, 1) @ C[:, :p]
    h = (g[:, None, :] @ Eo)[:, 0]
    n_a, n_s = fa.pos.size, fs.pos.size
    out = np.zeros((E.shape[0], ram.positions.size, ram.positions.size))
    r, c = fa.row, fa.col
    B = E[:, c[:, None], r]
    cross = B.transpose(0, 2, 1) * P[:, r[:, None], c].transpose(0, 2, 1)
    aa = 2 * (L[:, r[:, None], r] * C[:, c[:, None], c] + cross + cross.transpose(0, 2, 1))
    bend = h[:, r, None] * (B * e[:, None, c])
    out[:, :n_a, :n_a] = aa + bend + bend.transpose(0, 2, 1)
    s, t = fs.row, fs.col
    mixed = L[:, r[:, None], s] * E[:, c[:, None], t] + L[:, r[:, None], t] * E[:, c[:, None], s]
    out[:, :n_a, n_a : n_a + n_s] = 2 * mixed * ram.half
    out[:, :n_a, n_a + n_s :] = h[:, r, None] * E[:, c[:, None], fm.row]
    out[:, n_a:, :n_a] = out[:, :n_a, n_a:].transpose(0, 2, 1)
    return out


def _steps(gradient: Matrix, hessian: Stack) -> Matrix:
    """Solve every system with diagonal scaling; lift spectra that are not positive."""
    scale = np.sqrt(np.maximum(np.abs(np.einsum("bii->bi", hessian)), 1e-12))
    scaled = hessian / (scale[:, :, None] * scale[:, None, :])
    try:
        np.linalg.cholesky(scaled)
    except np.linalg.LinAlgError:
        pass
    else:
        move = np.linalg.solve(scaled, (gradient / scale)[:, :, None])[:, :, 0]
        return np.asarray(-move / scale, dtype=np.float64)
    values, vectors = np.linalg.eigh(scaled)
    good = values[:, 0] > 1e-8
    lifted = np.maximum(np.abs(values), 1e-4)
    inner = (vectors.transpose(0, 2, 1) @ (gradient / scale)[:, :, None])[:, :, 0]
    step = -(vectors @ (inner / np.where(good[:, None], values, lifted))[:, :, None])[:, :, 0]
    return np.asarray(step / scale)


def batch_minimise(
    target: BatchLikelihood,
    start: Vector,
    basis: Matrix,
    *,
    draws: int,
    guess: Matrix | None = None,
    tolerance: float = 1e-9,
) -> BatchResult:
    """Fit every draw from the same start, within start + span(basis).

    Parameters
    ----------
    target
        The stacked likelihood.
    start, basis
        Full-sample estimates (q,) and the directions (q, r) that keep the constraints.
    draws
        Number of samples in the stack.
    guess
        What may be the solution of every draw (b, q); where its gradient is not zero, the search
        goes its usual way.
    """
    theta, converged = np.tile(start, (draws, 1)), np.zeros(draws, dtype=bool)
    if guess is not None:
        converged = target.at_minimum(guess)
        theta[converged] = guess[converged]
    active = np.flatnonzero(~converged)
    value, flat = np.full(draws, np.inf), np.zeros(draws, dtype=np.int64)
    value[active] = target.value(theta[active], active)
    for iteration in range(100):
        if active.size == 0:
            break
        gradient, hessian = target.derivatives(theta[active], active, exact=iteration > 1)
        slope, inner = gradient @ basis, basis.T @ hessian @ basis
        step = _steps(slope, inner)
        good = np.abs(slope).max(axis=1) < tolerance
        converged[active[good]] = True
        flat[active[good]] += 1
        # Where little is identified a flat point is not yet the place; but nobody walks for ever.
        done = good & (_short(step @ basis.T, theta[active]) | (flat[active] > 3))
        theta[active[done]] += step[done] @ basis.T  # Newton's last step squares the error
        active, step = active[~done], step[~done]
        value[active], theta[active], stuck = _line(
            target, theta[active], step @ basis.T, value=value[active], active=active
        )
        active = active[~stuck]
    return BatchResult(theta, converged)


def _short(step: Matrix, theta: Matrix) -> NDArray[np.bool_]:
    """Whether a step is so short that its square is rounding."""
    return np.asarray((np.abs(step) <= 1e-6 * (1.0 + np.abs(theta))).all(axis=1))


def _line(
    target: BatchLikelihood,
    theta: Matrix,
    step: Matrix,
    *,
    value: Vector,
    active: NDArray[np.intp],
) -> tuple[Vector, Matrix, NDArray[np.bool_]]:
    """Halve the steps of draws whose value does not fall; those that never do are stuck."""
    length = np.ones(active.size)
    best, out = value.copy(), theta.copy()
    todo = np.arange(active.size)
    for _ in range(25):
        trial = theta[todo] + length[todo, None] * step[todo]
        fresh = target.value(trial, active[todo])
        good = fresh <= value[todo] + 1e-13 * np.maximum(1.0, np.abs(value[todo]))
        best[todo[good]], out[todo[good]] = fresh[good], trial[good]
        todo = todo[~good]
        if todo.size == 0:
            break
        length[todo] *= 0.5
    stuck = np.zeros(active.size, dtype=bool)
    stuck[todo] = True
    return best, out, stuck
