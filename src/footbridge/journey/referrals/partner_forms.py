"""Forms at the door for slips: the code, then one small form for each thing to say."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from footbridge.journey.bilingual import said
from footbridge.journey.referrals.forms import DateInput
from footbridge.journey.referrals.labels import SERVICE_SAYS
from footbridge.journey.referrals.letters import (
    LONGEST_WAIT_DAYS,
    SERVICE_GROUPS,
    Letter,
    ServiceSays,
)
from footbridge.journey.referrals.reasons import reason_groups


class CodeForm(forms.Form):
    """Asks for the code of a slip."""

    code = forms.CharField(
        label=_("Code on the slip"),
        help_text=_("Eight signs, such as 7KQ2-MX9D. Capitals and hyphen do not matter."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the code that stands on the slip.")},
    )


class SayForm(forms.Form):
    """Asks what one answer of a service has to bring, and nothing else."""

    def __init__(self, data: QueryDict | None, *, says: ServiceSays, on: date) -> None:
        super().__init__(data, prefix=says.value)
        self.says, self.on = says, on
        if says is ServiceSays.APPOINTMENT:
            self.fields["day"] = _appointment(on)
        elif says is ServiceSays.CANNOT:
            self.fields["reason"] = _reason()

    @property
    def title(self) -> Promise:
        """What this form says."""
        return SERVICE_SAYS[self.says]

    def letter(self) -> Letter:
        """Return what is said, after the form was found valid."""
        data = self.cleaned_data
        return Letter(self.says, self.on, data.get("day"), data.get("reason"))


def _appointment(on: date) -> forms.Field:
    last = on + timedelta(days=LONGEST_WAIT_DAYS)
    field = forms.DateField(
        label=_("On which day?"),
        widget=DateInput(),
        error_messages={
            "required": _("Enter the day of the appointment."),
            "invalid": _("Enter the day as year, month, day, such as 2026-11-30."),
        },
    )
    field.widget.attrs |= {"min": on.isoformat(), "max": last.isoformat()}
    return field


def _reason() -> forms.Field:
    chosen = [group for group in reason_groups() if group.id in SERVICE_GROUPS]
    return forms.ChoiceField(
        label=_("Why?"),
        choices=[(one.id, said(one.words)) for group in chosen for one in group.reasons],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a reason from the list."),
            "invalid_choice": _("Choose a reason from the list."),
        },
    )
