"""What may be said of a service by hand: phrases in both languages, never free words.

The directory is not sealed, so a form of it takes no sentence: a name could stray in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

NO_WAITING = "no waiting"
_DAYS = re.compile(r"about (\d{1,3}) days?")

ALERTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ring-first": ("Ring before anybody goes there.", "去之前请先打电话。"),
        "nobody-new": ("Takes nobody new at present.", "目前不接新人。"),
        "moving": ("Is moving: ask where it is now.", "正在搬家，请先问清楚地址。"),
        "rules-changed": (
            "What it asks of people has changed: read the price again.",
            "要求有变，请重新看匿名的代价。",
        ),
        "short-of-staff": ("Is short of staff: expect to wait.", "人手不足，可能要等。"),
        "short-of-medicine": ("Is short of medicine: ask first.", "药品不足，请先问。"),
    }
)


def waiting(days: int) -> str:
    """Return how a waiting time is written down.

    Examples
    --------
    >>> waiting(0), waiting(1), waiting(14)
    ('no waiting', 'about 1 day', 'about 14 days')
    """
    if days == 0:
        return NO_WAITING
    return f"about {days} day" + ("s" if days > 1 else "")


def days_of(text: str | None) -> int | None:
    """Return the days that a waiting time names; None for words of a file.

    Examples
    --------
    >>> days_of(waiting(14)), days_of("ask at the desk")
    (14, None)
    """
    if text == NO_WAITING:
        return 0
    found = _DAYS.fullmatch(text or "")
    return int(found[1]) if found else None


def alert_code(text: str | None) -> str | None:
    """Return the code of a warning; None for words of a file."""
    return next((code for code, (english, _) in ALERTS.items() if english == text), None)


def in_chinese(text: str | None) -> str | None:
    """Return one of these phrases in Chinese; None for words of a file."""
    days = days_of(text)
    if days is not None:
        return f"大约{days}天" if days else "不用等"
    code = alert_code(text)
    return ALERTS[code][1] if code else None
