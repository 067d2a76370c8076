"""The parts of a path diagram's layout: spots, sizes, and places that keep their distance."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
OVAL_H, BOX_H, FAN = 42.0, 28.0, 74.0
GAP, LOOP = 10.0, 34.0


@dataclass(slots=True)
class Spot:
    """A drawn variable: its centre, its size, and whether it is an oval."""

    x: float
    y: float
    w: float
    h: float
    oval: bool


@dataclass(slots=True)
class Places:
    """All spots, and for a layered picture the edges (left, right) of every column.

    `bends` has the heights at which a long arrow passes through columns between its ends;
    `below` says which factors stand under their indicators.
    """

    spots: dict[str, Spot]
    columns: list[tuple[float, float]] = field(default_factory=list)
    layer: dict[str, int] = field(default_factory=dict)
    bends: dict[tuple[str, str], list[tuple[int, float]]] = field(default_factory=dict)
    below: frozenset[str] = frozenset()


def text_width(text: str, size: float = 13.0) -> float:
    """Return a generous width of a text in px: figures and letters of a sans serif."""
    return sum(1.0 if c in "mwMW" else 0.62 for c in text) * size


def box_width(name: str) -> float:
    """Return the width of an observed variable's box, px."""
    return max(42.0, text_width(shorten(name)) + 14)


def oval_width(name: str) -> float:
    """Return the width of a latent variable's oval, px."""
    return max(84.0, text_width(shorten(name)) + 36)


def shorten(name: str, longest: int = 16) -> str:
    """Cut a very long name; the full one is in the title of its shape."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def separate(wanted: Sequence[float], distances: Sequence[float]) -> Vector:
    """Return places nearest to those wanted (least squares) with at least these distances.

    Parameters
    ----------
    wanted
        (n,) places, in the order that is kept.
    distances
        (n - 1,) least distance of each to the next.
    """
    shift = np.concatenate([[0.0], np.cumsum(distances)]) if len(wanted) else np.zeros(0)
    blocks: list[list[float]] = []  # mean, weight: pool adjacent violators
    for target in np.asarray(wanted, dtype=np.float64) - shift:
        blocks.append([float(target), 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (m2, w2), (m1, w1) = blocks.pop(), blocks.pop()
            blocks.append([(m1 * w1 + m2 * w2) / (w1 + w2), w1 + w2])
    flat = np.concatenate([np.full(int(w), m) for m, w in blocks]) if blocks else np.zeros(0)
    return np.asarray(flat + shift, dtype=np.float64)
