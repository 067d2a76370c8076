"""The ODD protocol of the model, written partly from the code so that it cannot drift.

Words that explain stay here; tables of states, facts, parameters, levers, events, counts and
targets come from the objects that the engines themselves read.
"""

from collections.abc import Iterable, Sequence

from footbridge.microsim import kernel_doc, parameters
from footbridge.microsim import targets as tt
from footbridge.microsim.calendar import FIRST_YEAR, LAST_YEAR, N_MONTHS
from footbridge.microsim.draws import Event
from footbridge.microsim.flows import Flow
from footbridge.microsim.levers import registry
from footbridge.microsim.people import BYTES_PER_PERSON, People

PURPOSE = """\
The model exists to reason about treatment seeking under a drug register: what a stigma
campaign, an end of registration, an end of detention for use, treatment inside centres, private
anonymous care, recovery management or naloxone would change, and what would have to be true for
them to do so. It is **not** a forecast, it does not score regimes, and it must never be used to
choose whom to detect. Only public aggregate figures enter it.

Patterns that count as realistic, named in advance: the three regimes of the register (cumulative
on paper to 2005, national database 2006-2014, *existing* from 2015), methadone enrolment
2004-2011 with its drop-out and return, stays in centres before and after June 2008, the known and
hidden numbers of users, injecting and its onset, mortality and overdose in and out of methadone,
HIV incidence, and admissions to one private hospital."""

DESIGN = """\
- **Basic principle.** A register is a police observation, not a census: who is detected, when, and
  who drops out of the count is a layer of its own, and that layer is what is fitted.
- **Emergence.** Stocks, coverage, re-detention, remission and the hidden ratio emerge; relapse
  curves, exit hazards and rates of harm are imposed.
- **Interaction.** None between persons. Capacity couples them only through last month's occupancy.
- **Heterogeneity.** Income (detection, ability to pay), severity (relapse, seeking), stigma
  (seeking, drop-out), belief in methadone (the same two), sex and route. Detectability that falls
  with income is what lets hidden and registered numbers be met together; the rival structure has
  it equal.
- **Stochasticity.** One number per (seed, person, month, event) from a counter-based hash. A lever
  changes only the draws of what it touches, so scenarios are compared person by person.
- **Observation.** The register is counted at every quarter's end, with the rules of its regime."""

SUBMODELS = """\
1. Initiation: gamma curve by month with a late factor from 2007; each person is one stratum of it.
2. Detection of users: kappa(t) x registered (seen within three years, or not) x order x
   exp(-g income - g2/2), kappa log-linear between knots with a surge 2010-14; after mid-2016 it
   follows the number of people caught to a power.
3. Sanction: centre by first or later detection (more often under an order), else an order of 36
   months (from June 2008), else fine. Stays: 1-6 or, for part of repeaters, 12-36 months before
   June 2008; 12-26 (four in five) or 27-36 after, scaled to a mean that is a parameter.
4. Seeking methadone: access x free share of places x logistic(severity, stigma, belief,
   registration, fear, earlier methadone). Access grows with the clinics and may fade after 2012.
5. Private week: beds x free share x logistic(ability to pay) x logistic(wish).
6. Leaving methadone: police (doubled by a positive urine), then voluntary, high in the first three
   months, by stigma, dose and social workers, and by belief: some leave early, a rest is stable.
7. Return to use: Weibull by source of abstinence, by severity and job.
8. Release: recovery management, job, and links to methadone for up to six months.
9. Overdose by route, four times in the month after release, less in methadone, never zero in a
   centre; death by condition, age and HIV, its overdoses taken off the published level.
10. HIV of people who inject, by place and calendar time.
11. The register: cumulative; database (alive and seen since its cut); existing (alive and held,
    treated, under an order, or detected or released within 36 months); the three-year group is
    the rest. A figure of the register keeps the dead whose death it has not learnt of."""


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows:
        cells = (str(cell).replace("|", "/") for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def document() -> str:
    """Return the ODD protocol as Markdown.

    References
    ----------
    Grimm et al. (2020), JASSS 23(2) 7, https://doi.org/10.18564/jasss.4259
    """
    used = [p for p in parameters.catalogue().values() if p.role != "check"]
    fitted, held = len(tt.of_use("calibrate")), len(tt.of_use("validate"))
    sections = (
        ("1 Purpose and patterns", PURPOSE),
        ("2 Entities, state variables and scales", _entities()),
        ("3 Process overview and scheduling", _schedule()),
        ("4 Design concepts", DESIGN),
        (
            "5 Initialisation",
            "Nobody uses in January 1984. Every person has an entry month, sex, age, route month "
            "and four standard-normal attributes (256 slices each) from draws of month 0.",
        ),
        ("6 Input data", _inputs(used, fitted, held)),
        ("7 Submodels", SUBMODELS + "\n\n### Levers\n\n" + _levers() + "\n\n" + _events()),
    )
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections)
    return (
        "# ODD protocol of the microsimulation\n\n"
        "Written by `python -m footbridge.microsim.odd` from the code; a test holds it to it.\n\n"
        f"{body}\n"
    )


def _entities() -> str:
    kinds = People.__annotations__
    rows = [(f"`{name}`", str(kinds[name]).split("numpy.")[-1].rstrip("]")) for name in kinds]
    return (
        "One entity: a person ever dependent on heroin. Five axes: use (not yet, using, abstinent, "
        "dead), place (community, methadone, centre, private stay, order), register (no, existing, "
        "unseen for three years), route (injecting or not), HIV. One simulated person stands for "
        f"`N_ever / n`. Step: a month; span: {FIRST_YEAR} to {LAST_YEAR} ({N_MONTHS} months). "
        f"State per person: {BYTES_PER_PERSON} bytes.\n\n" + _table(("array", "type"), rows)
    )


def _schedule() -> str:
    return "\n".join(kernel_doc.ORDER_OF_A_MONTH)


def _inputs(used: Sequence[parameters.Parameter], fitted: int, held: int) -> str:
    rows = [
        (f"`{p.id}`", p.what, f"{p.value:g}", f"{p.low:g} to {p.high:g}", p.unit, p.role, p.grade,
         p.source)
        for p in used
    ]  # fmt: skip
    head = ("id", "what", "value", "range", "unit", "role", "grade", "source")
    return (
        f"{len(used)} parameters (below) and {fitted + held} targets: {fitted} are fitted, {held} "
        "are held out and never seen by the calibration. Grades: A official or peer-reviewed, B "
        "secondary, C weak or calibrated, D assumption. Observed series that drive the model: "
        "clinics, urine results, HIV conversion of clients, and people caught from 2016, by year; "
        "held-out figures among them are counted apart in the score.\n\n" + _table(head, rows)
    )


def _levers() -> str:
    rows = [
        (f"`{x.id}`", x.question, x.what, x.unit, f"{x.null:g}", f"{x.low:g} to {x.high:g}")
        for x in registry().values()
    ]
    return _table(("lever", "question", "what", "unit", "changes nothing at", "range"), rows)


def _events() -> str:
    codes = ", ".join(f"{e.name.lower()} {int(e)}" for e in Event)
    counts = ", ".join(f.name.lower() for f in Flow)
    return f"### Event codes of the draws\n\n{codes}.\n\n### What is counted\n\n{counts}."


if __name__ == "__main__":  # pragma: no cover - one line
    print(document(), end="")
