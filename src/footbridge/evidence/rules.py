"""What a study compares: coded bands turned into yes, no or not known, and a fair draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from footbridge.evidence.comparisons import ExtractRow, OutcomeQuestion
from footbridge.journey.outcomes.records import OutcomeBands
from footbridge.journey.outcomes.rules import Employment, Justice, Treatment, Urine
from footbridge.trust.decisions import HouseError, gettext_noop

ARMS = 2


class StudyError(HouseError):
    """A study that cannot be set up or joined."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of a study: its code, and what the team calls it."""

    code: str
    label: str


def returned(bands: OutcomeBands) -> bool | None:
    """Whether somebody was sent back to compulsory rehabilitation."""
    if bands.justice is Justice.NOT_KNOWN:
        return None
    return bands.justice is Justice.COMPULSORY


def in_methadone(bands: OutcomeBands) -> bool | None:
    """Whether somebody is in methadone maintenance."""
    if bands.treatment is Treatment.NOT_KNOWN:
        return None
    return bands.treatment is Treatment.METHADONE


def employed(bands: OutcomeBands) -> bool | None:
    """Whether somebody has paid work."""
    if bands.employment is Employment.NOT_KNOWN:
        return None
    return bands.employment in {Employment.REGULAR, Employment.OCCASIONAL}


def urine_positive(bands: OutcomeBands) -> bool | None:
    """Whether a test was positive; not tested is not known."""
    if bands.urine in {Urine.NOT_KNOWN, Urine.NOT_TESTED}:
        return None
    return bands.urine is Urine.POSITIVE


ANSWERS: Mapping[str, Callable[[OutcomeBands], bool | None]] = {
    "returned": returned,
    "methadone": in_methadone,
    "employed": employed,
    "urine": urine_positive,
}
QUESTIONS: tuple[OutcomeQuestion, ...] = (
    OutcomeQuestion("returned", favourable=False),
    OutcomeQuestion("methadone", favourable=True),
    OutcomeQuestion("employed", favourable=True),
    OutcomeQuestion("urine", favourable=False),
)


def row_of(arm: str, bands: OutcomeBands | None) -> ExtractRow:
    """Return one person's row: every answer missing where nothing was coded."""
    return ExtractRow(
        arm, {name: ask(bands) if bands is not None else None for name, ask in ANSWERS.items()}
    )


def draw_arm(arms: Sequence[Arm], *, draws: Callable[[int], int]) -> Arm:
    """Return an arm by one fair draw that nobody can foresee.

    Simple randomisation: no list exists that a recruiter could learn, and there is no
    balance by force. Blocks and strata come with the full trial module.
    """
    if len(arms) != ARMS:
        raise StudyError(gettext_noop("A study here has two arms. Correct its design."))
    return arms[draws(len(arms))]


def check_arms(arms: Sequence[Arm]) -> None:
    """Raise StudyError unless there are two arms with different names."""
    codes = {arm.code for arm in arms if arm.code and arm.label.strip()}
    if len(codes) != ARMS:
        raise StudyError(gettext_noop("Name two different arms, each in a few words."))
