"""Forms of the check-ups room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.bilingual import said
from footbridge.journey.checkups import schedules
from footbridge.journey.checkups.actions import Attempt, Talk
from footbridge.journey.checkups.labels import (
    AGREED,
    CONVERSIONS,
    END_REASONS,
    MEANS,
    STEPS,
    URINE,
)
from footbridge.journey.checkups.records import CheckupHeld, ContactAttempted, LinkageMeetingHeld
from footbridge.journey.checkups.rules import (
    Agreed,
    Conversion,
    EndReason,
    LinkageStep,
    Means,
    Urine,
)
from footbridge.journey.checkups.state import Told


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
        field.initial = schedules.default()


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

    elsewhere = forms.ChoiceField(
        label=_("Did another place like this one see them in the past three months?"),
        choices=[("", _("Not asked")), ("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        required=False,
    )

    held_on = _day(
        label=_("Held on"),
        help_text=_("Today, unless it is written down later."),
        required=False,
    )

    def __init__(self, *args: Any, days: int, on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if on is None:
            del self.fields["held_on"]
        else:
            self.fields["held_on"].initial = on
        self.fields["days_used"].help_text = ngettext(
            "%(days)d day has passed. Leave it empty if the person does not say.",
            "%(days)d days have passed. Leave it empty if the person does not say.",
            days,
        ) % {"days": days}
        self.fields["elsewhere"].help_text = gettext(
            "Ask once in a quarter. First they toss a coin twice, where you do not see it. Twice "
            "heads: they say yes. Twice tails: they say no. Else they say what is true. So their "
            "answer tells nothing about them, and all answers together tell how many different "
            "people the places of a city see."
        )
        field = self.fields["symptoms"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(code, said(words)) for code, words in schedules.symptoms().items()]

    def told(self) -> Told:
        """Return what the person told."""
        return Told(
            days_used=self.cleaned_data["days_used"],
            symptoms=frozenset(self.cleaned_data["symptoms"]),
            says_need=self.cleaned_data["says_need"] == "yes",
            elsewhere={"yes": True, "no": False}.get(self.cleaned_data["elsewhere"]),
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
    next_on = _day(
        label=_("Which day was given for meeting?"),
        help_text=_("At every contact, give the next day. Leave it empty if you did not meet."),
        required=False,
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attempted_on"].initial = on

    def attempt(self) -> Attempt:
        """Return the attempt."""
        found = self.cleaned_data
        return Attempt(
            means=Means(found["means"]),
            attempted_on=found["attempted_on"],
            reached=found["reached"] == "yes",
            next_on=found["next_on"],
        )


class MissedForm(forms.Form):
    """Asks whether it is sure that a check-up was missed."""

    sure = forms.BooleanField(
        label=_("The window has closed, and the person was not seen in it"),
        error_messages={"required": _("Tick this if they were not seen.")},
    )


class MeetingForm(forms.Form):
    """Asks what a linkage meeting did, and what the person said: at first and at its end."""

    steps = forms.MultipleChoiceField(
        label=_("What did the talk do?"),
        choices=[(step.value, words) for step, words in STEPS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what the talk did.")},
    )
    first = forms.ChoiceField(
        label=_("What did the person say at first?"),
        choices=[(agreed.value, words) for agreed, words in AGREED.items()],
        widget=forms.RadioSelect,
        required=False,
    )
    tried = forms.MultipleChoiceField(
        label=_("If it was not yes: what was tried, with their leave?"),
        choices=[(one.value, words) for one, words in CONVERSIONS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
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
        self.fields["tried"].help_text = gettext(
            "In a pilot elsewhere, three in four who first said no said yes after such a step. "
            "It is an offer, never pressure."
        )

    def talk(self) -> Talk:
        """Return what the meeting did and what was said."""
        found = self.cleaned_data
        first = Agreed(found["first"]) if found["first"] else None
        return Talk(
            steps=frozenset(map(LinkageStep, found["steps"])),
            agreed=Agreed(found["agreed"]),
            first=None if first is Agreed.YES else first,
            tried=frozenset(map(Conversion, found["tried"])),
        )


class AppointmentForm(forms.Form):
    """Asks which day was given for the next meeting."""

    next_on = _day(
        label=_("Which day was given?"),
        help_text=_("Say it aloud, and let the person say it back. No card is needed."),
    )


class UrineForm(forms.Form):
    """Asks for the result of a urine test."""

    tested_on = _day(label=_("On which day?"))
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(one.value, words) for one, words in URINE.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a result.")},
    )

    def found(self) -> Urine:
        """Return the result."""
        return Urine(self.cleaned_data["result"])


class EndForm(forms.Form):
    """Asks why check-ups end."""

    why = forms.ChoiceField(
        label=_("Why do they end?"),
        choices=[
            (one.value, words) for one, words in END_REASONS.items() if one is not EndReason.DIED
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why they end.")},
    )


def told_at(held: CheckupHeld) -> dict[str, object]:
    """Return what a check-up holds, as the answers of its form."""
    return {
        "days_used": held.days_used,
        "symptoms": sorted(held.symptoms),
        "says_need": "yes" if held.says_need else "no",
        "elsewhere": "" if held.elsewhere is None else "yes" if held.elsewhere else "no",
    }


def told_of(attempt: ContactAttempted) -> dict[str, object]:
    """Return what an attempt holds, as the answers of its form."""
    return {
        "attempted_on": attempt.attempted_on,
        "means": attempt.means.value,
        "reached": "yes" if attempt.reached else "no",
        "next_on": attempt.next_on,
    }


def said_in(meeting: LinkageMeetingHeld) -> dict[str, object]:
    """Return what a linkage meeting holds, as the answers of its form."""
    return {
        "steps": sorted(meeting.steps),
        "first": meeting.first or "",
        "tried": sorted(meeting.tried),
        "agreed": meeting.agreed.value,
    }
