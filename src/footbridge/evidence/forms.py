"""Forms of the evidence floor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.outcomes.rules import TIME_POINTS
from footbridge.trust.access.staff import Profile


class StudyForm(forms.Form):
    """Asks what a study compares, and when."""

    title = forms.CharField(
        label=_("What is the study called?"),
        help_text=_("A working title. It never names a person or a place where people live."),
        max_length=120,
        error_messages={"required": _("Give the study a title.")},
    )
    first = forms.CharField(
        label=_("The arm that is new"),
        help_text=_("In a few words, for example: recovery management"),
        max_length=60,
        error_messages={"required": _("Name the arm that is new.")},
    )
    second = forms.CharField(
        label=_("The arm that it is compared with"),
        help_text=_("In a few words, for example: standard care"),
        max_length=60,
        error_messages={"required": _("Name the arm that it is compared with.")},
    )
    month = forms.TypedChoiceField(
        label=_("At which month are outcomes compared?"),
        help_text=_("Chosen before anybody is allocated, and not changed after."),
        coerce=int,
        widget=forms.RadioSelect,
        initial=3,
        error_messages={"required": _("Choose a month.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["month"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - narrows the type
        field.choices = [
            (month, gettext("Month {month}").format(month=month)) for month in TIME_POINTS if month
        ]


class JoinForm(forms.Form):
    """Asks whether everything is done that has to come before the draw."""

    understood = forms.BooleanField(
        label=_("The person knows that chance decides, and that both arms get care"),
        error_messages={"required": _("Explain it, and tick this when they say it back.")},
    )
    before = forms.BooleanField(
        label=_("What is asked at the beginning has been asked"),
        help_text=_("What is asked after the draw may be coloured by it."),
        error_messages={"required": _("Ask the first questions before the draw, then tick this.")},
    )


class AnalystForm(forms.Form):
    """Asks which colleague gets the study's key."""

    colleague = forms.ChoiceField(
        label=_("Colleague"),
        help_text=_("They will be able to open the coded rows, as you can."),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("Choose a colleague from the list."),
        },
    )

    def __init__(self, *args: Any, colleagues: Sequence[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [("", "")] + [(str(one.id), one.name) for one in colleagues]
