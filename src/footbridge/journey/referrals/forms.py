"""Forms of the referrals room: which need, which service, and one form for each step."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from footbridge.journey.bilingual import said
from footbridge.journey.referrals.labels import ACTORS, CONFIRMATIONS, MOVES, OUTCOMES
from footbridge.journey.referrals.reasons import reason_groups
from footbridge.journey.referrals.rules import Confirmation, Move, NeedOutcome, Referral
from footbridge.journey.referrals.table import Actor, Condition, ReferralState, Transition
from footbridge.journey.services.forms import FilterForm
from footbridge.journey.services.labels import NEEDS

_NOTED = frozenset({Condition.REASON, Condition.OUTCOME, Condition.ATTENDANCE_CONFIRMED})


class NeedForm(FilterForm):
    """Asks for which need a service is wanted, and what it has to be like."""

    need = forms.ChoiceField(
        label=_("Which need?"),
        choices=[(need.value, words) for need, words in NEEDS.items()],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the need first."),
            "invalid_choice": _("Choose a need from the list."),
        },
    )
    field_order = ("need", "no_name", "open_now", "language")

    def needs(self) -> list[str]:
        """Return the code of the need that was chosen."""
        return [self.cleaned_data["need"]]


class ChosenForm(forms.Form):
    """Which service was chosen, for which need, and which referral it follows."""

    service = forms.UUIDField()
    need = forms.ChoiceField(choices=[(need.value, words) for need, words in NEEDS.items()])
    follows = forms.UUIDField(required=False)


class DateInput(forms.DateInput):
    """A day as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MoveForm(forms.Form):
    """Asks what one step of a referral has to bring, and nothing else."""

    def __init__(
        self, data: QueryDict | None, *, referral: Referral, step: Transition, on: date
    ) -> None:
        super().__init__(data, prefix=step.target.value)
        self.referral, self.step = referral, step
        makers = {
            Condition.PRICE_ACKNOWLEDGED: {"acknowledged": _price},
            Condition.REASON: {"reason": _reason},
            Condition.DAY_SET: {"appointment_on": _appointment},
            Condition.ATTENDANCE_CONFIRMED: {"confirmed_by": _confirmed, "code": _code},
            Condition.OUTCOME: {"outcome": _outcome},
        }
        for need in step.needs:
            for name, make in makers.get(need, {}).items():
                self.fields[name] = make()
        if len(step.by) > 1 and Condition.ATTENDANCE_CONFIRMED not in step.needs:
            self.fields["act_of"] = _act_of(step)
        self.fields["on"] = _day(on)
        if _NOTED & set(step.needs):
            self.fields["note"] = _note()

    def move(self, code: str | None = None) -> Move:
        """Return the step, after the form was found valid; `code` is that of a new slip."""
        data = self.cleaned_data
        confirmed = Confirmation(data["confirmed_by"]) if data.get("confirmed_by") else None
        return Move(
            to=self.step.target,
            on=data["on"],
            act_of=self._actor(confirmed),
            confirmed_by=confirmed,
            reason=data.get("reason") or None,
            appointment_on=data.get("appointment_on"),
            acknowledged=self.referral.price_shown if data.get("acknowledged") else None,
            code=code or data.get("code") or None,
            outcome=NeedOutcome(data["outcome"]) if data.get("outcome") else None,
        )

    @property
    def title(self) -> object:
        """What the step is called on the page."""
        return MOVES[self.step.target]

    @property
    def note(self) -> str:
        """The words about it."""
        return str(self.cleaned_data.get("note", ""))

    def _actor(self, confirmed: Confirmation | None) -> Actor:
        if confirmed is not None:
            return Actor.PERSON if confirmed is Confirmation.PERSON else Actor.SERVICE
        if "act_of" in self.cleaned_data:
            return Actor(self.cleaned_data["act_of"])
        (only,) = self.step.by
        return only


def _price() -> forms.Field:
    return forms.BooleanField(
        label=_("The person saw this price, and chooses the service knowing it"),
        error_messages={"required": _("Show the price, and tick this if they still want to go.")},
    )


def _reason() -> forms.Field:
    grouped = [
        (said(group.words), [(reason.id, said(reason.words)) for reason in group.reasons])
        for group in reason_groups()
    ]
    return forms.ChoiceField(
        label=_("Why did it go no further?"),
        help_text=_("Counted over everybody, reasons show what stands in the way."),
        choices=[("", ""), *grouped],
        error_messages={"required": _("Choose a reason from the list.")},
    )


def _appointment() -> forms.Field:
    return forms.DateField(
        label=_("On which day is the appointment?"),
        widget=DateInput(),
        error_messages={
            "required": _("Enter the day of the appointment."),
            "invalid": _("Enter the day as year, month, day, such as 2026-11-30."),
        },
    )


def _confirmed() -> forms.Field:
    return forms.ChoiceField(
        label=_("How do we know?"),
        help_text=_("Linked means a first visit. A form that was sent links nobody."),
        choices=[(one.value, words) for one, words in CONFIRMATIONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you know that they went.")},
    )


def _code() -> forms.Field:
    return forms.CharField(
        label=_("The one-time code that came back"),
        help_text=_("Only where the service sent it back. Eight signs, such as 7KQ2-MX9D."),
        max_length=20,
        required=False,
    )


def _outcome() -> forms.Field:
    return forms.ChoiceField(
        label=_("How does the need stand?"),
        choices=[(one.value, words) for one, words in OUTCOMES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the need stands.")},
    )


def _act_of(step: Transition) -> forms.Field:
    return forms.ChoiceField(
        label=_("Who did or said it?"),
        choices=[(actor.value, words) for actor, words in ACTORS.items() if actor in step.by],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who did or said it.")},
    )


def _day(on: date) -> forms.Field:
    return forms.DateField(
        label=_("On which day did it happen?"),
        initial=on,
        widget=DateInput(),
        error_messages={
            "required": _("Enter the day on which it happened."),
            "invalid": _("Enter the day as year, month, day, such as 2026-11-30."),
        },
    )


def _note() -> forms.Field:
    return forms.CharField(
        label=_("Anything to add?"),
        help_text=_("The person can read it. No names, numbers or addresses."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def is_forward(step: Transition) -> bool:
    """Whether a step leads on along a good course, and is shown before the others."""
    order = list(ReferralState)
    good = order.index(step.target) <= order.index(ReferralState.RETAINED)
    return good or step.target is ReferralState.ENDED
