"""Pages of the plans room: the plan, and a small form for each part of it."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.plans import actions, domains, forms, queries
from footbridge.journey.plans.records import (
    GoalMoved,
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    StrengthNoted,
)
from footbridge.journey.plans.rules import GoalStatus, LetGo, Status, Who
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault.records import FreeText

Kept = tuple[UUID, StrengthNoted | GoalSet | ObjectiveSet]


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def plan(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show a plan: strengths first, then goals with their objectives."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    context = {
        "person": record.person,
        "plan": queries.plan_page(record, on=on),
        "on": on,
    }
    return render(request, "plans/plan.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def strength(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note a strength."""
    return _strength(request, people.open_record(person_id, by=request.actor))


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def goal(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Set a goal; a plan without a strength is led to note one first."""
    record = people.open_record(person_id, by=request.actor)
    decision = queries.state_of(record).may_set_goal()
    if not decision:
        request.visit.say(say(decision), level="info")
        return redirect("plans:strength", person_id)
    return _goal(request, record)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def objective(request: VisitRequest, person_id: UUID, goal_id: UUID) -> HttpResponse:
    """Set an objective of one goal."""
    record = people.open_record(person_id, by=request.actor)
    if goal_id not in queries.state_of(record).goals:
        raise Http404
    return _objective(request, record, goal_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Correct a strength, a goal or an objective; the first version no longer counts."""
    record = people.open_record(person_id, by=request.actor)
    match queries.standing(record).get(entry):
        case StrengthNoted() as noted:
            return _strength(request, record, (entry, noted))
        case GoalSet() as found:
            return _goal(request, record, (entry, found))
        case ObjectiveSet() as found:
            return _objective(request, record, found.goal, (entry, found))
    raise Http404


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def move(request: VisitRequest, person_id: UUID, objective_id: UUID) -> HttpResponse:
    """Let an objective reach another status."""
    record = people.open_record(person_id, by=request.actor)
    try:
        to = Status(request.POST.get("to", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        on = timezone.localdate()
        actions.move_objective(record, ObjectiveMoved(objective_id, to, on), on=on)
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    return redirect("plans:plan", person_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def drop(request: VisitRequest, person_id: UUID, objective_id: UUID) -> HttpResponse:
    """Drop an objective, with the reason."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    found = queries.state_of(record).objectives.get(objective_id)
    if found is None:
        raise Http404
    form = forms.DropForm(request.POST or None)
    if form.is_valid():
        why, note = LetGo(form.cleaned_data["why"]), FreeText(form.cleaned_data["note"])
        moved = ObjectiveMoved(objective_id, Status.DROPPED, on, why, note)
        try:
            actions.move_objective(record, moved, on=on)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return _back(request, record)
    return _page(request, record, form, "drop", about=found.set.what)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def close(request: VisitRequest, person_id: UUID, goal_id: UUID) -> HttpResponse:
    """Close a goal: reached, or let go with the reason."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    found = queries.state_of(record).goals.get(goal_id)
    if found is None:
        raise Http404
    form = forms.CloseForm(request.POST or None)
    if form.is_valid():
        status, why = GoalStatus(form.cleaned_data["status"]), form.cleaned_data["why"]
        moved = GoalMoved(
            goal_id,
            status,
            on,
            LetGo(why) if why and status is GoalStatus.LET_GO else None,
            FreeText(form.cleaned_data["note"]),
        )
        try:
            actions.move_goal(record, moved, on=on)
        except HouseError as error:
            form.add_error("why", say(error))
        else:
            return _back(request, record)
    return _page(request, record, form, "close", about=found.words)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def reopen(request: VisitRequest, person_id: UUID, goal_id: UUID) -> HttpResponse:
    """Take a closed goal up again."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    try:
        actions.move_goal(record, GoalMoved(goal_id, GoalStatus.OPEN, on), on=on)
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    return redirect("plans:plan", person_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def undo(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Take the last step back, if it is still the one that the page showed."""
    record = people.open_record(person_id, by=request.actor)
    try:
        entry = UUID(request.POST.get("entry", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        actions.undo_last(record, entry=entry, on=timezone.localdate())
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    else:
        request.visit.say(gettext("The last step is taken back."))
    return redirect("plans:plan", person_id)


def _strength(request: VisitRequest, record: OpenRecord, kept: Kept | None = None) -> HttpResponse:
    on = timezone.localdate()
    entry, old = kept if kept else (None, None)
    form = forms.StrengthForm(request.POST or None, initial=_initial(old))
    if form.is_valid():
        found = StrengthNoted(
            domain=form.cleaned_data["domain"],
            words=FreeText(form.cleaned_data["words"]),
            noted_on=old.noted_on if isinstance(old, StrengthNoted) else on,
        )
        try:
            actions.note_strength(record, found, on=on, replaces=entry)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return _back(request, record)
    return _page(request, record, form, "strength")


def _goal(request: VisitRequest, record: OpenRecord, kept: Kept | None = None) -> HttpResponse:
    on = timezone.localdate()
    entry, old = kept if kept else (None, None)
    form = forms.GoalForm(request.POST or None, initial=_initial(old))
    if form.is_valid():
        before = old if isinstance(old, GoalSet) else None
        found = GoalSet(
            goal=before.goal if before else uuid4(),
            domain=form.cleaned_data["domain"],
            words=FreeText(form.cleaned_data["words"]),
            set_on=before.set_on if before else on,
        )
        try:
            actions.set_goal(record, found, on=on, replaces=entry)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return _back(request, record)
    return _page(request, record, form, "goal")


def _objective(
    request: VisitRequest, record: OpenRecord, goal_id: UUID, kept: Kept | None = None
) -> HttpResponse:
    on = timezone.localdate()
    entry, old = kept if kept else (None, None)
    form = forms.ObjectiveForm(request.POST or None, initial=_initial(old))
    if form.is_valid():
        before = old if isinstance(old, ObjectiveSet) else None
        found = ObjectiveSet(
            objective=before.objective if before else uuid4(),
            goal=goal_id,
            what=FreeText(form.cleaned_data["what"]),
            who=Who(form.cleaned_data["who"]),
            by_when=form.cleaned_data["by_when"],
            set_on=before.set_on if before else on,
        )
        try:
            actions.set_objective(record, found, on=on, replaces=entry)
        except HouseError as error:
            form.add_error("by_when", say(error))
        else:
            return _back(request, record)
    return _page(request, record, form, "objective")


def _initial(old: StrengthNoted | GoalSet | ObjectiveSet | None) -> dict[str, object] | None:
    match old:
        case StrengthNoted() | GoalSet():
            return {"domain": old.domain, "words": old.words}
        case ObjectiveSet():
            return {"what": old.what, "who": old.who.value, "by_when": old.by_when}
    return None


def _page(
    request: VisitRequest, record: OpenRecord, form: Form, part: str, *, about: str = ""
) -> HttpResponse:
    context = {
        "person": record.person,
        "form": form,
        "part": part,
        "about": about,
        "domains": domains.domains().values(),
    }
    return render(request, "plans/part.html", context)


def _back(request: VisitRequest, record: OpenRecord) -> HttpResponse:
    request.visit.say(gettext("The plan is brought up to date."))
    return redirect("plans:plan", record.person.id)
