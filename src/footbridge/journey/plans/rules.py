"""Who may do what with a plan: strengths first, and objectives that move step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from footbridge.journey.consents.rules import Language
from footbridge.journey.several import Several
from footbridge.trust.decisions import Decision, HouseError, gettext_noop


class PlanError(HouseError):
    """A plan that names something that is not there."""


class Status(StrEnum):
    """Where an objective stands."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class Who(StrEnum):
    """Who does what an objective says; nobody is named."""

    PERSON = "person"
    WORKER = "worker"
    TOGETHER = "together"
    SERVICE = "service"
    SOMEBODY_ELSE = "somebody-else"


class GoalStatus(StrEnum):
    """Where a goal stands."""

    OPEN = "open"
    REACHED = "reached"
    LET_GO = "let-go"


class LetGo(StrEnum):
    """Why an objective is dropped, or a goal let go; words may stand beside it."""

    NOT_WANTED = "not-wanted"
    NOT_NEEDED = "not-needed"
    TOO_MUCH = "too-much"
    IN_THE_WAY = "in-the-way"
    OTHER = "other"


class CrisisPlan(StrEnum):
    """The two plans for a bad hour."""

    SAFETY = "safety"
    OVERDOSE = "overdose"


class Naloxone(StrEnum):
    """Whether naloxone is at hand where the person uses or lives."""

    AT_HAND = "at-hand"
    NOT_AT_HAND = "not-at-hand"
    NOT_KNOWN = "not-known"


# Done leads back to doing only, for an objective that turned out not to be done;
# dropped leads back to open, so that taking something up again is a fresh start.
MOVES: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.OPEN: frozenset({Status.DOING, Status.DONE, Status.DROPPED}),
        Status.DOING: frozenset({Status.OPEN, Status.DONE, Status.DROPPED}),
        Status.DONE: frozenset({Status.DOING}),
        Status.DROPPED: frozenset({Status.OPEN}),
    }
)

# A closed goal is taken up again, never closed twice: so each closing has one reason.
GOAL_MOVES: Mapping[GoalStatus, frozenset[GoalStatus]] = MappingProxyType(
    {
        GoalStatus.OPEN: frozenset({GoalStatus.REACHED, GoalStatus.LET_GO}),
        GoalStatus.REACHED: frozenset({GoalStatus.OPEN}),
        GoalStatus.LET_GO: frozenset({GoalStatus.OPEN}),
    }
)


@dataclass(frozen=True, slots=True)
class Domain:
    """A part of life in which a strength or a goal may lie.

    Parameters
    ----------
    in_trial : bool
        Whether the Shanghai trial's service block names it (drug treatment, social
        security, housing, employment, health).
    """

    id: str
    words: Mapping[Language, str]
    hint: Mapping[Language, str]
    in_trial: bool


def may_move(
    status: Status, to: Status, *, since: date, moved_on: date, why: LetGo | None = None
) -> Decision:
    """Decide whether an objective may go from one status to another on a day.

    Dropping one asks for a reason: what stood in the way is what a service can mend.
    """
    if to not in MOVES[status]:
        return Decision(
            False,
            gettext_noop(
                "An objective that is {status} cannot become {to}: choose one of {allowed}."
            ),
            {"status": status, "to": to, "allowed": Several(sorted(MOVES[status]))},
        )
    if to is Status.DROPPED and why is None:
        return NO_REASON
    if moved_on < since:
        return Decision(
            False,
            gettext_noop(
                "The objective stands as it is since {since}, so it cannot move before that. "
                "Enter that day or a later one."
            ),
            {"since": since},
        )
    return Decision(True, gettext_noop("From {status} to {to}."), {"status": status, "to": to})


NO_REASON = Decision(
    False,
    gettext_noop(
        "Nothing is given up without its reason, because what stood in the way may be "
        "what a service can mend. Choose the reason."
    ),
)


def may_move_goal(
    status: GoalStatus,
    to: GoalStatus,
    *,
    since: date,
    moved_on: date,
    why: LetGo | None = None,
) -> Decision:
    """Decide whether a goal may be closed, or taken up again, on a day."""
    if to not in GOAL_MOVES[status]:
        return Decision(
            False,
            gettext_noop("A goal that is {status} cannot become {to}: choose one of {allowed}."),
            {"status": status, "to": to, "allowed": Several(sorted(GOAL_MOVES[status]))},
        )
    if to is GoalStatus.LET_GO and why is None:
        return NO_REASON
    if moved_on < since:
        return Decision(
            False,
            gettext_noop(
                "The goal stands as it is since {since}, so it cannot change before that. "
                "Enter that day or a later one."
            ),
            {"since": since},
        )
    return Decision(True, gettext_noop("From {status} to {to}."), {"status": status, "to": to})


def may_set_goal(strengths: int) -> Decision:
    """Decide whether a goal may be set: not before one strength has been noted."""
    if strengths < 1:
        return Decision(
            False,
            gettext_noop(
                "No strength is noted yet, and a plan starts from what somebody can do. "
                "Ask what has worked before, and note it."
            ),
        )
    return Decision(
        True, gettext_noop("The plan starts from {strengths} strengths."), {"strengths": strengths}
    )


def may_set_objective(
    *, set_on: date, by_when: date | None, goal: GoalStatus = GoalStatus.OPEN
) -> Decision:
    """Decide whether an objective may be set towards a goal, due on a day."""
    if goal is not GoalStatus.OPEN:
        return Decision(
            False,
            gettext_noop(
                "This goal is {goal}, so it takes no new step. Take the goal up again first."
            ),
            {"goal": goal},
        )
    if by_when is not None and by_when < set_on:
        return Decision(
            False,
            gettext_noop(
                "{by_when} is before the day on which the objective is set. "
                "Choose a later day, or leave it open."
            ),
            {"by_when": by_when},
        )
    return Decision(True, gettext_noop("The objective may be set."))
