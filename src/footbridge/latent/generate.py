"""Draw data from a written model, gaps included."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.complete import Shape, build_table, exogenous_roles
from footbridge.latent.constraints import Names
from footbridge.latent.errors import ModelError
from footbridge.latent.missingness import Plan, take_out
from footbridge.latent.names import Roles
from footbridge.latent.options import resolve
from footbridge.latent.ram import Ram
from footbridge.latent.syntax import parse_model
from footbridge.latent.table import ParameterTable

Vector = NDArray[np.float64]


def simulate(
    model: str,
    n: int,
    *,
    seed: int = 1,
    cuts: Mapping[str, Sequence[float]] | None = None,
    draw: int = 0,
    plans: Sequence[Plan] = (),
) -> pd.DataFrame:
    """Draw n cases from a model whose parameters are written as fixed values or start().

    Parameters
    ----------
    model
        lavaan syntax; what has no value gets 1 for variances and loadings, 0 for the rest.
    cuts
        Thresholds by variable: its normal response is cut there into 0, 1, 2, ...
    seed, draw
        Key of the random stream.
    plans
        What goes missing (`Skips`, `Attrition`); the values that stay are those drawn without.

    Raises
    ------
    ModelError
        If the implied covariance matrix is not positive definite, or a cut variable or a case
        is not there.

    Examples
    --------
    >>> simulate("f =~ 0.8*a + 0.7*b", 4, seed=3, cuts={"a": [0.0]}).shape
    (4, 2)
    """
    table, roles, theta = _population(model)
    stranger = next((name for name in cuts or {} if name not in roles.ov), None)
    if stranger is not None or n < 1:
        raise ModelError(
            f"cuts names '{stranger}'." if stranger is not None else f"{n} cases were asked for.",
            "The population has no such observed variable." if stranger is not None else
            "A sample has at least one.",
            f"Variables are {', '.join(roles.ov)}.",
        )  # fmt: skip
    ram = Ram(table.parameters, roles.ov, roles.lv)
    state = ram.state(theta)
    try:
        root = np.linalg.cholesky(ram.sigma(state))
    except np.linalg.LinAlgError as error:
        raise ModelError(
            "The model's covariance matrix is not positive definite.",
            "Some of the values that are written in it cannot go together.",
            "Lower a loading or a covariance, or raise a variance.",
        ) from error
    stream = np.random.Generator(np.random.Philox(key=np.array([seed, draw], dtype=np.uint64)))
    values = ram.mu(state) + stream.standard_normal((n, ram.p)) @ root.T
    frame = pd.DataFrame(values, columns=list(roles.ov))
    for name, limits in (cuts or {}).items():
        frame[name] = np.digitize(frame[name], sorted(limits))
    return take_out(frame, plans, stream) if plans else frame


def _population(model: str) -> tuple[ParameterTable, Roles, Vector]:
    """Return table, roles and free values of a model that is written with its values."""
    parsed = parse_model(model)
    roles = exogenous_roles(parsed, ())
    options = resolve({"fixed_x": False, "meanstructure": True}, categorical=False, has_x=True)
    table = build_table(parsed, roles, options, Shape())
    theta = np.zeros(table.n_free)
    for row in table.free_rows:
        unit = row.op == "=~" or (row.op == "~~" and row.lhs == row.rhs)
        theta[row.free - 1] = row.start if row.start is not None else float(unit)
    return table, roles, theta


def true_values(population: str) -> dict[tuple[str, str, str], float]:
    """Return the values of a written model by (lhs, op, rhs), definitions included."""
    table, _, theta = _population(population)
    found = {
        (r.lhs, r.op, r.rhs): float(theta[r.free - 1]) if r.free else r.ustart or 0.0
        for r in table.parameters
    }
    duals = Names(table).duals(theta, [])
    at = {r.lhs: (r.lhs, r.op, r.rhs) for r in table.definitions}
    return found | {at[k]: float(np.real(d.value)) for k, d in duals.items() if k in at}
