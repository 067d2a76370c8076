"""No referral is linked without proof, and none is left without a way on."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.referrals import labels
from footbridge.journey.referrals.reasons import reason_groups, reasons
from footbridge.journey.referrals.rules import (
    ENGAGED_DAYS,
    Confirmation,
    Move,
    NeedOutcome,
    Referral,
    check_move,
    clock_of,
    is_final,
    next_states,
)
from footbridge.journey.referrals.slips import slip_code
from footbridge.journey.referrals.table import (
    TRANSITIONS,
    WAITS,
    Actor,
    Condition,
    ReferralState,
)
from footbridge.journey.services.rules import Need, PriceCode

ROOT = Path(__file__).resolve().parents[3]
S = ReferralState
DAY = date(2026, 11, 2)
CODE = slip_code(lambda below: 5)
OTHER_CODE = slip_code(lambda below: 6)


def a_referral(state: ReferralState, **fields: object) -> Referral:
    usual = {
        "id": UUID(int=1),
        "service": UUID(int=2),
        "need": Need.HOUSING,
        "since": DAY,
        "price_shown": frozenset({PriceCode.NAME_ASKED}),
        "code": CODE,
        "sent_on": DAY,
    }
    return Referral(state=state, **(usual | fields))


def a_move(to: ReferralState, act_of: Actor, **fields: object) -> Move:
    return Move(**({"to": to, "on": DAY + timedelta(days=1), "act_of": act_of} | fields))


def test_the_table_has_each_step_once_and_each_state_in_use():
    steps = [(step.source, step.target) for step in TRANSITIONS]

    assert len(steps) == len(set(steps))
    assert {state for step in steps for state in step} == set(S)
    assert all(step.by for step in TRANSITIONS)


def test_every_state_has_a_way_out_a_next_actor_and_a_clock_or_is_final():
    final = {state for state in S if is_final(state)}

    assert final == {S.REROUTED, S.CANCELLED, S.ENDED}
    assert set(WAITS) == set(S) - final
    assert all(wait.days > 0 and wait.action for wait in WAITS.values())


def test_the_one_who_acts_next_can_act():
    asking = {S.DRAFT, S.LINKED}  # the worker talks it over, or asks after 14 days
    for state, wait in WAITS.items():
        assert state in asking or next_states(state, wait.actor)


def test_every_state_can_be_reached_and_can_come_to_an_end():
    reached = {S.DRAFT}
    for _ in S:
        reached |= {step.target for step in TRANSITIONS if step.source in reached}
    ending = {state for state in S if is_final(state)}
    for _ in S:
        ending |= {step.source for step in TRANSITIONS if step.target in ending}

    assert reached == ending == set(S)


def test_every_step_to_linked_asks_for_a_confirmation_and_engaged_comes_only_after():
    for step in TRANSITIONS:
        if step.target is S.LINKED:
            assert Condition.ATTENDANCE_CONFIRMED in step.needs
        if step.target is S.ENGAGED:
            assert step.source is S.LINKED
            assert Condition.STAYED in step.needs


moves = st.builds(
    Move,
    to=st.sampled_from(S),
    on=st.dates(DAY, DAY + timedelta(days=200)),
    act_of=st.sampled_from(Actor),
    confirmed_by=st.none() | st.sampled_from(Confirmation),
    reason=st.none() | st.sampled_from(["money", "gossip"]),
    appointment_on=st.none() | st.dates(DAY, DAY + timedelta(days=220)),
    acknowledged=st.none() | st.just(frozenset({PriceCode.NAME_ASKED})) | st.just(frozenset()),
    code=st.none() | st.sampled_from([CODE, OTHER_CODE, "nonsense"]),
    outcome=st.none() | st.sampled_from(NeedOutcome),
)


@st.composite
def likely_moves(draw):
    """A step of the table with its proofs, now and then with one of them missing."""
    step = draw(st.sampled_from(TRANSITIONS))
    good = Move(
        to=step.target,
        on=draw(st.dates(DAY, DAY + timedelta(days=200))),
        act_of=draw(st.sampled_from(sorted(step.by))),
        confirmed_by=draw(st.sampled_from([Confirmation.PERSON, Confirmation.CODE, None])),
        reason="money",
        appointment_on=DAY + timedelta(days=300),
        acknowledged=frozenset({PriceCode.NAME_ASKED}),
        code=draw(st.sampled_from([CODE, OTHER_CODE])),
        outcome=NeedOutcome.PARTLY,
    )
    return replace(good, **draw(st.sampled_from([{}, {}, {"reason": None}, {"outcome": None}])))


@settings(max_examples=300, deadline=None)
@given(st.lists(moves | likely_moves(), min_size=1, max_size=40))
def test_no_random_walk_reaches_linked_without_a_confirmation(walk):
    referral = a_referral(S.DRAFT, code=None, sent_on=None)
    seen = [S.DRAFT]
    for move in sorted(walk, key=lambda move: move.on):
        if not check_move(referral, move):
            continue
        referral = after(referral, move)
        seen.append(move.to)
        if move.to is S.LINKED:
            by_person = (move.confirmed_by, move.act_of) == (Confirmation.PERSON, Actor.PERSON)
            by_code = move.confirmed_by is Confirmation.CODE and move.code == referral.code
            assert by_person or by_code
            assert S.CONSENTED in seen
            assert S.SENT in seen
        if move.to is S.ENGAGED:
            assert (move.on - referral.linked_on).days >= ENGAGED_DAYS

    assert all(b in next_states(a) for a, b in pairwise(seen))


def after(referral: Referral, move: Move) -> Referral:
    changed = {"state": move.to, "since": move.on}
    if move.to is S.SENT:
        changed |= {"code": move.code, "sent_on": move.on}
    if move.to is S.LINKED:
        changed |= {"linked_on": move.on}
    return replace(referral, **changed)


@pytest.mark.parametrize("act_of", [Actor.WORKER, Actor.SERVICE])
def test_a_form_that_was_sent_links_nobody(act_of):
    decision = check_move(a_referral(S.SENT), a_move(S.LINKED, act_of))

    assert not decision
    assert "A form that was sent links nobody" in decision.reason


@pytest.mark.parametrize("act_of", [Actor.WORKER, Actor.SERVICE])
def test_nobody_confirms_in_the_place_of_the_person(act_of):
    move = a_move(S.LINKED, act_of, confirmed_by=Confirmation.PERSON)

    assert not check_move(a_referral(S.APPOINTMENT), move)


def test_the_person_s_word_links_and_so_does_the_code_of_the_slip():
    word = a_move(S.LINKED, Actor.PERSON, confirmed_by=Confirmation.PERSON)
    code = a_move(S.LINKED, Actor.SERVICE, confirmed_by=Confirmation.CODE, code=CODE.lower())

    assert check_move(a_referral(S.APPOINTMENT), word)
    assert check_move(a_referral(S.SENT), code)


def test_the_code_of_another_slip_links_nobody():
    move = a_move(S.LINKED, Actor.SERVICE, confirmed_by=Confirmation.CODE, code=OTHER_CODE)

    assert not check_move(a_referral(S.SENT), move)


def test_what_ran_out_before_it_was_sent_is_not_linked():
    move = a_move(S.LINKED, Actor.PERSON, confirmed_by=Confirmation.PERSON)

    assert not check_move(a_referral(S.EXPIRED, sent_on=None, code=None), move)
    assert check_move(a_referral(S.EXPIRED), move)


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (13, False), (14, True), (60, True)])
def test_engaged_takes_fourteen_days(days, allowed):
    linked = a_referral(S.LINKED, linked_on=DAY)
    move = a_move(S.ENGAGED, Actor.WORKER, on=DAY + timedelta(days=days))

    assert check_move(linked, move).allowed is allowed


def test_nobody_consents_in_the_place_of_the_person():
    move = a_move(S.CONSENTED, Actor.WORKER, acknowledged=frozenset({PriceCode.NAME_ASKED}))

    assert "It is up to: person" in check_move(a_referral(S.OFFERED), move).reason


@pytest.mark.parametrize(
    ("shown", "accepted", "allowed"),
    [
        ({PriceCode.NAME_ASKED}, {PriceCode.NAME_ASKED}, True),
        (set(), set(), True),
        ({PriceCode.NAME_ASKED, PriceCode.POLICE_BY_LAW}, {PriceCode.NAME_ASKED}, False),
        ({PriceCode.POLICE_REGISTER}, None, False),
        (None, {PriceCode.NAME_ASKED}, False),
    ],
)
def test_consent_is_to_the_price_that_was_shown_and_to_no_other(shown, accepted, allowed):
    referral = a_referral(S.OFFERED, price_shown=None if shown is None else frozenset(shown))
    acknowledged = None if accepted is None else frozenset(accepted)

    move = a_move(S.CONSENTED, Actor.PERSON, acknowledged=acknowledged)

    assert check_move(referral, move).allowed is allowed


def test_nothing_runs_out_before_its_clock():
    sent = a_referral(S.SENT)
    last_day = DAY + timedelta(days=WAITS[S.SENT].days)

    early = a_move(S.EXPIRED, Actor.WORKER, reason="not_said", on=last_day)
    late = replace(early, on=last_day + timedelta(days=1))

    assert not check_move(sent, early)
    assert check_move(sent, late)
    assert check_move(sent, early, days={S.SENT: 3})


def test_a_reason_is_one_of_the_list():
    told = a_move(S.DECLINED, Actor.PERSON, reason="fear_of_registration")

    assert check_move(a_referral(S.OFFERED), told)
    assert not check_move(a_referral(S.OFFERED), replace(told, reason=None))
    assert not check_move(a_referral(S.OFFERED), replace(told, reason="my own words"))


def test_a_slip_is_never_given_twice():
    again = a_referral(S.CONSENTED)

    assert not check_move(again, a_move(S.SENT, Actor.WORKER, code=CODE))
    assert not check_move(again, a_move(S.SENT, Actor.WORKER, code="nonsense"))
    assert check_move(again, a_move(S.SENT, Actor.WORKER, code=OTHER_CODE))


def test_a_referral_ends_with_an_outcome():
    move = a_move(S.ENDED, Actor.WORKER, outcome=NeedOutcome.UNKNOWN)

    assert check_move(a_referral(S.ENGAGED), move)
    assert not check_move(a_referral(S.ENGAGED), replace(move, outcome=None))


def test_an_appointment_is_today_or_later():
    move = a_move(S.APPOINTMENT, Actor.SERVICE, appointment_on=DAY)

    assert not check_move(a_referral(S.ACCEPTED), move)
    assert check_move(a_referral(S.ACCEPTED), replace(move, appointment_on=move.on))


def test_no_step_lies_before_the_one_before_it():
    move = a_move(S.ACCEPTED, Actor.SERVICE, on=DAY - timedelta(days=1))

    assert "Correct the day" in check_move(a_referral(S.SENT), move).reason


def test_a_refusal_names_the_ways_that_are_open():
    onward = check_move(a_referral(S.DRAFT), a_move(S.LINKED, Actor.PERSON))
    over = check_move(a_referral(S.ENDED), a_move(S.OFFERED, Actor.WORKER))

    assert onward.reason == "There is no step from draft to linked. From here: offered, cancelled."
    assert "Begin a new one" in over.reason


def test_a_clock_runs_from_the_state_or_from_the_day_of_the_appointment():
    booked = a_referral(S.APPOINTMENT, appointment_on=DAY + timedelta(days=10))

    sent = clock_of(a_referral(S.SENT), DAY + timedelta(days=9))
    waiting = clock_of(booked, DAY + timedelta(days=9))

    assert (sent.due, sent.overdue_days, sent.actor) == (DAY + timedelta(days=7), 2, Actor.SERVICE)
    assert (waiting.due, waiting.overdue) == (DAY + timedelta(days=12), False)
    assert clock_of(a_referral(S.ENDED), DAY) is None


def test_the_list_of_reasons_has_both_languages_and_the_register():
    ids = [reason.id for group in reason_groups() for reason in group.reasons]

    assert len(ids) == len(set(ids)) == len(reasons())
    assert {group.id for group in reason_groups()} >= {
        "practical", "lifestyle", "internal", "physical", "system", "register",
    }  # fmt: skip
    assert reasons()["fear_of_registration"].words["zh"] == "怕被登记在册"
    assert all(reason.words["en"] != reason.words["zh"] for reason in reasons().values())


def test_every_coded_value_has_a_label():
    assert set(labels.STATES) == set(S)
    assert set(labels.NEXT_ACTIONS) == set(WAITS)
    assert set(labels.ACTORS) == set(Actor)
    assert set(labels.CONDITIONS) == set(Condition)
    assert set(labels.CONFIRMATIONS) == set(Confirmation)
    assert set(labels.OUTCOMES) == set(NeedOutcome)


def test_the_page_of_states_is_drawn_from_the_table():
    tool = ROOT / "tools" / "draw_referral_states.py"

    checked = subprocess.run([sys.executable, tool, "--check"], capture_output=True, check=False)

    assert checked.returncode == 0, checked.stderr.decode()


@pytest.mark.parametrize(("days", "allowed"), [(89, False), (90, True)])
def test_retained_means_90_days_or_more_after_the_first_visit(days, allowed):
    """Fact 2.8: more than 90 days of treatment go with a better outcome."""
    referral = a_referral(S.ENGAGED, since=DAY + timedelta(days=14), linked_on=DAY)
    move = a_move(S.RETAINED, Actor.WORKER, on=DAY + timedelta(days=days))

    assert bool(check_move(referral, move)) == allowed


def test_the_clock_of_somebody_engaged_counts_from_the_first_visit():
    referral = a_referral(S.ENGAGED, since=DAY + timedelta(days=20), linked_on=DAY)

    clock = clock_of(referral, DAY + timedelta(days=91))

    assert clock is not None
    assert (clock.due, clock.overdue_days) == (DAY + timedelta(days=90), 1)
