"""The seven answers as a document: contrasts with bands, drivers, curves, and what is missed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from footbridge.microsim import figures
from footbridge.microsim.analysis import Comparison, Table, compare, curve, drivers
from footbridge.microsim.answers_fit import (
    Evidence,
    across,
    every_target,
    first_page,
    side_by_side,
)
from footbridge.microsim.measures import MEASURES
from footbridge.microsim.parameters import Values, catalogue
from footbridge.microsim.run import Setting
from footbridge.microsim.scenarios import read
from footbridge.microsim.sensitivity import Emulator, sobol, tornado, value_of_knowing

SHOWN = (
    "methadone_entries", "methadone_years", "private_new", "use_years", "deaths",
    "overdose_deaths", "hiv", "detention_years", "detention_deaths", "registrations",
    "retention_12", "returned_12", "linked_6", "coverage_existing", "coverage_known",
    "coverage_users", "cost_methadone", "cost_centres", "cost_rmi", "out_of_pocket",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its scenarios, its main outcome, a curve where one is needed, and words."""

    id: str
    title: str
    scenarios: tuple[str, ...]
    outcome: str
    words: str
    parameter: str | None = None


QUESTIONS = (
    Question(
        "Q1", "Would a stigma campaign bring more people into public treatment?",
        ("q1-stigma",), "methadone_entries",
        "Bounded by two weak numbers: what a campaign does to stigma (0 to -0.30 SD, grade D: no "
        "Chinese trial has treatment entry as its outcome) and what stigma does to seeking (an "
        "association from other settings). Clinic places bound it further.",
    ),
    Question(
        "Q2", "What if treatment, or nothing at all, led to registration?",
        ("q2-entry", "q2-register"), "methadone_years",
        "The cost of registration to a seeker (`beta_reg`) is identified by no aggregate series: "
        "the answer is a curve, not its middle. The one statistic that would identify it is the "
        "unregistered share of new methadone clients. An empty register also changes who counts as "
        "a repeater and is sent to a centre: part of that scenario's effect; and coverage of a "
        "register that was emptied means nothing. Beside it: Hong Kong "
        "treats openly with records closed to the police and keeps 38 % for six years; Taiwan 2006 "
        "saw no rise in first-offence heroin after nationwide harm reduction.",
        "beta_reg",
    ),
    Question(
        "Q3", "What if a positive urine, or use itself, no longer led to detention?",
        ("q3-clinics", "q3-detention"), "methadone_years",
        "Ending all detention lets people who would have been held live outside, where some use "
        "and some die; it also ends the harm inside centres and after release. A model without "
        "those harms counts only the first half. Harm inside is a parameter that cannot be zero "
        "(deaths `ex_centre`, injuries `injury_centre`, overdose `od_centre`, all grade D) and the "
        "month after release has its published four-fold risk. Both sides are in the table. Beside "
        "it: Malaysia turned compulsory into voluntary centres from 2010, a third of them, with "
        "closures again by 2021.",
        "ex_centre",
    ),
    Question(
        "Q4", "What if people in centres were treated there?",
        ("q4-inside",), "linked_6",
        "Linkage has direct evidence (25.8 % with methadone begun inside, 0 % with a card: Yan "
        "2013). What treatment inside does to relapse (`det_rel_hr`) has not: the bounds are the "
        "voluntary centres of Malaysia (.16, which is also voluntary) and no effect (1). It does "
        "not shorten detention by a day; person-years detained are the rights indicator.",
        "det_rel_hr",
    ),
    Question(
        "Q5", "What if private anonymous care grew?",
        ("q5-private", "q5-aftercare"), "use_years",
        "Hangs on one number of grade C: relapse after a private week. The curve shows it. "
        "Anonymity is not absolute (article 37: a clinic that finds use during treatment must "
        "report), and people pay: the money is in the last row.",
        "rel_prv",
    ),
    Question(
        "RMI", "What if every person released had a recovery manager?",
        ("rmi",), "linked_6",
        "The trial found linkage (8 % against 0 %) and jobs, and no difference in urine, so the "
        "model lets it act through linkage and services only. It touches each release once.",
    ),
    Question(
        "Naloxone", "What if witnesses and people released held naloxone?",
        ("naloxone",), "overdose_deaths",
        "Moves deaths, not use. Depends on how many overdoses somebody witnesses (grade D).",
    ),
    Question(
        "Together", "Q2 and Q3 together, with places for those who come",
        ("q2-q3",), "methadone_years",
        "Places cap what Q1 to Q3 can do alone; with twice the places they do not.",
    ),
)  # fmt: skip


def write(
    folder: Path,
    draws: Sequence[Values],
    evidence: Evidence,
    *,
    rivals: Sequence[Values] = (),
    how: Setting | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Run everything the answers need and write them, with their figures, into a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there; gets ``README.md``, ``score.json`` and SVG files.
    draws : sequence of mapping
        Posterior draws.
    evidence : Evidence
        Tables of targets for the same draws and for others, and other models' results.
    rivals : sequence of mapping
        Draws of the rival structure, to be shown beside.
    how : Setting, optional
        Persons, seed, threads.
    progress : callable, optional
        Told what is being worked on.

    Returns
    -------
    Path
        The document.
    """
    setting = Setting(10_000) if how is None else how
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or (lambda _: None)
    names = [name for q in QUESTIONS for name in q.scenarios]
    tell(f"{len(names)} scenarios, {len(draws)} draws")
    result = compare([read(name) for name in names], draws, how=setting)
    place = {name: s for s, name in enumerate(names, start=1)}
    parts = [first_page(evidence, draws, setting)]
    for question in QUESTIONS:
        tell(question.title)
        parts.append(_question(question, result, place, folder))
        if question.parameter:
            parts.append(_curve(question, draws, setting, folder))
    if rivals:
        tell(f"the same under the rival structure, {len(rivals)} draws")
        other = compare([read(name) for name in names], rivals, how=setting)
        outcomes = [(q.outcome, place[name]) for q in QUESTIONS for name in q.scenarios]
        parts.append(side_by_side(outcomes, result, other))
    if evidence.models:
        parts.append(across(evidence.models))
    parts.append(_information(result, place))
    parts.append(every_target(evidence.rows))
    scores = json.dumps(evidence.scores(), indent=1, ensure_ascii=False)
    (folder / "score.json").write_text(scores + "\n", "utf-8")
    document = folder / "README.md"
    document.write_text("\n\n".join(parts) + "\n", "utf-8")
    return document


def _question(q: Question, result: Comparison, place: dict[str, int], folder: Path) -> str:
    blocks = [f"## {q.id}: {q.title}", "", q.words]
    for name in q.scenarios:
        s = place[name]
        moved = [m for m in SHOWN if np.nanmax(np.abs(result.change(m, s, percent=False))) > 0]
        bands = [(MEASURES[m][0], result.band(m, s)) for m in moved if _has_base(result, m)]
        figures.contrasts(folder / f"{name}.svg", bands, title=result.titles[s])
        blocks += ["", f"### {result.titles[s]}", "", _changes(result, moved, s), ""]
        blocks += [f"![Contrasts]({name}.svg)", "", _driven(q, result, s)]
    return "\n".join(blocks)


def _has_base(result: Comparison, measure: str) -> bool:
    return bool((result.figures[measure][:, 0] != 0).all())


def _changes(result: Comparison, measures: Sequence[str], s: int) -> str:
    lines = [
        "| measure, 2026-35 | baseline | change | 50 % band | 90 % band | in units | sign |",
        "|---|---|---|---|---|---|---|",
    ]
    for m in measures:
        band, units = result.band(m, s), result.band(m, s, percent=False)
        base = float(np.median(result.figures[m][:, 0]))
        sure = "sure" if units.sign_is_sure else "**not sure**"
        if _has_base(result, m):
            change = f"{band.median:+.1f} %"
            half, most = (f"{a:+.1f} to {b:+.1f}" for a, b in (
                (band.low50, band.high50), (band.low90, band.high90)))  # fmt: skip
        else:
            change, half, most = "from nothing", "", ""
        lines.append(
            f"| {MEASURES[m][0]} | {base:,.4g} | {change} | {half} | {most} | "
            f"{units.median:+,.3g} | {sure} |"
        )
    return "\n".join(lines)


def _driven(q: Question, result: Comparison, s: int) -> str:
    found = drivers(result, q.outcome, s)
    known = catalogue()
    words = ", ".join(f"`{p}` ({r:+.2f}, grade {known[p].grade})" for p, r in found)
    if not found:
        return f"Too few draws to say what drives {MEASURES[q.outcome][0]}."
    names = [p for p, _ in found]
    inputs = np.array([[d[p] for p in names] for d in result.draws])
    output = result.change(q.outcome, s)
    fine = np.isfinite(output)
    if fine.sum() < 20:
        return f"Driven by (partial rank correlations): {words}."
    emulator = Emulator.fit(inputs[fine], output[fine])
    _, total = sobol(lambda u: emulator(_spread(inputs, u)), len(names), n_base=1024)
    bars = tornado(emulator, inputs)
    flips = [
        p for p, bar in zip(names, bars, strict=True)
        if known[p].grade in "CD" and bar.min() < 0.0 < bar.max()
    ]  # fmt: skip
    shares = ", ".join(f"{p} {t:.2f}" for p, t in zip(names, total, strict=True))
    return (
        f"Driven by (partial rank correlation with {MEASURES[q.outcome][0]}): {words}. Total "
        f"Sobol indices by an emulator of these (R2, one left out, {emulator.r_squared:.2f}): "
        f"{shares}. "
        f"Grade C or D inputs that could flip the sign alone: {', '.join(flips) or 'none of them'}."
    )


def _spread(inputs: Table, u: Table) -> Table:
    """Return points with each column's own distribution, from points of the unit cube."""
    return np.column_stack([np.quantile(x, q) for x, q in zip(inputs.T, u.T, strict=True)])


def _curve(q: Question, draws: Sequence[Values], how: Setting, folder: Path) -> str:
    name = q.parameter or ""
    known = catalogue()[name]
    points = curve(
        name, [known.at(x) for x in (0.01, 0.25, 0.5, 0.75, 0.99)], read(q.scenarios[0]),
        draws[:8], measure=q.outcome, how=how,
    )  # fmt: skip
    path = folder / f"curve-{q.id.lower()}.svg"
    label = f"{MEASURES[q.outcome][0]}, change in %"
    figures.curve(
        path, points, title=f"{q.id}: the answer is a curve over {name}",
        labels=(f"{name} ({known.unit})", label), evidence=(known.low, known.high),
    )  # fmt: skip
    rows = [
        f"| {x:.3g} | {b.median:+.1f} % | {b.low90:+.1f} to {b.high90:+.1f} |" for x, b in points
    ]
    return "\n".join(
        [
            f"The answer as a curve over `{name}` ({known.what}; evidence {known.low:g} to "
            f"{known.high:g}, grade {known.grade}; 8 draws, intercepts not refitted):",
            "",
            f"| `{name}` | {label} | 90 % band |",
            "|---|---|---|",
            *rows,
            "",
            f"![Curve]({path.name})",
        ]
    )


def _information(result: Comparison, place: dict[str, int]) -> str:
    policies = ["q1-stigma", "q2-entry", "q3-clinics", "q4-inside", "q5-private", "rmi"]
    deaths = result.figures["deaths"]
    benefits = np.column_stack([deaths[:, 0] - deaths[:, place[p]] for p in policies])
    names = [k for k in result.draws[0] if len({d[k] for d in result.draws}) > 1]
    values = {
        k: value_of_knowing(benefits, np.array([d[k] for d in result.draws]), degree=1)
        for k in names
    }
    best = sorted(values, key=lambda k: -values[k])[:8]
    rows = [f"| `{k}` | {values[k]:,.0f} | {catalogue()[k].grade} |" for k in best]
    return "\n".join(
        [
            "## What knowing more would be worth",
            "",
            "Expected deaths averted by knowing one input before choosing among Q1, Q2 (entry), Q3 "
            "(clinics), Q4, Q5 and RMI, if deaths alone counted (they do not). By linear "
            f"regression over {len(result.draws)} draws, so small values are noise.",
            "",
            "| input | deaths | grade |",
            "|---|---|---|",
            *rows,
        ]
    )
