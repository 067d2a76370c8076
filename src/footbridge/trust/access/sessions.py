"""Sessions: a private key in memory, encrypted under a secret that only the cookie has.

Nothing of a session is on disk. Whoever reads this process's memory without the
cookie finds ciphertext; whoever has the cookie after the session ended finds nothing.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Role
from footbridge.trust.vault import crypto
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.site_keys import SealedSiteError, SiteKeys

_SECRET_BYTES = 32


class Ended(StrEnum):
    """Why there is no session behind a cookie."""

    IDLE = "idle"
    TOO_LONG = "too-long"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session may be idle, and how long it may last, in seconds."""

    idle: float = 600.0
    kiosk_idle: float = 180.0
    absolute: float = 8 * 3600.0


@dataclass(slots=True)
class _Row:
    actor: uuid.UUID
    role: Role | None
    sealed: bytes = field(repr=False)
    began: float
    seen: float
    # Values to show once (a new phrase, a code), each sealed like the key.
    once: dict[str, bytes] = field(default_factory=dict, repr=False)
    noted: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Session:
    """A live session, as one request holds it."""

    actor: Actor
    remaining_idle: float
    _row: _Row = field(repr=False)
    _secret: bytes = field(repr=False)

    def keep_once(self, name: str, text: str) -> None:
        """Keep a text until it is shown; it is sealed under the cookie's secret."""
        self._row.once[name] = crypto.seal(_key(self._secret), text.encode(), bound_to=b"once")

    def take_once(self, name: str) -> str | None:
        """Return a kept text and forget it."""
        sealed = self._row.once.pop(name, None)
        if sealed is None:
            return None
        return crypto.open_sealed(_key(self._secret), sealed, bound_to=b"once").decode()

    def say(self, text: str, *, level: str = "success") -> None:
        """Keep a line for the top of the next page."""
        self.keep_once("say", json.dumps([level, text]))

    def said(self) -> tuple[str, str] | None:
        """Return (level, text) of the line to show, once."""
        kept = self.take_once("say")
        if kept is None:
            return None
        level, text = json.loads(kept)
        return level, text

    def first_time(self, what: str) -> bool:
        """Whether something is done for the first time in this session; note it."""
        if what in self._row.noted:
            return False
        self._row.noted.add(what)
        return True


class Sessions:
    """Every live session of this process, found by a hash of the cookie's secret."""

    def __init__(self, limits: Limits, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._rows: dict[bytes, _Row] = {}
        self._lock = threading.Lock()

    def begin(self, actor: Actor) -> str:
        """Keep an actor's key for a new session; return the cookie's value.

        Raises
        ------
        SealedSiteError
            If the site was sealed while somebody signed in: panic must outlast them.
        """
        secret, now = secrets.token_bytes(_SECRET_BYTES), self._clock()
        sealed = crypto.seal(_key(secret), actor.pair.private + actor.name.encode(), bound_to=b"s")
        with self._lock:
            if not actor.site.live:
                raise SealedSiteError
            self._rows[_index(secret)] = _Row(actor.id, actor.role, sealed, now, now)
        return secret.hex()

    def resume(self, cookie: str, *, site: SiteKeys) -> Session | Ended:
        """Return the session behind a cookie, or why there is none."""
        try:
            secret = bytes.fromhex(cookie)
        except ValueError:
            return Ended.UNKNOWN
        now = self._clock()
        with self._lock:
            row = self._rows.get(_index(secret))
            if row is None:
                return Ended.UNKNOWN
            idle = self._limits.idle if row.role else self._limits.kiosk_idle
            if now - row.began > self._limits.absolute:
                del self._rows[_index(secret)]
                return Ended.TOO_LONG
            if now - row.seen > idle:
                del self._rows[_index(secret)]
                return Ended.IDLE
            row.seen = now
        plain = crypto.open_sealed(_key(secret), row.sealed, bound_to=b"s")
        pair, name = KeyPair.of(plain[: crypto.KEY_BYTES]), plain[crypto.KEY_BYTES :].decode()
        return Session(Actor(row.actor, pair, site, row.role, name), idle, row, secret)

    def end(self, cookie: str) -> None:
        """End one session."""
        try:
            index = _index(bytes.fromhex(cookie))
        except ValueError:
            return
        with self._lock:
            self._rows.pop(index, None)

    def end_of(self, actor: uuid.UUID) -> int:
        """End every session of one actor (revoked, left, forgotten); return how many."""
        with self._lock:
            found = [index for index, row in self._rows.items() if row.actor == actor]
            for index in found:
                del self._rows[index]
        return len(found)

    def end_all(self) -> None:
        """End every session."""
        with self._lock:
            self._rows.clear()

    def sweep(self) -> int:
        """Drop sessions that are over; return how many live."""
        now = self._clock()
        with self._lock:
            for index, row in list(self._rows.items()):
                idle = self._limits.idle if row.role else self._limits.kiosk_idle
                if now - row.seen > idle or now - row.began > self._limits.absolute:
                    del self._rows[index]
            return len(self._rows)


def _index(secret: bytes) -> bytes:
    return crypto.plain_hash(b"session index", secret)


def _key(secret: bytes) -> bytes:
    return crypto.subkey(secret, "session")
