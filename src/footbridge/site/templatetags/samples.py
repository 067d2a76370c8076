"""Invented content for the page that shows every component once."""

from __future__ import annotations

from datetime import date
from typing import Final

from django import forms, template
from django.core.paginator import Paginator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footbridge.site.templatetags.footbridge import day
from footbridge.site.templatetags.icons import DRAWINGS
from footbridge.site.templatetags.states import LOOKS
from footbridge.site.templatetags.timeline import Band, Mark

register = template.Library()

_STARTS: Final = date(2026, 1, 12)
_ENDS: Final = date(2026, 11, 21)
_BANDS: Final = (
    Band("detained", date(2026, 1, 12), date(2026, 3, 5)),
    Band("not_using", date(2026, 3, 6), date(2026, 5, 20)),
    Band("using", date(2026, 5, 21), date(2026, 7, 2)),
    Band("treatment", date(2026, 7, 3), date(2026, 9, 30)),
    Band("unknown", date(2026, 10, 1), date(2026, 10, 12)),
    Band("not_using", date(2026, 10, 13), date(2026, 11, 21)),
)
_MARKS: Final = (
    Mark("checkup", date(2026, 4, 8)),
    Mark("checkup", date(2026, 6, 17)),
    Mark("referral", date(2026, 6, 24)),
    Mark("stay", date(2026, 7, 3)),
    Mark("checkup", date(2026, 9, 9)),
    Mark("event", date(2026, 10, 13)),
)
_PHRASES: Final = {
    "en": ("walnut", "gravity", "lantern", "otter", "sketch"),
    "zh-hans": ("青石", "河灯", "远山", "木桥", "晚风", "白鹭"),
}


class InventedCheckup(forms.Form):
    """One control of each kind, some of them answered wrongly on purpose."""

    held_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    days_used = forms.IntegerField(min_value=0, max_value=90)
    where = forms.ChoiceField(widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    language = forms.ChoiceField(required=False)
    goal = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        ask = self.fields
        ask["held_on"].label = _("Day of the check-up")
        ask["days_used"].label = _("Days of use in the last 90 days")
        ask["days_used"].help_text = _("Count each day with any use. Write 0 if there were none.")
        ask["days_used"].error_messages["max_value"] = _(
            "Enter 90 or fewer: the question is about the last 90 days."
        )
        where = [("street", _("Outside")), ("home", _("At home")), ("phone", _("By phone"))]
        needs = [("housing", _("Housing")), ("work", _("Work")), ("papers", _("Documents"))]
        for name, label, choices in (
            ("where", _("Where did you meet?"), where),
            ("needs", _("What is needed now?"), needs),
            ("language", _("Language of the talk"), [("zh", "中文"), ("en", "English")]),
        ):
            field = ask[name]
            if isinstance(field, forms.ChoiceField):
                field.label, field.choices = label, choices
        ask["where"].error_messages["required"] = _("Choose where you met.")
        ask["goal"].label = _("The goal, in the person's own words")
        ask["goal"].help_text = _("Write no name, place of work, address or number.")
        ask["agreed"].label = _("The person agreed to the next appointment")
        ask["agreed"].error_messages["required"] = _("Tick this once the person has agreed.")


class InventedPractice(forms.Form):
    """The practice of a phrase."""

    phrase = forms.CharField()

    def __init__(self) -> None:
        super().__init__()
        self.fields["phrase"].label = _("Type your phrase once more")
        self.fields["phrase"].help_text = _("A blank between the words.")


@register.simple_tag(takes_context=True)
def invented(context: template.Context) -> str:
    """Put invented values for every component into the page; show nothing."""
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    context.update(_lists() | _pictures())
    context.update(
        {
            "form": InventedCheckup({"held_on": "2026-11-21", "days_used": "120"}),
            "practice": InventedPractice(),
            "phrase": _PHRASES[language],
            "phrase_lang": "zh-Hans" if language == "zh-hans" else "en",
            "states": [*LOOKS],
            "icons": sorted(DRAWINGS),
            "page": Paginator(range(60), 20).page(2),
            "first_day": date(2026, 10, 23),
            "used": ["0", "0", "1", "0", "", "1", "1", "0"],
        }
    )
    return ""


def _lists() -> dict[str, object]:
    return {
        "crumbs": [
            {"label": _("Today"), "url": "/"},
            {"label": _("People"), "url": "/"},
            {"label": _("All components")},
        ],
        "steps": [_("Recognise"), _("Consent"), _("Assessment"), _("Plan"), _("Next appointment")],
        "tasks": [
            {"title": _("Consent to care"), "url": "#form", "state": "done"},
            {
                "title": _("First assessment"),
                "url": "#form",
                "state": "overdue",
                "hint": _("Recovery capital, support and barriers; about 20 minutes."),
            },
            {"title": _("Plan"), "url": "#form", "state": "todo"},
            {"title": _("Referral"), "state": "waiting"},
        ],
        "summary": [
            {"label": _("Next appointment"), "value": day(date(2026, 12, 5)), "url": "#form"},
            {"label": _("Goal"), "value": _("A room of my own before winter"), "url": "#form"},
            {"label": _("Housing"), "value": None, "url": "#form"},
        ],
        "events": [
            {
                "icon": "link",
                "when": day(date(2026, 7, 3)),
                "title": _("Linked to treatment"),
                "text": _("First attendance, confirmed by the person."),
            },
            {"icon": "offer", "when": day(date(2026, 6, 24)), "title": _("Referral offered")},
            {
                "icon": "talk",
                "when": day(date(2026, 6, 17)),
                "title": _("Check-up held"),
                "text": _("In need: weekly use."),
            },
        ],
    }


def _pictures() -> dict[str, object]:
    words = {
        "using": _("In the community, using"),
        "not_using": _("In the community, not using"),
        "treatment": _("In treatment"),
        "detained": _("Detained"),
        "unknown": _("Not known"),
    }
    return {
        "starts": _STARTS,
        "ends": _ENDS,
        "bands": _BANDS,
        "marks": _MARKS,
        "band_columns": [_("State"), _("From"), _("Until"), _("Days")],
        "band_rows": [
            [
                words[band.state],
                day(band.starts),
                day(band.ends),
                (band.ends - band.starts).days + 1,
            ]
            for band in _BANDS
        ],
        "cascade_columns": [_("Stage"), _("People"), _("Share of the stage before")],
        # Published counts of a recovery management check-up cascade.
        "cascade_rows": [
            [_("Checked up"), 885, "97 %"],
            [_("In need"), 429, "48 %"],
            [_("Agreed to a referral"), 271, "63 %"],
            [_("Showed up"), 149, "55 %"],
            [_("Stayed 14 days"), 48, "32 %"],
        ],
    }
