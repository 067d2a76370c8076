"""Browne's residual chi-square: how far the moments are from the model, normal weights.

Browne (1984), British Journal of Mathematical and Statistical Psychology 37, 62-83, eq. 2.20.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piece:
    """One group's moments, weights and Jacobian, as residual statistics need them."""

    n: float
    sample: Vector
    gap: Vector
    weight: Matrix
    normal: Matrix
    delta: Matrix


def browne_residual(pieces: Sequence[Piece]) -> float:
    """Return n r'(V - V D (D'VD)^-1 D'V) r summed over groups."""
    total = 0.0
    q = pieces[0].delta.shape[1]
    slope, bread = np.zeros(q), np.zeros((q, q))
    for piece in pieces:
        half = piece.normal @ piece.gap
        total += piece.n * float(piece.gap @ half)
        slope = slope + piece.n * (piece.delta.T @ half)
        bread = bread + piece.n * (piece.delta.T @ piece.normal @ piece.delta)
    found = np.linalg.lstsq(bread, slope, rcond=None)[0]
    return total - float(slope @ found)
