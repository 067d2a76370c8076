"""Paper shares: a key split into SLIP-39 words, some of which bring it back."""

from __future__ import annotations

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from footbridge.trust.decisions import HouseError, gettext_noop

EXPONENT = 0


class ShareError(HouseError):
    """Shares that cannot be made, or that do not belong together."""


def split(key: bytes, *, needed: int, shares: int) -> list[str]:
    """Return a key as `shares` lines of words, any `needed` of which bring it back.

    References
    ----------
    SLIP-0039, Shamir's secret sharing for mnemonic codes.
    """
    (group,) = generate_mnemonics(1, [(needed, shares)], key, iteration_exponent=EXPONENT)
    return list(group)


def combine(shares: Sequence[str]) -> bytes:
    """Return the key behind enough shares.

    Raises
    ------
    ShareError
        If a word is misspelt, a share is there twice, or too few are given.
    """
    lines = [" ".join(share.lower().split()) for share in shares]
    try:
        # A made-up share could ask for minutes of work, and from anybody at the keyholders' page.
        ours = all(Share.from_mnemonic(line).iteration_exponent == EXPONENT for line in lines)
        key = combine_mnemonics(lines) if ours else None
    except MnemonicError as error:
        raise ShareError(
            gettext_noop(
                "These shares do not fit together: {reason} "
                "Check each word against the paper, and use shares of different keyholders."
            ),
            reason=str(error),
        ) from error
    if key is None:
        raise ShareError(
            gettext_noop(
                "These are shares of something else: no Footbridge site makes them like this. "
                "Check the label on the papers."
            )
        )
    return key
