"""Invented referrals: how far each one came, step by step, as the table allows it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from footbridge.journey.outcomes.rules import Employment, Treatment
from footbridge.journey.referrals import slips
from footbridge.journey.referrals.handoffs import (
    HandoffAgreed,
    HandoffOutcome,
    HandoffWay,
    HandoffWho,
)
from footbridge.journey.referrals.records import (
    HandoffNoted,
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
)
from footbridge.journey.referrals.rules import Confirmation, NeedOutcome
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services.directory import Directory, Listing
from footbridge.journey.services.rules import Need
from footbridge.site.demo.lives import Life, Visit
from footbridge.trust.vault.records import Record

S, A = ReferralState, Actor
# How far a referral came, and how often that happens in the programme's arm.
ENDS = (S.ENDED, S.ENGAGED, S.LINKED, S.APPOINTMENT, S.SENT, S.NO_SHOW, S.DECLINED, S.OFFERED)


@dataclass(slots=True)
class Walk:
    """One referral on its way, a step every few days."""

    service: Listing
    need: Need
    day: date
    today: date
    referral: UUID
    slip: int = 1

    def steps(self, to: ReferralState) -> Iterator[Visit]:
        """Yield the acts until a state is reached, or until today."""
        price = self.service.price().codes
        code = slips.slip_code(secrets.randbelow)
        yield self._visit(
            ReferralDrafted(self.referral, self.service.id, self.need, self.day),
            ReferralOffered(self.referral, self.day, price),
        )
        if to is S.OFFERED:
            return
        if to is S.DECLINED:
            yield self._next(3, S.DECLINED, A.PERSON, reason="fear-of-register")
            return
        yield self._next(2, S.CONSENTED, A.PERSON, acknowledged=price)
        yield self._next(1, S.SENT, A.WORKER, code=code, slip=self.slip)
        yield self._visit(self._handoff())
        if to is S.SENT:
            return
        yield self._next(3, S.ACCEPTED, A.SERVICE)
        meet = self.day + timedelta(days=6)
        yield self._next(1, S.APPOINTMENT, A.WORKER, appointment_on=meet)
        if to is S.APPOINTMENT:
            return
        if to is S.NO_SHOW:
            yield self._next(6, S.NO_SHOW, A.WORKER, reason="transport")
            return
        yield self._next(5, S.LINKED, A.PERSON, confirmed_by=Confirmation.PERSON)
        if to is S.LINKED:
            return
        yield self._next(16, S.ENGAGED, A.PERSON)
        if to is S.ENDED:
            self.day += timedelta(days=20)
            yield self._visit(ReferralOutcome(self.referral, NeedOutcome.MET, self.day, A.PERSON))

    def _handoff(self) -> HandoffNoted:
        """Return how the way was made: together where the service takes people without a name."""
        warm = self.service.facts.asks_real_name is not True
        return HandoffNoted(
            referral=self.referral,
            done_on=self.day,
            way=HandoffWay.CALLED_TOGETHER if warm else HandoffWay.CALLED_BEFORE,
            who=HandoffWho.WORKER,
            agreed=frozenset({HandoffAgreed.NO_NAME, HandoffAgreed.DAY}) if warm else frozenset(),
            outcome=HandoffOutcome.EXPECTED if warm else HandoffOutcome.RINGS_BACK,
        )

    def _next(
        self,
        days: int,
        to: ReferralState,
        by: Actor,
        **values: object,
    ) -> Visit:
        self.day += timedelta(days=days)
        return self._visit(
            ReferralMoved(self.referral, to, self.day, by, **values)  # type: ignore[arg-type]
        )

    def _visit(self, *records: Record) -> Visit:
        return Visit(self.day, "referral.changed", records)


def walks(life: Life, directory: Directory) -> Iterator[Visit]:
    """Yield the referral acts of one person, none of them in the future."""
    for slip, (need, methadone, to, after) in enumerate(_plans(life), start=1):
        service = _choose(directory, need, methadone=methadone, pick=life.number)
        if service is None:
            continue
        begins = life.enrolled_on + timedelta(days=after)
        walk = Walk(service, need, begins, life.today, uuid4(), slip)
        yield from (visit for visit in walk.steps(to) if visit.on <= life.today)


def _plans(life: Life) -> Iterator[tuple[Need, bool, ReferralState, int]]:
    values = life.values
    if values.treatment is Treatment.METHADONE:
        yield Need.DRUG_TREATMENT, True, S.ENGAGED, 9
    if life.in_programme and values.employment in {Employment.REGULAR, Employment.OCCASIONAL}:
        yield Need.EMPLOYMENT, False, S.ENDED, 16
    if life.in_programme:
        others = (Need.SOCIAL_SECURITY, Need.HOUSING, Need.HEALTH, Need.HIV_HCV, Need.NALOXONE)
        need = others[life.number % len(others)]
        yield need, False, ENDS[life.number % len(ENDS)], 24 + life.number % 30
        if life.number % 4 == 0:
            late = (life.today - life.enrolled_on).days - 6
            yield Need.DRUG_TREATMENT, False, S.APPOINTMENT, late
    elif life.number % 6 == 0:
        yield Need.EMPLOYMENT, False, S.SENT, 40


def _choose(directory: Directory, need: Need, *, methadone: bool, pick: int) -> Listing | None:
    fits = [
        listing
        for listing in directory.listings()
        if need in listing.needs and bool(listing.facts.methadone) is methadone
    ]
    return fits[pick % len(fits)] if fits else None
