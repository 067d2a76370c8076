"""scipy.special, loaded when one of its functions is first used.

Its import takes as long as a quarter of a whole first fit, and a model for continuous variables
never calls it.
"""

from typing import Any


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Return a function of scipy.special, and keep it."""
    from scipy import special

    globals()[name] = found = getattr(special, name)
    return found
