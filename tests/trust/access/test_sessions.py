"""Sessions: they end by themselves, and memory without the cookie holds no key."""

import gc
import pickle
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Role
from footbridge.trust.access.sessions import Ended, Limits, Session, Sessions
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.site_keys import SealedSiteError, SiteKeys

LIMITS = Limits(idle=600, kiosk_idle=180, absolute=8 * 3600)


class Clock:
    def __init__(self):
        self.now = 5000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions(LIMITS, clock=clock)


@pytest.fixture
def site():
    return SiteKeys(uuid.uuid4(), {"outer": bytearray(32)}, {}, None)


def staff(site, role=Role.NURSE):
    return Actor(uuid.uuid4(), KeyPair.new(), site, role, "lan")


def person(site):
    return Actor(uuid.uuid4(), KeyPair.new(), site)


def test_a_cookie_brings_back_whose_it_is(sessions, site):
    actor = staff(site)

    found = sessions.resume(sessions.begin(actor), site=site)

    assert found.actor == actor
    assert found.remaining_idle == LIMITS.idle


@pytest.mark.parametrize("who", [staff, person])
def test_a_session_ends_when_nothing_is_done(sessions, clock, site, who):
    cookie = sessions.begin(who(site))
    idle = LIMITS.idle if who is staff else LIMITS.kiosk_idle

    clock.now += idle
    assert isinstance(sessions.resume(cookie, site=site), Session)

    clock.now += idle + 1
    assert sessions.resume(cookie, site=site) is Ended.IDLE
    assert sessions.resume(cookie, site=site) is Ended.UNKNOWN


def test_no_session_lasts_longer_than_a_working_day_however_busy(sessions, clock, site):
    cookie = sessions.begin(staff(site))

    ended = None
    for _ in range(100):
        clock.now += 300
        ended = sessions.resume(cookie, site=site)
        if not isinstance(ended, Session):
            break

    assert ended is Ended.TOO_LONG
    assert clock.now - 5000 <= LIMITS.absolute + 300


def test_ending_one_leaves_the_others(sessions, site):
    first, second = sessions.begin(staff(site)), sessions.begin(staff(site))

    sessions.end(first)

    assert sessions.resume(first, site=site) is Ended.UNKNOWN
    assert isinstance(sessions.resume(second, site=site), Session)


def test_everything_of_one_actor_ends_at_once(sessions, site):
    actor, other = staff(site), staff(site)
    mine = [sessions.begin(actor) for _ in range(3)]
    theirs = sessions.begin(other)

    assert sessions.end_of(actor.id) == 3

    assert {sessions.resume(one, site=site) for one in mine} == {Ended.UNKNOWN}
    assert isinstance(sessions.resume(theirs, site=site), Session)


def test_all_end_at_once(sessions, site):
    cookies = [sessions.begin(staff(site)) for _ in range(4)]

    sessions.end_all()

    assert {sessions.resume(one, site=site) for one in cookies} == {Ended.UNKNOWN}


def test_what_is_over_is_swept_from_memory(sessions, clock, site):
    sessions.begin(person(site))
    clock.now += LIMITS.kiosk_idle + 1
    sessions.begin(staff(site))

    assert sessions.sweep() == 1


def test_a_session_that_begins_while_the_site_is_sealed_does_not_begin(sessions, site):
    actor = staff(site)
    site.wipe()

    with pytest.raises(SealedSiteError):
        sessions.begin(actor)

    assert sessions.sweep() == 0


@given(cookie=st.text(max_size=80))
def test_no_text_that_was_not_a_cookie_is_a_session(cookie):
    sessions = Sessions(LIMITS)
    site = SiteKeys(uuid.uuid4(), {"outer": bytearray(32)}, {}, None)
    sessions.begin(staff(site))

    assert sessions.resume(cookie, site=site) is Ended.UNKNOWN
    sessions.end(cookie)
    assert sessions.sweep() == 1


def memory_of(sessions):
    """Everything that the sessions hold, as bytes: what a dump of memory would show of them."""
    return b"".join(pickle.dumps(one) for one in _reachable(sessions) if isinstance(one, bytes))


def _reachable(root):
    seen, waiting = {}, [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen[id(one)] = one
        slots = [
            getattr(one, name)
            for name in getattr(type(one), "__slots__", ())
            if isinstance(name, str) and hasattr(one, name)
        ]
        waiting += [*gc.get_referents(one), *slots]
        if len(seen) > 20_000:
            break
    return list(seen.values())


def test_memory_without_the_cookie_holds_no_private_key(site):
    sessions = Sessions(LIMITS, clock=Clock())
    actor = staff(site)
    private = actor.pair.private
    cookie = sessions.begin(actor)
    sessions.resume(cookie, site=site).keep_once("phrase", "pine bridge window")
    held = memory_of(sessions)

    assert len(held) > 0
    assert private not in held
    assert bytes.fromhex(cookie) not in held
    assert b"pine bridge" not in held
    assert b"lan" not in held


def test_the_search_of_memory_would_find_a_key_that_is_kept_in_the_clear(site):
    sessions = Sessions(LIMITS, clock=Clock())
    actor = staff(site)
    sessions.begin(actor)

    next(iter(sessions._rows.values())).sealed = b"x" + actor.pair.private

    assert actor.pair.private in memory_of(sessions)


def test_a_repr_tells_no_key_and_no_text(sessions, site):
    actor = staff(site)
    session = sessions.resume(sessions.begin(actor), site=site)
    session.keep_once("phrase", "pine bridge")

    shown = repr(session) + repr(sessions._rows) + repr(actor)

    assert repr(actor.pair.private)[2:-1] not in shown
    assert "pine" not in shown
    assert "lan" not in shown


def test_what_is_kept_is_shown_once(sessions, site):
    cookie = sessions.begin(staff(site))
    sessions.resume(cookie, site=site).keep_once("phrase", "松 桥")

    again = sessions.resume(cookie, site=site)

    assert again.take_once("phrase") == "松 桥"
    assert again.take_once("phrase") is None


def test_a_line_is_said_once(sessions, site):
    session = sessions.resume(sessions.begin(staff(site)), site=site)
    session.say("Done.", level="caution")

    assert session.said() == ("caution", "Done.")
    assert session.said() is None


def test_something_is_new_once_in_a_session(sessions, site):
    cookie = sessions.begin(staff(site))

    first = sessions.resume(cookie, site=site).first_time("opened")
    second = sessions.resume(cookie, site=site).first_time("opened")

    assert (first, second) == (True, False)
