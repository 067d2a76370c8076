"""Pages of the ward: board, beds, protocol, tariff, figures."""

from __future__ import annotations

import math
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.people import actions as people_actions
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
from footbridge.journey.stays import beds, figures, forms_ward, queries, ward
from footbridge.journey.stays.returns import Range, Returns, shown_rate
from footbridge.journey.stays.state import KIND
from footbridge.journey.stays.views_shared import this_moment
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError
from footbridge.trust.weeks import IsoWeek

EXAMPLE = (45, 60)  # true rate and match rate, in 100, of the page's example


@staff_door(Capability.SEE_WARD)
@require_GET
def board(request: VisitRequest) -> HttpResponse:
    """Show the ward as far as the actor holds keys; the rest is a number."""
    now = this_moment()
    found = queries.board(by=request.actor, now=now)
    for row in found.rows:
        if request.visit.first_time(f"opened {row.person.id}"):
            record = people.open_record(row.person.id, by=request.actor)
            people_actions.note_opening(record, on=now.date())
    context = {"board": found, "now": now, "hours": ward.protocol().chart_hours}
    return render(request, "stays/board.html", context)


@staff_door(Capability.MANAGE_WARD)
@require_http_methods(["GET", "POST"])
def manage_beds(request: VisitRequest) -> HttpResponse:
    """Add rooms and beds, close them, set one free whose record is gone."""
    doing, _colon, which = request.POST.get("do", "").partition(":")
    form = forms_ward.BedsForm(request.POST if doing == "add" else None)
    if doing in {"close", "open", "free"}:
        try:
            request.visit.say(_change_bed(request, doing, UUID(which)))
        except ValueError:
            request.visit.say(gettext("Choose a bed from the list."), level="caution")
        except HouseError as error:
            request.visit.say(say(error), level="caution")
        return redirect("ward_beds")
    if form.is_valid():
        told = form.cleaned_data
        n = beds.add(
            told["room"],
            told["beds"],
            form.room_kind(),
            by=request.actor,
            on=timezone.localdate(),
        )
        words = ngettext("%(n)d bed was added.", "%(n)d beds were added.", n)
        request.visit.say(words % {"n": n})
        return redirect("ward_beds")
    context = {"form": form, "beds": beds.every(site=request.actor.site)}
    return render(request, "stays/beds.html", context)


def _change_bed(request: VisitRequest, doing: str, bed: UUID) -> str:
    on = timezone.localdate()
    if doing == "free":
        beds.set_free(bed, by=request.actor, on=on)
        return gettext("The bed is free.")
    beds.close(bed, closed=doing == "close", by=request.actor, on=on)
    return gettext("The bed is closed.") if doing == "close" else gettext("The bed is open again.")


@staff_door(Capability.MANAGE_WARD)
@require_http_methods(["GET", "POST"])
def protocol(request: VisitRequest) -> HttpResponse:
    """Set how often the chart is due, and what a stay promises."""
    kept = ward.protocol()
    initial = {"chart_hours": kept.chart_hours}
    initial |= {session.value: n for session, n in kept.promised.items()}
    form = forms_ward.ProtocolForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            ward.set_protocol(form.protocol(), by=request.actor, on=timezone.localdate())
        except HouseError as error:
            form.add_error("chart_hours", say(error))
        else:
            request.visit.say(gettext("The ward's protocol is kept."))
            return redirect("ward")
    return render(request, "stays/protocol.html", {"form": form})


@staff_door(Capability.MANAGE_WARD)
@require_http_methods(["GET", "POST"])
def tariff(request: VisitRequest) -> HttpResponse:
    """Set the tariff, where the site has turned the module on."""
    if not settings.FOOTBRIDGE_TARIFF:
        return render(request, "stays/tariff.html", {"off": True})
    form = forms_ward.TariffForm(request.POST or None, tariff=ward.tariff())
    if form.is_valid():
        try:
            ward.set_tariff(form.tariff(), by=request.actor, on=timezone.localdate())
        except HouseError as error:
            form.add_error("base", say(error))
        else:
            request.visit.say(gettext("The tariff is kept. It counts for stays that begin now."))
            return redirect("ward")
    return render(request, "stays/tariff.html", {"form": form})


@staff_door(Capability.SEE_WARD)
@require_GET
def ward_figures(request: VisitRequest) -> HttpResponse:
    """Show the metrics of the ward; returns only with the bounds of recognition."""
    by = request.actor
    everybody = by.may(Capability.MANAGE_STAFF)
    courses = [
        course
        for _person, summary in people.summaries(by=by, as_coordinator=everybody)
        for course in summary.courses_of(KIND)
    ]
    form = forms_ward.MatchForm(request.GET if "low" in request.GET else None)
    matches = dict(figures.MATCHES)
    if form.is_valid():
        chosen: Range = form.match()
        if chosen.low <= chosen.high:
            matches = dict.fromkeys(matches, chosen)
        else:
            form.add_error("high", gettext("The upper bound is not under the lower one."))
    found = figures.figures(courses, week=IsoWeek.of(timezone.localdate()), matches=matches)
    true, match = EXAMPLE
    context = {
        "figures": found,
        "form": form,
        "returns": [_returned(days, one, matches[days]) for days, one in found.returns.items()],
        "everybody": everybody,
        "example": {
            "true": true,
            "match": match,
            "shown": round(100 * shown_rate(true / 100, match=match / 100)),
        },
    }
    return render(request, "stays/figures.html", context)


def _returned(days: int, found: Returns, match: Range) -> dict[str, object]:
    """Return a line of the table of returns, in whole figures of a hundred."""
    seen = f"{100 * found.observed:.0f}" if found.observed is not None else "–"
    return {
        "days": days,
        "found": found,
        "match": _hundredths(match),
        "observed": seen,
        "true": _hundredths(found.true) if found.true is not None else _counted(found, match),
        "wide": _hundredths(found.true95),
    }


def _counted(found: Returns, match: Range) -> str:
    """Return the range as whole stays, where there are too few for a share."""
    low, high = math.ceil(found.seen / match.high), math.ceil(found.seen / match.low)
    words = gettext("%(low)d to %(high)d of %(base)d stays")
    return words % {"low": low, "high": min(high, found.base), "base": found.base}


def _hundredths(span: Range | None) -> str:
    return f"{100 * span.low:.0f}–{100 * span.high:.0f}" if span is not None else "–"
