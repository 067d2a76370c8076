"""Writing in the month after a stay: steps made good, contacts, visits, the end of the clocks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.stays import acts, rules
from footbridge.journey.stays.codes import Answer, Step
from footbridge.journey.stays.records import (
    AftercareClosed,
    DischargeStepDone,
    FollowUpMade,
    TreatmentVisited,
)


def do_step(record: OpenRecord, step: Step, answer: Answer, *, on: date) -> None:
    """Note a step of the bundle that was done after all."""
    acts.stay_behind(record)
    acts.write("discharge.followed", record, DischargeStepDone(on, step, answer), on=on)


def follow_up(
    record: OpenRecord,
    contact: FollowUpMade,
    *,
    consented: bool,
    on: date,
    replaces: UUID | None = None,
) -> None:
    """Note a contact after a stay, or correct one.

    Raises
    ------
    RefusedError
        If no stay has ended, or somebody reached out without consent to contact.
    StayError
        If the day is before the person left, or has not come.
    """
    stay = acts.stay_behind(record)
    acts.check(rules.may_contact(contact.means, consented=consented))
    rules.check_day(contact.made_on, first=acts.left(stay), on=on)
    acts.write("discharge.followed", record, contact, on=on, replaces=replaces)


def note_visit(
    record: OpenRecord, visit: TreatmentVisited, *, on: date, replaces: UUID | None = None
) -> None:
    """Note that the person went to drug treatment after a stay, or correct it.

    Raises
    ------
    RefusedError
        If no stay has ended.
    StayError
        If the day is before the person left, or has not come.
    """
    stay = acts.stay_behind(record)
    rules.check_day(visit.visited_on, first=acts.left(stay), on=on)
    acts.write("discharge.followed", record, visit, on=on, replaces=replaces)


def close_aftercare(record: OpenRecord, closed: AftercareClosed, *, on: date) -> None:
    """Stop the clocks after a stay, for a reason.

    Raises
    ------
    RefusedError
        If no stay has ended.
    """
    acts.stay_behind(record)
    acts.write("discharge.followed", record, closed, on=on)
