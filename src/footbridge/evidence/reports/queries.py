"""Reading for reports: what was released, and what the coordinators' key lets be counted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from footbridge.disclosure.noise import Budget, Spent
from footbridge.evidence.models import Release
from footbridge.evidence.reports.catalogue import BY_CODE, CATALOGUE, Report, Shape
from footbridge.evidence.reports.content import Content, Copy, digest_of
from footbridge.evidence.reports.counting import Life
from footbridge.evidence.reports.protecting import Draft, draft
from footbridge.journey.people import queries as people
from footbridge.trust.access import circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import AbsentError, RefusedError, gettext_noop
from footbridge.trust.quarters import Quarter, closed


class NoReportError(AbsentError):
    """There is no such report, quarter or release."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("There is no such report here. Choose one from the list of reports.")
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the ledger: the release, and who made it."""

    release: Release
    content: Content
    released_by: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One report in one quarter: released or not, and from which day it may be."""

    quarter: Quarter
    releases: Mapping[str, Release]
    ripe_on: date
    ripe: bool


def may_count(*, by: Actor) -> bool:
    """Whether an actor holds the coordinators' key, with which summaries are counted."""
    return bool(circles.held_by(by, kinds=[CircleKind.COORDINATORS]))


def overview(*, by: Actor, on: date) -> list[tuple[Report, list[Slot]]]:
    """Return every report of the catalogue with its last closed quarters."""
    by.check(Capability.SEE_EVIDENCE)
    held: dict[tuple[str, str], dict[str, Release]] = {}
    for release in Release.objects.all():
        held.setdefault((release.report, release.quarter), {})[release.copy] = release
    return [
        (
            report,
            [
                Slot(
                    quarter,
                    held.get((report.code, str(quarter)), {}),
                    report.ripe_on(quarter),
                    on >= report.ripe_on(quarter),
                )
                for quarter in closed(on)
            ],
        )
        for report in CATALOGUE
    ]


def find(code: str, quarter: str, copy: str) -> tuple[Report, Quarter, Copy]:
    """Return what an address names; raise NoReportError where it names nothing."""
    try:
        return BY_CODE[code], Quarter.parse(quarter), Copy(copy)
    except (KeyError, ValueError) as error:
        raise NoReportError from error


def released(report: Report, quarter: Quarter, copy: Copy) -> Release | None:
    """Return a report's release, if there is one."""
    return Release.objects.filter(report=report.code, quarter=str(quarter), copy=copy.value).first()


def check_ripe(report: Report, quarter: Quarter, copy: Copy, *, on: date) -> None:
    """Raise RefusedError if a quarter is not over, or what is counted may still happen.

    A quarter that is long over stays ripe. The headline number is for outside only.
    """
    if report.shape is Shape.NUMBER and copy is not Copy.OUTSIDE:
        raise NoReportError
    if on < report.ripe_on(quarter):
        raise RefusedError(
            gettext_noop(
                "This report can be released from {day} on: what it counts needs time to happen "
                "after the end of the quarter. Come back on that day."
            ),
            day=report.ripe_on(quarter),
        )


def lives(*, by: Actor) -> list[Life]:
    """Return the courses of everybody whose summary the coordinators' key opens.

    Raises
    ------
    RefusedError
        If the actor does not hold that key.
    """
    by.check(Capability.SEE_EVIDENCE)
    if not may_count(by=by):
        raise RefusedError(
            gettext_noop(
                "Reports are counted with the coordinators' key, which you do not hold. "
                "Ask a coordinator to release this one."
            )
        )
    return [kept.courses for kept in people.counted(by=by)]


def preview(report: Report, quarter: Quarter, copy: Copy, *, by: Actor) -> Draft:
    """Count a report and protect it, releasing nothing.

    Raises
    ------
    ReleaseError
        If it does not fit what was released before.
    """
    if report.count is None:
        raise NoReportError
    sheet = report.count(lives(by=by), quarter)
    return draft(report, quarter, copy, sheet=sheet, earlier=contents())


def contents() -> list[Content]:
    """Return everything that was ever released."""
    return [Content.of(release.content) for release in Release.objects.all()]


def spent() -> list[Spent]:
    """Return what was paid for noisy numbers so far."""
    return [
        Spent(Quarter.parse(one.quarter).year, one.report, Fraction(one.noise["epsilon"]))
        for one in contents()
        if one.noise
    ]


def budget_left(year: int) -> Fraction:
    """Return what is left of a year's noise budget."""
    return Budget().left(year, spent())


def ledger(*, by: Actor) -> list[Line]:
    """Return every release, newest first."""
    by.check(Capability.SEE_EVIDENCE)
    names = {profile.id: profile.name for profile in staff.everybody(site=by.site)}
    rows = Release.objects.order_by("-released_on", "report", "quarter", "copy")
    return [_line(row, names) for row in rows]


def one(release: uuid.UUID, *, by: Actor) -> Line:
    """Return one release; raise NoReportError where there is none."""
    by.check(Capability.SEE_EVIDENCE)
    row = Release.objects.filter(pk=release).first()
    if row is None:
        raise NoReportError
    names = {profile.id: profile.name for profile in staff.everybody(site=by.site)}
    return _line(row, names)


def _line(row: Release, names: Mapping[uuid.UUID, str]) -> Line:
    whole = digest_of(row.content) == row.digest
    return Line(row, Content.of(row.content), names.get(row.released_by, "–"), whole)
