"""Care teams: who holds a person's care, summary and contact keys."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from footbridge.trust.access import circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import (
    CASELOAD_LIMIT,
    check_caseload,
    check_joining,
    check_leaving,
)
from footbridge.trust.access.staff import Profile
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault import compartments, models, persons
from footbridge.trust.vault.compartments import Holder, NoWrapError, OpenCompartment
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.site_keys import SiteKeys

# What a member of the care team holds, as far as the person's consents created it.
TEAM_COMPARTMENTS = (Compartment.CARE, Compartment.SUMMARY, Compartment.CONTACT)


@dataclass(frozen=True, slots=True)
class Team:
    """The colleagues who hold a person's care key."""

    members: tuple[Profile, ...]

    def has(self, staff_id: uuid.UUID) -> bool:
        """Whether somebody is in the team."""
        return any(member.id == staff_id for member in self.members)


def team_of(person: uuid.UUID, *, site: SiteKeys) -> Team:
    """Return a person's care team."""
    row = compartments.find(person, Compartment.CARE, site=site)
    if row is None:
        return Team(())
    holders = models.Wrap.objects.filter(compartment=row).values_list("holder", flat=True)
    profiles = (staff.profile_of(holder, site=site) for holder in holders)
    return Team(tuple(sorted((p for p in profiles if p), key=lambda p: p.name)))


def genuine_team(care: OpenCompartment, *, site: SiteKeys) -> Team:
    """Return those of a team whom a holder of the care key added: whom new keys may go to.

    Everybody who was put into the table by hand stays out, and whoever's public key was
    changed there since.
    """
    team = team_of(care.person, site=site)
    publics = {member.id: member.public for member in team.members}
    genuine = _genuine(care, publics, site)
    return Team(tuple(member for member in team.members if member.id in genuine))


def is_own_key(care: OpenCompartment, person: PersonView, *, site: SiteKeys) -> bool:
    """Whether a person's public key is the one to which their care key was granted."""
    return person.id in _genuine(care, {person.id: person.public}, site)


def _genuine(
    care: OpenCompartment, publics: Mapping[uuid.UUID, bytes], site: SiteKeys
) -> frozenset[uuid.UUID]:
    if care.key is None:
        return frozenset()
    return compartments.genuine_holders(care.id, care.key, publics=publics, site=site)


def in_team(person: uuid.UUID, *, actor: Actor) -> bool:
    """Whether an actor holds a person's care key."""
    return models.Wrap.objects.filter(
        compartment__slot=compartments.slot(actor.site, person, Compartment.CARE),
        holder=actor.id,
    ).exists()


def caseload(staff_id: uuid.UUID, *, site: SiteKeys) -> list[PersonView]:
    """Return the people in whose care team somebody is, by handle."""
    people = _in_care_of(staff_id, site=site)
    return sorted(persons.several(people, site=site).values(), key=lambda view: view.handle)


def _in_care_of(staff_id: uuid.UUID, *, site: SiteKeys) -> set[uuid.UUID]:
    held = models.Compartment.objects.filter(wraps__holder=staff_id).values_list("person", "slot")
    return {
        person
        for person, slot in held
        if bytes(slot) == compartments.slot(site, person, Compartment.CARE)
    }


def grant(*, person: PersonView, to: Profile, by: Holder, on: date, limit: int = 0) -> None:
    """Wrap a person's care, summary and contact keys to one more colleague.

    `by` is a current holder: a member of the team, or the person with their phrase.

    Raises
    ------
    RefusedError
        If the role does not work with people, the caseload is full, the colleague has left,
        or it is oneself.
    NoWrapError
        If `by` holds no key: then there is nothing to hand on.
    """
    decision = check_joining(to.role, by_same_person=to.id == by.id, active=to.active)
    if not decision:
        raise RefusedError.by(decision)
    check_room(to.id, site=by.site, limit=limit)
    with act(
        "care-team.granted",
        by=by.id,
        on=on,
        site=by.site,
        log_key=person.log_key,
        detail=str(to.id),
    ):
        opened = compartments.open_for(person.id, Compartment.CARE, holders=[by])
        compartments.grant(opened, holder=to.id, public=to.public, site=by.site)
        for kind in (Compartment.SUMMARY, Compartment.CONTACT):
            try:
                other = compartments.open_for(person.id, kind, holders=[by])
            except NoWrapError:
                continue
            compartments.grant(other, holder=to.id, public=to.public, site=by.site)


def caseloads(*, site: SiteKeys) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return the people in each colleague's care, by the colleague's id; nobody is opened."""
    colleagues = {profile.id for profile in staff.everybody(site=site)}
    held = models.Wrap.objects.filter(holder__in=colleagues, compartment__isnull=False)
    found: dict[uuid.UUID, set[uuid.UUID]] = {each: set() for each in colleagues}
    for holder, person, slot in held.values_list(
        "holder", "compartment__person", "compartment__slot"
    ):
        if bytes(slot) == compartments.slot(site, person, Compartment.CARE):
            found[holder].add(person)
    return {each: frozenset(people) for each, people in found.items()}


def check_room(staff_id: uuid.UUID, *, site: SiteKeys, limit: int = 0) -> None:
    """Raise RefusedError where somebody's caseload is full (0: the house's own limit)."""
    held = len(_in_care_of(staff_id, site=site))
    decision = check_caseload(held, limit=limit or CASELOAD_LIMIT)
    if not decision:
        raise RefusedError.by(decision)


def revoke(*, person: PersonView, from_staff: uuid.UUID, by: Holder, on: date) -> None:
    """Delete one colleague's wraps of one person; needs no key, so anybody on duty can.

    Raises
    ------
    RefusedError
        If `from_staff` is no colleague in this team: the person's own key, the circles' and
        the recovery key stand beside it, and are not a colleague's to delete.
    """
    decision = check_leaving(team_of(person.id, site=by.site).has(from_staff))
    if not decision:
        raise RefusedError.by(decision)
    with act(
        "care-team.revoked",
        by=by.id,
        on=on,
        site=by.site,
        log_key=person.log_key,
        detail=str(from_staff),
    ):
        drop(person.id, holders=[from_staff])
    persons.truncate_log()


def revoke_everything(*, colleague: uuid.UUID, by: Actor, on: date) -> int:
    """Delete all wraps of one colleague (coerced, ill, gone); return how many people.

    Somebody else who holds the keys, or the person, can grant again. A circle that the actor
    is in as well gets a new key; of another one, whoever kept a copy of its key keeps that
    until one of its members takes somebody out.
    """
    # One transaction: a crash half-way must not leave a coerced colleague half of their keys.
    with act("colleague.revoked", by=by.id, on=on, site=by.site, detail=str(colleague)):
        people = caseload(colleague, site=by.site)
        _rotate_circles(colleague, by=by, on=on)
        models.Wrap.objects.filter(holder=colleague).delete()
        for view in people:
            with act(
                "care-team.revoked",
                by=by.id,
                on=on,
                site=by.site,
                log_key=view.log_key,
                detail=str(colleague),
            ):
                pass
    persons.truncate_log()
    return len(people)


def _rotate_circles(leaving: uuid.UUID, *, by: Actor, on: date) -> None:
    """Take a colleague out of every circle whose key the actor can open, too."""
    colleagues = [circles.Member(p.id, p.public) for p in staff.everybody(site=by.site)]
    for kind in (CircleKind.COORDINATORS, CircleKind.STUDY):
        for circle in circles.of_kind(kind, site=by.site):
            held = circles.members(circle.id)
            if {leaving, by.id} <= held:
                staying = [member for member in colleagues if member.id in held]
                circles.leave(circle=circle.id, leaving=leaving, staying=staying, by=by, on=on)


def drop(person: uuid.UUID, *, holders: Iterable[uuid.UUID]) -> None:
    """Delete the wraps of some holders of a person's compartments."""
    models.Wrap.objects.filter(compartment__person=person, holder__in=list(holders)).delete()


def all_holders(actor: Actor) -> list[Holder]:
    """Return an actor and the circles that they can open."""
    return [actor, *circles.held_by(actor)]
