"""Pages of a stay: coming, chart, doses, sessions, more days, another bed, going."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.saying import say
from footbridge.journey.stays import actions, beds, forms, picture, queries, rules, tariff, ward
from footbridge.journey.stays.codes import Session
from footbridge.journey.stays.records import (
    DoseRecorded,
    FollowUpMade,
    SessionNoted,
    TreatmentVisited,
    WithdrawalCharted,
)
from footbridge.journey.stays.views_after import contact_page, visit_page
from footbridge.journey.stays.views_shared import form_or_note, form_page, this_moment
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError

Kept = tuple[UUID, object]


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def of(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show the stay that goes on or ended last, and those before."""
    now = this_moment()
    record = people.open_record(person_id, by=request.actor)
    state, ward_beds = queries.state_of(record), beds.every(site=request.actor.site)
    hours = ward.protocol().chart_hours
    stay, linked = state.last, queries.linked_days(record.entries)
    context: dict[str, object] = {"person": record.person, "state": state, "stay": stay, "now": now}
    if stay is not None:
        context |= {
            "row": queries.in_bed(record.person, stay, ward_beds=ward_beds, hours=hours, now=now),
            "hours": hours,
            "picture": picture.draw(stay.sittings, begun=stay.begun_at),
            "items": stay.items(linked=linked, on=now.date()),
            "given": stay.given(),
            "entries": list(stay.written.items())[::-1],
        }
    return render(request, "stays/of.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def admit(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Begin a stay: quote, agreement, bed, keys for the ward on duty."""
    record = people.open_record(person_id, by=request.actor)
    ward_beds = beds.free(site=request.actor.site)
    colleagues = queries.colleagues(record)
    initial = {one.value: ward.protocol().promised.get(one) for one in Session}
    form = forms.AdmitForm(
        request.POST or None, beds=ward_beds, colleagues=colleagues, initial=initial
    )
    quoted = None
    if form.is_valid():
        quoted = _quote(form, ward_beds)
        if request.POST.get("do") != "quote":
            admission = form.admission(per_day=quoted.per_day if quoted else None)
            try:
                actions.admit(
                    record,
                    admission,
                    now=this_moment(),
                    colleagues=[one for one in colleagues if str(one.id) in form.chosen()],
                    limit=settings.FOOTBRIDGE_CASELOAD_LIMIT,
                )
            except HouseError as error:
                form.add_error(None, say(error))
            else:
                request.visit.say(gettext("The stay has begun. Take the first look at withdrawal."))
                return redirect("stays:chart", person_id)
    context = {
        "person": record.person,
        "form": form,
        "beds": ward_beds,
        "quoted": quoted,
        "tariff": _tariff(),
        "stay": queries.state_of(record).now,
    }
    return render(request, "stays/admit.html", context)


def _tariff() -> tariff.Tariff | None:
    return ward.tariff() if settings.FOOTBRIDGE_TARIFF else None


def _quote(form: forms.AdmitForm, ward_beds: list[beds.Bed]) -> tariff.Quote | None:
    priced = _tariff()
    told = form.admission(per_day=None)
    bed = beds.find(told.bed, among=ward_beds)
    if priced is None or bed is None:
        return None
    return tariff.quote(priced.per_day(told.drug, told.severity, bed.kind), days=told.days)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def extend(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Agree on more days."""
    record = people.open_record(person_id, by=request.actor)
    form = forms.DaysForm(request.POST or None)

    def write() -> str:
        more = actions.extend(record, form.cleaned_data["days"], on=timezone.localdate())
        words = ngettext("%(n)d day more is agreed.", "%(n)d days more are agreed.", more.days)
        return words % {"n": more.days}

    intro = gettext(
        "The price of a day stays as it was quoted at the beginning. "
        "Where days are paid ahead, a new receipt is written."
    )
    page = form_page(record, form, gettext("More days"), intro)
    return form_or_note(request, page, write)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def move(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Move somebody to another bed."""
    record = people.open_record(person_id, by=request.actor)
    form = forms.BedForm(request.POST or None, beds=beds.free(site=request.actor.site))

    def write() -> str:
        actions.move(record, UUID(form.cleaned_data["bed"]), on=timezone.localdate())
        return gettext("The bed is changed.")

    intro = gettext("Who is still in withdrawal sleeps apart from those who have finished.")
    return form_or_note(request, form_page(record, form, gettext("Another bed"), intro), write)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def chart(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Take a sitting of the withdrawal chart."""
    return _chart(request, people.open_record(person_id, by=request.actor))


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def dose(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Record a dose that was given."""
    return _dose(request, people.open_record(person_id, by=request.actor))


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def session(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note what became of a promised session."""
    return _session(request, people.open_record(person_id, by=request.actor))


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Correct an entry of the last stay; the first version no longer counts."""
    record = people.open_record(person_id, by=request.actor)
    stay = queries.state_of(record).last
    match stay.written.get(entry) if stay is not None else None:
        case WithdrawalCharted() as kept:
            return _chart(request, record, (entry, kept))
        case DoseRecorded() as kept:
            return _dose(request, record, (entry, kept))
        case SessionNoted() as kept:
            return _session(request, record, (entry, kept))
        case FollowUpMade() as kept:
            return contact_page(request, record, (entry, kept))
        case TreatmentVisited() as kept:
            return visit_page(request, record, (entry, kept))
    raise Http404


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def strike(request: VisitRequest, person_id: UUID, entry: UUID) -> HttpResponse:
    """Say that an entry never happened."""
    record = people.open_record(person_id, by=request.actor)
    stay = queries.state_of(record).last
    if stay is None or entry not in {stay.entry, *stay.written}:
        raise Http404
    try:
        actions.strike(record, entry, on=timezone.localdate())
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    else:
        request.visit.say(gettext("Struck out. It no longer counts."))
    return redirect("stays:of", person_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def discharge(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """End a stay, with what is done at the door."""
    now = this_moment()
    record = people.open_record(person_id, by=request.actor)
    stay = queries.state_of(record).now
    others = queries.granted(record, stay) if stay is not None else []
    others = [one for one in others if one.id != request.actor.id]
    form = forms.LeaveForm(request.POST or None, now=now, colleagues=others)
    if form.is_valid():
        try:
            actions.discharge(record, form.leaving(), now=now)
            going = [one for one in others if str(one.id) in form.chosen()]
            actions.let_go(record, going, on=now.date())
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("The stay has ended. The clocks of the bundle run."))
            return redirect("stays:of", person_id)
    context = {"person": record.person, "form": form, "stay": stay, "on": now.date()}
    if stay is not None:
        context["unused"] = tariff.refund(
            prepaid=stay.prepaid,
            stayed=rules.nights(stay.begun.begun_on, now.date()),
            per_day=stay.begun.per_day or 0,
        )
    return render(request, "stays/discharge.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def receipt(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show the receipts of the last stay: a number, days, a sum, and nothing of anybody."""
    record = people.open_record(person_id, by=request.actor)
    stay = queries.state_of(record).last
    payments = stay.payments() if stay is not None else []
    context = {"back": record.person.id, "payments": payments}
    return render(request, "stays/receipt.html", context)


def _chart(request: VisitRequest, record: OpenRecord, kept: Kept | None = None) -> HttpResponse:
    now = this_moment()
    form = forms.ChartForm(request.POST or None, now=now, initial=_initial(kept))

    def write() -> str:
        sitting = form.sitting()
        actions.chart(record, sitting, now=now, replaces=kept[0] if kept else None)
        return gettext("The look at withdrawal is kept.")

    intro = gettext(
        "Eleven signs with the published points of COWS, in our own words and not validated. "
        "Score only what withdrawal explains: a pulse from stairs or a cold does not count."
    )
    page = form_page(record, form, gettext("Withdrawal chart"), intro)
    return form_or_note(request, page, write)


def _dose(request: VisitRequest, record: OpenRecord, kept: Kept | None = None) -> HttpResponse:
    now = this_moment()
    form = forms.DoseForm(request.POST or None, now=now, initial=_initial(kept))

    def write() -> str:
        dose = form.dose()
        actions.record_dose(record, dose, now=now, replaces=kept[0] if kept else None)
        return gettext("The dose is recorded.")

    intro = gettext(
        "This page records what was given and seen. It never proposes a dose and checks none: "
        "what to give is decided by the doctor's order and nobody else."
    )
    page = form_page(record, form, gettext("Record a dose"), intro)
    return form_or_note(request, page, write)


def _session(request: VisitRequest, record: OpenRecord, kept: Kept | None = None) -> HttpResponse:
    on = timezone.localdate()
    form = forms.SessionForm(request.POST or None, on=on, initial=_initial(kept))

    def write() -> str:
        actions.note_session(record, form.noted(), on=on, replaces=kept[0] if kept else None)
        return gettext("Noted. Promised and given care stand side by side.")

    intro = gettext(
        "In the hospital that was studied, promised talks and activities were often missed. "
        "Noting both sides shows the ward, and the person, what was given of what was promised."
    )
    page = form_page(record, form, gettext("A promised session"), intro)
    return form_or_note(request, page, write)


def _initial(kept: Kept | None) -> dict[str, object]:
    """Return a form's answers from the entry that it corrects."""
    if kept is None:
        return {}
    record, found = kept[1], dict[str, object]()
    match record:
        case WithdrawalCharted():
            found = {"day": record.taken_on, **record.points}
        case DoseRecorded():
            names = ("medicine", "other", "amount", "unit", "route", "given_by")
            found = {name: getattr(record, name) for name in names}
            found |= {"day": record.given_on, "witnessed": "yes" if record.witnessed else "no"}
        case SessionNoted():
            found = {"day": record.held_on, "session": record.session, "happened": record.happened}
    if isinstance(record, WithdrawalCharted | DoseRecorded):
        moment: datetime = rules.moment(found["day"], record.at_minute)  # type: ignore[arg-type]
        found["time"] = moment.time()
    return found
