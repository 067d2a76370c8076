"""From what care knows to the little that research is told."""

from __future__ import annotations

from datetime import date

from footbridge.journey.outcomes.records import (
    AdverseEventBand,
    AdverseEventNoted,
    ArmAssigned,
    ArmBand,
    OutcomeBands,
    OutcomeCoded,
)
from footbridge.journey.outcomes.rules import (
    TIME_POINTS,
    check_values,
    count_band,
    days_used_band,
    interval,
    third_of,
)

NO_ARM = "none"
"""The arm of somebody who agreed to research and is in no trial."""


def bands_of(
    outcome: OutcomeCoded, *, scale: tuple[float, float], arm: str = NO_ARM
) -> OutcomeBands:
    """Return the research twin of a coded outcome.

    Parameters
    ----------
    scale : tuple of float
        Lowest and highest possible total of the recovery capital measure in use.

    Raises
    ------
    OutcomeError
        If the outcome's values cannot be right.
    """
    values = outcome.values
    check_values(values)
    return OutcomeBands(
        month=outcome.month,
        arm=arm,
        employment=values.employment,
        days_used=days_used_band(values.days_used, values.days_known),
        urine=values.urine,
        justice=values.justice,
        services=count_band(values.services),
        objectives=count_band(values.objectives),
        treatment=values.treatment,
        housing=values.housing,
        place=values.place,
        recovery_capital=third_of(values.recovery_capital, low=scale[0], high=scale[1]),
        used_30=values.used_30,
        crime_30=values.crime_30,
        community_30=values.community_30,
    )


def band_of_event(
    event: AdverseEventNoted,
    *,
    start: date,
    planned: tuple[int, ...] = TIME_POINTS,
    arm: str = NO_ARM,
) -> AdverseEventBand:
    """Return the research twin of an adverse event; the words stay in care."""
    day = event.happened_on
    month = None if day is None else interval(start, day, planned=planned)
    return AdverseEventBand(harm=event.harm, month=month, related=event.related, arm=arm)


def band_of_arm(assigned: ArmAssigned) -> ArmBand:
    """Return the research twin of an allocation."""
    return ArmBand(study=assigned.study, arm=assigned.arm)
