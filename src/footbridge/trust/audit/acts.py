"""An act: one transaction, the entries it writes, and one line on the trail."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from footbridge.trust.audit import trail
from footbridge.trust.vault import journal
from footbridge.trust.vault.compartments import OpenCompartment
from footbridge.trust.vault.records import Record
from footbridge.trust.vault.site_keys import SiteKeys


@dataclass(slots=True)
class Act:
    """What is being done: hand it the records to write."""

    by: uuid.UUID
    on: date
    detail: str = ""
    _evidence: list[bytes] = field(default_factory=list)

    def write(
        self, into: OpenCompartment, record: Record, *, replaces: uuid.UUID | None = None
    ) -> uuid.UUID:
        """Seal a record at the end of an open compartment; return the entry's id."""
        entry, evidence = journal.append(into, record, by=self.by, on=self.on, replaces=replaces)
        self._evidence.append(evidence)
        return entry

    @property
    def evidence(self) -> tuple[bytes, ...]:
        """What the trail keeps of everything written so far."""
        return tuple(self._evidence)


@contextmanager
def act(
    action: str,
    *,
    by: uuid.UUID,
    on: date,
    site: SiteKeys,
    log_key: bytes | None = None,
    detail: str = "",
) -> Iterator[Act]:
    """Run a block as one act: all of it and its line on the trail, or nothing.

    `log_key` is that of the person whom the act is about, if there is one.
    """
    with transaction.atomic():
        doing = Act(by=by, on=on, detail=detail)
        yield doing
        trail.append(
            trail.Event(action, on, by, doing.detail),
            site=site,
            log_key=log_key,
            evidence=doing.evidence,
        )
