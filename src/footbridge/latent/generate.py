"""Draw data from a fitted or a written model; power by simulation."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.complete import Shape, build_table, exogenous_roles
from footbridge.latent.errors import ModelError
from footbridge.latent.fitting import fit as fit_model
from footbridge.latent.options import resolve
from footbridge.latent.ram import Ram
from footbridge.latent.syntax import parse_model

Vector = NDArray[np.float64]


def simulate(
    model: str,
    n: int,
    *,
    seed: int = 1,
    cuts: Mapping[str, Sequence[float]] | None = None,
    draw: int = 0,
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

    Raises
    ------
    ModelError
        If the implied covariance matrix is not positive definite.
    """
    parsed = parse_model(model)
    roles = exogenous_roles(parsed, ())
    options = resolve({"fixed_x": False, "meanstructure": True}, categorical=False, has_x=True)
    table = build_table(parsed, roles, options, Shape())
    ram = Ram(table.parameters, roles.ov, roles.lv)
    theta = np.zeros(table.n_free)
    for row in table.free_rows:
        unit = row.op == "=~" or (row.op == "~~" and row.lhs == row.rhs)
        theta[row.free - 1] = row.start if row.start is not None else float(unit)
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
    return frame


def power(
    model: str,
    population: str,
    n: int,
    *,
    draws: int = 200,
    seed: int = 1,
    cuts: Mapping[str, Sequence[float]] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Simulate, fit and count: mean estimate, its spread, mean error and power by parameter.

    Draws that do not converge are left out and counted in the column `used`.
    """
    kept = []
    for draw in range(draws):
        data = simulate(population, n, seed=seed, draw=draw, cuts=cuts)
        found = fit_model(model, data, ordered=list(cuts or {}) or None, **options)
        if found.converged:
            kept.append(found.estimates)
    frame = pd.concat(kept)
    frame["hit"] = frame["pvalue"] < 0.05
    keys = ["lhs", "op", "rhs", "group"]
    out = frame.groupby(keys, sort=False).agg(
        mean=("est", "mean"), sd=("est", "std"), se=("se", "mean"), power=("hit", "mean")
    )
    return out.assign(used=len(kept)).reset_index()
