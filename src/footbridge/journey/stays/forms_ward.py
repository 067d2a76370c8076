"""Forms of the ward itself: beds, protocol, tariff, and the bounds of recognition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.stays import labels
from footbridge.journey.stays.codes import RoomKind, Session
from footbridge.journey.stays.forms import choice, number
from footbridge.journey.stays.returns import Range
from footbridge.journey.stays.rules import CHART_HOURS
from footbridge.journey.stays.tariff import HUNDRED, Tariff
from footbridge.journey.stays.ward import FACTORS, Protocol

MOST_BEDS = 20


class BedsForm(forms.Form):
    """Asks for a room and its beds."""

    room = forms.CharField(
        label=_("Room"),
        max_length=40,
        help_text=_("A number or a word of the house. Never anything of a person."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
        error_messages={"required": _("Enter the room's number or word.")},
    )
    beds = forms.CharField(
        label=_("Beds"),
        max_length=200,
        help_text=_("One or several, with commas: A, B, C."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter one bed or several.")},
    )
    kind = choice(_("Kind of room"), labels.ROOMS, _("Choose the kind of room."))

    def clean_beds(self) -> list[str]:
        """Return the beds one by one."""
        text = self.cleaned_data["beds"].replace("，", ",").replace("、", ",")
        found = [label.strip()[:40] for label in text.split(",") if label.strip()]
        if not 1 <= len(found) <= MOST_BEDS:
            raise forms.ValidationError(
                gettext("Enter 1 to %(most)d beds at once, with commas.") % {"most": MOST_BEDS}
            )
        return found

    def room_kind(self) -> RoomKind:
        """Return the kind of room."""
        return RoomKind(self.cleaned_data["kind"])


class ProtocolForm(forms.Form):
    """Asks what the ward agreed on among itself."""

    chart_hours = number(
        _("Hours between sittings of the withdrawal chart"),
        *CHART_HOURS,
        required=False,
        help_text=_(
            "No source gives a number for a taper, so none is proposed. Besides it, the chart is "
            "due at admission, 30 minutes and 2 hours after the first dose."
        ),
    )
    psychiatric = number(_("Talks with a psychiatrist that a stay promises"), 0, 90, required=False)
    group = number(_("Groups that a stay promises"), 0, 90, required=False)
    counselling = number(_("Hours of counselling that a stay promises"), 0, 90, required=False)

    def protocol(self) -> Protocol:
        """Return the protocol."""
        told = self.cleaned_data
        promised = {one: told[one.value] for one in Session if told[one.value]}
        return Protocol(told["chart_hours"], promised)


class TariffForm(forms.Form):
    """Asks for a base price and a factor for each kind; 100 changes nothing."""

    base = number(_("Base price a day, in yuan"), 1, 100_000)

    def __init__(self, *args: Any, tariff: Tariff | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].initial = tariff.base if tariff is not None else None
        for group, table, label in (
            ("severities", labels.SEVERITIES, _("History of use, {what}: in 100")),
            ("drugs", labels.DRUGS, _("{what}: in 100")),
            ("rooms", labels.ROOMS, _("{what}: in 100")),
        ):
            kept = getattr(tariff, group) if tariff is not None else {}
            for key, words in table.items():
                self.fields[f"{group}-{key.value}"] = number(
                    format_lazy(label, what=words), *FACTORS, initial=kept.get(key, HUNDRED)
                )

    def tariff(self) -> Tariff:
        """Return the tariff."""

        def factors(group: str, table: dict[Any, Any]) -> dict[Any, int]:
            return {key: self.cleaned_data[f"{group}-{key.value}"] for key in table}

        return Tariff(
            self.cleaned_data["base"],
            factors("severities", labels.SEVERITIES),
            factors("drugs", labels.DRUGS),
            factors("rooms", labels.ROOMS),
        )


class MatchForm(forms.Form):
    """Asks between which bounds people are recognised who come back."""

    low = number(_("At least, in 100"), 1, 100)
    high = number(_("At most, in 100"), 1, 100)

    def match(self) -> Range:
        """Return the bounds as shares."""
        return Range(self.cleaned_data["low"] / 100, self.cleaned_data["high"] / 100)
