"""The state machine of access: acts in any order, and what must hold after each of them."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from random import Random

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from footbridge.journey.consents.rules import Purpose
from footbridge.trust import housekeeping, places, runtime
from footbridge.trust.access.rules import Role
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault import rewrap
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.site_keys import SealedSiteError
from tests.drills import access_acts as acts
from tests.drills.access_model import STOPS
from tests.drills.access_pages import Pages
from tests.drills.filling import records_of
from tests.drills.key_examiner import Examiner
from tests.drills.stage import Stage

MOST_PEOPLE = 4
GHOST = "ghost"
nth = st.integers(0, 2**16)


class AccessMachine(RuleBasedStateMachine):
    """Acts in any order on a small site."""

    stage: Stage
    pages: Pages
    examiner = Examiner()
    steps = 0

    def __init__(self):
        super().__init__()
        self.scene = self.stage.scene()
        self.scene.__enter__()
        self.model = self.stage.model()
        self.minds = {who: {pair.private} for who, pair in self.stage.pairs.items()}
        self.minds["recovery"] = {acts.recovery_key(self.stage)}
        self.draws = Random(1)
        self.quiet = 0  # steps since the last panic or epoch, which are dear to play
        self.two_people_in_care()

    def teardown(self):
        self.scene.__exit__(None, None, None)

    def two_people_in_care(self):
        """Begin with somebody to act about: most of what can go wrong needs a record."""
        names = self.stage.names
        for worker in (names["ann"], names["ben"]):
            person = acts.enrol(self.stage, worker)
            self.model.arrives(person.id)
            self.remember(person)
            for purpose in (Purpose.CARE, Purpose.RECOVERY, Purpose.CONTACT):
                self.model.consent(worker, person.id, purpose)
                acts.consent(self.stage, worker, person, purpose)

    # --- choosing ---

    def colleague(self, number):
        """Return one of those who are on the staff now."""
        there = list(self.stage.roles)
        return there[number % len(there)]

    def somebody(self, number):
        return self.stage.people[number % len(self.stage.people)]

    def holder(self, number, person):
        """Return somebody of a person's team; any colleague, where it is empty."""
        team = [who for who in self.stage.roles if who in self.model.team(person.id)]
        return team[number % len(team)] if team and number % 5 else self.colleague(number)

    def attempt(self, allowed, act, *args, **named):
        """Do an act; where the model forbids it, the house must refuse and change nothing."""
        type(self).steps += 1
        if allowed:
            return act(self.stage, *args, **named)
        with pytest.raises(HouseError):
            act(self.stage, *args, **named)
        return None

    def remember(self, person):
        """Keep a person's key in mind; an earlier one is a ghost's, who must read nothing."""
        old = self.minds.get(person.id, set())
        self.minds.setdefault(GHOST, set()).update(old - {person.pair.private})
        self.minds[person.id] = {person.pair.private}

    # --- coming, agreeing, writing ---

    @precondition(lambda self: len(self.stage.people) < MOST_PEOPLE)
    @rule(by=nth)
    def enrol(self, by):
        by = self.colleague(by)
        person = self.attempt(self.model.enrolled(by), acts.enrol, by)
        if person is not None:
            self.model.arrives(person.id)
            self.remember(person)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth, purpose=st.sampled_from(list(Purpose)))
    def consent(self, by, whom, purpose):
        person = self.somebody(whom)
        by = self.holder(by, person)
        self.attempt(self.model.consent(by, person.id, purpose), acts.consent, by, person, purpose)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth, what=st.sampled_from(sorted(STOPS)), kiosk=st.booleans())
    def withdraw(self, by, whom, what, kiosk):
        person = self.somebody(whom)
        by = person.id if kiosk else self.holder(by, person)
        self.attempt(self.model.withdraw(by, person.id, what), acts.withdraw, by, person, what)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth, days=st.sampled_from([14, 90]))
    def keep_contact(self, by, whom, days):
        person = self.somebody(whom)
        by = self.holder(by, person)
        allowed = self.model.keep_contact(by, person.id, days=days)
        self.attempt(allowed, acts.keep_contact, by, person, days=days)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth)
    def keep_answers(self, by, whom):
        person = self.somebody(whom)
        by = self.holder(by, person)
        self.attempt(self.model.keep_answers(by, person.id), acts.keep_answers, by, person)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth, record=st.sampled_from(records_of(Compartment.CARE)))
    def write_care(self, by, whom, record):
        person = self.somebody(whom)
        by = self.holder(by, person)
        allowed = self.model.write(by, person.id)
        self.attempt(allowed, acts.write, by, person, record, self.draws)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth, record=st.sampled_from(records_of(Compartment.RESEARCH)))
    def write_research(self, by, whom, record):
        person = self.somebody(whom)
        by = self.holder(by, person)
        allowed = self.model.write(by, person.id)
        written = self.attempt(allowed, acts.write_research, by, person, record, self.draws)
        if allowed:
            stands = Compartment.RESEARCH in self.model.people[person.id].parts
            assert written == stands

    # --- teams and colleagues ---

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth, to=nth)
    def grant(self, by, whom, to):
        person, to = self.somebody(whom), self.colleague(to)
        by = self.holder(by, person)
        self.attempt(self.model.grant(by, person.id, to), acts.grant, by, person, to)

    @precondition(lambda self: self.stage.people)
    @rule(whom=nth, to=nth)
    def person_grants(self, whom, to):
        person, to = self.somebody(whom), self.colleague(to)
        allowed = self.model.grant(person.id, person.id, to)
        self.attempt(allowed, acts.grant_by_phrase, person, to)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth, who=nth)
    def revoke(self, by, whom, who):
        person, by = self.somebody(whom), self.colleague(by)
        holders = self.model.holders(person.id)
        everybody = [*self.stage.roles, person.id, *self.model.circles, self.model.recovery]
        chosen = [one for one in everybody if one in holders] or everybody
        who = chosen[who % len(chosen)]
        self.attempt(self.model.revoke(person.id, who), acts.revoke, by, person, who)

    @rule(by=nth, who=nth)
    def revoke_everything(self, by, who):
        by, who = self.colleague(by), self.colleague(who)
        self.attempt(self.model.revoke_everything(by, who), acts.revoke_everything, by, who)

    @rule(by=nth, who=nth)
    def colleague_leaves(self, by, who):
        by, who = self.colleague(by), self.colleague(who)
        if by == who or len(self.stage.roles) < 4:
            return
        self.attempt(self.model.leave(by, who), acts.leave, by, who)

    @rule(by=nth, role=st.sampled_from([Role.CASE_WORKER, Role.COORDINATOR]))
    def colleague_joins(self, by, role):
        by = self.colleague(by)
        if len(self.stage.roles) >= 8:
            return
        joined = self.attempt(self.model.may_invite(by), acts.join, by, role)
        if joined is not None:
            self.model.staff[joined.id] = role
            self.minds[joined.id] = {joined.pair.private}

    @rule(by=nth, who=nth, role=st.sampled_from(list(Role)))
    def change_role(self, by, who, role):
        by, who = self.colleague(by), self.colleague(who)
        self.attempt(self.model.change_role(by, who, role), acts.change_role, by, who, role)

    @rule(by=nth, who=nth, study=st.booleans())
    def join_circle(self, by, who, study):
        circle = self.model.study if study else self.model.coordinators
        by, who = self.colleague(by), self.colleague(who)
        self.attempt(self.model.join_circle(by, circle, who), acts.join_circle, by, circle, who)

    @rule(by=nth, who=nth, study=st.booleans())
    def leave_circle(self, by, who, study):
        circle = self.model.study if study else self.model.coordinators
        by, who = self.colleague(by), self.colleague(who)
        if by != who:
            allowed = self.model.leave_circle(by, circle, who)
            self.attempt(allowed, acts.leave_circle, by, circle, who)

    @rule(first=nth, second=nth)
    def deal_recall_again(self, first, second):
        first, second = self.colleague(first), self.colleague(second)
        members = list(self.stage.roles)[:3]
        allowed = self.model.deal_again(first, second, set(members))
        self.attempt(allowed, acts.deal_again, first, second, members)

    # --- phrases, ways back, ends ---

    @precondition(lambda self: self.stage.people)
    @rule(whom=nth)
    def choose_phrase(self, whom):
        person = self.somebody(whom)
        self.attempt(True, acts.choose_phrase, person)
        self.remember(person)

    @precondition(lambda self: self.stage.people)
    @rule(by=nth, whom=nth)
    def renew_phrase(self, by, whom):
        person = self.somebody(whom)
        by = self.holder(by, person)
        self.attempt(self.model.renew_phrase(by, person.id), acts.renew_phrase, by, person)
        self.remember(person)

    @precondition(lambda self: self.stage.people)
    @rule(to=nth, whom=nth)
    def recover(self, to, whom):
        person, to = self.somebody(whom), self.colleague(to)
        self.attempt(self.model.recover(to, person.id), acts.recover, to, person)
        self.remember(person)

    @precondition(lambda self: 0 < len(self.stage.people) < MOST_PEOPLE)
    @rule(by=nth, whom=nth, to=nth)
    def transfer(self, by, whom, to):
        person, by, to = self.somebody(whom), self.colleague(by), self.colleague(to)
        allowed = self.model.works(by) and self.model.works(to)
        new = self.attempt(allowed, acts.move, by, person, to)
        if new is not None:
            self.model.take_in(to, person.id, new.id)
            self.remember(new)

    @precondition(lambda self: self.stage.people)
    @rule(whom=nth)
    def forget(self, whom):
        person = self.somebody(whom)
        self.attempt(True, acts.forget, person)
        self.model.forget(person.id)

    @rule(weeks=st.integers(1, 7))
    def time_passes(self, weeks):
        type(self).steps += 1
        self.stage.clock[0] += timedelta(weeks=weeks)
        housekeeping.sweep(self.stage.site, on=self.stage.on, epoch_days=35)
        self.model.wait(weeks)

    @precondition(lambda self: self.quiet >= 3)
    @rule()
    def turn_epoch(self):
        type(self).steps += 1
        self.quiet = 0
        rewrap.turn(self.stage.site, on=self.stage.on, keep_days=35, force=True)

    @precondition(lambda self: self.quiet >= 5 and self.stage.people)
    @rule()
    def panic_and_unseal(self):
        type(self).steps += 1
        self.quiet = 0
        site, locked = self.stage.site, Wrap.objects.exists()
        runtime.panic()
        with pytest.raises(SealedSiteError) if locked else nullcontext():
            Examiner().readable(self.minds, site=site)
        self.pages.all_sealed(self.stage)
        self.stage.unseal()

    # --- what must hold after every step ---

    @invariant()
    def agrees(self):
        """Hold keys, pages and files against the model."""
        self.quiet += 1
        found = self.examiner.readable(self.minds, site=self.stage.site)
        wanted = {who: self.model.readable(who) for who in self.minds if who != GHOST}
        wanted["recovery"] = self.model.readable(self.model.recovery)
        wanted.update({GHOST: set()} if GHOST in self.minds else {})
        differences = self.differences(found, wanted)
        assert not differences, differences
        self.pages.check(self.stage, self.model)
        there = {path.stem for path in places.epochs().folder.glob("*.epoch")}
        assert set(acts.epochs_in_use()) <= there

    def differences(self, found, wanted):
        """Return who reads what they should not, or no longer what they should."""
        names = {who: name for name, who in self.stage.names.items()}
        names |= {one.id: f"person {n}" for n, one in enumerate(self.stage.people)}
        return [
            f"{names.get(who, who)} {word} {names.get(person, person)}'s {kind}"
            for who in wanted
            for word, left, right in (
                ("reads", found[who], wanted[who]),
                ("cannot read", wanted[who], found[who]),
            )
            for person, kind in left - right
        ]
