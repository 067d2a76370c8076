"""How far a right model may be from a target: errors of observation and of the model itself.

Both are in tolerances of the target, on the log scale; nothing here reads a held-out figure.

The edge of a tolerance is taken as two standard deviations of what was published
(`OBSERVED` = 1/2), and the model's own discrepancy as just as large (`MODEL` = 1/2): history
matching adds both, and a calibration that knows only the first one is far too sure (Vernon,
Goldstein & Bower 2010; Brynjarsdottir & O'Hagan 2014).

References
----------
Vernon, Goldstein & Bower (2010), Bayesian Analysis 5(4), https://doi.org/10.1214/10-BA524
Brynjarsdottir & O'Hagan (2014), Inverse Problems 30, https://doi.org/10.1088/0266-5611/30/11/114007
"""

import numpy as np
from numpy.typing import NDArray

OBSERVED = 0.5
MODEL = 0.5
FURTHEST = 8.0  # a particle further away than this is moved as if it were this far


def errors(n_targets: int) -> NDArray[np.float64]:
    """Return the standard deviation of observation and discrepancy together, in tolerances.

    Returns
    -------
    ndarray, shape (n_targets,)
    """
    return np.full(n_targets, np.hypot(OBSERVED, MODEL))
