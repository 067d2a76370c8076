"""Scoring steps that learn what the expected second derivatives leave out.

The Hessian is the expected one, E, plus a matrix A that the gradients seen so far ask for, by the
symmetric rank-one update A += r r' / r's with r = y - (E + A) s (Dennis, Gay and Welsch 1981, ACM
Transactions on Mathematical Software 7, 348-368, for the structure; Conn, Gould and Toint 1991,
Mathematical Programming 50, 177-195, for the update). Steps become superlinear where plain scoring
crawls.
"""

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.optimise import Discrepancy

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class Structured:
    """A discrepancy whose exact Hessian is learnt from its gradients.

    Parameters
    ----------
    inner
        The discrepancy; only its expected Hessian is asked for.
    """

    def __init__(self, inner: Discrepancy) -> None:
        self.inner = inner
        self.extra: Matrix | None = None
        self.last: tuple[Vector, Vector] | None = None

    def value(self, theta: Vector) -> float:
        """Return the value of f."""
        return self.inner.value(theta)

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient and the expected Hessian, plus what was learnt if `exact`."""
        gradient, hessian = self.inner.derivatives(theta, exact=False)
        if self.extra is None:
            self.extra = np.zeros_like(hessian)
        if self.last is not None:
            step = theta - self.last[0]
            gap = gradient - self.last[1] - (hessian + self.extra) @ step
            size = float(gap @ step)
            if abs(size) > 1e-6 * float(np.linalg.norm(gap) * np.linalg.norm(step)):
                self.extra += np.outer(gap, gap) / size
        self.last = (theta.copy(), gradient)
        return gradient, hessian + self.extra if exact else hessian
