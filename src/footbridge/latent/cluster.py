"""Many machines: draws handed to dask.distributed in chunks, in the same order.

A draw is the unit of work, and its rows are fixed by seed and number. A cluster changes how long
the bootstrap takes and no number of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.errors import OptionError

Matrix = NDArray[np.float64]
Index = NDArray[np.int64]
Found = tuple[Matrix, list[str]]


class Refits(Protocol):
    """Fits a model to resamples."""

    def refit(self, draws: Sequence[list[Index]]) -> Found:
        """Return estimates and a status per draw."""
        ...


def over_cluster(
    where: object, worker: Refits, chunks: Sequence[Sequence[list[Index]]]
) -> list[Found]:
    """Refit chunk after chunk on a cluster, and return the results in order.

    Parameters
    ----------
    where
        A client of dask.distributed, the address of a scheduler, or ``"local"`` for two worker
        processes here.
    worker
        Sent once to every machine.
    chunks
        Row indices by chunk, draw and group.

    Raises
    ------
    OptionError
        If dask.distributed is not installed, or the scheduler does not answer.
    """
    with _client(where) as client:
        shared = client.scatter(worker, broadcast=True)
        futures = [client.submit(_refit, shared, list(chunk), pure=False) for chunk in chunks]
        found: list[Found] = client.gather(futures)
    return found


def _refit(worker: Refits, chunk: Sequence[list[Index]]) -> Found:
    return worker.refit(chunk)


@contextmanager
def _client(where: object) -> Iterator[Any]:
    if hasattr(where, "submit") and hasattr(where, "scatter"):
        yield where  # the caller's own, which stays open
        return
    try:
        import distributed
    except ImportError as error:
        raise OptionError(
            "No cluster can be used.",
            "The package dask.distributed is not installed.",
            "Install footbridge[cluster], or give workers= a number of processes.",
        ) from error
    package: Any = distributed  # it has no types
    try:
        if where == "local":
            here = package.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
            client = package.Client(here)
        else:
            here, client = None, package.Client(where, timeout=5)
    except (OSError, ValueError, TypeError) as error:
        raise OptionError(
            f"The cluster at {where!r} does not answer.",
            f"{type(error).__name__} when its scheduler was called; nothing was run.",
            "Check the address and that the scheduler runs, or use workers='local'.",
        ) from error
    try:
        yield client
    finally:
        client.close()
        if here is not None:
            here.close()
