"""What the pages of this room share: the moment it is, and pages that are one small form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest
from footbridge.trust.decisions import HouseError


def this_moment() -> datetime:
    """Return the ward's day and time, without a zone: records hold minutes of a day."""
    return datetime.combine(timezone.localdate(), timezone.localtime().time())


def form_page(record: OpenRecord, form: Form, title: str, intro: str) -> dict[str, object]:
    """Return the context of a page that is one small form."""
    return {"person": record.person, "form": form, "title": title, "intro": intro}


def form_or_note(
    request: VisitRequest, page: dict[str, object], write: Callable[[], str]
) -> HttpResponse:
    """Ask, write, and go back to the stay; a refusal stands on the form."""
    form, person = page["form"], page["person"]
    assert isinstance(form, Form)  # noqa: S101 - narrows the type
    if form.is_valid():
        try:
            said = write()
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(said)
            return redirect("stays:of", person.id)  # type: ignore[attr-defined]
    return render(request, "stays/form.html", page)
