"""Reading for Today, one person's page and the kiosk: every room's state, folded once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.assessments.state import AssessmentState
from footbridge.journey.assessments.state import apply as apply_assessment
from footbridge.journey.checkups import queries as checkup_queries
from footbridge.journey.checkups.rules import Status
from footbridge.journey.checkups.state import CheckupState
from footbridge.journey.checkups.state import apply as apply_checkup
from footbridge.journey.consents import texts
from footbridge.journey.consents.rules import AskAgain, Purpose
from footbridge.journey.consents.state import ConsentState
from footbridge.journey.consents.state import apply as apply_consent
from footbridge.journey.desk import rules
from footbridge.journey.desk.rules import Line
from footbridge.journey.desk.timeline import Timeline, timeline
from footbridge.journey.outcomes.state import OutcomeState
from footbridge.journey.outcomes.state import apply as apply_outcome
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.people.records import SummaryKept
from footbridge.journey.plans.state import PlanState
from footbridge.journey.plans.state import apply as apply_plan
from footbridge.journey.referrals import state as referrals
from footbridge.journey.referrals.labels import NEXT_ACTIONS
from footbridge.journey.referrals.rules import Clock, Referral
from footbridge.journey.referrals.state import Referrals
from footbridge.journey.services import queries as services
from footbridge.journey.stays import queries as stays
from footbridge.journey.stays.after import Item
from footbridge.journey.stays.queries import Afterwards
from footbridge.journey.stays.state import StayState
from footbridge.journey.stays.state import apply as apply_stay
from footbridge.trust.access import staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.care_teams import Team
from footbridge.trust.audit import trail
from footbridge.trust.vault.folding import Opened, current, fold
from footbridge.trust.vault.persons import PersonView


@dataclass(frozen=True, slots=True)
class Row:
    """One person on Today."""

    person: PersonView
    line: Line
    after: Afterwards | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A referral with the service's words and the clock that runs."""

    referral: Referral
    service: str
    clock: Clock | None
    next_action: object = ""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Every room's state of one person, for the person's page and the kiosk."""

    person: PersonView
    on: date
    consents: ConsentState
    to_ask: dict[Purpose, AskAgain]
    assessments: AssessmentState
    plan: PlanState
    referrals: tuple[Shown, ...]
    checkups: CheckupState
    checkup_status: Status
    outcomes: OutcomeState
    team: Team
    timeline: Timeline | None
    stays: StayState
    after_stay: tuple[Item, ...]
    journal: tuple[Opened, ...] = field(repr=False)

    @property
    def instruments(self) -> list[Instrument]:
        """The instruments of which there is a sitting."""
        return [found for found in _instruments() if self.assessments.of(found)]

    @property
    def link_by(self) -> date | None:
        """The day by which a first visit is aimed at; None where nobody is in need."""
        by = checkup_queries.link_by(self.checkups)
        since = self.checkups.held[-1].held_on if by is not None else self.on
        linked = [one.referral.linked_on for one in self.referrals]
        return None if any(day is not None and day >= since for day in linked) else by

    @property
    def wants_meeting(self) -> bool:
        """Whether need was found and nobody has talked about linkage since."""
        return checkup_queries.wants_meeting(self.checkups)

    @property
    def objectives_done(self) -> int:
        """How many objectives were completed."""
        return self.plan.completed()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done with a record: what, by whom, on which day."""

    action: str
    by: str
    mine: bool
    on: date


def today(*, by: Actor, on: date) -> list[Row]:
    """Return the actor's people, the most pressing first."""
    rows = [_row(person, summary, by=by, on=on) for person, summary in people.summaries(by=by)]
    far = 10**6

    def order(row: Row) -> tuple[int, int, str]:
        due = row.line.next_due
        week = due.year * 100 + due.week if due is not None else far
        return (row.line.pressing, week, row.person.handle)

    return sorted(rows, key=order)


def _row(person: PersonView, summary: SummaryKept, *, by: Actor, on: date) -> Row:
    line = rules.line(summary, state=person.shell.state, on=on)
    after = stays.afterwards(summary, person.id, by=by, on=on)
    if after is not None and (after.late or after.due):
        line = rules.after_stay(line)
    return Row(person, line, after)


def person_page(record: OpenRecord, *, on: date) -> PersonPage:
    """Return everything that the actor may see of one person."""
    entries = record.entries
    consents = fold(entries, apply_consent, ConsentState())
    checkups = fold(entries, apply_checkup, CheckupState())
    assessments = fold(entries, apply_assessment, AssessmentState())
    outcomes = fold(entries, apply_outcome, OutcomeState())
    referred = fold(entries, referrals.apply, Referrals())
    stayed = fold(entries, apply_stay, StayState())
    return PersonPage(
        person=record.person,
        on=on,
        consents=consents,
        to_ask=consents.to_ask(texts.newest(), on=on),
        assessments=assessments,
        plan=fold(entries, apply_plan, PlanState()),
        referrals=tuple(_shown(referred, on=on)),
        checkups=checkups,
        checkup_status=checkups.status(on=on),
        outcomes=outcomes,
        timeline=timeline(assessments, checkups, referred.referrals, outcomes, on=on, stays=stayed),
        stays=stayed,
        after_stay=stayed.running(linked=stays.linked_in(referred), on=on),
        team=people.team(record.person.id, by=record.by),
        journal=tuple(current(entries)),
    )


own_page = person_page


def who_did_what(*, by: Actor) -> list[Deed]:
    """Return what was done with the actor's own record, newest first."""
    view = people.shell_of(by.id, by=by)
    names = {profile.id: profile.name for profile in staff.everybody(site=by.site)}
    return [
        Deed(event.action, _name(event.by, names, by), event.by == by.id, event.on)
        for event in reversed(trail.events_about(view.log_key, site=by.site))
    ]


def _name(actor: UUID | None, names: dict[UUID, str], by: Actor) -> str:
    if actor is None or actor == by.site.site:
        return ""
    if actor in names:
        return names[actor]
    gone = staff.profile_of(actor, site=by.site)
    return gone.name if gone is not None else ""


def _shown(state: Referrals, *, on: date) -> Iterator[Shown]:
    directory = services.directory()
    running = {clock.referral: clock for clock in referrals.clocks(state, on)}
    for referral in reversed(state.referrals):
        yield Shown(
            referral,
            services.name_of(referral.service, directory=directory),
            running.get(referral.id),
            NEXT_ACTIONS.get(referral.state, ""),
        )


def _instruments() -> list[Instrument]:
    return sorted(instruments.instruments().values(), key=lambda found: found.id)
