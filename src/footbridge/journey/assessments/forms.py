"""Forms of the assessments room: an instrument as a sheet of radios, a calendar of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.assessments.calendar import CALENDAR_DAYS
from footbridge.journey.assessments.queries import first_day, marks
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.consents.rules import Language

_LEFT_OUT = {Language.EN: "No answer", Language.ZH: "不回答"}


def day_field(**options: Any) -> forms.DateField:
    """Return a question for a day."""
    messages = {
        "required": _("Enter a day."),
        "invalid": _("Enter a day, such as 2026-11-21."),
    }
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=messages,
        **options,
    )


class SheetForm(forms.Form):
    """Asks the items of an instrument; any of them may be left without an answer."""

    def __init__(
        self, *args: Any, instrument: Instrument, language: Language, on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._items = [item.id for item in instrument.items]
        for item in instrument.items:
            choices = [(str(one.value), one.words[language]) for one in item.options]
            self.fields[f"item-{item.id}"] = forms.TypedChoiceField(
                label=item.words[language],
                choices=[*choices, ("", _LEFT_OUT[language])],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one of the answers.")},
            )
        self.fields["taken_on"] = day_field(label=gettext("Asked on"), initial=on)

    def answers(self) -> dict[str, int | None]:
        """Return the answers by item."""
        return {id_: self.cleaned_data.get(f"item-{id_}") for id_ in self._items}


class CalendarForm(forms.Form):
    """Asks for use day by day, and for a stretch away from home.

    The days themselves are drawn by the calendar's own tag and read here by their names.
    """

    away_from = day_field(
        label=_("In a hospital, a centre or detention, from"),
        help_text=_("Days there are counted apart, unless they are marked above."),
        required=False,
    )
    away_to = day_field(label=_("until"), required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._first = first_day(on)

    def clean(self) -> dict[str, Any]:
        """Refuse a stretch with one end only, or with its ends in the wrong order."""
        found: dict[str, Any] = super().clean() or {}
        start, end = found.get("away_from"), found.get("away_to")
        if (start is None) != (end is None) and not self.errors:
            name = "away_to" if end is None else "away_from"
            self.add_error(name, gettext("Enter both days, or neither."))
        if start is not None and end is not None and end < start:
            self.add_error("away_to", gettext("Enter a day that is not before the first one."))
        return found

    @property
    def given(self) -> list[str]:
        """What was answered for each day, to draw the calendar again."""
        return [str(self.data.get(f"day-{at}", "")) for at in range(CALENDAR_DAYS)]

    def marks(self) -> str:
        """Return the marks to keep."""
        start, end = self.cleaned_data["away_from"], self.cleaned_data["away_to"]
        days = [self._first + timedelta(days=at) for at in range(CALENDAR_DAYS)]
        away = [start is not None and start <= day <= end for day in days]
        return marks(self.given, away)
