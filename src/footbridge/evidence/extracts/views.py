"""Pages of extracts: a study's list, asking, and the page where the second person decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from footbridge.evidence import queries as studies
from footbridge.evidence.extracts import actions, forms, queries
from footbridge.evidence.extracts.actions import Wanted
from footbridge.evidence.extracts.labels import ICONS, STAGES, VARIABLES
from footbridge.evidence.extracts.making import ExtractError
from footbridge.evidence.extracts.queries import Line, Stage
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.SEE_EVIDENCE)
@require_http_methods(["GET", "POST"])
def extracts(request: VisitRequest, study_id: UUID) -> HttpResponse:
    """List a study's extracts, and ask for one."""
    study, on = studies.get(study_id, by=request.actor), timezone.localdate()
    if study is None:
        raise Http404
    mine = studies.may_open(study, by=request.actor)
    form = forms.AskForm(request.POST or None) if mine else None
    if form is not None and form.is_valid():
        data = form.cleaned_data
        wanted = Wanted(form.variables, data["month"], data["recipient"], data["fhir"])
        try:
            made = actions.ask(study, wanted, by=request.actor, on=on)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("Asked. A colleague who holds the study's key decides."))
            return redirect("evidence:extract", made.pk)
    lines = [_told(line) for line in queries.of_study(study, by=request.actor, on=on)]
    context = {"study": study, "lines": lines, "form": form}
    return render(request, "evidence/extracts.html", context)


@staff_door(Capability.SEE_EVIDENCE)
@require_http_methods(["GET", "POST"])
def extract(request: VisitRequest, extract_id: UUID) -> HttpResponse:
    """Show one extract: agree to it, decline it, or make it."""
    on = timezone.localdate()
    line = queries.one(extract_id, by=request.actor, on=on)
    context: dict[str, Any] = {"line": line, "study": line.ask.study, **_told(line)}
    if request.method == "POST":
        try:
            return _do(request, line)
        except HouseError as error:
            context["refused"] = say(error)
    mine = queries.may_take_part(line.ask, by=request.actor)
    if mine and line.stage in {Stage.ASKED, Stage.APPROVED}:
        context |= _would_hold(request, line)
    own = line.ask.asked_by == request.actor.id
    context["decides"] = mine and not own and line.stage is Stage.ASKED
    context["makes"] = mine and own and line.stage is Stage.APPROVED
    return render(request, "evidence/extract.html", context)


def _do(request: VisitRequest, line: Line) -> HttpResponse:
    wanted, on = request.POST.get("do", ""), timezone.localdate()
    if wanted == "make":
        data = actions.make(line.ask, by=request.actor, on=on)
        return HttpResponse(
            data,
            content_type="application/octet-stream",
            headers={"Content-Disposition": 'attachment; filename="extract.sealed"'},
        )
    if wanted in {"agree", "decline"}:
        actions.decide(line.ask, agree=wanted == "agree", by=request.actor, on=on)
        request.visit.say(
            gettext("Agreed. Whoever asked can make it now.")
            if wanted == "agree"
            else gettext("Declined. Nothing leaves.")
        )
    return redirect("evidence:extract", line.ask.pk)


def _would_hold(request: VisitRequest, line: Line) -> dict[str, Any]:
    found = queries.source(line.ask.study, month=line.ask.month, by=request.actor)
    try:
        safe = queries.would_hold(line.ask, found)
    except ExtractError as error:
        return {"unsafe": say(error)}
    coarser = [VARIABLES[code] for code, level in safe.levels.items() if level]
    return {"safe": safe, "rows": len(safe.rows), "coarser": coarser}


def _told(line: Line) -> dict[str, Any]:
    icon, tone = ICONS[line.stage]
    return {
        "line": line,
        "stage": STAGES[line.stage],
        "icon": icon,
        "tone": tone,
        "variables": [VARIABLES[code] for code in line.ask.variables],
    }
