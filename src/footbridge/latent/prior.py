"""Weakly informative priors for small samples: what may be asked for."""

from dataclasses import dataclass, fields, replace

from footbridge.latent.errors import OptionError


@dataclass(frozen=True, slots=True)
class Prior:
    r"""A prior on the completely standardised solution, so that units do not matter.

    .. math:: \log\pi = w \Big[-\sum_i \frac{s_i^2}{2 \sigma_i^2} + a \sum_j \log\frac{\psi_j}{v_j}
        + c \sum_k \log(1 - r_k^2)\Big]

    with s standardised loadings, paths and thresholds, psi / v the residual share of the variance
    of what the model explains and r the free (residual) correlations. The last two go to minus
    infinity at the edge of the space: no negative variance and no correlation of 1 can be an
    estimate. Intercepts and variances of causes have a flat prior.

    Parameters
    ----------
    loading, path, threshold
        Standard deviations around 0 of standardised loadings, regressions and thresholds; None
        for a flat prior.
    residual, correlation
        Powers of the residual share and of 1 - r^2; 0 for a flat prior. A power of 1/2 is a
        gamma(2, 0) prior on the residual standard deviation (Chung et al. 2013).
    weight
        Multiplies the log prior; `prior_sensitivity` varies it.

    Raises
    ------
    OptionError
        If a number is negative, or a standard deviation is 0.

    References
    ----------
    Chung, Rabe-Hesketh, Dorie, Gelman and Liu (2013), Psychometrika 78, 685-709; Martin and
    McDonald (1975), Psychometrika 40, 505-517; Lewandowski, Kurowicka and Joe (2009), Journal of
    Multivariate Analysis 100, 1989-2001.

    Examples
    --------
    >>> Prior(path=1.0).text
    'loadings N(0, 1), paths N(0, 1), thresholds N(0, 2), residual shares ^ 0.5, (1 - r^2) ^ 0.5'
    """

    loading: float | None = 1.0
    path: float | None = 0.5
    threshold: float | None = 2.0
    residual: float = 0.5
    correlation: float = 0.5
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse numbers that make no prior."""
        for field in fields(self):
            value = getattr(self, field.name)
            spread = field.name in {"loading", "path", "threshold"}
            if value is None and spread:
                continue
            real = isinstance(value, int | float) and not isinstance(value, bool)
            if not real or not 0 <= value < float("inf") or (spread and value == 0):
                raise OptionError(
                    f"Prior({field.name}=...) is no {'positive' if spread else 'usable'} number.",
                    "It is a standard deviation." if spread else "It is a power.",
                    "Give a positive number, or None for a flat prior."
                    if spread
                    else "Give 0 (flat) or a positive number.",
                )

    def weighted(self, factor: float) -> "Prior":
        """Return the prior with its logarithm multiplied by `factor`."""
        return replace(self, weight=self.weight * factor)

    @property
    def text(self) -> str:
        """The prior in words; standard deviations in brackets."""
        normal = (("loadings", self.loading), ("paths", self.path), ("thresholds", self.threshold))
        parts = [f"{name} N(0, {sd:g})" for name, sd in normal if sd is not None]
        powers = (("residual shares", self.residual), ("(1 - r^2)", self.correlation))
        parts += [f"{name} ^ {power:g}" for name, power in powers if power]
        heavy = "" if self.weight == 1 else f"; weight {self.weight:g}"
        return (", ".join(parts) or "flat") + heavy


def read_prior(asked: object) -> Prior | None:
    """Return the prior that `prior=` names.

    Raises
    ------
    OptionError
        If it is neither "weak" nor a `Prior`.
    """
    if asked is None or isinstance(asked, Prior):
        return asked
    if asked == "weak":
        return Prior()
    raise OptionError(
        "prior= is not understood.",
        f"A {type(asked).__name__} was passed that is neither 'weak' nor a Prior.",
        "Use prior='weak', or prior=latent.Prior(path=0.5, loading=1.0).",
    )
