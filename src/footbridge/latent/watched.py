"""The bootstrap in blocks: somebody can watch it, and end it without losing what is done."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import numpy as np

from footbridge.latent.cluster import opened
from footbridge.latent.errors import OptionError
from footbridge.latent.resampling import Bootstrap, draw_rows, refit_rows, refitter
from footbridge.latent.result import Fit

_BLOCKS = 50


def watched_bootstrap(
    fit: Fit,
    draws: int = 1000,
    *,
    tick: Callable[[int], bool],
    workers: object = 1,
    **rows: Any,
) -> Bootstrap:
    """Do what `bootstrap` does, block by block.

    Parameters
    ----------
    fit
        A converged fit.
    draws
        How many resamples.
    tick
        Called with the number of draws done; False ends the work. What is done is kept.
    workers
        Processes, or a dask cluster, as for `bootstrap`.
    **rows
        seed, strata and data, as for `bootstrap`: the same seed gives the same draws.

    Returns
    -------
    Bootstrap
        The draws that were done; `len(found.status)` says how many.

    Raises
    ------
    OptionError
        If this kind of model cannot be resampled, or there is no draw to make.
    """
    if draws < 1:
        raise OptionError(
            f"{draws} draws were asked for.",
            "An interval needs at least two, and a good one a thousand.",
            "Ask for 1000.",
        )
    asked: Mapping[str, Any] = {"seed": 1, "strata": None, "data": None} | rows
    worker = refitter(fit)
    size = max(1, -(-draws // _BLOCKS))
    parts: list[Bootstrap] = []
    # One client for all blocks; a number of processes stands for itself.
    with nullcontext(workers) if isinstance(workers, int) else opened(workers) as where:
        for first in range(0, draws, size):
            block = draw_rows(fit, range(first, min(first + size, draws)), **asked)
            parts.append(refit_rows(fit, block, workers=where, worker=worker))
            if not tick(min(first + size, draws)):
                break
    return Bootstrap(
        fit,
        np.vstack([p.estimates for p in parts]),
        tuple(s for p in parts for s in p.status),
        parts[0].names,
    )
