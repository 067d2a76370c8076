"""Fit one model to many completed data sets, and pool what is found: `fit_imputed`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.complete import exogenous_roles
from footbridge.latent.errors import DataError, Interrupted, LatentError, OptionError
from footbridge.latent.fitting import fit as fit_model
from footbridge.latent.imputation import Imputations, impute
from footbridge.latent.many import Tick, spread
from footbridge.latent.moments import NormalMoments
from footbridge.latent.pooledfit import OneFit, PooledFit
from footbridge.latent.result import Fit
from footbridge.latent.syntax import parse_model

Matrix = NDArray[np.float64]
OWN = ("auxiliary", "iterations", "imputation")


class Source(Protocol):
    """Completed data sets, numbered from 1."""

    def __len__(self) -> int:
        """Return how many."""
        ...

    def dataset(self, number: int) -> pd.DataFrame:
        """Return one."""
        ...


@dataclass(frozen=True)
class Given:
    """Data sets that were completed elsewhere."""

    frames: tuple[pd.DataFrame, ...]

    def __len__(self) -> int:
        """Return how many."""
        return len(self.frames)

    def dataset(self, number: int) -> pd.DataFrame:
        """Return one, from 1."""
        return self.frames[number - 1]


@dataclass(frozen=True)
class _Refit:
    """Fits the model to data set `number`."""

    model: str
    source: Source
    options: Mapping[str, Any]

    def __call__(self, number: int) -> OneFit:
        try:
            fit = fit_model(self.model, self.source.dataset(number), **self.options)
        except LatentError as error:
            return OneFit(f"refused: {error.what}")
        if not fit.converged:
            return OneFit(f"not converged: {fit.solution.minimum.reason}")
        if not np.all(np.isfinite(fit.vcov)):
            return OneFit(f"no standard errors: {fit.solution.covariances.reason}")
        return _record(fit)


def _record(fit: Fit) -> OneFit:
    """Keep what pooling needs; the cases stay where they are."""
    scaled = fit.options.test != "standard"
    m = fit.fit_measures
    suffix = ".scaled" if scaled and "chisq.scaled" in m else ""
    moments: tuple[NormalMoments, ...] = fit.problem.moments
    return OneFit(
        "ok",
        fit.estimates,
        fit.theta,
        fit.vcov,
        (m[f"chisq{suffix}"], m[f"df{suffix}"]),
        (m[f"baseline.chisq{suffix}"], m[f"baseline.df{suffix}"]),
        moments,
        tuple(advice.code for advice in fit.advice),
    )


def fit_imputed(
    model: str,
    data: pd.DataFrame | Imputations | Sequence[pd.DataFrame],
    *,
    m: int = 20,
    seed: int = 1,
    workers: object = 1,
    tick: Tick | None = None,
    **options: Any,
) -> PooledFit:
    """Fit a model to completed data sets and pool the results by Rubin's rules.

    Parameters
    ----------
    model
        lavaan syntax.
    data
        Data with gaps, which are imputed here; what `impute` gave; or data sets that were
        completed elsewhere: a list of tables, or one long table with `imputation=".imp"`.
    m, seed
        How many imputations, and the number of their random streams.
    workers
        Processes; or a dask cluster: its client, the address of its scheduler, or "local". They
        change no number.
    tick
        Called with the number of data sets done; False ends the work.
    **options
        Options of `fit`; `auxiliary`: further variables that inform the imputation, not the model;
        `iterations`: of the imputation; `imputation`: the column that numbers data sets. Groups
        (`group=`) are imputed apart.

    Returns
    -------
    PooledFit
        With `estimates`, `fit_measures`, `wald_test()`, `summary()` and the status of every fit.

    Raises
    ------
    LatentError
        If the data cannot be imputed, or fewer than two fits can be pooled.
    Interrupted
        After Ctrl-C; `kept` pools the data sets that were done, if they are two.

    Examples
    --------
    >>> from footbridge.latent import simulate, Skips
    >>> data = simulate("y ~ 0.5*x", 200, seed=3, plans=[Skips(["y"], 0.3)])
    >>> found = fit_imputed("y ~ b*x", data, m=10)
    >>> found.estimates.columns[5:12].tolist()
    ['est', 'se', 't', 'df', 'pvalue', 'ci.lower', 'ci.upper']
    >>> found.counts, bool(found.estimates["fmi"].iloc[0] > 0.1)
    ({'ok': 10}, True)
    """
    own = {name: options.pop(name) for name in OWN if name in options}
    source = _source(model, data, {**own, "m": m, "seed": seed}, options)
    task = _Refit(model, source, options)
    done = spread(task, range(1, len(source) + 1), workers=workers, tick=tick)
    if done.interrupted:
        raise _stopped(model, source, options, done.found)
    return PooledFit(model, source, options, tuple(done.found))


def _stopped(
    model: str, source: Source, options: Mapping[str, Any], found: list[OneFit]
) -> Interrupted:
    """Return what Ctrl-C raises, with what is done."""
    enough = sum(one.status == "ok" for one in found) > 1
    return Interrupted(
        f"The work was stopped after {len(found)} of {len(source)} imputations.",
        "Somebody pressed Ctrl-C.",
        "What they give together is in the error's `kept`." if enough else
        "Fewer than two can be pooled, so nothing is kept.",
        kept=PooledFit(model, source, options, tuple(found)) if enough else None,
    )  # fmt: skip


def _source(model: str, data: object, own: Mapping[str, Any], options: Mapping[str, Any]) -> Source:
    """Return the data sets, and make them where they are still to be made."""
    if isinstance(data, Imputations):
        return data
    if isinstance(data, pd.DataFrame) and not own.get("imputation"):
        return _imputed(model, data, own, options)
    frames = _apart(data, str(own["imputation"])) if isinstance(data, pd.DataFrame) else data
    if not isinstance(frames, Sequence) or not all(isinstance(f, pd.DataFrame) for f in frames):
        raise DataError(
            f"The data are a {type(data).__name__}.",
            "A table with gaps, the result of impute(), or a list of completed tables is needed.",
            "Pass one of these.",
        )
    if len(frames) < 2:
        raise DataError(
            f"{len(frames)} completed data sets were given.",
            "What is not known shows in how they differ, so there must be two at least.",
            "Pass all of them, or one table with gaps.",
        )
    _check_complete(model, frames, options)
    return Given(tuple(frames))


def _apart(data: pd.DataFrame, column: str) -> list[pd.DataFrame]:
    """Return the data sets of a long table; number 0, the data with gaps, is left out."""
    if column not in data.columns:
        raise OptionError(
            f"There is no column '{column}'.",
            "It should number the completed data sets.",
            "Correct imputation=; mice calls it '.imp'.",
        )
    return [part for number, part in data.groupby(column) if number != 0]


def _check_complete(model: str, frames: Sequence[pd.DataFrame], options: Mapping[str, Any]) -> None:
    """Refuse data sets that still have gaps, unless the fit was told what to do with them."""
    if options.get("missing"):
        return
    names = exogenous_roles(parse_model(model), ()).ov
    for number, frame in enumerate(frames, 1):
        gone = int(frame[[n for n in names if n in frame.columns]].isna().sum().sum())
        if gone:
            raise DataError(
                f"Data set {number} still has {gone} missing values in the model's variables.",
                "Its cases would be dropped, each data set's others, and pooling means nothing.",
                "Complete them, or say what to do with missing='fiml' or 'pairwise'.",
            )


def _imputed(
    model: str, data: pd.DataFrame, own: Mapping[str, Any], options: Mapping[str, Any]
) -> Imputations:
    """Impute the variables of the model together with the auxiliary ones."""
    _refuse(options)
    ordered, group = options.get("ordered"), options.get("group")
    roles = exogenous_roles(parse_model(model), ())
    auxiliary = own.get("auxiliary") or ()
    extra = [auxiliary] if isinstance(auxiliary, str) else list(auxiliary)
    names = list(dict.fromkeys([*roles.ov, *extra, *([group] if group else [])]))
    absent = [name for name in names if name not in data.columns]
    if absent:
        raise DataError(
            f"The data have no column {', '.join(repr(n) for n in absent)}.",
            "The model, group= or auxiliary= names it.",
            "Correct the name, or pass data with it.",
        )
    kinds = (
        list(roles.ov_nox)
        if ordered is True
        else [ordered]
        if isinstance(ordered, str)
        else ordered
    )
    return impute(
        data[names], own["m"], ordered=[n for n in kinds or () if n in names], by=group,
        seed=own["seed"], iterations=own.get("iterations"),
    )  # fmt: skip


def _refuse(options: Mapping[str, Any]) -> None:
    if options.get("prior") is not None:
        raise OptionError(
            "prior= does not go with imputation.",
            "The pooled tests compare maxima of a likelihood, and a posterior mode is none.",
            'Leave prior= out; or leave the values missing: prior= goes with missing="fiml".',
        )
    taken = next((n for n in ("cluster", "sampling_weights", "missing") if options.get(n)), None)
    if taken is not None:
        raise OptionError(
            f"{taken}= does not go with imputation here.",
            "The imputation would know nothing of it." if taken != "missing" else
            "Nothing is missing any more when the model is fitted.",
            "Leave it out, or pass data sets that were completed with it in mind.",
        )  # fmt: skip
