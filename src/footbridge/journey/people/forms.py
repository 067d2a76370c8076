"""Forms of the people room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.trust.access.staff import Profile

OFF = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
LANGUAGES = [("en", "English"), ("zh", "中文")]


class SecretInput(forms.TextInput):
    """A field whose value is never written back into a page."""

    def format_value(self, value: object) -> None:
        """Return nothing, whatever was typed."""


class HandleForm(forms.Form):
    """Asks for a handle."""

    handle = forms.CharField(
        label=_("Handle"),
        help_text=_("Two words, for example: pine bridge."),
        max_length=60,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": _("Enter the two words of the handle.")},
    )


class RecogniseForm(HandleForm):
    """Asks for a handle and the phrase that goes with it."""

    phrase = forms.CharField(
        label=_("Phrase"),
        help_text=_("The secret words, in their order."),
        max_length=200,
        widget=SecretInput(attrs=OFF),
        error_messages={"required": _("Enter the words of the phrase.")},
    )


class PhraseForm(forms.Form):
    """Asks for the phrase of somebody who is present."""

    phrase = forms.CharField(
        label=_("The person's phrase"),
        help_text=_("The person types it themself; turn the screen to them."),
        max_length=200,
        widget=SecretInput(attrs=OFF),
        error_messages={"required": _("The person enters the words of their phrase.")},
    )


class EnrolForm(forms.Form):
    """Asks in which language somebody wants their words."""

    language = forms.ChoiceField(
        label=_("In which language does the person want their words?"),
        help_text=_("The two words of the handle and the secret phrase are drawn at random."),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )


class ColleagueForm(forms.Form):
    """Asks for a colleague."""

    colleague = forms.ChoiceField(
        label=_("Colleague"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a colleague.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(str(profile.id), profile.name) for profile in colleagues]


class TakeInForm(forms.Form):
    """Asks for a transfer's file, its code, and the language of the code."""

    file = forms.FileField(
        label=_("The file"),
        error_messages={"required": _("Choose the file that the person brought.")},
    )
    code = forms.CharField(
        label=_("The one-time code"),
        help_text=_("The words that the other site told the person."),
        max_length=200,
        widget=SecretInput(attrs=OFF),
        error_messages={"required": _("The person enters the words of the code.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the code"), choices=LANGUAGES, widget=forms.RadioSelect
    )


class SharesForm(forms.Form):
    """Asks for three shares of the recovery key."""

    shares = forms.CharField(
        label=_("Three shares of the recovery key"),
        help_text=_("One share on a line; the keyholders enter their own."),
        max_length=2000,
        widget=forms.Textarea(attrs={**OFF, "rows": 6}),
        error_messages={"required": _("Three keyholders enter their shares.")},
    )

    def lines(self) -> list[str]:
        """Return the shares."""
        return [line for line in self.cleaned_data["shares"].splitlines() if line.strip()]
