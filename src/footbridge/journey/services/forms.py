"""Forms of the services room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.services import queries
from footbridge.journey.services.labels import LANGUAGES, NEEDS
from footbridge.journey.services.rules import Need
from footbridge.journey.services.search import Query
from footbridge.trust.decisions import HouseError, gettext_noop


class FilterForm(forms.Form):
    """Asks what a service has to be like; nothing of it is required."""

    open_now = forms.BooleanField(label=_("Open now"), required=False)
    no_name = forms.BooleanField(
        label=_("Will not ask a name"),
        help_text=_("Only services of which it is known: no name, no papers, no report."),
        required=False,
    )
    code_only = forms.BooleanField(label=_("A one-time code is enough"), required=False)
    warm_handoff = forms.BooleanField(label=_("Somebody there meets the person"), required=False)
    language = forms.ChoiceField(label=_("Spoken there"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        spoken = [(code, LANGUAGES.get(code, code)) for code in queries.languages()]
        field.choices = [("", gettext("Any language")), *spoken]

    def query(self) -> Query:
        """Return what is looked for; only after the form was found valid."""
        data = self.cleaned_data
        return Query(
            needs=frozenset(Need(code) for code in self.needs()),
            words=data.get("words", ""),
            open_now=data["open_now"],
            language=data["language"] or None,
            no_name=data["no_name"],
            code_only=data["code_only"],
            warm_handoff=data["warm_handoff"],
        )

    def needs(self) -> list[str]:
        """Return the codes of the needs that were chosen."""
        return []


class SearchForm(FilterForm):
    """Asks for services by words and needs."""

    words = forms.CharField(
        label=_("Words"),
        help_text=_("Of the service, never of a person: they stand in the address of the page."),
        max_length=60,
        required=False,
    )
    need = forms.MultipleChoiceField(
        label=_("For what?"),
        choices=[(need.value, words) for need, words in NEEDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = (
        "words",
        "need",
        "open_now",
        "no_name",
        "code_only",
        "warm_handoff",
        "language",
    )

    def needs(self) -> list[str]:
        """Return the codes of the needs that were chosen."""
        return list(self.cleaned_data["need"])


class TooLargeError(HouseError):
    """Files that are together larger than a directory may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            gettext_noop(
                "The files are larger than {megabytes} MB together, so they were not read. "
                "Choose the files of one directory only."
            ),
            megabytes=limit // 1_000_000,
        )


class ManyFiles(forms.FileInput):
    """A control with which several files are chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each of them has to be there and not empty."""

    widget = ManyFiles

    def clean(self, data: object, initial: object = None) -> list[UploadedFile[bytes]]:
        """Return the files, each as Django judges a single one."""
        given = data if isinstance(data, list) and data else [None]
        return [super(FilesField, self).clean(each, initial) for each in given]


class LoadForm(forms.Form):
    """Asks for the files of a directory."""

    uploads = FilesField(
        label=_("The files of the directory"),
        help_text=_(
            "HSDS 3.0: the CSV files, all at once; or one zip of them, such as this page "
            "exports; or services in JSON."
        ),
        widget=ManyFiles(attrs={"multiple": True, "accept": ".csv,.zip,.json"}),
        error_messages={
            "required": _("Choose the files of the directory."),
            "empty": _("A file is empty. Choose the files again, without it."),
        },
    )
