"""How strong unmeasured confounding would have to be to explain an indirect effect away.

A common cause of mediator and outcome that the model does not have shows as a correlation rho of
their residuals. It cannot be estimated next to the path between them, so the model is fitted with
rho held at one value after another (Imai, Keele and Yamamoto 2010, Statistical Science 25, 51-71;
for latent variables, Cox, Kisbu-Sakarya, Miocevic and MacKinnon 2013, Evaluation Review 37,
405-431). rho^2 is the product of the shares of both residual variances that it would explain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from footbridge.latent.errors import ModelError, OptionError
from footbridge.latent.result import Fit
from footbridge.latent.solve import solve
from footbridge.latent.table import ParameterTable, Row, number

GRID = tuple(step / 10 for step in range(-9, 10))


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The effect by residual correlation, and where it is gone.

    `table` has rho, est, se, ci.lower, ci.upper, converged; `zero` is the rho at which the
    effect is nought (NaN if it is not on the way), `explained` = zero^2.
    """

    table: pd.DataFrame
    zero: float

    @property
    def explained(self) -> float:
        """Product of the shares of residual variance that such a confounder explains."""
        return self.zero**2


def sensitivity(
    fit: Fit, *, mediator: str, outcome: str, effect: str, correlations: Sequence[float] = GRID
) -> Sensitivity:
    r"""Refit a mediation model under unmeasured confounding of mediator and outcome.

    Parameters
    ----------
    fit
        A fitted model with a path from the mediator to the outcome.
    mediator, outcome
        Observed or latent variables.
    effect
        The name of a := line, such as the indirect effect.
    correlations
        Residual correlations between -1 and 1.

    Raises
    ------
    ModelError
        If the path or the := line is not in the model, or the residual variances are no
        parameters of it.
    OptionError
        If a correlation is not inside (-1, 1).

    Examples
    --------
    >>> from footbridge.latent import sem, simulate
    >>> data = simulate("m ~ 0.5*x\ny ~ 0.4*m + 0.1*x", 200, seed=3)
    >>> fit = sem("m ~ a*x\ny ~ b*m + x\nindirect := a*b", data)
    >>> undone = sensitivity(fit, mediator="m", outcome="y", effect="indirect")
    >>> round(undone.zero, 2)  # so much correlation of the residuals would explain it away
    0.42
    """
    _check(fit, mediator, outcome, effect)
    asked = sorted(float(c) for c in correlations)
    if not asked or not (asked[0] > -1 and asked[-1] < 1):
        raise OptionError(
            "A residual correlation must lie between -1 and 1.",
            f"The values were {', '.join(f'{c:g}' for c in asked) or 'none'}.",
            "Pass values such as (-0.5, 0, 0.5).",
        )
    rows = []
    for rho in asked:
        again = _refit(fit, mediator, outcome, rho)
        row = again.estimates.query("op == ':=' and lhs == @effect").iloc[0]
        found = [row[name] for name in ("est", "se", "ci.lower", "ci.upper")]
        rows.append((rho, *found, again.converged))
    columns = ["rho", "est", "se", "ci.lower", "ci.upper", "converged"]
    table = pd.DataFrame(rows, columns=columns)
    return Sensitivity(table, _zero(fit, (mediator, outcome, effect), table))


def _check(fit: Fit, mediator: str, outcome: str, effect: str) -> None:
    rows = fit.table.rows
    if not any((r.lhs, r.op, r.rhs) == (outcome, "~", mediator) for r in rows):
        raise ModelError(
            f"The model has no path from '{mediator}' to '{outcome}'.",
            "Confounding of a path that is not there changes nothing.",
            f"Name the variables of a line '{outcome} ~ {mediator}'.",
        )
    if not any(r.op == ":=" and r.lhs == effect for r in rows):
        raise ModelError(
            f"The model defines no '{effect}'.",
            "The effect is read from a := line.",
            f"Add a line such as {effect} := a*b.",
        )
    ordinal = {mediator, outcome} & set(fit.problem.roles.ordered)
    if ordinal and fit.options.parameterization != "theta":
        raise ModelError(
            f"The residual variance of '{min(ordinal)}' is no parameter of the model.",
            "Under the delta parameterization it follows from the others.",
            "Fit the model with parameterization='theta'.",
        )


def _refit(fit: Fit, mediator: str, outcome: str, rho: float) -> Fit:
    """Fit the model with the residual correlation held at rho, from the present estimates."""
    table = _confounded(fit.table, mediator, outcome, rho)
    known = {r.key: fit.theta[r.free - 1] for r in fit.table.free_rows}
    values = {r.key: r.ustart or 0.0 for r in fit.table.parameters} | known
    start = np.array([values.get(r.key, 0.0) for r in table.free_rows])
    return Fit(fit.sample, solve(fit.sample, table, start=start))


def _confounded(table: ParameterTable, mediator: str, outcome: str, rho: float) -> ParameterTable:
    """Return the table with one covariance more per group, tied to the residual variances.

    New rows come last, so that the names of rows in the model's own constraints stay right.
    """
    pair = {mediator, outcome}
    rows = list(table.rows)
    for group in range(1, table.n_groups + 1):
        at = [
            i
            for i, r in enumerate(rows)
            if r.op == "~~" and r.lhs != r.rhs and {r.lhs, r.rhs} == pair and r.group == group
        ]
        if at:
            rows[at[0]] = rows[at[0]]._replace(free=1, ustart=None)
        else:
            rows.append(Row(mediator, "~~", outcome, group=group, free=1))
    named = number(rows)
    ties = []
    for group in range(1, table.n_groups + 1):
        names = {
            frozenset((r.lhs, r.rhs)): r.plabel
            for r in named.rows
            if r.op == "~~" and r.group == group and {r.lhs, r.rhs} <= pair
        }
        first, second = names[frozenset((mediator,))], names[frozenset((outcome,))]
        text = f"{rho!r}*sqrt({first}*{second})" if rho else "0"
        ties.append(Row(names[frozenset(pair)], "==", text, user=2, group=0))
    return number([*named.rows, *ties])


def _zero(fit: Fit, what: tuple[str, str, str], table: pd.DataFrame) -> float:
    """Return the correlation nearest to nought at which the effect changes its sign."""
    mediator, outcome, effect = what
    good = table[table["converged"]]
    rho, est = good["rho"].to_numpy(), good["est"].to_numpy()
    turns = np.flatnonzero(np.sign(est[:-1]) != np.sign(est[1:]))
    if turns.size == 0:
        return float("nan")
    i = int(turns[np.argmin(np.abs(rho[turns] + rho[turns + 1]))])

    def value(c: float) -> float:
        again = _refit(fit, mediator, outcome, c)
        at = next(k for k, r in enumerate(again.table.rows) if r.op == ":=" and r.lhs == effect)
        return again.values()[at].value

    return float(optimize.brentq(value, rho[i], rho[i + 1], xtol=1e-10))
