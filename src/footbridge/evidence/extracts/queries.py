"""Reading for extracts: what was asked, by whom, and what it would hold."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from footbridge.disclosure.microdata import Safe
from footbridge.evidence import queries as studies
from footbridge.evidence.extracts import making
from footbridge.evidence.extracts.making import Earlier
from footbridge.evidence.models import ExtractAsk, Study
from footbridge.journey.outcomes.records import ArmBand, OutcomeBands
from footbridge.trust.access import circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import AbsentError, gettext_noop
from footbridge.trust.vault import bulk, journal, persons
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.vault.records import Compartment

DAYS = 14
"""So long an extract may wait for the second person, and then for being made."""


class NoExtractError(AbsentError):
    """There is no such extract."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("There is no such extract here. Look at the list of the study's extracts.")
        )


class Stage(StrEnum):
    """Where an extract stands."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    MADE = "made"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Line:
    """An extract that was asked for, with the names of the two people."""

    ask: ExtractAsk
    stage: Stage
    asked_by: str
    decided_by: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class Source:
    """What the study's key opens at one time point: coded outcomes, and whose they are."""

    outcomes: tuple[OutcomeBands, ...]
    people: tuple[PersonView, ...]


def stage_of(ask: ExtractAsk, *, on: date) -> Stage:
    """Return where an extract stands on a day."""
    stage = Stage(ask.state)
    return Stage.EXPIRED if stage in _WAITING and on > ends_on(ask) else stage


def ends_on(ask: ExtractAsk) -> date:
    """Return the last day on which an extract waits."""
    return (ask.decided_on or ask.asked_on) + timedelta(days=DAYS)


_WAITING = {Stage.ASKED, Stage.APPROVED}


def of_study(study: Study, *, by: Actor, on: date) -> list[Line]:
    """Return every extract of a study that was asked for, newest first."""
    by.check(Capability.SEE_EVIDENCE)
    names = {profile.id: profile.name for profile in staff.everybody(site=by.site)}
    rows = ExtractAsk.objects.filter(study=study).order_by("-asked_on", "pk")
    return [_line(row, names, on=on) for row in rows]


def one(extract: uuid.UUID, *, by: Actor, on: date) -> Line:
    """Return one extract; raise NoExtractError where there is none."""
    by.check(Capability.SEE_EVIDENCE)
    row = ExtractAsk.objects.filter(pk=extract).select_related("study").first()
    if row is None:
        raise NoExtractError
    names = {profile.id: profile.name for profile in staff.everybody(site=by.site)}
    return _line(row, names, on=on)


def source(study: Study, *, month: int, by: Actor) -> Source:
    """Open what people agreed to give to a study, at one time point.

    Raises
    ------
    CircleError
        If the actor does not hold the study's key.
    """
    by.check(Capability.SEE_EVIDENCE)
    holder = circles.open_circle(study.circle_id, holder=by)
    opened = bulk.open_many(Compartment.RESEARCH, holders=[holder])
    found: dict[uuid.UUID, OutcomeBands] = {}
    for person, part in opened.items():
        arm, bands = None, None
        for entry in journal.current_entries(part):
            record = entry.record
            if isinstance(record, ArmBand) and record.study == str(study.pk):
                arm = arm or record.arm
            if isinstance(record, OutcomeBands) and record.month == month:
                bands = record
        if arm is not None and bands is not None:
            found[person] = bands
    views = persons.several(found, site=by.site)
    known = [person for person in found if person in views]
    return Source(tuple(found[p] for p in known), tuple(views[p] for p in known))


def would_hold(ask: ExtractAsk, found: Source) -> Safe:
    """Return the rows that would leave; raise ExtractError where none would be safe."""
    return making.safe_rows(making.rows_of(found.outcomes), ask.variables, earlier=made_before(ask))


def made_before(ask: ExtractAsk) -> list[Earlier]:
    """Return the extracts of the same people and time point that left already."""
    rows = ExtractAsk.objects.filter(study=ask.study, month=ask.month, state=Stage.MADE)
    return [Earlier(tuple(row.variables), row.levels) for row in rows.exclude(pk=ask.pk)]


def may_take_part(ask: ExtractAsk, *, by: Actor) -> bool:
    """Whether an actor holds the key of an extract's study."""
    return studies.may_open(ask.study, by=by)


def _line(row: ExtractAsk, names: Mapping[uuid.UUID, str], *, on: date) -> Line:
    decided = names.get(row.decided_by, "–") if row.decided_by else ""
    return Line(row, stage_of(row, on=on), names.get(row.asked_by, "–"), decided, ends_on(row))
