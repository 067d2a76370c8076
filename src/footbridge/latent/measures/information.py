"""Information criteria: AIC (Akaike 1974), BIC (Schwarz 1978), adjusted BIC (Sclove 1987)."""

import math


def information_criteria(loglik: float, *, npar: int, n: float) -> dict[str, float]:
    """Return aic, bic and bic2 under lavaan's names."""
    return {
        "aic": -2 * loglik + 2 * npar,
        "bic": -2 * loglik + npar * math.log(n),
        "bic2": -2 * loglik + npar * math.log((n + 2) / 24),
    }
