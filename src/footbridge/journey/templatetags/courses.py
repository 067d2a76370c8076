"""Courses over time: scores as a table with a small line, outcomes as a table with bands."""

from __future__ import annotations

from datetime import date

from django import template

from footbridge.journey.assessments import calendar
from footbridge.journey.assessments.records import UseCalendarTaken
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.assessments.scoring import possible
from footbridge.journey.assessments.state import AssessmentState
from footbridge.journey.outcomes import queries as outcomes
from footbridge.journey.outcomes.state import OutcomeState

register = template.Library()
WIDTH, HEIGHT, MARGIN = 240, 48, 4


@register.inclusion_tag("assessments/scores.html")
def scores_over_time(state: AssessmentState, instrument: Instrument) -> dict[str, object]:
    """Show every sitting of an instrument: a table, and its first scale as a line."""
    course = state.course(instrument)
    first = instrument.scales[0]
    low, high = possible(instrument, first)
    known = [
        (taken_on, value)
        for taken_on, scores in course
        if (value := scores[first.id].value) is not None
    ]
    dots = _dots(known, low=low, high=high) if len(known) > 1 else []
    return {
        "instrument": instrument,
        "dots": dots,
        "line": " ".join(f"{x},{y}" for x, y in dots),
        "first": first,
        "rows": [
            (taken_on, [(scale, scores[scale.id]) for scale in instrument.scales])
            for taken_on, scores in course
        ],
    }


@register.inclusion_tag("assessments/calendar-line.html")
def calendar_line(taken: UseCalendarTaken) -> dict[str, object]:
    """Say what the last calendar adds up to, in a line."""
    summary = calendar.summarise(taken.marks)
    known = summary.used + summary.not_used
    return {"calendar": taken, "summary": summary, "known": known}


@register.inclusion_tag("outcomes/lines.html")
def outcomes_over_time(state: OutcomeState) -> dict[str, object]:
    """Show every time point: a table, and from two on the picture of states."""
    stretches = outcomes.stretches(state)
    return {
        "lines": outcomes.lines(state),
        "composed": outcomes.composed(state),
        "stretches": stretches if len(stretches) > 1 else [],
        "marks": outcomes.happened(state),
        "starts": stretches[0].starts if stretches else None,
        "ends": stretches[-1].ends if stretches else None,
    }


def _dots(known: list[tuple[date, float]], *, low: float, high: float) -> list[tuple[str, str]]:
    """Place each score: days from left to right, points of the scale from bottom to top."""
    first, last = known[0][0], known[-1][0]
    span = max((last - first).days, 1)
    across, up = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    return [
        (
            f"{MARGIN + across * (on - first).days / span:.1f}",
            f"{HEIGHT - MARGIN - up * (value - low) / (high - low):.1f}",
        )
        for on, value in known
    ]
