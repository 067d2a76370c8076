"""Hold-outs across models: what other published models found, beside what this one says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from footbridge.microsim.calendar import FIRST_YEAR, month_of
from footbridge.microsim.flows import Flow
from footbridge.microsim.parameters import Values
from footbridge.microsim.run import Outcome, Setting, simulate
from footbridge.microsim.scenarios import BASELINE, Scenario, Timed, tables_under

NO_CLINICS = Scenario(
    "no methadone clinics", levers=(Timed("mmt_places", 0.0, 0), Timed("mmt_access", 0.0, 0))
)
_REFORM = month_of(2018)
_LESS = Timed("detention", 0.2, _REFORM)
LESS_DETENTION = Scenario("detention down by 80 %", levers=(_LESS,))
# The model has no referral at detection; easier access with places for all comes nearest.
WITH_CARE = Scenario(
    "detention down by 80 %, with methadone offered",
    levers=(_LESS, Timed("mmt_access", 3.0, _REFORM), Timed("mmt_places", 3.0, _REFORM)),
)


@dataclass(frozen=True, slots=True)
class Published:
    """What another model found, with its range where one was published."""

    id: str
    what: str
    value: float
    source: str
    low: float | None = None
    high: float | None = None


ZHANG = "Zhang 2019 (compartmental; onward infections counted)"
BORQUEZ = "Borquez 2018 (Tijuana; onward infections counted)"
PUBLISHED = (
    Published("deaths", "deaths averted by methadone, 2004-15", 10_783, ZHANG, 10_380, 11_187),
    Published("hiv", "HIV infections averted by methadone, 2004-15", 29_463, ZHANG, 15_325, 43_600),
    Published("less", "% of HIV infections averted, detention down by 80 %", 9, BORQUEZ),
    Published("care", "the same, with methadone offered", 21, BORQUEZ, 10, 33),
    Published("order", "the second less the first", 12, BORQUEZ),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """One published result beside this model's median and 90 % band."""

    published: Published
    model: float
    low90: float
    high90: float

    @property
    def overlaps(self) -> bool | None:
        """Whether the band meets the published range; None where there is none."""
        low, high = self.published.low, self.published.high
        if low is None or high is None:
            return None
        return self.low90 <= high and self.high90 >= low

    @property
    def same_direction(self) -> bool:
        """Whether the median has the published sign."""
        return bool(np.sign(self.model) == np.sign(self.published.value))


def one_draw(values: Values, how: Setting) -> dict[str, float]:
    """Return this model's figures for one draw, by the ids of `PUBLISHED`.

    The same random numbers serve every scenario, so differences are paired.
    """

    def run(scenario: Scenario, last: int) -> Outcome:
        return simulate(tables_under(values, scenario), replace(how, months=month_of(last + 1)))

    base = run(BASELINE, 2030)
    closed = run(NO_CLINICS, 2015)
    infected = _count(base, Flow.HIV, 2018, 2030)
    averted = {
        name: 100.0 * (infected - _count(run(scenario, 2030), Flow.HIV, 2018, 2030)) / infected
        if infected > 0
        else 0.0
        for name, scenario in (("less", LESS_DETENTION), ("care", WITH_CARE))
    }
    methadone = {
        name: _count(closed, flow, 2004, 2015) - _count(base, flow, 2004, 2015)
        for name, flow in (("deaths", Flow.DEATH), ("hiv", Flow.HIV))
    }
    return {**methadone, **averted, "order": averted["care"] - averted["less"]}


def _count(outcome: Outcome, flow: Flow, first: int, last: int) -> float:
    years = slice(first - FIRST_YEAR, last - FIRST_YEAR + 1)
    return float(outcome.flow[years, flow].sum() * outcome.weight)


def beside(draws: Sequence[Values], how: Setting) -> list[Beside]:
    """Return every published result beside the model's band over draws.

    Parameters
    ----------
    draws : sequence of mapping
        Posterior draws.
    how : Setting
        Persons and seed; each draw has its own seed, counted up from there.
    """
    found = [one_draw(d, replace(how, seed=how.seed + i)) for i, d in enumerate(draws)]
    rows = []
    for one in PUBLISHED:
        low, middle, high = np.quantile([f[one.id] for f in found], (0.05, 0.5, 0.95))
        rows.append(Beside(one, float(middle), float(low), float(high)))
    return rows
