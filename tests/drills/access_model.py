"""A plain model of who may read what: sets of holders, and one method for each act.

Each method says whether the act is allowed and, where it is, changes the sets. It knows
nothing of keys, rows or pages; it restates confidentiality.md in as few lines as it can.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from footbridge.journey.consents.rules import Purpose
from footbridge.trust.access.rules import Role
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek

CARE, SUMMARY, CONTACT = Compartment.CARE, Compartment.SUMMARY, Compartment.CONTACT
RESEARCH, RECALL = Compartment.RESEARCH, Compartment.RECALL
TEAM = (CARE, SUMMARY, CONTACT)
WITH_PEOPLE = {Role.CASE_WORKER, Role.NURSE, Role.COORDINATOR}
LASTS = {"care": 52, "contact": 12, "research": 104, "recall": 156, "recovery": 156}
LASTS["interview"] = 26
GRACE = 8  # weeks in which a team may still ask again
STOPS = {
    "care": {"care", "contact", "research"},
    "contact": {"contact"},
    "research": {"research"},
    "recall": {"recall"},
    "recovery": {"recovery"},
    "interview": {"interview"},
    "stop-contact": {"contact"},
    "stop-research": {"research", "interview"},
}
Part = tuple[UUID, Compartment]


@dataclass
class Known:
    """One person: who holds each compartment that exists, and what was agreed to until when."""

    parts: dict[Compartment, set[UUID]] = field(default_factory=dict)
    until: dict[str, date] = field(default_factory=dict)
    # The last day of the latest yes, taken back or not; and the weeks told to the rows.
    yes_until: dict[str, date] = field(default_factory=dict)
    contact_week: IsoWeek | None = None
    lapse_week: IsoWeek | None = None
    recall_week: IsoWeek | None = None
    recovery_week: IsoWeek | None = None

    def holds(self, who: UUID, kind: Compartment = CARE) -> bool:
        return who in self.parts.get(kind, ())


@dataclass
class AccessModel:
    """Everybody, and what they may read."""

    day: date
    recovery: UUID
    coordinators: UUID
    study: UUID
    recall: UUID
    staff: dict[UUID, Role] = field(default_factory=dict)
    people: dict[UUID, Known] = field(default_factory=dict)
    circles: dict[UUID, set[UUID]] = field(default_factory=dict)
    # Who may have kept a copy of a circle's key: until it is rotated, the copy opens too.
    copies: dict[UUID, set[UUID]] = field(default_factory=dict)

    # --- who may read what ---

    def readable(self, who: UUID) -> set[Part]:
        """Return what one holder may read, by their own wraps and by circle keys kept in mind."""
        circles = {
            circle
            for circle, members in self.circles.items()
            if who in members | self.copies.get(circle, set()) and circle != self.recall
        }
        return self._held_by({who, *circles})

    def readable_together(self, first: UUID, second: UUID) -> set[Part]:
        """Return what two members of the recall circle may read of memory answers."""
        members = self.circles[self.recall]
        both = first != second and {first, second} <= members
        return self._held_by({self.recall}) if both else set()

    def _held_by(self, holders: set[UUID]) -> set[Part]:
        return {
            (person, kind)
            for person, known in self.people.items()
            for kind, held in known.parts.items()
            if held & holders
        }

    def team(self, person: UUID) -> set[UUID]:
        """Return the staff who hold a person's care."""
        return self.people[person].parts.get(CARE, set()) & set(self.staff)

    def holders(self, person: UUID) -> set[UUID]:
        """Return everybody, and every circle, who holds anything of a person."""
        return set().union(*self.people[person].parts.values())

    def works(self, who: UUID) -> bool:
        return self.staff[who] in WITH_PEOPLE

    def agreed(self, person: UUID, purpose: str) -> bool:
        until = self.people[person].until
        needed = "care" if purpose in {"contact", "research"} else purpose
        return all(until.get(one, date.min) >= self.day for one in {purpose, needed})

    # --- acts: each returns whether it is allowed ---

    def enrolled(self, by: UUID) -> bool:
        return self.works(by)

    def arrives(self, person: UUID) -> None:
        self.people[person] = Known()

    def may_invite(self, by: UUID) -> bool:
        return self.staff[by] is Role.COORDINATOR

    def consent(self, by: UUID, person: UUID, purpose: Purpose) -> bool:
        known, name = self.people[person], purpose.value
        if known.parts and not known.holds(by):
            return False
        if not known.parts and name != "care":
            return False
        if name in {"contact", "research"} and not self.agreed(person, "care"):
            return False
        known.yes_until[name] = known.until[name] = self.day + timedelta(weeks=LASTS[name])
        if name == "care":
            team = self.team(person) | {by, person}
            known.parts[CARE] = known.parts.get(CARE, set()) | team
            known.parts[SUMMARY] = known.parts.get(SUMMARY, set()) | team | {self.coordinators}
        if name == "research":
            known.parts[RESEARCH] = {self.study}
        if name == "recovery":
            known.parts[CARE].add(self.recovery)
        if "care" in known.yes_until:
            known.lapse_week = IsoWeek.of(known.yes_until["care"]) + GRACE
        if "recovery" in known.yes_until:
            known.recovery_week = IsoWeek.of(known.yes_until["recovery"])
        if "recall" in known.yes_until:
            known.recall_week = IsoWeek.of(known.yes_until["recall"])
        return True

    def withdraw(self, by: UUID, person: UUID, what: str) -> bool:
        known = self.people[person]
        if not known.holds(by):
            return False
        ended = STOPS[what]
        for name in ended & set(known.until):
            known.until[name] = min(known.until[name], self.day - timedelta(days=1))
        for kind in (CONTACT, RESEARCH, RECALL):
            if kind.value in ended:
                known.parts.pop(kind, None)
        if "recovery" in ended:
            known.parts[CARE].discard(self.recovery)
        if "care" in ended:
            known.parts[CARE] &= {person, self.recovery}
            known.parts[SUMMARY] &= {person}
        return True

    def keep_contact(self, by: UUID, person: UUID, *, days: int) -> bool:
        known = self.people[person]
        if not known.holds(by) or not self.agreed(person, "contact"):
            return False
        known.parts[CONTACT] = self.team(person) | {person, by}
        agreed_until = IsoWeek.of(known.until["contact"])
        known.contact_week = min(IsoWeek.of(self.day) + days // 7, agreed_until)
        return True

    def keep_answers(self, by: UUID, person: UUID) -> bool:
        if not self.people[person].holds(by) or not self.agreed(person, "recall"):
            return False
        known = self.people[person]
        known.parts[RECALL] = {self.recall}
        known.recall_week = IsoWeek.of(known.until["recall"])
        return True

    def write(self, by: UUID, person: UUID) -> bool:
        return self.people[person].holds(by)

    def grant(self, by: UUID, person: UUID, to: UUID) -> bool:
        known = self.people[person]
        if to == by or to not in self.staff or not self.works(to) or not known.holds(by):
            return False
        for kind in TEAM:
            if known.holds(by, kind):
                known.parts[kind].add(to)
        return True

    def revoke(self, person: UUID, who: UUID) -> bool:
        if who not in self.team(person):
            return False
        for held in self.people[person].parts.values():
            held.discard(who)
        return True

    def revoke_everything(self, by: UUID, who: UUID) -> bool:
        for person in self.people:
            for held in self.people[person].parts.values():
                held.discard(who)
        for circle, members in self.circles.items():
            if who not in members:
                continue
            members.discard(who)
            if by in members or by == who:
                self.copies[circle] = set()
            else:
                self.copies.setdefault(circle, set()).add(who)
        return True

    def leave(self, by: UUID, who: UUID) -> bool:
        if self.staff[by] is not Role.COORDINATOR:
            return False
        self.revoke_everything(by, who)
        del self.staff[who]
        return True

    def change_role(self, by: UUID, who: UUID, role: Role) -> bool:
        if self.staff[by] is not Role.COORDINATOR:
            return False
        self.staff[who] = role
        return True

    def join_circle(self, by: UUID, circle: UUID, who: UUID) -> bool:
        if by not in self.circles[circle]:
            return False
        self.circles[circle].add(who)
        return True

    def leave_circle(self, by: UUID, circle: UUID, who: UUID) -> bool:
        if by not in self.circles[circle]:
            return False
        self.circles[circle].discard(who)
        self.copies[circle] = set()
        return True

    def deal_again(self, first: UUID, second: UUID, members: set[UUID]) -> bool:
        there = self.circles[self.recall]
        if first == second or not {first, second} <= there:
            return False
        self.circles[self.recall] = set(members)
        return True

    def renew_phrase(self, by: UUID, person: UUID) -> bool:
        known = self.people[person]
        if not known.holds(by):
            return False
        for kind in TEAM:
            if kind in known.parts:
                known.parts[kind].discard(person)
                if known.holds(by, kind):
                    known.parts[kind].add(person)
        return True

    def recover(self, to: UUID, person: UUID) -> bool:
        known = self.people[person]
        if not self.works(to) or not known.holds(self.recovery):
            return False
        known.parts[CARE].add(to)
        if not known.holds(to, SUMMARY):
            known.parts[SUMMARY] = self.team(person) | {self.coordinators}
        if not known.holds(to, CONTACT):
            known.parts.pop(CONTACT, None)
        return self.renew_phrase(to, person)

    def take_in(self, by: UUID, person: UUID, new: UUID) -> None:
        """Note who came from a transfer; whether it is allowed was asked before."""
        old = self.people[person]
        known = self.people[new] = Known(until=dict(old.until), yes_until=dict(old.yes_until))
        if not old.holds(person):
            known.until.clear()
            known.yes_until.clear()
            return
        known.lapse_week = old.lapse_week
        known.parts[CARE], known.parts[SUMMARY] = {new, by}, {new, by, self.coordinators}
        if old.holds(person, CONTACT):
            known.parts[CONTACT], known.contact_week = {new, by}, old.contact_week

    def forget(self, person: UUID) -> None:
        del self.people[person]

    def wait(self, weeks: int) -> None:
        self.day += timedelta(weeks=weeks)
        week = IsoWeek.of(self.day)
        for person, known in self.people.items():
            if CONTACT in known.parts and week > known.contact_week:
                del known.parts[CONTACT]
            if RECALL in known.parts and week > known.recall_week:
                del known.parts[RECALL]
            if known.lapse_week is not None and week > known.lapse_week:
                for kind in {CARE, SUMMARY} & set(known.parts):
                    known.parts[kind] &= {person, self.recovery}
            if known.recovery_week is not None and week > known.recovery_week:
                known.parts.get(CARE, set()).discard(self.recovery)
