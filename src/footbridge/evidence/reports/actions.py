"""Releasing: count, protect, store, and say so on the trail; once for each quarter."""

from __future__ import annotations

from datetime import date

from footbridge.disclosure.errors import BudgetError
from footbridge.disclosure.noise import Budget, Draws, Spent
from footbridge.evidence.models import Release
from footbridge.evidence.reports import queries
from footbridge.evidence.reports.catalogue import Report, Shape
from footbridge.evidence.reports.content import Content, Copy
from footbridge.evidence.reports.counting import in_care
from footbridge.evidence.reports.protecting import EPSILON, ReleaseError, headline
from footbridge.trust.access.actors import Actor
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import gettext_noop
from footbridge.trust.quarters import Quarter


def release(
    report: Report, quarter: Quarter, copy: Copy, *, by: Actor, on: date, draws: Draws
) -> Release:
    """Release a report for a quarter; what was released before is returned unchanged.

    Parameters
    ----------
    draws : callable
        The source of chance for a number with noise.

    Raises
    ------
    RefusedError
        If the quarter is not ripe, or the actor holds no key to count with.
    ReleaseError
        If nothing can be shown, it contradicts an earlier release, or the noise budget
        is spent.
    """
    before = queries.released(report, quarter, copy)
    if before is not None:
        return before
    queries.check_ripe(report, quarter, copy, on=on)
    if report.shape is Shape.NUMBER:
        content = _number(report, quarter, by=by, draws=draws)
    else:
        found = queries.preview(report, quarter, copy, by=by)
        if found.content is None:
            raise ReleaseError(
                gettext_noop(
                    "So few people are counted here that not even a total can be shown. "
                    "Nothing was released; use the number of people in care, which bears noise."
                )
            )
        content = found.content
    detail = f"{report.code} {quarter} {copy.value} {content.digest}"
    with act("report.released", by=by.id, on=on, site=by.site, detail=detail):
        return Release.objects.create(
            report=report.code,
            quarter=str(quarter),
            copy=copy.value,
            content=content.as_json(),
            digest=content.digest,
            released_by=by.id,
            released_on=on,
        )


def _number(report: Report, quarter: Quarter, *, by: Actor, draws: Draws) -> Content:
    try:
        Budget().check(Spent(quarter.year, report.code, EPSILON), queries.spent())
    except BudgetError as error:
        raise ReleaseError(
            gettext_noop(
                "The noise budget of {year} is spent: many noisy answers about the same people, "
                "laid together, are no longer noisy. Use a number that was released already."
            ),
            year=quarter.year,
        ) from error
    count = in_care(queries.lives(by=by), quarter)
    return headline(report, quarter, count, draws=draws)
