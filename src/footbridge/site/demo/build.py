"""Building the demonstration: found a site, hire five colleagues, let a hundred lives happen."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction

from footbridge.evidence import actions as evidence
from footbridge.evidence.models import Study
from footbridge.evidence.pilot import RMI, STANDARD, pilot_outcomes
from footbridge.journey.checkups import state as checkups
from footbridge.journey.checkups.courses import courses
from footbridge.journey.checkups.state import CheckupState, Told
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import texts
from footbridge.journey.consents.rules import Language, Offer, Purpose
from footbridge.journey.outcomes import actions as outcomes
from footbridge.journey.outcomes.coding import bands_of
from footbridge.journey.outcomes.events import PATHS
from footbridge.journey.outcomes.records import AdverseEventNoted, OutcomeCoded
from footbridge.journey.outcomes.rules import Harm, Related
from footbridge.journey.people import queries as people
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.plans import state as plans
from footbridge.journey.plans.state import PlanState
from footbridge.journey.referrals import courses as referral_courses
from footbridge.journey.referrals import state as referrals
from footbridge.journey.referrals.actions import mind_box
from footbridge.journey.referrals.records import ReferralMoved
from footbridge.journey.referrals.state import Referrals
from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.directory import Directory
from footbridge.journey.stays import state as stays
from footbridge.journey.stays.beds import Bed
from footbridge.journey.stays.queries import linked_in
from footbridge.journey.stays.state import StayState
from footbridge.site.demo import ward
from footbridge.site.demo.cast import CAST, hire
from footbridge.site.demo.leaving import let_leave
from footbridge.site.demo.lives import Life, Visit
from footbridge.site.demo.paths import walks
from footbridge.trust import places, runtime
from footbridge.trust.access import circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.rules import Role
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition import fallback
from footbridge.trust.recognition.actions import Enrolled
from footbridge.trust.vault import ceremony
from footbridge.trust.vault.epochs import write_safely
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.records import FreeText, Record

SEED = 20120320
SCALE = (0.0, 40.0)
ARM = 50  # people in each arm of the published pilot
GUEST = 5  # whose handle and phrase are printed
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Papers:
    """What a real site would have on paper, and a demonstration prints."""

    shares: list[str]
    handle: str
    phrase: str

    @classmethod
    def path(cls) -> Path:
        """Return the file beside the demonstration's database."""
        return places.data() / "demonstration.json"

    @classmethod
    def read(cls) -> Papers | None:
        """Return the papers of the demonstration that is here, if there is one."""
        if not cls.path().exists():
            return None
        return cls(**json.loads(cls.path().read_text(encoding="utf-8")))

    def write(self) -> None:
        """Write the papers; a real site has no such file."""
        text = json.dumps(
            {"shares": self.shares, "handle": self.handle, "phrase": self.phrase},
            ensure_ascii=False,
        )
        write_safely(self.path(), text.encode())


@dataclass(slots=True)
class Living:
    """A life while it is written: the person, their open record, what was folded so far."""

    life: Life
    worker: Actor
    enrolled: Enrolled | None = None
    record: OpenRecord | None = field(default=None, repr=False)
    checkups: CheckupState = field(default_factory=CheckupState)
    referrals: Referrals = field(default_factory=Referrals)
    plan: PlanState = field(default_factory=PlanState)
    stays: StayState = field(default_factory=StayState)
    count: int = 0

    def fold(self, record: Record) -> None:
        """Fold one more record, as opening the journal would."""
        self.count += 1
        opened = Opened(uuid.uuid4(), self.count, record)
        self.checkups = checkups.apply(self.checkups, opened)
        self.referrals = referrals.apply(self.referrals, opened)
        self.plan = plans.apply(self.plan, opened)
        self.stays = stays.apply(self.stays, opened)


def build(*, on: date, progress: Progress, each_arm: int = 50) -> Papers:
    """Build the demonstration into an empty database; all of it or nothing.

    `each_arm` people of each arm live in it; with fewer than all, the counts are not the
    published ones (tests of single pages need no more than a few).
    """
    founded = ceremony.found(store=places.epochs(), on=on - timedelta(days=20), invented=True)
    runtime.seal.unseal(founded.keys)
    first = on - timedelta(days=175)
    with transaction.atomic():
        team = {
            colleague.role: hire(colleague, cost=settings.FOOTBRIDGE_KDF_COST, site=founded.keys)
            for colleague in CAST[2:]
        }
        workers = [
            hire(colleague, cost=settings.FOOTBRIDGE_KDF_COST, site=founded.keys)
            for colleague in CAST[:2]
        ]
        coordinator, analyst = team[Role.COORDINATOR], team[Role.ANALYST]
        _circles(coordinator, workers, on=first)
        services.keep(qingteng(), by=coordinator.id, on=first, site=founded.keys)
        study = evidence.create_study(
            title="Recovery management and standard care",
            arms=[RMI, STANDARD],
            by=analyst,
            on=first,
        )
        ward_beds = ward.furnish(by=coordinator, on=first)
        guest = _people(workers, study, ward_beds, on=on, progress=progress, each_arm=each_arm)
        living = {number for number in range(2 * ARM) if number % ARM < each_arm}
        ward.occupy(ward_beds, living, by=coordinator)
        let_leave(study, coordinator=coordinator, analyst=analyst, on=on)
    papers = Papers(list(founded.site_shares[:2]), guest.handle, " ".join(guest.phrase))
    papers.write()
    return papers


def _circles(coordinator: Actor, workers: list[Actor], *, on: date) -> None:
    circles.create(
        CircleKind.COORDINATORS,
        members=[Member(coordinator.id, coordinator.pair.public)],
        site=coordinator.site,
    )
    fallback.found_circle(
        members=[Member(actor.id, actor.pair.public) for actor in (coordinator, *workers)],
        by=coordinator,
        on=on,
    )


def _people(
    workers: list[Actor],
    study: Study,
    ward_beds: list[Bed],
    *,
    on: date,
    progress: Progress,
    each_arm: int,
) -> Enrolled:
    directory = qingteng()
    living = [
        # Seeded dice: what invented people say is no secret, and stays the same.
        Living(Life(number, arm, values, on, Random(SEED + number)), workers[number % 2])  # noqa: S311  # nosec B311
        for number, (arm, values) in enumerate(pilot_outcomes())
        if number % ARM < each_arm
    ]
    acts = sorted(
        (
            (day, order, one, act)
            for one in living
            for day, order, act in acts_of(one, study, directory, ward_beds)
        ),
        key=lambda item: item[:2],
    )
    for done, (*_, act) in enumerate(acts, start=1):
        act()
        if done % 50 == 0 or done == len(acts):
            progress(done, len(acts))
    guest = living[GUEST].enrolled
    if guest is None:
        raise RuntimeError("The guest of the demonstration was not enrolled.")
    return guest


def acts_of(
    one: Living, study: Study, directory: Directory, ward_beds: list[Bed]
) -> Iterator[tuple[date, tuple[int, int], Callable[[], None]]]:
    """Yield (day, order, act) of one life; acts of a day keep their order."""
    life, step = one.life, 0

    def at(day: date, act: Callable[[], None]) -> tuple[date, tuple[int, int], Callable[[], None]]:
        nonlocal step
        step += 1
        return day, (life.number, step), act

    start = life.enrolled_on
    yield at(start, lambda: _enrol(one))
    yield at(start, lambda: _join(one, study))
    for visit in (life.schedule(), *life.visits()):
        yield at(visit.on, lambda visit=visit: _write(one, visit))  # type: ignore[misc]
    for visit in walks(life, directory):
        yield at(visit.on, lambda visit=visit: _write(one, visit))  # type: ignore[misc]
    dice = Random(SEED - life.number)  # noqa: S311  # nosec B311
    for visit in ward.stays(life, ward_beds, dice):
        yield at(visit.on, lambda visit=visit: _write(one, visit))  # type: ignore[misc]
    for harm, day in life.events():
        yield at(day, lambda harm=harm, day=day: _harm(one, harm, day))  # type: ignore[misc]
    for week in range(1, 26):
        day = start + timedelta(weeks=week)
        if day <= life.today:
            yield at(day, lambda day=day: _check_up(one, day))  # type: ignore[misc]


def _enrol(one: Living) -> None:
    life, worker = one.life, one.worker
    one.enrolled = recognition.enrol(
        language=life.language,
        by=worker,
        on=life.enrolled_on,
        cost=settings.FOOTBRIDGE_KDF_COST,
    )
    purposes = [Purpose.CARE, Purpose.RESEARCH]
    if life.number % 4 == 1:
        purposes.append(Purpose.CONTACT)
    language = Language.ZH if life.language == "zh" else Language.EN
    for purpose in purposes:
        text = texts.newest()[purpose]
        consents.give(
            people.shell_of(one.enrolled.person, by=worker),
            Offer(frozenset({purpose}), language, True, True, text.lasts),
            text=text.id,
            by=worker,
            on=life.enrolled_on,
        )
    one.record = people.open_record(one.enrolled.person, by=worker)


def _join(one: Living, study: Study) -> None:
    if one.record is None:
        return
    arms = [arm["code"] for arm in study.arms]
    chosen = arms.index(one.life.arm)
    evidence.enrol_in_study(one.record, study, on=one.life.enrolled_on, draws=lambda _: chosen)


def _write(one: Living, visit: Visit) -> None:
    if one.record is None:
        return
    with writing(visit.action, one.record, on=visit.on) as doing:
        for record in visit.records:
            doing.care(record)
            if isinstance(record, ReferralMoved):
                mind_box(one.record, one.referrals.find(record.referral), record)
            one.fold(record)
            if isinstance(record, OutcomeCoded):
                doing.research(bands_of(record, scale=SCALE, arm=one.life.arm))
        doing.summary(**_codes(one))
        if visit.action == "referral.changed":
            doing.courses(referral_courses.KIND, referral_courses.courses(one.referrals.referrals))
        if visit.action.startswith("checkup."):
            doing.courses("checkup", courses(one.checkups))
        if visit.action == "plan.changed":
            doing.courses("plan", [plans.course(one.plan, on=visit.on)])
        if one.stays.stays:
            linked = linked_in(one.referrals)
            doing.courses(stays.KIND, one.stays.courses(linked=linked, on=visit.on))


def _harm(one: Living, harm: Harm, day: date) -> None:
    """Note an adverse event, and see to its first step."""
    if one.enrolled is None:
        return
    record = people.open_record(one.enrolled.person, by=one.worker)
    event = AdverseEventNoted(harm, day, Related.NO, FreeText(""))
    outcomes.note_event(record, event, on=day)
    record = people.open_record(one.enrolled.person, by=one.worker)
    outcomes.do_step(record, event.event, PATHS[harm][0].act, on=day)


def _codes(one: Living) -> dict[str, object]:
    counts: dict[str, int] = {}
    for referral in one.referrals.referrals:
        code = referral.state.value.replace("_", "-")
        counts[code] = counts.get(code, 0) + 1
    return {**checkups.summary_changes(one.checkups), "referrals": counts}


def _check_up(one: Living, day: date) -> None:
    """Hold, or miss, the check-up that falls due in this week; some of late are left due."""
    due, life = one.checkups.due, one.life
    if due is None or not due.on - timedelta(days=6) <= day <= due.on:
        return
    if (life.today - due.on).days < 10 and life.number % 3:
        return
    held = life.checkup(due.on)
    if held is not None and held.on <= life.today:
        told = Told(
            days_used=min(held.days_used, one.checkups.since(on=held.on) or held.days_used),
            symptoms=held.symptoms,
            says_need=held.says_need,
            elsewhere=life.number % 3 == 0,
        )
        record = checkups.checkup(one.checkups, told, on=held.on)
        _write(one, Visit(held.on, "checkup.held", (record,)))
        if record.need.value == "in-need":
            _write(one, life.meeting(held, due.month))
    elif held is None and due.closes < life.today:
        for visit in life.missed(due.month, due.closes):
            _write(one, visit)
