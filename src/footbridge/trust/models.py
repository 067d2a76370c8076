"""Every table of the trust floor, gathered where Django looks for them."""

from footbridge.trust.access.models import Invitation, Staff
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.vault.models import (
    Circle,
    Compartment,
    Entry,
    Letter,
    LetterBox,
    Person,
    Site,
    Spent,
    Tombstone,
    Wrap,
)

__all__ = [
    "Circle",
    "Compartment",
    "Entry",
    "Invitation",
    "Letter",
    "LetterBox",
    "Person",
    "Site",
    "Spent",
    "Staff",
    "Tombstone",
    "TrailEntry",
    "Wrap",
]
