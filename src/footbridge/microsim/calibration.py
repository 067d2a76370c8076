"""Calibration to published targets: resumable, logged line by line, blind to what is held out.

The stages share one log. An ensemble from the whole prior is drawn towards the targets as far
as errors of observation and of the model allow (`discrepancy`); ABC-SMC goes on from all of it,
not from its best. A hypercube and CMA waves may come before, for a best fit. Every trial is one
line of the log; a run that was killed tells its samplers what the log holds and goes on, with
nothing computed twice.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import targets as tt
from footbridge.microsim.calendar import month_of
from footbridge.microsim.discrepancy import FURTHEST, errors
from footbridge.microsim.errors import CalibrationError
from footbridge.microsim.observables import observe, observer
from footbridge.microsim.parameters import from_unit, varying, with_values
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.samplers import AbcSmc, Ensemble, Points, Sampler, Waves, Wide
from footbridge.microsim.tables import tables_of
from footbridge.microsim.targets import Target

BEND = 3.0  # beyond this many tolerances a miss grows linearly: one conflict must not rule all
Mapper = Callable[..., Iterable[dict[str, float]]]
Report = Callable[[str, int, float], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a calibration does; two logs of the same plan hold the same lines.

    Attributes
    ----------
    seed : int
        Of the samplers and of every run (one seed: the loss is then a smooth function).
    n_persons : int
        Simulated persons per trial.
    wide, waves : int
        Size of the hypercube and number of CMA waves; 0 leaves them out.
    ensemble, steps, starts : int
        Size of an ensemble (0 leaves it out), in how many steps it learns, and how many
        ensembles start from the prior independently and are pooled.
    particles, generations : int
        Size and number of ABC-SMC generations.
    enough : float
        ABC-SMC ends when every particle has this loss; 1 is the edge of every band.
    step : float
        First step of the waves, in prior quantiles: small when the shipped values are near.
    until : int
        Only targets up to this year are fitted: 2012 for the hold-out by time.
    equal_detection : bool
        The rival structure: detection does not depend on income.
    """

    seed: int = 1
    n_persons: int = 6_000
    wide: int = 0
    waves: int = 0
    ensemble: int = 300
    steps: int = 7
    starts: int = 2
    particles: int = 500
    generations: int = 10
    enough: float = 0.75
    step: float = 0.02
    until: int = 2035
    equal_detection: bool = False

    def targets(self) -> tuple[Target, ...]:
        """Return what is fitted: `calibrate` targets that a run can form, and no other."""
        chosen = tt.of_use("calibrate")
        return tuple(t for t in chosen if observer(t.id) is not None and t.year <= self.until)

    def last_month(self) -> int:
        """Return how many months a trial must run to see every target."""
        return month_of(int(min(self.until, max(t.year for t in self.targets()))) + 1)


def deviation(target: Target, model: float) -> float:
    """Return how far a model's figure is from a target, in tolerances, on the log scale.

    1 is the edge of the band. A band without an upper end is missed from below only.
    """
    if target.low <= 0.0 or not math.isfinite(target.low):
        return 0.0 if target.holds(model) else 2.0
    figure = max(model, 1e-9)
    if not math.isfinite(target.high):
        return max(0.0, math.log(target.low / figure) / 0.1)
    centre = 0.5 * math.log(target.low * target.high)
    return (math.log(figure) - centre) / (0.5 * math.log(target.high / target.low))


def loss_of(figures: dict[str, float], targets: Iterable[Target]) -> float:
    """Return the mean Huber loss of the deviations; 1 is the edge of every band."""
    far = np.abs([deviation(t, figures[t.id]) for t in targets])
    return float(np.mean(np.where(far <= BEND, far**2, BEND * (2.0 * far - BEND))))


def trial(point: NDArray[np.float64], plan: Plan) -> dict[str, float]:
    """Run the model at one point of the unit cube and return the fitted targets' figures."""
    values = values_at(point, plan)
    how = Setting(n_persons=plan.n_persons, seed=plan.seed, months=plan.last_month())
    outcome = simulate(tables_of(values), how)
    wanted = {t.id for t in plan.targets()}
    figures = observe(outcome, values, use="calibrate")
    return {name: figure for name, figure in figures.items() if name in wanted}


def values_at(point: NDArray[np.float64], plan: Plan) -> dict[str, float]:
    """Return the parameter values of a point."""
    values = with_values(from_unit(point))
    if plan.equal_detection:
        values["detect_income"] = 0.0
    return values


class Log:
    """The lines of a calibration: a header, then one line per trial."""

    def __init__(self, path: Path, plan: Plan) -> None:
        self.path = path
        self.header = {
            "plan": asdict(plan),
            "parameters": [p.id for p in varying()],
            "targets": [t.id for t in plan.targets()],
        }
        self.trials: list[dict[str, Any]] = []
        if path.exists() and path.stat().st_size > 0:
            self._read()
        else:
            path.write_text(json.dumps(self.header) + "\n", "utf-8")

    def _read(self) -> None:
        """Read what is there; a last line that a kill cut short is dropped."""
        lines = self.path.read_text("utf-8").splitlines()
        if json.loads(lines[0]) != self.header:
            raise CalibrationError(
                f"{self.path.name} belongs to another calibration. Its first line names another "
                "plan, other parameters or other targets. Resume with the same options, or "
                "write to a new file."
            )
        whole = []
        for line in lines[1:]:
            try:
                whole.append(json.loads(line))
            except json.JSONDecodeError:
                break
        self.trials = whole
        kept = [lines[0], *lines[1 : len(whole) + 1]]
        self.path.write_text("\n".join(kept) + "\n", "utf-8")

    def add(self, stage: str, point: NDArray[np.float64], figures: dict[str, float]) -> None:
        """Append one trial and push it to the disk."""
        entry: dict[str, Any] = {
            "stage": stage,
            "point": [round(float(x), 9) for x in point],
            "figures": {name: float(f"{value:.6g}") for name, value in figures.items()},
        }
        self.trials.append(entry)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def digest(self) -> dict[str, Any]:
        """Return what a reader needs of a log too long to ship.

        Trials and median loss of every stage, the names of all figures that any line holds,
        and the SHA-256 of the file.
        """
        wanted = [tt.catalogue()[name] for name in self.header["targets"]]
        stages: dict[str, list[float]] = {}
        names: set[str] = set()
        for line in self.trials:
            names |= set(line["figures"])
            stages.setdefault(line["stage"], []).append(loss_of(line["figures"], wanted))
        return {
            "sha256": sha256(self.path.read_bytes()).hexdigest(),
            "figures": sorted(names),
            "stages": {
                name: {"trials": len(losses), "median_loss": round(float(np.median(losses)), 4)}
                for name, losses in stages.items()
            },
        }


@cache
def start_point() -> NDArray[np.float64]:
    """Return the point of the unit cube nearest to the shipped parameter values."""
    grid = np.linspace(0.001, 0.999, 999)
    nearest = [grid[int(np.argmin([abs(p.at(q) - p.value) for q in grid]))] for p in varying()]
    return np.array(nearest)


def calibrate(
    plan: Plan, path: Path, *, mapper: Mapper = map, report: Report | None = None
) -> "Posterior":
    """Calibrate, or go on with a calibration that was stopped.

    Parameters
    ----------
    plan : Plan
        What to do.
    path : Path
        The log; made if it is not there, gone on with if it is.
    mapper : callable
        Maps trials over points: `map`, or a cluster's.
    report : callable, optional
        Told the stage, the number of trials done and the best loss after every batch.

    Returns
    -------
    Posterior

    Raises
    ------
    CalibrationError
        If the log belongs to another plan.
    """
    work = _Work(plan, Log(path, plan), mapper)
    sampler: AbcSmc | None = None
    for stage in work.stages():
        while len(points := stage.ask()):
            losses = work.losses(stage.name, points)
            told = work.deviations(len(points)) if isinstance(stage, Ensemble) else losses
            stage.tell(points, told)
            if report is not None:
                report(stage.name, len(work.seen), work.best()[0])
        sampler = stage if isinstance(stage, AbcSmc) else None
    if sampler is None:  # pragma: no cover - the stages end with ABC-SMC
        raise CalibrationError("The last stage was not ABC-SMC. Mend `_Work.stages`.")
    return Posterior(plan, sampler.population, sampler.losses, sampler.tolerance, work.log.digest())


class _Work:
    """A calibration in progress: its log, and every (loss, point) so far."""

    def __init__(self, plan: Plan, log: Log, mapper: Mapper) -> None:
        self.plan, self.log, self.mapper = plan, log, mapper
        self.seen: list[tuple[float, NDArray[np.float64]]] = []

    def best(self) -> tuple[float, NDArray[np.float64]]:
        """Return the lowest loss and its point; the shipped values before any trial."""
        return min(self.seen, key=lambda pair: pair[0], default=(math.inf, start_point()))

    def losses(self, stage: str, points: Points) -> NDArray[np.float64]:
        """Return the losses of points, computing only what the log does not hold."""
        done, plan = len(self.seen), self.plan
        known = self.log.trials[done : done + len(points)]
        missing = [np.asarray(point) for point in points[len(known) :]]
        made = self.mapper(trial, missing, [plan] * len(missing))
        for point, figures in zip(missing, made, strict=True):
            self.log.add(stage, point, figures)
        lines = self.log.trials[done : done + len(points)]
        targets = plan.targets()
        found = [loss_of(line["figures"], targets) for line in lines]
        self.seen += list(zip(found, points, strict=True))
        return np.array(found)

    def deviations(self, n: int) -> NDArray[np.float64]:
        """Return the deviations of the last n trials, no further away than a limit."""
        targets, done = self.plan.targets(), len(self.seen)
        lines = self.log.trials[done - n : done]
        far = [[deviation(t, line["figures"][t.id]) for t in targets] for line in lines]
        return np.clip(far, -FURTHEST, FURTHEST)

    def stages(self) -> Iterator[Sampler]:
        """Yield the three stages, each starting from what the ones before found."""
        plan = self.plan
        free = np.array([p.role == "free" for p in varying()])
        self.losses("start", start_point()[None, :])
        if plan.wide:
            yield Wide(start_point(), free, plan.wide, plan.seed)
        if plan.waves:
            yield Waves(self.best()[1], free, plan.waves, plan.seed + 1, step=plan.step)
        if plan.ensemble:
            sizes = (plan.ensemble, free.size, plan.steps)
            found = []
            for start in range(plan.starts):
                seed = plan.seed + 4 + 1000 * start
                group = Ensemble(errors(len(plan.targets())), *sizes, seed=seed)
                yield group
                found.append(group.population)
            pooled = np.stack(found, axis=1).reshape(-1, free.size)  # starts take turns
            population = pooled[np.arange(plan.particles) % len(pooled)]
        else:
            population = self._around_the_best(free)
        yield AbcSmc(population, plan.generations, plan.seed + 3, enough=plan.enough)

    def _around_the_best(self, free: NDArray[np.bool_]) -> Points:
        """Return the best trials so far, with the uncertain parameters spread."""
        plan = self.plan
        ranked = sorted(self.seen, key=lambda pair: pair[0])[: plan.particles]
        draws = np.random.default_rng(plan.seed + 2)
        first = np.array([point for _, point in ranked])
        population: Points = first[np.arange(plan.particles) % len(first)].copy()
        wide = draws.random((plan.particles, int((~free).sum())))
        population[:, ~free] = 0.5 + 0.6 * (wide - 0.5)  # moves widen it from there
        return population


@dataclass(frozen=True, slots=True)
class Posterior:
    """The particles that a calibration ended with."""

    plan: Plan
    points: Points
    losses: NDArray[np.float64]
    tolerance: float
    log: dict[str, Any]

    def provenance(self) -> dict[str, Any]:
        """Return what made the draws: plan, targets, tolerance, losses, and the log's digest."""
        return {
            "plan": asdict(self.plan),
            "targets": [t.id for t in self.plan.targets()],
            "tolerance": round(self.tolerance, 6),
            "losses": [round(float(x), 4) for x in np.sort(self.losses)],
            "log": self.log,
        }

    def values(self) -> list[dict[str, float]]:
        """Return the parameter values of every particle, shuffled.

        The first n are then as wide as all; the best n would not be.
        """
        order = np.random.default_rng(self.plan.seed).permutation(len(self.losses))
        return [values_at(self.points[i], self.plan) for i in order]
