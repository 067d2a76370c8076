"""The one-time code on a referral slip: short, easy to say, hard to mistype."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable
from datetime import date

from footbridge.trust.decisions import Decision, gettext_noop

ALPHABET = "2356789CDFGHJKMNPQRTVWX"
"""23 signs, a prime number: no vowels, so no words; none of 0 O 1 I L 4 A B E S U Y Z."""

RANDOM_SIGNS = 7
LENGTH = RANDOM_SIGNS + 1
CODE_DAYS = 30
"""How long a slip is good for; a house default."""


def slip_code(draws: Callable[[int], int]) -> str:
    """Return a new code such as ``7KQ2-MX9D``.

    Seven signs are random (23**7, about 3.4 billion); the eighth is a weighted sum modulo
    23, so every single wrong sign and every swap of neighbours is noticed.

    Parameters
    ----------
    draws : callable
        Given 23, returns a whole number from 0 to 22; `secrets.randbelow` outside tests.
    """
    signs = [draws(len(ALPHABET)) for _ in range(RANDOM_SIGNS)]
    code = "".join(ALPHABET[sign] for sign in [*signs, _check_sign(signs)])
    return f"{code[:4]}-{code[4:]}"


def normal_form(typed: str) -> str:
    """Return what was typed as a code is written: capitals, one hyphen, no blanks."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    signs = "".join(sign for sign in wide if sign.isalnum())
    return f"{signs[:4]}-{signs[4:]}"


def is_well_formed(code: str) -> bool:
    """Whether a code has the right signs and the right check sign."""
    signs = [ALPHABET.find(sign) for sign in normal_form(code).replace("-", "")]
    if len(signs) != LENGTH or min(signs) < 0:
        return False
    return _check_sign(signs[:-1]) == signs[-1]


def check_redemption(issued: str | None, typed: str, *, issued_on: date, on: date) -> Decision:
    """Decide whether a code that came back proves a first attendance.

    Parameters
    ----------
    issued : str or None
        The code on this referral's slip; None where no slip was given.
    typed : str
        What somebody entered.
    issued_on, on : date
        The day of the slip and the day of attendance.
    """
    if issued is None:
        return Decision(False, gettext_noop("No slip was given for this referral. Send it first."))
    if not is_well_formed(typed):
        typo = gettext_noop("This is not a code: a sign is wrong or missing. Read it again.")
        return Decision(False, typo)
    if not hmac.compare_digest(normal_form(typed).encode(), normal_form(issued).encode()):
        return Decision(False, gettext_noop("This code belongs to another slip. Check the slip."))
    if (on - issued_on).days > CODE_DAYS:
        old = gettext_noop("This code ran out after {days} days. Ask the person instead.")
        return Decision(False, old, {"days": CODE_DAYS})
    return Decision(True, gettext_noop("The code is that of this slip."))


def _check_sign(signs: list[int]) -> int:
    """Return the sign that makes the sum of place times sign a multiple of 23."""
    total = sum(place * sign for place, sign in enumerate(signs, start=1))
    # place 8 has the inverse 3 modulo 23: 8 * 3 = 24 = 1
    return -total * 3 % len(ALPHABET)
