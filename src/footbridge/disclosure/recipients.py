"""A recipient's public key as text that a person can carry without a slip going unseen."""

from __future__ import annotations

import base64
import hashlib

from footbridge.disclosure.errors import RecipientError

PREFIX = "fbx1"
KEY_BYTES = 32
CHECK_BYTES = 3
GROUP = 8
SEALED_MARK = b"footbridge extract 1\n"
"""The first line of a sealed extract; the sealed box follows."""


def write_public(key: bytes) -> str:
    """Return a public key as lower-case text in groups, with a checksum at its end.

    Raises
    ------
    RecipientError
        If it is not 32 bytes long.
    """
    if len(key) != KEY_BYTES:
        raise _error("A public key is 32 bytes long, and this one is not.")
    text = base64.b32encode(key + _check(key)).decode().rstrip("=").lower()
    groups = [text[at : at + GROUP] for at in range(0, len(text), GROUP)]
    return "-".join([PREFIX, *groups])


def read_public(text: str) -> bytes:
    """Return the public key of what `write_public` wrote; spaces and capitals do not matter.

    Raises
    ------
    RecipientError
        If a character is missing, mistyped or swapped.
    """
    plain = "".join(text.lower().split()).replace("-", "")
    if not plain.startswith(PREFIX):
        raise _error(f"A recipient's key begins with {PREFIX}.")
    body = plain.removeprefix(PREFIX).upper()
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except ValueError as error:
        raise _error("The key has a letter or digit that no key has.") from error
    key, check = raw[:KEY_BYTES], raw[KEY_BYTES:]
    if len(key) != KEY_BYTES or check != _check(key):
        raise _error("The key's checksum does not fit: something was left out or mistyped.")
    return key


def _check(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=CHECK_BYTES, person=b"recipient").digest()


def _error(what: str) -> RecipientError:
    return RecipientError(
        what,
        "Sealing to a wrong key would make a file that nobody, or somebody else, can open.",
        "Copy the whole line that 'footbridge extract keygen' printed.",
    )
