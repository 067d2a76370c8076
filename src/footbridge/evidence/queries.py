"""Reading for the study: what its circle's key opens, in memory and for this request only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from footbridge.evidence import rules
from footbridge.evidence.comparisons import ExtractRow, OutcomeComparison, compare_outcomes
from footbridge.evidence.models import Study
from footbridge.evidence.rules import QUESTIONS, Arm
from footbridge.journey.outcomes.records import ArmBand, OutcomeBands
from footbridge.journey.outcomes.state import OutcomeState, apply
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.access import circles, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import ALLOWED, Capability
from footbridge.trust.access.staff import Profile
from footbridge.trust.audit.acts import act
from footbridge.trust.vault import bulk, compartments, journal
from footbridge.trust.vault.compartments import OpenCompartment
from footbridge.trust.vault.folding import fold
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.records import Compartment


@dataclass(frozen=True, slots=True)
class Extract:
    """The coded rows of a study: no id, no handle, no day."""

    rows: tuple[ExtractRow, ...]
    month: int

    def size(self, arm: str) -> int:
        """How many people were allocated to an arm."""
        return sum(row.arm == arm for row in self.rows)


def studies(*, by: Actor) -> list[Study]:
    """Return every study; what is in them only their circle can open."""
    by.check(Capability.SEE_EVIDENCE)
    return list(Study.objects.order_by("title", "pk"))


def arms_of(study: Study) -> tuple[Arm, Arm]:
    """Return the two arms of a study."""
    first, second = (Arm(**arm) for arm in study.arms)
    return first, second


def may_open(study: Study, *, by: Actor) -> bool:
    """Whether an actor holds the study's key."""
    return by.id in circles.members(study.circle_id)


def extract(study: Study, *, by: Actor, on: date) -> Extract:
    """Open every research compartment that the study's key opens, and keep only codes.

    Raises
    ------
    CircleError
        If the actor is not a member of the study's circle.
    """
    by.check(Capability.SEE_EVIDENCE)
    holder = circles.open_circle(study.circle_id, holder=by)
    opened = bulk.open_many(Compartment.RESEARCH, holders=[holder])
    rows = tuple(_rows(opened.values(), study))
    with act("extract.made", by=by.id, on=on, site=by.site):
        pass
    # In a fixed order that is not that of enrolment, so that a row points at nobody.
    return Extract(tuple(sorted(rows, key=_order)), study.month)


def comparisons(found: Extract, study: Study) -> tuple[OutcomeComparison, ...]:
    """Return each outcome compared; one of which nothing is known in an arm is left out."""
    first, second = arms_of(study)
    asked = [
        question
        for question in QUESTIONS
        if all(
            any(row.arm == arm.code and row.answers[question.id] is not None for row in found.rows)
            for arm in (first, second)
        )
    ]
    return compare_outcomes(found.rows, asked, arms=(first.code, second.code))


def _rows(opened: Iterable[OpenCompartment], study: Study) -> Iterator[ExtractRow]:
    key = str(study.id)
    for part in opened:
        arm, bands = None, None
        for entry in journal.current_entries(part):
            record = entry.record
            if isinstance(record, ArmBand) and record.study == key and arm is None:
                arm = record.arm
            if isinstance(record, OutcomeBands) and record.month == study.month:
                bands = record
        if arm is not None:
            yield rules.row_of(arm, bands)


def _order(row: ExtractRow) -> tuple[str, str]:
    return row.arm, repr(sorted(row.answers.items()))


def get(study: uuid.UUID, *, by: Actor) -> Study | None:
    """Return a study by its id."""
    by.check(Capability.SEE_EVIDENCE)
    return Study.objects.filter(pk=study).select_related("circle").first()


def running(*, by: Actor) -> Study | None:
    """Return the study that people are asked to join; None where there is none."""
    by.check(Capability.WORK_WITH_PEOPLE)
    return Study.objects.order_by("title", "pk").first()


def arm_of(record: OpenRecord, study: Study) -> Arm | None:
    """Return the arm that somebody was allocated to, as their care team may know it."""
    code = fold(record.entries, apply, OutcomeState()).arms.get(str(study.pk))
    return next((arm for arm in arms_of(study) if arm.code == code), None)


def is_sealed_to(study: Study, person: uuid.UUID, *, by: Actor) -> bool:
    """Whether a person's consent to research was given to this study's key."""
    row = compartments.find(person, Compartment.RESEARCH, site=by.site)
    return row is not None and Wrap.objects.filter(compartment=row, holder=study.circle_id).exists()


def analysts(study: Study, *, by: Actor) -> list[Profile]:
    """Return the colleagues who hold a study's key."""
    by.check(Capability.SEE_EVIDENCE)
    held = circles.members(study.circle_id)
    return [profile for profile in staff.everybody(site=by.site) if profile.id in held]


def possible_analysts(study: Study, *, by: Actor) -> list[Profile]:
    """Return the colleagues who may see evidence and do not hold this study's key yet."""
    held = circles.members(study.circle_id)
    return [
        profile
        for profile in staff.everybody(site=by.site)
        if profile.id not in held and Capability.SEE_EVIDENCE in ALLOWED[profile.role]
    ]
