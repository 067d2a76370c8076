"""A refusal in the reader's words: codes by their labels, days as the page writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from importlib import import_module

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from footbridge.journey.several import Several
from footbridge.trust.decisions import Decision, HouseError
from footbridge.trust.weeks import IsoWeek

ROOMS = (
    "consents",
    "assessments",
    "plans",
    "services",
    "referrals",
    "checkups",
    "stays",
    "outcomes",
    "reminders",
    "coordination",
    "desk",
)


@cache
def labels() -> Mapping[tuple[type, object], object]:
    """Return every room's labels by type and value: members of two StrEnums may be equal.

    Where two tables of a room speak of one value, the first gives its name. The rooms are
    looked up when a page first asks, so that a room may use this module.
    """
    found: dict[tuple[type, object], object] = {}
    for room in ROOMS:
        module = import_module(f"footbridge.journey.{room}.labels")
        for table in vars(module).values():
            if isinstance(table, Mapping):
                for value, words in table.items():
                    if isinstance(value, Enum):
                        found.setdefault((type(value), value.value), words)
    return found


def label(value: Enum) -> object:
    """Return what pages call a coded value; the code itself where nobody wrote words."""
    return labels().get((type(value), value.value), value.value)


def say(told: HouseError | Decision) -> str:
    """Return a refusal or an error in the reader's language, its values too.

    A coded value stands as its label in quotation marks, a day and a week as the
    reader's language writes them, several values in a row.
    """
    values = {name: _said(value) for name, value in told.values.items()}
    return gettext(told.sentence).format_map(values)


def _said(value: object) -> object:
    if isinstance(value, Several):
        return ("、" if _chinese() else ", ").join(str(_said(one)) for one in value)
    if isinstance(value, Enum):
        return f"“{label(value)}”"
    if isinstance(value, IsoWeek):
        return gettext("week of %(monday)s") % {"monday": _said(value.monday)}
    if isinstance(value, date):
        return day(value)
    return value


def day(value: date) -> str:
    """Return a day as the reader's language writes it."""
    return date_format(value, "Y年n月j日" if _chinese() else "j M Y", use_l10n=False)


def colon() -> str:
    """Write a colon as the reader's language does: `: `, or `：` between Chinese words."""
    return "：" if _chinese() else ": "


def comma() -> str:
    """Write what stands between words of a list: `, `, or `、` between Chinese words."""
    return "、" if _chinese() else ", "


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
