"""Warnings about two-level fits: too few clusters, and a saturated model that was not found."""

from collections.abc import Iterator

from footbridge.latent.errors import Advice
from footbridge.latent.levelsample import LevelSample

#: With fewer clusters errors of second-level variances are a sixth or more too small.
ENOUGH = 30


def level_advice(sample: LevelSample) -> Iterator[Advice]:
    """Yield what a two-level fit should be read with (Maas and Hox 2005, Methodology 1, 86-92)."""
    problem = sample.two
    for data, label in zip(problem.clusters, problem.labels, strict=True):
        if data.n_clusters < ENOUGH:
            place = f" in group '{label}'" if label else ""
            yield Advice(
                "few-clusters",
                f"There are {data.n_clusters} clusters{place}.",
                "The second level is estimated from as many values, and its errors and tests are "
                "made for many.",
                "Do not trust its variances; keep that level small, or write a model of one level "
                "with the clusters as covariates.",
            )
    if not sample.h1.minimum.converged:
        yield Advice(
            "saturated-not-converged",
            "The saturated model of both levels was not found.",
            f"At the end {sample.h1.minimum.reason}; test and fit indices are held against it.",
            "Do not use them. Take variables with hardly any variance between clusters out of "
            "the second level.",
        )
