"""How many different people several sites saw, when no two sites may compare a record.

Each person is asked once a quarter "did another site see you this quarter?". A coin in
the person's own hand forces some of the answers, so that nobody who hears one learns
anything. The share that is left gives a point value, and the plain sum is a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from footbridge.disclosure.errors import DisclosureError

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Coin:
    """How often the coin answers in the person's place.

    Parameters
    ----------
    yes, no : Fraction
        Probability that the coin forces "yes" or "no"; else the answer is true.

    Raises
    ------
    DisclosureError
        If nothing is left for the truth, or one of the answers is never forced.
    """

    yes: Fraction = Fraction(1, 4)
    no: Fraction = Fraction(1, 4)

    def __post_init__(self) -> None:
        if not (self.yes > 0 and self.no > 0 and self.yes + self.no < 1):
            raise DisclosureError(
                "This coin protects nobody, or leaves nothing to count.",
                "Both answers have to be forced sometimes, and the truth told sometimes.",
                "Use a quarter for each, as two tosses of a coin give.",
            )

    @property
    def truth(self) -> Fraction:
        """How often the true answer is given."""
        return 1 - self.yes - self.no

    def answer(self, true: bool, *, draws: Callable[[int], int]) -> bool:
        """Return what a person says who tosses the coin first."""
        bottom = self.yes.denominator * self.no.denominator
        tossed = Fraction(draws(bottom), bottom)
        if tossed < self.yes:
            return True
        return False if tossed < self.yes + self.no else true


@dataclass(frozen=True, slots=True)
class Distinct:
    """Different people across sites.

    Parameters
    ----------
    point : float
        The plain sum less half of those who were seen elsewhere too: exact where nobody
        was seen at more than two sites.
    low, high : float
        95 % interval of the point value, for chance in who was asked and in the coin.
    bound : int
        The plain sum: there cannot be more.
    share : float
        Estimated share of answers "yes" if all were true.
    """

    point: float
    low: float
    high: float
    bound: int
    share: float


def share_of_yes(yes: int, asked: int, coin: Coin) -> tuple[float, float, float]:
    """Return the estimated true share of "yes" and its 95 % interval.

    The interval is Wilson's for the answers given, carried through the coin.

    Raises
    ------
    DisclosureError
        If nobody was asked, or more said yes than were asked.

    References
    ----------
    Boruch 1971, Am. Sociol. 6:308-311 (forced response); Wilson 1927, JASA 22:209-212.
    """
    if asked < 1 or not 0 <= yes <= asked:
        raise DisclosureError(
            "The answers cannot be counted.",
            "Somebody has to be asked, and no more can say yes than were asked.",
            "Count the answers again.",
        )
    said, z = yes / asked, Z95
    middle = (said + z * z / (2 * asked)) / (1 + z * z / asked)
    half = z * sqrt(said * (1 - said) / asked + (z / (2 * asked)) ** 2) / (1 + z * z / asked)
    point, low, high = (
        min(1.0, max(0.0, (value - float(coin.yes)) / float(coin.truth)))
        for value in (said, middle - half, middle + half)
    )
    return point, low, high


def distinct_people(
    site_counts: Sequence[int], *, yes: int, asked: int, coin: Coin | None = None
) -> Distinct:
    """Return the number of different people whom some sites saw in a quarter.

    Parameters
    ----------
    site_counts : sequence of int
        The distinct people of each site, as each counts its own.
    yes, asked : int
        Answers "yes" and all answers, of all sites together.
    coin : Coin, optional
        The coin that was tossed; a quarter forced each way by default.

    Raises
    ------
    DisclosureError
        If a count is negative, there is no site, or the answers cannot be counted.

    Examples
    --------
    >>> distinct_people([120, 80], yes=60, asked=200).point
    190.0
    """
    if not site_counts or min(site_counts) < 0:
        raise DisclosureError(
            "The sites' counts cannot be added.", "Each is 0 or more.", "Count them again."
        )
    total = sum(site_counts)
    share, low, high = share_of_yes(yes, asked, coin or Coin())
    return Distinct(
        total * (1 - share / 2), total * (1 - high / 2), total * (1 - low / 2), total, share
    )
