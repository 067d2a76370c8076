"""A path diagram in columns, from causes to outcomes, indicators under their factors.

Sugiyama, Tagawa and Toda (1981), IEEE Transactions on Systems, Man and Cybernetics 11, 109-125:
layers by the longest path, order by barycentres, places by least squares with least distances.
"""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from footbridge.latent.diagramgraph import Link, Picture
from footbridge.latent.diagramplaces import (
    BOX_H,
    FAN,
    GAP,
    LOOP,
    OVAL_H,
    Places,
    Spot,
    box_width,
    oval_width,
    separate,
)  # fmt: skip


def layers_of(nodes: Sequence[str], paths: Sequence[Link]) -> dict[str, int]:
    """Return the layer of every node: the longest way from a source; circles are cut once."""
    after: dict[str, list[str]] = {n: [] for n in nodes}
    for path in paths:
        if path.a in after and path.b in after and path.a != path.b:
            after[path.a].append(path.b)
    order = _finished(after)[::-1]
    place = {name: k for k, name in enumerate(order)}
    layer = dict.fromkeys(nodes, 0)
    for name in order:
        for other in after[name]:
            if place[other] > place[name]:  # an arrow back closes a circle and is left out
                layer[other] = max(layer[other], layer[name] + 1)
    return layer


def _finished(after: Mapping[str, Sequence[str]]) -> list[str]:
    """Return nodes in the order in which a depth-first search leaves them."""
    seen: set[str] = set()
    finished: list[str] = []

    def visit(name: str) -> None:
        seen.add(name)
        for other in after[name]:
            if other not in seen:
                visit(other)
        finished.append(name)

    for name in after:
        if name not in seen:
            visit(name)
    return finished


def place_columns(picture: Picture) -> Places:
    """Place variables in columns from causes to outcomes, indicators under their factors.

    Parameters
    ----------
    picture
        A graph with regressions.
    """
    layer = layers_of(picture.structural, picture.paths)
    order, links = _with_dummies(picture, layer)
    order = _untangle(order, links)
    deep = _depths(picture)
    heights = _heights(order, links, picture, deep)
    columns = _columns(order, links, picture)
    spots: dict[str, Spot] = {}
    bends: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for k, names in enumerate(order):
        middle = sum(columns[k]) / 2
        for name in names:
            if isinstance(name, tuple):
                bends.setdefault(name[:2], []).append((k, heights[name]))
            else:
                _place_block(picture, name, (middle, heights[name]), spots)
    return Places(spots, columns, layer, bends)


Node = str | tuple[str, str, int]


def _with_dummies(
    picture: Picture, layer: Mapping[str, int]
) -> tuple[list[list[Node]], list[tuple[Node, Node]]]:
    """Return nodes by layer with a dummy where an arrow passes, and links between neighbours."""
    order: list[list[Node]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for name, k in layer.items():
        order[k].append(name)
    links: list[tuple[Node, Node]] = []
    for path in picture.paths:
        a, b = path.a, path.b
        if a not in layer or b not in layer or layer[b] <= layer[a]:
            continue
        last: Node = a
        for k in range(layer[a] + 1, layer[b]):
            dummy = (a, b, k)
            order[k].append(dummy)
            links.append((last, dummy))
            last = dummy
        links.append((last, b))
    return order, links


def _untangle(order: list[list[Node]], links: Sequence[tuple[Node, Node]]) -> list[list[Node]]:
    """Order each layer by the mean place of its neighbours, forth and back; keep the best."""
    best, fewest = order, _crossings(order, links)
    for sweep in range(12):
        forth = sweep % 2 == 0
        order = [list(names) for names in order]
        turn = range(1, len(order)) if forth else range(len(order) - 2, -1, -1)
        for k in turn:
            near = {n: i for i, n in enumerate(order[k - 1 if forth else k + 1])}
            weights = {}
            for i, name in enumerate(order[k]):
                ends = [(a, b) if forth else (b, a) for a, b in links]
                known = [near[a] for a, b in ends if b == name and a in near]
                weights[name] = float(np.mean(known)) if known else float(i)
            order[k].sort(key=weights.__getitem__)
        now = _crossings(order, links)
        if now < fewest:
            best, fewest = order, now
    return best


def _crossings(order: Sequence[Sequence[Node]], links: Sequence[tuple[Node, Node]]) -> int:
    place = {n: (k, i) for k, names in enumerate(order) for i, n in enumerate(names)}
    ends = [(place[a], place[b]) for a, b in links]
    return sum(
        (a1[1] - a2[1]) * (b1[1] - b2[1]) < 0
        for i, (a1, b1) in enumerate(ends)
        for a2, b2 in ends[:i]
        if a1[0] == a2[0]
    )


def _depths(picture: Picture) -> dict[str, float]:
    """Return the room under each factor that arcs between its indicators need, px."""
    found: dict[str, float] = {}
    for factor, names in picture.indicators.items():
        arcs = sum(arc.a in names or arc.b in names for arc in picture.arcs)
        found[factor] = 16.0 * min(arcs, 6) + (14.0 if arcs else 0.0)
    return found


def _extent(name: Node, picture: Picture, deep: Mapping[str, float]) -> tuple[float, float]:
    """Return the room above and below the centre line of a node, px."""
    if isinstance(name, tuple):
        return 12.0, 12.0
    loop = LOOP if any(link.a == name for link in picture.loops) else 4.0
    if name in picture.latents:
        held = picture.indicators[name]
        under = FAN + BOX_H + LOOP + deep[name] if held else 0.0
        return OVAL_H / 2 + loop, OVAL_H / 2 + under
    return BOX_H / 2 + loop, BOX_H / 2 + 4


def _heights(
    order: Sequence[Sequence[Node]],
    links: Sequence[tuple[Node, Node]],
    picture: Picture,
    deep: Mapping[str, float],
) -> dict[Node, float]:
    """Return the height of every node: near its neighbours, never on another."""
    y: dict[Node, float] = {}
    apart: list[list[float]] = []
    for names in order:
        sizes = [_extent(n, picture, deep) for n in names]
        apart.append([a[1] + b[0] + 12 for a, b in itertools.pairwise(sizes)])
        total = float(sum(apart[-1]))
        y |= dict(zip(names, np.cumsum([-total / 2, *apart[-1]]), strict=True))
    for sweep in range(24):
        turn = list(zip(order, apart, strict=True))
        for names, gaps in turn if sweep % 2 else turn[::-1]:
            wanted = []
            for name in names:
                near = [y[b] if a == name else y[a] for a, b in links if name in (a, b)]
                wanted.append(float(np.mean(near)) if near else float(y[name]))
            y |= dict(zip(names, separate(wanted, gaps), strict=True))
    return y


def _columns(
    order: Sequence[Sequence[Node]], links: Sequence[tuple[Node, Node]], picture: Picture
) -> list[tuple[float, float]]:
    place = {n: k for k, names in enumerate(order) for n in names}
    columns, x = [], 0.0
    for k, names in enumerate(order):
        wide = max((_block_width(picture, n) for n in names if isinstance(n, str)), default=40.0)
        columns.append((x, x + wide))
        crossing = sum(place[a] == k for a, _ in links)
        x += wide + 118 + min(90.0, 7.0 * crossing)
    return columns


def _block_width(picture: Picture, name: str) -> float:
    if name not in picture.latents:
        return box_width(name)
    held = picture.indicators[name]
    row = sum(box_width(n) for n in held) + GAP * max(len(held) - 1, 0)
    return max(oval_width(name), row)


def _place_block(
    picture: Picture, name: str, at: tuple[float, float], spots: dict[str, Spot]
) -> None:
    x, y = at
    if name not in picture.latents:
        spots[name] = Spot(x, y, box_width(name), BOX_H, oval=False)
        return
    spots[name] = Spot(x, y, oval_width(name), OVAL_H, oval=True)
    held = picture.indicators[name]
    left = x - (sum(box_width(n) for n in held) + GAP * max(len(held) - 1, 0)) / 2
    for item in held:
        w = box_width(item)
        spots[item] = Spot(left + w / 2, y + OVAL_H / 2 + FAN + BOX_H / 2, w, BOX_H, oval=False)
        left += w + GAP
