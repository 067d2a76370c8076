"""Write a fitted model as Mplus input, and its data as Mplus reads them.

Every parameter of the table is written out, fixed ones too, so that no default of Mplus (equal
loadings over groups, covariances of outcomes) changes the model. Muthen and Muthen (2017),
Mplus user's guide, chapters 15 to 17.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from footbridge.latent.errors import OptionError
from footbridge.latent.exported import MplusModel
from footbridge.latent.exportlavaan import labels_by_plabel
from footbridge.latent.result import Fit
from footbridge.latent.table import Row

MISSING = -999
_WIDTH = 88
_LONGEST = 8
_ESTIMATORS = {
    "ML": "ML", "MLR": "MLR", "MLM": "MLM", "MLMV": "MLMV", "MLF": "MLF", "GLS": "GLS",
    "WLS": "WLS", "WLSM": "WLSM", "WLSMV": "WLSMV", "ULS": "ULS", "ULSMV": "ULSMV",
    "DWLS": "WLSMV", "WLSMVS": "WLSMV", "ULSM": "ULSMV", "MLMVS": "MLMV",
}  # fmt: skip


def to_mplus(fit: Fit, data_file: str = "data.dat") -> MplusModel:
    """Return Mplus input for the model of a fit.

    Parameters
    ----------
    fit
        The fit to hand over.
    data_file
        The file that `mplus_data` writes: no header, blanks between, -999 where missing.

    Raises
    ------
    OptionError
        If Mplus has no such model: free intercepts of ordinal variables, two levels.
    """
    _refuse(fit)
    names = _short_names(fit)
    columns = _columns(fit)
    text = "\n".join(
        [*_title(fit, names), *_data(fit, data_file), *_variable(fit, columns, names),
         *_analysis(fit), *_model(fit, names), *_constraint(fit, names),
         "OUTPUT:", "  STDYX CINTERVAL;", ""]
    )  # fmt: skip
    return MplusModel(text, columns, names)


def mplus_data(fit: Fit) -> str:
    """Return the cases of a fit as Mplus reads them, in the order of `MplusModel.columns`.

    Categories are counted from 0, groups from 1, missing values are -999.

    Raises
    ------
    OptionError
        If the fit was made from a covariance matrix.
    """
    if fit.problem.cases is None:
        raise OptionError(
            "There are no cases to write.",
            "The model was fitted to a covariance matrix.",
            "Write the matrix by hand, with TYPE = COVARIANCE.",
        )
    lines = []
    for g, group in enumerate(fit.problem.cases.groups, start=1):
        extra = [np.full(group.n, float(g))] if len(fit.problem.labels) > 1 else []
        extra += [group.clusters.astype(float) + 1] if group.clusters is not None else []
        extra += [group.weights] if group.weights is not None else []
        table = np.column_stack([group.values, *extra])
        table = np.where(np.isnan(table), MISSING, table)
        lines += [" ".join(f"{x:.15g}" for x in row) for row in table]
    return "\n".join(lines) + "\n"


def _refuse(fit: Fit) -> None:
    if any(r.level > 1 for r in fit.table.rows):
        raise OptionError(
            "A two-level model is not written for Mplus.",
            "Its input needs %WITHIN% and %BETWEEN% parts, which are not built.",
            "Use to_lavaan(), or write the two parts by hand.",
        )
    ordered = fit.problem.roles.ordered
    loose = [r.lhs for r in fit.table.rows if r.op == "~1" and r.free and r.lhs in ordered]
    if loose:
        raise OptionError(
            f"'{loose[0]}' has a free response intercept.",
            "Mplus has thresholds in its place and no such parameter.",
            "Fit with group_equal including 'intercepts', or use to_lavaan().",
        )


def _columns(fit: Fit) -> tuple[str, ...]:
    o = fit.options
    extra = [o.group if len(fit.problem.labels) > 1 else None, o.cluster, o.sampling_weights]
    return (*fit.problem.roles.ov, *(name for name in extra if name))


def _short_names(fit: Fit) -> dict[str, str]:
    """Return names of at most 8 letters, figures and underscores, none twice in any case."""
    labels = dict.fromkeys(labels_by_plabel(fit).values())
    wanted = [*_columns(fit), *fit.problem.roles.lv, *labels]
    wanted += [r.lhs for r in fit.table.definitions]
    names: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(wanted):
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        plain = plain if plain[:1].isalpha() else f"v{plain}"
        short, k = plain[:_LONGEST], 1
        while short.lower() in taken:
            k += 1
            short = f"{plain[: _LONGEST - len(str(k))]}{k}"
        taken.add(short.lower())
        names[name] = short
    return names


def _title(fit: Fit, names: Mapping[str, str]) -> Iterator[str]:
    yield "TITLE:"
    yield "  Written by Footbridge; every parameter is spelt out."
    renamed = [f"{new} is {old}" for old, new in names.items() if new != old]
    yield from (f"! {line}" for line in _wrapped(renamed, sep="; "))
    o = fit.options
    if _ESTIMATORS[o.estimator] != o.estimator:
        yield f"! {o.estimator}: estimates agree; errors and test are those of Mplus' estimator."
    if o.group and len(fit.problem.labels) > 1:
        groups = [f"{g} is {label}" for g, label in enumerate(fit.problem.labels, start=1)]
        yield from (f"! groups: {line}" for line in _wrapped(groups, sep="; "))


def _data(fit: Fit, file: str) -> Iterator[str]:
    yield "DATA:"
    yield f'  FILE = "{file}";'
    if fit.problem.cases is None:
        yield "  TYPE = COVARIANCE;"
        yield f"  NOBSERVATIONS = {fit.problem.n:g};"
    elif fit.options.missing == "listwise":
        yield "  LISTWISE = ON;"


def _variable(fit: Fit, columns: Iterable[str], names: Mapping[str, str]) -> Iterator[str]:
    o, short = fit.options, [names[c] for c in columns]
    yield "VARIABLE:"
    yield from _statement("NAMES =", short)
    yield from _statement("USEVARIABLES =", short[: len(fit.problem.roles.ov)])
    if fit.problem.roles.ordered:
        yield from _statement("CATEGORICAL =", [names[n] for n in fit.problem.roles.ordered])
    if len(fit.problem.labels) > 1 and o.group:
        groups = [f"{g} = g{g}" for g in range(1, len(fit.problem.labels) + 1)]
        yield from _statement(f"GROUPING = {names[o.group]} (", groups, close=")")
    if o.cluster:
        yield f"  CLUSTER = {names[o.cluster]};"
    if o.sampling_weights:
        yield f"  WEIGHT = {names[o.sampling_weights]};"
    if fit.problem.cases is not None:
        yield f"  MISSING = ALL ({MISSING});"


def _analysis(fit: Fit) -> Iterator[str]:
    o = fit.options
    yield "ANALYSIS:"
    if o.cluster or o.sampling_weights:
        yield "  TYPE = COMPLEX;"
    yield f"  ESTIMATOR = {_ESTIMATORS[o.estimator]};"
    if o.categorical:
        yield f"  PARAMETERIZATION = {o.parameterization.upper()};"
    elif not o.meanstructure:
        yield "  MODEL = NOMEANSTRUCTURE;"
        yield "  INFORMATION = EXPECTED;"


def _model(fit: Fit, names: Mapping[str, str]) -> Iterator[str]:
    labels = labels_by_plabel(fit)
    several = len(fit.problem.labels) > 1
    yield "MODEL:"
    for g in range(1, len(fit.problem.labels) + 1):
        mine = [r for r in fit.table.parameters if r.group == g and _wanted(fit, r)]
        if several and g == 1:
            yield from (_parameter(r, names, "") for r in mine)
        if several:
            yield f"MODEL g{g}:"
        yield from (_parameter(r, names, labels.get(r.plabel, "")) for r in mine)
        if g == 1:
            yield from _zeros(fit, mine, names)


def _wanted(fit: Fit, row: Row) -> bool:
    if row.exo and row.op in {"~~", "~1"}:
        return False
    several, delta = len(fit.problem.labels) > 1, fit.options.parameterization == "delta"
    if row.lhs not in fit.problem.roles.ordered:
        return True
    if row.op == "~1":
        return False
    if row.op == "~*~":
        return several and delta
    return not (row.op == "~~" and row.lhs == row.rhs) or (several and not delta)


def _zeros(fit: Fit, mine: Iterable[Row], names: Mapping[str, str]) -> Iterator[str]:
    """Yield covariances that Mplus would add and the table does not have."""
    have = {frozenset((r.lhs, r.rhs)) for r in mine if r.op == "~~"}
    roles = fit.problem.roles
    for pool in (roles.lv_exogenous, roles.dependent_only):
        for i, a in enumerate(pool):
            for b in pool[i + 1 :]:
                if frozenset((a, b)) not in have:
                    yield f"  {names[a]} WITH {names[b]}@0;"


def _parameter(row: Row, names: Mapping[str, str], label: str) -> str:
    lhs, rhs = names.get(row.lhs, row.lhs), names.get(row.rhs, row.rhs)
    # Only a loading needs its *, since Mplus fixes the first of a factor.
    value = "*" if row.op == "=~" and row.free else ""
    if not row.free:
        value = f"@{row.ustart or 0.0:.10g}"
    elif row.start is not None:
        value = f"*{row.start:.10g}"
    tag = f" ({names[label]})" if label and row.free else ""
    own = row.op == "~~" and row.lhs == row.rhs
    forms = {
        "=~": f"{lhs} BY {rhs}{value}{tag};",
        "~": f"{lhs} ON {rhs}{value}{tag};",
        "~~": f"{lhs}{value}{tag};" if own else f"{lhs} WITH {rhs}{value}{tag};",
        "~1": f"[{lhs}{value}]{tag};",
        "|": f"[{lhs}${row.rhs[1:]}{value}]{tag};",
        "~*~": f"{{{lhs}{value}}}{tag};",
    }
    return "  " + forms[row.op]


def _constraint(fit: Fit, names: Mapping[str, str]) -> Iterator[str]:
    labels = labels_by_plabel(fit)
    defined = [names[r.lhs] for r in fit.table.definitions]
    lines = []
    for row in (*fit.table.relations, *fit.table.definitions):
        left, right = (_translated(text, labels, names) for text in (row.lhs, row.rhs))
        if left != right:
            lines.append(f"  {left} {'=' if row.op in {':=', '=='} else row.op} {right};")
    if not lines:
        return
    yield "MODEL CONSTRAINT:"
    if defined:
        yield from _statement("NEW (", defined, close=")")
    yield from lines


def _translated(text: str, labels: Mapping[str, str], names: Mapping[str, str]) -> str:
    for mark in re.findall(r"\.p\d+\.", text):
        text = text.replace(mark, labels[mark])
    text = re.sub(r"[A-Za-z_.][\w.]*", lambda m: names.get(m.group(), m.group()), text)
    return text.replace("^", "**")


def _statement(head: str, words: Iterable[str], *, close: str = "") -> Iterator[str]:
    lines = _wrapped([*words], sep=" ", width=_WIDTH - 6)
    gap = "" if close else " "
    yield f"  {head}{gap}" + "\n    ".join(lines) + f"{close};"


def _wrapped(words: Iterable[str], *, sep: str, width: int = _WIDTH - 4) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(sep) + len(word) <= width - 20:
            lines[-1] += sep + word
        else:
            lines.append(word)
    return lines
