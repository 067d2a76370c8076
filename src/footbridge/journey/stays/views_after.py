"""Pages of the month after a stay: contacts, visits to treatment, steps made good."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.stays import actions_after as actions
from footbridge.journey.stays import forms_after
from footbridge.journey.stays.records import FollowUpMade, TreatmentVisited
from footbridge.journey.stays.views_shared import form_or_note, form_page
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def contact(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note a contact after the stay."""
    return contact_page(request, people.open_record(person_id, by=request.actor))


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def visit(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note a visit to drug treatment after the stay."""
    return visit_page(request, people.open_record(person_id, by=request.actor))


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def step(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note a step at the door that was made good later."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms_after.StepForm(request.POST or None)

    def write() -> str:
        done, answer = form.noted()
        actions.do_step(record, done, answer, on=on)
        return gettext("Noted. It is done.")

    intro = gettext(
        "What could not be done at the door is made good at the first contact: the month after "
        "care without medication carries about five times the risk of overdose."
    )
    return form_or_note(request, form_page(record, form, gettext("Made good later"), intro), write)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def close(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Stop the clocks after a stay, with the reason."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms_after.CloseForm(request.POST or None)

    def write() -> str:
        actions.close_aftercare(record, form.noted(on=on), on=on)
        return gettext("The clocks are stopped.")

    intro = gettext(
        "The parts that are open leave Today. What was missed stays missed in the figures: "
        "stopping a clock makes no follow-up."
    )
    return form_or_note(request, form_page(record, form, gettext("Stop the clocks"), intro), write)


def contact_page(
    request: VisitRequest, record: OpenRecord, kept: tuple[UUID, FollowUpMade] | None = None
) -> HttpResponse:
    """Ask for a contact, new or corrected."""
    on = timezone.localdate()
    initial = {"day": kept[1].made_on, "means": kept[1].means} if kept else {}
    form = forms_after.ContactForm(request.POST or None, on=on, initial=initial)

    def write() -> str:
        noted = form.noted()
        consented = consents_of(record).may(Purpose.CONTACT, on=noted.made_on)
        actions.follow_up(
            record, noted, consented=bool(consented), on=on, replaces=kept[0] if kept else None
        )
        return gettext("The contact is noted.")

    intro = gettext(
        "Only when you spoke with them. An attempt that reached nobody is noted among the "
        "attempts. The first contact is due within 48 hours, then one a week to day 28."
    )
    page = form_page(record, form, gettext("Contact after the stay"), intro)
    return form_or_note(request, page, write)


def visit_page(
    request: VisitRequest, record: OpenRecord, kept: tuple[UUID, TreatmentVisited] | None = None
) -> HttpResponse:
    """Ask for a visit to treatment, new or corrected."""
    on = timezone.localdate()
    initial = {"day": kept[1].visited_on, "told_by": kept[1].told_by} if kept else {}
    form = forms_after.VisitForm(request.POST or None, on=on, initial=initial)

    def write() -> str:
        actions.note_visit(record, form.noted(), on=on, replaces=kept[0] if kept else None)
        return gettext("The visit is noted.")

    intro = gettext(
        "A day on which they attended drug treatment. The link is worth little before the first "
        "attendance; two more visits within 34 days of it count as engaged. "
        "A referral that was linked counts by itself."
    )
    page = form_page(record, form, gettext("A visit to treatment"), intro)
    return form_or_note(request, page, write)
