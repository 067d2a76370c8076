"""Pages of the assessments room: choose, ask, see the scores, count days of use."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.assessments import actions, calendar, forms, instruments, queries
from footbridge.journey.assessments.queries import Kept
from footbridge.journey.assessments.records import AssessmentTaken
from footbridge.journey.assessments.rules import AssessmentError, Instrument
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
        "sittings": [(kept, _known(kept)) for kept in queries.sittings(record)],
    }
    return render(request, "assessments/choose.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def take(request: VisitRequest, person_id: UUID, instrument: str, version: int) -> HttpResponse:
    """Ask one instrument."""
    record = people.open_record(person_id, by=request.actor)
    return _sheet(request, record, _instrument(instrument, version), kept=None)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Correct one sitting; the first version stays in the journal and no longer counts."""
    record = people.open_record(person_id, by=request.actor)
    kept = queries.sitting(record, entry)
    if kept is None:
        raise Http404
    instrument = _instrument(kept.taken.instrument, kept.taken.version)
    return _sheet(request, record, instrument, kept=kept)


def _sheet(
    request: VisitRequest, record: OpenRecord, instrument: Instrument, *, kept: Kept | None
) -> HttpResponse:
    on = timezone.localdate()
    wanted = kept.taken.language.value if kept else record.person.shell.language
    language = queries.language_for(instrument, request.GET.get("read", wanted))
    form = forms.SheetForm(
        request.POST or None,
        instrument=instrument,
        language=language,
        on=on,
        initial=_given(kept),
    )
    if form.is_valid():
        try:
            sitting = AssessmentTaken(
                instrument=instrument.id,
                version=instrument.version,
                language=language,
                answers=form.answers(),
                taken_on=form.cleaned_data["taken_on"],
            )
            actions.take(record, sitting, on=on, replaces=kept.entry if kept else None)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return redirect("assessments:done", record.person.id, instrument.id, instrument.version)
    context = {
        "person": record.person,
        "instrument": instrument,
        "title": instrument.title[language],
        "instruction": instrument.instruction[language],
        "code": "zh-hans" if language.value == "zh" else "en",
        "language": language,
        "form": form,
        "correcting": kept is not None,
    }
    return render(request, "assessments/take.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def done(request: VisitRequest, person_id: UUID, instrument: str, version: int) -> HttpResponse:
    """Show the scores of the last sitting, and how they changed."""
    record = people.open_record(person_id, by=request.actor)
    found = _instrument(instrument, version)
    state = queries.state_of(record)
    context = {
        "person": record.person,
        "instrument": found,
        "lines": queries.lines(state, found),
        "taken": state.of(found)[-1] if state.of(found) else None,
        "page": {"assessments": state, "instruments": [found]},
    }
    return render(request, "assessments/done.html", context)


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


def _instrument(id_: str, version: int) -> Instrument:
    try:
        return instruments.instrument(id_, version)
    except AssessmentError as error:
        raise Http404 from error


def _known(kept: Kept) -> Instrument | None:
    return instruments.instruments().get((kept.taken.instrument, kept.taken.version))


def _given(kept: Kept | None) -> dict[str, object] | None:
    if kept is None:
        return None
    answers = {
        f"item-{id_}": "" if value is None else str(value)
        for id_, value in kept.taken.answers.items()
    }
    return {**answers, "taken_on": kept.taken.taken_on}


def _marked_before(record: OpenRecord, *, on: date) -> list[str]:
    """Return what the last calendar already says of the same days, to go on from there."""
    last = queries.state_of(record).last_calendar
    if last is None:
        return []
    known = dict(calendar.dated(last.end_on, last.marks))
    days = [queries.first_day(on) + timedelta(days=at) for at in range(calendar.CALENDAR_DAYS)]
    told = (calendar.Mark.NOT_USED, calendar.Mark.USED)
    return [known[day].value if known.get(day) in told else "" for day in days]
