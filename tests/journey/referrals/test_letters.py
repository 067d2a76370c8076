"""What a service may say with a code: each thing once, the last word last."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.referrals.letters import (
    LONGEST_WAIT_DAYS,
    MOVES_TO,
    Letter,
    ServiceSays,
    check_letter,
    from_bytes,
    is_last_word,
    sayable,
    service_reasons,
    to_bytes,
)
from footbridge.journey.referrals.table import TRANSITIONS, Actor

DAY = date(2026, 11, 21)
Says = ServiceSays


def test_a_fresh_code_can_say_everything():
    assert sayable(frozenset()) == tuple(Says)


def test_a_first_visit_or_a_refusal_is_the_last_word():
    assert sayable({Says.CAME}) == sayable({Says.ACCEPTED, Says.CANNOT}) == ()
    assert is_last_word({Says.CAME})
    assert not is_last_word({Says.ACCEPTED, Says.APPOINTMENT})


def test_a_visit_can_be_told_without_any_word_before_it():
    assert Says.CAME in sayable(frozenset())
    assert Says.CAME in sayable({Says.APPOINTMENT})


@given(st.lists(st.integers(0, 3), max_size=12))
def test_however_often_a_code_is_used_it_says_each_thing_once_and_in_order(picks):
    said = []
    for pick in picks:
        left = sayable(said)
        if left:
            said.append(left[pick % len(left)])

    order = list(Says)
    assert all(order.index(one) < order.index(two) for one, two in pairwise(said))
    assert len(said) <= 3


@pytest.mark.parametrize(
    ("ahead", "allowed"),
    [(-1, False), (0, True), (LONGEST_WAIT_DAYS, True), (LONGEST_WAIT_DAYS + 1, False)],
)
def test_an_appointment_lies_ahead_and_not_too_far(ahead, allowed):
    letter = Letter(Says.APPOINTMENT, DAY, DAY + timedelta(days=ahead))

    assert bool(check_letter(letter, said=())) == allowed


def test_an_appointment_without_a_day_is_none():
    assert not check_letter(Letter(Says.APPOINTMENT, DAY), said=())


def test_a_service_gives_only_reasons_that_it_can_know():
    assert "waiting_list" in service_reasons()
    assert not {"stigma", "still_using", "fear_of_discovery"} & service_reasons()
    assert check_letter(Letter(Says.CANNOT, DAY, reason="waiting_list"), said=())
    assert not check_letter(Letter(Says.CANNOT, DAY, reason="stigma"), said=())
    assert not check_letter(Letter(Says.CANNOT, DAY), said=())


def test_what_was_said_is_not_said_again():
    letter = Letter(Says.ACCEPTED, DAY)

    assert check_letter(letter, said=())
    assert not check_letter(letter, said={Says.ACCEPTED})


def test_every_word_of_a_service_has_a_step_that_a_service_may_take():
    for says, state in MOVES_TO.items():
        by = [step.by for step in TRANSITIONS if step.target is state]
        assert any(Actor.SERVICE in actors for actors in by), says


@given(
    st.builds(
        Letter,
        said=st.sampled_from(Says),
        on=st.dates(),
        appointment_on=st.none() | st.dates(),
        reason=st.none() | st.sampled_from(sorted(service_reasons())),
    )
)
def test_a_letter_comes_back_as_it_was_posted(letter):
    assert from_bytes(to_bytes(letter)) == letter
