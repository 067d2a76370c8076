"""Colleagues: inviting, joining, roles, circles, revoking, leaving."""

from __future__ import annotations

import uuid

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.site import labels
from footbridge.site.forms_colleagues import (
    InviteForm,
    PassphraseForm,
    RecallAgainForm,
    RecallForm,
    RoleForm,
)
from footbridge.site.forms_doors import CodeForm, JoinForm
from footbridge.trust import runtime
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.doors import (
    VisitRequest,
    any_staff_door,
    staff_door,
    unsealed_door,
)
from footbridge.trust.access.rules import Capability, Role, check_coordinating
from footbridge.trust.access.signing import open_colleague
from footbridge.trust.access.staff import Profile
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError, RefusedError
from footbridge.trust.recognition import fallback
from footbridge.trust.recognition.throttle import WaitError


@any_staff_door
@require_GET
def everybody(request: VisitRequest) -> HttpResponse:
    """List the colleagues, with their roles and circles."""
    site = request.actor.site
    coordinators = circles.the_one(CircleKind.COORDINATORS, site=site)
    recall_circle = fallback.circle(site=site)
    rows = [
        {
            "profile": profile,
            "role": labels.ROLES[profile.role],
            "coordinates": coordinators is not None
            and profile.id in circles.members(coordinators.id),
            "recalls": recall_circle is not None
            and profile.id in circles.members(recall_circle.id),
            "me": profile.id == request.actor.id,
        }
        for profile in staff.everybody(site=site)
    ]
    return render(request, "site/colleagues.html", {"rows": rows, "recall_circle": recall_circle})


@any_staff_door
@require_GET
def one(request: VisitRequest, staff_id: uuid.UUID) -> HttpResponse:
    """Show one colleague and what can be done."""
    profile = _profile(staff_id, request.actor)
    site = request.actor.site
    circle = circles.the_one(CircleKind.COORDINATORS, site=site)
    context = {
        "profile": profile,
        "role": labels.ROLES[profile.role],
        "people": len(care_teams.caseload(profile.id, site=site)),
        "role_form": RoleForm(initial={"role": profile.role.value}),
        "me": profile.id == request.actor.id,
        "can_join_circle": profile.role is Role.COORDINATOR
        and (circle is None or profile.id not in circles.members(circle.id)),
    }
    return render(request, "site/colleague.html", context)


@staff_door(Capability.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def invite(request: VisitRequest) -> HttpResponse:
    """Invite a colleague; the code is shown once."""
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            code = staff.invite(
                name=form.cleaned_data["name"],
                role=Role(form.cleaned_data["role"]),
                by=request.actor,
                on=timezone.localdate(),
            )
        except HouseError as error:
            form.add_error("name", error.say(gettext))
        else:
            return render(
                request, "site/invited.html", {"code": code, "days": staff.INVITATION_DAYS}
            )
    return render(request, "site/invite.html", {"form": form})


@unsealed_door
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Let an invited colleague make their own keys."""
    site = runtime.seal.keys
    asked = CodeForm(request.POST or None)
    if not asked.is_valid():
        return render(request, "site/join-code.html", {"form": asked})
    code = asked.cleaned_data["code"]
    try:
        runtime.throttle.check(b"join")
        name, role = staff.invitation(code, site=site, on=timezone.localdate())
    except HouseError as error:
        if not isinstance(error, WaitError):  # not a try: or waiting would never end
            runtime.throttle.failed(b"join")
        asked.add_error("code", error.say(gettext))
        return render(request, "site/join-code.html", {"form": asked})
    form = JoinForm(request.POST if "passphrase" in request.POST else None, initial={"code": code})
    if form.is_valid():
        try:
            profile = staff.join(
                code,
                passphrase=form.cleaned_data["passphrase"],
                totp=form.cleaned_data["totp"],
                cost=settings.FOOTBRIDGE_KDF_COST,
                site=site,
                on=timezone.localdate(),
            )
        except HouseError as error:
            form.add_error(None, error.say(gettext))
        else:
            runtime.throttle.succeeded(b"join")
            _first_coordinator(profile)
            return render(request, "site/joined.html", {"name": profile.name})
    return render(request, "site/join.html", _join_context(form, code, name, role))


@staff_door(Capability.MANAGE_STAFF)
@require_POST
def role(request: VisitRequest, staff_id: uuid.UUID) -> HttpResponse:
    """Give a colleague another role."""
    form = RoleForm(request.POST)
    profile = _profile(staff_id, request.actor)
    if form.is_valid():
        staff.change_role(
            staff=profile.id,
            role=Role(form.cleaned_data["role"]),
            by=request.actor,
            on=timezone.localdate(),
        )
        runtime.sessions().end_of(profile.id)
        request.visit.say(gettext("The role was changed. It holds from the next sign-in."))
    return redirect("colleague", staff_id)


@staff_door(Capability.MANAGE_STAFF)
@require_POST
def circle(request: VisitRequest, staff_id: uuid.UUID) -> HttpResponse:
    """Add a coordinator to the coordinators' circle; only a member can."""
    profile = _profile(staff_id, request.actor)
    decision = check_coordinating(profile.role, active=profile.active)
    if not decision:
        raise RefusedError.by(decision)
    found = circles.the_one(CircleKind.COORDINATORS, site=request.actor.site)
    if found is None:
        _first_coordinator(profile)
    else:
        circles.add(
            circle=found.id,
            member=Member(profile.id, profile.public),
            by=request.actor,
            on=timezone.localdate(),
        )
    request.visit.say(gettext("The colleague is in the coordinators' circle now."))
    return redirect("colleague", staff_id)


@staff_door(Capability.REVOKE_COLLEAGUE)
@require_http_methods(["GET", "POST"])
def revoke(request: VisitRequest, staff_id: uuid.UUID) -> HttpResponse:
    """Take every key from a colleague at once; ask first."""
    profile = _profile(staff_id, request.actor)
    if request.method == "POST":
        people = care_teams.revoke_everything(
            colleague=profile.id, by=request.actor, on=timezone.localdate()
        )
        runtime.sessions().end_of(profile.id)
        request.visit.say(
            gettext("All keys of this colleague were deleted ({people} people).").format(
                people=people
            )
        )
        return redirect("colleague", staff_id)
    people = len(care_teams.caseload(profile.id, site=request.actor.site))
    return render(request, "site/colleague-revoke.html", {"profile": profile, "people": people})


@staff_door(Capability.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def leave(request: VisitRequest, staff_id: uuid.UUID) -> HttpResponse:
    """Close a departing colleague's sign-in, take their keys, rotate the circles."""
    profile = _profile(staff_id, request.actor)
    if request.method == "POST":
        _leave(profile, by=request.actor)
        runtime.sessions().end_of(profile.id)
        request.visit.say(gettext("The colleague's sign-in is closed and their keys are gone."))
        return redirect("colleagues")
    people = [
        {"view": view, "others": len(care_teams.team_of(view.id, site=request.actor.site).members)}
        for view in care_teams.caseload(profile.id, site=request.actor.site)
    ]
    return render(request, "site/colleague-leave.html", {"profile": profile, "people": people})


@staff_door(Capability.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def recall(request: VisitRequest) -> HttpResponse:
    """Found the recall circle, or deal its shares anew: choose who holds one."""
    colleagues = staff.everybody(site=request.actor.site)
    existing = fallback.circle(site=request.actor.site)
    form = (RecallForm if existing is None else RecallAgainForm)(
        request.POST or None, colleagues=colleagues
    )
    if form.is_valid():
        chosen = [p for p in colleagues if str(p.id) in form.cleaned_data["members"]]
        members = [Member(p.id, p.public) for p in chosen]
        on = timezone.localdate()
        try:
            if existing is None:
                fallback.found_circle(members=members, by=request.actor, on=on)
            else:
                second = open_colleague(form.cleaned_data)
                fallback.deal_again(members=members, present=(request.actor, second), on=on)
        except HouseError as error:
            form.add_error("members", error.say(gettext))
        else:
            request.visit.say(gettext("The recall circle is there. Two of its members can use it."))
            return redirect("colleagues")
    return render(request, "site/recall-circle.html", {"form": form, "existing": existing})


@any_staff_door
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def passphrase(request: VisitRequest) -> HttpResponse:
    """Let somebody put their own key under a new passphrase."""
    form = PassphraseForm(request.POST or None)
    if form.is_valid():
        try:
            staff.change_passphrase(
                request.actor,
                form.cleaned_data["passphrase"],
                cost=settings.FOOTBRIDGE_KDF_COST,
                on=timezone.localdate(),
            )
        except HouseError as error:
            form.add_error("passphrase", error.say(gettext))
        else:
            request.visit.say(gettext("Your new passphrase holds from the next sign-in."))
            return redirect("more")
    return render(request, "site/passphrase.html", {"form": form})


def _leave(profile: Profile, *, by: Actor) -> None:
    on = timezone.localdate()
    everyone = [Member(p.id, p.public) for p in staff.everybody(site=by.site)]
    for kind in (CircleKind.COORDINATORS, CircleKind.STUDY):
        for found in circles.of_kind(kind, site=by.site):
            held = circles.members(found.id)
            if profile.id in held and by.id in held:
                circles.leave(
                    circle=found.id,
                    leaving=profile.id,
                    staying=[member for member in everyone if member.id in held],
                    by=by,
                    on=on,
                )
    care_teams.revoke_everything(colleague=profile.id, by=by, on=on)
    staff.deactivate(staff=profile.id, by=by, on=on)


def _first_coordinator(profile: Profile) -> None:
    """Found the coordinators' circle with its first member."""
    site = runtime.seal.keys
    if profile.role is not Role.COORDINATOR:
        return
    if circles.the_one(CircleKind.COORDINATORS, site=site) is not None:
        return
    with act("circle.founded", by=profile.id, on=timezone.localdate(), site=site):
        circles.create(
            CircleKind.COORDINATORS, members=[Member(profile.id, profile.public)], site=site
        )


def _join_context(form: JoinForm, code: str, name: str, role: Role) -> dict[str, object]:
    secret = staff.totp_secret(code, site=runtime.seal.keys)
    address = staff.totp_address(name, secret, issuer="Notebook")
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#000")
    return {
        "form": form,
        "name": name,
        "role": labels.ROLES[role],
        "picture": mark_safe(picture),  # noqa: S308 - our own drawing
        "secret": address.split("secret=")[1].split("&")[0],
    }


def _profile(staff_id: uuid.UUID, actor: Actor) -> Profile:
    profile = staff.profile_of(staff_id, site=actor.site)
    if profile is None:
        raise Http404
    return profile
