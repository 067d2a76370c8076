"""How well the model fits: every target beside the model, met or missed, and held-out scores."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from footbridge.microsim import targets as tt
from footbridge.microsim.calendar import month_of
from footbridge.microsim.calibration import deviation
from footbridge.microsim.observables import observe, observer
from footbridge.microsim.parameters import Values
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.tables import tables_of
from footbridge.microsim.targets import Target

LAST_TARGET_YEAR = 2023
PASS_SHARE = 0.8
WORST_RATIO = 2.0
# Nine people were interviewed; the figure is a share of them (Lembke & Zhang 2015).
FACE_CHECKS = ("nh_unreg", "nh_everdet", "nh_evermmt", "nh_inj", "nh_10y", "nh_40s")
INTERVIEWED = 9
# Shares counted among few people: how many. Yan 2013's arms are taken to be as large as the one
# whose published interval (.16-.38 around .258) implies 61.
COUNTED = dict.fromkeys(FACE_CHECKS, INTERVIEWED) | {"link_card": 61, "link_police": 61}
# Held-out figures that the model is given as inputs (`months.URINE`, conversion of clients in
# `months._harm`, the priors of links after release): their cover tests nothing.
GIVEN = frozenset(
    (*(f"mmt_urine_{year}" for year in (2004, 2005, 2006, 2007, 2009, 2010, 2021)),
     "mmt_hiv_conv_2006", "mmt_hiv_conv_2021", "link_card", "link_police")
)  # fmt: skip
_MIDDLES = (np.arange(199) + 0.5) / 199.0


@dataclass(frozen=True, slots=True)
class Row:
    """One target beside the model.

    Attributes
    ----------
    model, low90, high90 : float
        Median and 90 % band over the posterior draws, each with its own seed.
    predicted_low, predicted_high : float
        90 % posterior predictive band: with errors of observation and of the model too.
    met : bool
        Whether the median lies in the target's tolerance.
    reached : bool
        Whether the 90 % band of the draws alone meets the target's tolerance.
    covered : bool
        Whether the predictive band contains the published figure.
    p_value : float or None
        Posterior predictive p-value of a face check with nine people.
    """

    id: str
    use: str
    grade: str
    quantity: str
    year: float
    unit: str
    value: float
    tolerance_low: float
    tolerance_high: float
    model: float
    low90: float
    high90: float
    predicted_low: float
    predicted_high: float
    ratio: float
    met: bool
    reached: bool
    covered: bool
    p_value: float | None
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain values, for CSV and JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Score:
    """What the pass rule looks at; `tested` are the held-out figures that are no inputs."""

    met: int
    calibrated: int
    beyond_twice: tuple[str, ...]
    covered: int
    reached: int
    held_out: int
    tested: int
    tested_covered: int

    @property
    def passes(self) -> bool:
        """Whether 80 % are met, none is beyond twice, and bands cover 80 % of hold-outs."""
        enough = self.met >= PASS_SHARE * self.calibrated
        return enough and not self.beyond_twice and self.covered >= PASS_SHARE * self.held_out

    def sentence(self) -> str:
        """Return the score in words, for the first page of every result."""
        far = ", ".join(self.beyond_twice) or "none"
        verdict = "passes" if self.passes else "does NOT pass"
        return (
            f"{self.met} of {self.calibrated} calibrated targets are met; beyond twice their "
            f"value: {far}; the 90 % predictive bands cover {self.covered} of {self.held_out} "
            f"held-out figures (bands of the draws alone reach {self.reached} tolerances; without "
            f"{self.held_out - self.tested} figures that are also inputs of the model: "
            f"{self.tested_covered} of {self.tested}). "
            f"The model {verdict} its own rule."
        )


def figures_of(values: Values, how: Setting) -> dict[str, float]:
    """Return one draw's figure for every target, fitted or held out."""
    setting = Setting(
        how.n_persons, how.seed, months=month_of(LAST_TARGET_YEAR + 1), threads=how.threads
    )
    outcome = simulate(tables_of(values), setting)
    return {
        **observe(outcome, values, use="calibrate"),
        **observe(outcome, values, use="validate"),
    }


def table(
    draws: Sequence[Values],
    *,
    how: Setting | None = None,
    mapper: Callable[..., Iterable[Any]] = map,
    progress: Callable[[int, int], bool] | None = None,
    until: float | None = None,
) -> list[Row]:
    """Return every comparable target beside the model.

    Parameters
    ----------
    draws : sequence of mapping
        Posterior draws.
    how : Setting, optional
        Persons, seed and threads.
    mapper : callable
        `map`, or a cluster's.
    progress : callable, optional
        Called with (draws done, draws asked for); a false answer stops.
    until : float, optional
        For draws fitted to targets up to this year: later ones set no width either.
    """
    setting = Setting() if how is None else how
    seeds = [replace(setting, seed=setting.seed + i) for i in range(len(draws))]
    seen: list[dict[str, float]] = []
    for figures in mapper(figures_of, draws, seeds):
        seen.append(figures)
        if progress is not None and not progress(len(seen), len(draws)):
            break
    chosen = (*tt.of_use("calibrate"), *tt.of_use("validate"))
    formed = {t.id: [one[t.id] for one in seen] for t in chosen if observer(t.id) is not None}
    fitted = (t for t in tt.of_use("calibrate") if until is None or t.year <= until)
    error = residual({t: formed[t.id] for t in fitted if t.id in formed})
    return [_row(t, formed[t.id], error) for t in chosen if t.id in formed]


def residual(fitted: Mapping[Target, Sequence[float]]) -> float:
    """Return the root mean square miss of the medians, in tolerances.

    What the model misses of the figures it was fitted to is the best estimate of what it will
    miss of others (observation and discrepancy together); no held-out figure enters.

    Parameters
    ----------
    fitted : mapping
        Each calibrated target with its figures over the draws.
    """
    far = [deviation(t, float(np.median(figures))) for t, figures in fitted.items()]
    return float(np.sqrt(np.mean(np.square(far))))


def predicted(target: Target, figures: Sequence[float], error: float) -> tuple[float, float]:
    """Return the 90 % posterior predictive band of a published figure.

    Parameters
    ----------
    target : Target
        What was published.
    figures : sequence of float
        The model's figure, one per draw.
    error : float
        Standard deviation of observation and discrepancy, in tolerances of the log figure.
        A share among few people has its binomial error instead.
    """
    from scipy.stats import binom, norm  # slow to import

    model = np.asarray(figures, dtype=np.float64)[:, None]
    if n := COUNTED.get(target.id):
        published = binom.ppf(_MIDDLES[None, :], n, np.clip(model, 0.0, 1.0)) / n
    else:
        published = model * np.exp(error * target.log_tolerance * norm.ppf(_MIDDLES)[None, :])
    low, high = np.quantile(published, (0.05, 0.95))
    return float(low), float(high)


def _published(target: Target) -> float:
    """Return the published figure; a share among few people as the count it stands for."""
    n = COUNTED.get(target.id)
    return round(target.value * n) / n if n else target.value


def _row(target: Target, figures: list[float], error: float) -> Row:
    low, middle, high = (float(x) for x in np.quantile(figures, (0.05, 0.5, 0.95)))
    ratio = middle / target.value if target.value else float("nan")
    below, above = predicted(target, figures, error)
    return Row(
        id=target.id,
        use=target.use,
        grade=target.grade,
        quantity=target.quantity,
        year=target.year,
        unit=target.unit,
        value=target.value,
        tolerance_low=target.low,
        tolerance_high=target.high,
        model=middle,
        low90=low,
        high90=high,
        predicted_low=below,
        predicted_high=above,
        ratio=ratio,
        met=target.holds(middle),
        reached=low <= target.high and high >= target.low,
        covered=below <= _published(target) <= above,
        p_value=face_check(target.value, figures) if target.id in FACE_CHECKS else None,
        source=target.source,
    )


def face_check(observed_share: float, shares: Sequence[float], n: int = INTERVIEWED) -> float:
    """Return the two-sided posterior predictive p-value of a count among a few people.

    Parameters
    ----------
    observed_share : float
        The share among the `n` people interviewed.
    shares : sequence of float
        The model's share, one per posterior draw.
    n : int
        How many were interviewed.

    Examples
    --------
    Five of nine, where the model says one half: nothing to explain.

    >>> face_check(5 / 9, [0.5])
    1.0
    """
    from scipy.stats import binom  # slow to import

    count = round(observed_share * n)
    p = np.clip(np.asarray(shares, dtype=np.float64), 0.0, 1.0)
    below = float(np.mean(binom.cdf(count, n, p)))
    above = float(np.mean(binom.sf(count - 1, n, p)))
    return min(1.0, 2.0 * min(below, above))


def score(rows: Sequence[Row], *, until: float | None = None) -> Score:
    """Return what the pass rule looks at.

    A band without an upper end cannot be missed from above, so its ratio does not count.

    Parameters
    ----------
    rows : sequence of Row
        From `table`.
    until : float, optional
        For draws fitted to targets up to this year: every later one is held out, whatever its
        use, and the earlier ones that were not fitted do not count.
    """
    fitted = [r for r in rows if r.use == "calibrate" and (until is None or r.year <= until)]
    held = [r for r in rows if (r.use == "validate" if until is None else r.year > until)]
    tested = [r for r in held if r.id not in GIVEN]
    bounded = [r for r in fitted if np.isfinite(r.tolerance_high)]
    beyond = tuple(r.id for r in bounded if not 1.0 / WORST_RATIO <= r.ratio <= WORST_RATIO)
    return Score(
        met=sum(r.met for r in fitted),
        calibrated=len(fitted),
        beyond_twice=beyond,
        covered=sum(r.covered for r in held),
        reached=sum(r.reached for r in held),
        held_out=len(held),
        tested=len(tested),
        tested_covered=sum(r.covered for r in tested),
    )
