"""One invented person's year so far, as dated records: what their journal will hold."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any
from uuid import UUID

from footbridge.evidence.pilot import MONTH, RMI
from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.records import AssessmentTaken, UseCalendarTaken
from footbridge.journey.checkups.months import add_months
from footbridge.journey.checkups.records import (
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
)
from footbridge.journey.checkups.rules import Agreed, LinkageStep, Means
from footbridge.journey.consents.rules import Language
from footbridge.journey.outcomes.records import OutcomeCoded
from footbridge.journey.outcomes.rules import Harm, OutcomeValues
from footbridge.journey.plans.records import (
    CrisisPlanKept,
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    StrengthNoted,
)
from footbridge.journey.plans.rules import CrisisPlan, Naloxone, Status, Who
from footbridge.site.demo.checks import short_forms
from footbridge.trust.vault.records import FreeText, Record

INSTRUMENT = ("recovery-capital-check", 1)
DOMAINS = ("employment", "housing", "drug-treatment", "social-security", "health")


@cache
def words() -> dict[str, Any]:
    """Return what invented people say."""
    text = (files("footbridge.site.demo") / "data" / "words.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@dataclass(frozen=True, slots=True)
class Visit:
    """What is written on one day, in one act."""

    on: date
    action: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A check-up that is held on a day; its need is decided by the room's rule."""

    on: date
    days_used: int
    symptoms: frozenset[str]
    says_need: bool


@dataclass(slots=True)
class Life:
    """One invented person: who they are for the demonstration, and their own dice."""

    number: int
    arm: str
    values: OutcomeValues
    today: date
    dice: Random = field(repr=False)
    language: str = ""
    enrolled_on: date = field(init=False)

    def __post_init__(self) -> None:
        self.language = "zh" if self.number % 3 == 1 else "en"
        # The last ones are enrolled so that the third month has just been measured.
        self.enrolled_on = self.today - timedelta(days=98 + self.dice.randrange(70))

    @property
    def in_programme(self) -> bool:
        """Whether this arm is case management."""
        return self.arm == RMI.code

    @property
    def interviewed(self) -> bool:
        """Whether somebody was seen at three months."""
        return self.values.days_used is not None

    def visits(self) -> Iterator[Visit]:
        """Yield the days of baseline, plan and outcome, in order."""
        start = self.enrolled_on
        yield Visit(start, "assessment.taken", tuple(self._asked(start, lift=0)))
        yield Visit(start, "calendar.taken", (self._calendar(start, share=0.3),))
        yield Visit(start, "plan.changed", tuple(self._plan(start)))
        if self.in_programme:
            yield Visit(start + timedelta(days=7), "plan.changed", tuple(self._crisis(start)))
        yield from self._moves(start)
        end = self.measured_on
        if self.interviewed:
            yield Visit(end, "assessment.taken", tuple(self._asked(end, lift=1)))
            used = (self.values.days_used or 0) / max(self.values.days_known, 1)
            yield Visit(end, "calendar.taken", (self._calendar(end, share=used),))
        yield Visit(end, "outcome.coded", (OutcomeCoded(MONTH, end, self.values),))

    @property
    def measured_on(self) -> date:
        """The day of the three-month interview, in its window."""
        due = add_months(self.enrolled_on, MONTH)
        return min(self.today, due + timedelta(days=self.number % 9 - 3))

    def schedule(self) -> Visit:
        """Return the choice of a schedule."""
        name = "adaptive" if self.in_programme else "quarterly"
        return Visit(self.enrolled_on, "checkup.held", (ScheduleChosen(name, self.enrolled_on),))

    def checkup(self, due: date) -> Held | None:
        """Return the check-up that answers a due day, or None where nobody came."""
        if self.dice.random() < (0.12 if self.in_programme else 0.2):
            return None
        on = due + timedelta(days=self.dice.randrange(-4, 8))
        hard = self.dice.random() < (0.6 if self.values.days_used else 0.16)
        return Held(
            on=on,
            days_used=self.dice.randrange(5, 18) if hard else self.dice.choice((0, 0, 0, 1, 2)),
            symptoms=frozenset({"strong-urge"}) if hard else frozenset(),
            says_need=hard and self.dice.random() < 0.7,
        )

    def meeting(self, held: Held, month: int) -> Visit:
        """Return the linkage meeting after a check-up that found need."""
        agreed = Agreed.YES if self.dice.random() < 0.7 else Agreed.NO
        steps = {LinkageStep.FEEDBACK, LinkageStep.AMBIVALENCE}
        if agreed is Agreed.YES:
            steps |= {LinkageStep.BARRIERS, LinkageStep.BOOKING}
        record = LinkageMeetingHeld(month, held.on, frozenset(steps), agreed)
        return Visit(held.on, "checkup.held", (record,))

    def missed(self, month: int, closes: date) -> Iterator[Visit]:
        """Yield the attempts to reach somebody, and the check-up that was missed."""
        for back in range(self.dice.randrange(2, 6), 0, -1):
            day = closes - timedelta(days=back * 3)
            means = self.dice.choice((Means.AGREED_PLACE, Means.DROP_IN))
            yield Visit(day, "contact.attempted", (ContactAttempted(day, means, False),))
        after = closes + timedelta(days=1)
        yield Visit(after, "checkup.missed", (CheckupMissed(month, after),))

    def events(self) -> Iterator[tuple[Harm, date]]:
        """Yield the adverse events of the last days, which are still being followed."""
        if self.number % 25 == 4:
            yield Harm.OVERDOSE, self.today - timedelta(days=1)
        elif self.number % 50 == 8:
            yield Harm.HOSPITAL, self.today - timedelta(days=5)

    def say(self, domain: str, what: str) -> FreeText:
        """Return a sentence of an invented person in their language."""
        return FreeText(self.dice.choice(words()["domains"][domain][what][self.language]))

    def ways(self) -> str:
        """Return how somebody may be reached."""
        return str(self.dice.choice(words()["ways"][self.language]))

    @property
    def domain(self) -> str:
        """The domain of this person's goal."""
        return DOMAINS[self.number % len(DOMAINS)]

    def _asked(self, on: date, *, lift: int) -> Iterator[AssessmentTaken]:
        yield self._answers(on, lift=lift)
        yield from short_forms(self.number, self._language, on, lift=lift / 2)

    @property
    def _language(self) -> Language:
        return Language.ZH if self.language == "zh" else Language.EN

    def _answers(self, on: date, *, lift: int) -> AssessmentTaken:
        instrument = instruments.instrument(*INSTRUMENT)
        answers = {
            item.id: min(4, max(0, self.dice.randrange(0, 4) + lift * self.dice.randrange(2)))
            for item in instrument.items
        }
        return AssessmentTaken(*INSTRUMENT, self._language, dict(answers), on)

    def _calendar(self, on: date, *, share: float) -> UseCalendarTaken:
        marks = "".join("1" if self.dice.random() < share else "0" for _ in range(88)) + "??"
        return UseCalendarTaken(on, marks[2:] + marks[:2] if share > 0.5 else marks)

    def _plan(self, on: date) -> Iterator[Record]:
        self._goal = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        yield StrengthNoted(self.domain, self.say(self.domain, "strength"), on)
        yield GoalSet(self._goal, self.domain, self.say(self.domain, "goal"), on)
        steps = words()["domains"][self.domain]["objective"][self.language]
        for number in range(len(steps)):
            yield ObjectiveSet(
                self._objective(number),
                self._goal,
                FreeText(steps[number]),
                (Who.TOGETHER, Who.PERSON, Who.WORKER)[number % 3],
                on + timedelta(days=21 * (number + 1)),
                on,
            )

    def _crisis(self, start: date) -> Iterator[Record]:
        """Yield the plans for a bad hour: most for an overdose, some only begun."""
        on = start + timedelta(days=7)
        plans = [CrisisPlan.OVERDOSE] + [CrisisPlan.SAFETY] * (self.number % 3 == 0)
        for which in plans:
            said = words()["crisis"][which.value]
            steps = list(said)[: 3 if self.number % 4 == 1 else 6]
            yield CrisisPlanKept(
                which,
                {step: FreeText(said[step][self.language]) for step in steps},
                list(Naloxone)[self.number % 3] if which is CrisisPlan.OVERDOSE else None,
                on,
            )

    def _moves(self, start: date) -> Iterator[Visit]:
        done = self.values.objectives or 0
        steps = words()["domains"][self.domain]["objective"][self.language]
        for number in range(min(done, len(steps))):
            day = start + timedelta(days=18 * (number + 1) + self.number % 5)
            for status in (Status.DOING, Status.DONE):
                record = ObjectiveMoved(self._objective(number), status, day)
                yield Visit(day, "plan.changed", (record,))

    def _objective(self, number: int) -> UUID:
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{self._goal} {number}")

    _goal: UUID = field(default_factory=uuid.uuid4)
