"""The pages of the answers that say how far to trust them: fit, hold-outs, rivals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footbridge.microsim.analysis import Comparison
from footbridge.microsim.crossmodel import Beside
from footbridge.microsim.fit import Row, score
from footbridge.microsim.measures import MEASURES, Window
from footbridge.microsim.parameters import Values, varying
from footbridge.microsim.posterior import BY_TIME
from footbridge.microsim.run import Setting

CAVEAT = (
    "**Read this first.** This is a model of public aggregate figures about a coercive system, "
    "made to reason with, not to forecast. Every number below depends on inputs that nobody has "
    "measured (grades C and D); where such an input decides the answer, the answer is a curve. "
    "Rights are not folded into a score: person-years detained are shown beside lives. Nothing "
    "here may be used to choose whom to detect."
)
TRIED = """\
What was tried for the misses, and what is left of them:

- *Register (`reg_*`, `no_relapse_*`, `new_reg_2009`)*: deaths that nobody reports stay in it;
  those unseen for three years are looked for at another rate, and the three years begin with
  release; detection follows the people caught after 2016; clients may fall after 2012; a database
  that dropped unseen paper registrations in 2006; a surge of detection in 2010-14; flows read
  through heroin's share of the flow. The register still falls more slowly here from 2018 to 2023
  than it did: the opioid part of those caught is published for 2018 alone, and may have fallen.
- *People in centres (`cid_*`, `moj_*`, `repeat_*`)*: admissions of 2018-19 are fitted and met, and
  the model holds 1.5 to 1.9 times the published numbers of 2017-19 (2.2 to 2.5 before, four times
  at first). Stays of some 20 months by law and the ministry's share of all centres (grade D) stand
  between admissions and people held, and admissions before 2018 are not fitted but for 2009.
- *Deaths (`mort_*`)*: the pooled level out of treatment (36.1) is fitted and met, and overdoses are
  counted once (users died at 63 before). The Chinese clinic cohort (28.6, time out of treatment
  included) and the pooled ratio out : in pull apart. Liangshan (77) and the pooled figure (23.5)
  cannot both be met without sites that differ; now both lie outside.
- *Methadone (`mmt_*`)*: access grows with a power of the clinics and leaves entries in 2008 a
  seventh low. Clients differ in how soon they leave, and more stay for seven years than before,
  not yet a fifth.
- *New Hospital (`nh_*`)*: nothing makes private patients older or less often injecting than other
  users here; nine people were asked.
- *`hidden_seed`, `hiv_prev_du`, `inject_12m_beijing`*: an early estimate against the official ratio
  that is met; a sentinel over users of all drugs; patients in treatment, read as new users."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found about the fit, beside the answers themselves.

    Attributes
    ----------
    rows : sequence of Row
        Targets beside the draws that answer.
    rival, by_time : sequence of Row
        Targets beside the draws of the rival structure, and of those fitted up to `until`.
    models : sequence of Beside
        Results of other models.
    """

    rows: Sequence[Row]
    rival: Sequence[Row] = ()
    by_time: Sequence[Row] = ()
    until: float = 2012
    models: Sequence[Beside] = ()

    def scores(self) -> dict[str, str]:
        """Return the scores in words, by the names of the shipped draws."""
        words = {"income": score(self.rows).sentence()}
        if self.rival:
            words["equal"] = score(self.rival).sentence()
        if self.by_time:
            words[BY_TIME] = score(self.by_time, until=self.until).sentence()
        return words


def width(draws: Sequence[Values]) -> str:
    """Return in words how much of their prior spread the draws keep."""
    kept: dict[str, list[float]] = {"free": [], "uncertain": []}
    grid = np.linspace(0.005, 0.995, 199)
    for p in varying():
        prior = float(np.std([p.at(float(q)) for q in grid]))
        kept[p.role].append(float(np.std([d[p.id] for d in draws])) / prior)
    free, uncertain = (f"{100 * np.median(kept[k]):.0f} %" for k in ("free", "uncertain"))
    return (
        f"**How wide the bands are.** Over these draws free parameters keep {free} of the spread "
        f"of their prior and uncertain ones {uncertain} (medians). Bands of answers hold the "
        "uncertainty of parameters; what no target speaks about keeps nearly its whole prior. They "
        "do not hold errors of structure: for those, see the rival structure and the curves."
    )


def first_page(evidence: Evidence, draws: Sequence[Values], how: Setting) -> str:
    """Return the first page: caveat, width, scores, and everything that was missed."""
    years = Window()
    return "\n".join(
        [
            "# Seven answers, and what they rest on",
            "",
            f"{len(draws)} posterior draws, {how.n_persons:,} simulated persons each, seed "
            f"{how.seed}; {years.first}-{years.last}. Made by "
            f"`footbridge answers docs/answers --persons {how.n_persons} "
            f"--draws {len(draws)}`.",
            "",
            CAVEAT,
            "",
            width(draws),
            "",
            "## Fit before answers",
            "",
            score(evidence.rows).sentence(),
            *_others(evidence),
            "",
            *_misses(evidence.rows),
            "",
            TRIED,
        ]
    )


def _misses(rows: Sequence[Row]) -> list[str]:
    """Return the lines of the two tables of what was missed."""
    missed = [r for r in rows if r.use == "calibrate" and not r.met]
    outside = [r for r in rows if r.use == "validate" and not r.covered]
    return [
        f"Calibrated targets **missed** ({len(missed)}):",
        "",
        "| target | published | model | ratio | grade |",
        "|---|---|---|---|---|",
        *(
            f"| `{r.id}` | {r.value:,.4g} | {r.model:,.4g} | {r.ratio:.2f} | {r.grade} |"
            for r in missed
        ),
        "",
        f"Held-out figures outside the 90 % predictive band ({len(outside)}):",
        "",
        "| target | published | model | predictive band | grade |",
        "|---|---|---|---|---|",
        *(
            f"| `{r.id}` | {r.value:,.4g} | {r.model:,.4g} | {r.predicted_low:,.4g} to "
            f"{r.predicted_high:,.4g} | {r.grade} |"
            for r in outside
        ),
    ]


def _others(evidence: Evidence) -> list[str]:
    titles = {
        "equal": "Rival structure (detection equal for all incomes)",
        BY_TIME: f"Hold-out by time (fitted to figures up to {evidence.until:.0f}, asked about "
        "every later one)",
    }
    scores = evidence.scores()
    lines = [f"\n{title}: {scores[k]}" for k, title in titles.items() if k in scores]
    if evidence.by_time:
        lines.append(f"({_breadth([r for r in evidence.by_time if r.year > evidence.until])})")
    return lines


def _breadth(rows: Sequence[Row]) -> str:
    """Return in words how wide the predictive bands of some figures are."""
    folds = [r.predicted_high / r.predicted_low for r in rows if r.predicted_low > 0.0]
    return (
        f"Bands that cover are worth what their width is: the upper end of these is "
        f"{np.median(folds):.1f} times the lower one, at the median."
    )


def side_by_side(outcomes: Sequence[tuple[str, int]], result: Comparison, rival: Comparison) -> str:
    """Return the main outcome of every scenario under both structures.

    Parameters
    ----------
    outcomes : sequence of (measure, scenario)
        What to show.
    result, rival : Comparison
        The same scenarios, in the same order, under either structure.
    """
    lines = []
    for measure, s in outcomes:
        one, other = result.band(measure, s), rival.band(measure, s)
        agree = np.sign(one.median) == np.sign(other.median)
        same = "same sign" if agree else "**other sign**"
        lines.append(
            f"| {result.titles[s]} | {MEASURES[measure][0]} | {one.median:+.1f} % "
            f"({one.low90:+.1f} to {one.high90:+.1f}) | {other.median:+.1f} % "
            f"({other.low90:+.1f} to {other.high90:+.1f}) | {same} |"
        )
    return "\n".join(
        [
            "## Two structures side by side",
            "",
            "Detection falls with income (the answers above), or is equal for all; calibrated "
            f"the same way, but with fewer trials; {len(result.draws)} and {len(rival.draws)} "
            "draws, median and 90 % band.",
            "",
            "| scenario | measure, 2026-35 | by income | equal | |",
            "|---|---|---|---|---|",
            *lines,
        ]
    )


def across(rows: Sequence[Beside]) -> str:
    """Return what other models found, beside this one."""
    lines = [
        f"| {r.published.what} | {_published(r)} | {r.model:,.4g} ({r.low90:,.4g} to "
        f"{r.high90:,.4g}) | {_MEET[r.overlaps]} | "
        f"{'same' if r.same_direction else '**other**'} | {r.published.source} |"
        for r in rows
    ]
    return "\n".join(
        [
            "## Other models",
            "",
            "Infection is an input here, not a consequence of other infections: an infection "
            "averted averts no further one, and people held are not infected. Both pull this "
            "model's figures for HIV below those of models with transmission.",
            "",
            "| result | published | this model | ranges meet | direction | model |",
            "|---|---|---|---|---|---|",
            *lines,
        ]
    )


_MEET = {True: "yes", False: "**no**", None: "no range published"}


def _published(row: Beside) -> str:
    one = row.published
    if one.low is None or one.high is None:
        return f"{one.value:,.6g}"
    return f"{one.value:,.6g} ({one.low:,.6g} to {one.high:,.6g})"


def every_target(rows: Sequence[Row]) -> str:
    """Return the table of every target."""
    lines = [
        f"| `{r.id}` | {r.use} | {r.value:,.4g} | {r.model:,.4g} | {r.low90:,.4g} to "
        f"{r.high90:,.4g} | {r.predicted_low:,.4g} to {r.predicted_high:,.4g} | {r.ratio:.2f} | "
        f"{'met' if r.met else 'missed'} | {'inside' if r.covered else 'outside'} | "
        f"{'' if r.p_value is None else f'{r.p_value:.2f}'} | {r.grade} |"
        for r in rows
    ]
    return "\n".join(
        [
            "## Every target",
            "",
            "Met: the median lies within the tolerance. Inside: the published figure lies in the "
            "90 % predictive band. p: posterior predictive p-value of a face check among nine "
            "interviewed people.",
            "",
            "| target | use | published | model | 90 % of draws | 90 % predictive | ratio | | | p "
            "| grade |",
            "|---|---|---|---|---|---|---|---|---|---|---|",
            *lines,
        ]
    )
