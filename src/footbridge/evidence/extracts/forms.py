"""The form with which an extract is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.evidence.extracts.labels import VARIABLES as WORDS
from footbridge.evidence.extracts.variables import VARIABLES
from footbridge.journey.outcomes.rules import TIME_POINTS


class AskForm(forms.Form):
    """Asks which columns, at which month, and for whose key."""

    knowable = forms.MultipleChoiceField(
        label=_("What others may know of somebody"),
        help_text=_("Four at most. These are made coarser until ten people or more share them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sensitive = forms.MultipleChoiceField(
        label=_("What the work is about"),
        help_text=_("In every such crowd at least two different answers have to occur."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    month = forms.TypedChoiceField(
        label=_("Which time point?"),
        help_text=_("One at a time: somebody's course over several would be like a fingerprint."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a month.")},
    )
    recipient = forms.CharField(
        label=_("The recipient's public key"),
        help_text=_("The recipient runs “footbridge extract keygen” and sends you one line."),
        max_length=120,
        error_messages={"required": _("Paste the recipient's key.")},
    )
    fhir = forms.BooleanField(
        label=_("Also as a FHIR R4 bundle, beside the table"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, knowable in (("knowable", True), ("sensitive", False)):
            self._choose(
                name,
                [
                    (code, str(WORDS[code]))
                    for code, v in VARIABLES.items()
                    if v.knowable is knowable
                ],
            )
        months = [(month, gettext("Month {month}").format(month=month)) for month in TIME_POINTS]
        self._choose("month", [(str(month), words) for month, words in months])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = choices

    @property
    def variables(self) -> list[str]:
        """The chosen columns, in the order of the list."""
        chosen = {*self.cleaned_data["knowable"], *self.cleaned_data["sensitive"]}
        return [code for code in VARIABLES if code in chosen]
