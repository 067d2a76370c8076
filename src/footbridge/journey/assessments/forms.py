"""Forms of the assessments room: a sheet, one question, the end of a sitting, a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.assessments.calendar import CALENDAR_DAYS
from footbridge.journey.assessments.queries import first_day, marks
from footbridge.journey.assessments.rules import Instrument, Item, Parameter
from footbridge.journey.bilingual import said
from footbridge.journey.consents.rules import Language

UNREACHED = "-"
"""No choice has this value, so nothing is picked before somebody answers."""
_LEFT_OUT = {Language.EN: "No answer", Language.ZH: "不回答"}
_ONLY_IF = {
    Language.EN: "Only if “{question}” was answered with: {answers}",
    Language.ZH: "只在“{question}”回答了{answers}时才问",
}
_OR = {Language.EN: " / ", Language.ZH: "／"}


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


def answer_field(item: Item, language: Language, *, hint: str = "") -> forms.Field:
    """Return an item as a question in one language; it may be left without an answer."""
    words: dict[str, Any] = {"label": item.words[language], "help_text": hint, "required": False}
    if item.numbers is not None:
        least, most = item.numbers.least, item.numbers.most
        wrong = _("Enter a whole number from %(least)s to %(most)s, or nothing.") % {
            "least": least,
            "most": most,
        }
        return forms.IntegerField(
            min_value=least,
            max_value=most,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
            **words,
        )
    choices = [(str(one.value), one.words[language]) for one in item.options]
    return forms.TypedChoiceField(
        choices=[*choices, ("", _LEFT_OUT[language])],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers.")},
        **words,
    )


def _hint(instrument: Instrument, item: Item, language: Language, *, sheet: bool) -> str:
    hints = [item.hint.get(language, "")]
    for condition in item.show_when if sheet else ():
        on = instrument.item(condition.item)
        answers = [one.words[language] for one in on.options if one.value in condition.values]
        hints.append(
            _ONLY_IF[language].format(
                question=on.words[language], answers=_OR[language].join(answers)
            )
        )
    return " ".join(filter(None, hints))


class SheetForm(forms.Form):
    """Asks the items of an instrument; any of them may be left without an answer."""

    unmarked = True  # the page says once that every question may be left out

    def __init__(
        self, *args: Any, instrument: Instrument, language: Language, on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._items = [item.id for item in instrument.items]
        for item in instrument.items:
            hint = _hint(instrument, item, language, sheet=True)
            self.fields[f"item-{item.id}"] = answer_field(item, language, hint=hint)
            self.initial.setdefault(f"item-{item.id}", None if item.numbers else UNREACHED)
        self.fields["taken_on"] = day_field(label=gettext("Asked on"), initial=on)

    def answers(self) -> dict[str, int | None]:
        """Return the answers by item."""
        return {id_: self.cleaned_data.get(f"item-{id_}") for id_ in self._items}


class QuestionForm(forms.Form):
    """Asks one item."""

    unmarked = True

    def __init__(
        self, *args: Any, instrument: Instrument, item: Item, language: Language, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        hint = _hint(instrument, item, language, sheet=False)
        self.fields["answer"] = answer_field(item, language, hint=hint)
        self.initial.setdefault("answer", None if item.numbers else UNREACHED)


class FinishForm(forms.Form):
    """Asks on which day a sitting was held."""

    taken_on = day_field(label=_("Asked on"))


class ChoicesForm(forms.Form):
    """Asks how an instrument is scored where the literature leaves it open."""

    def __init__(
        self, *args: Any, parameters: tuple[Parameter, ...], chosen: Mapping[str, str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for one in parameters:
            self.fields[one.id] = forms.ChoiceField(
                label=said(one.title),
                choices=[(choice.id, said(choice.title)) for choice in one.choices],
                initial=chosen.get(one.id, one.choices[0].id),
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose one of the answers."),
                    "invalid_choice": _("Choose one of the answers."),
                },
            )


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
