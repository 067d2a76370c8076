"""Pages of the assessments room: choose, ask on a sheet, see the scores, count days of use."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.assessments import (
    actions,
    calendar,
    change,
    forms,
    instruments,
    queries,
    showing,
)
from footbridge.journey.assessments.own_data import ENOUGH
from footbridge.journey.assessments.queries import Kept, ScaleLine
from footbridge.journey.assessments.records import AssessmentBegun, AssessmentTaken
from footbridge.journey.assessments.rules import Answers, Instrument, Method
from footbridge.journey.consents.rules import Language
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def choose(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Choose what to ask."""
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    context = {
        "person": record.person,
        "choices": [(one, state.of(one)) for one in queries.askable()],
        "calendar": state.last_calendar,
        "begun": queries.all_begun(record),
        "sittings": [(kept, _known(kept)) for kept in queries.sittings(record)],
    }
    return render(request, "assessments/choose.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def take(request: VisitRequest, person_id: UUID, instrument: str, version: int) -> HttpResponse:
    """Ask one instrument on a sheet, going on from what was begun."""
    record = people.open_record(person_id, by=request.actor)
    found = showing.askable_or_404(instrument, version)
    begun = queries.begun(record, found)
    sitting = begun.sitting if begun else None
    language = _language(request, record, found, sitting.language if sitting else None)
    if "later" in request.POST:
        return _later(request, record, found, language)
    form = _sheet(request, found, language, answers=sitting.answers if sitting else {})
    if form.is_valid() and _kept(record, found, language, form=form):
        return redirect("assessments:done", person_id, found.id, found.version)
    context = _page(record, found, language) | {"form": form, "begun": begun}
    return render(request, "assessments/take.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Correct one sitting; the first version stays in the journal and no longer counts."""
    record = people.open_record(person_id, by=request.actor)
    kept = _kept_or_404(record, entry)
    found = showing.askable_or_404(kept.taken.instrument, kept.taken.version)
    language = _language(request, record, found, kept.taken.language)
    form = _sheet(request, found, language, answers=kept.taken.answers, on=kept.taken.taken_on)
    if form.is_valid() and _kept(record, found, language, form=form, replaces=entry):
        return redirect("assessments:done", person_id, found.id, found.version)
    context = _page(record, found, language) | {"form": form, "correcting": True}
    return render(request, "assessments/take.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def done(request: VisitRequest, person_id: UUID, instrument: str, version: int) -> HttpResponse:
    """Show the scores of the last sitting, and how they changed."""
    record = people.open_record(person_id, by=request.actor)
    found = showing.instrument_or_404(instrument, version)
    course = queries.state_of(record).of(found)
    return _result(request, record, found, course[-1] if course else None)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def sitting(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Show the scores of one sitting, and how they changed since the one before."""
    record = people.open_record(person_id, by=request.actor)
    kept = _kept_or_404(record, entry)
    found = showing.instrument_or_404(kept.taken.instrument, kept.taken.version)
    return _result(request, record, found, kept.taken)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def history(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show every score over time."""
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    known = sorted(instruments.instruments().values(), key=lambda one: (one.id, one.version))
    context = {
        "person": record.person,
        "page": {
            "assessments": state,
            "instruments": [one for one in known if state.of(one)],
        },
    }
    return render(request, "assessments/history.html", context)


def _result(
    request: VisitRequest, record: OpenRecord, found: Instrument, taken: AssessmentTaken | None
) -> HttpResponse:
    state = queries.state_of(record)
    before = state.before(found, taken) if taken else None
    lines = queries.lines(found, taken, before, by=request.actor) if taken else []
    context = {
        "person": record.person,
        "instrument": found,
        "lines": [(line, line.error and change.explained(line.error)) for line in lines],
        "taken": taken,
        "before": before,
        "safety": showing.safety(record, found, taken.answers) if taken else None,
        "answers": showing.told(found, taken.answers, taken.language) if taken else [],
        "enough": ENOUGH,
        "lacking": lines[0].own.complete if _unproven(found) and _too_few(lines) else None,
        "page": {"assessments": state, "instruments": [found]},
    }
    return render(request, "assessments/done.html", context)


def _unproven(found: Instrument) -> bool:
    """Return whether its reliability is worth waiting for: not known, and not a count."""
    return not found.validated and any(scale.method is not Method.COUNT for scale in found.scales)


def _too_few(lines: list[ScaleLine]) -> bool:
    return bool(lines) and all(line.own.complete < ENOUGH for line in lines)


def _language(
    request: VisitRequest, record: OpenRecord, found: Instrument, before: Language | None
) -> Language:
    wanted = before.value if before else record.person.shell.language
    return queries.language_for(found, request.GET.get("read", wanted))


def _sheet(
    request: VisitRequest,
    found: Instrument,
    language: Language,
    *,
    answers: Answers,
    on: date | None = None,
) -> forms.SheetForm:
    given: dict[str, object] = {
        f"item-{id_}": "" if value is None else str(value) for id_, value in answers.items()
    }
    day = on or timezone.localdate()
    return forms.SheetForm(
        request.POST or None,
        instrument=found,
        language=language,
        on=day,
        initial={**given, "taken_on": day},
    )


def _kept(
    record: OpenRecord,
    found: Instrument,
    language: Language,
    *,
    form: forms.SheetForm,
    replaces: UUID | None = None,
) -> bool:
    taken = AssessmentTaken(
        instrument=found.id,
        version=found.version,
        language=language,
        answers=form.answers(),
        taken_on=form.cleaned_data["taken_on"],
    )
    try:
        actions.take(record, taken, on=timezone.localdate(), replaces=replaces)
    except HouseError as error:
        form.add_error(None, say(error))
        return False
    return True


def _later(
    request: VisitRequest, record: OpenRecord, found: Instrument, language: Language
) -> HttpResponse:
    """Keep whatever was answered well so far; what was not answered is asked again."""
    form = _sheet(request, found, language, answers={})
    form.is_valid()
    answers = {id_: value for id_, value in form.answers().items() if value is not None}
    on = timezone.localdate()
    begun = AssessmentBegun(found.id, found.version, language, answers, on)
    actions.save(record, begun, on=on)
    return redirect("assessments:choose", record.person.id)


def _page(record: OpenRecord, found: Instrument, language: Language) -> dict[str, object]:
    return showing.words_of(found, language) | {"person": record.person, "instrument": found}


def _kept_or_404(record: OpenRecord, entry: UUID) -> Kept:
    kept = queries.sitting(record, entry)
    if kept is None:
        raise Http404
    return kept


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def use_calendar(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Count days of use over the last 90 days."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms.CalendarForm(request.POST or None, on=on)
    if form.is_valid():
        try:
            actions.keep_calendar(record, marks=form.marks(), end_on=on - timedelta(days=1), on=on)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return redirect("assessments:counted", person_id)
    context = {
        "person": record.person,
        "form": form,
        "first": queries.first_day(on),
        "days": calendar.CALENDAR_DAYS,
        "values": form.given if form.is_bound else _marked_before(record, on=on),
        "anchors": queries.memory_days(on),
    }
    return render(request, "assessments/calendar.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def counted(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show what the last calendar adds up to."""
    record = people.open_record(person_id, by=request.actor)
    last = queries.state_of(record).last_calendar
    if last is None:
        return redirect("assessments:calendar", person_id)
    context = {
        "person": record.person,
        "calendar": last,
        "summary": calendar.summarise(last.marks),
    }
    return render(request, "assessments/counted.html", context)


def _known(kept: Kept) -> Instrument | None:
    return instruments.instruments().get((kept.taken.instrument, kept.taken.version))


def _marked_before(record: OpenRecord, *, on: date) -> list[str]:
    """Return what the last calendar already says of the same days, to go on from there."""
    last = queries.state_of(record).last_calendar
    if last is None:
        return []
    known = dict(calendar.dated(last.end_on, last.marks))
    days = [queries.first_day(on) + timedelta(days=at) for at in range(calendar.CALENDAR_DAYS)]
    told = (calendar.Mark.NOT_USED, calendar.Mark.USED)
    return [known[day].value if known.get(day) in told else "" for day in days]
