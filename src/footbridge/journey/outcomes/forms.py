"""Forms of the outcomes room: everything may be not known."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.outcomes import labels, rules
from footbridge.journey.outcomes.queries import measure_range, months
from footbridge.journey.outcomes.records import AdverseEventNoted, OutcomeCoded
from footbridge.journey.outcomes.rules import OutcomeValues
from footbridge.trust.vault.records import FreeText

M = TypeVar("M", bound=Enum)


def _one_of(words: Mapping[M, Any], **options: Any) -> forms.TypedChoiceField:
    """Return a question whose answers are the members of an enum."""
    kind = type(next(iter(words)))
    return forms.TypedChoiceField(
        choices=[(member.value, label) for member, label in words.items()],
        coerce=kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
        **options,
    )


def _coded(words: Mapping[M, Any], **options: Any) -> forms.TypedChoiceField:
    return _one_of(words, initial="not-known", **options)


def _count(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter a number in figures, or leave it empty if not known."),
            "min_value": _("Enter 0 or more, or leave it empty if not known."),
        },
        **options,
    )


def _day(**options: Any) -> forms.DateField:
    messages = {"required": _("Enter a day."), "invalid": _("Enter a day, such as 2026-11-21.")}
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=messages,
        **options,
    )


class CodeForm(forms.Form):
    """Asks for the outcome of one time point, in codes and counts."""

    month = forms.TypedChoiceField(
        label=_("Which time point is this?"),
        help_text=_("Months from the start."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a time point.")},
    )
    measured_on = _day(label=_("Asked on"))
    used_30 = _coded(labels.ANSWERS, label=_("Any drug use in the last 30 days?"))
    crime_30 = _coded(labels.ANSWERS, label=_("Any crime in the last 30 days?"))
    community_30 = _coded(labels.ANSWERS, label=_("In the community for all of the last 30 days?"))
    days_used = _count(label=_("Days of use"), help_text=_("As the calendar counts them."))
    days_known = _count(label=_("Out of how many days that are known?"))
    urine = _coded(labels.URINE, label=_("Urine test of this time point"))
    treatment = _coded(labels.TREATMENT, label=_("Drug treatment now"))
    place = _coded(labels.PLACES, label=_("Where does the person live now?"))
    housing = _coded(labels.HOUSING, label=_("Housing now"))
    employment = _coded(labels.EMPLOYMENT, label=_("Paid work now"))
    justice = _coded(
        labels.JUSTICE, label=_("The gravest thing with police since the last time point")
    )
    services = _count(label=_("Services received since the last time point"))
    objectives = _count(label=_("Objectives completed since the last time point"))
    recovery_capital = forms.FloatField(
        label=_("Recovery capital, total"),
        required=False,
        error_messages={"invalid": _("Enter a number, or leave it empty if not known.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month = self.fields["month"]
        assert isinstance(month, forms.TypedChoiceField)  # noqa: S101 - narrows the type
        month.choices = [(number, _named(number)) for number in months()]
        low, high = measure_range()
        self.fields["recovery_capital"].help_text = gettext("From %(low)g to %(high)g.") % {
            "low": low,
            "high": high,
        }

    def outcome(self) -> OutcomeCoded:
        """Return the outcome to keep."""
        kept = dict(self.cleaned_data)
        month, measured_on = kept.pop("month"), kept.pop("measured_on")
        kept["days_known"] = kept["days_known"] or 0
        return OutcomeCoded(month, measured_on, OutcomeValues(**kept))


class EventForm(forms.Form):
    """Asks for something harmful that happened."""

    harm = _one_of(labels.HARMS, label=_("What happened?"))
    happened_on = _day(
        label=_("On which day?"),
        help_text=_("Leave it empty if it is not known."),
        required=False,
    )
    related = _one_of(
        labels.RELATED,
        label=_("May the programme have brought it about?"),
        initial=rules.Related.NOT_KNOWN.value,
    )
    words = forms.CharField(
        label=_("What is known"),
        help_text=_("For the care team only. No name of anybody, no number, no address."),
        max_length=1200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def event(self) -> AdverseEventNoted:
        """Return the event to keep."""
        found = self.cleaned_data
        return AdverseEventNoted(
            harm=found["harm"],
            happened_on=found["happened_on"],
            related=found["related"],
            words=FreeText(found["words"]),
        )


class CloseForm(forms.Form):
    """Asks what was learnt before an event is closed."""

    learnt = forms.CharField(
        label=_("What was learnt"),
        help_text=_("For the care team only. No name of anybody, no number, no address."),
        max_length=1200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def noted_in(event: AdverseEventNoted) -> dict[str, object]:
    """Return what an event holds, as the answers of its form."""
    return {
        "harm": event.harm.value,
        "happened_on": event.happened_on,
        "related": event.related.value,
        "words": event.words,
    }


def _named(month: int) -> str:
    if month == 0:
        return gettext("At the start")
    return gettext("Month %(month)d") % {"month": month}
