"""Power, bias and coverage by simulation: draw, fit and count, over processes or a cluster."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from footbridge.latent.complete import exogenous_roles
from footbridge.latent.errors import ConvergenceError, DataError, Interrupted, LatentError
from footbridge.latent.fitting import fit as fit_model
from footbridge.latent.generate import simulate, true_values
from footbridge.latent.many import Done, spread
from footbridge.latent.missingness import Plan
from footbridge.latent.syntax import parse_model

_KEYS = ["lhs", "op", "rhs", "group"]
_KEPT = [*_KEYS, "est", "se", "pvalue", "ci.lower", "ci.upper"]


@dataclass(frozen=True, slots=True)
class _Sample:
    """What became of one sample: its estimates, or why there are none."""

    estimates: pd.DataFrame | None
    error: LatentError | None = None

    @property
    def status(self) -> str:
        if self.estimates is not None:
            return "ok"
        return f"refused: {self.error.what}" if self.error else "not converged"


@dataclass(frozen=True)
class _Replicate:
    """Draws and fits sample number `draw`; the number fixes every case of it."""

    model: str
    population: str
    n: int
    seed: int
    cuts: Mapping[str, Sequence[float]] | None
    plans: Sequence[Plan]
    options: Mapping[str, Any]

    def __call__(self, draw: int) -> _Sample:
        data = simulate(
            self.population, self.n, seed=self.seed, draw=draw, cuts=self.cuts, plans=self.plans
        )
        try:
            found = fit_model(self.model, data, **self.options)
        except DataError as error:
            return _Sample(None, error)
        return _Sample(found.estimates[_KEPT] if found.converged else None)


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
    """Simulate, fit and count: estimates, their spread and error, power, bias and coverage.

    Parameters
    ----------
    model, population
        What is fitted, and what is true: the same parameters in the same scale.
    n, draws, seed, cuts
        Cases, replications, and what `simulate` takes.
    **options
        Options of the fit; `plans` for `simulate`: what will be missing; `workers`: processes, or
        a dask cluster (its client, the address of its scheduler, or "local"), which change no
        number; `tick`: called with the number of samples done, False ends the work.

    Returns
    -------
    DataFrame
        mean, sd, se (average error), power (share with p < .05), and, where the population has
        the parameter, true, bias and coverage of the 95 % interval. Samples that cannot be fitted
        (no minimum, an empty category) are left out; `used` counts the others. `attrs` has
        `done` (samples made) and `lost` (how many for which reason).

    Raises
    ------
    LatentError
        If no sample at all can be fitted: what the last one said.
    Interrupted
        After Ctrl-C; `kept` is the table of the samples that were done.

    Examples
    --------
    >>> truth = "y ~ 0.5*x"
    >>> found = power("y ~ x", truth, 100, draws=20)
    >>> found.query("op == '~'")[["power", "used"]].to_numpy().tolist()
    [[1.0, 20.0]]
    >>> power("y ~ x", truth, 100, draws=20, workers=2).equals(found)
    True
    """
    plans, workers = options.pop("plans", ()), options.pop("workers", 1)
    tick = options.pop("tick", None)
    said = {"ordered": _ordinal(model, cuts)} | options
    task = _Replicate(model, population, n, seed, cuts, plans, said)
    done = spread(task, range(draws), workers=workers, tick=tick)
    if done.interrupted:
        raise _stopped(done, draws, population)
    return _table(done.found, population)


def _stopped(done: Done[_Sample], draws: int, population: str) -> Interrupted:
    """Return what Ctrl-C raises, with the table of what is done."""
    usable = any(sample.estimates is not None for sample in done.found)
    return Interrupted(
        f"The simulation was stopped after {len(done.found)} of {draws} samples.",
        "Somebody pressed Ctrl-C.",
        "The table of these samples is in the error's `kept`." if usable else
        "None of them gave estimates yet, so nothing is kept.",
        kept=_table(done.found, population) if usable else None,
    )  # fmt: skip


def _table(samples: Sequence[_Sample], population: str) -> pd.DataFrame:
    kept = [sample.estimates for sample in samples if sample.estimates is not None]
    if not kept:
        raise next((s.error for s in reversed(samples) if s.error), None) or ConvergenceError(
            f"None of {len(samples)} draws converged.",
            "The model cannot be fitted to samples of this size from this population.",
            "Look at one of them: fit(model, simulate(population, n)).advice.",
        )
    found = _counted(pd.concat(kept), population).assign(used=len(kept))
    lost = Counter(sample.status for sample in samples if sample.estimates is None)
    found.attrs = {"done": len(samples), "lost": dict(lost)}
    return found


def _counted(frame: pd.DataFrame, population: str) -> pd.DataFrame:
    """Sum up the estimates of all samples by parameter."""
    keys = ["lhs", "op", "rhs", "group"]
    known = true_values(population)
    frame["true"] = [known.get(k, np.nan) for k in zip(*(frame[c] for c in keys[:3]), strict=True)]
    # A fixed parameter has no power: NaN, not 0.
    # The interval says the same as p < .05, and there is one with a prior too.
    beside = (frame["ci.lower"] > 0) | (frame["ci.upper"] < 0)
    frame["hit"] = beside.astype(float).where(frame["se"] > 0)
    covered = (frame["ci.lower"] <= frame["true"]) & (frame["true"] <= frame["ci.upper"])
    frame["covered"] = covered.astype(float).where(frame["true"].notna() & (frame["se"] > 0))
    out = frame.groupby(keys, sort=False, as_index=False).agg(
        mean=("est", "mean"),
        sd=("est", "std"),
        se=("se", "mean"),
        power=("hit", "mean"),
        true=("true", "first"),
        coverage=("covered", "mean"),
    )
    return out.assign(bias=out["mean"] - out["true"])


def _ordinal(model: str, cuts: Mapping[str, Sequence[float]] | None) -> list[str] | None:
    """Return the cut variables that a model explains; a cut covariate stays a number."""
    roles = exogenous_roles(parse_model(model), ())
    return [name for name in cuts or {} if name in roles.ov_nox] or None
