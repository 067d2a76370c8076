"""Whether a score has moved by more than its measurement error, and how that error is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from footbridge.journey.assessments.own_data import Sample
from footbridge.journey.assessments.rules import Better, Reliability, Scale
from footbridge.journey.assessments.scoring import Score
from footbridge.trust.decisions import Decision, gettext_noop

CRITICAL = 1.96
"""Beyond this, chance alone would bring a change in 5 of 100 repetitions or fewer."""


class Known(StrEnum):
    """Where a measurement error comes from."""

    PUBLISHED = "published"
    PUBLISHED_RELIABILITY = "published-reliability"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """The standard error of measurement of a scale, and how it is known.

    Parameters
    ----------
    points : float
        In points of the scale.
    reliability : Reliability or None
        None where the error itself is published.
    people : int or None
        How many people's spread went into it.
    """

    points: float
    known: Known
    reliability: Reliability | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two sittings.

    Parameters
    ----------
    points : float or None
        Later minus earlier; None where either score is void.
    index : float or None
        Reliable change index; None where the measurement error is not known.
    beyond_error : bool or None
        Whether the index exceeds 1.96 either way; None where there is none.
    good : bool or None
        Whether it is a change for the better; None where neither end is, or it may be error.
    """

    points: float | None
    index: float | None
    beyond_error: bool | None
    good: bool | None
    verdict: Decision = field(compare=False)


def error_of(scale: Scale, own: Sample | None) -> MeasurementError | None:
    r"""Return a scale's standard error of measurement, the best known one; None where none is.

    A published error comes first; else :math:`SD \sqrt{1 - r}` with the spread in one's own
    caseload and a published reliability, or Cronbach's alpha there.
    """
    if scale.error is not None:
        return MeasurementError(scale.error, Known.PUBLISHED)
    if own is None or own.sd is None:
        return None
    reliability = scale.reliability
    known = Known.PUBLISHED_RELIABILITY
    if reliability is None:
        if own.alpha is None or not 0 < own.alpha <= 1:
            return None
        known, reliability = Known.OWN, Reliability(own.alpha, "alpha", "own", own.complete)
    points = own.sd * math.sqrt(1 - reliability.value)
    return MeasurementError(points, known, reliability, own.n) if points > 0 else None


def change(
    scale: Scale, *, now: Score, before: Score, error: MeasurementError | None = None
) -> Change:
    r"""Return the change between two sittings, judged against measurement error.

    The reliable change index is :math:`(x_2 - x_1) / (\sqrt{2}\, SEM)`.

    Parameters
    ----------
    error : MeasurementError or None
        As `error_of` found it; without it, only a published one of the scale is used.

    References
    ----------
    Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59(1), 12-19.
    """
    if now.value is None or before.value is None:
        void = Decision(False, gettext_noop("One of the two scores is void."))
        return Change(None, None, None, None, void)
    points = now.value - before.value
    error = error or error_of(scale, None)
    if error is None:
        sentence = gettext_noop(
            "A change of {points}. The measurement error is not known, so it may be chance."
        )
        verdict = Decision(True, sentence, {"points": f"{points:+.1f}"})
        return Change(points, None, None, None, verdict)
    index = points / (math.sqrt(2.0) * error.points)
    beyond = abs(index) > CRITICAL
    sentence = (
        gettext_noop(
            "A change of {points}: more than the measurement error of {margin}. "
            "Reliable change index {index}."
        )
        if beyond
        else gettext_noop(
            "A change of {points}: within the measurement error of {margin}. "
            "Reliable change index {index}."
        )
    )
    values = {
        "points": f"{points:+.1f}",
        "margin": f"{CRITICAL * math.sqrt(2.0) * error.points:.1f}",
        "index": f"{index:+.2f}",
    }
    good = (points > 0) == (scale.better is Better.HIGHER) if beyond and scale.better else None
    return Change(points, index, beyond, good, Decision(True, sentence, values))


def explained(error: MeasurementError) -> Decision:
    """Return in a sentence where a measurement error comes from."""
    values: dict[str, object] = {"sem": f"{error.points:.1f}", "people": error.people}
    if error.reliability is None:
        return Decision(True, gettext_noop("Measurement error {sem}, as published."), values)
    values |= {"value": f"{error.reliability.value:.2f}", "source": error.reliability.source}
    if error.known is Known.OWN:
        sentence = gettext_noop(
            "Measurement error {sem}: Cronbach's alpha {value} and spread among the {people} "
            "people whom you care for and who answered it."
        )
    else:
        sentence = gettext_noop(
            "Measurement error {sem}: published reliability {value} ({source}) and the spread "
            "among the {people} people whom you care for and who answered it."
        )
    return Decision(True, sentence, values)
