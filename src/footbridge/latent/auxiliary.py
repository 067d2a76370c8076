"""Auxiliary variables: they explain why values are missing and leave the model as it is.

Saturated correlates (Graham 2003, Structural Equation Modeling 10, 80-100): each auxiliary
variable correlates with the others, with every covariate and with the residual of every other
observed variable. Given the model's variables its distribution is unrestricted, so that it adds no
degree of freedom, and without missing values it changes no estimate.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from footbridge.latent.errors import OptionError
from footbridge.latent.names import Roles
from footbridge.latent.options import Options
from footbridge.latent.syntax import ParsedModel, Statement, Term
from footbridge.latent.table import Row

_METHODS = ("fiml", "two.stage", "robust.two.stage")


def with_auxiliary(
    model: ParsedModel, roles: Roles, options: Options
) -> tuple[ParsedModel, Options]:
    """Return the model with its auxiliary variables, and options that leave them unrestricted.

    Raises
    ------
    OptionError
        If values are not treated as missing at random, or the model itself uses such a variable.
    """
    names = tuple(dict.fromkeys(options.auxiliary))
    _refuse(names, roles, options)
    pairs = [
        *((name, name) for name in names),
        *combinations(names, 2),
        *((name, other) for name in names for other in roles.ov),
    ]
    added = [Statement(a, "~~", Term(b), line=0) for a, b in pairs]
    added += [Statement(name, "~1", Term(""), line=0) for name in names]
    # group_equal must not tie what is saturated.
    free = tuple(f"{s.lhs}{s.op}{s.term.name}" for s in added)
    longer = replace(model, statements=(*model.statements, *added))
    return longer, replace(options, auxiliary=names, group_partial=(*options.group_partial, *free))


def _refuse(names: Sequence[str], roles: Roles, options: Options) -> None:
    if options.missing not in _METHODS:
        raise OptionError(
            f"auxiliary= does not go with missing='{options.missing}'.",
            "Auxiliary variables inform about values that are missing; with complete cases only, "
            "they would cost further cases and tell nothing.",
            "Use missing='fiml' (or 'two.stage').",
        )
    taken = [name for name in names if name in roles.ov or name in roles.lv]
    if taken:
        raise OptionError(
            f"The auxiliary variable '{taken[0]}' is in the model.",
            "What the model uses informs about missing values already.",
            f"Take '{taken[0]}' out of auxiliary=.",
        )


def baseline_rows(roles: Roles, options: Options, group: int) -> list[Row]:
    """Return what the independence model adds: auxiliary variables stay saturated in it.

    A baseline that made them independent too would flatter the model by covariances that it
    never restricts (Enders and Peugh 2004, Structural Equation Modeling 11, 1-19).
    """
    extra = options.auxiliary
    others = [name for name in roles.ov if name not in extra]
    pairs = [*combinations(extra, 2), *((a, b) for a in extra for b in others)]
    return [Row(a, "~~", b, group=group, free=1) for a, b in pairs]


def of_model(roles: Roles, options: Options) -> list[int]:
    """Return the positions of the observed variables that are not auxiliary."""
    return [i for i, name in enumerate(roles.ov) if name not in options.auxiliary]
