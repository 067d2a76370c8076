"""Forms of the month after a stay."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.journey.assessments.forms import day_field
from footbridge.journey.stays import labels
from footbridge.journey.stays.codes import Answer, ClosedFor, FollowMeans, Step, ToldBy
from footbridge.journey.stays.forms import choice
from footbridge.journey.stays.records import AftercareClosed, FollowUpMade, TreatmentVisited


class ContactForm(forms.Form):
    """Asks for a contact after the stay."""

    day = day_field(label=_("Day"))
    means = choice(_("How?"), labels.FOLLOW_MEANS, _("Choose how the contact came about."))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = on

    def noted(self) -> FollowUpMade:
        """Return the contact."""
        return FollowUpMade(self.cleaned_data["day"], FollowMeans(self.cleaned_data["means"]))


class VisitForm(forms.Form):
    """Asks for a visit to a drug treatment service."""

    day = day_field(label=_("Day"))
    told_by = choice(_("Who says so?"), labels.TOLD_BY, _("Choose who says so."))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = on

    def noted(self) -> TreatmentVisited:
        """Return the visit."""
        return TreatmentVisited(self.cleaned_data["day"], ToldBy(self.cleaned_data["told_by"]))


class StepForm(forms.Form):
    """Asks for a step of the bundle that was done after all."""

    step = choice(_("What was done?"), labels.STEPS, _("Choose what was done."))
    answer = choice(
        _("How did it go?"),
        {key: words for key, words in labels.ANSWERS.items() if key is not Answer.NOT_POSSIBLE},
        _("Choose how it went."),
    )

    def noted(self) -> tuple[Step, Answer]:
        """Return the step and how it went."""
        return Step(self.cleaned_data["step"]), Answer(self.cleaned_data["answer"])


class CloseForm(forms.Form):
    """Asks why the clocks are stopped."""

    reason = choice(_("Why are the clocks stopped?"), labels.CLOSED_FOR, _("Choose a reason."))

    def noted(self, *, on: date) -> AftercareClosed:
        """Return the end of the clocks."""
        return AftercareClosed(on, ClosedFor(self.cleaned_data["reason"]))
