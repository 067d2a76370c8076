"""The bootstrap, also for ordinal models with covariates; every draw keeps its status.

Row indices of draw d come from Philox with key (seed, d), so that neither the number of
processes nor the machine changes a result (Salmon et al. 2011, SC11).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.errors import DataError, OptionError, check_kind
from footbridge.latent.expressions import Dual
from footbridge.latent.html import draws_html
from footbridge.latent.influence import acceleration
from footbridge.latent.intervals import interval
from footbridge.latent.levelfit import TwoLevelFit
from footbridge.latent.levelresample import LevelRefitter, members_of
from footbridge.latent.many import in_chunks
from footbridge.latent.resample import OK, NormalRefitter, OrdinalRefitter, Refitter
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]
KINDS = ("normal", "basic", "percentile", "bc", "bca")


@dataclass(frozen=True)
class Bootstrap:
    """Draws of free and defined parameters with a status each.

    `estimates` (b, k) has NaN rows where a draw was lost; `status` says why.
    """

    fit: Fit
    estimates: Matrix
    status: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which draws ended at a minimum, (b,)."""
        return np.array([s == OK for s in self.status])

    @property
    def counts(self) -> dict[str, int]:
        """How many draws had which status."""
        return dict(Counter(self.status))

    def intervals(self, kind: str = "percentile", *, level: float = 0.95) -> pd.DataFrame:
        """Return estimate, bootstrap error and limits of every parameter.

        Parameters
        ----------
        kind
            normal, basic, percentile, bc or bca.

        Raises
        ------
        LatentError
            If the kind is not known, or fewer than two draws are usable.
        """
        if kind not in KINDS:
            raise OptionError(
                f"The interval '{kind}' is not known.",
                "It is not one that is offered here.",
                f"Choose one of {', '.join(KINDS)}.",
            )
        if self.usable.sum() < 2:
            raise DataError(
                f"{int(self.usable.sum())} of {len(self.status)} draws are usable.",
                f"Limits need at least two. {self.summary()}",
                "Merge rare categories, simplify the model, or resample within strata.",
            )
        theta = with_definitions(self.fit, self.fit.theta[None])[0]
        speeds = acceleration(self.fit) if kind == "bca" else np.zeros(theta.size)
        rows = []
        for k, name in enumerate(self.names):
            draws = self.estimates[self.usable, k]
            low, high = interval(draws, theta[k], kind=kind, level=level, acceleration=speeds[k])
            rows.append((name, theta[k], float(draws.std(ddof=1)), low, high))
        return pd.DataFrame(rows, columns=["name", "est", "se", "ci.lower", "ci.upper"])

    def summary(self) -> str:
        """Say how many draws were lost, and why."""
        good = int(self.usable.sum())
        lost = ", ".join(f"{n} {s}" for s, n in sorted(self.counts.items()) if s != OK)
        return (
            f"{good} of {len(self.status)} draws usable" + (f"; lost: {lost}" if lost else "") + "."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per draw: its number, its status, its estimates (NaN where lost)."""
        frame = pd.DataFrame(self.estimates, columns=list(self.names))
        frame.insert(0, "status", list(self.status))
        frame.insert(0, "draw", np.arange(len(self.status)))
        return frame

    def _repr_html_(self) -> str:
        lost = [(s, n) for s, n in sorted(self.counts.items()) if s != OK]
        limits = self.intervals() if self.usable.sum() > 1 else pd.DataFrame()
        return draws_html(self.summary(), limits, lost)


def refitter(fit: Fit) -> Refitter:
    """Return the object that refits this model to resamples."""
    if fit.options.prior:
        raise OptionError(
            "The bootstrap is not offered for a fit with a prior.",
            "Its errors are the posterior's spread, which resampling does not estimate.",
            "Read the intervals of fit.estimates, or bootstrap the fit without the prior.",
        )
    if isinstance(fit, TwoLevelFit):
        return LevelRefitter(fit)
    if fit.problem.cases is None:
        raise OptionError(
            "There are no cases to resample.",
            "Only a covariance matrix was given.",
            "Pass the data.",
        )
    _independent(fit)
    if fit.options.categorical and fit.options.discrepancy in {"DWLS", "ULS"}:
        return OrdinalRefitter(fit)
    if (
        not fit.options.categorical
        and fit.options.discrepancy == "ML"
        and fit.options.missing == "listwise"
    ):
        return NormalRefitter(fit)
    raise OptionError(
        f"The bootstrap is not offered for {fit.options.estimator} "
        f"with missing='{fit.options.missing}'.",
        "Only complete continuous data by ML and ordinal data by (D)WLS or ULS are resampled.",
        "Use one of these.",
    )


def _independent(fit: Fit) -> None:
    """Refuse samples whose cases are not drawn one by one, or whose groups change their shares."""
    if fit.options.cluster:
        raise OptionError(
            "The bootstrap is not offered with cluster=.",
            "Whole clusters would have to be drawn; cases drawn one by one give too short limits.",
            "Use the errors of the fit, which count clusters.",
        )
    if fit.options.sampling_weights and fit.table.n_groups > 1:
        raise OptionError(
            "The bootstrap is not offered for groups with sampling weights.",
            "The share of a group would change with the weights of the cases drawn.",
            "Fit and resample one group at a time.",
        )


def draw_rows(
    fit: Fit, draws: Sequence[int], *, seed: int, strata: str | None, data: pd.DataFrame | None
) -> list[list[Index]]:
    """Return row indices by draw and group; within strata where a column is named.

    Two-level models have clusters drawn: the indices count these, within their group.
    """
    groups = fit.problem.cases.groups if fit.problem.cases else ()
    two = isinstance(fit, TwoLevelFit)
    blocks = [
        cluster_blocks(g, strata, data) if two else _blocks(g.rows, strata, data) for g in groups
    ]
    stream = np.random.Generator(np.random.Philox(key=np.array([seed, 0], dtype=np.uint64)))
    fresh = stream.bit_generator.state  # a new stream is this state with another key
    found = []
    for draw in draws:
        fresh["state"]["key"][1] = draw
        stream.bit_generator.state = fresh
        found.append([_drawn(parts, stream) for parts in blocks])
    return found


def _drawn(parts: list[Index], stream: np.random.Generator) -> Index:
    """Draw as many of each stratum's cases as it has."""
    if len(parts) == 1:  # all cases, in their order
        return stream.integers(0, parts[0].size, parts[0].size)
    return np.concatenate([b[stream.integers(0, b.size, b.size)] for b in parts])


def _blocks(rows: Index, strata: str | None, data: pd.DataFrame | None) -> list[Index]:
    if strata is None:
        return [np.arange(rows.size)]
    if data is None or strata not in data.columns:
        raise OptionError(
            f"There is no column '{strata}' to resample within.",
            "Strata are read from data=, which the fit does not keep.",
            "Pass the frame that holds the column as data=.",
        )
    codes = pd.factorize(data[strata].iloc[rows])[0]
    if codes.min() < 0:
        raise OptionError(
            f"{int((codes < 0).sum())} cases have no value of '{strata}'.",
            "They belong to no stratum and would silently never be drawn.",
            "Fill the column, or leave these cases out of the fit too.",
        )
    return [np.flatnonzero(codes == c) for c in range(codes.max() + 1)]


def cluster_blocks(group: GroupData, strata: str | None, data: pd.DataFrame | None) -> list[Index]:
    """Return the clusters of a group, together or by stratum; a cluster lies in one."""
    members = members_of(group)
    if strata is None:
        return [np.arange(len(members))]
    owner = np.full(len(members), -1)
    for s, rows in enumerate(_blocks(group.rows, strata, data)):
        chosen = set(rows.tolist())
        for k, mine in enumerate(members):
            inside = sum(int(i) in chosen for i in mine)
            if 0 < inside < mine.size:
                raise OptionError(
                    f"A cluster has cases in more than one stratum of '{strata}'.",
                    "Clusters are drawn whole, so that a stratum is made of clusters.",
                    "Name a column that is the same for all cases of a cluster.",
                )
            owner[k] = s if inside else owner[k]
    return [np.flatnonzero(owner == s) for s in range(owner.max() + 1)]


def with_definitions(fit: Fit, theta: Matrix) -> Matrix:
    """Append the defined parameters; the expressions are evaluated for all draws at once."""
    names = fit.solution.constraints.names
    if not names.definitions:
        return theta
    zero = np.zeros(1)
    columns = {label: Dual(theta[:, at], zero) for label, at in names.free.items()}  # type: ignore[arg-type]
    columns |= {label: Dual(value, zero) for label, value in names.fixed.items()}
    found = []
    for name, expression in names.definitions:
        value = np.broadcast_to(expression.dual(columns).value, (theta.shape[0],))
        columns[name] = Dual(value, zero)  # type: ignore[arg-type]
        found.append(np.asarray(value, dtype=np.float64))
    return np.column_stack([theta, *found])


def bootstrap(
    fit: Fit,
    draws: int = 1000,
    *,
    seed: int = 1,
    strata: str | None = None,
    data: pd.DataFrame | None = None,
    workers: object = 1,
) -> Bootstrap:
    r"""Refit the model to resamples of its cases, or, with two levels, of its clusters.

    Parameters
    ----------
    fit
        A converged fit.
    draws
        How many resamples.
    seed
        Together with the draw's number this fixes its rows.
    strata, data
        A column within which rows are drawn (the arm of a trial), and the frame that holds it.
    workers
        Processes; or a dask cluster: its client, the address of its scheduler, or "local".
        Continuous complete data take less time here than on the way, and stay.

    Returns
    -------
    Bootstrap
        With `intervals(kind)`, `counts` and `summary()`.

    Raises
    ------
    OptionError
        If this kind of model cannot be resampled.

    Examples
    --------
    >>> from footbridge.latent import sem, simulate
    >>> data = simulate("m ~ 0.5*x\ny ~ 0.4*m + 0.1*x", 200, seed=3)
    >>> draws = bootstrap(sem("m ~ a*x\ny ~ b*m + x\nindirect := a*b", data), 100)
    >>> draws.summary()
    '100 of 100 draws usable.'
    >>> limits = draws.intervals("percentile").set_index("name").loc["indirect"]
    >>> bool(0 < limits["ci.lower"] < limits["ci.upper"])
    True
    """
    check_kind(fit, Fit, "bootstrap")
    worker = refitter(fit)
    if draws < 1:
        raise OptionError(
            f"{draws} draws were asked for.",
            "An interval needs at least two, and a good one a thousand.",
            "Ask for 1000.",
        )
    rows = draw_rows(fit, range(draws), seed=seed, strata=strata, data=data)
    return refit_rows(fit, rows, workers=workers, worker=worker)


def refit_rows(
    fit: Fit, rows: list[list[Index]], *, workers: object = 1, worker: Refitter | None = None
) -> Bootstrap:
    """Refit the model to given row indices, by draw and group."""
    worker = worker or refitter(fit)
    if workers != 1 and not isinstance(worker, NormalRefitter):
        theta, status = _parallel(worker, rows, workers)
    else:
        theta, status = worker.refit(rows)
    free = [f"{r.lhs}{r.op}{r.rhs}{fit.suffix(r)}" for r in fit.table.free_rows]
    names = [*free, *(r.lhs for r in fit.table.definitions)]
    return Bootstrap(fit, with_definitions(fit, theta), tuple(status), tuple(names))


def _parallel(
    worker: Refitter, rows: list[list[Index]], workers: object
) -> tuple[Matrix, list[str]]:
    """Share the draws in chunks among processes, or among the machines of a cluster."""
    size = -(-len(rows) // (4 * workers if isinstance(workers, int) else 32))
    chunks = [rows[i : i + size] for i in range(0, len(rows), size)]
    found = [pair for part in in_chunks(worker.refit, chunks, workers, size=1) for pair in part]
    return np.vstack([f[0] for f in found]), [s for f in found for s in f[1]]
