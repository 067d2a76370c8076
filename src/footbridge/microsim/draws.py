"""Counter-based draws: one number per (seed, person, month, event), and no stream.

A draw depends on nothing but these four, so a lever changes only what it touches, the order
of persons and the number of threads change nothing, and a new event code changes no other
draw. Two events share one 64-bit word (its halves), which is what makes the kernel fast.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Uniforms = NDArray[np.float64]
Persons = NDArray[np.int64]

GOLDEN = 0x9E3779B97F4A7C15  # splitmix64 increment: Steele, Lea & Flood 2014
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB
MASK = (1 << 64) - 1
HALF = 2.0**-32
PERSON_SHIFT = 16
MONTH_SHIFT = 6  # 1024 months x 64 words of two events


class Event(IntEnum):
    """What a draw decides. A code, once used, is never given another meaning."""

    DEATH = 0
    OVERDOSE = 1
    DETECTED = 2
    SEEKS = 3
    PRIVATE = 4
    QUITS = 5
    HIV = 6
    RELAPSES = 7
    DROPS = 8
    POLICE = 9
    URINE = 10
    LINKS = 11
    FATAL = 12
    SANCTION = 13
    STAY = 14
    ORDERED = 15
    LABOUR = 16
    TREATED = 17
    MANAGED = 18
    JOB = 19
    AFTERCARE = 20
    REPORTED = 21
    REGISTERED = 22
    ASSISTED = 23
    REACHED = 24
    ENTRY = 64
    SEX = 65
    AGE = 66
    INJECTS = 67
    ROUTE = 68
    SEVERITY = 69
    STIGMA = 70
    INCOME = 71
    BELIEF = 72
    PROVINCE = 73


class Keys(NamedTuple):
    """Two 64-bit keys made from a seed; the second breaks overlaps between seeds."""

    first: np.uint64
    second: np.uint64


def keys_of(seed: int) -> Keys:
    """Return the keys of a seed.

    Parameters
    ----------
    seed : int
        0 or more.
    """
    return Keys(np.uint64(_finish(seed * GOLDEN + MIX_1)), np.uint64(_finish(seed + MIX_2)))


def _finish(value: int) -> int:
    """Scramble one 64-bit integer (the splitmix64 finaliser)."""
    value &= MASK
    value = ((value ^ (value >> 30)) * MIX_1) & MASK
    value = ((value ^ (value >> 27)) * MIX_2) & MASK
    return value ^ (value >> 31)


def splitmix(keys: Keys, persons: Persons, month: int, event: int) -> Uniforms:
    """Return one uniform in [0, 1) per person, with 32 bits.

    Parameters
    ----------
    keys : Keys
        From `keys_of`.
    persons : ndarray of int64
        Person numbers, below 2**47.
    month : int
        0 to 1023.
    event : int
        A code below 128.

    Returns
    -------
    ndarray of float64
        Multiples of 2**-32.

    References
    ----------
    Steele, Lea & Flood (2014), OOPSLA, https://doi.org/10.1145/2660193.2660195
    """
    offset = np.uint64((month << MONTH_SHIFT) + (event >> 1))
    z = (persons.astype(np.uint64) << np.uint64(PERSON_SHIFT)) + offset
    z = z * np.uint64(GOLDEN) + keys.first
    z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX_1) + keys.second
    z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX_2)
    return _half(z ^ (z >> np.uint64(31)), event)


def _half(word: NDArray[np.uint64], event: int) -> Uniforms:
    """Return the half of a word that belongs to an event, as a uniform."""
    part = word >> np.uint64(32) if event & 1 else word & np.uint64(0xFFFFFFFF)
    return part.astype(np.float64) * HALF


def philox(keys: Keys, persons: Persons, month: int, event: int) -> Uniforms:
    """Return one uniform per person from Philox4x32-10: an independent cross-check.

    References
    ----------
    Salmon, Moraes, Dror & Shaw (2011), SC '11, https://doi.org/10.1145/2063384.2063405
    """
    low32 = np.uint64(0xFFFFFFFF)
    c0 = persons.astype(np.uint64) & low32
    c1 = persons.astype(np.uint64) >> np.uint64(32)
    c2 = np.full_like(c0, (month << MONTH_SHIFT) + (event >> 1))
    c3 = np.zeros_like(c0)
    k0, k1 = int(keys.first) & 0xFFFFFFFF, int(keys.first) >> 32
    for _ in range(10):
        c0, c1, c2, c3 = _philox_round((c0, c1, c2, c3), k0, k1)
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return _half(c0 | (c1 << np.uint64(32)), event)


Four = tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]


def _philox_round(counter: Four, k0: int, k1: int) -> Four:
    """Apply one round of Philox4x32 to four 32-bit lanes."""
    c0, c1, c2, c3 = counter
    low32, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    p0, p1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
    return (
        (p1 >> shift) ^ c1 ^ np.uint64(k0),
        p1 & low32,
        (p0 >> shift) ^ c3 ^ np.uint64(k1),
        p0 & low32,
    )


Generator = Callable[[Keys, Persons, int, int], Uniforms]
GENERATORS: dict[str, Generator] = {"splitmix": splitmix, "philox": philox}
