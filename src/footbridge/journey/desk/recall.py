"""The supervised fallback's pages: keeping memory answers, searching by them, the cue."""

from __future__ import annotations

import json
import secrets
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries
from footbridge.journey.people.forms import OFF
from footbridge.trust.access import care_teams
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.access.signing import open_colleague
from footbridge.trust.decisions import HouseError
from footbridge.trust.recognition import fallback, memory
from footbridge.trust.recognition.fallback import Candidate
from footbridge.trust.recognition.memory import Question
from footbridge.trust.weeks import IsoWeek

CUE_TRIES = 3
_KEPT = "recall candidate"


def _words(texts: Any) -> str:  # noqa: ANN401 - a text of the data file, by language
    return str(texts["zh" if (get_language() or "").startswith("zh") else "en"])


def _field(question: Question, *, required: bool) -> forms.ChoiceField:
    blank = ("", _("Choose") if required else _("Does not know"))
    options = [(name, _words(texts)) for name, texts in question.options.items()]
    return forms.ChoiceField(
        label=_words(question.ask),
        help_text=_("Nobody else was there for this one.") if question.alone else "",
        choices=[blank, *options],
        required=required,
        error_messages={"required": _("Choose an answer.")},
    )


class KeepForm(forms.Form):
    """Asks eight memory questions, and for a cue in the person's own words."""

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in asked:
            self.fields[name] = _field(memory.questions()[name], required=True)
        self.asked = asked
        self.fields["cue"] = forms.CharField(
            label=_("Words that only you would say"),
            help_text=_(
                "A few words about something you saw, heard or thought when nobody was with you. "
                "No name, place, date or number."
            ),
            max_length=200,
            widget=forms.TextInput(attrs=OFF),
            error_messages={"required": _("Write the words that only you would say.")},
        )

    @property
    def answers(self) -> dict[str, str]:
        """The answers, by question."""
        return {name: self.cleaned_data[name] for name in self.asked}


class SearchForm(forms.Form):
    """Asks the second colleague to sign, and every memory question."""

    name = forms.CharField(
        label=_("Second colleague's sign-in name"), max_length=60, widget=forms.TextInput(attrs=OFF)
    )
    passphrase = forms.CharField(
        label=_("Their passphrase"), max_length=400, widget=forms.PasswordInput(attrs=OFF)
    )
    code = forms.CharField(
        label=_("Code from their app"),
        max_length=10,
        widget=forms.TextInput(attrs={**OFF, "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in memory.questions().values():
            self.fields[question.id] = _field(question, required=False)

    @property
    def answers(self) -> dict[str, str]:
        """The answers that were given, by question."""
        return {
            name: self.cleaned_data[name]
            for name in memory.questions()
            if self.cleaned_data.get(name)
        }


class CueForm(forms.Form):
    """Asks for the cue."""

    cue = forms.CharField(
        label=_("The words that only they would say"),
        max_length=200,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": _("The person types the words themself.")},
    )


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def keep(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Keep eight memory answers and a cue, for somebody who agreed to this way back."""
    record = queries.open_record(person_id, by=request.actor)
    agreed = consents.state_of(record)
    if not agreed.may(Purpose.RECALL, on=timezone.localdate()):
        return render(request, "desk/recall-consent.html", {"person": record.person})
    asked = [name for name in request.POST.getlist("asked") if name in memory.questions()]
    if not asked:
        asked = list(memory.suggested_questions(draws=secrets.randbelow))
    form = KeepForm(request.POST or None, asked=asked)
    if form.is_valid():
        try:
            fallback.keep_answers(
                record.person,
                form.answers,
                cue=form.cleaned_data["cue"],
                until=IsoWeek.of(agreed.terms[Purpose.RECALL].expires_on),
                by=request.actor,
                on=timezone.localdate(),
            )
        except HouseError as error:
            form.add_error("cue", error.say(gettext))
        else:
            request.visit.say(gettext("The answers are kept; no colleague alone can see them."))
            return redirect("person", person_id)
    return render(
        request, "desk/recall-keep.html", {"person": record.person, "form": form, "asked": asked}
    )


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def search(request: VisitRequest) -> HttpResponse:
    """Search by memory answers, two colleagues present; at most one person is proposed."""
    form = SearchForm(request.POST or None)
    nobody = False
    if form.is_valid():
        try:
            second = open_colleague(form.cleaned_data)
            found = fallback.propose(
                form.answers, present=(request.actor, second), on=timezone.localdate()
            )
        except HouseError as error:
            form.add_error(None, error.say(gettext))
        else:
            if found is not None:
                _keep(request, found, second=second.id, tries=CUE_TRIES)
                return redirect("recall:cue")
            nobody = True
    return render(request, "desk/recall-search.html", {"form": form, "nobody": nobody})


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters("cue")
@require_http_methods(["GET", "POST"])
def cue(request: VisitRequest) -> HttpResponse:
    """Ask for the person's own words before anything is said about who was found."""
    kept = request.visit.take_once(_KEPT)
    if kept is None:
        return redirect("recall:search")
    facts = json.loads(kept)
    person = queries.shell_of(UUID(facts["person"]), by=request.actor)
    candidate, second = Candidate(person, facts["cue"]), UUID(facts["second"])
    form = CueForm(request.POST or None)
    if not form.is_valid():
        _keep(request, candidate, second=second, tries=facts["tries"])
        return render(request, "desk/recall-cue.html", {"form": form})
    fits = fallback.confirm(
        candidate,
        form.cleaned_data["cue"],
        by=request.actor,
        witness=second,
        on=timezone.localdate(),
    )
    if fits:
        mine = care_teams.in_team(person.id, actor=request.actor)
        context = {
            "person": person,
            "mine": mine,
            "team": queries.team(person.id, by=request.actor),
        }
        return render(request, "desk/recall-found.html", context)
    if facts["tries"] > 1:
        _keep(request, candidate, second=second, tries=facts["tries"] - 1)
        form.add_error("cue", gettext("These are not the words. Nothing was opened. Try again."))
        return render(request, "desk/recall-cue.html", {"form": form})
    request.visit.say(
        gettext("The words did not fit, so nothing was opened. The person may start again."),
        level="caution",
    )
    return redirect("people")


def _keep(request: VisitRequest, found: Candidate, *, second: UUID, tries: int) -> None:
    facts = {
        "person": str(found.person.id),
        "cue": found.cue,
        "second": str(second),
        "tries": tries,
    }
    request.visit.keep_once(_KEPT, json.dumps(facts))
