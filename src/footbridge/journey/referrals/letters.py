"""What a partner service may say with the code of a slip, in codes only."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from footbridge.journey.referrals.reasons import reasons
from footbridge.journey.referrals.table import ReferralState
from footbridge.trust.decisions import Decision, gettext_noop

LONGEST_WAIT_DAYS = 180
"""How far ahead an appointment may lie; a house default against slips of the hand."""


class ServiceSays(StrEnum):
    """One thing that a service can say; each of them once."""

    ACCEPTED = "accepted"
    APPOINTMENT = "appointment"
    CAME = "came"
    CANNOT = "cannot"


MOVES_TO: Mapping[ServiceSays, ReferralState] = {
    ServiceSays.ACCEPTED: ReferralState.ACCEPTED,
    ServiceSays.APPOINTMENT: ReferralState.APPOINTMENT,
    ServiceSays.CAME: ReferralState.LINKED,
    ServiceSays.CANNOT: ReferralState.DECLINED,
}

# Reasons that a service can know of; what moves the person is for the person to say.
SERVICE_GROUPS = frozenset({"system"})


@dataclass(frozen=True, slots=True)
class Letter:
    """What a service said on a day."""

    said: ServiceSays
    on: date
    appointment_on: date | None = None
    reason: str | None = None


def sayable(said: Collection[ServiceSays]) -> tuple[ServiceSays, ...]:
    """Return what can still be said after some was said, in the order of the page.

    A first visit or a refusal is the last word; an acceptance comes before an appointment.

    Examples
    --------
    >>> [str(one) for one in sayable({ServiceSays.ACCEPTED})]
    ['appointment', 'came', 'cannot']
    >>> sayable({ServiceSays.CAME})
    ()
    """
    if is_last_word(said):
        return ()
    later = list(ServiceSays)
    first = 1 + max((later.index(one) for one in said), default=-1)
    return tuple(later[first:])


def is_last_word(said: Collection[ServiceSays]) -> bool:
    """Whether nothing comes after what was said, so that the code is spent."""
    return bool({ServiceSays.CAME, ServiceSays.CANNOT} & set(said))


def check_letter(letter: Letter, *, said: Collection[ServiceSays]) -> Decision:
    """Decide whether a service may say this now."""
    if letter.said not in sayable(said):
        again = gettext_noop("This was said before with this code, and each thing is said once.")
        return Decision(False, again)
    if letter.said is ServiceSays.APPOINTMENT and not _is_day_ahead(letter):
        day = gettext_noop("Enter the day of the appointment: today, or in the next {days} days.")
        return Decision(False, day, {"days": LONGEST_WAIT_DAYS})
    if letter.said is ServiceSays.CANNOT and letter.reason not in service_reasons():
        return Decision(False, gettext_noop("Choose why: reasons can then be counted."))
    return Decision(True, gettext_noop("It can be said."))


def service_reasons() -> frozenset[str]:
    """Return the ids of the reasons that a service may give."""
    return frozenset(one.id for one in reasons().values() if one.group in SERVICE_GROUPS)


def _is_day_ahead(letter: Letter) -> bool:
    last = letter.on + timedelta(days=LONGEST_WAIT_DAYS)
    return letter.appointment_on is not None and letter.on <= letter.appointment_on <= last


def to_bytes(letter: Letter) -> bytes:
    """Return a letter as it is sealed."""
    day = letter.appointment_on.isoformat() if letter.appointment_on else None
    return json.dumps([letter.said, letter.on.isoformat(), day, letter.reason]).encode()


def from_bytes(data: bytes) -> Letter:
    """Return the letter that `to_bytes` wrote."""
    said, on, day, reason = json.loads(data)
    ahead = date.fromisoformat(day) if day else None
    return Letter(ServiceSays(said), date.fromisoformat(on), ahead, reason)
