"""How far a right model may be from a target: errors of observation and of the model itself.

All in tolerances of the target, on the log scale; nothing here reads a held-out figure.

The edge of a tolerance is taken as two standard deviations of what was published
(`OBSERVED` = 1/2), and the model's own discrepancy as just as large (`MODEL` = 1/2): history
matching adds both, and a calibration that knows only the first one is far too sure (Vernon,
Goldstein & Bower 2010; Brynjarsdottir & O'Hagan 2014). Points of one series share their
discrepancy, so n of them weigh as n / (1 + (n - 1) rho), with rho such that the eight yearly
counts of methadone clients weigh as three.

References
----------
Vernon, Goldstein & Bower (2010), Bayesian Analysis 5(4), https://doi.org/10.1214/10-BA524
Brynjarsdottir & O'Hagan (2014), Inverse Problems 30, https://doi.org/10.1088/0266-5611/30/11/114007
Kish (1965), Survey Sampling, for the design effect.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.targets import Target

OBSERVED = 0.5
MODEL = 0.5
EIGHT_WEIGH = 3.0
RHO = (8.0 / EIGHT_WEIGH - 1.0) / 7.0
FURTHEST = 8.0  # a particle further away than this is moved as if it were this far

FAMILIES = (
    ("reg_", "register"), ("register_", "register"), ("new_reg", "register"),
    ("no_relapse_3y_", "unseen"), ("cdi_", "detention"), ("rul_", "detention"),
    ("cid_", "detention"), ("mmt_ever_", "clients ever"), ("mmt_on_", "clients"),
    ("mmt_cov_", "clients"), ("mmt_urine_", "urine"), ("mmt_ret_", "retention"),
    ("male_", "men"), ("rel_", "relapse"), ("hidden_", "hidden"), ("heroin_total", "hidden"),
    ("mort_", "deaths"), ("hiv_", "hiv"), ("inj", "injecting"), ("nh_", "new hospital"),
)  # fmt: skip


def family(target: str) -> str:
    """Return the series that a target belongs to; its own id if it stands alone.

    Examples
    --------
    >>> family("reg_heroin_C_2018"), family("od_12m_sichuan")
    ('register', 'od_12m_sichuan')
    """
    return next((name for prefix, name in FAMILIES if target.startswith(prefix)), target)


def errors(targets: Sequence[Target]) -> NDArray[np.float64]:
    """Return the standard deviation of observation and discrepancy together, in tolerances.

    Parameters
    ----------
    targets : sequence of Target
        What is fitted.

    Returns
    -------
    ndarray, shape (n_targets,)
    """
    names = [family(t.id) for t in targets]
    sizes = Counter(names)
    shared = np.array([1.0 + (sizes[name] - 1) * RHO for name in names])
    return np.asarray(np.sqrt((OBSERVED**2 + MODEL**2) * shared))
