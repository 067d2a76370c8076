"""Parameter tables of two-level models: one block of rows for each level.

A row's `group` is its block (both levels of the first group, then those of the next), so that
everything that compiles and standardises group by group serves levels too. A variable of both
levels has its mean at the second; a covariate of one level only keeps its sample moments there.
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


def level_table(
    model: ParsedModel, roles: LevelRoles, options: Options, *, n_groups: int = 1
) -> ParameterTable:
    """Complete the model of each level and put the two together, group by group."""
    rows: list[Row] = []
    for k in (1, 2):
        rows += _level_rows(model, roles, (k, n_groups), options)
    table = number(sorted(rows, key=lambda row: row.group))
    extra = equality_rows(table, options, roles.both)
    extra += [relation_row(r) for r in model.relations]
    table = number([*table.rows, *extra])
    check_relations(table, model.relations)
    return table


def _level_rows(
    model: ParsedModel, roles: LevelRoles, place: tuple[int, int], options: Options
) -> list[Row]:
    """Return the rows of one level (the first of `place`), all groups (how many, the second)."""
    level, n_groups = place
    own = roles.levels[level - 1]
    mine = tuple(s for s in model.statements if s.level == level)
    part = ParsedModel(mine, groups=model.groups)
    built = build_table(part, own, options, Shape(n_groups)).parameters
    held = {*roles.shared, *roles.both.lv} if level == 1 else set[str]()
    have = {frozenset((r.lhs, r.rhs)) for r in built if r.op == "~~"}
    rows = []
    for row in built:
        ground = row.op == "~1" and not row.user and row.lhs in held
        kept = row._replace(free=0, ustart=0.0) if ground else row
        rows.append(kept._replace(group=2 * row.group - 2 + level, level=level))
    causes = [name for name in roles.drifting if not _explained(part, name)]
    pairs = [*combinations(causes, 2), *((a, x) for a in causes for x in own.ov_x)]
    fresh = [(a, b) for a, b in pairs if frozenset((a, b)) not in have]
    return rows + [_free(a, b, (level, g)) for g in range(n_groups) for a, b in fresh]


def _explained(part: ParsedModel, name: str) -> bool:
    """Whether a level's model says what a variable depends on."""
    return any(
        (s.op == "~" and s.lhs == name) or (s.op == "=~" and s.term.name == name)
        for s in part.statements
    )


def _free(a: str, b: str, place: tuple[int, int], op: str = "~~") -> Row:
    level, g = place
    return Row(a, op, b, user=0, group=2 * g + level, level=level, free=1)


def moments_table(
    roles: LevelRoles, n_groups: int = 1, *, fixed_x: bool = True, independent: bool = False
) -> ParameterTable:
    """Return the saturated model, all means and all covariances of both levels.

    Parameters
    ----------
    fixed_x
        Whether the moments of covariates are taken as given.
    independent
        Whether the baseline is wanted: variances and means; covariates keep all their moments.
    """
    rows: list[Row] = []
    blocks = [(k, g) for g in range(n_groups) for k in (1, 2)]
    for k, g in blocks:
        own = roles.levels[k - 1]
        fixed = set(own.ov_x) if fixed_x else set[str]()
        causes = {*own.ov_x, *roles.drifting}
        for a, b in combinations_with_replacement(own.ov, 2):
            exo = a in fixed and b in fixed
            if independent and a != b and not (a in causes and b in causes):
                continue
            row = _free(a, b, (k, g))
            rows.append(row._replace(free=0, exo=1) if exo else row)
        for a in own.ov:
            row = _free(a, "", (k, g), "~1")
            if a in fixed:
                row = row._replace(free=0, exo=1)
            elif k == 1 and a in roles.shared:
                row = row._replace(free=0, ustart=0.0)
            rows.append(row)
    return number(rows)
