r"""How many come back, honestly: only recognised people can be seen to return.

.. math:: \text{observed} = \text{true} \times \text{match rate}

A person who starts again under a new handle is counted as somebody new, so the rate that
records show is too low by the share of people who are not recognised. It is never shown
alone: beside it stands the range of true rates that the match rate leaves open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from footbridge.trust.decisions import HouseError, gettext_noop

LEAST_BASE = 30
"""Percentages only where the base is so large (confidentiality.md, section 3)."""
Z95 = 1.959964


class ReturnsError(HouseError):
    """A match rate that cannot be right."""


@dataclass(frozen=True, slots=True)
class Range:
    """A share between two bounds, both from 0 to 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Returns:
    """What is seen of returns, and what may be true.

    Parameters
    ----------
    seen, base : int
        Stays after which a return was seen, out of stays that ended long enough ago.
    observed : float or None
        Their share; None under a base of 30.
    true : Range or None
        The true share, for match rates between the bounds: the seen share divided by them.
    true95 : Range or None
        The same with the uncertainty of counting (Wilson, 95 %) besides.
    """

    seen: int
    base: int
    observed: float | None
    true: Range | None
    true95: Range | None


def shown_rate(true: float, *, match: float) -> float:
    """Return the rate that records show where only some who return are recognised.

    Examples
    --------
    >>> round(shown_rate(0.45, match=0.60), 2)
    0.27
    """
    check_match(Range(match, match))
    return true * match


def true_range(observed: float, *, match: Range) -> Range:
    """Return the true rates that a shown rate allows, between two match rates.

    Examples
    --------
    >>> found = true_range(0.27, match=Range(0.6, 0.9))
    >>> round(found.low, 2), round(found.high, 2)
    (0.3, 0.45)
    """
    check_match(match)
    return Range(min(1.0, observed / match.high), min(1.0, observed / match.low))


def wilson(seen: int, base: int, *, z: float = Z95) -> Range:
    """Return Wilson's score interval of a share.

    References
    ----------
    Wilson (1927), J. Am. Stat. Assoc. 22, 209-212, doi:10.1080/01621459.1927.10502953
    """
    share, spread = seen / base, z * z / base
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / base + spread / (4 * base)) / (1 + spread)
    return Range(max(0.0, middle - half), min(1.0, middle + half))


def returns(seen: int, base: int, *, match: Range) -> Returns:
    """Return what some seen returns say, with the bounds of the match rate.

    Raises
    ------
    ReturnsError
        If a bound is not over 0 and at most 1, or they are the wrong way round.
    """
    check_match(match)
    if base < LEAST_BASE:
        return Returns(seen, base, None, None, None)
    counted = wilson(seen, base)
    low = true_range(counted.low, match=match).low
    high = true_range(counted.high, match=match).high
    return Returns(seen, base, seen / base, true_range(seen / base, match=match), Range(low, high))


def check_match(match: Range) -> None:
    """Raise ReturnsError unless the bounds are over 0, at most 1, and in their order."""
    if not 0 < match.low <= match.high <= 1:
        raise ReturnsError(
            gettext_noop(
                "These match rates cannot be: each is over 0 and at most 100 in 100, and the "
                "lower one comes first. Enter them again."
            )
        )
