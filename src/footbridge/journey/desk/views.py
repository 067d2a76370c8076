"""Today, and one person's page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from footbridge.journey.desk import queries
from footbridge.journey.desk.rules import Pressing
from footbridge.journey.people import actions as people_actions
from footbridge.journey.people import queries as people
from footbridge.journey.referrals import hearing
from footbridge.journey.stays import queries as stays
from footbridge.trust.access import care_teams
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.vault import compartments
from footbridge.trust.vault.records import Compartment


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def today(request: VisitRequest) -> HttpResponse:
    """Show who needs something today, the most pressing first."""
    on = timezone.localdate()
    hearing.hear_everybody(by=request.actor, on=on)
    rows = queries.today(by=request.actor, on=on)
    for row in rows:
        # Its clocks stand in the care record: reading them is an opening, and is told as one.
        if row.after is not None and request.visit.first_time(f"opened {row.person.id}"):
            record = people.open_record(row.person.id, by=request.actor)
            people_actions.note_opening(record, on=on)
    quiet = {Pressing.LATER, Pressing.REMEMBERED}
    context = {
        "now": [row for row in rows if row.line.pressing not in quiet],
        "later": [row for row in rows if row.line.pressing is Pressing.LATER],
        "remembered": [row for row in rows if row.line.pressing is Pressing.REMEMBERED],
        "on": on,
    }
    return render(request, "desk/today.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def person(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show one person: what matters now, then plan, referrals, timeline."""
    on = timezone.localdate()
    view = people.shell_of(person_id, by=request.actor)
    if compartments.find(person_id, Compartment.CARE, site=request.actor.site) is None:
        return render(request, "desk/person-new.html", {"person": view})
    if not care_teams.in_team(person_id, actor=request.actor):
        return redirect("people:join_team", person_id)
    record = hearing.open_record(person_id, by=request.actor, on=on)
    if request.visit.first_time(f"opened {person_id}"):
        people_actions.note_opening(record, on=on)
    page = queries.person_page(record, on=on)
    context = {
        "page": page,
        "person": view,
        "on": on,
        "now": datetime.combine(on, timezone.localtime().time()),
        "ward": stays.has_ward(),
    }
    return render(request, "desk/person.html", context)
