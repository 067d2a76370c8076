"""Words for the values of every room, and texts in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from django import template
from django.urls import reverse
from django.utils.translation import get_language, gettext

from footbridge.journey.bilingual import said
from footbridge.journey.checkups.labels import STANDING_LOOKS
from footbridge.journey.checkups.protocol import Standing
from footbridge.journey.coordination.labels import CONCERNS
from footbridge.journey.coordination.rules import Concern
from footbridge.journey.desk.labels import PRESSING
from footbridge.journey.desk.rules import Pressing
from footbridge.journey.outcomes import events
from footbridge.journey.outcomes.labels import EVENT_LOOKS
from footbridge.journey.saying import label, say
from footbridge.journey.templatetags.entries import ENTRIES
from footbridge.trust.audit import labels as trail_labels
from footbridge.trust.decisions import Decision
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.persons import PersonView

register = template.Library()
register.filter("said", said)


@register.filter
def words(value: object) -> object:
    """Return the label of an enum's member; anything else as it is."""
    if isinstance(value, Enum):
        return label(value)
    return value


@register.filter
def at(table: Mapping[object, object], key: object) -> object:
    """Return what stands in a table under a key."""
    return table.get(key, "")


@register.filter
def listed(values: Iterable[object]) -> str:
    """Return values in a row, as the reader's language separates them."""
    chinese = (get_language() or "").startswith("zh")
    return ("、" if chinese else ", ").join(str(value) for value in values)


@register.filter
def filled(text: str, values: Mapping[str, object]) -> str:
    """Return a text of a data file with its marks filled in."""
    return text.format_map(values)


@register.filter
def pressing(value: Pressing) -> tuple[object, str, str]:
    """Return word, icon and tone of why somebody stands on Today."""
    return PRESSING[value]


@register.filter
def standing(value: Standing) -> tuple[str, str]:
    """Return icon and tone of where a step stands."""
    return STANDING_LOOKS[value.value]


@register.filter
def event_look(value: events.Standing) -> tuple[str, str]:
    """Return icon and tone of where a step of an adverse event stands."""
    return EVENT_LOOKS[value.value]


@register.filter
def as_percent(share: float) -> str:
    """Return a share (0 to 1) as text, in whole percent."""
    return f"{round(100 * share)} %"


@register.filter
def concern_look(value: Concern) -> tuple[object, str, str]:
    """Return word, icon and tone of why somebody is talked about in supervision."""
    return CONCERNS[value]


@register.filter
def reason(decision: Decision) -> str:
    """Return why something is so, in the reader's language."""
    return say(decision)


@register.filter
def entry_words(entry: Opened) -> object:
    """Return what an entry of a record is; the name of its kind where nobody wrote words."""
    name = entry.record.KIND.name
    return ENTRIES.get(name, name)


@register.filter
def event_words(action: str) -> str:
    """Return the words for an event of the trail."""
    return trail_labels.event(action)


@register.inclusion_tag("site/parts/place.html")
def person_place(person: PersonView, here: str) -> dict[str, object]:
    """Show the place of a page about one person: people, handle, this page."""
    return {
        "crumbs": [
            {"label": gettext("People"), "url": reverse("people")},
            {"label": person.handle, "url": reverse("person", args=[person.id])},
            {"label": here, "url": ""},
        ]
    }
