"""Taking in what services said with their codes, when somebody opens the record."""

from __future__ import annotations

import contextlib
from datetime import date
from uuid import UUID

from footbridge.journey.people import queries as people
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals import letters
from footbridge.journey.referrals.actions import state_of, tell
from footbridge.journey.referrals.letters import MOVES_TO, Letter, ServiceSays
from footbridge.journey.referrals.records import PartnerSaid, ReferralMoved
from footbridge.journey.referrals.rules import Confirmation, Referral, check_move
from footbridge.journey.referrals.state import Referrals, apply, move_of
from footbridge.journey.referrals.table import Actor
from footbridge.trust.access.actors import Actor as Holder
from footbridge.trust.vault import bulk, letterboxes
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.records import Compartment


class _NothingNewError(Exception):
    """Somebody else took the letters in meanwhile."""


def open_record(person: UUID, *, by: Holder, on: date) -> OpenRecord:
    """Open a record with everything that services have said about it until now."""
    return hear(people.open_record(person, by=by), on=on)


def hear(record: OpenRecord, *, on: date) -> OpenRecord:
    """Take in the letters that wait for a record; return it as it is after them."""
    numbers = letterboxes.filled(record.care, letterboxes.waiting())
    if not numbers:
        return record
    with contextlib.suppress(_NothingNewError):
        _take_in(record, numbers, on=on)
    return people.open_record(record.person.id, by=record.by)


def hear_everybody(*, by: Holder, on: date) -> int:
    """Take in the letters that wait for anybody in the actor's care; return for how many.

    Where no letter waits, nothing is opened.
    """
    among = letterboxes.waiting()
    if not among:
        return 0
    opened = bulk.open_many(Compartment.CARE, holders=[by])
    heard = [person for person, care in opened.items() if letterboxes.filled(care, among)]
    for person in heard:
        open_record(person, by=by, on=on)
    return len(heard)


def _take_in(record: OpenRecord, numbers: list[int], *, on: date) -> None:
    with writing("referral.heard", record, on=on) as doing:
        state, heard = state_of(record), 0
        for number in numbers:
            referral = _of_slip(state, number)
            code = referral.code if referral is not None else None
            for data in letterboxes.take(record.care, number, code=code or "", site=record.by.site):
                if referral is None:
                    continue
                step = _step(state.find(referral.id) or referral, letters.from_bytes(data))
                entry = doing.care(step)
                heard += 1
                state = apply(state, Opened(entry, len(record.entries) + heard, step))
        if not heard:
            raise _NothingNewError
        tell(doing, state)


def _of_slip(state: Referrals, number: int) -> Referral | None:
    return next((each for each in state.referrals if each.slip == number), None)


def _step(referral: Referral, letter: Letter) -> ReferralMoved | PartnerSaid:
    """Return the step that a letter takes; where the table has none, what was said."""
    step = ReferralMoved(
        referral=referral.id,
        to=MOVES_TO[letter.said],
        moved_on=letter.on,
        act_of=Actor.SERVICE,
        confirmed_by=Confirmation.CODE,
        reason=letter.reason,
        appointment_on=letter.appointment_on,
        code=referral.code if letter.said is ServiceSays.CAME else None,
    )
    if check_move(referral, move_of(step)):
        return step
    return PartnerSaid(referral.id, letter.said, letter.on, letter.appointment_on, letter.reason)
