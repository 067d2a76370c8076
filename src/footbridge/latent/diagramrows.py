"""A path diagram in rows, as factor analyses are usually drawn."""

import itertools
from collections.abc import Sequence

import numpy as np

from footbridge.latent.diagramgraph import Picture
from footbridge.latent.diagramplaces import (
    BOX_H,
    FAN,
    GAP,
    OVAL_H,
    Places,
    Spot,
    box_width,
    oval_width,
    separate,
)  # fmt: skip


def is_measurement_only(picture: Picture) -> bool:
    """Whether no observed variable and no regression stands beside factors and indicators."""
    held = {name for names in picture.indicators.values() for name in names}
    return bool(picture.latents) and not picture.regressions and set(picture.observed) <= held


def place_rows(picture: Picture) -> Places:
    """Place indicators in a row, factors above them, a general factor below, higher orders on top.

    Parameters
    ----------
    picture
        A graph of factors and indicators.
    """
    general = _general(picture)
    spots: dict[str, Spot] = {}
    x = 0.0
    for factor in picture.latents:
        for name in picture.indicators[factor]:
            w = box_width(name)
            spots[name] = Spot(x + w / 2, 0.0, w, BOX_H, oval=False)
            x += w + GAP
        x += 2 * GAP if picture.indicators[factor] else 0.0
    rows = _rows(picture)
    for level in range(max(rows.values(), default=0) + 1):
        mine = [f for f in picture.latents if rows[f] == level and f not in general]
        _place_ovals(picture, mine, spots, -(level + 1) * (FAN + OVAL_H))
    _place_ovals(picture, sorted(general), spots, FAN + OVAL_H + 14)
    return Places(spots, below=frozenset(general))


def _general(picture: Picture) -> set[str]:
    """Name factors whose indicators also belong to two or more factors that share none."""
    sets = {f: {link.b for link in picture.loadings if link.a == f} for f in picture.latents}
    found = set()
    for f, mine in sets.items():
        parts = [s for g, s in sets.items() if g != f and s and s < mine]
        apart = sum(len(s) for s in parts) == len(set().union(*parts)) if parts else False
        if len(parts) > 1 and apart:
            found.add(f)
    return found


def _rows(picture: Picture) -> dict[str, int]:
    """Return the height of every factor: 0 above indicators, 1 above factors of height 0."""
    inner = {f: [p.b for p in picture.paths if p.a == f] for f in picture.latents}
    rows = dict.fromkeys(picture.latents, 0)
    for _ in picture.latents:  # as many sweeps as a chain can be long
        for f, below in inner.items():
            if below:
                rows[f] = min(1 + max(rows.get(b, 0) for b in below), len(rows))
    return rows


def _place_ovals(
    picture: Picture, factors: Sequence[str], spots: dict[str, Spot], y: float
) -> None:
    def middle(factor: str) -> float:
        parts = [link.b for link in (*picture.loadings, *picture.paths) if link.a == factor]
        known = [spots[p].x for p in parts if p in spots]
        return float(np.mean(known)) if known else 0.0

    order = sorted(factors, key=middle)
    widths = [oval_width(f) for f in order]
    near = len({round(middle(f)) for f in order}) < len(order)  # factors of the same indicators
    distances = [(a + b) / 2 + (3 + 3 * near) * GAP for a, b in itertools.pairwise(widths)]
    for factor, x, w in zip(
        order, separate([middle(f) for f in order], distances), widths, strict=True
    ):
        spots[factor] = Spot(float(x), y, w, OVAL_H, oval=True)
