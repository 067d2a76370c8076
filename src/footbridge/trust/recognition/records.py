"""What the supervised fallback keeps: memory answers and the person's own cue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from footbridge.trust.vault.records import Compartment, EntryKind, FreeText, sealed_record


@sealed_record
@dataclass(frozen=True, slots=True)
class RecallAnswers:
    """Eight private answers, by question id, and a cue that only the person would say.

    Encrypted under a key that needs two of the staff; never hashed, never compared on disk.
    """

    answers: Mapping[str, str]
    cue: FreeText

    KIND: ClassVar[EntryKind] = EntryKind("recall-answers", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.RECALL
