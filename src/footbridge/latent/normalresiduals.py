"""Residual statistics of complete continuous data, without a weight of all pairs of moments.

With V = D'(W x W)D / 2 the form r'Vr is tr(WRWR) / 2, and D'Vr and D'VD need the thin factors of
the Jacobian only: sixty variables have 1,830 moments, whose weight has three million entries.
`residualtest` on `moments.normal_weight` is the plain twin.
"""

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv
from footbridge.latent.moments import NormalMoments
from footbridge.latent.ram import Ram, State

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class NormalResiduals:
    """Collects groups; then gives Browne's residual chi-square and the LISREL GFI.

    Parameters
    ----------
    basis
        Directions (q, r) that keep the constraints.
    information
        Expected information of all cases, D'VD summed over groups (q, q).
    modelled
        How many variables are not fixed covariates, whose own moments do not count for the GFI.
    means
        Whether means are modelled.
    """

    def __init__(self, basis: Matrix, information: Matrix, *, modelled: int, means: bool) -> None:
        self.basis, self.bread = basis, information
        self.modelled, self.means = modelled, means
        self.slope = np.zeros(basis.shape[0])
        self.whole = 0.0
        self.shares: list[tuple[float, float]] = []

    def add(self, ram: Ram, state: State, moments: NormalMoments, n: float) -> None:
        """Add one group; `moments` have the divisor that goes with `n`."""
        sigma, S = ram.sigma(state), moments.cov
        W, R = inv(sigma), S - sigma
        d = moments.mean - ram.mu(state) if self.means else np.zeros(ram.p)
        WRW = W @ R @ W
        Z = ram.thin(state)
        k = len(Z) // 2
        at = ram.positions[:k]
        self.whole += n * (0.5 * float(np.sum(WRW * R)) + float(d @ W @ d))
        self.slope[at] += n * np.einsum("ij,ij->i", Z[:k] @ WRW, Z[k:])
        if self.means:
            dmu = ram.mean_slopes(state)
            self.slope[ram.positions] += n * (dmu @ (W @ d))
        centre = moments.mean if self.means else np.zeros(ram.p)
        self.shares.append((n, 1.0 - self._form(W, R, d) / self._form(W, S, centre)))

    def _form(self, W: Matrix, R: Matrix, d: Vector) -> float:
        """Return tr(WRWR) / 2 + d'Wd without the moments of fixed covariates."""
        k = self.modelled
        if k < len(d):
            R, d = R.copy(), d.copy()
            R[k:, k:], d[k:] = 0.0, 0.0
        WR = W @ R
        return 0.5 * float(np.sum(WR * WR.T)) + float(d @ W @ d)

    def statistic(self) -> float:
        """Return n r'(V - V D (D'VD)^-1 D'V) r summed over groups (Browne 1984, eq. 2.20)."""
        slope = self.basis.T @ self.slope
        bread = self.basis.T @ self.bread @ self.basis
        try:
            np.linalg.cholesky(bread)
            found = np.linalg.solve(bread, slope)
        except np.linalg.LinAlgError:  # not identified: the shortest of all solutions
            found = np.linalg.lstsq(bread, slope, rcond=None)[0]
        return self.whole - float(slope @ found)

    def explained(self) -> float:
        """Return the share of the weighted moments that the model explains, averaged."""
        total = sum(n for n, _ in self.shares)
        return sum(n / total * share for n, share in self.shares)
