"""Whether a score has moved by more than its measurement error, and how that error is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from footbridge.journey.assessments.rules import Scale
from footbridge.journey.assessments.scoring import Score
from footbridge.trust.decisions import Decision, gettext_noop


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two sittings.

    Parameters
    ----------
    points : float or None
        Later minus earlier; None where either score is void.
    beyond_error : bool or None
        Whether it exceeds what measurement error alone would give in 95 of 100
        repetitions; None where the instrument's error is not published.
    """

    points: float | None
    beyond_error: bool | None
    verdict: Decision = field(compare=False)


def change(scale: Scale, *, now: Score, before: Score) -> Change:
    r"""Return the change between two sittings, judged against measurement error.

    Beyond error means :math:`|x_2 - x_1| > 1.96 \sqrt{2}\, SEM`.

    References
    ----------
    Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59(1), 12-19.
    """
    if now.value is None or before.value is None:
        return Change(None, None, Decision(False, gettext_noop("One of the two scores is void.")))
    points = now.value - before.value
    if scale.error is None:
        sentence = gettext_noop(
            "A change of {points}. The measurement error is not known, so it may be chance."
        )
        return Change(points, None, Decision(True, sentence, {"points": f"{points:+.1f}"}))
    margin = 1.96 * math.sqrt(2.0) * scale.error
    beyond = abs(points) > margin
    sentence = (
        gettext_noop("A change of {points}: more than the measurement error of {margin}.")
        if beyond
        else gettext_noop("A change of {points}: within the measurement error of {margin}.")
    )
    values = {"points": f"{points:+.1f}", "margin": f"{margin:.1f}"}
    return Change(points, beyond, Decision(True, sentence, values))
