"""Words and pictures of stays: moments, clocks, lines of what was written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils.translation import gettext, ngettext

from footbridge.journey.saying import colon, day, label
from footbridge.journey.stays import rules, signs
from footbridge.journey.stays.after import Clock, Item
from footbridge.journey.stays.codes import Medicine
from footbridge.journey.stays.labels import CLOCK_LOOKS
from footbridge.journey.stays.picture import Picture
from footbridge.journey.stays.records import (
    AftercareClosed,
    DoseRecorded,
    FollowUpMade,
    SessionNoted,
    StayEnded,
    StayExtended,
    TreatmentVisited,
    WithdrawalCharted,
)
from footbridge.journey.stays.state import Given, Stay, StayState

register = template.Library()


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment as day and time of day; nothing for None."""
    between = " " if colon() == "：" else ", "
    return f"{day(value.date())}{between}{value:%H:%M}" if value is not None else ""


@register.filter
def band_of(total: int | None) -> object:
    """Return the words for how strong withdrawal is."""
    return label(signs.band(total)) if total is not None else ""


@register.filter
def dose_words(dose: DoseRecorded) -> str:
    """Write a dose in a line: time, medicine, amount, unit, way."""
    at = rules.moment(dose.given_on, dose.at_minute)
    medicine = dose.other if dose.medicine is Medicine.OTHER and dose.other else None
    amount = f"{dose.amount:g}"
    words = (medicine or label(dose.medicine), amount, label(dose.unit), label(dose.route))
    seen = gettext("seen by a second colleague") if dose.witnessed else gettext("not witnessed")
    return f"{at:%H:%M} {words[0]} {words[1]} {words[2]} · {words[3]} · {seen}"


@register.filter
def written_words(entry: object) -> str:
    """Write an entry of a stay in a line, for the list in which it can be corrected."""
    match entry:
        case WithdrawalCharted():
            total = signs.score(entry.points)
            words = band_of(total)
            at = rules.moment(entry.taken_on, entry.at_minute)
            return f"{moment(at)} · {gettext('Withdrawal chart')}{colon()}{total} · {words}"
        case DoseRecorded():
            given = gettext("given by: %(who)s") % {"who": label(entry.given_by)}
            return f"{day(entry.given_on)} · {dose_words(entry)} · {given}"
        case SessionNoted():
            return f"{day(entry.held_on)} · {label(entry.session)}{colon()}{label(entry.happened)}"
        case StayExtended():
            days = ngettext("%(n)d day more", "%(n)d days more", entry.days) % {"n": entry.days}
            return f"{day(entry.extended_on)} · {days}"
        case StayEnded():
            return (
                f"{moment(rules.moment(entry.ended_on, entry.at_minute))} · {label(entry.ending)}"
            )
    return _after_words(entry)


def _after_words(entry: object) -> str:
    """Write an entry of the month after a stay in a line."""
    match entry:
        case FollowUpMade():
            return f"{day(entry.made_on)} · {gettext('Contact')}{colon()}{label(entry.means)}"
        case TreatmentVisited():
            told = label(entry.told_by)
            return f"{day(entry.visited_on)} · {gettext('Visit to treatment')} · {told}"
        case AftercareClosed():
            why = f"{gettext('Clocks stopped')}{colon()}{label(entry.reason)}"
            return f"{day(entry.closed_on)} · {why}"
    return ""


@register.filter
def correctable(entry: object) -> bool:
    """Whether an entry has a page on which it is corrected; others are only struck out."""
    return not isinstance(entry, StayEnded | StayExtended | AftercareClosed)


@register.filter
def nights(stay: Stay, on: date) -> int:
    """Return the days of a stay so far, or in all."""
    return rules.nights(stay.begun.begun_on, stay.ended.ended_on if stay.ended else on)


@register.inclusion_tag("stays/items.html")
def bundle_items(items: Iterable[Item], now: datetime) -> dict[str, object]:
    """Show the parts of a discharge bundle, each with its clock."""
    rows = []
    for item in items:
        clock = item.clock(now)
        icon, tone = CLOCK_LOOKS[clock]
        rows.append({"item": item, "clock": clock, "icon": icon, "tone": tone})
    return {"rows": rows, "late": Clock.LATE}


@register.inclusion_tag("stays/picture.html")
def withdrawal_picture(picture: Picture | None) -> dict[str, object]:
    """Draw the withdrawal chart; nothing where there is no course yet."""
    return {"picture": picture}


@register.inclusion_tag("stays/given.html")
def promised_and_given(given: Iterable[Given]) -> dict[str, object]:
    """Show promised and given care side by side."""
    return {"given": list(given)}


@register.inclusion_tag("stays/own.html")
def own_stays(state: StayState, on: date) -> dict[str, object]:
    """Show the person their own stays."""
    return {"state": state, "on": on}
