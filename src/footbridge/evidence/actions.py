"""Setting a study up, and letting somebody join it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date

from footbridge.evidence import rules
from footbridge.evidence.models import Study
from footbridge.evidence.queries import arms_of, is_sealed_to
from footbridge.evidence.rules import Arm, StudyError
from footbridge.journey.checkups.queries import started_on
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes.actions import tell_research
from footbridge.journey.outcomes.coding import band_of_arm, band_of_event, bands_of
from footbridge.journey.outcomes.queries import measure_range
from footbridge.journey.outcomes.records import ArmAssigned, ArmBand
from footbridge.journey.outcomes.state import OutcomeState, apply
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.access import circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.rules import Capability
from footbridge.trust.access.staff import Profile
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault.folding import fold


def create_study(*, title: str, arms: Sequence[Arm], by: Actor, on: date, month: int = 3) -> Study:
    """Create a study with its circle; the creator is the circle's first member.

    Raises
    ------
    StudyError
        If there are not two arms, or there is a study already: its key is who reads
        what people agreed to give to research.
    """
    by.check(Capability.MANAGE_STUDIES)
    rules.check_arms(arms)
    if Study.objects.exists():
        raise StudyError(
            gettext_noop(
                "There is a study here already. One site runs one study at a time, because a "
                "consent to research names it."
            )
        )
    with act("study.created", by=by.id, on=on, site=by.site):
        circle = circles.create(
            CircleKind.STUDY,
            label=title[:40],
            members=[Member(by.id, by.pair.public)],
            site=by.site,
        )
        return Study.objects.create(
            circle_id=circle.id, title=title, arms=[asdict(arm) for arm in arms], month=month
        )


def tell_again(record: OpenRecord, study: Study, *, on: date) -> None:
    """Seal arm, outcomes and adverse events anew, for who took research back and agreed again.

    A new consent begins an empty compartment; the arm, once assigned, stays.

    Raises
    ------
    RefusedError
        If consent to research does not stand.
    StudyError
        If no arm was ever assigned.
    """
    decision = consents.state_of(record).may(Purpose.RESEARCH, on=on)
    if not decision:
        raise RefusedError.by(decision)
    state = fold(record.entries, apply, OutcomeState())
    arm = state.arms.get(str(study.id))
    if arm is None:
        raise StudyError(gettext_noop("No arm was assigned yet. Let chance decide first."))
    with writing("study.told-again", record, on=on) as doing:
        doing.research(ArmBand(study=str(study.id), arm=arm))
        for coded in state.outcomes.values():
            bands = bands_of(coded, scale=measure_range(), arm=arm)
            tell_research(doing, bands, state, about=coded.month, on=on)
        start = started_on(record, on=on)
        for event in state.events:
            told = band_of_event(event, start=start, arm=arm)
            tell_research(doing, told, state, about=event.event, on=on)


def add_analyst(study: Study, *, colleague: Profile, by: Actor, on: date) -> None:
    """Give a colleague the study's key; only one who holds it can."""
    by.check(Capability.MANAGE_STUDIES)
    circles.add(circle=study.circle_id, member=Member(colleague.id, colleague.public), by=by, on=on)


def enrol_in_study(
    record: OpenRecord, study: Study, *, on: date, draws: Callable[[int], int]
) -> Arm:
    """Allocate somebody who agreed to research to an arm, by one fair draw.

    Raises
    ------
    RefusedError
        If consent to research does not stand or was given before there was this study,
        or an arm was assigned before.
    """
    decision = consents.state_of(record).may(Purpose.RESEARCH, on=on)
    if not decision:
        raise RefusedError.by(decision)
    if not is_sealed_to(study, record.person.id, by=record.by):
        raise RefusedError(
            gettext_noop(
                "The consent to research is older than this study, so the study could not read "
                "what is coded for it. Read the consent to research again, then come back."
            )
        )
    if str(study.id) in fold(record.entries, apply, OutcomeState()).arms:
        raise RefusedError(
            gettext_noop(
                "This person was allocated before; an arm, once assigned, stays. "
                "Nothing was changed."
            )
        )
    arm = rules.draw_arm(arms_of(study), draws=draws)
    assigned = ArmAssigned(study=str(study.id), arm=arm.code, assigned_on=on)
    with writing("study.joined", record, on=on) as doing:
        doing.care(assigned)
        if not doing.research(band_of_arm(assigned)):
            raise StudyError(
                gettext_noop("The study's part of this record is missing. Ask for consent anew.")
            )
    return arm
