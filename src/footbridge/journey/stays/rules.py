"""What may be done with a stay, and why not; and how its days are counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from footbridge.journey.stays.codes import FollowMeans, Point
from footbridge.trust.decisions import Decision, HouseError, gettext_noop

DAY_MINUTES = 24 * 60
MOST_UNITS = 9999
CHART_HOURS = (1, 24)
_YES = gettext_noop("This can be done.")


class StayError(HouseError):
    """Something about a stay that cannot be right."""


def moment(day: date, minute: int) -> datetime:
    """Return the moment of a day that a record tells in minutes after midnight.

    Examples
    --------
    >>> moment(date(2026, 11, 21), 8 * 60 + 30)
    datetime.datetime(2026, 11, 21, 8, 30)
    """
    hours, minutes = divmod(min(max(minute, 0), DAY_MINUTES - 1), 60)
    return datetime.combine(day, time(hours, minutes))


def minute_of(at: time) -> int:
    """Return the minutes after midnight of a time of day."""
    return at.hour * 60 + at.minute


def nights(begun: date, until: date) -> int:
    """Return the days of a stay that count: nights, and one at least.

    Examples
    --------
    >>> nights(date(2026, 11, 1), date(2026, 11, 8)), nights(date(2026, 11, 1), date(2026, 11, 1))
    (7, 1)
    """
    return max(1, (until - begun).days)


def day_of(begun: date, on: date) -> int:
    """Return which day of a stay a day is; the day of admission is the first.

    Examples
    --------
    >>> day_of(date(2026, 11, 1), date(2026, 11, 3))
    3
    """
    return max(1, (on - begun).days + 1)


def may_admit(*, in_stay: bool, agreed: Iterable[Point]) -> Decision:
    """Decide whether a stay may begin: nobody is in two beds, and all points were spoken of."""
    if in_stay:
        return Decision(
            False,
            gettext_noop("This person is in a stay already. End it first, or change the bed."),
        )
    if set(agreed) != set(Point):
        return Decision(
            False,
            gettext_noop(
                "The agreement has parts that were not spoken of yet. "
                "Say each of the six, answer questions, and tick it."
            ),
        )
    return Decision(True, _YES)


def may_write(*, in_stay: bool) -> Decision:
    """Decide whether the chart, a dose, a session or more days may be written now."""
    if not in_stay:
        return Decision(
            False,
            gettext_noop("This person is in no stay now. Begin one before writing in it."),
        )
    return Decision(True, _YES)


def may_follow(*, left: bool) -> Decision:
    """Decide whether something after a stay may be noted: only when the last one has ended."""
    if not left:
        return Decision(
            False,
            gettext_noop("No stay has ended yet, and this belongs to the time after one."),
        )
    return Decision(True, _YES)


def may_contact(means: FollowMeans, *, consented: bool) -> Decision:
    """Decide whether a contact may be noted: reaching out asks for consent to contact."""
    if means is FollowMeans.AGREED_WAY and not consented:
        return Decision(
            False,
            gettext_noop(
                "No consent to contact stood on that day, so nobody may have reached out. "
                "Choose another way if the person came by themself, or ask for the consent."
            ),
        )
    return Decision(True, _YES)


def check_moment(at: datetime, *, begun: datetime, now: datetime) -> None:
    """Raise StayError unless a moment lies between admission and now.

    A minute's grace, since a form was filled in a moment ago.
    """
    if at > now + timedelta(minutes=1):
        raise StayError(
            gettext_noop("That moment has not come yet. Enter when it was, or wait until then.")
        )
    if at < begun:
        raise StayError(gettext_noop("That was before the stay began. Check the day and the time."))


def check_day(day: date, *, first: date, on: date) -> None:
    """Raise StayError unless a day lies between a first day and today."""
    if not first <= day <= on:
        raise StayError(
            gettext_noop("That day is not between {first} and {on}. Check it and enter it again."),
            first=first,
            on=on,
        )


def check_amount(amount: float) -> None:
    """Raise StayError where a figure cannot be an amount at all; nothing is said of doses."""
    if not 0 < amount <= MOST_UNITS:
        raise StayError(
            gettext_noop(
                "This figure cannot be an amount: it is over 0 and at most {most}. "
                "Check the figure and its unit against the order."
            ),
            most=MOST_UNITS,
        )
