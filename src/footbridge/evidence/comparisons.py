"""Outcomes of a study compared between two arms, with missing answers stated both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from footbridge.evidence.proportions import ArmCount, Comparison, ComparisonError, compare
from footbridge.trust.decisions import gettext_noop


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """One person in a coded extract: an arm and answers; None where nothing is known."""

    arm: str
    answers: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class OutcomeQuestion:
    """An outcome that is yes or no, and which of the two is the good one."""

    id: str
    favourable: bool


@dataclass(frozen=True, slots=True)
class OutcomeComparison:
    """One outcome in two arms, first minus second.

    Attributes
    ----------
    complete_case : Comparison
        Only people whose answer is known.
    missing_unfavourable : Comparison
        Everybody; an answer that is not known counts as the bad one.
    missing : tuple of int
        People without an answer, in the first and in the second arm.
    """

    question: OutcomeQuestion
    complete_case: Comparison
    missing_unfavourable: Comparison
    missing: tuple[int, int]

    @property
    def agree(self) -> bool:
        """Whether both ways say the same about the sign and about zero in the interval."""
        return _verdict(self.complete_case) == _verdict(self.missing_unfavourable)


def compare_outcomes(
    rows: Iterable[ExtractRow],
    questions: Sequence[OutcomeQuestion],
    *,
    arms: tuple[str, str],
    level: float = 0.95,
) -> tuple[OutcomeComparison, ...]:
    """Return each outcome compared between two arms, first minus second.

    Parameters
    ----------
    rows : iterable of ExtractRow
        One row for each person who was allocated, also those never seen again.
    questions : sequence of OutcomeQuestion
        What is compared. An answer that a row leaves out is missing.
    arms : tuple of str
        The two arms; every row must belong to one of them.
    level : float
        Level of the intervals.

    Raises
    ------
    ComparisonError
        If a row is of another arm, or nobody's answer is known in an arm.
    """
    people = tuple(rows)
    for row in people:
        if row.arm not in arms:
            stray = gettext_noop(
                "A row is of arm {arm}, and the arms compared are {first} and {second}. "
                "Leave other arms out before, and say so in the report."
            )
            raise ComparisonError(stray, arm=row.arm, first=arms[0], second=arms[1])
    return tuple(_compare_one(people, question, arms, level) for question in questions)


def compare_counts(
    first: ArmCount,
    second: ArmCount,
    *,
    question: OutcomeQuestion,
    missing: tuple[int, int] = (0, 0),
    level: float = 0.95,
) -> OutcomeComparison:
    """Return one outcome compared from counts of known answers and numbers missing.

    Raises
    ------
    ComparisonError
        If a number missing is negative.
    """
    if min(missing) < 0:
        negative = gettext_noop(
            "A number of missing answers is negative ({missing}). "
            "Counts are of people: check how the extract was made."
        )
        raise ComparisonError(negative, missing=min(missing))
    filled = [
        ArmCount(
            arm=count.arm,
            events=count.events + (0 if question.favourable else unknown),
            total=count.total + unknown,
        )
        for count, unknown in zip((first, second), missing, strict=True)
    ]
    return OutcomeComparison(
        question=question,
        complete_case=compare(first, second, level=level),
        missing_unfavourable=compare(filled[0], filled[1], level=level),
        missing=missing,
    )


def _compare_one(
    people: tuple[ExtractRow, ...], question: OutcomeQuestion, arms: tuple[str, str], level: float
) -> OutcomeComparison:
    counts: list[ArmCount] = []
    missing: list[int] = []
    for arm in arms:
        answers = [row.answers.get(question.id) for row in people if row.arm == arm]
        known = [answer for answer in answers if answer is not None]
        counts.append(ArmCount(arm, sum(known), len(known)))
        missing.append(len(answers) - len(known))
    return compare_counts(
        counts[0],
        counts[1],
        question=question,
        missing=(missing[0], missing[1]),
        level=level,
    )


def _verdict(comparison: Comparison) -> int:
    """Return 1 or -1 where the interval leaves out zero on that side, else 0."""
    low, high = comparison.interval.low, comparison.interval.high
    return int(low > 0) - int(high < 0)
