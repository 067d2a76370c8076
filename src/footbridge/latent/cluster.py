"""Many machines: work handed to dask.distributed in chunks, in the same order.

A draw is the unit of work, and its numbers are fixed by seed and place. A cluster changes how
long the work takes and no number of it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from footbridge.latent.errors import OptionError

T = TypeVar("T")
R = TypeVar("R")


def over_cluster(
    where: object, task: Callable[[T], R], chunks: Sequence[Sequence[T]]
) -> Iterator[list[R]]:
    """Do chunk after chunk on a cluster, and yield the results in order.

    Parameters
    ----------
    where
        A client of dask.distributed, the address of a scheduler, or ``"local"`` for two worker
        processes here.
    task
        Sent once to every machine.
    chunks
        What the task is called with, one by one. Chunks that are not asked for any more are
        cancelled.

    Raises
    ------
    OptionError
        If dask.distributed is not installed, or the scheduler does not answer.
    """
    with opened(where) as client:
        shared = client.scatter(task, broadcast=True, hash=False)
        futures = [client.submit(each, shared, list(chunk), pure=False) for chunk in chunks]
        try:
            for future in futures:
                yield future.result()
        finally:
            client.cancel([f for f in futures if not f.done()])


def each(task: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Return what the task makes of each item."""
    return [task(item) for item in items]


@contextmanager
def opened(where: object) -> Iterator[Any]:
    """Yield a client for a cluster; one that is made here is closed at the end.

    Raises
    ------
    OptionError
        If dask.distributed is not installed, or the scheduler does not answer.
    """
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
