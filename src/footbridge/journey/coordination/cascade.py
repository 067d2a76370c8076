"""The recovery-management cascade, counted from what the summaries tell.

Checked up, talked over, in need, agreed, showed, stayed 14 days: the steps of the published
example of 915 interviews (rmi-facts 2.18). Value is *linked and stayed*, never "referred".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from footbridge.journey.people.records import Course
from footbridge.trust.quarters import Quarter
from footbridge.trust.weeks import IsoWeek

LEAST_BASE = 30  # below it a percentage says more than it knows (confidentiality.md, section 3)
_END = IsoWeek(9999, 1)


class Step(StrEnum):
    """The steps, each within the one before it."""

    CHECKED_UP = "checked-up"
    TALKED_OVER = "talked-over"
    IN_NEED = "in-need"
    AGREED = "agreed"
    SHOWED = "showed"
    STAYED = "stayed"


PUBLISHED = {
    Step.CHECKED_UP: 915,
    Step.TALKED_OVER: 885,
    Step.IN_NEED: 429,
    Step.AGREED: 271,
    Step.SHOWED: 149,
    Step.STAYED: 48,
}
"""Women offenders, first 90 days, n = 480 (rmi-facts 2.18, source S49)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One step: how many check-ups came so far, of how many at the step before.

    Parameters
    ----------
    share : float or None
        Percent of the step before, to one decimal; None where its base is under 30.
    """

    step: Step
    count: int
    of: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Checkup:
    """One check-up held, with the treatment that the person was linked to until the next."""

    week: IsoWeek
    talked_over: bool
    in_need: bool
    agreed: bool
    showed: bool
    stayed: bool


def checkups(courses: Sequence[Course]) -> list[Checkup]:
    """Return one person's check-ups, each with what followed until the next one.

    Without need there is nothing to negotiate: the result is told at the check-up itself.
    In need, it counts as talked over once the linkage meeting was held.
    """
    held = sorted(
        (one for one in courses if one.kind == "checkup" and "held" in one.codes),
        key=lambda one: one.week,
    )
    treatment = [one for one in courses if one.kind == "referral" and "treatment" in one.codes]
    ends = [following.week for _, following in pairwise(held)] + [_END]
    return [_followed(one, until, treatment) for one, until in zip(held, ends, strict=False)]


def _followed(checkup: Course, until: IsoWeek, treatment: Iterable[Course]) -> Checkup:
    met, need = "met" in checkup.codes, "need" in checkup.codes
    begun = [
        one
        for one in treatment
        # Two check-ups in one week: what began in it belongs to the later one only.
        if checkup.week <= one.week < until and "linked" in one.codes
    ]
    return Checkup(
        week=checkup.week,
        talked_over=met or not need,
        in_need=need and met,
        agreed=need and met and "agreed" in checkup.codes,
        showed=bool(begun),
        stayed=any("engaged" in one.codes for one in begun),
    )


_PASSED: Sequence[tuple[Step, Callable[[Checkup], bool]]] = (
    (Step.CHECKED_UP, lambda one: True),
    (Step.TALKED_OVER, lambda one: one.talked_over),
    (Step.IN_NEED, lambda one: one.in_need),
    (Step.AGREED, lambda one: one.agreed),
    (Step.SHOWED, lambda one: one.showed),
    (Step.STAYED, lambda one: one.stayed),
)


def cascade(
    people: Iterable[Sequence[Course]], *, quarter: Quarter | None = None
) -> tuple[Counted, ...]:
    """Count the check-ups of a quarter (or of all time) through the steps.

    Parameters
    ----------
    people : iterable of sequences of Course
        Everybody's courses, of all kinds.
    """
    found = [
        one
        for courses in people
        for one in checkups(courses)
        if quarter is None or quarter.holds(one.week)
    ]
    counts = []
    for _, passed in _PASSED:
        found = [one for one in found if passed(one)]
        counts.append(len(found))
    return counted(dict(zip(Step, counts, strict=True)))


def counted(counts: dict[Step, int]) -> tuple[Counted, ...]:
    """Return steps with their shares of the step before."""
    before = counts[Step.CHECKED_UP]
    lines = []
    for step in Step:
        lines.append(Counted(step, counts[step], before, percent_if_enough(counts[step], before)))
        before = counts[step]
    return tuple(lines)


def percent_if_enough(count: int, of: int) -> float | None:
    """Return a percentage to one decimal, or None where the base is under 30.

    Examples
    --------
    >>> percent_if_enough(429, 885)
    48.5
    >>> percent_if_enough(3, 9) is None
    True
    """
    return round(100 * count / of, 1) if of >= LEAST_BASE else None
