"""The form of a hand-off: who rang or went along, what was agreed, what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from footbridge.journey.referrals.forms import DateInput
from footbridge.journey.referrals.handoffs import (
    HandoffAgreed,
    HandoffOutcome,
    HandoffWay,
    HandoffWho,
)
from footbridge.journey.referrals.labels import (
    HANDOFF_AGREED,
    HANDOFF_OUTCOMES,
    HANDOFF_WAYS,
    HANDOFF_WHO,
)
from footbridge.journey.referrals.records import HandoffNoted
from footbridge.trust.vault.records import FreeText


class HandoffForm(forms.Form):
    """Asks how somebody was handed over to a service."""

    way = forms.ChoiceField(
        label=_("What was done?"),
        help_text=_("The first three count as a warm hand-off where the service answered."),
        choices=[(one.value, words) for one, words in HANDOFF_WAYS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was done.")},
    )
    who = forms.ChoiceField(
        label=_("Who did it?"),
        choices=[(one.value, words) for one, words in HANDOFF_WHO.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who did it.")},
    )
    agreed = forms.MultipleChoiceField(
        label=_("What was agreed?"),
        choices=[(one.value, words) for one, words in HANDOFF_AGREED.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[(one.value, words) for one, words in HANDOFF_OUTCOMES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    on = forms.DateField(
        label=_("On which day did it happen?"),
        widget=DateInput(),
        error_messages={
            "required": _("Enter the day on which it happened."),
            "invalid": _("Enter the day as year, month, day, such as 2026-11-30."),
        },
    )
    note = forms.CharField(
        label=_("Anything to add?"),
        help_text=_("The person can read it. No names, numbers or addresses."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: QueryDict | None, *, on: date, noted: HandoffNoted | None = None
    ) -> None:
        super().__init__(data, initial=_initial(noted) if noted else {"on": on})

    def handoff(self, referral: UUID) -> HandoffNoted:
        """Return what was noted, after the form was found valid."""
        data = self.cleaned_data
        return HandoffNoted(
            referral=referral,
            done_on=data["on"],
            way=HandoffWay(data["way"]),
            who=HandoffWho(data["who"]),
            agreed=frozenset(map(HandoffAgreed, data["agreed"])),
            outcome=HandoffOutcome(data["outcome"]),
            note=FreeText(data["note"].strip()) if data["note"].strip() else None,
        )


def _initial(noted: HandoffNoted) -> dict[str, Any]:
    return {
        "way": noted.way.value,
        "who": noted.who.value,
        "agreed": [one.value for one in noted.agreed],
        "outcome": noted.outcome.value,
        "on": noted.done_on,
        "note": noted.note or "",
    }
