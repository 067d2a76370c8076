"""Handing somebody over: a coordinator asks, and only who holds the key can do it.

A coordinator cannot assign anybody: there is no key to do it with. What they can do is write
into the summary that they ask for it; the worker then hands the keys on in their own session.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from footbridge.journey.people import actions as people_actions
from footbridge.journey.people import queries as people_queries
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import NobodyError, OpenRecord
from footbridge.journey.people.records import Course, SummaryKept
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import Capability, check_joining
from footbridge.trust.access.staff import Profile
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault import compartments, journal, persons
from footbridge.trust.vault.compartments import NoWrapError, OpenCompartment
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek

KIND = "handover"


def asked_for(summary: SummaryKept) -> UUID | None:
    """Return the colleague to whom somebody should be handed over; None where nobody asks."""
    for course in summary.courses_of(KIND):
        for code in course.codes:
            if code.startswith("to-"):
                return UUID(code.removeprefix("to-"))
    return None


def ask(person: UUID, *, to: Profile, by: Actor, on: date) -> None:
    """Write into a summary that a coordinator asks for a handover.

    Raises
    ------
    RefusedError
        If the colleague has left, does not work with people, or is in the care team already.
    NoWrapError
        If the actor is not in the coordinators' circle, or it does not hold this summary.
    """
    decision = check_joining(to.role, by_same_person=False, active=to.active)
    if not decision:
        raise RefusedError.by(decision)
    if care_teams.team_of(person, site=by.site).has(to.id):
        raise RefusedError(
            gettext_noop("This colleague is in the care team already. Choose another one.")
        )
    codes = frozenset({"asked", f"to-{to.id.hex}"})
    _write(person, [Course(KIND, IsoWeek.of(on), codes)], name="handover.asked", by=by, on=on)


def drop(person: UUID, *, by: Actor, on: date) -> None:
    """Take the request back."""
    _write(person, [], name="handover.dropped", by=by, on=on)


def hand_over(record: OpenRecord, *, to: UUID, stay: bool, on: date, limit: int) -> None:
    """Give the keys to a colleague and, unless `stay`, leave the care team.

    Raises
    ------
    RefusedError
        If the colleague may not join: gone, another kind of role, or a full caseload.
    """
    colleague = staff.profile_of(to, site=record.by.site)
    if colleague is None:
        raise RefusedError(
            gettext_noop("This colleague has left. Tell the coordinator, who can ask again.")
        )
    people_actions.add_to_team(record=record, colleague=colleague, on=on, limit=limit)
    with writing("handover.done", record, on=on) as doing:
        doing.courses(KIND, [])
    if not stay:
        people_actions.leave_team(record=record, colleague=record.by.id, on=on, by=record.by)


def of(person: UUID, *, by: Actor) -> SummaryKept:
    """Return a summary as the coordinators' circle opens it.

    Raises
    ------
    NobodyError
        If there is nobody with this id.
    NoWrapError
        If the actor is not in the circle, or it does not hold this summary.
    """
    return _kept(_open(person, by=by))


def _open(person: UUID, *, by: Actor) -> OpenCompartment:
    by.check(Capability.COORDINATE)
    if persons.get(person, site=by.site) is None:
        raise NobodyError
    holders = circles.held_by(by, kinds=[CircleKind.COORDINATORS])
    if not holders:
        raise NoWrapError
    return compartments.open_for(person, Compartment.SUMMARY, holders=holders)


def _kept(opened: OpenCompartment) -> SummaryKept:
    last = journal.latest(opened)
    return last.record if last and isinstance(last.record, SummaryKept) else SummaryKept()


def _write(person: UUID, fresh: Iterable[Course], *, name: str, by: Actor, on: date) -> None:
    opened = _open(person, by=by)
    before, view = _kept(opened), people_queries.shell_of(person, by=by)
    after = before.merged({"courses": before.with_courses(KIND, fresh)})
    with act(name, by=by.id, on=on, site=by.site, log_key=view.log_key) as doing:
        doing.write(opened, after)
