"""Pages of the people room: find, enrol, phrase, care team, transfer."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.people import actions, forms, queries
from footbridge.trust import runtime
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import ALLOWED, Capability
from footbridge.trust.decisions import HouseError
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition import transfer
from footbridge.trust.vault.compartments import PlainHolder
from footbridge.trust.vault.persons import WrongPhraseError


@staff_door(Capability.FIND_PEOPLE)
@require_http_methods(["GET", "POST"])
def people(request: VisitRequest) -> HttpResponse:
    """List the actor's own people, and find anybody by handle."""
    form = forms.HandleForm(request.POST or None)
    if form.is_valid():
        try:
            found = queries.find(form.cleaned_data["handle"], by=request.actor)
        except HouseError as error:
            form.add_error("handle", error.say(gettext))
        else:
            return redirect("person", found.id)
    page = Paginator(queries.caseload(by=request.actor), 30).get_page(request.GET.get("page"))
    return render(request, "people/people.html", {"form": form, "page": page})


@staff_door(Capability.ENROL)
@require_http_methods(["GET", "POST"])
def enrol(request: VisitRequest) -> HttpResponse:
    """Enrol somebody new under two random words."""
    form = forms.EnrolForm(request.POST or None)
    if form.is_valid():
        enrolled = recognition.enrol(
            language=form.cleaned_data["language"],
            by=request.actor,
            on=timezone.localdate(),
            cost=settings.FOOTBRIDGE_KDF_COST,
        )
        request.visit.keep_once(f"phrase {enrolled.person}", " ".join(enrolled.phrase))
        return redirect("people:words", enrolled.person)
    return render(request, "people/enrol.html", {"form": form})


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_variables("phrase")
@require_GET
def words(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show a new handle and phrase once, to the person."""
    view = queries.shell_of(person_id, by=request.actor)
    phrase = request.visit.take_once(f"phrase {person_id}")
    context = {"person": view, "words": phrase.split() if phrase else []}
    return render(request, "people/words.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def practise(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Let the person try their phrase; nothing is kept, the key itself is the test."""
    view = queries.shell_of(person_id, by=request.actor)
    form = forms.PhraseForm(request.POST or None)
    fits = None
    if form.is_valid():
        try:
            _open(view.handle, form.cleaned_data["phrase"])
            fits = True
        except WrongPhraseError:
            fits = False
        except HouseError as error:
            form.add_error("phrase", error.say(gettext))
    count = 6 if view.shell.language == "zh" else 5
    context = {"person": view, "form": forms.PhraseForm() if fits else form, "fits": fits}
    return render(request, "people/practise.html", {**context, "count": count})


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def new_phrase(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Give somebody whom their worker recognises a new phrase."""
    record = queries.open_record(person_id, by=request.actor)
    if request.method == "POST":
        phrase = recognition.renew_phrase(
            record.person,
            by=request.actor,
            on=timezone.localdate(),
            cost=settings.FOOTBRIDGE_KDF_COST,
        )
        runtime.sessions().end_of(person_id)
        request.visit.keep_once(f"phrase {person_id}", " ".join(phrase))
        return redirect("people:words", person_id)
    return render(request, "people/new-phrase.html", {"person": record.person})


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def join_team(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Let a person, present, give the actor a key to their record."""
    view = queries.shell_of(person_id, by=request.actor)
    form = forms.PhraseForm(request.POST or None)
    if form.is_valid():
        try:
            holder = _open(view.handle, form.cleaned_data["phrase"])
            me = staff.profile_of(request.actor.id, site=request.actor.site)
            if me is not None:
                care_teams.grant(
                    person=view,
                    to=me,
                    by=holder,
                    on=timezone.localdate(),
                    limit=settings.FOOTBRIDGE_CASELOAD_LIMIT,
                )
        except HouseError as error:
            form.add_error("phrase", error.say(gettext))
        else:
            request.visit.say(gettext("You are in this person's care team now."))
            return redirect("person", person_id)
    return render(request, "people/join-team.html", {"person": view, "form": form})


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def team(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show a care team; add a colleague."""
    record = queries.open_record(person_id, by=request.actor)
    members = queries.team(person_id, by=request.actor)
    others = [
        profile
        for profile in staff.everybody(site=request.actor.site)
        if not members.has(profile.id) and Capability.WORK_WITH_PEOPLE in ALLOWED[profile.role]
    ]
    form = forms.ColleagueForm(request.POST or None, colleagues=others)
    if form.is_valid():
        chosen = next(p for p in others if str(p.id) == form.cleaned_data["colleague"])
        try:
            actions.add_to_team(
                record=record,
                colleague=chosen,
                on=timezone.localdate(),
                limit=settings.FOOTBRIDGE_CASELOAD_LIMIT,
            )
        except HouseError as error:
            form.add_error("colleague", error.say(gettext))
        else:
            request.visit.say(gettext("The colleague is in the care team now."))
            return redirect("people:team", person_id)
    context = {"person": record.person, "team": members, "form": form, "others": others}
    return render(request, "people/team.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def leave_team(request: VisitRequest, person_id: UUID, staff_id: UUID) -> HttpResponse:
    """Take somebody out of a care team; only its members can, and never the last one."""
    record = queries.open_record(person_id, by=request.actor)
    if len(queries.team(person_id, by=request.actor).members) < 2:
        request.visit.say(
            gettext("Nobody else is in this care team. Add somebody first."), level="caution"
        )
        return redirect("people:team", person_id)
    actions.leave_team(record=record, colleague=staff_id, on=timezone.localdate(), by=request.actor)
    request.visit.say(gettext("The colleague's keys to this record are gone."))
    if staff_id == request.actor.id:
        return redirect("people")
    return redirect("people:team", person_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def make_transfer(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Make a transfer while the person is present; first the file, then the code once."""
    record = queries.open_record(person_id, by=request.actor)
    form = forms.PhraseForm(request.POST or None)
    if form.is_valid():
        try:
            holder = _open(record.handle, form.cleaned_data["phrase"])
            made = transfer.make(
                record.person,
                holder=holder,
                by=request.actor,
                on=timezone.localdate(),
                cost=settings.FOOTBRIDGE_KDF_COST,
            )
        except HouseError as error:
            form.add_error("phrase", error.say(gettext))
        else:
            request.visit.keep_once(f"transfer file {person_id}", made.file.hex())
            request.visit.keep_once(f"transfer code {person_id}", " ".join(made.code))
            return redirect("people:transfer_code", person_id)
    return render(
        request,
        "people/transfer.html",
        {"person": record.person, "form": form, "days": transfer.DAYS},
    )


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def transfer_code(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show the one-time code once, and offer the file."""
    view = queries.shell_of(person_id, by=request.actor)
    code = request.visit.take_once(f"transfer code {person_id}")
    return render(
        request,
        "people/transfer-code.html",
        {"person": view, "words": code.split() if code else [], "days": transfer.DAYS},
    )


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def transfer_file(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Hand the file out once."""
    kept = request.visit.take_once(f"transfer file {person_id}")
    if kept is None:
        return redirect("people:make_transfer", person_id)
    answer = HttpResponse(bytes.fromhex(kept), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = 'attachment; filename="notes.bin"'
    return answer


@staff_door(Capability.ENROL)
@require_http_methods(["GET", "POST"])
def take_in(request: VisitRequest) -> HttpResponse:
    """Enrol somebody who brings a transfer."""
    form = forms.TakeInForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            care_teams.check_room(
                request.actor.id,
                site=request.actor.site,
                limit=settings.FOOTBRIDGE_CASELOAD_LIMIT,
            )
            enrolled = transfer.take_in(
                form.cleaned_data["file"].read(),
                form.cleaned_data["code"],
                language=form.cleaned_data["language"],
                by=request.actor,
                on=timezone.localdate(),
                cost=settings.FOOTBRIDGE_KDF_COST,
            )
        except HouseError as error:
            form.add_error("code", error.say(gettext))
        else:
            request.visit.keep_once(f"phrase {enrolled.person}", " ".join(enrolled.phrase))
            return redirect("people:words", enrolled.person)
    return render(request, "people/take-in.html", {"form": form})


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters("shares")
@require_http_methods(["GET", "POST"])
def recover(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Open a record with three shares of the recovery key, where the person agreed to it."""
    view = queries.shell_of(person_id, by=request.actor)
    form = forms.SharesForm(request.POST or None)
    if form.is_valid():
        try:
            phrase = recognition.recover(
                view,
                shares=form.lines(),
                to=request.actor,
                on=timezone.localdate(),
                cost=settings.FOOTBRIDGE_KDF_COST,
            )
        except HouseError as error:
            form.add_error("shares", error.say(gettext))
        else:
            runtime.sessions().end_of(person_id)  # they hold the key of before
            request.visit.keep_once(f"phrase {person_id}", " ".join(phrase))
            return redirect("people:words", person_id)
    return render(request, "people/recover.html", {"person": view, "form": form})


def _open(handle: str, phrase: str) -> PlainHolder:
    return recognition.open_key(
        handle,
        phrase,
        cost=settings.FOOTBRIDGE_KDF_COST,
        site=runtime.seal.keys,
        throttle=runtime.throttle,
    )
