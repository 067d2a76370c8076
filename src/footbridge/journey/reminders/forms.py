"""Forms of the reminders room."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from footbridge.journey.reminders.labels import WORDS
from footbridge.journey.reminders.rules import Style, Word


class StyleForm(forms.Form):
    """Asks how a calendar may speak."""

    word = forms.ChoiceField(
        label=_("What should it be called in your calendar?"),
        choices=[(word.value, words) for word, words in WORDS.items()],
        widget=forms.RadioSelect,
        initial=Word.VISITS.value,
    )
    counted = forms.BooleanField(
        label=_("Say how many in each week"),
        help_text=_("Without it, a week with something due only says that there is something."),
        required=False,
        initial=True,
    )
    remind = forms.BooleanField(
        label=_("Ask the phone to remind me on Monday at 9:00"),
        help_text=_("Many phones leave reminders out of calendars that they only read."),
        required=False,
    )

    def style(self) -> Style:
        """Return the answers; only after the form was found valid."""
        data = self.cleaned_data
        language = get_language() or "en"
        return Style(Word(data["word"]), data["counted"], data["remind"], language)
