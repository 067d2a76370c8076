r"""Agreement of coders who also choose where their units begin and end: the u-alpha family.

A text is cut by each coder into units with a code and gaps between them. :math:`\ell_{ck}`
is the length that coders gave to c and k together, over ordered pairs of coders and divided
by (coders - 1). What chance expects is

.. math:: e_{ck} = \frac{\ell_{c\cdot}\ell_{\cdot k} - [c = k]\sum_{S \in c} L(S)^2}
                        {\ell_{\cdot\cdot} - \sum_S L(S)^2 / \ell_{\cdot\cdot}}

where a gap enters the sums of squares by character. Four questions, one count:

``u_alpha``         do boundaries and codes agree?
``u_alpha_binary``  do coders find the same text worth coding?
``cu_alpha``        where both coded, do they give the same codes?
``ku_alpha``        the same for one code, with the share of its text that the other coded too

Lengths and squares of several interviews add up, so a study is a text of texts.

References
----------
Krippendorff, Mathet, Bouvry & Widlocher (2016), Quality & Quantity 50, 2347-2364,
https://doi.org/10.1007/s11135-015-0266-1; Krippendorff (2019), Content Analysis,
4th ed., section 12.6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footbridge.grounded.agreement import kernels
from footbridge.grounded.agreement.results import (
    Agreement,
    one_minus_ratio,
    undefined,
)
from footbridge.grounded.errors import AgreementError

Unit: TypeAlias = tuple[int, int, str]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UnitArrays:
    """The units of one coder as arrays, for texts too long to list.

    Attributes
    ----------
    starts, ends : ndarray of int, shape (n_units,)
        Half-open, sorted and without overlap, in characters (Unicode code points).
    codes : ndarray of int, shape (n_units,)
        Positions in a list of codes that all coders share.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    codes: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Overlaps:
    """What the unitizing coefficients need of one interview, or of the sum of several.

    Attributes
    ----------
    lengths : ndarray, shape (n_codes + 1, n_codes + 1)
        Characters in common; row and column 0 are gaps.
    squares : ndarray, shape (n_codes + 1,)
        Summed squared lengths of units, by code; for gaps the summed lengths.
    met : ndarray, shape (n_codes + 1,)
        The same for that part of each unit that another coder coded too.
    codes : tuple of str
    """

    lengths: Numbers
    squares: Numbers
    met: Numbers
    codes: tuple[str, ...]


Coding: TypeAlias = Sequence[Unit] | UnitArrays
Interview: TypeAlias = tuple[Sequence[Coding], int]


def measure_overlaps(
    codings: Sequence[Coding], *, length: int, codes: Sequence[str] | None = None
) -> Overlaps:
    """Walk along one text once and return what the coefficients need.

    Parameters
    ----------
    codings : sequence over coders
        Each a sequence of (start, end, code), or `UnitArrays`; without overlap within a coder.
    length : int
        Length of the text in characters.
    codes : sequence of str, optional
        All codes; needed with `UnitArrays`, and where interviews are to be added up.

    Raises
    ------
    AgreementError
        If there are fewer than two coders, or a coder's units overlap, are empty or leave
        the text.
    """
    if len(codings) < 2:
        raise AgreementError("Agreement needs two coders or more. Give one list for each coder.")
    names = tuple(codes) if codes is not None else _codes_in(codings)
    place = {name: at + 1 for at, name in enumerate(names)}
    read = [_read_coding(coding, place, length) for coding in codings]
    bounds = np.cumsum([0, *(starts.size for starts, _, _ in read)])
    starts, ends, at = (np.concatenate([part[i] for part in read]) for i in range(3))
    lengths, met = kernels.sweep(
        np.stack([starts, ends]), at.astype(np.int32), bounds.astype(np.int64), (length, len(names))
    )
    own = (ends - starts).astype(np.float64)
    squares: Numbers = np.bincount(at, weights=own**2, minlength=len(names) + 1).astype(float)
    squares[0] = len(codings) * length - own.sum()
    also: Numbers = np.bincount(
        at, weights=met.astype(np.float64) ** 2, minlength=len(names) + 1
    ).astype(float)
    return Overlaps(lengths / (len(codings) - 1), squares, also, names)


def _codes_in(codings: Sequence[Coding]) -> tuple[str, ...]:
    found: set[str] = set()
    for coding in codings:
        if isinstance(coding, UnitArrays):
            raise AgreementError(
                "Units given as arrays carry positions, not names. Pass codes=[...] as well."
            )
        found.update(code for _, _, code in coding)
    return tuple(sorted(found))


def _read_coding(
    coding: Coding, place: dict[str, int], length: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    if isinstance(coding, UnitArrays):
        starts, ends = coding.starts.astype(np.int64), coding.ends.astype(np.int64)
        at = coding.codes.astype(np.int64) + 1
        if at.size and (at.min() < 1 or at.max() > len(place)):
            raise AgreementError("A unit's code is not a position in codes=[...].")
    else:
        units = sorted(coding)
        unknown = sorted({code for _, _, code in units} - set(place))
        if unknown:
            raise AgreementError(f"These codes are not in codes=[...]: {', '.join(unknown)}.")
        starts = np.array([start for start, _, _ in units], dtype=np.int64)
        ends = np.array([end for _, end, _ in units], dtype=np.int64)
        at = np.array([place[code] for _, _, code in units], dtype=np.int64)
    fault = kernels.first_fault(starts, ends, length)
    if fault >= 0:
        raise AgreementError(_fault((int(starts[fault]), int(ends[fault])), length))
    return starts, ends, at


def _fault(unit: tuple[int, int], length: int) -> str:
    start, end = unit
    if end <= start:
        return f"The unit at characters {start}-{end} is empty. Leave it out."
    if start < 0 or end > length:
        return (
            f"The unit at characters {start}-{end} leaves the text of {length} characters. "
            "Check that coding and text belong together."
        )
    return (
        f"The unit at characters {start}-{end} overlaps another unit of the same coder. "
        "Compare one code at a time, or codes of which a coder gives only one to a passage."
    )


def add_overlaps(parts: Sequence[Overlaps], weights: Sequence[float] | None = None) -> Overlaps:
    """Return the sum over interviews that share one list of codes, each times its weight."""
    if not parts:
        raise AgreementError("There is no interview to add up. Give at least one.")
    if len({part.codes for part in parts}) > 1:
        raise AgreementError(
            "The interviews were measured with different lists of codes. "
            "Pass the same codes=[...] to each."
        )
    return adder_of(parts)(np.ones(len(parts)) if weights is None else weights)


def adder_of(parts: Sequence[Overlaps]) -> Callable[[Sequence[float] | Numbers], Overlaps]:
    """Return a function from weights to the weighted sum of these interviews.

    For many sums of the same interviews, as a bootstrap needs: they are laid side by side
    once.

    Parameters
    ----------
    parts : sequence of Overlaps
        Over one list of codes, at least one.
    """
    n = len(parts[0].squares)
    flat = np.stack([np.concatenate([p.lengths.ravel(), p.squares, p.met]) for p in parts])

    def added(weights: Sequence[float] | Numbers) -> Overlaps:
        total = np.asarray(weights, dtype=float) @ flat
        lengths = total[: n * n].reshape(n, n)
        return Overlaps(lengths, total[n * n : -n], total[-n:], parts[0].codes)

    return added


def expected_lengths(observed: Numbers, squares: Numbers) -> Numbers | None:
    """Return what chance expects for these lengths, or None where chance has no room."""
    margins = observed.sum(axis=1)
    total = float(margins.sum())
    below = total - float(squares.sum()) / total if total else 0.0
    if below <= 1e-9 * max(total, 1.0):
        return None
    expected: Numbers = (np.outer(margins, margins) - np.diag(squares)) / below
    return expected


def _off_diagonal(observed: Numbers, squares: Numbers, name: str, why: str) -> Agreement:
    total = float(observed.sum())
    if total == 0:
        return undefined(name, why)
    expected = expected_lengths(observed, squares)
    if expected is None:
        return undefined(name, _NO_ROOM, units=total)
    apart = total - float(np.trace(observed))
    chance = float(expected.sum() - np.trace(expected))
    return one_minus_ratio(name, apart / total, max(chance, 0.0) / total, units=total)


_NO_ROOM = (
    "One unit covers all there is to compare, so no other arrangement is possible. "
    "Report the overlap in characters."
)
_NOT_MET = (
    "No stretch of text was coded by two coders, so their codes cannot be compared. "
    "Look at the coverage, and at what each coder left out."
)


def u_alpha_of(overlaps: Overlaps) -> Agreement:
    """Return u-alpha from measured overlaps."""
    if overlaps.lengths[1:, :].sum() == 0:
        return undefined("u-alpha", _NOBODY, units=float(overlaps.lengths.sum()))
    return _off_diagonal(overlaps.lengths, overlaps.squares, "u-alpha", _NOBODY)


_NOBODY = (
    "No coder coded anything, so there is nothing to agree about. "
    "Report that the code was used by nobody."
)


def u_alpha_binary_of(overlaps: Overlaps) -> Agreement:
    """Return binary u-alpha (coded or not coded) from measured overlaps."""
    full = overlaps.lengths
    table = np.array([[full[0, 0], full[0, 1:].sum()], [full[1:, 0].sum(), full[1:, 1:].sum()]])
    squares = np.array([overlaps.squares[0], overlaps.squares[1:].sum()])
    if table[1].sum() == 0:
        return undefined("u-alpha (binary)", _NOBODY, units=float(full.sum()))
    return _off_diagonal(table, squares, "u-alpha (binary)", _NOBODY)


def cu_alpha_of(overlaps: Overlaps) -> Agreement:
    """Return cu-alpha (codes where both coded) from measured overlaps."""
    return _off_diagonal(overlaps.lengths[1:, 1:], overlaps.met[1:], "cu-alpha", _NOT_MET)


def ku_alpha_of(overlaps: Overlaps, code: str) -> tuple[Agreement, float | None]:
    """Return (k)u-alpha of one code, and the share of its text that another coder coded too."""
    name = f"(k)u-alpha ({code})"
    if code not in overlaps.codes:
        raise AgreementError(f"No coder used the code {code!r}. Check its spelling.")
    at = overlaps.codes.index(code)
    whole = float(overlaps.lengths[at + 1].sum())
    block = overlaps.lengths[1:, 1:]
    shared = float(block[at].sum())
    if shared == 0:
        return undefined(name, _NOT_MET), (0.0 if whole else None)
    coverage = shared / whole
    expected = expected_lengths(block, overlaps.met[1:])
    if expected is None or expected[at].sum() <= 0:
        return undefined(name, _NO_ROOM, units=shared), coverage
    chance = float(1.0 - expected[at, at] / expected[at].sum())
    return one_minus_ratio(name, 1.0 - block[at, at] / shared, chance, units=shared), coverage


def _overlaps(codings: Sequence[Coding], length: int, codes: Sequence[str] | None) -> Overlaps:
    return measure_overlaps(codings, length=length, codes=codes)


def u_alpha(
    codings: Sequence[Coding], *, length: int, codes: Sequence[str] | None = None
) -> Agreement:
    """Return u-alpha of one text: whether boundaries and codes agree.

    Examples
    --------
    >>> first = [(0, 40, "a"), (60, 80, "b")]
    >>> second = [(10, 50, "a"), (65, 85, "b")]
    >>> round(u_alpha([first, second], length=100).required(), 6)
    0.579063
    """
    return u_alpha_of(_overlaps(codings, length, codes))


def u_alpha_binary(
    codings: Sequence[Coding], *, length: int, codes: Sequence[str] | None = None
) -> Agreement:
    """Return binary u-alpha of one text: whether the same text is coded at all."""
    return u_alpha_binary_of(_overlaps(codings, length, codes))


def cu_alpha(
    codings: Sequence[Coding], *, length: int, codes: Sequence[str] | None = None
) -> Agreement:
    """Return cu-alpha of one text: whether the codes agree where both coded."""
    return cu_alpha_of(_overlaps(codings, length, codes))


def ku_alpha(
    codings: Sequence[Coding], *, length: int, code: str, codes: Sequence[str] | None = None
) -> tuple[Agreement, float | None]:
    """Return (k)u-alpha of one code and its coverage, for one text."""
    return ku_alpha_of(_overlaps(codings, length, codes), code)
