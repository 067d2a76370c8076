"""Signing in: a colleague's key opened by name, passphrase and code, guesses slowed down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from footbridge.trust import runtime
from footbridge.trust.access import staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.vault import crypto


def open_colleague(asked: Mapping[str, Any]) -> Actor:
    """Open a colleague's key for the length of this request; guesses are slowed down.

    Raises
    ------
    WrongSignInError
        If name, passphrase and code do not belong together.
    WaitError
        After five wrong tries, for a time that doubles.
    """
    site = runtime.seal.keys
    key = sign_in_key(asked["name"])
    runtime.throttle.check(key)
    try:
        actor = staff.sign_in(
            asked["name"],
            passphrase=asked["passphrase"],
            totp=asked["code"],
            cost=settings.FOOTBRIDGE_KDF_COST,
            site=site,
            used=runtime.used_codes,
        )
    except staff.WrongSignInError:
        runtime.throttle.failed(key)
        raise
    runtime.throttle.succeeded(key)
    return actor


def sign_in_key(name: str) -> bytes:
    """Return under what wrong tries of a sign-in name are counted."""
    site = runtime.seal.keys
    return crypto.keyed_hash(site["lookup"], b"sign-in", staff.clean_name(name).encode())
