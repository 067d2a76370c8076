"""Guesses are slowed down: five tries, then waits that double, an alarm for the whole site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition.throttle import (
    ALARM_FAILURES,
    FIRST_WAIT,
    FREE_TRIES,
    HOUR,
    LONGEST_WAIT,
    Throttle,
    WaitError,
)
from footbridge.trust.vault.persons import WrongPhraseError


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def throttle(clock):
    return Throttle(clock=clock)


def wait_of(throttle, key=b"k"):
    try:
        throttle.check(key)
    except WaitError as error:
        return error.seconds
    return 0.0


def test_five_tries_are_free(throttle):
    for _ in range(FREE_TRIES - 1):
        throttle.failed(b"k")

    assert wait_of(throttle) == 0

    throttle.failed(b"k")

    assert wait_of(throttle) == FIRST_WAIT


def test_each_further_failure_doubles_the_wait_up_to_a_day(throttle, clock):
    waits = []
    for _ in range(FREE_TRIES + 20):
        throttle.failed(b"k")
        waits.append(wait_of(throttle))
        clock.now += waits[-1]

    grown = [wait for wait in waits if wait]
    doubled = [min(FIRST_WAIT * 2**n, LONGEST_WAIT) for n in range(len(grown))]
    assert grown == doubled


def test_a_wait_ends(throttle, clock):
    for _ in range(FREE_TRIES):
        throttle.failed(b"k")

    clock.now += FIRST_WAIT

    assert wait_of(throttle) == 0


def test_the_right_words_begin_the_count_anew(throttle):
    for _ in range(FREE_TRIES - 1):
        throttle.failed(b"k")

    throttle.succeeded(b"k")
    throttle.failed(b"k")

    assert wait_of(throttle) == 0


def test_one_handle_does_not_wait_for_anothers_failures(throttle):
    for _ in range(FREE_TRIES):
        throttle.failed(b"k")

    assert wait_of(throttle, b"other") == 0


def test_twenty_failures_in_an_hour_raise_the_alarm_whoever_they_were_at(throttle):
    for number in range(ALARM_FAILURES - 1):
        throttle.failed(b"%d" % number)
    before = throttle.alarm

    throttle.failed(b"last")

    assert (before, throttle.alarm) == (False, True)


def test_the_alarm_ends_an_hour_after(throttle, clock):
    for number in range(ALARM_FAILURES):
        throttle.failed(b"%d" % number)

    clock.now += HOUR + 1

    assert not throttle.alarm


@given(
    acts=st.lists(st.tuples(st.sampled_from("fsw"), st.integers(0, 2), st.floats(0, 5000))),
)
def test_nobody_ever_gets_more_than_five_tries_without_a_wait(acts):
    clock = Clock()
    throttle = Throttle(clock=clock)
    failures = {}
    for what, who, passed in acts:
        key = b"%d" % who
        clock.now += passed
        waiting = wait_of(throttle, key) > 0
        if what == "s" and not waiting:
            throttle.succeeded(key)
            failures[key] = 0
        if what == "f" and not waiting:
            throttle.failed(key)
            failures[key] = failures.get(key, 0) + 1
            must_wait = failures[key] >= FREE_TRIES
            assert (wait_of(throttle, key) > 0) == must_wait


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False], ids=["a handle here", "nobody's handle"])
def test_an_unknown_handle_behaves_as_a_wrong_phrase(house, settings, clock, known):
    ann, throttle = house.add_staff("ann"), Throttle(clock=clock)
    handle = house.enrol(ann).handle if known else "starry window"

    said = []
    for _ in range(FREE_TRIES + 2):
        with pytest.raises((WrongPhraseError, WaitError)) as error:
            recognition.open_key(
                handle,
                "wrong words all of them",
                cost=settings.FOOTBRIDGE_KDF_COST,
                site=house.keys,
                throttle=throttle,
            )
        said.append(str(error.value))

    assert said[:FREE_TRIES] == [str(WrongPhraseError())] * FREE_TRIES
    assert said[FREE_TRIES:] == [str(WaitError(FIRST_WAIT))] * 2


@pytest.mark.django_db
def test_while_somebody_must_wait_the_right_phrase_opens_nothing(house, settings, clock):
    ann, throttle = house.add_staff("ann"), Throttle(clock=clock)
    enrolled = house.enrol(ann)
    asked = {"cost": settings.FOOTBRIDGE_KDF_COST, "site": house.keys, "throttle": throttle}
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPhraseError):
            recognition.open_key(enrolled.handle, "no", **asked)

    with pytest.raises(WaitError):
        recognition.open_key(enrolled.handle, " ".join(enrolled.phrase), **asked)

    clock.now += FIRST_WAIT
    assert recognition.open_key(enrolled.handle, " ".join(enrolled.phrase), **asked)


@pytest.mark.django_db
def test_what_the_throttle_remembers_names_no_handle(house, settings):
    ann, throttle = house.add_staff("ann"), Throttle()
    handle = house.enrol(ann).handle
    with pytest.raises(WrongPhraseError):
        recognition.open_key(
            handle, "no", cost=settings.FOOTBRIDGE_KDF_COST, site=house.keys, throttle=throttle
        )

    assert handle not in repr(throttle)
    assert handle.split()[0].encode() not in b"".join(throttle._tries)
