"""Pages of reports: the catalogue, a preview, the ledger, a release and its file."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.evidence.reports import actions, queries, reading
from footbridge.evidence.reports.catalogue import BY_CODE, Report, Shape
from footbridge.evidence.reports.content import Copy
from footbridge.evidence.reports.labels import COPIES, COUNTED
from footbridge.evidence.reports.protecting import EPSILON
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError
from footbridge.trust.quarters import Quarter


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def catalogue(request: VisitRequest) -> HttpResponse:
    """List every report with its last closed quarters."""
    found = queries.overview(by=request.actor, on=timezone.localdate())
    lines = [
        {
            "title": reading.title(report),
            "counted": COUNTED[report.code],
            "code": report.code,
            "copies": [words for _, words in _copies(report)],
            "rows": [_row(report, slot) for slot in slots],
        }
        for report, slots in found
    ]
    context = {"lines": lines, "may_count": queries.may_count(by=request.actor)}
    return render(request, "evidence/reports.html", context)


@staff_door(Capability.SEE_EVIDENCE)
@require_http_methods(["GET", "POST"])
def preview(request: VisitRequest, report: str, quarter: str, copy: str) -> HttpResponse:
    """Show what would be released, and release it."""
    asked = queries.find(report, quarter, copy)
    on = timezone.localdate()
    before = queries.released(*asked)
    if before is not None:
        return redirect("evidence:release", before.pk)
    context: dict[str, object] = {"title": reading.title(asked[0]), "copy": COPIES[asked[2]]}
    context |= {"said": reading.period(asked[1]), "counted": COUNTED[asked[0].code]}
    try:
        queries.check_ripe(asked[0], asked[1], asked[2], on=on)
        if request.method == "POST":
            made = actions.release(*asked, by=request.actor, on=on, draws=secrets.randbelow)
            request.visit.say(gettext("Released. From now on it is served unchanged."))
            return redirect("evidence:release", made.pk)
        context |= _shown(asked, request)
    except queries.NoReportError:
        raise
    except HouseError as error:
        context["refused"] = say(error)
    return render(request, "evidence/preview.html", context)


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def ledger(request: VisitRequest) -> HttpResponse:
    """List everything that left, with who let it and when."""
    lines = [
        {
            "line": line,
            "title": reading.title(BY_CODE[line.content.report]),
            "said": reading.period(line.content.quarter),
            "copy": COPIES[line.content.copy],
        }
        for line in queries.ledger(by=request.actor)
    ]
    year = timezone.localdate().year
    context = {"lines": lines, "year": year, "left": float(queries.budget_left(year))}
    return render(request, "evidence/ledger.html", context)


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def release(request: VisitRequest, release_id: UUID) -> HttpResponse:
    """Show a released table, as it was on the day of its release."""
    line = queries.one(release_id, by=request.actor)
    context = {
        "line": line,
        "title": reading.title(BY_CODE[line.content.report]),
        "said": reading.period(line.content.quarter),
        "copy": COPIES[line.content.copy],
        "grid": reading.released_grid(line.content),
        "notes": reading.notes(line.content),
    }
    return render(request, "evidence/release.html", context)


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def release_csv(request: VisitRequest, release_id: UUID) -> HttpResponse:
    """Give a released table as a file."""
    line = queries.one(release_id, by=request.actor)
    name = f"{line.content.report}-{line.content.quarter}-{line.content.copy}.csv"
    return HttpResponse(
        reading.as_csv(line.content),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _copies(report: Report) -> list[tuple[str, object]]:
    number = report.shape is Shape.NUMBER
    return [(one.value, COPIES[one]) for one in Copy if not (number and one is Copy.INSIDE)]


def _row(report: Report, slot: queries.Slot) -> dict[str, object]:
    cells = [
        {
            "code": code,
            "words": words,
            "made": slot.releases.get(code),
            "ripe": slot.ripe,
            "ripe_on": slot.ripe_on,
        }
        for code, words in _copies(report)
    ]
    return {"said": reading.period(slot.quarter), "quarter": str(slot.quarter), "cells": cells}


def _shown(asked: tuple[Report, Quarter, Copy], request: VisitRequest) -> dict[str, object]:
    report, quarter, copy = asked
    if report.shape is Shape.NUMBER:
        queries.lives(by=request.actor)  # refuses whoever holds no key to count with
        left = queries.budget_left(quarter.year)
        return {"number": True, "epsilon": float(EPSILON), "left": float(left)}
    found = queries.preview(report, quarter, copy, by=request.actor)
    context: dict[str, object] = {
        "grid": reading.preview_grid(report, quarter, found, copy.rule),
        "narrowest": found.protected.narrowest,
        "threshold": copy.rule.threshold,
        "hidden": len(found.protected.why),
        "nothing": found.content is None,
    }
    if found.content is not None:
        context["notes"] = reading.notes(found.content)
    return context
