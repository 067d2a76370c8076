"""Forms about colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.site import labels
from footbridge.trust.access.staff import Profile

_OFF = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_ROLES = [(role.value, label) for role, label in labels.ROLES.items()]


class RoleForm(forms.Form):
    """Asks for a role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=_ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )


class InviteForm(RoleForm):
    """Asks for a sign-in name and a role."""

    field_order = ("name", "role")
    name = forms.CharField(
        label=_("Sign-in name"),
        help_text=_("A name to work under here. It need not be the colleague's own name."),
        max_length=40,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Enter a sign-in name.")},
    )


class RecallForm(forms.Form):
    """Asks who holds a share of the recall circle's key."""

    members = forms.MultipleChoiceField(
        label=_("Who holds a share"),
        help_text=_("At least two. Two of them together can search by memory answers."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least two colleagues.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Profile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(str(p.id), f"{p.name} ({labels.ROLES[p.role]})") for p in colleagues]


class RecallAgainForm(RecallForm):
    """Asks who holds a share from now on, and a second member to be present."""

    name = forms.CharField(
        label=_("Second member's sign-in name"), max_length=60, widget=forms.TextInput(attrs=_OFF)
    )
    passphrase = forms.CharField(
        label=_("Their passphrase"), max_length=400, widget=forms.PasswordInput(attrs=_OFF)
    )
    code = forms.CharField(
        label=_("Code from their app"),
        max_length=10,
        widget=forms.TextInput(attrs={**_OFF, "inputmode": "numeric"}),
    )


class PassphraseForm(forms.Form):
    """Asks for a new passphrase, twice."""

    passphrase = forms.CharField(
        label=_("New passphrase"),
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

    def clean(self) -> dict[str, object]:
        """Compare the two passphrases."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        if cleaned.get("passphrase") != cleaned.get("again"):
            self.add_error("again", _("The two passphrases differ. Enter the same one twice."))
        return cleaned
