"""Effects: Monte Carlo intervals, and natural effects on the probability scale.

MacKinnon, Lockwood and Williams (2004); Pearl (2001); Muthen and Asparouhov (2015), Structural
Equation Modeling 22, 12-23 (probit mediators and outcomes).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.errors import ModelError, OptionError
from footbridge.latent.resampling import with_definitions
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]


def monte_carlo(
    fit: Fit, *, draws: int = 20_000, seed: int = 1, level: float = 0.95
) -> pd.DataFrame:
    r"""Return intervals of defined parameters from the normal distribution of the estimates.

    Raises
    ------
    ModelError
        If the model defines nothing.

    Examples
    --------
    >>> from footbridge.latent import sem, simulate
    >>> data = simulate("m ~ 0.5*x\ny ~ 0.4*m + 0.1*x", 300, seed=3)
    >>> limits = monte_carlo(sem("m ~ a*x\ny ~ b*m + x\nindirect := a*b", data)).iloc[0]
    >>> bool(limits["ci.lower"] < limits["est"] < limits["ci.upper"])
    True
    """
    names = fit.solution.constraints.names
    if not names.definitions:
        raise ModelError(
            "The model defines no parameter.",
            "Monte Carlo intervals are for := lines.",
            "Add a line such as ind := a*b.",
        )
    used = sorted({names.free[n] for _, e in names.definitions for n in e.names if n in names.free})
    values, vectors = np.linalg.eigh(fit.vcov[np.ix_(used, used)])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    stream = np.random.Generator(np.random.Philox(key=np.array([seed, 0], dtype=np.uint64)))
    theta = np.tile(fit.theta, (draws, 1))
    theta[:, used] += stream.standard_normal((draws, len(used))) @ root.T
    found = with_definitions(fit, theta)[:, fit.theta.size :]
    tail = (1 - level) / 2
    low, high = np.nanquantile(found, [tail, 1 - tail], axis=0)
    point = with_definitions(fit, fit.theta[None])[0, fit.theta.size :]
    labels = [name for name, _ in names.definitions]
    return pd.DataFrame({"name": labels, "est": point, "ci.lower": low, "ci.upper": high})


@dataclass(frozen=True, slots=True)
class NaturalEffects:
    """Effects of a change of x on P(y = 1), through the mediator and around it.

    `total` = `direct` + `indirect`: Y(1, M(1)) - Y(0, M(0)), Y(1, M(0)) - Y(0, M(0)) and
    Y(1, M(1)) - Y(1, M(0)).
    """

    total: float
    direct: float
    indirect: float


def natural_effects(
    fit: Fit, *, x: str, m: str, y: str, levels: tuple[float, float] = (0.0, 1.0)
) -> NaturalEffects:
    r"""Return natural effects on the probability scale; other covariates are at zero.

    Parameters
    ----------
    x, m, y
        Exposure, mediator (observed binary, continuous or latent) and binary outcome. A binary
        mediator acts through its latent response, as WLSMV models it.
    levels
        The two values of x that are compared.

    Raises
    ------
    OptionError
        If the outcome is not binary.

    Examples
    --------
    >>> from footbridge.latent import sem, simulate
    >>> cuts = {"y": [0.3], "x": [0.0]}
    >>> data = simulate("m ~ 0.5*x\ny ~ 0.4*m + 0.1*x", 300, seed=3, cuts=cuts)
    >>> found = natural_effects(sem("m ~ x\ny ~ m + x", data, ordered=["y"]), x="x", m="m", y="y")
    >>> bool(abs(found.total - found.direct - found.indirect) < 1e-12)
    True
    """
    roles = fit.problem.roles
    thresholds = [r for r in fit.table.rows if r.op == "|" and r.lhs == y and r.group == 1]
    if y not in roles.ordered or len(thresholds) != 1:
        raise OptionError(
            f"'{y}' is not a binary outcome.",
            "Natural effects are given here on the probability scale.",
            f"Name a binary variable, and put '{y}' in ordered=.",
        )
    values = fit.values()
    paths = {
        (r.lhs, r.rhs): values[i].value
        for i, r in enumerate(fit.table.rows)
        if r.op == "~" and r.group == 1
    }
    tau = next(values[i].value for i, r in enumerate(fit.table.rows) if r is thresholds[0])
    a, b, c = (paths.get(k, 0.0) for k in ((m, x), (y, m), (y, x)))
    whole = fit.wholes[0]
    spread = b**2 * _given_x(fit, m) + float(whole.residual[whole.place(y)])
    at = [levels[0], levels[1]]

    def probability(direct: float, mediated: float) -> float:
        return float(special.ndtr((b * a * mediated + c * direct - tau) / np.sqrt(spread)))

    base, half, full = (
        probability(at[0], at[0]),
        probability(at[1], at[0]),
        probability(at[1], at[1]),
    )
    return NaturalEffects(full - base, half - base, full - half)


def _given_x(fit: Fit, name: str) -> float:
    """Return the variance of a variable given the covariates."""
    whole = fit.wholes[0]
    x = [whole.place(n) for n in fit.problem.roles.ov_x]
    k = whole.place(name)
    C = whole.state.C
    if not x:
        return float(C[k, k])
    return float(C[k, k] - C[k, x] @ np.linalg.solve(C[np.ix_(x, x)], C[x, k]))
