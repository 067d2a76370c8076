"""Slowing down guesses: five tries, then doubling waits; an alarm for the whole site.

Kept in memory under a keyed hash: a database or log never holds who was guessed at.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from footbridge.trust.decisions import HouseError, gettext_noop

FREE_TRIES = 5
FIRST_WAIT = 30.0
LONGEST_WAIT = 24 * 3600.0
ALARM_FAILURES = 20
HOUR = 3600.0
DAY = 24 * HOUR
T = TypeVar("T")
# Guesses at made-up names must not fill the memory; whoever waits, goes on waiting.
MOST_NAMES = 10_000


class WaitError(HouseError):
    """Too many wrong tries: wait before the next one."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            gettext_noop(
                "Too many tries did not fit. Wait {minutes} min before the next one. "
                "If the words are lost, a colleague can help in another way."
            ),
            minutes=max(1, round(seconds / 60)),
        )
        self.seconds = seconds


@dataclass(slots=True)
class _Tries:
    failures: int = 0
    until: float = 0.0


def _wait(doublings: int) -> float:
    # No power of a number that an attacker can drive up without end.
    return min(FIRST_WAIT * 2.0 ** min(doublings, 20), LONGEST_WAIT)


@dataclass(slots=True)
class Throttle:
    """Failed tries per hashed name, and over the whole site in the last hour."""

    clock: Callable[[], float] = time.monotonic
    _tries: dict[bytes, _Tries] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, key: bytes) -> None:
        """Raise WaitError while a name must wait."""
        with self._lock:
            tries = self._tries.get(key)
            if tries is not None and (left := tries.until - self.clock()) > 0:
                raise WaitError(left)

    def failed(self, key: bytes) -> None:
        """Note a wrong try; one that came while the name had to wait lengthens no wait."""
        now = self.clock()
        with self._lock:
            self._recent.append(now)
            self._forget_old(now)
            tries = self._tries.setdefault(key, _Tries())
            if tries.until > now:
                return
            tries.failures += 1
            if tries.failures >= FREE_TRIES:
                tries.until = now + _wait(tries.failures - FREE_TRIES)

    def succeeded(self, key: bytes) -> None:
        """Forget the wrong tries of a name."""
        with self._lock:
            self._tries.pop(key, None)

    @property
    def alarm(self) -> bool:
        """Whether the site saw so many wrong tries in an hour that staff must know."""
        with self._lock:
            self._forget_old(self.clock())
            return len(self._recent) >= ALARM_FAILURES

    def _forget_old(self, now: float) -> None:
        while self._recent and now - self._recent[0] > HOUR:
            self._recent.popleft()
        if len(self._tries) > MOST_NAMES:
            still = {key: tries for key, tries in self._tries.items() if tries.until > now}
            self._tries = still


@dataclass(slots=True)
class CommonDoor:
    """A door at which nobody says who they are, so that everybody waits together.

    Five wrong tries a day are free, then waits double from half a minute to an hour: about
    forty tries a day, however many machines try. A right try forgives nothing, or whoever
    holds one code could guess at others without end. No try is told from another.
    """

    clock: Callable[[], float] = time.monotonic
    _failures: deque[float] = field(default_factory=deque)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, find: Callable[[], T | None]) -> T | None:
        """Return what is found, one try at a time; None is a wrong try.

        Raises
        ------
        WaitError
            While everybody has to wait; nothing is looked for then.
        """
        with self._lock:
            now = self.clock()
            if self._until > now:
                raise WaitError(self._until - now)
            found = find()
            if found is None:
                self._failed(now)
            return found

    @property
    def alarm(self) -> bool:
        """Whether so many tries were wrong in a day that staff must know."""
        with self._lock:
            self._forget_old(self.clock())
            return len(self._failures) >= ALARM_FAILURES

    def _failed(self, now: float) -> None:
        self._failures.append(now)
        self._forget_old(now)
        doublings = len(self._failures) - FREE_TRIES
        if doublings >= 0:
            self._until = now + min(_wait(doublings), HOUR)

    def _forget_old(self, now: float) -> None:
        while self._failures and now - self._failures[0] > DAY:
            self._failures.popleft()
