"""Thresholds, rounding and percentages: what a reader is shown of one count."""

from __future__ import annotations

from dataclasses import dataclass

from footbridge.disclosure.errors import DisclosureError

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """How careful a copy is.

    Parameters
    ----------
    threshold : int
        Counts of fewer people than this are hidden, and a hidden cell's feasible range
        is at least as wide as this.
    base : int
        Shown counts are rounded to multiples of this, each on its own; 1 for no rounding.
    percent_base : int
        A percentage needs at least this many people under the line.
    limit : float
        Where more than this share of the inner cells is hidden, only margins are shown.

    References
    ----------
    Threshold 11: CMS Cell Size Suppression Policy (ResDAC, 2024), counts of 1 to 10 and all
    that lets them be derived. Threshold 5: the usual one of inner tools (OMOP).
    """

    threshold: int
    base: int = 1
    percent_base: int = 30
    limit: float = 0.4

    def __post_init__(self) -> None:
        if self.threshold < 2 or self.base < 1 or not 0 < self.limit <= 1:
            raise DisclosureError(
                "This rule protects nobody.",
                "A threshold is at least 2, a base at least 1, a limit between 0 and 1.",
                "Use OUTSIDE or INSIDE, or mend the numbers.",
            )

    def rounded(self, count: int) -> int:
        """Return a count as it is shown.

        Examples
        --------
        >>> [OUTSIDE.rounded(count) for count in (11, 12, 13, 17, 18)]
        [10, 10, 15, 15, 20]
        """
        return self.base * ((count + self.base // 2) // self.base)

    def behind(self, shown: int) -> Interval:
        """Return which counts a shown number may stand for; a reader knows this rule.

        Examples
        --------
        >>> OUTSIDE.behind(10), OUTSIDE.behind(15), INSIDE.behind(7)
        ((11, 12), (13, 17), (7, 7))
        """
        low = shown - self.base // 2
        return max(low, self.threshold), low + self.base - 1

    def percent(self, part: int | None, whole: int | None) -> int | None:
        """Return a whole percentage, made of two shown numbers only.

        None where one of them is hidden, or the base may be too small. Since it is made
        of what is shown anyway, it tells nothing more.

        Examples
        --------
        >>> OUTSIDE.percent(15, 60), OUTSIDE.percent(15, 30), OUTSIDE.percent(None, 60)
        (25, None, None)
        """
        if part is None or whole is None or self.behind(whole)[0] < self.percent_base:
            return None
        return min(100, (200 * part + whole) // (2 * whole))


OUTSIDE = Rule(threshold=11, base=5)
"""For copies that leave the programme: hidden under 11, rounded to 5."""

INSIDE = Rule(threshold=5)
"""For the team itself: hidden under 5, not rounded."""
