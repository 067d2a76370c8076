"""Roles and what they may do. Keys decide who can read; roles decide who is asked.

A capability opens a page or an act. It never opens a record: for that the actor needs
a wrap, which no role brings.
"""

from __future__ import annotations

from enum import StrEnum

from footbridge.trust.decisions import Decision, gettext_noop


class Role(StrEnum):
    """What somebody on the staff is here for."""

    CASE_WORKER = "case-worker"
    NURSE = "nurse"
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class Capability(StrEnum):
    """Something that a role may or may not do."""

    ENROL = "enrol"
    FIND_PEOPLE = "find-people"
    WORK_WITH_PEOPLE = "work-with-people"
    SEE_DIRECTORY = "see-directory"
    EDIT_DIRECTORY = "edit-directory"
    COORDINATE = "coordinate"
    MANAGE_STAFF = "manage-staff"
    REVOKE_COLLEAGUE = "revoke-colleague"
    MANAGE_STUDIES = "manage-studies"
    SEE_EVIDENCE = "see-evidence"
    MANAGE_SITE = "manage-site"
    SEE_SITE_TRAIL = "see-site-trail"
    SEE_WARD = "see-ward"
    MANAGE_WARD = "manage-ward"


_CARE = frozenset(
    {
        Capability.ENROL,
        Capability.FIND_PEOPLE,
        Capability.WORK_WITH_PEOPLE,
        Capability.SEE_DIRECTORY,
        Capability.REVOKE_COLLEAGUE,
        Capability.SEE_WARD,
    }
)
ALLOWED: dict[Role, frozenset[Capability]] = {
    Role.CASE_WORKER: _CARE,
    Role.NURSE: _CARE | {Capability.MANAGE_WARD},
    Role.COORDINATOR: _CARE
    | {
        Capability.EDIT_DIRECTORY,
        Capability.COORDINATE,
        Capability.MANAGE_WARD,
        Capability.MANAGE_STAFF,
        Capability.MANAGE_STUDIES,
        Capability.SEE_EVIDENCE,
        Capability.SEE_SITE_TRAIL,
    },
    Role.ANALYST: frozenset(
        {Capability.SEE_DIRECTORY, Capability.SEE_EVIDENCE, Capability.MANAGE_STUDIES}
    ),
    Role.ADMINISTRATOR: frozenset(
        {Capability.SEE_DIRECTORY, Capability.MANAGE_SITE, Capability.SEE_SITE_TRAIL}
    ),
}

CASELOAD_LIMIT = 80


def check_capability(role: Role | None, capability: Capability) -> Decision:
    """Decide whether a role may do something."""
    if role is None:
        return Decision(False, gettext_noop("Sign in as staff to do this."))
    if capability not in ALLOWED[role]:
        return Decision(
            False,
            gettext_noop("Your role here does not include this. Ask a coordinator if it should."),
        )
    return Decision(True, gettext_noop("Part of this role."))


def check_caseload(held: int, *, limit: int = CASELOAD_LIMIT) -> Decision:
    """Decide whether somebody's caseload has room for one more person."""
    if held >= limit:
        return Decision(
            False,
            gettext_noop(
                "This colleague already has {held} people, and the limit is {limit}. "
                "Choose another colleague, or hand somebody over first."
            ),
            {"held": held, "limit": limit},
        )
    return Decision(True, gettext_noop("There is room in this caseload."))


def check_joining(role: Role, *, by_same_person: bool, active: bool = True) -> Decision:
    """Decide whether somebody may be added to a care team; nobody adds themself."""
    if not active:
        return Decision(
            False, gettext_noop("This colleague has left. Choose one who works here now.")
        )
    if by_same_person:
        return Decision(
            False,
            gettext_noop(
                "Nobody adds themself to a care team. "
                "Ask somebody who is in it, or the person themself."
            ),
        )
    return check_capability(role, Capability.WORK_WITH_PEOPLE)


def check_leaving(in_team: bool) -> Decision:
    """Decide whether somebody may be taken out of a care team: only who is in it."""
    if not in_team:
        return Decision(
            False,
            gettext_noop("This colleague is not in the care team. Look at who is in it now."),
        )
    return Decision(True, gettext_noop("In this care team."))


def check_coordinating(role: Role, *, active: bool) -> Decision:
    """Decide whether somebody may be in the coordinators' circle, which opens every summary."""
    if not active or role is not Role.COORDINATOR:
        return Decision(
            False,
            gettext_noop(
                "Only a coordinator who works here can be in the coordinators' circle. "
                "Change the role first."
            ),
        )
    return Decision(True, gettext_noop("A coordinator of this site."))
