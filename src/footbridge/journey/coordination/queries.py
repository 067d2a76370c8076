"""Reading for coordinators: summaries through their circle, care teams by their wraps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from footbridge.journey.coordination import handovers, rules
from footbridge.journey.coordination.rules import Concern
from footbridge.journey.people import queries as people
from footbridge.journey.people.records import Course, SummaryKept
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import ALLOWED, Capability
from footbridge.trust.access.staff import Profile
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.weeks import IsoWeek


@dataclass(frozen=True, slots=True)
class Caseload:
    """One colleague's people: how many, how heavy, and how many are in need or overdue."""

    colleague: Profile
    people: int
    weight: float
    in_need: int
    overdue: int
    alerts: int
    limit: int

    @property
    def full(self) -> bool:
        """Whether nobody more can be added."""
        return self.people >= self.limit


@dataclass(frozen=True, slots=True)
class Talked:
    """One person to talk about in supervision."""

    person: PersonView
    concerns: tuple[Concern, ...]
    team: tuple[str, ...]
    attempts: int
    handover_to: str


@dataclass(frozen=True, slots=True)
class Oversight:
    """The coordinator's page: caseloads, and whom to talk about."""

    caseloads: tuple[Caseload, ...]
    talked: tuple[Talked, ...]
    people: int
    without_team: int


def courses(*, by: Actor) -> list[Sequence[Course]]:
    """Return everybody's courses, as far as the actor may open summaries for counting."""
    return [summary.courses for summary in people.counted(by=by)]


def oversight(*, by: Actor, week: IsoWeek, limit: int) -> Oversight:
    """Return caseloads, heaviest first, and whom to talk about, most pressing first."""
    found = people.summaries(by=by, as_coordinator=True)
    summaries = {view.id: summary for view, summary in found}
    held = care_teams.caseloads(site=by.site)
    colleagues = {profile.id: profile for profile in staff.everybody(site=by.site)}
    loads = [
        _load(profile, held.get(profile.id, frozenset()), summaries, week=week, limit=limit)
        for profile in colleagues.values()
        if Capability.WORK_WITH_PEOPLE in ALLOWED[profile.role]
    ]
    names = {each: profile.name for each, profile in colleagues.items()}
    talked = [
        _talked(view, summary, held, names, week=week)
        for view, summary in found
        if rules.concerns(summary, week=week) or handovers.asked_for(summary)
    ]
    taken = frozenset().union(*held.values())
    return Oversight(
        caseloads=tuple(sorted(loads, key=lambda load: (-load.weight, load.colleague.name))),
        talked=tuple(sorted(talked, key=_pressing)),
        people=len(found),
        without_team=sum(view.id not in taken for view, _ in found),
    )


def handover_colleagues(person: UUID, *, by: Actor) -> list[Profile]:
    """Return the colleagues to whom somebody could be handed over."""
    team = care_teams.team_of(person, site=by.site)
    return [
        profile
        for profile in staff.everybody(site=by.site)
        if not team.has(profile.id) and Capability.WORK_WITH_PEOPLE in ALLOWED[profile.role]
    ]


def _load(
    profile: Profile,
    held: frozenset[UUID],
    summaries: dict[UUID, SummaryKept],
    *,
    week: IsoWeek,
    limit: int,
) -> Caseload:
    theirs = [summaries[person] for person in held if person in summaries]
    found = [frozenset(rules.concerns(summary, week=week)) for summary in theirs]
    return Caseload(
        colleague=profile,
        people=len(held),
        weight=sum(rules.weight(summary, week=week) for summary in theirs),
        in_need=sum(summary.in_need is True for summary in theirs),
        overdue=sum(Concern.OVERDUE in concerns for concerns in found),
        alerts=sum(Concern.ALERT in concerns for concerns in found),
        limit=limit,
    )


def _talked(
    view: PersonView,
    summary: SummaryKept,
    held: dict[UUID, frozenset[UUID]],
    names: dict[UUID, str],
    *,
    week: IsoWeek,
) -> Talked:
    to = handovers.asked_for(summary)
    return Talked(
        person=view,
        concerns=rules.concerns(summary, week=week),
        team=tuple(sorted(names[each] for each, people in held.items() if view.id in people)),
        attempts=summary.attempts,
        handover_to=names.get(to, "") if to is not None else "",
    )


def _pressing(one: Talked) -> tuple[int, str]:
    return (min(one.concerns, default=len(Concern)), one.person.handle)
