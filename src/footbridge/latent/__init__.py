"""Latent variable models in lavaan's syntax: `fit`, `cfa`, `sem`, `growth` and their results.

Names are loaded when first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "fit": "fitting",
    "cfa": "fitting",
    "sem": "fitting",
    "growth": "fitting",
    "lavaan": "fitting",
    "bootstrap": "resampling",
    "compare": "nested",
    "fit_imputed": "imputed",
    "impute": "imputation",
    "Imputations": "imputation",
    "PooledFit": "pooledfit",
    "invariance": "ladder",
    "reliability": "scales",
    "simulate": "generate",
    "power": "replicates",
    "Attrition": "missingness",
    "Skips": "missingness",
    "monte_carlo": "mediation",
    "natural_effects": "mediation",
    "sensitivity": "confounding",
    "reduce_bias": "biasreduction",
    "Prior": "prior",
    "prior_sensitivity": "priorsensitivity",
    "Fit": "result",
    "Interrupted": "errors",
    "LatentError": "errors",
    "parse_model": "syntax",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'footbridge.latent' has no attribute {name!r}")
    return getattr(import_module(f"footbridge.latent.{_HOMES[name]}"), name)
