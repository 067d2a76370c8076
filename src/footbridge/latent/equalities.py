"""Equality across groups and by label, as rows `.p2. == .p38.` of the table."""

from collections.abc import Sequence

from footbridge.latent.names import Roles
from footbridge.latent.options import Options
from footbridge.latent.table import ParameterTable, Row


def _kinds(row: Row, roles: Roles) -> set[str]:
    """Name the group.equal words that cover this row."""
    latent, ordered = set(roles.lv), set(roles.ordered)
    words = {"=~": {"loadings"}, "|": {"thresholds"}}.get(row.op, set())
    if row.op == "~1":
        words = {"means"} if row.lhs in latent else {"intercepts"}
    elif row.op == "~":
        words = {"regressions"}
    elif row.op == "~~" and row.lhs in latent:
        words = {"lv.variances"} if row.lhs == row.rhs else {"lv.covariances"}
    elif row.op == "~~" and row.lhs not in ordered:
        words = {"residuals"} if row.lhs == row.rhs else {"residual.covariances"}
    return set(words)


def share_labels(rows: Sequence[Row], options: Options, roles: Roles) -> list[Row]:
    """Free what `group_equal` makes identified in the second and later groups."""
    equal = set(options.group_equal)
    thresholds = "thresholds" in equal and bool(roles.ordered)
    # Before 0.7 lavaan freed the latent means whenever loadings were equal; Wu and Estabrook
    # (2016), Psychometrika 81, 1014-1045, free the response intercepts instead.
    older = options.mimic == "lavaan-0.6" and thresholds
    if not equal or not (thresholds or "intercepts" in equal):
        return list(rows)
    means = "means" not in equal and ("intercepts" in equal or older)
    out = []
    for row in rows:
        released = _released(row, roles, options, means=means, older=older)
        out.append(row._replace(free=1, ustart=None) if released else row)
    return out


def _released(row: Row, roles: Roles, options: Options, *, means: bool, older: bool) -> bool:
    """Whether a row of a later group becomes free."""
    equal = set(options.group_equal)
    if row.group == 1 or row.user != 0 or row.exo:
        return False
    if row.op == "~1" and row.lhs in roles.lv:
        return means
    if row.lhs not in roles.ordered or "thresholds" not in equal:
        return False
    if row.op == "~1":
        return "intercepts" not in equal and not older
    if row.op == "~*~":
        return options.parameterization == "delta"
    variance = (row.op, row.lhs) == ("~~", row.rhs)
    return variance and options.parameterization == "theta" and "residuals" not in equal


def equality_rows(table: ParameterTable, options: Options, roles: Roles) -> list[Row]:
    """Return one `==` row per parameter that must equal an earlier one."""
    found: list[Row] = []
    tied: set[str] = set()
    first_by_label: dict[str, Row] = {}
    first_by_key: dict[tuple[str, str, str, int], Row] = {}
    partial = {text.replace(" ", "") for text in options.group_partial}
    equal = set(options.group_equal)
    for row in table.rows:
        if not row.free:
            continue
        anchor = None
        if row.label:
            anchor = first_by_label.setdefault(row.label, row)
        key = (row.lhs, row.op, row.rhs, row.level)
        shared = equal & _kinds(row, roles) and f"{row.lhs}{row.op}{row.rhs}" not in partial
        if shared and not (row.label and row.user):
            first = first_by_key.setdefault(key, row)
            anchor = anchor if anchor is not None and anchor is not row else first
        if anchor is not None and anchor is not row and row.plabel not in tied:
            tied.add(row.plabel)
            found.append(Row(anchor.plabel, "==", row.plabel, user=2, group=0))
    if options.effect_coding:
        found += _effect_coding(table, roles)
    return found


def _effect_coding(table: ParameterTable, roles: Roles) -> list[Row]:
    """Average loading 1 for each factor (Little, Slegers and Card 2006)."""
    found = []
    for group in range(1, table.n_groups + 1):
        for name in roles.lv:
            marks = [r.plabel for r in table.rows if (r.lhs, r.op, r.group) == (name, "=~", group)]
            rest = "".join(f"-{mark}" for mark in marks[1:])
            found.append(Row(marks[0], "==", f"{len(marks)}{rest}", user=2, group=0))
    return found
