"""Forms of the consents room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

DAYS = (14, 30, 60, 90)


class AskForm(forms.Form):
    """Asks how a text was read, and for how long the person agrees."""

    read_twice = forms.BooleanField(
        label=_("I read the whole text aloud twice"),
        error_messages={"required": _("Read the text a second time, then tick this.")},
    )
    questions_answered = forms.BooleanField(
        label=_("The person said it back in their own words, and every question is answered"),
        error_messages={"required": _("Answer what is still open, then tick this.")},
    )
    lasts = forms.IntegerField(
        label=_("For how many weeks do they agree?"),
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter a number of weeks."),
            "invalid": _("Enter a number of weeks, in figures."),
            "min_value": _("Enter 1 week or more."),
        },
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lasts"]
        field.initial = most
        field.help_text = gettext("They may choose fewer; this text allows %(most)d at most.") % {
            "most": most
        }


class WithdrawForm(forms.Form):
    """Asks whether it is the person who wants it."""

    asked = forms.BooleanField(
        label=_("The person is here and asked for this"),
        error_messages={
            "required": _("Only the person can take a consent back. Tick this if they did.")
        },
    )


class ContactForm(forms.Form):
    """Asks how somebody may safely be reached, and how long to keep it."""

    ways = forms.CharField(
        label=_("How may this person be reached, and when?"),
        help_text=_(
            "In their words, without a name, number, account or address. "
            "For example: comes to the tea house by the bridge on market days."
        ),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write how and when the person may be reached.")},
    )
    days = forms.TypedChoiceField(
        label=_("For how long?"),
        help_text=_("After this it is deleted, and you ask again."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for how long this is kept.")},
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = sorted({days for days in DAYS if days < most} | {most})
        field = self.fields["days"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - narrows the type
        field.choices = [
            (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days})
            for days in allowed
        ]
        field.initial = most
