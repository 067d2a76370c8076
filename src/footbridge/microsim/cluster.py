"""Many machines: the same trials and draws handed to dask.distributed, in the same order.

A run is the unit of work. It gives the same bits wherever it is made, so a cluster changes how
long a result takes and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from footbridge.microsim.errors import MicrosimError

Mapper = Callable[..., Iterable[Any]]


@contextmanager
def mapper(address: str | None) -> Iterator[Mapper]:
    """Yield a function that maps work over a cluster, keeping the order.

    Parameters
    ----------
    address : str or None
        None: this process. ``"local"``: two worker processes here. Otherwise the address of a
        scheduler, such as ``tcp://scheduler:8786``.

    Raises
    ------
    MicrosimError
        If dask.distributed is not installed, or the scheduler does not answer.
    """
    if address is None:
        yield map
        return
    with _client(address) as client:

        def over_cluster(function: Callable[..., Any], *columns: Iterable[Any]) -> Iterator[Any]:
            futures = client.map(function, *(list(c) for c in columns), pure=False)
            for future in futures:
                yield future.result()

        yield over_cluster


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Yield a client of a cluster; one that was started here is ended here."""
    package: Any = _distributed()
    with ExitStack() as stack:
        try:
            if address == "local":
                address = stack.enter_context(
                    package.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
                )
            client = stack.enter_context(package.Client(address, timeout=10))
        except (OSError, ValueError) as error:
            raise MicrosimError(
                f"The cluster at {address!r} does not answer: {type(error).__name__}. Nothing was "
                "run. Check the address and that its scheduler runs, or use --cluster local."
            ) from error
        yield client


def _distributed() -> Any:  # noqa: ANN401 - the package has no types
    try:
        import distributed
    except ImportError as error:
        raise MicrosimError(
            "No cluster can be used. The package dask.distributed is not installed. Install "
            "footbridge[cluster], or leave --cluster out."
        ) from error
    return distributed
