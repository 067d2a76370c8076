"""What a stay costs: a base price a day and factors, all of them a site's own data.

The published hospital took about 300 RMB a day and 2,100 RMB for a week, in cash and ahead;
its weights are not given, so none are invented here. Chinese rules say that treatment is not
for profit and that fees follow the province's list: the module is off unless a site turns it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from footbridge.journey.stays.codes import Drug, RoomKind, Severity
from footbridge.trust.decisions import HouseError, gettext_noop

HUNDRED = 100
MOST_DAYS = 90
"""A quote for longer is a slip of the hand; a house limit."""


class TariffError(HouseError):
    """A tariff or a number of days that cannot be right."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """A base price a day in whole yuan, and factors in percent; 100 changes nothing.

    Examples
    --------
    >>> Tariff(300).per_day(Drug.HEROIN, Severity.MIDDLE, RoomKind.SHARED)
    300
    >>> Tariff(300, rooms={RoomKind.PRIVATE: 150}).per_day(
    ...     Drug.HEROIN, Severity.MIDDLE, RoomKind.PRIVATE)
    450
    """

    base: int
    severities: Mapping[Severity, int] = field(default_factory=dict)
    drugs: Mapping[Drug, int] = field(default_factory=dict)
    rooms: Mapping[RoomKind, int] = field(default_factory=dict)

    def per_day(self, drug: Drug, severity: Severity, room: RoomKind) -> int:
        """Return the price of a day in whole yuan, halves rounded up."""
        product = (
            self.base
            * self.severities.get(severity, HUNDRED)
            * self.drugs.get(drug, HUNDRED)
            * self.rooms.get(room, HUNDRED)
        )
        return (2 * product + HUNDRED**3) // (2 * HUNDRED**3)


@dataclass(frozen=True, slots=True)
class Quote:
    """What some days cost, ahead."""

    days: int
    per_day: int

    @property
    def total(self) -> int:
        """The sum to be paid ahead, in yuan."""
        return self.days * self.per_day


def quote(per_day: int, *, days: int) -> Quote:
    """Return what a number of days costs.

    Raises
    ------
    TariffError
        If the days are none, or more than a stay may plan at once.

    Examples
    --------
    >>> quote(300, days=7).total
    2100
    """
    check_days(days)
    return Quote(days, per_day)


def check_days(days: int) -> None:
    """Raise TariffError where a number of planned days cannot be right."""
    if not 1 <= days <= MOST_DAYS:
        raise TariffError(
            gettext_noop(
                "{days} days cannot be planned at once. Plan 1 to {most} days; "
                "a stay can be made longer later."
            ),
            days=days,
            most=MOST_DAYS,
        )


def refund(*, prepaid: int, stayed: int, per_day: int) -> Quote:
    """Return the days that were paid and not used, and what they cost.

    Examples
    --------
    >>> refund(prepaid=7, stayed=4, per_day=300).total
    900
    """
    return Quote(max(0, prepaid - stayed), per_day)
