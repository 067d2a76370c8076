"""Forms of the plans room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.journey.bilingual import said
from footbridge.journey.plans import domains
from footbridge.journey.plans.labels import WHO


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
