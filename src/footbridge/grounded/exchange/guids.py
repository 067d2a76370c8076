"""Identifiers as REFI-QDA wants them, colours as it wants them, and moments."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SPACE = uuid.UUID("6f0c6c0e-9f5b-5d1e-8f0a-0d9d5b1c7a11")  # ours, so that ids repeat
_HEX = re.compile(r"#?([0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(,[^)]*)?\)")


def plain_guid(text: str) -> str:
    """Return an identifier as it is compared: lower case, without braces."""
    return text.strip().strip("{}").lower()


def is_guid(text: str) -> bool:
    """Whether this has the shape 8-4-4-4-12."""
    return _SHAPE.fullmatch(plain_guid(text)) is not None


def guid_for(*parts: str) -> str:
    """Return the identifier itself if it is one, else one that always follows from it."""
    if len(parts) == 1 and is_guid(parts[0]):
        return plain_guid(parts[0])
    return str(uuid.uuid5(_SPACE, "\x1f".join(parts)))


def plain_colour(text: str) -> str | None:
    """Return ``#rrggbb``, or None where the text is no colour; transparency is left out.

    Examples
    --------
    >>> plain_colour("rgb(255, 0, 16)"), plain_colour("#F0A"), plain_colour("#11223344")
    ('#ff0010', '#ff00aa', '#112233')
    """
    found = _HEX.fullmatch(text.strip())
    if found:
        digits = found[1].lower()
        if len(digits) < 6:
            return "#" + "".join(d + d for d in digits[:3])
        return "#" + digits[:6]
    found = _RGB.fullmatch(text.strip())
    if found and all(int(found[i]) < 256 for i in (1, 2, 3)):
        return "#" + "".join(f"{int(found[i]):02x}" for i in (1, 2, 3))
    return None


def read_moment(text: str) -> datetime | None:
    """Return a moment, in UTC where the file does not say, or None where it is none."""
    shorter = re.sub(r"(\.\d{6})\d+", r"\1", text.strip().replace("Z", "+00:00"))
    try:
        moment = datetime.fromisoformat(shorter)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def write_moment(moment: datetime) -> str:
    """Return a moment as xsd:dateTime in UTC."""
    try:
        utc = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        utc = moment.replace(tzinfo=UTC)
    return utc.replace(tzinfo=None).isoformat() + "Z"
