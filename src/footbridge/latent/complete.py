"""From statements to the parameter table: presets and lavaan's automatic parameters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from footbridge.latent.equalities import equality_rows, share_labels
from footbridge.latent.errors import ModelError, ModelSyntaxError
from footbridge.latent.expressions import parse_expression
from footbridge.latent.names import Roles, roles_of
from footbridge.latent.options import Options
from footbridge.latent.syntax import ParsedModel, Relation, Statement, Term
from footbridge.latent.table import ParameterTable, Row, number


@dataclass(frozen=True, slots=True)
class Shape:
    """What the data add to the model text: groups, and how many categories a variable has."""

    n_groups: int = 1
    thresholds: tuple[tuple[str, int], ...] = ()

    def count(self, name: str) -> int:
        """Return the number of thresholds of an ordered variable."""
        return dict(self.thresholds).get(name, 0)


@lru_cache(maxsize=32)
def build_table(model: ParsedModel, roles: Roles, options: Options, shape: Shape) -> ParameterTable:
    """Complete the model as lavaan's presets do, for all groups.

    Tables are kept, and what is compiled from them with them: nothing of the data is in them.

    Raises
    ------
    ModelError
        If a parameter is written twice or a definition uses an unknown label.
    """
    rows: list[Row] = []
    for group in range(1, shape.n_groups + 1):
        mine = [_for_group(row, term, group) for row, term in _written(model.of_group(group))]
        rows += _one_group(mine, roles, options, shape)
    rows = share_labels(rows, options, roles)
    table = number(rows)
    extra = equality_rows(table, options, roles) + [relation_row(r) for r in model.relations]
    if extra:
        table = number([*table.rows, *extra])
        check_relations(table, model.relations)
    return table


def _written(statements: Sequence[Statement]) -> list[tuple[Row, Term]]:
    """Return the rows that were written; a repeated term merges its modifiers."""
    found: dict[tuple[str, str, str], tuple[Row, Term]] = {}
    for s in statements:
        lhs, rhs = s.lhs, s.term.name
        key = (
            (lhs, s.op, rhs) if (rhs, s.op, lhs) not in found or s.op != "~~" else (rhs, s.op, lhs)
        )
        if key not in found:
            found[key] = (Row(lhs, s.op, rhs, free=1, level=s.level), s.term)
            continue
        merged = _merge(found[key][1], s.term)
        if merged is None:
            raise ModelError(
                f"Line {s.line}: '{lhs} {s.op} {rhs}' is written twice.",
                "The same parameter cannot be two parameters.",
                "Remove one of the two.",
            )
        found[key] = (found[key][0], merged)
    return list(found.values())


def _merge(old: Term, new: Term) -> Term | None:
    """Join two mentions of a term, unless neither adds a modifier."""
    names = ("fixed", "labels", "starts", "lowers", "uppers", "equal_to")
    said = {n: getattr(new, n) for n in names if getattr(new, n)}
    if not said and not new.free:
        return None
    return replace(old, free=old.free or new.free, **said)


def _pick(values: Sequence[object], group: int) -> object:
    if not values:
        return None
    return values[0] if len(values) == 1 else values[group - 1]


def _for_group(row: Row, term: Term, group: int) -> Row:
    for values in (term.fixed, term.labels, term.starts):
        if len(values) > 1 and len(values) < group:
            raise ModelError(
                f"A modifier of '{row.lhs} {row.op} {row.rhs}' has {len(values)} values.",
                f"There are at least {group} groups.",
                "Give one value, or one for each group.",
            )
    fixed, start = _pick(term.fixed, group), _pick(term.starts, group)
    # A label on several groups at once would tie them; one label given once is meant for all.
    label = str(_pick(term.labels, group) or "")
    lower, upper = _pick(term.lowers, group), _pick(term.uppers, group)
    held = isinstance(fixed, float) and not term.free
    return row._replace(
        group=group,
        label=label,
        free=0 if held else 1,
        ustart=fixed if isinstance(fixed, float) and held else row.ustart,
        start=start if isinstance(start, float) and not held else row.start,
        lower=lower if isinstance(lower, float) else None,
        upper=upper if isinstance(upper, float) else None,
        # user=2: kept free by NA* until scaling
        user=2 if term.free else row.user,
    )


def _one_group(rows: list[Row], roles: Roles, options: Options, shape: Shape) -> list[Row]:
    if not rows:
        return rows
    group = rows[0].group
    if options.preset != "lavaan":
        rows = _scale_factors(rows, roles, options)
    have = {(r.lhs, r.op, r.rhs) for r in rows} | {
        (r.rhs, r.op, r.lhs) for r in rows if r.op == "~~"
    }
    added: list[Row] = []

    def add(row: Row) -> None:
        if (row.lhs, row.op, row.rhs) not in have:
            have.add((row.lhs, row.op, row.rhs))
            if row.op == "~~":
                have.add((row.rhs, row.op, row.lhs))
            added.append(row._replace(user=0, group=group))

    for row in _automatic(rows, roles, options, shape):
        add(row)
    return [r._replace(user=1) for r in rows] + added


def _scale_factors(rows: list[Row], roles: Roles, options: Options) -> list[Row]:
    """Fix the first loading of every factor, unless another rule gives it a scale."""
    out, seen = [], set[str]()
    for row in rows:
        first = row.op == "=~" and row.lhs not in seen
        if row.op == "=~":
            seen.add(row.lhs)
        automatic = options.auto_fix_first and not options.std_lv and not options.effect_coding
        if first and automatic and row.user != 2 and row.free:
            out.append(row._replace(free=0, ustart=1.0))
        else:
            out.append(row)
    return out


def _automatic(rows: Sequence[Row], roles: Roles, options: Options, shape: Shape) -> Iterable[Row]:
    ordered = set(roles.ordered)
    for name in roles.ordered:
        for k in range(1, shape.count(name) + 1):
            yield Row(name, "|", f"t{k}", free=1)
    if options.preset != "lavaan":
        yield from _variances(rows, roles, options)
        yield from _covariances(roles, options)
    yield from _covariates(roles, options)
    for name in roles.ordered:
        yield Row(name, "~*~", name, ustart=1.0)
    if options.meanstructure or any(r.op == "~1" for r in rows):
        yield from _intercepts(roles, options, ordered)


def _variances(rows: Sequence[Row], roles: Roles, options: Options) -> Iterable[Row]:
    counts: dict[str, list[str]] = {}
    for row in rows:
        if row.op == "=~":
            counts.setdefault(row.lhs, []).append(row.rhs)
    single = {parts[0] for parts in counts.values() if len(parts) == 1}
    uses = [r.rhs for r in rows if r.op == "=~"]
    for name in roles.ov_nox:
        if name in roles.ordered:
            yield Row(name, "~~", name, ustart=1.0)
        elif name in single and uses.count(name) == 1:
            yield Row(name, "~~", name, ustart=0.0)
        else:
            bounded = options.bounds in {"pos.var", "pos.ov.var"}
            yield Row(name, "~~", name, free=1, lower=0.0 if bounded else None)
    for name in roles.lv:
        yield Row(name, "~~", name, ustart=1.0) if options.std_lv else Row(name, "~~", name, free=1)


def _covariances(roles: Roles, options: Options) -> Iterable[Row]:
    for a, b in combinations(roles.lv_exogenous, 2):
        yield Row(a, "~~", b, ustart=0.0) if options.orthogonal else Row(a, "~~", b, free=1)
    for a, b in combinations(roles.dependent_only, 2):
        yield Row(a, "~~", b, free=1)


def _covariates(roles: Roles, options: Options) -> Iterable[Row]:
    for i, a in enumerate(roles.ov_x):
        for b in roles.ov_x[i:]:
            yield Row(a, "~~", b, exo=1) if options.fixed_x else Row(a, "~~", b, free=1)


def _intercepts(roles: Roles, options: Options, ordered: set[str]) -> Iterable[Row]:
    growth = options.preset == "growth"
    for name in roles.ov_nox:
        fixed = name in ordered or growth
        yield Row(name, "~1", "", ustart=0.0) if fixed else Row(name, "~1", "", free=1)
    for name in roles.ov_x:
        yield Row(name, "~1", "", exo=1) if options.fixed_x else Row(name, "~1", "", free=1)
    for name in roles.lv:
        yield Row(name, "~1", "", free=1) if growth else Row(name, "~1", "", ustart=0.0)


def relation_row(relation: Relation) -> Row:
    """Return a definition or a constraint as a row of the table."""
    label = relation.lhs if relation.op == ":=" else ""
    return Row(relation.lhs, relation.op, relation.rhs, group=0, label=label)


def check_relations(table: ParameterTable, relations: Sequence[Relation]) -> None:
    """Raise a ModelSyntaxError if a relation uses a label that no parameter has."""
    known = {r.label for r in table.rows if r.label} | {r.plabel for r in table.rows if r.plabel}
    for relation in relations:
        sides = (relation.rhs,) if relation.op == ":=" else (relation.lhs, relation.rhs)
        for text in sides:
            missing = [
                n for n in parse_expression(text, line=relation.line).names if n not in known
            ]
            if missing:
                others = ", ".join(sorted(x for x in known if x[0] != ".")) or "none yet"
                raise ModelSyntaxError(
                    f"'{relation.lhs} {relation.op} {relation.rhs}' uses the label '{missing[0]}'.",
                    "No parameter has that label.",
                    f"Put '{missing[0]}*' before a term, or use one of: {others}.",
                    line=relation.line,
                    column=1,
                )


@lru_cache(maxsize=32)
def with_groups(model: ParsedModel, labels: Sequence[str]) -> ParsedModel:
    """Put `group:` blocks in the order of the data's groups; a model without is returned as is.

    Raises
    ------
    ModelError
        If a block names no group, a group has no block, or blocks have different variables.
    """
    if not model.groups:
        return model
    numbers = tuple(str(k) for k in range(1, len(labels) + 1))
    names = next((n for n in (tuple(labels), numbers) if set(n) == set(model.groups)), ())
    if not names:
        raise ModelError(
            f"The 'group:' blocks are {', '.join(model.groups)}.",
            f"The groups of the data are {', '.join(labels)}."
            if any(labels)
            else "No group= was given.",
            "Pass group='column', and write one block for each of its values.",
        )
    ordered = replace(model, groups=names)
    blocks = [ordered.of_group(g) for g in range(1, len(names) + 1)]
    said = [{(s.level, name) for s in block for name in (s.lhs, s.term.name)} for block in blocks]
    odd = set[tuple[int, str]]().union(*said) - set(said[0]).intersection(*said)
    odd = {(level, name) for level, name in odd if name}
    if odd:
        raise ModelError(
            f"'{min(odd)[1]}' is not in every 'group:' block.",
            "Groups are compared variable by variable, so that each has all of them.",
            "Write it in each block, with fixed values where a group has no such effect.",
        )
    return ordered


def exogenous_roles(model: ParsedModel, ordered: tuple[str, ...]) -> Roles:
    """Return the roles of the variables of a parsed model."""
    return roles_of([Row(s.lhs, s.op, s.term.name) for s in model.statements], ordered)
