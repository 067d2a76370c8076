"""One question a page: each answer is kept at once, so that a sitting can be gone on with."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from footbridge.journey.assessments import actions, forms, queries, scoring, showing
from footbridge.journey.assessments.records import AssessmentBegun, AssessmentTaken
from footbridge.journey.assessments.rules import Instrument, Item
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def ask(request: VisitRequest, person_id: UUID, instrument: str, version: int) -> HttpResponse:
    """Ask one question of an instrument: the named one, or the first that was not reached."""
    record = people.open_record(person_id, by=request.actor)
    found = showing.askable_or_404(instrument, version)
    sitting = _sitting(request, record, found)
    item = _item(found, sitting, request.GET.get("at", ""))
    if item is None:
        return redirect("assessments:check", person_id, found.id, found.version)
    form = forms.QuestionForm(
        request.POST or None,
        instrument=found,
        item=item,
        language=sitting.language,
        initial={"answer": sitting.answers[item.id]} if item.id in sitting.answers else {},
    )
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["answer"]
        kept = actions.answer(record, sitting, {item.id: value}, on=timezone.localdate())
        if "later" in request.POST:
            return redirect("assessments:choose", person_id)
        return redirect(_next(person_id, found, kept, item))
    return render(
        request,
        "assessments/ask.html",
        _page(record, found, sitting, item)
        | {
            "form": form,
        },
    )


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def check(request: VisitRequest, person_id: UUID, instrument: str, version: int) -> HttpResponse:
    """Look over the answers of a begun sitting, and finish it."""
    record = people.open_record(person_id, by=request.actor)
    found = showing.askable_or_404(instrument, version)
    begun = queries.begun(record, found)
    if begun is None:
        return redirect("assessments:ask", person_id, found.id, found.version)
    on = timezone.localdate()
    form = forms.FinishForm(request.POST or None, initial={"taken_on": on})
    if form.is_valid():
        sitting = AssessmentTaken(
            instrument=found.id,
            version=found.version,
            language=begun.sitting.language,
            answers=begun.sitting.answers,
            taken_on=form.cleaned_data["taken_on"],
        )
        try:
            actions.take(record, sitting, on=on)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return redirect("assessments:done", person_id, found.id, found.version)
    context = showing.words_of(found, begun.sitting.language) | {
        "person": record.person,
        "instrument": found,
        "form": form,
        "answers": showing.told(found, begun.sitting.answers, begun.sitting.language),
        "safety": showing.safety(record, found, begun.sitting.answers),
        "unreached": begun.asked - begun.answered,
    }
    return render(request, "assessments/check.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def drop(request: VisitRequest, person_id: UUID, instrument: str, version: int) -> HttpResponse:
    """Put away what was begun."""
    record = people.open_record(person_id, by=request.actor)
    found = showing.askable_or_404(instrument, version)
    actions.drop(record, (found.id, found.version), on=timezone.localdate())
    return redirect("assessments:choose", person_id)


def _sitting(request: VisitRequest, record: OpenRecord, found: Instrument) -> AssessmentBegun:
    """Return what was begun, or a new sitting; in another language where one is asked for."""
    begun = queries.begun(record, found)
    wanted = begun.sitting.language.value if begun else record.person.shell.language
    language = queries.language_for(found, request.GET.get("read", wanted))
    return AssessmentBegun(
        instrument=found.id,
        version=found.version,
        language=language,
        answers=begun.sitting.answers if begun else {},
        begun_on=begun.sitting.begun_on if begun else timezone.localdate(),
    )


def _item(found: Instrument, sitting: AssessmentBegun, at: str) -> Item | None:
    """Return the question to ask; None where every one was reached."""
    shown = scoring.shown(found, sitting.answers)
    if at:
        item = next((one for one in shown if one.id == at), None)
        if item is None:
            raise Http404
        return item
    return next((one for one in shown if one.id not in sitting.answers), None)


def _next(person: UUID, found: Instrument, sitting: AssessmentBegun, item: Item) -> str:
    """Return the address of the question after this one, or of the look over the answers."""
    shown = scoring.shown(found, sitting.answers)
    later = shown[shown.index(item) + 1 :]
    unreached = next((one for one in later if one.id not in sitting.answers), None)
    place = [person, found.id, found.version]
    if unreached is None:
        return reverse("assessments:check", args=place)
    return f"{reverse('assessments:ask', args=place)}?at={unreached.id}"


def _page(
    record: OpenRecord, found: Instrument, sitting: AssessmentBegun, item: Item
) -> dict[str, object]:
    shown = scoring.shown(found, sitting.answers)
    at = shown.index(item)
    return showing.words_of(found, sitting.language) | {
        "person": record.person,
        "instrument": found,
        "item": item,
        "number": at + 1,
        "of": len(shown),
        "branches": any(one.show_when for one in found.items),
        "back": shown[at - 1].id if at else "",
    }
