"""Invented stays: a small ward, some weeks of it, and what came after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from footbridge.journey.consents.rules import Language
from footbridge.journey.stays import actions, beds, signs, ward
from footbridge.journey.stays.beds import Bed
from footbridge.journey.stays.codes import (
    Answer,
    ClosedFor,
    Drug,
    Ending,
    FollowMeans,
    GivenBy,
    Happened,
    Medicine,
    Point,
    RoomKind,
    Route,
    Session,
    Severity,
    Step,
    ToldBy,
    Unit,
)
from footbridge.journey.stays.records import (
    AftercareClosed,
    DischargeStepDone,
    DoseRecorded,
    FollowUpMade,
    SessionNoted,
    StayBegun,
    StayEnded,
    TreatmentVisited,
    WithdrawalCharted,
)
from footbridge.journey.stays.tariff import Tariff
from footbridge.site.demo.lives import Life, Visit
from footbridge.trust.access.actors import Actor
from footbridge.trust.vault.records import Record

PRICE = 300
DAYS = 7
NOW_IN_BED = {6: 1, 13: 2, 27: 4, 41: 5}
"""Who is in the ward today, and since how many days."""
JUST_LEFT = {8: 2, 17: 6, 30: 12}
"""Who left so many days ago, so that the clocks after a stay still run."""
_COURSE = (0.34, 0.52, 0.46, 0.34, 0.22, 0.14, 0.08, 0.05)
_TAKEN = (20.0, 20.0, 15.0, 15.0, 10.0, 5.0, 5.0)


def furnish(*, by: Actor, on: date) -> list[Bed]:
    """Enter rooms and beds, a protocol and the published price."""
    beds.add("1", ["A", "B", "C"], RoomKind.SHARED, by=by, on=on)
    beds.add("2", ["A", "B", "C"], RoomKind.SHARED, by=by, on=on)
    beds.add("3", ["A"], RoomKind.PRIVATE, by=by, on=on)
    promised = {Session.PSYCHIATRIC: 2, Session.GROUP: 4, Session.COUNSELLING: 3}
    ward.set_protocol(ward.Protocol(6, promised), by=by, on=on)
    ward.set_tariff(Tariff(PRICE, rooms={RoomKind.PRIVATE: 150}), by=by, on=on)
    return beds.every(site=by.site)


@dataclass(slots=True)
class Stayed:
    """One invented stay, told act by act."""

    life: Life
    bed: UUID
    begun: date
    dice: Random = field(repr=False)

    def visits(self, *, nights: int, ending: Ending | None) -> Iterator[Visit]:
        """Yield the acts of a stay that lasts some nights; without an ending it goes on."""
        yield Visit(self.begun, "stay.begun", (self._begun(),))
        last = self.begun + timedelta(days=nights)
        yield Visit(last, "withdrawal.charted", tuple(self._days(nights)))
        yield Visit(last, "session.noted", tuple(self._sessions(nights)))
        if ending is not None:
            yield Visit(last, "stay.ended", tuple(self._ended(last, nights, ending)))
            yield from self._after(last)

    def _begun(self) -> StayBegun:
        return StayBegun(
            begun_on=self.begun,
            at_minute=6 * 60,
            bed=self.bed,
            room=RoomKind.SHARED,
            planned_days=DAYS,
            drug=self.dice.choice((Drug.HEROIN, Drug.HEROIN, Drug.HEROIN, Drug.TRAMADOL)),
            severity=self.dice.choice(list(Severity)),
            spoken_in=Language.ZH if self.life.language == "zh" else Language.EN,
            agreed=frozenset(Point),
            promised={Session.PSYCHIATRIC: 2, Session.GROUP: 4, Session.COUNSELLING: 3},
            per_day=PRICE,
            prepaid=DAYS,
            receipt=actions.receipt_number(),
        )

    def _days(self, nights: int) -> Iterator[Record]:
        for number in range(min(nights, DAYS) + 1):
            day = self.begun + timedelta(days=number)
            share = _COURSE[number] * self.dice.uniform(0.7, 1.3)
            yield WithdrawalCharted(day, 6 * 60 + 5, self._points(share))
            if number < len(_TAKEN):
                yield DoseRecorded(
                    given_on=day,
                    at_minute=6 * 60 + 20,
                    medicine=Medicine.METHADONE,
                    other=None,
                    amount=_TAKEN[number],
                    unit=Unit.MILLIGRAM,
                    route=Route.MOUTH,
                    given_by=GivenBy.NURSE,
                    witnessed=True,
                )

    def _points(self, share: float) -> dict[str, int]:
        """Return points whose sum is about a share of the most."""
        found = {}
        for sign, points in signs.POINTS.items():
            aim = max(points) * share * self.dice.uniform(0.5, 1.5)
            found[sign.value] = min(points, key=lambda point, aim=aim: abs(point - aim))  # type: ignore[misc]
        return found

    def _sessions(self, nights: int) -> Iterator[Record]:
        kinds = (Session.PSYCHIATRIC, Session.GROUP, Session.COUNSELLING, Session.GROUP)
        happened = (Happened.HELD, Happened.HELD, Happened.PERSON_ABSENT, Happened.WARD_ABSENT)
        for number in range(1, min(nights, DAYS)):
            day = self.begun + timedelta(days=number)
            yield SessionNoted(day, kinds[number % len(kinds)], self.dice.choice(happened))

    def _ended(self, last: date, nights: int, ending: Ending) -> Iterator[Record]:
        unused = max(0, DAYS - nights)
        receipt = actions.receipt_number() if unused else None
        yield StayEnded(last, 9 * 60, ending, unused, receipt)
        yield DischargeStepDone(last, Step.TOLERANCE, Answer.GIVEN)
        naloxone = self.dice.choice((Answer.GIVEN, Answer.GIVEN, Answer.DECLINED))
        yield DischargeStepDone(last, Step.NALOXONE, naloxone)

    def _after(self, left: date) -> Iterator[Visit]:
        chances = ((1, 0.7), (6, 0.7), (12, 0.6), (19, 0.5), (27, 0.4))
        met = [after for after, often in chances if self.dice.random() < often]
        went = (5, 14, 25) if self.dice.random() < 0.35 else ()
        told: list[tuple[int, Record]] = []
        for after in met:
            day = left + timedelta(days=after)
            told.append((after, FollowUpMade(day, FollowMeans.CAME)))
        for after in went:
            day = left + timedelta(days=after)
            told.append((after, TreatmentVisited(day, ToldBy.PERSON)))
        if not (met and went):
            reason = ClosedFor.HANDED_OVER if met else ClosedFor.NOT_REACHABLE
            told.append((30, AftercareClosed(left + timedelta(days=30), reason)))
        for after, record in sorted(told, key=lambda one: one[0]):
            day = left + timedelta(days=after)
            if day <= self.life.today:
                yield Visit(day, "discharge.followed", (record,))


def stays(life: Life, ward_beds: list[Bed], dice: Random) -> Iterator[Visit]:
    """Yield the stays of one invented person, oldest first; most have none."""
    number, bed = life.number, ward_beds[life.number % len(ward_beds)].id
    if number in NOW_IN_BED:
        nights = NOW_IN_BED[number]
        here = sorted(NOW_IN_BED).index(number)
        stay = Stayed(life, ward_beds[here].id, life.today - timedelta(days=nights), dice)
        yield from stay.visits(nights=nights, ending=None)
    elif number in JUST_LEFT:
        begun = life.today - timedelta(days=JUST_LEFT[number] + DAYS)
        yield from Stayed(life, bed, begun, dice).visits(nights=DAYS, ending=Ending.COMPLETED)
    elif number % 3 == 2:
        begun = life.enrolled_on + timedelta(days=3 + dice.randrange(12))
        yield from _one(life, bed, begun, dice)
        if dice.random() < 0.3:
            yield from _one(life, bed, begun + timedelta(days=14 + dice.randrange(45)), dice)


def _one(life: Life, bed: UUID, begun: date, dice: Random) -> Iterator[Visit]:
    nights = dice.choice((7, 7, 7, 6, 4, 3))
    ending = Ending.COMPLETED if nights >= 6 else Ending.LEFT_EARLY
    acts = Stayed(life, bed, begun, dice).visits(nights=nights, ending=ending)
    yield from (act for act in acts if act.on <= life.today)


def occupy(ward_beds: list[Bed], numbers: set[int], *, by: Actor) -> None:
    """Mark the beds of those who are in the ward today."""
    for here, number in enumerate(sorted(NOW_IN_BED)):
        if number in numbers:
            beds.take(ward_beds[here].id, site=by.site)
