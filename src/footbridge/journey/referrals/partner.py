"""What a partner service does at the door for slips: look, and say one thing at a time.

Whoever knows a code learns the kind of service and what was said with it, and nothing else.
What they say is sealed for whoever opens the record, and this process cannot read it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from footbridge.journey.referrals.letters import (
    Letter,
    ServiceSays,
    check_letter,
    is_last_word,
    sayable,
    to_bytes,
)
from footbridge.journey.referrals.slips import is_well_formed, normal_form
from footbridge.journey.services.rules import Need
from footbridge.trust.decisions import HouseError, RefusedError, gettext_noop
from footbridge.trust.recognition.throttle import CommonDoor
from footbridge.trust.vault import letterboxes
from footbridge.trust.vault.letterboxes import ShutBoxError
from footbridge.trust.vault.site_keys import SiteKeys


class MistypedError(HouseError):
    """The check sign does not fit: a slip of the hand, which is no guess."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("This is not a code: a sign is wrong or missing. Read it again.")
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What a code tells whoever types it."""

    need: Need
    said: frozenset[ServiceSays]
    until: date

    @property
    def sayable(self) -> tuple[ServiceSays, ...]:
        """What can still be said."""
        return sayable(self.said)


def look(typed: str, *, on: date, site: SiteKeys, door: CommonDoor) -> Known:
    """Return what a code is about.

    Raises
    ------
    MistypedError
        If the signs cannot be a code; this counts as no try.
    ShutBoxError
        If it opens nothing. A code that was never given counts as a try; one that is used up
        or past its last day does not, or honest services would make each other wait.
    WaitError
        While too many tries were wrong.
    """
    if not is_well_formed(typed):
        raise MistypedError
    code = normal_form(typed)
    box = door.attempt(lambda: letterboxes.find(code, site=site))
    if box is None or not box.opens(on):
        raise ShutBoxError
    return Known(Need(box.about), frozenset(map(ServiceSays, box.said)), box.until)


def say(typed: str, letter: Letter, *, on: date, site: SiteKeys, door: CommonDoor) -> None:
    """Leave what a service says; a first visit or a refusal uses the code up.

    Raises
    ------
    RefusedError
        If this cannot be said now, or its day or reason is missing.
    """
    known = look(typed, on=on, site=site, door=door)
    decision = check_letter(letter, said=known.said)
    if not decision:
        raise RefusedError.by(decision)
    letterboxes.post(
        normal_form(typed),
        letter.said.value,
        to_bytes(letter),
        last=is_last_word({letter.said}),
        on=on,
        site=site,
    )
