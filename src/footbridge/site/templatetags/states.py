"""The words of states that many pages share, each with its icon and its tone.

A state is never told by colour alone: the icon and the word are always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

TONES: Final = ("plain", "info", "success", "caution", "danger")


@dataclass(frozen=True, slots=True)
class Look:
    """How one state is shown."""

    word: str | Promise
    icon: str
    tone: str = "plain"


LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "open": Look(pgettext_lazy("state", "Open"), "open"),
        "sealed": Look(pgettext_lazy("state", "Sealed"), "sealed"),
        "todo": Look(pgettext_lazy("state", "To do"), "todo"),
        "done": Look(pgettext_lazy("state", "Done"), "done", "success"),
        "waiting": Look(pgettext_lazy("state", "Cannot start yet"), "waiting"),
        "due": Look(pgettext_lazy("state", "Due"), "clock", "info"),
        "overdue": Look(pgettext_lazy("state", "Overdue"), "late", "caution"),
        "missed": Look(pgettext_lazy("state", "Missed"), "cross", "caution"),
        "expiring": Look(pgettext_lazy("state", "Ends soon"), "waiting", "caution"),
        "expired": Look(pgettext_lazy("state", "Expired"), "no"),
        "in_need": Look(pgettext_lazy("state", "In need"), "hand", "caution"),
        "safety": Look(pgettext_lazy("state", "Safety"), "danger", "danger"),
        "draft": Look(pgettext_lazy("state", "Draft"), "paper"),
        "offered": Look(pgettext_lazy("state", "Offered"), "offer"),
        "agreed": Look(pgettext_lazy("state", "Agreed"), "check"),
        "sent": Look(pgettext_lazy("state", "Sent"), "next"),
        "accepted": Look(pgettext_lazy("state", "Accepted"), "check", "info"),
        "declined": Look(pgettext_lazy("state", "Declined"), "cross"),
        "appointment": Look(pgettext_lazy("state", "Appointment"), "today", "info"),
        "linked": Look(pgettext_lazy("state", "Linked"), "link", "success"),
        "engaged": Look(pgettext_lazy("state", "Engaged"), "link", "success"),
        "ended": Look(pgettext_lazy("state", "Ended"), "no"),
        "hidden": Look(pgettext_lazy("state", "Hidden: too few people"), "hide"),
    }
)
