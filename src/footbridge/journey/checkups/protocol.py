"""The missed-contact sequence: what to do, from weeks before a check-up to after its window.

The published list works with addresses, returned mail and relatives. None of that is kept
here, so each step has a safe substitute: ways that the person agreed to, hours at which
they come by anyway, an agreed service, and a day that is given at every contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from footbridge.journey.checkups.rules import CheckupError, Due, Means
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the sequence.

    Parameters
    ----------
    days : int
        Days from the due day of the check-up; negative before it.
    means : Means or None
        The way of contact that it uses, with consent to contact; None for a step that
        reaches for nobody and is ticked off.
    """

    id: str
    words: Mapping[Language, str]
    why: Mapping[Language, str]
    days: int
    means: Means | None
    source: str


class Standing(StrEnum):
    """Where a step stands on a day."""

    DONE = "done"
    NOW = "now"
    PASSED = "passed"
    LATER = "later"
    NOT_AGREED = "not-agreed"


@dataclass(frozen=True, slots=True)
class Line:
    """A step with its day, and where it stands."""

    step: Step
    on: date
    standing: Standing


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was done for one check-up.

    Parameters
    ----------
    since : date
        The day of the last check-up, or of the start.
    tried : tuple of (date, Means)
        Attempts since then.
    ticked : frozenset of str
        Ids of the steps that were ticked off for it.
    """

    since: date
    tried: tuple[tuple[date, Means], ...] = ()
    ticked: frozenset[str] = frozenset()


def check_steps(steps: Sequence[Step]) -> None:
    """Refuse a sequence in which an id stands twice, or days go backwards.

    Raises
    ------
    CheckupError
        If the steps are not in the order of their days, or one id names two of them.
    """
    days = [step.days for step in steps]
    if not steps or days != sorted(days) or len({step.id for step in steps}) < len(steps):
        raise CheckupError(
            gettext_noop(
                "The contact steps cannot work: each needs an id of its own, and they stand in the "
                "order of their days. Correct their file."
            )
        )


def lines(
    steps: Sequence[Step],
    due: Due,
    *,
    so_far: SoFar,
    may_contact: bool,
    on: date,
) -> tuple[Line, ...]:
    """Return the steps that belong to one check-up, each with where it stands on a day.

    Steps whose day lies before the last check-up are left out: the person was there then.
    An attempt does the latest step of its means that had begun on its day. Of the steps
    that have begun and are open, the last one is to be done now; those before it have
    passed, since what comes later in the sequence reaches further.
    """
    mine = [(step, due.on + timedelta(days=step.days)) for step in steps]
    mine = [(step, day) for step, day in mine if day > so_far.since]
    done = set(so_far.ticked)
    for day, means in so_far.tried:
        begun = [step.id for step, starts in mine if step.means is means and starts <= day]
        done.update(begun[-1:])
    found = []
    for step, day in mine:
        if step.id in done:
            standing = Standing.DONE
        elif step.means is not None and not may_contact:
            standing = Standing.NOT_AGREED
        else:
            standing = Standing.NOW if day <= on else Standing.LATER
        found.append(Line(step, day, standing))
    last = max((at for at, line in enumerate(found) if line.standing is Standing.NOW), default=-1)
    return tuple(
        Line(line.step, line.on, Standing.PASSED)
        if line.standing is Standing.NOW and at < last
        else line
        for at, line in enumerate(found)
    )


def now(found: Iterable[Line]) -> Line | None:
    """Return the step to be done now; None where all that have begun are done."""
    return next((line for line in found if line.standing is Standing.NOW), None)
