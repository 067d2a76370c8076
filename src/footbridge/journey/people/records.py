"""The summary of a person: coded state only, for a coordinator who may open nothing else."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from footbridge.trust.vault.records import Compartment, EntryKind, RecordError, sealed_record
from footbridge.trust.weeks import IsoWeek

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")


@sealed_record
@dataclass(frozen=True, slots=True)
class SummaryKept:
    """Where a person stands, in codes, counts and weeks.

    Each one replaces the summary before it. Whatever is not a code, a count or a week is
    refused, so that no words can stray in here from a form.

    Parameters
    ----------
    in_need : bool or None
        What the last check-up decided; None where it is not known.
    agreed : bool or None
        Whether the person agreed to go to a service when last in need; None if not asked.
    referrals : mapping of str to int
        Number of referrals by the code of the state they are in.
    next_window : IsoWeek or None
        The week in which the window of the next check-up opens.
    next_due : IsoWeek or None
        The week of its due day.
    held, in_window, missed : int
        Check-ups held, held in their window, and missed.
    attempts : int
        Attempts to reach the person since the last check-up.
    last_seen : IsoWeek or None
        The week of the last check-up or visit.
    consents : frozenset of str
        Codes of the purposes that were agreed to when this was written.
    consents_end : IsoWeek or None
        The week in which the first of them runs out.
    """

    in_need: bool | None = None
    agreed: bool | None = None
    referrals: Mapping[str, int] = field(default_factory=dict)
    next_window: IsoWeek | None = None
    next_due: IsoWeek | None = None
    held: int = 0
    in_window: int = 0
    missed: int = 0
    attempts: int = 0
    last_seen: IsoWeek | None = None
    consents: frozenset[str] = frozenset()
    consents_end: IsoWeek | None = None

    KIND: ClassVar[EntryKind] = EntryKind("summary-kept", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.SUMMARY

    def __post_init__(self) -> None:
        codes = [*self.referrals, *self.consents]
        counts = [*self.referrals.values(), self.held, self.in_window, self.missed, self.attempts]
        weeks = [self.next_window, self.next_due, self.last_seen, self.consents_end]
        if not (
            all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes)
            and all(type(count) is int and count >= 0 for count in counts)
            and all(week is None or isinstance(week, IsoWeek) for week in weeks)
            and all(flag is None or type(flag) is bool for flag in (self.in_need, self.agreed))
        ):
            # The value is left out on purpose: it may be somebody's words.
            raise RecordError(
                "A summary holds codes, counts and weeks only, and it was given something else. "
                "Pass a code in small letters, a number from 0, an ISO week, or None."
            )

    def merged(self, changes: Mapping[str, object]) -> SummaryKept:
        """Return the summary with some fields changed; the others stay.

        Raises
        ------
        RecordError
            If a change names no field of the summary, or is no code, count or week.
        """
        known = [one.name for one in dataclasses.fields(self)]
        unknown = sorted(set(changes) - set(known))
        if unknown:
            raise RecordError(
                f"A summary has no {', '.join(unknown)}. Change one of {', '.join(known)}."
            )
        values: dict[str, Any] = dict(changes)
        return dataclasses.replace(self, **values)
