"""Ask-and-tell samplers in the unit cube: Latin hypercube, CMA waves, ensemble, ABC-SMC.

A point of the unit cube is a vector of prior quantiles, so the prior is uniform in it. Each
sampler is deterministic given its seed and the losses it is told, which is what lets a
calibration resume from its log by telling it everything again.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Losses = NDArray[np.float64]


class Sampler(Protocol):
    """Anything that proposes points and learns from their losses."""

    name: str

    def ask(self) -> Points:
        """Return the next points to evaluate, shape (n, n_dims); none when it has finished."""

    def tell(self, points: Points, losses: Losses) -> None:
        """Learn from the losses of the points that were asked for."""


def reflect(points: Points) -> Points:
    """Fold points into the unit cube by reflection, which keeps a symmetric step symmetric.

    Examples
    --------
    >>> reflect(np.array([-0.2, 0.5, 1.3])).round(6)
    array([0.2, 0.5, 0.7])
    """
    folded = np.mod(points, 2.0)
    return np.asarray(np.where(folded > 1.0, 2.0 - folded, folded))


def latin_hypercube(n_points: int, n_dims: int, draws: np.random.Generator) -> Points:
    """Return points with exactly one in each of n slices of every coordinate.

    References
    ----------
    McKay, Beckman & Conover (1979), Technometrics 21(2), https://doi.org/10.2307/1268522
    """
    slices = np.stack([draws.permutation(n_points) for _ in range(n_dims)], axis=1)
    return np.asarray((slices + draws.random((n_points, n_dims))) / n_points)


class Wide:
    """One Latin hypercube over some coordinates; the others stay where they are."""

    name = "wide"

    def __init__(self, start: Points, moving: NDArray[np.bool_], n_points: int, seed: int) -> None:
        draws = np.random.default_rng(seed)
        self._points = np.tile(start, (n_points, 1))
        self._points[:, moving] = latin_hypercube(n_points, int(moving.sum()), draws)
        self.told = False

    def ask(self) -> Points:
        """Return the hypercube once."""
        return self._points[:0] if self.told else self._points

    def tell(self, points: Points, losses: Losses) -> None:
        """Note that the hypercube was evaluated."""
        self.told = True


class Waves:
    """Waves of a covariance-matrix-adapting search: each narrows where the next one looks.

    References
    ----------
    Hansen (2016), The CMA Evolution Strategy: A Tutorial, https://arxiv.org/abs/1604.00772
    """

    name = "waves"

    def __init__(
        self,
        start: Points,
        moving: NDArray[np.bool_],
        n_waves: int,
        seed: int,
        *,
        step: float = 0.2,
    ) -> None:
        self.draws = np.random.default_rng(seed)
        self.start, self.moving, self.left = start.copy(), moving, n_waves
        n = int(moving.sum())
        self.n, self.size = n, 4 + int(3 * np.log(n))
        half = self.size // 2
        weights = np.log(half + 0.5) - np.log(np.arange(1, half + 1))
        self.weights = weights / weights.sum()
        self.mu = 1.0 / float((self.weights**2).sum())
        self.mean, self.sigma = start[moving].copy(), step
        self.cov, self.path, self.speed = np.eye(n), np.zeros(n), np.zeros(n)
        self._steps = np.zeros((0, n))

    def ask(self) -> Points:
        """Return the next wave."""
        points = np.tile(self.start, (self.size, 1))
        if self.left == 0:
            return points[:0]
        scales, axes = np.linalg.eigh(self.cov)
        self._root = axes * np.sqrt(np.maximum(scales, 1e-12))
        self._inverse = axes / np.sqrt(np.maximum(scales, 1e-12)) @ axes.T
        self._steps = self.draws.standard_normal((self.size, self.n)) @ self._root.T
        points[:, self.moving] = reflect(self.mean + self.sigma * self._steps)
        return points

    def tell(self, points: Points, losses: Losses) -> None:
        """Move the mean to the better half and adapt the covariance and the step."""
        self.left -= 1
        best = np.argsort(losses, kind="stable")[: self.weights.size]
        steps = (points[best][:, self.moving] - self.mean) / self.sigma
        step = self.weights @ steps
        self.mean = self.mean + self.sigma * step
        n, mu = self.n, self.mu
        c_sigma = (mu + 2) / (n + mu + 5)
        c_path = (4 + mu / n) / (n + 4 + 2 * mu / n)
        c_one = 2 / ((n + 1.3) ** 2 + mu)
        c_mu = min(1 - c_one, 2 * (mu - 2 + 1 / mu) / ((n + 2) ** 2 + mu))
        self.speed = (1 - c_sigma) * self.speed
        self.speed += np.sqrt(c_sigma * (2 - c_sigma) * mu) * (self._inverse @ step)
        self.path = (1 - c_path) * self.path + np.sqrt(c_path * (2 - c_path) * mu) * step
        ranks = (steps.T * self.weights) @ steps
        one = np.outer(self.path, self.path)
        self.cov = (1 - c_one - c_mu) * self.cov + c_one * one + c_mu * ranks
        length = np.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))
        growth = float(np.linalg.norm(self.speed)) / length - 1
        self.sigma = min(0.3, self.sigma * float(np.exp(c_sigma * growth)))


class Ensemble:
    """An ensemble from the whole prior that is drawn towards the targets step by step.

    Every step regresses the coordinates (as standard normals: the prior is then their own
    distribution) on the deviations from the targets, and moves each particle by what the
    regression says about its own deviations, with fresh errors of observation and model. What
    no target speaks about keeps its prior spread: a correlation within the noise of the
    ensemble moves nothing.

    `tell` wants deviations, shape (n, n_targets), not losses.

    References
    ----------
    Emerick & Reynolds (2013), Computers & Geosciences 55,
    https://doi.org/10.1016/j.cageo.2012.03.011; Luo, Bhakta & Naevdal (2018), SPE Journal 23(2),
    for the localisation by correlation.
    """

    name = "ensemble"

    def __init__(self, errors: Losses, size: int, n_dims: int, n_steps: int, *, seed: int) -> None:
        self.draws = np.random.default_rng(seed)
        self.errors, self.left, self.inflate = errors, n_steps, float(n_steps)
        from scipy.special import ndtri  # slow to import; a run samples nothing

        self.normal = ndtri(latin_hypercube(size, n_dims, self.draws))

    @property
    def population(self) -> Points:
        """Return where the particles are in the unit cube."""
        from scipy.special import ndtr

        return np.asarray(ndtr(self.normal))

    def ask(self) -> Points:
        """Return every particle, as long as steps are left."""
        return self.population[: 0 if self.left == 0 else None]

    def tell(self, points: Points, deviations: NDArray[np.float64]) -> None:
        """Move the particles by one step."""
        self.left -= 1
        size = len(points)
        x = self.normal - self.normal.mean(axis=0)
        y = deviations - deviations.mean(axis=0)
        together = x.T @ y / (size - 1)
        scale = x.std(axis=0, ddof=1)[:, None] * y.std(axis=0, ddof=1)[None, :]
        correlated = np.abs(together) / np.maximum(scale, 1e-12)
        noise = np.sqrt(2.0 * np.log(x.shape[1]) / size) / 2.0
        trusted = np.clip((correlated - noise) / noise, 0.0, 1.0)
        variance = self.inflate * self.errors**2
        spread = y.T @ y / (size - 1) + np.diag(variance)
        fresh = self.draws.standard_normal(deviations.shape) * np.sqrt(variance)
        gain = trusted * np.linalg.solve(spread, together.T).T
        self.normal = self.normal + (fresh - deviations) @ gain.T


class AbcSmc:
    """A population that moves under a falling tolerance and keeps the prior within it.

    Every generation resamples the particles whose loss is below the new tolerance and lets
    each try one step of the population's own covariance; the step is kept if its loss is below
    the tolerance too. In prior quantiles the prior is uniform, so no weight is needed.

    References
    ----------
    Del Moral, Doucet & Jasra (2012), Stat. Comput. 22, https://doi.org/10.1007/s11222-011-9271-y
    """

    name = "abc-smc"

    def __init__(
        self,
        population: Points,
        n_generations: int,
        seed: int,
        *,
        keep: float = 0.6,
        enough: float = 0.0,
    ) -> None:
        self.draws = np.random.default_rng(seed)
        self.population, self.left, self.keep = population, n_generations, keep
        self.enough = enough
        self.losses = np.full(len(population), np.inf)
        self.tolerance, self.scale = np.inf, 1.0
        self.accepted: list[float] = []
        self._parents = population

    def ask(self) -> Points:
        """Return the population the first time, and one step of each particle later."""
        if self.left == 0:
            return self.population[:0]
        if np.isinf(self.losses).all():
            return self.population
        if self.losses.max() <= self.enough:
            return self.population[:0]
        self.tolerance = max(self.enough, float(np.quantile(self.losses, self.keep)))
        alive = np.flatnonzero(self.losses <= self.tolerance)
        chosen = np.concatenate([alive, self.draws.choice(alive, len(self.losses) - len(alive))])
        self.population, self.losses = self.population[chosen], self.losses[chosen]
        spread = np.cov(self.population.T) + 1e-6 * np.eye(self.population.shape[1])
        factor = self.scale * 2.38 / np.sqrt(self.population.shape[1])
        steps = self.draws.multivariate_normal(
            np.zeros(self.population.shape[1]), spread * factor**2, len(self.population)
        )
        return reflect(self.population + steps)

    def tell(self, points: Points, losses: Losses) -> None:
        """Keep every step that stays below the tolerance; adapt the size of steps."""
        if np.isinf(self.losses).all():
            self.losses = losses
            return
        self.left -= 1
        better = losses <= self.tolerance
        self.population = np.where(better[:, None], points, self.population)
        self.losses = np.where(better, losses, self.losses)
        self.accepted.append(float(better.mean()))
        self.scale = float(np.clip(self.scale * np.exp(better.mean() - 0.2), 0.1, 2.0))
