"""The few primitives that everything else is built from: libsodium and Argon2id, named plainly."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field

from argon2.low_level import Type, hash_secret_raw
from nacl import bindings
from nacl.exceptions import CryptoError

from footbridge.trust.decisions import HouseError, gettext_noop

KEY_BYTES = 32
NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
BOX_OVERHEAD = bindings.crypto_box_SEALBYTES
PAD_STEP = 512

# Each derivation holds up to 256 MiB; two at once is what a small machine can spare.
_derivations = threading.Semaphore(2)


class SealError(HouseError):
    """Sealed bytes do not open: the wrong key, the wrong place, or altered bytes."""


def random_key() -> bytes:
    """Return 256 fresh random bits."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """Return ``nonce || XChaCha20-Poly1305(plain)``, readable only with the same `bound_to`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, bound_to, nonce, key)


def open_sealed(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Return what `seal` took.

    Raises
    ------
    SealError
        If key or place differ from those at sealing, or a single bit has changed.
    """
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(body, bound_to, nonce, key)
    except (CryptoError, ValueError, TypeError) as error:
        raise SealError(
            gettext_noop(
                "A sealed value does not open: the key is not its key, or it was moved or "
                "changed. Nothing was shown. If you did not expect this, run 'footbridge doctor'."
            )
        ) from error


def pad(plain: bytes) -> bytes:
    """Return the bytes padded to the next step of 512, so that length tells little."""
    return bindings.sodium_pad(plain, PAD_STEP)


def unpad(padded: bytes) -> bytes:
    """Return what `pad` took; raise SealError for anything else."""
    try:
        return bindings.sodium_unpad(padded, PAD_STEP)
    except (CryptoError, ValueError) as error:
        raise SealError(
            gettext_noop("A sealed value is not whole. It was written by another version.")
        ) from error


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X25519 pair; the private half never appears in a repr."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def new(cls) -> KeyPair:
        """Return a fresh pair."""
        public, private = bindings.crypto_box_keypair()
        return cls(public, private)

    @classmethod
    def of(cls, private: bytes) -> KeyPair:
        """Return the pair of a private key."""
        return cls(bindings.crypto_scalarmult_base(private), private)


def check_pair(pair: KeyPair, stored: bytes) -> None:
    """Raise SealError unless the public key that the database tells is an open pair's own.

    Whoever changes it there would have the next keys sealed to themself.
    """
    if not same(pair.public, stored):
        raise SealError(
            gettext_noop(
                "Somebody changed a public key in this database, so that keys would be sealed to "
                "them. Nothing was opened. Seal the site and run 'footbridge doctor'."
            )
        )


def seal_to(public: bytes, plain: bytes) -> bytes:
    """Return a sealed box that only the private half of `public` opens."""
    return bindings.crypto_box_seal(plain, public)


def open_from(pair: KeyPair, sealed: bytes) -> bytes:
    """Return what `seal_to` took; raise SealError if the box was sealed to somebody else."""
    try:
        return bindings.crypto_box_seal_open(sealed, pair.public, pair.private)
    except (CryptoError, ValueError, TypeError) as error:
        raise SealError(
            gettext_noop(
                "A wrap does not open with this key: it was sealed to another holder. "
                "Ask a current holder to grant access again."
            )
        ) from error


def keyed_hash(key: bytes, *parts: bytes, size: int = 32) -> bytes:
    """Return BLAKE2b of length-prefixed parts under a key."""
    digest = hashlib.blake2b(key=key, digest_size=size)
    for part in parts:
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()


def plain_hash(*parts: bytes, size: int = 32) -> bytes:
    """Return BLAKE2b of length-prefixed parts without a key: anybody can check it."""
    digest = hashlib.blake2b(digest_size=size)
    for part in parts:
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()


def subkey(key: bytes, purpose: str) -> bytes:
    """Return the key for one purpose; keys of two purposes tell nothing of each other."""
    return keyed_hash(key, b"footbridge subkey", purpose.encode())


def same(left: bytes, right: bytes) -> bool:
    """Whether two values are equal, in time that does not tell where they differ."""
    return hmac.compare_digest(left, right)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one derivation costs an attacker: memory in KiB, passes, lanes."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4

    def at_least(self, floor: Cost) -> bool:
        """Whether neither memory nor passes are under the floor."""
        return self.memory_kib >= floor.memory_kib and self.passes >= floor.passes


FLOOR = Cost(memory_kib=64 * 1024, passes=3, lanes=1)


def stretch(secret: bytes, *, salt: bytes, cost: Cost) -> bytes:
    """Return a key derived from a secret by Argon2id (RFC 9106); at most two run at once."""
    with _derivations:
        return hash_secret_raw(
            secret,
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
