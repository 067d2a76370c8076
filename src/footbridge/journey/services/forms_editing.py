"""The form with which a coordinator brings an entry of the directory up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from footbridge.journey.services import editing
from footbridge.journey.services.directory import FACT_CODES, NO, YES
from footbridge.journey.services.editing import Standing
from footbridge.journey.services.hsds import ServiceStatus
from footbridge.journey.services.labels import FACTS, STATUSES
from footbridge.journey.services.phrases import ALERTS, alert_code, days_of, waiting
from footbridge.journey.services.rules import ServiceFacts
from footbridge.journey.services.showing import Card

_KNOWN = {YES: True, NO: False}
_WORDS = {True: YES, False: NO, None: ""}
AS_IT_IS = "as-it-is"
_NUMBERS = {
    "invalid": _("Enter a whole number, such as 4."),
    "min_value": _("Enter 0 or more."),
    "max_value": _("Enter a smaller number."),
}


class UpToDateForm(forms.Form):
    """Asks what changes from week to week; opens with what the entry says now."""

    status = forms.ChoiceField(
        label=_("Is it running?"),
        help_text=_("Only a running service is found in a search or offered to anybody."),
        choices=[(status.value, words) for status, words in STATUSES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the service is running.")},
    )
    available = forms.IntegerField(
        label=_("Places free"),
        help_text=_("Leave it empty if nobody counts them there."),
        min_value=0,
        max_value=10_000,
        required=False,
        error_messages=_NUMBERS,
    )
    wait_days = forms.IntegerField(
        label=_("How many days does somebody wait?"),
        help_text=_("0 if there is no waiting. Leave it empty if nobody knows."),
        min_value=0,
        max_value=730,
        required=False,
        error_messages=_NUMBERS,
    )
    alert = forms.ChoiceField(
        label=_("Is there something that everybody must know?"),
        help_text=_("Stands on top of the entry. Only these sentences: nobody can be named so."),
        required=False,
    )
    checked = forms.BooleanField(
        label=_("I went through the whole entry today, and it is right."), required=False
    )
    field_order = ("status", "available", "wait_days", "alert", *FACT_CODES, "checked")

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        self._card = card
        self._now = editing.standing(card.listing)
        kwargs["initial"] = {
            "status": self._now.status,
            "available": self._now.available,
            "wait_days": days_of(self._now.wait_time),
            "alert": alert_code(self._now.alert) or (AS_IT_IS if self._now.alert else ""),
            **{code: _WORDS[getattr(self._now.facts, code)] for code in FACT_CODES},
        }
        super().__init__(*args, **kwargs)
        alert = self.fields["alert"]
        assert isinstance(alert, forms.ChoiceField)  # noqa: S101 - narrows the type
        alert.choices = list(_alerts(card))
        for code in FACT_CODES:
            self.fields[code] = forms.ChoiceField(
                label=format_lazy("{}", FACTS[code]),
                choices=[("", _("Nobody has found out")), (YES, _("Yes")), (NO, _("No"))],
                required=False,
            )
        self.order_fields(self.field_order)

    def standing(self, *, at: datetime) -> Standing:
        """Return what the entry shall say; only after the form was found valid."""
        data, now = self.cleaned_data, self._now
        available = data["available"]
        told = data["checked"] or available != now.available
        updated = at.replace(microsecond=0) if told else now.updated
        return replace(
            now,
            status=ServiceStatus(data["status"]),
            available=available,
            updated=updated if available is not None else None,
            assured_date=at.date() if data["checked"] else now.assured_date,
            facts=ServiceFacts(**{code: _KNOWN.get(data[code]) for code in FACT_CODES}),
            wait_time=self._waiting(),
            alert=self._alert(),
        )

    def _waiting(self) -> str | None:
        days, now = self.cleaned_data["wait_days"], self._now.wait_time
        if days is not None:
            return waiting(days)
        return now if days_of(now) is None else None  # words of a file stay

    def _alert(self) -> str | None:
        code = self.cleaned_data["alert"]
        if code == AS_IT_IS:
            return self._now.alert
        return ALERTS[code][0] if code else None


def _alerts(card: Card) -> Iterator[tuple[str, object]]:
    """Yield what may stand on top of an entry, and the file's own words if they do."""
    yield "", _("Nothing")
    if card.texts.get("alert") and alert_code(card.listing.service.alert) is None:
        yield AS_IT_IS, card.texts["alert"]
    for code, (english, chinese) in ALERTS.items():
        yield code, chinese if card.reader == "zh" else english
