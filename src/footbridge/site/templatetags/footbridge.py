"""The tags and filters of every page: icons, dates, states, form controls, slots.

See docs/reference/components.md for what each one shows and which values it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import template
from django.forms import BoundField, CheckboxInput, Textarea, TextInput
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy

from footbridge.journey.saying import colon, comma
from footbridge.site.templatetags.icons import DRAWINGS
from footbridge.site.templatetags.states import LOOKS, TONES
from footbridge.site.templatetags.timeline import Band, Mark, Picture, draw
from footbridge.trust.weeks import IsoWeek

register = template.Library()
register.simple_tag(colon)
register.simple_tag(comma)

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_PLACES: Final = (
    ("today", gettext_lazy("Today")),
    ("people", gettext_lazy("People")),
    ("directory", gettext_lazy("Directory")),
    ("more", gettext_lazy("More")),
)
_TONE_ICONS: Final = {
    "info": "info",
    "success": "done",
    "caution": "caution",
    "danger": "danger",
}
# A number as a table writes it: 1,204 · <5 · 0.35 (0.12 to 0.58 is text) · 97 % · -3 · –
_WRITTEN_NUMBER: Final = re.compile(r"[<>≤≥≈−-]?\s?\d[\d.,\s]*%?|[–—]")
# Django's own words for the level of a message.
_LEVELS: Final = {"debug": "info", "warning": "caution", "error": "danger"}


@register.simple_tag(name="icon")
def drawing(name: str) -> SafeString:
    """Draw one of our icons beside its word; a screen reader passes over it.

    Raises
    ------
    TemplateSyntaxError
        If there is no drawing of that name.
    """
    if name not in DRAWINGS:
        raise template.TemplateSyntaxError(
            f"There is no icon {name!r}. Use one of: {', '.join(sorted(DRAWINGS))}."
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(DRAWINGS[name]),  # noqa: S308 - our own drawings
    )


@register.filter
def day(value: date | None) -> str:
    """Write a day as `21 Nov 2026` or `2026年11月21日`; nothing for None."""
    if value is None:
        return ""
    if (get_language() or "").startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


@register.filter
def month(value: date | None) -> str:
    """Write a month as `Nov 2026` or `2026年11月`; nothing for None."""
    if value is None:
        return ""
    if (get_language() or "").startswith("zh"):
        return f"{value.year}年{value.month}月"
    return f"{_MONTHS[value.month - 1]} {value.year}"


@register.filter
def week(value: IsoWeek | None) -> str:
    """Write a week by its Monday: `week of 16 Nov 2026`, `2026年11月16日起的一周`."""
    if value is None:
        return ""
    return gettext("week of %(monday)s") % {"monday": day(value.monday)}


@register.simple_tag
def tag(word: str, *, icon: str, tone: str = "plain") -> str:
    """Show a state as icon and word; the tone only repeats what the word says.

    Raises
    ------
    TemplateSyntaxError
        If the tone or the icon is unknown.
    """
    if tone not in TONES:
        raise template.TemplateSyntaxError(
            f"There is no tone {tone!r}. Use one of: {', '.join(TONES)}."
        )
    return format_html('<span class="tag {}">{}{}</span>', tone, drawing(icon), word)


@register.simple_tag
def state(name: str) -> str:
    """Show a state that many pages share, by its name in `states.LOOKS`.

    Raises
    ------
    TemplateSyntaxError
        If the name is unknown; a room's own states use `tag`.
    """
    look = LOOKS.get(name)
    if look is None:
        raise template.TemplateSyntaxError(
            f"There is no shared state {name!r}. Use the tag `tag` with a word and an icon, "
            f"or one of: {', '.join(LOOKS)}."
        )
    return tag(str(look.word), icon=look.icon, tone=look.tone)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> str:
    """Wrap what it holds in a notice: info, success, caution or danger.

    Raises
    ------
    TemplateSyntaxError
        If the tone is unknown.
    """
    tone = _LEVELS.get(tone, tone)
    if tone not in _TONE_ICONS:
        raise template.TemplateSyntaxError(
            f"There is no notice {tone!r}. Use one of: {', '.join(_TONE_ICONS)}."
        )
    return render_to_string(
        "site/parts/notice.html",
        {"tone": tone, "icon_name": _TONE_ICONS[tone], "title": title, "content": content},
    )


@register.simple_block_tag
def disclosure(content: str, summary: str) -> str:
    """Hide help behind its question; it opens without script."""
    return render_to_string("site/parts/details.html", {"summary": summary, "content": content})


@register.simple_tag(takes_context=True)
def places(context: template.Context) -> list[dict[str, object]]:
    """Return the main places that this site has, and which of them this page is in.

    A place is a URL name (today, people, directory, more); the current one is named by
    the page's `here`, or found by the address.
    """
    request = context.get("request")
    path = request.path if request is not None else ""
    found = []
    for name, label in _PLACES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        here = context.get("here") or (name if path.startswith(url) and url != "/" else "")
        at = here == name or path == url
        found.append({"name": name, "label": label, "url": url, "at": at})
    return found


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the widget of a field so that a browser keeps and sends nothing that is typed.

    No autocomplete, no spell check (some browsers send the words away), no
    capitals; what the widget itself says is kept.
    """
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    if "autocomplete" not in widget.attrs and not isinstance(widget, CheckboxInput):
        attrs["autocomplete"] = "off"
    if isinstance(widget, Textarea | TextInput):
        attrs |= {"spellcheck": "false", "autocapitalize": "none", "autocorrect": "off"}
        attrs = {key: value for key, value in attrs.items() if key not in widget.attrs}
    return SafeString(field.as_widget(attrs=attrs))


@register.filter
def target(field: BoundField) -> str:
    """Return the id that an error about this field links to: its first control."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def kind(field: BoundField) -> str:
    """Return the kind of widget as a class name: text, number, radioselect, checkbox ..."""
    return field.widget_type


@register.inclusion_tag("site/parts/state-bands.html")
def state_bands(
    name: str, bands: Iterable[Band], marks: Iterable[Mark], *, starts: date, ends: date
) -> dict[str, object]:
    """Draw the states of a person between two days, with marks for what happened.

    Parameters
    ----------
    name
        A word for the ids inside the picture; once per page.
    bands, marks
        Values of `timeline`; give their table under the picture.
    starts, ends
        First and last day shown.
    """
    picture: Picture = draw(bands, marks, starts=starts, ends=ends)
    return {"name": name, "picture": picture, "starts": starts, "ends": ends}


@register.inclusion_tag("site/parts/table.html")
def table(
    caption: str, columns: Sequence[object], rows: Iterable[Sequence[object]], *, hint: str = ""
) -> dict[str, object]:
    """Show a table that becomes one card a row on a phone.

    Parameters
    ----------
    caption
        What the table shows; also names it to a screen reader.
    columns
        The heads; the first column names its row.
    rows
        Cells in the order of `columns`, already in the reader's words; numbers stand right.
    hint
        A line under the caption: the source, the period, the rule for small cells.

    Raises
    ------
    TemplateSyntaxError
        If a row has more or fewer cells than there are columns.
    """
    cells = [list(row) for row in rows]
    for row in cells:
        if len(row) != len(columns):
            raise template.TemplateSyntaxError(
                f"A row of the table has {len(row)} cells and there are {len(columns)} columns. "
                "Give each row one cell a column."
            )
    numeric = [
        bool(cells) and all(_WRITTEN_NUMBER.fullmatch(str(row[at])) is not None for row in cells)
        for at in range(len(columns))
    ]
    return {
        "caption": caption,
        "hint": hint,
        "columns": [
            {"label": label, "number": number}
            for label, number in zip(columns, numeric, strict=True)
        ],
        "rows": [
            [
                {"value": value, "label": label, "number": number}
                for value, label, number in zip(row, columns, numeric, strict=True)
            ]
            for row in cells
        ],
    }


@register.inclusion_tag("site/parts/calendar.html")
def use_calendar(
    name: str, *, starts: date, days: int = 90, values: Sequence[str] = ()
) -> dict[str, object]:
    """Ask for use or no use on each of a row of days, in lines of seven.

    Sends one value a day, `<name>-0` onwards: "" not answered, "0" no use, "1" use;
    the same with and without script.

    Parameters
    ----------
    name
        The beginning of the names of the controls.
    starts, days
        First day, and how many.
    values
        What was answered so far, one value a day; shorter means not answered.
    """
    filled = [*values, *[""] * (days - len(values))]
    asked = [
        {"on": starts + timedelta(days=at), "name": f"{name}-{at}", "value": filled[at]}
        for at in range(days)
    ]
    lines = [asked[at : at + 7] for at in range(0, days, 7)]
    return {"weeks": [{"first": line[0]["on"], "days": line} for line in lines]}
