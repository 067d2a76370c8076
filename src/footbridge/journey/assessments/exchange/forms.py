"""Forms of the pages on which instruments are loaded."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.exchange.matching import Given
from footbridge.journey.bilingual import said
from footbridge.journey.consents.rules import Language

NEW = "new"


class LoadForm(forms.Form):
    """Asks for a file, what it is, in which language, and by what right it is used."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "A REDCap data dictionary (.csv) or instrument zip, an XLSForm (.xlsx), or a FHIR R4 "
            "Questionnaire (.json). No answers of anybody."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.zip,.xlsx,.json"}),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("The file is empty. Choose another one."),
        },
    )
    target = forms.ChoiceField(
        label=_("What is it?"),
        help_text=_("For a scoring key only the words of the file are taken."),
        error_messages={"required": _("Choose what the file holds.")},
    )
    language = forms.ChoiceField(
        label=_("Language of its words, if the file does not say"),
        choices=[(Language.EN.value, _("English")), (Language.ZH.value, _("Chinese"))],
        widget=forms.RadioSelect,
    )
    wording = forms.CharField(
        label=_("Where does the wording come from, and by what right is it used?"),
        help_text=_("Author, translation, year, licence. It stands beside the instrument."),
        max_length=300,
        error_messages={"required": _("Say where the wording comes from.")},
    )
    form = forms.CharField(
        label=_("Form"),
        help_text=_("Only for a REDCap dictionary with several forms: the one to load."),
        max_length=100,
        required=False,
    )
    id = forms.CharField(
        label=_("Short name"),
        help_text=_("Only for something new, and if the file has none: sleep-diary."),
        max_length=60,
        required=False,
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Only for something new: what the pages call it."),
        max_length=120,
        required=False,
    )
    reverse = forms.CharField(
        label=_("Questions that count in reverse"),
        help_text=_("Only for something new: their names in the file, with blanks between."),
        max_length=600,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        keys = sorted(instruments.instruments().values(), key=lambda one: (one.id, one.version))
        field.choices = [
            ("", gettext("Choose…")),
            (NEW, gettext("An instrument that is not in this list")),
            *(
                (f"{one.id}/{one.version}", f"{said(one.title)} ({one.id} {one.version})")
                for one in keys
                if not instruments.is_own(one)
            ),
        ]
        chinese = (get_language() or "").startswith("zh")
        self.fields["language"].initial = (Language.ZH if chinese else Language.EN).value

    def given(self) -> Given:
        """Return the answers; only after the form was found valid."""
        data = self.cleaned_data
        return Given(
            language=Language(data["language"]),
            wording=data["wording"],
            id=data["id"],
            title=data["title"],
            reverse=frozenset(re.split(r"[\s,，、]+", data["reverse"].lower())) - {""},
        )

    def key(self) -> instruments.Key | None:
        """Return the scoring key to lay words on; None for something new."""
        name, _slash, version = self.cleaned_data["target"].partition("/")
        return None if name == NEW else (name, int(version))
