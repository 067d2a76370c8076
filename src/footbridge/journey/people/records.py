"""The summary of a person: coded state only, for a coordinator who may open nothing else."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from footbridge.trust.vault.records import Compartment, EntryKind, RecordError, sealed_record
from footbridge.trust.weeks import IsoWeek

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
# The value is left out on purpose: it may be somebody's words.
REFUSED = (
    "A summary holds codes, counts and weeks only, and it was given something else. "
    "Pass a code in small letters, a number from 0, an ISO week, or None."
)


def _are_codes(found: Iterable[object]) -> bool:
    try:
        return all(map(_CODE.fullmatch, found))  # type: ignore[arg-type]  # it tells of others
    except TypeError:
        return False


def _are_counts(found: Iterable[object]) -> bool:
    return all(type(count) is int and count >= 0 for count in found)


@dataclass(frozen=True, slots=True)
class Course:
    """How one check-up, referral, stay or event went, in codes, counts and a week.

    What a coordinator counts (cascade, tracking, follow-up) is counted from these, so each
    room decides at writing time what a course says: the days themselves stay in `care`.

    Parameters
    ----------
    kind : str
        Code of what took its course, such as ``checkup``, ``referral``, ``stay``.
    week : IsoWeek
        The week to which it is counted.
    codes : frozenset of str
        What was true of it, such as ``in-need``, ``agreed``, ``linked-14``.
    counts : mapping of str to int
        Whole numbers such as ``attempts`` or ``days``.
    """

    kind: str
    week: IsoWeek
    codes: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (
            _are_codes((self.kind, *self.codes, *self.counts))
            and _are_counts(self.counts.values())
            and isinstance(self.week, IsoWeek)
        ):
            raise RecordError(REFUSED)


@sealed_record
@dataclass(frozen=True, slots=True)
class SummaryKept:
    """Where a person stands, in codes, counts and weeks.

    Each one replaces the summary before it. Whatever is not a code, a count or a week is
    refused, so that no words can stray in here from a form.

    Parameters
    ----------
    in_need : bool or None
        What the last check-up decided; None where it is not known.
    agreed : bool or None
        Whether the person agreed to go to a service when last in need; None if not asked.
    referrals : mapping of str to int
        Number of referrals by the code of the state they are in.
    next_window : IsoWeek or None
        The week in which the window of the next check-up opens.
    next_due : IsoWeek or None
        The week of its due day.
    next_visit : IsoWeek or None
        The week of the meeting whose day was given last, at whatever contact.
    held, in_window, missed : int
        Check-ups held, held in their window, and missed.
    attempts : int
        Attempts to reach the person since the last check-up.
    last_seen : IsoWeek or None
        The week of the last check-up or visit.
    consents : frozenset of str
        Codes of the purposes that were agreed to when this was written.
    consents_end : IsoWeek or None
        The week in which the first of them runs out.
    courses : tuple of Course
        How each check-up, referral, stay or event went, oldest first within its kind.
    """

    in_need: bool | None = None
    agreed: bool | None = None
    referrals: Mapping[str, int] = field(default_factory=dict)
    next_window: IsoWeek | None = None
    next_due: IsoWeek | None = None
    next_visit: IsoWeek | None = None
    held: int = 0
    in_window: int = 0
    missed: int = 0
    attempts: int = 0
    last_seen: IsoWeek | None = None
    consents: frozenset[str] = frozenset()
    consents_end: IsoWeek | None = None
    courses: tuple[Course, ...] = ()

    KIND: ClassVar[EntryKind] = EntryKind("summary-kept", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.SUMMARY

    def __post_init__(self) -> None:
        counts = [*self.referrals.values(), self.held, self.in_window, self.missed, self.attempts]
        weeks = [
            *(self.next_window, self.next_due, self.next_visit),
            *(self.last_seen, self.consents_end),
        ]
        if not (
            _are_codes((*self.referrals, *self.consents))
            and _are_counts(counts)
            and all(week is None or isinstance(week, IsoWeek) for week in weeks)
            and all(flag is None or type(flag) is bool for flag in (self.in_need, self.agreed))
            and all(isinstance(course, Course) for course in self.courses)
        ):
            raise RecordError(REFUSED)

    def courses_of(self, kind: str) -> tuple[Course, ...]:
        """Return the courses of one kind, oldest first."""
        return tuple(course for course in self.courses if course.kind == kind)

    def with_courses(self, kind: str, courses: Iterable[Course]) -> tuple[Course, ...]:
        """Return all courses with those of one kind replaced, for ``merged(courses=...)``.

        Raises
        ------
        RecordError
            If one of the new courses is of another kind.
        """
        fresh = sorted(courses, key=lambda course: str(course.week))
        if any(course.kind != kind for course in fresh):
            raise RecordError(
                f"Only courses of the kind {kind} can take the place of the old ones."
            )
        return (*(course for course in self.courses if course.kind != kind), *fresh)

    def merged(self, changes: Mapping[str, object]) -> SummaryKept:
        """Return the summary with some fields changed; the others stay.

        Raises
        ------
        RecordError
            If a change names no field of the summary, or is no code, count or week.
        """
        known = [one.name for one in dataclasses.fields(self)]
        unknown = sorted(set(changes) - set(known))
        if unknown:
            raise RecordError(
                f"A summary has no {', '.join(unknown)}. Change one of {', '.join(known)}."
            )
        values: dict[str, Any] = dict(changes)
        return dataclasses.replace(self, **values)
