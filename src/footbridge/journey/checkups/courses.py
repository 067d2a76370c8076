"""What the summary is told of each check-up: codes, counts and a week, never a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from footbridge.journey.checkups.records import CheckupHeld, LinkageMeetingHeld
from footbridge.journey.checkups.rules import Agreed, Need
from footbridge.journey.checkups.state import CheckupState
from footbridge.journey.people.records import Course
from footbridge.trust.weeks import IsoWeek


def courses(state: CheckupState) -> list[Course]:
    """Return one course of the kind ``checkup`` for each that was held or missed.

    Codes: held or missed; in-window; need, or not-known; used; elsewhere-yes or elsewhere-no;
    met, with agreed, refused or undecided, and doubted where the first word was not yes.
    Counts: month and attempts, those between the check-up before and this one.
    """
    return sorted(_courses(state), key=lambda course: course.week)


def ending(state: CheckupState) -> list[Course]:
    """Return a course of the kind ``schedule`` where check-ups ended before their schedule."""
    if state.ended is None:
        return []
    codes = frozenset({"ended", f"ended-{state.ended.why.value}"})
    return [Course("schedule", IsoWeek.of(state.ended.ended_on), codes)]


def has_ended(told: Iterable[Course]) -> bool:
    """Whether a summary tells that check-ups have ended, so that none is missing."""
    return any(one.kind == "schedule" and "ended" in one.codes for one in told)


def _courses(state: CheckupState) -> Iterator[Course]:
    ends = sorted([one.held_on for one in state.held] + [one.found_on for one in state.missed])
    for held, timely in zip(state.held, state.timely, strict=True):
        codes = {"held", *_found(held), *_talked(held, state)}
        if timely:
            codes.add("in-window")
        counts = {"month": held.month, "attempts": _attempts(state, ends, held.held_on)}
        yield Course("checkup", IsoWeek.of(held.held_on), frozenset(codes), counts)
    for missed in state.missed:
        counts = {"month": missed.month, "attempts": _attempts(state, ends, missed.found_on)}
        yield Course("checkup", IsoWeek.of(missed.found_on), frozenset({"missed"}), counts)


def _found(held: CheckupHeld) -> Iterator[str]:
    if held.need is Need.IN_NEED:
        yield "need"
    elif held.need is Need.NOT_KNOWN:
        yield "not-known"
    if held.days_used:
        yield "used"
    if held.elsewhere is not None:
        yield "elsewhere-yes" if held.elsewhere else "elsewhere-no"


_SAID = {Agreed.YES: "agreed", Agreed.NO: "refused", Agreed.NOT_YET: "undecided"}


def _talked(held: CheckupHeld, state: CheckupState) -> Iterator[str]:
    meetings = meetings_about(held, state)
    if meetings:
        yield "met"
        yield _SAID[meetings[-1].agreed]
        if any(Agreed.YES is not (one.first or one.agreed) for one in meetings):
            yield "doubted"


def meetings_about(held: CheckupHeld, state: CheckupState) -> list[LinkageMeetingHeld]:
    """Return the linkage meetings between a check-up and the next one."""
    later = [one.held_on for one in state.held if one.held_on > held.held_on]
    until = min(later, default=date.max)
    return [one for one in state.meetings if held.held_on <= one.held_on < until]


def _attempts(state: CheckupState, ends: list[date], on: date) -> int:
    before = max((day for day in ends if day < on), default=date.min)
    return sum(before < one.attempted_on <= on for one in state.tried)
