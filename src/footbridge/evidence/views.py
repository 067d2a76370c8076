"""Pages of the evidence floor: studies, joining one, and what its key shows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.evidence import actions, forms, pilot, queries, reading
from footbridge.evidence.models import Study
from footbridge.evidence.rules import Arm
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def studies(request: VisitRequest) -> HttpResponse:
    """List the studies of this site."""
    lines = [
        {
            "study": one,
            "arms": queries.arms_of(one),
            "mine": queries.may_open(one, by=request.actor),
        }
        for one in queries.studies(by=request.actor)
    ]
    return render(request, "evidence/studies.html", {"lines": lines})


@staff_door(Capability.MANAGE_STUDIES)
@require_http_methods(["GET", "POST"])
def new(request: VisitRequest) -> HttpResponse:
    """Set a study up, with its key."""
    form = forms.StudyForm(request.POST or None)
    if form.is_valid():
        arms = [Arm("new", form.cleaned_data["first"]), Arm("usual", form.cleaned_data["second"])]
        try:
            made = actions.create_study(
                title=form.cleaned_data["title"],
                arms=arms,
                by=request.actor,
                on=timezone.localdate(),
                month=form.cleaned_data["month"],
            )
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("The study is set up, and you hold its key."))
            return redirect("evidence:study", made.pk)
    return render(request, "evidence/new.html", {"form": form})


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def enrol(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Allocate somebody who agreed to research, once, and show the arm."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    running = queries.running(by=request.actor)
    context: dict[str, object] = {"person": record.person, "study": running}
    if running is None:
        return render(request, "evidence/enrol.html", context)
    form = forms.JoinForm(request.POST or None)
    arm = queries.arm_of(record, running)
    if arm is not None and request.method == "POST":
        actions.tell_again(record, running, on=on)
        request.visit.say(gettext("The study has the arm and the coded outcomes again."))
        return redirect("evidence:enrol", person_id)
    if arm is None and form.is_valid():
        try:
            actions.enrol_in_study(record, running, on=on, draws=secrets.randbelow)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("Chance has decided, and it is noted."))
            return redirect("evidence:enrol", person_id)
    verdict = consents.state_of(record).may(Purpose.RESEARCH, on=on)
    context |= {
        "form": form,
        "arm": arm,
        "arms": queries.arms_of(running),
        "verdict": verdict,
        "sealed_to": queries.is_sealed_to(running, person_id, by=request.actor),
    }
    return render(request, "evidence/enrol.html", context)


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def study(request: VisitRequest, study_id: UUID) -> HttpResponse:
    """Show a study's outcomes to those who hold its key, and to others whom to ask."""
    found = _study(request, study_id)
    arms = queries.arms_of(found)
    context: dict[str, Any] = {"study": found, "arms": arms}
    context["members"] = queries.analysts(found, by=request.actor)
    if not queries.may_open(found, by=request.actor):
        return render(request, "evidence/closed.html", context)
    extract = queries.extract(found, by=request.actor, on=timezone.localdate())
    context["sizes"] = [(arm, extract.size(arm.code)) for arm in arms]
    context["allocated"] = len(extract.rows)
    compared = queries.comparisons(extract, found)
    if compared:
        context |= {
            "plot": reading.plot(compared, arms),
            "known": reading.outcome_table(compared, arms),
            "filled": reading.outcome_table(compared, arms, filled=True),
            "missing": reading.missing_table(compared, arms),
            "sentences": [reading.sentence(one, arms) for one in compared],
        }
        printed = _published(arms)
        if printed is not None:
            context["published"] = printed
            context["beside"] = reading.published_table(compared, printed, arms)
    colleagues = queries.possible_analysts(found, by=request.actor)
    context["form"] = forms.AnalystForm(colleagues=colleagues) if colleagues else None
    return render(request, "evidence/study.html", context)


@staff_door(Capability.MANAGE_STUDIES)
@require_http_methods(["GET", "POST"])
def analyst(request: VisitRequest, study_id: UUID) -> HttpResponse:
    """Give a colleague the study's key."""
    found = _study(request, study_id)
    if not queries.may_open(found, by=request.actor):
        return redirect("evidence:study", study_id)
    colleagues = queries.possible_analysts(found, by=request.actor)
    form = forms.AnalystForm(request.POST or None, colleagues=colleagues)
    if form.is_valid():
        chosen = next(one for one in colleagues if str(one.id) == form.cleaned_data["colleague"])
        try:
            actions.add_analyst(found, colleague=chosen, by=request.actor, on=timezone.localdate())
        except HouseError as error:
            form.add_error("colleague", say(error))
        else:
            request.visit.say(gettext("The colleague holds the study's key now."))
            return redirect("evidence:study", study_id)
    return render(request, "evidence/analyst.html", {"study": found, "form": form})


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def outcomes_csv(request: VisitRequest, study_id: UUID) -> HttpResponse:
    """Give the comparisons as a file, to those who hold the study's key."""
    found = _study(request, study_id)
    extract = queries.extract(found, by=request.actor, on=timezone.localdate())
    text = reading.as_csv(queries.comparisons(extract, found))
    return _file(text, "text/csv; charset=utf-8", "inside-the-circle.csv")


@staff_door(Capability.SEE_EVIDENCE)
@require_GET
def outcomes_svg(request: VisitRequest, study_id: UUID) -> HttpResponse:
    """Give the forest plot as a file, to those who hold the study's key."""
    found = _study(request, study_id)
    extract = queries.extract(found, by=request.actor, on=timezone.localdate())
    compared = queries.comparisons(extract, found)
    if not compared:
        raise Http404
    drawn = reading.plot(compared, queries.arms_of(found), tokens=reading.ON_PAPER)
    return _file(drawn.svg, "image/svg+xml", "inside-the-circle.svg")


def _study(request: VisitRequest, study_id: UUID) -> Study:
    found = queries.get(study_id, by=request.actor)
    if found is None:
        raise Http404
    return found


def _published(arms: tuple[Arm, Arm]) -> Mapping[str, Any] | None:
    """Return the pilot's printed figures where the demo's study is the pilot."""
    demo = settings.FOOTBRIDGE_DEMO and {arm.code for arm in arms} == {
        pilot.RMI.code,
        pilot.STANDARD.code,
    }
    return pilot.published() if demo else None


def _file(text: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=kind, headers=headers)
