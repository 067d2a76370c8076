"""Forms of the coordination room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.trust.access.staff import Profile


class HandoverForm(forms.Form):
    """Asks to whom somebody should be handed over."""

    colleague = forms.ChoiceField(
        label=_("To which colleague?"),
        help_text=_("They are asked nothing here. Talk with both of them, and with the person."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a colleague.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].choices = [  # type: ignore[attr-defined]
            (str(profile.id), profile.name) for profile in colleagues
        ]


class HandOverForm(forms.Form):
    """Asks a worker whether they stay in the care team when they hand somebody over."""

    stay = forms.BooleanField(
        label=_("I stay in the care team as well"),
        help_text=_("For a while, if the person wants company in the change."),
        required=False,
    )


class CostForm(forms.Form):
    """Asks what a quarter cost, to share it out. It is not kept."""

    spent = forms.DecimalField(
        label=_("What the programme spent in this quarter"),
        help_text=_("Wages, rooms, travel: one sum, in any currency. It is not stored."),
        min_value=0,
        max_value=10**12,
        max_digits=15,
        decimal_places=2,
        error_messages={
            "invalid": _("Write one number, such as 250000."),
            "required": _("Write one number, such as 250000."),
        },
    )
