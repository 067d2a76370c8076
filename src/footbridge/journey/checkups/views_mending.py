"""Pages on which an entry of this room is corrected or taken back; the first one stays sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.checkups import actions, forms, queries
from footbridge.journey.checkups.records import (
    AppointmentGiven,
    CheckupHeld,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
    UrineTested,
)
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault.records import Record


@dataclass(frozen=True, slots=True)
class Mending:
    """A form filled with what an entry holds, and the act that keeps what it then says."""

    form: Form
    keep: Callable[[], object]


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def history(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """List everything about check-ups that still stands, each with a way to mend it."""
    record = people.open_record(person_id, by=request.actor)
    context = {"person": record.person, "entries": queries.history(record)}
    return render(request, "checkups/history.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Correct an entry: a new one takes its place."""
    record = people.open_record(person_id, by=request.actor)
    found = actions.standing(record).get(entry)
    if found is None:
        raise Http404
    if isinstance(found, ScheduleChosen):
        return redirect("checkups:schedule", person_id)
    mending = _mending(request, record, entry, found)
    if mending is not None and mending.form.is_valid():
        try:
            mending.keep()
        except HouseError as error:
            mending.form.add_error(None, say(error))
        else:
            request.visit.say(gettext("Corrected. The first version no longer counts."))
            return redirect("checkups:history", person_id)
    context = {
        "person": record.person,
        "form": mending.form if mending else None,
        "record": found,
        "entry": entry,
    }
    return render(request, "checkups/correct.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def take_back(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Take an entry back that was a slip."""
    record = people.open_record(person_id, by=request.actor)
    if entry not in actions.standing(record):
        raise Http404
    try:
        actions.take_back(record, entry, on=timezone.localdate())
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    else:
        request.visit.say(gettext("Taken back. It no longer counts."))
    return redirect("checkups:history", person_id)


def _mending(
    request: VisitRequest, record: OpenRecord, entry: UUID, found: Record
) -> Mending | None:
    """Return the form of an entry with its answers; None for one that is only taken back."""
    on = timezone.localdate()
    match found:
        case CheckupHeld() as held:
            asked = forms.HoldForm(
                request.POST or None, days=held.days, initial=forms.told_at(held)
            )
            return Mending(asked, lambda: actions.correct_held(record, entry, asked.told(), on=on))
        case ContactAttempted() as attempt:
            tried = forms.AttemptForm(request.POST or None, on=on, initial=forms.told_of(attempt))
            return Mending(
                tried,
                lambda: actions.note_attempt(record, tried.attempt(), on=on, replaces=entry),
            )
        case LinkageMeetingHeld() as meeting:
            talk = forms.MeetingForm(request.POST or None, initial=forms.said_in(meeting))
            return Mending(
                talk, lambda: actions.hold_meeting(record, talk.talk(), on=on, replaces=entry)
            )
    return _small(request, record, entry, found, on=on)


def _small(
    request: VisitRequest, record: OpenRecord, entry: UUID, found: Record, *, on: date
) -> Mending | None:
    """Return the form of a day that was given, or of a urine test."""
    match found:
        case AppointmentGiven() as given:
            day = forms.AppointmentForm(request.POST or None, initial={"next_on": given.next_on})
            return Mending(
                day,
                lambda: actions.give_day(
                    record, day.cleaned_data["next_on"], on=on, replaces=entry
                ),
            )
        case UrineTested() as test:
            initial = {"tested_on": test.tested_on, "result": test.result.value}
            urine = forms.UrineForm(request.POST or None, initial=initial)
            return Mending(
                urine,
                lambda: actions.note_urine(
                    record,
                    urine.found(),
                    tested_on=urine.cleaned_data["tested_on"],
                    on=on,
                    replaces=entry,
                ),
            )
    return None
