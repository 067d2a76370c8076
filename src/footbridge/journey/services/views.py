"""Pages of the services room: search the directory, read an entry, load and export."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.saying import say
from footbridge.journey.services import actions, forms, queries
from footbridge.journey.services.documents import page_of_services
from footbridge.journey.services.reading import Limits, Problem, RefusedSetError
from footbridge.journey.services.search import Query
from footbridge.journey.services.writing import csv_set
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError

A_PAGE = 20


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def directory(request: VisitRequest) -> HttpResponse:
    """Search the directory, cheapest in anonymity first."""
    asked = bool(set(request.GET) - {"page"})
    form = forms.SearchForm(request.GET if asked else None)
    query = form.query() if asked and form.is_valid() else Query()
    found = queries.found(query, at=timezone.localtime())
    context = {
        "form": form,
        "asked": asked,
        "loaded": bool(queries.directory().services),
        "stale": len(queries.stale(at=timezone.localtime())),
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "services/directory.html", context)


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def one(request: VisitRequest, service_id: UUID) -> HttpResponse:
    """Show one service with all that belongs to it."""
    card = queries.card(service_id, at=timezone.localtime())
    changes = queries.changes(service_id, site=request.actor.site)
    return render(request, "services/one.html", {"card": card, "changes": changes})


@staff_door(Capability.EDIT_DIRECTORY)
@require_http_methods(["GET", "POST"])
def load(request: VisitRequest) -> HttpResponse:
    """Put a new set of files in the place of the directory, if all of it can be read."""
    form = forms.LoadForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            count = _load(form.cleaned_data["uploads"], by=request.actor)
        except RefusedSetError as error:
            form.add_error("uploads", say(error))
            problems = error.report.problems
        except HouseError as error:
            form.add_error("uploads", say(error))
        else:
            said = ngettext(
                "The directory has %(n)d service now.",
                "The directory has %(n)d services now.",
                count,
            )
            request.visit.say(said % {"n": count})
            return redirect("directory")
    rows = [
        [problem.file, problem.line or "–", problem.column or "–", problem.say(gettext)]
        for problem in problems
    ]
    columns = [gettext("File"), gettext("Line"), gettext("Column"), gettext("What is wrong")]
    context = {"form": form, "columns": columns, "rows": rows}
    return render(request, "services/load.html", context)


def _load(sent: list[UploadedFile[bytes]], *, by: Actor) -> int:
    """Load the files that were sent; return how many services there are now."""
    limit = Limits().set_bytes
    if sum(each.size or 0 for each in sent) > limit:
        raise forms.TooLargeError(limit)
    source = {(each.name or "").rsplit("/", 1)[-1]: each.read() for each in sent}
    loaded = actions.load(source, by=by, on=timezone.localdate())
    return len(loaded.services)


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def export(request: VisitRequest) -> HttpResponse:
    """Give the directory as a zip of HSDS files, for any other tool."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in csv_set(queries.directory()).items():
            box.writestr(zipfile.ZipInfo(name), data)  # no clock: the same set, the same bytes
    headers = {"Content-Disposition": 'attachment; filename="directory.zip"'}
    return HttpResponse(out.getvalue(), content_type="application/zip", headers=headers)


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def export_json(request: VisitRequest) -> HttpResponse:
    """Give the services as documents of the standard, each with all that belongs to it."""
    headers = {"Content-Disposition": 'attachment; filename="services.json"'}
    data = page_of_services(queries.directory())
    return HttpResponse(data, content_type="application/json", headers=headers)
