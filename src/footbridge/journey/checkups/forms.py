"""Forms of the check-ups room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.bilingual import said
from footbridge.journey.checkups import schedules
from footbridge.journey.checkups.actions import Told
from footbridge.journey.checkups.labels import AGREED, MEANS, STEPS

DEFAULT = "adaptive"


def _day(**options: Any) -> forms.DateField:
    messages = {"required": _("Enter a day."), "invalid": _("Enter a day, such as 2026-11-21.")}
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=messages,
        **options,
    )


class ScheduleForm(forms.Form):
    """Asks which schedule was agreed on, and from which day to count."""

    schedule = forms.ChoiceField(
        label=_("How often shall we meet?"),
        widget=forms.RadioSelect,
        initial=DEFAULT,
        error_messages={"required": _("Choose a schedule.")},
    )
    starts_on = _day(
        label=_("Count the months from"),
        help_text=_("The day of enrolment. Another day starts a new clock."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["schedule"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(one.id, said(one.words)) for one in schedules.schedules().values()]


class HoldForm(forms.Form):
    """Asks the three things on which need is decided."""

    days_used = forms.IntegerField(
        label=_("On how many days since then did they use?"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter a number of days, in figures, or leave it empty."),
            "min_value": _("Enter 0 or more, or leave it empty."),
        },
    )
    symptoms = forms.MultipleChoiceField(
        label=_("In the past month, has any of these happened?"),
        help_text=_("Read them out, and tick what applies. This makes no diagnosis."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    says_need = forms.ChoiceField(
        label=_("Does the person say that they need help with drug use now?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Ask, and choose yes or no.")},
    )

    def __init__(self, *args: Any, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days_used"].help_text = ngettext(
            "%(days)d day has passed. Leave it empty if the person does not say.",
            "%(days)d days have passed. Leave it empty if the person does not say.",
            days,
        ) % {"days": days}
        field = self.fields["symptoms"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(code, said(words)) for code, words in schedules.symptoms().items()]

    def told(self) -> Told:
        """Return what the person told."""
        return Told(
            days_used=self.cleaned_data["days_used"],
            symptoms=frozenset(self.cleaned_data["symptoms"]),
            says_need=self.cleaned_data["says_need"] == "yes",
        )


class AttemptForm(forms.Form):
    """Asks how contact was attempted, in codes only."""

    attempted_on = _day(label=_("On which day?"))
    means = forms.ChoiceField(
        label=_("How?"),
        help_text=_("Only in a way that the person agreed to. Nothing about where is kept here."),
        choices=[(means.value, words) for means, words in MEANS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how contact was attempted.")},
    )
    reached = forms.ChoiceField(
        label=_("Did you reach them?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attempted_on"].initial = on


class MissedForm(forms.Form):
    """Asks whether it is sure that a check-up was missed."""

    sure = forms.BooleanField(
        label=_("The window has closed, and the person was not seen in it"),
        error_messages={"required": _("Tick this if they were not seen.")},
    )


class MeetingForm(forms.Form):
    """Asks what a linkage meeting did, and what the person said at its end."""

    steps = forms.MultipleChoiceField(
        label=_("What did the talk do?"),
        choices=[(step.value, words) for step, words in STEPS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what the talk did.")},
    )
    agreed = forms.ChoiceField(
        label=_("What did the person say in the end?"),
        choices=[(agreed.value, words) for agreed, words in AGREED.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person said.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].help_text = gettext("A no is an answer. It can be asked again later.")
