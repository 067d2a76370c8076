"""What every coefficient returns: a number, or *undefined* with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from footbridge.grounded.errors import AgreementError


@dataclass(frozen=True, slots=True)
class Agreement:
    """One coefficient.

    Attributes
    ----------
    measure : str
        Which coefficient this is, for example ``"Krippendorff's alpha (nominal)"``.
    value : float or None
        The coefficient; None where it is undefined.
    observed, expected : float or None
        Observed and expected *agreement* for the kappa family, observed and expected
        *disagreement* for the alpha family (lengths squared for the unitizing one are
        already divided out).
    units : float
        How many units (or characters) entered.
    reason : str or None
        Why there is no value, and what to report instead.
    """

    measure: str
    value: float | None
    observed: float | None
    expected: float | None
    units: float
    reason: str | None = None

    @property
    def defined(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    def required(self) -> float:
        """Return the value.

        Raises
        ------
        AgreementError
            If the coefficient is undefined; the text is the reason.
        """
        if self.value is None:
            raise AgreementError(f"{self.measure} is undefined: {self.reason}")
        return self.value

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.measure}: undefined. {self.reason}"
        return f"{self.measure}: {self.value:.3f}"


NO_PAIRS = (
    "No unit was coded by two coders, so nothing can be compared. "
    "Let both coders code the same interviews."
)
ONE_VALUE = (
    "Every coder gave the same code to every unit. Agreement beyond chance cannot be told "
    "from one value. Report percent agreement, or code units that differ."
)


def undefined(
    measure: str, reason: str, *, units: float = 0, observed: float | None = None
) -> Agreement:
    """Return a coefficient without a value."""
    return Agreement(measure, None, observed, None, units, reason)


def beyond_chance(measure: str, observed: float, expected: float, *, units: float) -> Agreement:
    """Return ``(observed - expected) / (1 - expected)``, or undefined where chance explains all."""
    if units == 0:
        return undefined(measure, NO_PAIRS)
    if 1.0 - expected <= 1e-12:
        return undefined(measure, ONE_VALUE, units=units, observed=observed)
    value = float((observed - expected) / (1.0 - expected))
    return Agreement(measure, value, float(observed), float(expected), float(units))


def one_minus_ratio(measure: str, observed: float, expected: float, *, units: float) -> Agreement:
    """Return ``1 - observed / expected`` disagreement, or undefined where none is expected."""
    if units == 0:
        return undefined(measure, NO_PAIRS)
    if expected <= 0.0:
        return undefined(measure, ONE_VALUE, units=units)
    value = float(1.0 - observed / expected)
    return Agreement(measure, value, float(observed), float(expected), float(units))
