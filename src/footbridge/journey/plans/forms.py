"""Forms of the plans room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.journey.bilingual import said
from footbridge.journey.plans import domains
from footbridge.journey.plans.crisis import Step
from footbridge.journey.plans.labels import LET_GO, NALOXONE, WHO
from footbridge.journey.plans.rules import GoalStatus


def _words(**options: Any) -> forms.CharField:
    """Return a question for words that somebody types."""
    return forms.CharField(max_length=600, widget=forms.Textarea(attrs={"rows": 3}), **options)


class DomainForm(forms.Form):
    """Asks for a part of life."""

    domain = forms.ChoiceField(
        label=_("Which part of life is it about?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a part of life.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["domain"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(one.id, said(one.words)) for one in domains.domains().values()]


class StrengthForm(DomainForm):
    """Asks for something that the person can do, has or has done."""

    words = _words(
        label=_("What is it, in the person's words?"),
        help_text=_("Ask what has worked before. No name of anybody, no number, no address."),
        error_messages={"required": _("Write the strength in the person's words.")},
    )


class GoalForm(DomainForm):
    """Asks for what the person wants."""

    words = _words(
        label=_("What does the person want, in their words?"),
        help_text=_("Their goal, not ours. No name of anybody, no number, no address."),
        error_messages={"required": _("Write the goal in the person's words.")},
    )


class ObjectiveForm(forms.Form):
    """Asks for one step towards a goal."""

    what = _words(
        label=_("What is the next step?"),
        help_text=_("One thing that can be seen to be done."),
        error_messages={"required": _("Write what is to be done.")},
    )
    who = forms.ChoiceField(
        label=_("Who does it?"),
        choices=[(who.value, words) for who, words in WHO.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who does it.")},
    )
    by_when = forms.DateField(
        label=_("By when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day, such as 2026-11-21.")},
    )


def _why(**options: Any) -> forms.ChoiceField:
    """Return a question for the reason why something is given up."""
    return forms.ChoiceField(
        label=_("Why?"),
        choices=[(why.value, words) for why, words in LET_GO.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason.")},
        **options,
    )


class DropForm(forms.Form):
    """Asks why an objective is dropped."""

    why = _why()
    note = _words(
        label=_("What is there to know about it?"),
        help_text=_("What stood in the way may be what a service can mend. No name of anybody."),
        required=False,
    )


class CloseForm(forms.Form):
    """Asks how a goal ends, and why it is let go if it is."""

    status = forms.ChoiceField(
        label=_("What became of the goal?"),
        choices=[
            (GoalStatus.REACHED.value, _("It is reached")),
            (GoalStatus.LET_GO.value, _("It is let go")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what became of the goal.")},
    )
    why = _why(required=False, help_text=_("Only for a goal that is let go."))
    note = _words(label=_("What is there to know about it?"), required=False)


class CrisisStepForm(forms.Form):
    """Asks one step of a safety or overdose plan, in its own words."""

    words = forms.CharField(
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Write what was said. If there is nothing yet, write that."),
        },
    )
    naloxone = forms.ChoiceField(
        label=_("Is naloxone at hand?"),
        choices=[(one.value, words) for one, words in NALOXONE.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether naloxone is at hand.")},
    )

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = said(step.ask)
        self.fields["words"].help_text = said(step.hint)
        if not step.asks_naloxone:
            del self.fields["naloxone"]


class PaperForm(forms.Form):
    """Asks what goes on paper, and whether the person asked for it."""

    show = forms.MultipleChoiceField(
        label=_("What goes on the paper?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what goes on the paper.")},
    )
    asked = forms.BooleanField(
        label=_("The person asked for it, and knows that paper can be found on them."),
        error_messages={"required": _("Print only what the person asks for: tick if they did.")},
    )

    def __init__(self, *args: Any, parts: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["show"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - narrows the type
        field.choices = parts
