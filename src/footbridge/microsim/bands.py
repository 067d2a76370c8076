"""A median with its bands over posterior draws."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Band:
    """A median with the 50 % and 90 % bands over posterior draws."""

    median: float
    low50: float
    high50: float
    low90: float
    high90: float

    @classmethod
    def of(cls, numbers: Sequence[float] | NDArray[np.float64]) -> "Band":
        """Return the band of some draws."""
        cuts = np.quantile(np.asarray(numbers, dtype=np.float64), (0.5, 0.25, 0.75, 0.05, 0.95))
        return cls(*(float(cut) for cut in cuts))

    @property
    def sign_is_sure(self) -> bool:
        """Whether the 90 % band lies on one side of zero."""
        return self.low90 > 0.0 or self.high90 < 0.0
