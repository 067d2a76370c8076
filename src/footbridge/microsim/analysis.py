"""Paired contrasts by posterior draw, what drives them, and what knowing more would be worth."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.bands import Band
from footbridge.microsim.errors import MicrosimError
from footbridge.microsim.measures import Window, judge, states_by_year
from footbridge.microsim.parameters import Values
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.scenarios import BASELINE, Scenario, tables_under

Table = NDArray[np.float64]
Mapper = Callable[..., Iterable[Any]]
Progress = Callable[[int, int], bool]


class Running(TypedDict, total=False):
    """How the runs of `compare` are made, for those that hand it on."""

    how: Setting | None
    window: Window | None
    mapper: Mapper


@dataclass(frozen=True, slots=True)
class Comparison:
    """Measures of scenarios by draw, each draw paired with the baseline of the same draw.

    Attributes
    ----------
    titles : tuple of str
        Baseline first.
    figures : dict
        Measure -> array, shape (n_draws, n_scenarios).
    draws : list of dict
        Parameter values of each row.
    asked : int
        Draws that were asked for; fewer rows mean that the run was stopped.
    years : ndarray, shape (n_draws, n_scenarios, 5, 52)
        Persons in each of `measures.STATES` by year.
    """

    titles: tuple[str, ...]
    figures: dict[str, Table]
    draws: list[Values]
    asked: int
    years: Table = field(default_factory=lambda: np.zeros((0, 0, 0, 0)))

    @property
    def complete(self) -> bool:
        """Whether every draw that was asked for is there."""
        return len(self.draws) == self.asked

    def change(self, measure: str, scenario: int, *, percent: bool = True) -> Table:
        """Return the paired change from the baseline by draw, in percent or in units."""
        base, other = self.figures[measure][:, 0], self.figures[measure][:, scenario]
        if not percent:
            return np.asarray(other - base)
        safe = np.where(base == 0.0, np.nan, base)
        return np.asarray(100.0 * (other - base) / safe)

    def band(self, measure: str, scenario: int, *, percent: bool = True) -> Band:
        """Return the band of a paired change; draws with nothing to compare are left out."""
        change = self.change(measure, scenario, percent=percent)
        change = change[np.isfinite(change)]
        return Band.of(change if change.size else np.array([np.nan]))


def one_draw(
    values: Values, scenarios: Sequence[Scenario], how: Setting, window: Window
) -> list[dict[str, float]]:
    """Return the measures of each scenario for one draw, all with the same random numbers."""
    return [figures for figures, _ in with_years(values, scenarios, how, window)]


def with_years(
    values: Values, scenarios: Sequence[Scenario], how: Setting, window: Window
) -> list[tuple[dict[str, float], Table]]:
    """Return the measures of each scenario for one draw, and where people are by year."""
    found = []
    for scenario in scenarios:
        tables = tables_under(values, scenario)
        outcome = simulate(tables, how)
        found.append((judge(outcome, tables, window=window), states_by_year(outcome)))
    return found


def compare(
    scenarios: Sequence[Scenario],
    draws: Sequence[Values],
    *,
    how: Setting | None = None,
    window: Window | None = None,
    mapper: Mapper = map,
    progress: Progress | None = None,
) -> Comparison:
    """Run scenarios and the baseline for every posterior draw, paired.

    Parameters
    ----------
    scenarios : sequence of Scenario
        What to compare with the baseline.
    draws : sequence of mapping
        Parameter values.
    how : Setting, optional
        Persons, seed and threads of every run.
    window : Window, optional
        Years that count.
    mapper : callable
        `map`, or a cluster's; it must keep the order.
    progress : callable, optional
        Called with (draws done, draws asked for); a false answer stops, and what is done is
        returned.

    Raises
    ------
    MicrosimError
        If there is no draw, or it was stopped before the first one ended.
    """
    setting = Setting() if how is None else how
    years = Window() if window is None else window
    every = (BASELINE, *scenarios)
    n = len(draws)
    rows: list[list[tuple[dict[str, float], Table]]] = []
    for row in mapper(with_years, draws, [every] * n, [setting] * n, [years] * n):
        rows.append(row)
        if progress is not None and not progress(len(rows), n):
            break
    if not rows:
        raise MicrosimError(
            "There is nothing to compare. No posterior draw was run. Ask for one draw or more."
        )
    names = rows[0][0][0]
    figures = {name: np.array([[one[name] for one, _ in row] for row in rows]) for name in names}
    by_year = np.array([[states for _, states in row] for row in rows])
    return Comparison(tuple(s.title for s in every), figures, list(draws[: len(rows)]), n, by_year)


def prcc(inputs: Table, output: Table) -> Table:
    """Return partial rank correlation coefficients of an output with each input.

    Parameters
    ----------
    inputs : ndarray, shape (n_draws, n_inputs)
        One column per parameter; needs more rows than columns.
    output : ndarray, shape (n_draws,)
        One number per draw.

    Returns
    -------
    ndarray, shape (n_inputs,)
        In [-1, 1]; 0 for an input that does not vary.

    Raises
    ------
    MicrosimError
        If there are not more draws than inputs.

    References
    ----------
    Marino et al. (2008), J. Theor. Biol. 254, https://doi.org/10.1016/j.jtbi.2008.04.011
    """
    from scipy.stats import rankdata  # slow to import, and most runs do not rank

    n, k = inputs.shape
    if n <= k + 2:
        raise MicrosimError(
            f"Partial correlations of {k} inputs cannot be told from {n} draws. Every input "
            "takes one away. Use more draws, or fewer inputs."
        )
    ranks = np.column_stack([rankdata(column) for column in inputs.T])
    target = rankdata(output)
    found = np.zeros(k)
    for j in range(k):
        others = np.column_stack([np.ones(n), np.delete(ranks, j, axis=1)])
        left = [
            y - others @ np.linalg.lstsq(others, y, rcond=None)[0] for y in (ranks[:, j], target)
        ]
        size = float(np.linalg.norm(left[0]) * np.linalg.norm(left[1]))
        found[j] = float(left[0] @ left[1]) / size if size > 1e-9 * n else 0.0
    return found


def drivers(
    comparison: Comparison, measure: str, scenario: int, n: int = 5
) -> list[tuple[str, float]]:
    """Return the inputs that move a paired change most: (parameter, rank correlation).

    Partial where there are draws enough, plain rank correlation among the inputs that come
    first by it otherwise.
    """
    from scipy.stats import rankdata

    names = [k for k in comparison.draws[0] if len({d[k] for d in comparison.draws}) > 1]
    change = comparison.change(measure, scenario)
    fine = np.isfinite(change)
    inputs = np.array([[d[k] for k in names] for d in comparison.draws])[fine]
    change = change[fine]
    if len(change) < 8 or np.ptp(change) == 0.0:
        return []
    ranks = np.column_stack([rankdata(column) for column in inputs.T])
    plain = np.nan_to_num(np.corrcoef(np.column_stack([ranks, rankdata(change)]).T)[-1, :-1])
    room = min(len(names), max(3, (len(change) - 3) // 3))
    first = np.argsort(-np.abs(plain), kind="stable")[:room]
    partial = prcc(inputs[:, first], change)
    order = np.argsort(-np.abs(partial), kind="stable")[:n]
    return [(names[first[j]], float(partial[j])) for j in order]


def curve(
    parameter: str,
    points: Iterable[float],
    scenario: Scenario,
    draws: Sequence[Values],
    *,
    measure: str,
    **run: Unpack[Running],
) -> list[tuple[float, Band]]:
    """Return the change that a scenario makes, as one parameter goes through a range.

    For what aggregate data cannot identify: an answer that is a curve, not a number. The
    calibrated intercepts are not refitted along it. How the runs are made is said as to
    `compare`.
    """
    found: list[tuple[float, Band]] = []
    for point in points:
        moved = [{**draw, parameter: float(point)} for draw in draws]
        result = compare([scenario], moved, **run)
        found.append((float(point), result.band(measure, 1)))
    return found


def variance_ratio(
    measure: str, scenario: Scenario, values: Values, *, seeds: Sequence[int], how: Setting
) -> float:
    """Return how many times pairing cuts the variance of a contrast.

    The variance of the difference of independent runs over that of paired ones.
    """
    pairs = []
    for seed in seeds:
        setting = Setting(how.n_persons, seed, threads=how.threads)
        base, other = one_draw(values, (BASELINE, scenario), setting, Window())
        pairs.append((base[measure], other[measure]))
    table = np.array(pairs)
    independent = table[:, 0].var(ddof=1) + table[:, 1].var(ddof=1)
    paired = (table[:, 1] - table[:, 0]).var(ddof=1)
    return float(independent / paired) if paired > 0.0 else float("inf")
