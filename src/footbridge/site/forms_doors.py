"""Forms of the doors: signing in, unsealing, joining."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

_OFF = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(forms.Form):
    """Asks for the three things that open a colleague's key."""

    name = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Enter your sign-in name.")},
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=400,
        widget=forms.PasswordInput(attrs=_OFF),
        error_messages={"required": _("Enter your passphrase.")},
    )
    code = forms.CharField(
        label=_("Code from the app"),
        help_text=_("Six digits; a new code comes every 30 seconds."),
        max_length=10,
        widget=forms.TextInput(attrs={**_OFF, "inputmode": "numeric"}),
        error_messages={"required": _("Enter the six digits that the app shows now.")},
    )


class SecretArea(forms.Textarea):
    """A field whose value is never written back into a page."""

    def format_value(self, value: object) -> None:
        """Return nothing, whatever was typed."""


class UnsealForm(forms.Form):
    """Asks for two keyholders' shares."""

    first = forms.CharField(
        label=_("First keyholder's share"),
        help_text=_("33 words, with blanks between them."),
        max_length=600,
        widget=SecretArea(attrs={**_OFF, "rows": 4}),
        error_messages={"required": _("The first keyholder enters the words of their share.")},
    )
    second = forms.CharField(
        label=_("Second keyholder's share"),
        max_length=600,
        widget=SecretArea(attrs={**_OFF, "rows": 4}),
        error_messages={"required": _("The second keyholder enters the words of their share.")},
    )

    @property
    def shares(self) -> list[str]:
        """The two shares."""
        return [self.cleaned_data["first"], self.cleaned_data["second"]]


class CodeForm(forms.Form):
    """Asks for an invitation's code."""

    code = forms.CharField(
        label=_("Code of your invitation"),
        help_text=_("16 letters and digits, as the coordinator gave them to you."),
        max_length=40,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Enter the code of your invitation.")},
    )


class JoinForm(CodeForm):
    """Asks for what a colleague's keys are made from."""

    passphrase = forms.CharField(
        label=_("A passphrase of your own"),
        help_text=_("Five or more words that do not belong together. It is nowhere stored."),
        max_length=400,
        widget=forms.PasswordInput(attrs={**_OFF, "autocomplete": "new-password"}),
        error_messages={"required": _("Think of a passphrase and enter it.")},
    )
    again = forms.CharField(
        label=_("The passphrase again"),
        max_length=400,
        widget=forms.PasswordInput(attrs={**_OFF, "autocomplete": "new-password"}),
        error_messages={"required": _("Enter the passphrase a second time.")},
    )
    totp = forms.CharField(
        label=_("Code from the app"),
        help_text=_("Six digits, after you have scanned the picture."),
        max_length=10,
        widget=forms.TextInput(attrs={**_OFF, "inputmode": "numeric"}),
        error_messages={"required": _("Enter the six digits that the app shows now.")},
    )

    def clean(self) -> dict[str, object]:
        """Compare the two passphrases."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        if cleaned.get("passphrase") != cleaned.get("again"):
            self.add_error("again", _("The two passphrases differ. Enter the same one twice."))
        return cleaned
