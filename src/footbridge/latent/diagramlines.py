"""The lines of a path diagram: straight arrows, curves between columns, arcs and loops.

A line is a chain of cubic Bezier pieces; its points are sampled once, for labels and the frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.diagramgraph import Link, Picture
from footbridge.latent.diagramplaces import BOX_H, OVAL_H, Places, Spot

Vector = NDArray[np.float64]
Point = tuple[float, float]
_HEAD = 3.0  # what an arrow's head takes before the border


@dataclass(slots=True)
class Line:
    """One drawn link: svg path data, sampled points (n, 2), heads at its ends, its number.

    `at` is the place of the number's centre once it is known.
    """

    link: Link
    d: str
    points: Vector
    both: bool
    kind: str
    at: Point | None = None


def _chain(pieces: Sequence[Sequence[Point]]) -> tuple[str, Vector]:
    """Return path data and points of straight (2 points) and cubic (4 points) pieces."""
    d = f"M{pieces[0][0][0]:.1f} {pieces[0][0][1]:.1f}"
    t = np.linspace(0, 1, 24)[:, None]
    points = []
    for piece in pieces:
        P = np.array(piece, dtype=np.float64)
        if len(piece) == 2:
            d += f"L{P[1, 0]:.1f} {P[1, 1]:.1f}"
            points.append(P[0] + t * (P[1] - P[0]))
        else:
            d += "C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in P[1:])
            points.append(
                (1 - t) ** 3 * P[0]
                + 3 * (1 - t) ** 2 * t * P[1]
                + 3 * (1 - t) * t**2 * P[2]
                + t**3 * P[3]
            )
    return d, np.vstack(points)


def edge_x(spot: Spot, dy: float) -> float:
    """Return half the width of a shape at a height above or below its centre."""
    if not spot.oval:
        return spot.w / 2
    inside = max(1 - (2 * dy / spot.h) ** 2, 0.0)
    return float(spot.w / 2 * np.sqrt(inside))


def loading_lines(picture: Picture, places: Places) -> list[Line]:
    """Return arrows from factors to their indicators, and between factors that stand in rows."""
    links = [*picture.loadings, *(() if places.columns else picture.paths)]
    found = []
    for link in links:
        a, b = places.spots[link.a], places.spots[link.b]
        down = 1.0 if a.y < b.y else -1.0
        shift = (b.x - a.x) * 0.10
        reach = a.w / 2 * 0.8
        x0 = a.x + float(np.clip(shift, -reach, reach))
        rise = OVAL_H / 2 * np.sqrt(max(1 - ((x0 - a.x) / (a.w / 2)) ** 2, 0.0))
        start = (x0, a.y + down * float(rise))
        beside = b.w * 0.22 if down < 0 else 0.0  # the loop takes the other half
        end = (b.x - beside, b.y - down * (b.h / 2 + _HEAD))
        d, points = _chain([(start, end)])
        line = Line(link, d, points, both=False, kind="path")
        if link.text and link.b in picture.indicators.get(link.a, ()):
            line.at = _on(points, end[1] - down * 19)
        found.append(line)
    return found


def _on(points: Vector, y: float) -> Point:
    """Return the point of a straight line at a height."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    share = (y - y0) / (y1 - y0)
    return float(x0 + share * (x1 - x0)), y


def path_lines(picture: Picture, places: Places) -> list[Line]:
    """Return regressions of a layered picture, each with a port of its own at both ends."""
    ahead = [p for p in picture.paths if _forward(p, places)]
    out = _ports(ahead, places, outgoing=True)
    into = _ports(ahead, places, outgoing=False)
    lines = [_forward_line(p, places, (out[p.a, p.b], into[p.a, p.b])) for p in ahead]
    rest = [p for p in picture.paths if p not in ahead]
    return lines + [_other_line(p, places) for p in rest]


def _forward(path: Link, places: Places) -> bool:
    layer = places.layer
    return path.a in layer and path.b in layer and layer[path.a] < layer[path.b]


def _ports(
    paths: Sequence[Link], places: Places, *, outgoing: bool
) -> dict[tuple[str, str], float]:
    """Return how far from the centre line each arrow leaves or arrives, px."""
    found: dict[tuple[str, str], float] = {}
    for name, spot in places.spots.items():
        mine = [p for p in paths if (p.a if outgoing else p.b) == name]

        def far(p: Link) -> float:
            bends = [y for _, y in sorted(places.bends.get((p.a, p.b), []))]
            if bends:
                return bends[0] if outgoing else bends[-1]
            return places.spots[p.b if outgoing else p.a].y

        mine.sort(key=far)
        step = min(9.0, 0.62 * spot.h / max(len(mine), 1))
        for k, p in enumerate(mine):
            found[p.a, p.b] = (k - (len(mine) - 1) / 2) * step
    return found


def _forward_line(path: Link, places: Places, ports: tuple[float, float]) -> Line:
    a, b = places.spots[path.a], places.spots[path.b]
    first, last = places.layer[path.a], places.layer[path.b]
    here = (a.x + edge_x(a, ports[0]), a.y + ports[0])
    pieces: list[Sequence[Point]] = []
    edge = (places.columns[first][1] + 4, here[1])
    pieces.append((here, edge))
    stops = [*sorted(places.bends.get((path.a, path.b), [])), (last, b.y + ports[1])]
    for k, y in stops:
        left, right = places.columns[k]
        goal = (left - 8, y)
        half = (edge[0] + goal[0]) / 2
        pieces.append((edge, (half, edge[1]), (half, y), goal))
        edge = (right + 4, y)
        if k != last:
            pieces.append((goal, edge))
        else:
            tip = (b.x - edge_x(b, ports[1]) - _HEAD, y)
            pieces.append((goal, tip))
    d, points = _chain(pieces)
    return Line(path, d, points, both=False, kind="path")


def _other_line(path: Link, places: Places) -> Line:
    """Return an arrow within a column, back to an earlier one, or to an indicator."""
    a, b = places.spots[path.a], places.spots[path.b]
    if path.b not in places.layer:  # an indicator that also depends on something else
        start, end = (a.x + edge_x(a, 0), a.y), (b.x - b.w / 4, b.y - b.h / 2 - _HEAD)
        piece = (start, (start[0] + 40, start[1]), (end[0], end[1] - 30), end)
    else:
        side = 1.0 if a.x >= b.x else -1.0
        start = (a.x + side * edge_x(a, 8), a.y + 8)
        end = (b.x + side * (edge_x(b, 8) + _HEAD), b.y + 8)
        bulge = max(start[0] * side, end[0] * side) * side + side * 60
        piece = (start, (bulge, start[1]), (bulge, end[1]), end)
    d, points = _chain([piece])
    return Line(path, d, points, both=False, kind="path")


def arc_lines(picture: Picture, places: Places) -> list[Line]:
    """Return covariances as arcs: beside columns, above rows, below indicators."""
    held = {n for names in picture.indicators.values() for n in names}
    low = [arc for arc in picture.arcs if arc.a in held and arc.b in held]
    lines = _low_arcs(low, places)
    for arc in picture.arcs:
        if arc in low:
            continue
        lines.append(_side_arc(arc, places) if places.columns else _top_arc(arc, places))
    return lines


def _low_arcs(arcs: Sequence[Link], places: Places) -> list[Line]:
    """Return arcs under the indicators; wide ones go deeper, so that none runs into another."""
    spots, found = places.spots, []
    spans = sorted(arcs, key=lambda arc: abs(spots[arc.a].x - spots[arc.b].x))
    used: list[list[tuple[float, float]]] = []
    for arc in spans:
        a, b = sorted((spots[arc.a], spots[arc.b]), key=lambda s: s.x)
        span = (a.x, b.x)
        level = next(
            (k for k, row in enumerate(used) if all(span[1] < x or span[0] > y for x, y in row)),
            len(used),
        )
        if level == len(used):
            used.append([])
        used[level].append(span)
        floor = max(a.y, b.y) + BOX_H / 2
        depth = floor + 64 + 26 * level
        start = (a.x + a.w * 0.32, a.y + BOX_H / 2 + _HEAD)
        end = (b.x - b.w * 0.32, b.y + BOX_H / 2 + _HEAD)
        d, points = _chain([(start, (start[0], depth), (end[0], depth), end)])
        middle = points[len(points) // 2]
        found.append(
            Line(arc, d, points, both=True, kind="arc", at=(float(middle[0]), float(middle[1])))
        )
    return found


def _top_arc(arc: Link, places: Places) -> Line:
    a, b = sorted((places.spots[arc.a], places.spots[arc.b]), key=lambda s: s.x)
    between = sum(a.x < s.x < b.x and s.oval and abs(s.y - a.y) < 1 for s in places.spots.values())
    height = min(a.y - a.h / 2, b.y - b.h / 2) - 46 - 34 * between
    out = 0.26 if between == 0 else max(0.14 - 0.06 * between, 0.0)
    lift = float(np.sqrt(1 - (2 * out) ** 2))
    start = (a.x + a.w * out, a.y - a.h / 2 * lift - _HEAD)
    end = (b.x - b.w * out, b.y - b.h / 2 * lift - _HEAD)
    lean = min((b.x - a.x) / 4, 60.0)
    d, points = _chain([(start, (start[0] + lean, height), (end[0] - lean, height), end)])
    middle = points[len(points) // 2]
    return Line(arc, d, points, both=True, kind="arc", at=(float(middle[0]), float(middle[1])))


def _side_arc(arc: Link, places: Places) -> Line:
    a, b = sorted((places.spots[arc.a], places.spots[arc.b]), key=lambda s: (s.y, s.x))
    layers = places.layer.get(arc.a), places.layer.get(arc.b)
    if None in layers or layers[0] != layers[1] or layers[0] is None:
        return _over(arc, a, b)
    last = layers[0] == len(places.columns) - 1 and layers[0] > 0
    side = 1.0 if last else -1.0
    edge = places.columns[layers[0]][1 if last else 0]
    peers = [n for n, k in places.layer.items() if k == layers[0]]
    between = sum(a.y < places.spots[n].y < b.y for n in peers)
    loops = 44.0 if last else 0.0
    bulge = edge + side * (48 + 34 * between + loops)
    away = 13.0 if a.oval else 6.0  # leaves the middle of the side to arrows
    start = (a.x + side * (edge_x(a, away) + _HEAD), a.y + away)
    end = (b.x + side * (edge_x(b, away) + _HEAD), b.y - away)
    d, points = _chain([(start, (bulge, start[1] + 4), (bulge, end[1] - 4), end)])
    middle = points[len(points) // 2]
    return Line(arc, d, points, both=True, kind="arc", at=(float(middle[0]), float(middle[1])))


def _over(arc: Link, a: Spot, b: Spot) -> Line:
    a, b = sorted((a, b), key=lambda s: s.x)
    height = min(a.y - a.h / 2, b.y - b.h / 2) - 44
    start, end = (a.x, a.y - a.h / 2 - _HEAD), (b.x, b.y - b.h / 2 - _HEAD)
    d, points = _chain([(start, (start[0], height), (end[0], height), end)])
    middle = points[len(points) // 2]
    return Line(arc, d, points, both=True, kind="arc", at=(float(middle[0]), float(middle[1])))


def loop_lines(picture: Picture, places: Places) -> list[Line]:
    """Return residual variances as small loops: under indicators, over other variables."""
    held = {n for names in picture.indicators.values() for n in names}
    found = []
    for link in picture.loops:
        spot = places.spots[link.a]
        last = places.layer.get(link.a) == len(places.columns) - 1
        if last and link.a not in held and not spot.oval:
            found.append(_loop_right(link, spot))
        else:
            shoulder = _shoulder(link.a, picture, places, held)
            found.append(_loop(link, spot, shoulder, down=link.a in held))
    return found


def _shoulder(name: str, picture: Picture, places: Places, held: set[str]) -> float:
    """Return where on a shape its loop sits, as a share of its width from the middle."""
    if places.columns:
        return 0.0
    if name in held:
        crowded = any(link.b == name and link.a in places.below for link in picture.loadings)
        return 0.22 if crowded else 0.0
    above = [places.spots[p.a].x for p in picture.paths if p.b == name]
    return 0.36 if not above or above[0] <= places.spots[name].x else -0.36


def _loop(link: Link, spot: Spot, shoulder: float, *, down: bool) -> Line:
    sign = 1.0 if down else -1.0
    x = spot.x + spot.w * shoulder
    rise = np.sqrt(1 - (2 * shoulder) ** 2) if spot.oval else 1.0
    y = spot.y + sign * (spot.h / 2 * float(rise) + _HEAD)
    piece = ((x - 6, y), (x - 15, y + sign * 21), (x + 15, y + sign * 21), (x + 6, y))
    d, points = _chain([piece])
    return Line(link, d, points, both=True, kind="loop", at=(x, y + sign * 24))


def _loop_right(link: Link, spot: Spot) -> Line:
    x, y = spot.x + spot.w / 2 + _HEAD, spot.y
    piece = ((x, y - 6), (x + 21, y - 15), (x + 21, y + 15), (x, y + 6))
    d, points = _chain([piece])
    return Line(link, d, points, both=True, kind="loop", at=(x + 33, y))


def place_labels(lines: Sequence[Line], spots: Mapping[str, Spot]) -> None:
    """Give every number a place on its line where it hides nothing.

    Candidates along the line are judged by what they would cover: other numbers (most), shapes,
    other lines; the middle of the line is preferred among equals.
    """
    boxes = [_box(line.at, line.link.text) for line in lines if line.at and line.link.text]
    walls = np.array([[s.x, s.y, s.w / 2, s.h / 2] for s in spots.values()]).reshape(-1, 4)
    open_lines = [line for line in lines if line.at is None and line.link.text]
    open_lines.sort(key=lambda line: len(line.points))
    for line in open_lines:
        others = np.vstack([o.points for o in lines if o is not line] or [np.zeros((0, 2))])
        n = len(line.points)
        best, least = line.points[n // 2], np.inf
        for k in range(int(n * 0.10), int(n * 0.90)):
            x, y = line.points[k]
            box = _box((x, y), line.link.text)
            cost = 40.0 * sum(_meet(box, other) for other in boxes)
            cost += 30.0 * sum(_meet(box, tuple(wall)) for wall in walls)
            inside = np.abs(others - [x, y]) < [box[2] + 1, box[3] + 1]
            cost += float(np.count_nonzero(inside.all(axis=1))) + 5.0 * abs(k / n - 0.5)
            if cost < least:
                best, least = line.points[k], cost
        line.at = (float(best[0]), float(best[1]))
        boxes.append(_box(line.at, line.link.text))


Box = tuple[float, ...]


def _box(at: Point, text: str) -> Box:
    """Return centre and half sizes of a number."""
    return at[0], at[1], 3.6 * len(text) + 3, 9.0


def _meet(a: Box, b: Box) -> bool:
    return abs(a[0] - b[0]) < a[2] + b[2] and abs(a[1] - b[1]) < a[3] + b[3]
