"""Where lavaan 0.6 and 0.7 differ, and which side a fit took.

Compared by running both releases on the same models; `mimic=` chooses the side.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from footbridge.latent.result import Fit


@dataclass(frozen=True, slots=True)
class Choice:
    """One difference that touches a fit: the topic, what was done here, what the other does."""

    topic: str
    here: str
    there: str


def choices(fit: Fit) -> tuple[Choice, ...]:
    """Return the differences between the releases that touch this fit.

    Parameters
    ----------
    fit
        The fit; `fit.options.mimic` says whose side it took.

    Returns
    -------
    tuple of Choice
        Empty where both releases give the same numbers.
    """
    newer = fit.options.mimic == "lavaan-0.7"
    found = []
    for topic, old, new in (*_groups(fit), *_errors(fit), *_measures(fit)):
        here, there = (new, old) if newer else (old, new)
        found.append(Choice(topic, here, there))
    return tuple(found)


def _groups(fit: Fit) -> Iterator[tuple[str, str, str]]:
    o = fit.options
    wanted = {"thresholds", "loadings"} <= set(o.group_equal)
    if o.categorical and wanted and "intercepts" not in o.group_equal:
        yield (
            "Later groups",
            "latent means free, response intercepts 0",
            "latent means 0, response intercepts free (Wu and Estabrook)",
        )


def _errors(fit: Fit) -> Iterator[tuple[str, str, str]]:
    o = fit.options
    if fit.solution.held:
        yield "Errors where a bound binds", "as if there were no bound", "as if fixed there"
    if o.estimator not in {"DWLS", "ULS"}:
        return
    new = "robust.sem" if o.categorical or o.estimator == "DWLS" else "robust.sem.nt"
    yield f"Default errors of {o.estimator}", "standard", new
    if o.estimator == "ULS" and not o.categorical:
        yield "Default test of ULS", "standard", "browne.residual.nt"


def _measures(fit: Fit) -> Iterator[tuple[str, str, str]]:
    if fit.options.prior is not None:  # a posterior mode has no fit measures
        return
    if fit.options.conditional_x and fit.problem.roles.ov_x:
        yield "RMR, SRMR and CRMR given covariates", "leave the slopes out", "count the slopes"
    yield "Fit measure gfi", "Joreskog and Sorbom's", "Maydeu-Olivares' (the older: gfi_lisrel)"
