"""Pages on which a coordinator loads an instrument from a file, and takes one along as a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.exchange import draft, files
from footbridge.journey.assessments.exchange.draft import Draft
from footbridge.journey.assessments.exchange.files import Shape
from footbridge.journey.assessments.exchange.forms import LoadForm
from footbridge.journey.assessments.exchange.sheet import Problem, RefusedFileError
from footbridge.journey.assessments.rules import AssessmentError, Condition, Instrument, Item
from footbridge.journey.bilingual import said
from footbridge.journey.consents.rules import Language
from footbridge.journey.saying import colon, say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError

KEPT = "instrument"
MOST_TOLD = 200
KINDS = {
    Shape.REDCAP: ("text/csv; charset=utf-8", "csv"),
    Shape.REDCAP_ZIP: ("application/zip", "zip"),
    Shape.XLSFORM: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    Shape.FHIR: ("application/fhir+json", "json"),
}


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def shapes(request: VisitRequest) -> HttpResponse:
    """Offer every instrument that has words as a file."""
    found = sorted(instruments.instruments().values(), key=lambda one: (one.id, one.version))
    context = {
        "ready": [one for one in found if one.worded],
        "may_load": request.actor.may(Capability.EDIT_DIRECTORY),
    }
    return render(request, "instruments/files.html", context)


@staff_door(Capability.EDIT_DIRECTORY)
@require_http_methods(["GET", "POST"])
def load(request: VisitRequest) -> HttpResponse:
    """Read a file, and list everything that is wrong with it; nothing is loaded yet."""
    initial = {"target": request.GET.get("for", "")}
    form = LoadForm(request.POST or None, request.FILES or None, initial=initial)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            made = draft.read(data, form.key(), form.given(), form=form.cleaned_data["form"])
        except RefusedFileError as error:
            alone = len(error.problems) == 1 and not error.problems[0].where
            form.add_error("file", error.problems[0].say(gettext) if alone else say(error))
            problems = () if alone else error.problems
        except HouseError as error:
            form.add_error("file", say(error))
        else:
            request.visit.keep_once(KEPT, made.kept())
            return redirect("instruments:look")
    context = {"form": form, "columns": _columns(), "rows": _told(problems)}
    return render(request, "instruments/load.html", context)


@staff_door(Capability.EDIT_DIRECTORY)
@require_http_methods(["GET", "POST"])
def look(request: VisitRequest) -> HttpResponse:
    """Show what was read, question by question; load it when somebody says yes."""
    kept = request.visit.take_once(KEPT)
    if kept is None:
        request.visit.say(gettext("Nothing is waiting to be loaded. Choose the file again."))
        return redirect("instruments:load")
    waiting = Draft.of(kept)
    if request.method == "POST":
        try:
            instruments.load(waiting.definition, by=request.actor, on=timezone.localdate())
        except HouseError as error:
            request.visit.say(say(error), level="danger")
            return redirect("instruments:load")
        request.visit.say(gettext("The instrument is loaded and can be asked."))
        return redirect("instruments:files")
    request.visit.keep_once(KEPT, kept)
    return render(request, "instruments/look.html", _shown(waiting))


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def save(request: VisitRequest, instrument: str, version: int, shape: str) -> HttpResponse:
    """Give one instrument as a file; without its words there is nothing to give."""
    try:
        found = instruments.instrument(instrument, version)
    except AssessmentError as error:
        raise Http404 from error
    if not found.worded:
        raise Http404
    wanted = request.GET.get("language", "")
    language = Language(wanted) if wanted in set(Language) else min(found.worded)
    if language not in found.worded:
        raise Http404
    kind, ending = KINDS[Shape(shape)]
    text = files.write(found, Shape(shape), language=language)
    name = f"{found.id}-{found.version}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=kind, headers=headers)


def _columns() -> list[str]:
    return [gettext("Row"), gettext("Column"), gettext("What is wrong and what to do")]


def _told(problems: tuple[Problem, ...]) -> list[list[str]]:
    told = problems[:MOST_TOLD]
    return [[one.where or "–", one.column or "–", one.say(gettext)] for one in told]


def _shown(waiting: Draft) -> dict[str, object]:
    found = waiting.instrument
    columns = [gettext("Question"), gettext("Answers")]
    rows = [[_question(item), _answers(item)] for item in found.items]
    if any(item.show_when for item in found.items):
        columns.append(gettext("Asked only if"))
        for row, item in zip(rows, found.items, strict=True):
            row.append(_asked(item, found))
    return {
        "instrument": found,
        "laid_on": waiting.laid_on,
        "columns": columns,
        "rows": rows,
        "notes": [[one.where or "–", one.say(gettext)] for one in waiting.notes[:MOST_TOLD]],
        "note_columns": [gettext("Row"), gettext("What to look at")],
    }


def _question(item: Item) -> str:
    if not item.reverse:
        return said(item.words)
    return gettext("%(question)s (counts in reverse)") % {"question": said(item.words)}


def _answers(item: Item) -> str:
    if item.numbers is not None:
        return f"{item.numbers.least}–{item.numbers.most}"
    return " · ".join(f"{option.value} {said(option.words)}" for option in item.options)


def _asked(item: Item, found: Instrument) -> str:
    return "; ".join(_condition(one, found) for one in item.show_when) or "–"


def _condition(one: Condition, found: Instrument) -> str:
    return f"{said(found.item(one.item).words)}{colon()}{', '.join(map(str, sorted(one.values)))}"
