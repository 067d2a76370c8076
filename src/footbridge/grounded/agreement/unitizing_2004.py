"""The older alpha for unitizing, which squares the differences of boundaries.

Kept because published studies report it; it misbehaves for more than two coders, and
`unitizing` supersedes it. Each code is a continuum of its own, so codes may overlap.

References
----------
Krippendorff (2004), Quality & Quantity 38, 787-800,
https://doi.org/10.1007/s11135-004-8107-7
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import TypeAlias

from footbridge.grounded.agreement.results import Agreement, one_minus_ratio
from footbridge.grounded.errors import AgreementError

Unit: TypeAlias = tuple[int, int, str]
Section: TypeAlias = tuple[int, int, bool]  # start, length, whether it is a unit


def alpha_u_2004(
    codings: Sequence[Sequence[Unit]], *, length: int, code: str | None = None
) -> Agreement:
    """Return alpha-U of 2004 for one code, or for all codes together.

    Parameters
    ----------
    codings : sequence over coders
        Each a sequence of half-open (start, end, code); one code's units must not overlap.
    length : int
        Length of the text in characters.
    code : str, optional
        Only this code.
    """
    if len(codings) < 2:
        raise AgreementError("Agreement needs two coders or more. Give one list for each coder.")
    codes = [code] if code is not None else sorted({c for units in codings for _, _, c in units})
    observed = expected = 0.0
    for each in codes:
        sections = [_sections(units, each, length) for units in codings]
        observed += _observed(sections, length)
        expected += _expected(sections, length)
    name = "alpha-U (2004)" if code is None else f"alpha-U (2004, {code})"
    return one_minus_ratio(name, observed, expected, units=float(length))


def _sections(units: Sequence[Unit], code: str, length: int) -> list[Section]:
    sections: list[Section] = []
    reached = 0
    for start, end, _ in sorted(unit for unit in units if unit[2] == code):
        if start < reached or end <= start or end > length:
            raise AgreementError(
                f"The unit at {start}-{end} is empty, leaves the text or overlaps another one "
                "of the same coder and code. Join overlapping units first."
            )
        if start > reached:
            sections.append((reached, start - reached, False))
        sections.append((start, end - start, True))
        reached = end
    if reached < length:
        sections.append((reached, length - reached, False))
    return sections


def _observed(sections: Sequence[list[Section]], length: int) -> float:
    total = 0.0
    for ours, theirs in permutations(sections, 2):
        total += sum(_difference(a, b) for a in ours for b in theirs)
    coders = len(sections)
    return total / (coders * (coders - 1) * length**2)


def _difference(a: Section, b: Section) -> float:
    (start, size, unit), (other, width, coded) = a, b
    if unit and coded:
        if -size < start - other < width:
            return float((start - other) ** 2 + (start + size - other - width) ** 2)
        return 0.0
    if unit and other <= start and start + size <= other + width:
        return float(size**2)
    if coded and start <= other and other + width <= start + size:
        return float(width**2)
    return 0.0


def _expected(sections: Sequence[list[Section]], length: int) -> float:
    every = [section for one in sections for section in one]
    units = [size for _, size, unit in every if unit]
    gaps = [size for _, size, unit in every if not unit]
    total = 0.0
    for size in units:
        total += (len(units) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        total += size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
    reach = len(sections) * length
    below = reach * (reach - 1) - sum(size * (size - 1) for size in units)
    return 2 / length * total / below if below > 0 else 0.0
