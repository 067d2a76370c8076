"""Write a fitted model as lavaan syntax and as the call that R needs.

The text is the whole parameter table, so that neither release of lavaan adds anything to it;
the call names every option, defaults too.
"""

import re
from collections.abc import Iterator, Sequence

from footbridge.latent.exported import LavaanModel
from footbridge.latent.result import Fit
from footbridge.latent.table import Row

_WIDTH = 84
_ORDER = ("=~", "~", "~~", "|", "~1", "~*~")


def to_lavaan(fit: Fit) -> LavaanModel:
    """Return the model and the call in R.

    Parameters
    ----------
    fit
        The fit to hand over; its data stay where they are.

    Returns
    -------
    LavaanModel
        `latent.lavaan(found.model, data, ...)` fits the same table here.
    """
    return LavaanModel("\n".join(_lines(fit)), _call(fit))


def _lines(fit: Fit) -> Iterator[str]:
    names = labels_by_plabel(fit)
    rows = [r for r in fit.table.parameters if not (r.exo and r.op in {"~~", "~1"})]
    rows = [r for r in rows if not _derived(fit, r)]
    yield from _blocks(fit, rows, names)
    for row in (*fit.table.relations, *fit.table.definitions):
        left, right = (_renamed(text, names) for text in (row.lhs, row.rhs))
        if left != right:
            yield f"{left} {row.op} {right}"


def _blocks(fit: Fit, rows: Sequence[Row], names: dict[str, str]) -> Iterator[str]:
    """Yield the formulas; two levels in several groups as blocks, for lavaan 0.6 asks for them."""
    if not any(r.level > 1 for r in rows):
        yield from _formulas(rows, names)
        return
    labels = fit.problem.labels
    for block in sorted({r.group for r in rows}):
        if len(labels) > 1 and block % 2:
            yield f"group: {labels[block // 2]}"
        yield f"level: {2 - block % 2}"
        yield from _formulas([r for r in rows if r.group == block], names)


def _formulas(rows: Sequence[Row], names: dict[str, str]) -> Iterator[str]:
    """Yield formulas, with all terms of one left side together."""
    for op in _ORDER:
        found: dict[tuple[str, bool], list[str]] = {}
        for lhs, rhs in dict.fromkeys((r.lhs, r.rhs) for r in rows if r.op == op):
            same = [r for r in rows if (r.lhs, r.op, r.rhs) == (lhs, op, rhs)]
            found.setdefault((lhs, lhs == rhs), []).extend(_terms(same, names))
        for (lhs, _), terms in found.items():
            yield from _wrapped(f"{lhs} {'~' if op == '~1' else op} ", terms)


def _wrapped(head: str, terms: Sequence[str]) -> Iterator[str]:
    line, rest = head + terms[0], terms[1:]
    for term in rest:
        if len(line) + len(term) > _WIDTH:
            yield line + " +"
            line = " " * len(head) + term
        else:
            line += f" + {term}"
    yield line


def _derived(fit: Fit, row: Row) -> bool:
    """Whether a row follows from others: residual variances under the delta parameterization."""
    own = row.op == "~~" and row.lhs == row.rhs and row.lhs in fit.problem.roles.ordered
    return own and fit.options.parameterization == "delta"


def labels_by_plabel(fit: Fit) -> dict[str, str]:
    """Return a label for every parameter that a relation or a definition mentions.

    Parameters that must be equal share one label; other names are kept.
    """
    names = {r.plabel: r.label for r in fit.table.parameters}
    taken = {label for label in names.values() if label}
    for row in fit.table.relations:
        for mark in _marks(row.lhs + " " + row.rhs):
            if not names.get(mark):
                fresh = "p" + mark.strip(".p")
                while fresh in taken:
                    fresh += "_"
                names[mark] = fresh
                taken.add(fresh)
    for row in fit.table.relations:
        first, second = row.lhs.strip(), row.rhs.strip()
        if row.op == "==" and first in names and second in names and not _written(fit, second):
            old, new = names[second], names[first]
            names = {k: new if v == old else v for k, v in names.items()}
    return {k: v for k, v in names.items() if v}


def _written(fit: Fit, plabel: str) -> bool:
    """Whether the analyst labelled this parameter otherwise than the one it must equal."""
    return any(r.plabel == plabel and r.label for r in fit.table.parameters)


def _marks(text: str) -> list[str]:
    return re.findall(r"\.p\d+\.", text)


def _renamed(text: str, names: dict[str, str]) -> str:
    for mark in _marks(text):
        text = text.replace(mark, names[mark])
    return text


def _terms(rows: Sequence[Row], names: dict[str, str]) -> list[str]:
    """Return the terms of the same parameter of all groups: one for each kind of modifier."""
    first = rows[0]
    parts = [
        _modifier("", ["NA" if r.free else f"{r.ustart or 0.0:.17g}" for r in rows])
        if any(not r.free for r in rows)
        else "",
        _modifier("start", [_number(r.start) for r in rows]),
        _modifier("lower", [_number(r.lower) for r in rows]),
        _modifier("upper", [_number(r.upper) for r in rows]),
    ]
    labels = [names.get(r.plabel, r.label) if r.free else r.label for r in rows]
    if any(labels):
        several = "c(" + ", ".join(f'"{x}"' for x in labels) + ")"
        parts.append(several if len(labels) > 1 else labels[0])
    rhs = "1" if first.op == "~1" else first.rhs
    return [f"{part}*{rhs}" for part in parts if part] or [rhs]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.17g}"


def _modifier(name: str, values: Sequence[str]) -> str:
    if not any(values):
        return ""
    same = len(set(values)) == 1
    inner = values[0] if same else "c(" + ", ".join(v or "NA" for v in values) + ")"
    return f"{name}({inner})" if name else inner


def _call(fit: Fit) -> str:
    o = fit.options
    given = ["model", "data = data"]
    if fit.problem.cases is None:
        given = ["model", "sample.cov = S", f"sample.nobs = {fit.problem.n:g}"]
    pairs: list[tuple[str, object]] = [
        ("estimator", o.estimator),
        ("se", o.se),
        ("test", o.test),
        ("information", o.information),
        ("meanstructure", o.meanstructure),
        ("fixed.x", o.fixed_x),
        ("conditional.x", o.conditional_x),
    ]
    if o.categorical:
        pairs += [
            ("ordered", list(fit.problem.roles.ordered)),
            ("parameterization", o.parameterization),
        ]
    pairs += [("missing", o.missing)] if o.missing != "listwise" else []
    pairs += [("likelihood", o.likelihood)] if o.likelihood != "normal" else []
    for name, value in (
        ("group", o.group),
        ("cluster", o.cluster),
        ("sampling.weights", o.sampling_weights),
    ):
        pairs += [(name, value)] if value else []
    said = [f"{name} = {_r(value)}" for name, value in pairs]
    return "fit <- lavaan(" + ",\n              ".join([*given, *said]) + ")"


def _r(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return "c(" + ", ".join(_quoted(str(v)) for v in value) + ")"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
