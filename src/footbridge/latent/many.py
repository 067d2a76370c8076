"""Much of the same work: here, over processes or over a cluster; watched, and ended in good order.

Each item fixes its own random stream, so that neither the number of processes, nor the size of a
chunk, nor the machine changes a number.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import Any, Generic, TypeVar

from footbridge.latent.cluster import each, over_cluster
from footbridge.latent.errors import OptionError

T = TypeVar("T")
R = TypeVar("R")
Tick = Callable[[int], bool]


@dataclass(slots=True)
class Done(Generic[R]):
    """What was done, in order; `interrupted` says that Ctrl-C ended it."""

    found: list[R] = field(default_factory=list)
    interrupted: bool = False


def spread(
    task: Callable[[T], R], items: Sequence[T], *, workers: object = 1, tick: Tick | None = None
) -> Done[R]:
    """Call the task with every item, and keep what is done when somebody ends it.

    Parameters
    ----------
    task
        Can be pickled where a cluster is used.
    items
        What it is called with.
    workers
        Processes; or a dask cluster: its client, the address of its scheduler, or "local".
    tick
        Called with the number of items done; False ends the work.

    Raises
    ------
    OptionError
        If `workers` is no number of processes, or the cluster does not answer.
    """
    done: Done[R] = Done()
    try:
        for part in in_chunks(task, items, workers):
            done.found += part
            if tick is not None and not tick(len(done.found)):
                break
    except KeyboardInterrupt:
        done.interrupted = True
    return done


def in_chunks(
    task: Callable[[T], R], items: Sequence[T], workers: object = 1, *, size: int | None = None
) -> Iterator[list[R]]:
    """Yield what the task makes of the items, chunk after chunk and in order.

    Parameters
    ----------
    size
        Items per chunk; by default small enough that a progress bar moves.
    """
    if isinstance(workers, int) and workers < 1:
        raise OptionError(
            f"{workers} processes were asked for.",
            "Work needs at least one.",
            "Pass workers=1, or the number of processors.",
        )
    if workers == 1:
        return ([task(item)] for item in items)
    if size is None:
        parts = 8 * workers if isinstance(workers, int) else 64
        size = max(1, min(25, -(-len(items) // parts)))
    chunks = [items[i : i + size] for i in range(0, len(items), size)]
    if isinstance(workers, int):
        return _over_processes(task, chunks, workers)
    return over_cluster(workers, task, chunks)


_TASK: dict[str, Any] = {}


def _enter(task: object) -> None:
    """Remember the task; Ctrl-C is for the process that waits."""
    signal(SIGINT, SIG_IGN)
    _TASK["task"] = task


def _work(items: Sequence[Any]) -> list[Any]:
    return each(_TASK["task"], items)


def _over_processes(
    task: Callable[[T], R], chunks: Sequence[Sequence[T]], workers: int
) -> Iterator[list[R]]:
    """Work in forked processes, which inherit the compiled code and the data."""
    context = get_context("fork")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_enter, initargs=(task,))
    try:
        yield from pool.map(_work, chunks)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
