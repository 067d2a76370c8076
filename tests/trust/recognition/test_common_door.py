"""A door at which everybody waits together: no try is told from another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.recognition.throttle import DAY, HOUR, CommonDoor, WaitError

CODES = 23**7


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def guess(door):
    return door.attempt(lambda: None)


def test_five_wrong_tries_are_free_and_then_everybody_waits(clock):
    door = CommonDoor(clock)
    for _ in range(5):
        guess(door)

    with pytest.raises(WaitError):
        door.attempt(lambda: "right")

    clock.now += 30
    assert door.attempt(lambda: "right") == "right"


def test_nothing_is_looked_for_while_one_has_to_wait(clock):
    door, looked = CommonDoor(clock), []
    for _ in range(5):
        guess(door)

    with pytest.raises(WaitError):
        door.attempt(lambda: looked.append(1))

    assert looked == []


def test_a_right_try_forgives_no_wrong_one(clock):
    door = CommonDoor(clock)
    for _ in range(4):
        guess(door)
        door.attempt(lambda: "a code of one's own")
    guess(door)

    with pytest.raises(WaitError):
        guess(door)


def test_whoever_guesses_all_day_gets_about_forty_tries(clock):
    door, tries = CommonDoor(clock), 0
    while clock.now < DAY:
        try:
            guess(door)
            tries += 1
        except WaitError as wait:
            clock.now += wait.seconds

    assert 25 <= tries <= 40
    # 200 live slips, a year of guessing: under one in a thousand that any is ever hit.
    assert 365 * tries * 200 / CODES < 0.001


def test_wrong_tries_of_another_day_are_forgotten(clock):
    door = CommonDoor(clock)
    for _ in range(5):
        guess(door)
    clock.now += DAY + 1

    for _ in range(4):
        guess(door)

    assert door.attempt(lambda: "right") == "right"


@given(st.lists(st.floats(0, 5 * HOUR), max_size=60))
def test_no_wait_is_longer_than_an_hour(pauses):
    clock, waits = Clock(), []
    door = CommonDoor(clock)
    for pause in pauses:
        clock.now += pause
        try:
            guess(door)
        except WaitError as wait:
            waits.append(wait.seconds)

    assert all(0 < wait <= HOUR for wait in waits)


def test_twenty_wrong_tries_in_a_day_are_an_alarm(clock):
    door = CommonDoor(clock)
    for _ in range(20):
        assert not door.alarm
        guess(door)
        clock.now += HOUR

    assert door.alarm
