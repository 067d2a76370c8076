"""The form with which a coordinator brings an entry of the directory up to date."""

from __future__ import annotations

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
from footbridge.journey.services.rules import ServiceFacts
from footbridge.journey.services.showing import Card

_TEXTS = ("alert", "wait_time")
_KNOWN = {YES: True, NO: False}
_WORDS = {True: YES, False: NO, None: ""}


def _text(**options: Any) -> forms.CharField:
    return forms.CharField(max_length=300, required=False, **options)


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
        error_messages={
            "invalid": _("Enter a whole number, such as 4."),
            "min_value": _("Enter 0 or more."),
            "max_value": _("Enter a smaller number."),
        },
    )
    wait_time = _text(
        label=_("How long is the waiting?"),
        help_text=_("As somebody would say it: about two weeks. Shown in both languages."),
    )
    alert = _text(
        label=_("Is there something that everybody must know?"),
        help_text=_("Stands on top of the entry, in both languages. No name of anybody."),
    )
    checked = forms.BooleanField(
        label=_("I went through the whole entry today, and it is right."), required=False
    )
    field_order = ("status", "available", "wait_time", "alert", *FACT_CODES, "checked")

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        self._card = card
        self._now = editing.standing(card.listing)
        kwargs["initial"] = {
            "status": self._now.status,
            "available": self._now.available,
            **{name: card.texts.get(name, "") for name in _TEXTS},
            **{code: _WORDS[getattr(self._now.facts, code)] for code in FACT_CODES},
        }
        super().__init__(*args, **kwargs)
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
        texts = {
            name: getattr(now, name)
            # Untouched words keep their translation.
            if data[name] == self._card.texts.get(name, "")
            else data[name] or None
            for name in _TEXTS
        }
        updated = at.replace(microsecond=0) if told else now.updated
        return replace(
            now,
            status=ServiceStatus(data["status"]),
            available=available,
            updated=updated if available is not None else None,
            assured_date=at.date() if data["checked"] else now.assured_date,
            facts=ServiceFacts(**{code: _KNOWN.get(data[code]) for code in FACT_CODES}),
            **texts,
        )
