"""Parameter tables of two-level models: one block of rows for each level.

A row's `group` is its level, so that everything that compiles and standardises group by group
serves levels too. A variable of both levels has its mean at the second; a covariate of one
level only keeps its sample moments there.
"""

from dataclasses import dataclass, replace
from itertools import combinations, combinations_with_replacement

from footbridge.latent.complete import (
    Shape,
    build_table,
    check_relations,
    exogenous_roles,
    relation_row,
)
from footbridge.latent.equalities import equality_rows
from footbridge.latent.errors import ModelError
from footbridge.latent.names import Roles
from footbridge.latent.options import Options
from footbridge.latent.syntax import ParsedModel
from footbridge.latent.table import ParameterTable, Row, number


@dataclass(frozen=True, slots=True)
class LevelRoles:
    """The roles of the variables at each level, and of all together.

    `shared` are the observed variables of both levels, `drifting` those of them that are
    exogenous somewhere: their covariances are free, for they are latent at both levels.
    """

    one: Roles
    two: Roles
    both: Roles
    shared: tuple[str, ...]
    drifting: tuple[str, ...]

    @property
    def levels(self) -> tuple[Roles, Roles]:
        """The roles of the first and of the second level."""
        return self.one, self.two


def level_roles(model: ParsedModel) -> LevelRoles:
    """Work out what each variable is at each level.

    Raises
    ------
    ModelError
        If the model has not exactly two levels with something observed in each.
    """
    one, two = (
        exogenous_roles(ParsedModel(tuple(s for s in model.statements if s.level == k)), ())
        for k in (1, 2)
    )
    if model.levels != 2 or not one.ov or not two.ov:
        raise ModelError(
            f"The model has {model.levels} levels, or a level without observed variables.",
            "Two levels are offered: cases (level: 1) and their clusters (level: 2).",
            "Write one block of formulas after 'level: 1' and one after 'level: 2'.",
        )
    shared = tuple(name for name in one.ov if name in two.ov)
    drifting = tuple(name for name in shared if name in one.ov_x or name in two.ov_x)
    one, two = _release(one, drifting), _release(two, drifting)
    x = (*one.ov_x, *two.ov_x)
    inner = tuple(dict.fromkeys((*one.ov_nox, *two.ov_nox)))
    latent = tuple(dict.fromkeys((*one.lv, *two.lv)))
    both = Roles(latent, inner, x, (), (), ())
    return LevelRoles(one, two, both, shared, drifting)


def _release(roles: Roles, drifting: tuple[str, ...]) -> Roles:
    """Return roles in which covariates of both levels are modelled."""
    mine = tuple(name for name in roles.ov_x if name in drifting)
    rest = tuple(name for name in roles.ov_x if name not in drifting)
    return replace(roles, ov_nox=(*roles.ov_nox, *mine), ov_x=rest)


def level_table(model: ParsedModel, roles: LevelRoles, options: Options) -> ParameterTable:
    """Complete the model of each level and put the two together."""
    rows: list[Row] = []
    for k, own in enumerate(roles.levels, start=1):
        part = ParsedModel(tuple(s for s in model.statements if s.level == k))
        built = build_table(part, own, options, Shape()).parameters
        held = {*roles.shared, *roles.both.lv} if k == 1 else set[str]()
        have = {frozenset((r.lhs, r.rhs)) for r in built if r.op == "~~"}
        for row in built:
            ground = row.op == "~1" and not row.user and row.lhs in held
            kept = row._replace(free=0, ustart=0.0) if ground else row
            rows.append(kept._replace(group=k, level=k))
        causes = [name for name in roles.drifting if not _explained(part, name)]
        pairs = [*combinations(causes, 2), *((a, x) for a in causes for x in own.ov_x)]
        rows += [_free(a, b, k) for a, b in pairs if frozenset((a, b)) not in have]
    table = number(rows)
    extra = equality_rows(table, options, roles.both)
    extra += [relation_row(r) for r in model.relations]
    table = number([*table.rows, *extra])
    check_relations(table, model.relations)
    return table


def _explained(part: ParsedModel, name: str) -> bool:
    """Whether a level's model says what a variable depends on."""
    return any(
        (s.op == "~" and s.lhs == name) or (s.op == "=~" and s.term.name == name)
        for s in part.statements
    )


def _free(a: str, b: str, level: int, op: str = "~~") -> Row:
    return Row(a, op, b, user=0, group=level, level=level, free=1)


def saturated_table(roles: LevelRoles) -> ParameterTable:
    """Return all covariances of both levels and all means."""
    return _moments_table(roles, independent=False)


def independence_table(roles: LevelRoles) -> ParameterTable:
    """Return the baseline: variances and means; covariates keep all their moments."""
    return _moments_table(roles, independent=True)


def _moments_table(roles: LevelRoles, *, independent: bool) -> ParameterTable:
    rows: list[Row] = []
    for k, own in enumerate(roles.levels, start=1):
        fixed = set(own.ov_x)
        causes = fixed | set(roles.drifting)
        for a, b in combinations_with_replacement(own.ov, 2):
            exo = a in fixed and b in fixed
            if independent and a != b and not (a in causes and b in causes):
                continue
            row = _free(a, b, k)
            rows.append(row._replace(free=0, exo=1) if exo else row)
        for a in own.ov:
            row = _free(a, "", k, "~1")
            if a in fixed:
                row = row._replace(free=0, exo=1)
            elif k == 1 and a in roles.shared:
                row = row._replace(free=0, ustart=0.0)
            rows.append(row)
    return number(rows)
