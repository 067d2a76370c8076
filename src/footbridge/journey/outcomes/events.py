"""Adverse events: how grave each is, who must act by when, and what stands open.

The lists are derived: no list specific to this trial was found (docs/methods/outcome-coding.md).
Every step is an act of care first; noting it comes after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from footbridge.journey.outcomes.rules import Harm
from footbridge.journey.people.records import Course
from footbridge.trust.decisions import Decision, gettext_noop
from footbridge.trust.weeks import IsoWeek


class Seriousness(StrEnum):
    """How grave an event is; all are noted, all are followed to their end."""

    GRAVE = "grave"
    SERIOUS = "serious"


class Duty(StrEnum):
    """Who must see that a step is done."""

    WORKER = "worker"
    TEAM = "team"
    COORDINATOR = "coordinator"
    KEYHOLDERS = "keyholders"


class Act(StrEnum):
    """A step of what follows on an event."""

    SAFE_NOW = "safe-now"
    COORDINATOR_KNOWS = "coordinator-knows"
    STUDY_KNOWS = "study-knows"
    KEYHOLDERS_KNOW = "keyholders-know"
    TELL_PERSON = "tell-person"
    CLOSE_THE_LEAK = "close-the-leak"
    WHAT_WAS_SAID = "what-was-said"
    OVERDOSE_PLAN = "overdose-plan"
    SAFETY_PLAN = "safety-plan"
    LEGAL_HELP = "legal-help"
    HEALTH_HELP = "health-help"
    FIRST_CONTACT = "first-contact"
    NO_ONE_CALLS = "no-one-calls"
    COLLEAGUES = "colleagues"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, who sees to it, and within how many days of noting the event."""

    act: Act
    duty: Duty
    days: int


_W, _T, _C, _K = Duty.WORKER, Duty.TEAM, Duty.COORDINATOR, Duty.KEYHOLDERS

PATHS: Mapping[Harm, tuple[Step, ...]] = MappingProxyType(
    {
        Harm.DEATH: (
            Step(Act.COORDINATOR_KNOWS, _W, 0),
            Step(Act.NO_ONE_CALLS, _W, 0),
            Step(Act.STUDY_KNOWS, _C, 1),
            Step(Act.COLLEAGUES, _C, 3),
            Step(Act.REVIEW, _T, 14),
        ),
        Harm.OVERDOSE: (
            Step(Act.SAFE_NOW, _W, 0),
            Step(Act.OVERDOSE_PLAN, _W, 1),
            Step(Act.COORDINATOR_KNOWS, _W, 1),
            Step(Act.HEALTH_HELP, _W, 3),
            Step(Act.REVIEW, _T, 14),
        ),
        Harm.SUICIDE_ATTEMPT: (
            Step(Act.SAFE_NOW, _W, 0),
            Step(Act.SAFETY_PLAN, _W, 1),
            Step(Act.COORDINATOR_KNOWS, _W, 1),
            Step(Act.HEALTH_HELP, _W, 3),
            Step(Act.REVIEW, _T, 14),
        ),
        Harm.DETENTION: (
            Step(Act.COORDINATOR_KNOWS, _W, 0),
            Step(Act.KEYHOLDERS_KNOW, _C, 1),
            Step(Act.STUDY_KNOWS, _C, 1),
            Step(Act.LEGAL_HELP, _W, 3),
            Step(Act.WHAT_WAS_SAID, _T, 3),
            Step(Act.REVIEW, _T, 14),
        ),
        Harm.BREACH: (
            Step(Act.COORDINATOR_KNOWS, _W, 0),
            Step(Act.CLOSE_THE_LEAK, _C, 0),
            Step(Act.TELL_PERSON, _W, 1),
            Step(Act.KEYHOLDERS_KNOW, _C, 1),
            Step(Act.WHAT_WAS_SAID, _K, 3),
            Step(Act.REVIEW, _T, 14),
        ),
        Harm.VIOLENCE: (
            Step(Act.SAFE_NOW, _W, 0),
            Step(Act.COORDINATOR_KNOWS, _W, 1),
            Step(Act.LEGAL_HELP, _W, 3),
            Step(Act.REVIEW, _T, 14),
        ),
        Harm.HOSPITAL: (
            Step(Act.COORDINATOR_KNOWS, _W, 1),
            Step(Act.FIRST_CONTACT, _W, 2),
            Step(Act.REVIEW, _T, 14),
        ),
    }
)

GRAVE = frozenset({Harm.DEATH, Harm.OVERDOSE, Harm.SUICIDE_ATTEMPT, Harm.DETENTION, Harm.BREACH})
ENDED_BY_DEATH = frozenset({Act.NO_ONE_CALLS})


def seriousness(harm: Harm) -> Seriousness:
    """Return how grave an event is."""
    return Seriousness.GRAVE if harm in GRAVE else Seriousness.SERIOUS


class Standing(StrEnum):
    """Where a step stands on a day."""

    DONE = "done"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Line:
    """A step of an event with its last day, and when it was done."""

    step: Step
    by: date
    done_on: date | None

    def standing(self, *, on: date) -> Standing:
        """Return where the step stands; its last day is not late yet."""
        if self.done_on is not None:
            return Standing.DONE
        return Standing.LATE if on > self.by else Standing.DUE


def path(harm: Harm, noted_on: date, done: Mapping[Act, date]) -> tuple[Line, ...]:
    """Return the steps of an event, the most urgent first.

    Examples
    --------
    >>> [line.step.act.value for line in path(Harm.HOSPITAL, date(2026, 11, 21), {})]
    ['coordinator-knows', 'first-contact', 'review']
    """
    return tuple(
        Line(step, noted_on + timedelta(days=step.days), done.get(step.act)) for step in PATHS[harm]
    )


def may_close(lines: Iterable[Line]) -> Decision:
    """Decide whether an event may be closed: only when every step has been done."""
    left = sum(line.done_on is None for line in lines)
    if left:
        return Decision(
            False,
            gettext_noop(
                "Steps still open: {left}. An event is closed when each of them has been seen to."
            ),
            {"left": left},
        )
    return Decision(True, gettext_noop("Every step has been seen to."))


def may_do(act: Act, harm: Harm, done: Mapping[Act, date]) -> Decision:
    """Decide whether a step may be ticked off: it belongs to this event and is open."""
    if act not in {step.act for step in PATHS[harm]}:
        return Decision(
            False, gettext_noop("This step does not belong to such an event. Look at its list.")
        )
    if act in done:
        return Decision(False, gettext_noop("This step is done already. Nothing was changed."))
    return Decision(True, gettext_noop("The step is open."))


_DUE = "due-"


def course_of(
    harm: Harm, noted_on: date, lines: Iterable[Line], *, closed: bool, related: str
) -> Course:
    """Return what a coordinator is told of an event: its kind, how it stands, and its week.

    Until it is closed, the week in which its next step is due stands as a code, since
    codes, counts and weeks are all that a summary may hold.
    """
    steps = list(lines)
    open_steps = [line.by for line in steps if line.done_on is None]
    codes = {
        harm.value,
        seriousness(harm).value,
        f"related-{related}",
        "closed" if closed else "open",
    }
    if any(line.step.act is Act.COORDINATOR_KNOWS and line.done_on for line in steps):
        codes.add("coordinator-knows")
    if open_steps and not closed:
        codes.add(f"{_DUE}{str(IsoWeek.of(min(open_steps))).lower()}")
    counts = {"steps": len(steps), "done": len(steps) - len(open_steps)}
    return Course("event", IsoWeek.of(noted_on), frozenset(codes), counts)


def is_open(course: Course) -> bool:
    """Whether a course tells of an event that is not closed."""
    return course.kind == "event" and "open" in course.codes


def died(courses: Iterable[Course]) -> bool:
    """Whether a death is among the events that a summary tells of."""
    return any(one.kind == "event" and Harm.DEATH.value in one.codes for one in courses)


def harm_of(course: Course) -> Harm | None:
    """Return the kind of event that a course tells of."""
    return next((harm for harm in Harm if harm.value in course.codes), None)


def is_late(course: Course, *, week: IsoWeek) -> bool:
    """Whether the next step of an open event was due in a week that has passed.

    Examples
    --------
    >>> told = Course("event", IsoWeek(2026, 47), frozenset({"open", "due-2026-w47"}))
    >>> is_late(told, week=IsoWeek(2026, 47)), is_late(told, week=IsoWeek(2026, 48))
    (False, True)
    """
    due = [code for code in course.codes if code.startswith(_DUE)]
    return any(IsoWeek.parse(code.removeprefix(_DUE).upper()) < week for code in due)
