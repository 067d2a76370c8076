"""Which variable plays which part in a model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from footbridge.latent.table import Row


@dataclass(frozen=True, slots=True)
class Roles:
    """Names by the part they play, each in the order of first mention.

    `ov_nox` are the observed variables that are modelled, `ov_x` the exogenous covariates;
    `ordered` those of `ov_nox` that are ordinal.
    """

    lv: tuple[str, ...]
    ov_nox: tuple[str, ...]
    ov_x: tuple[str, ...]
    ordered: tuple[str, ...]
    lv_exogenous: tuple[str, ...]
    dependent_only: tuple[str, ...]

    @property
    def ov(self) -> tuple[str, ...]:
        """All observed variables: modelled first, covariates last."""
        return self.ov_nox + self.ov_x


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for n in names if n))


def roles_of(rows: Sequence[Row], ordered: Iterable[str] = ()) -> Roles:
    """Work out the roles from the rows that the analyst wrote.

    An observed variable that only predicts is exogenous; one that has its own variance,
    covariance or intercept in the model text is still a covariate, but is estimated.
    """
    lv = _unique(r.lhs for r in rows if r.op == "=~")
    indicators = _unique(r.rhs for r in rows if r.op == "=~")
    outcomes = _unique(r.lhs for r in rows if r.op == "~")
    predictors = _unique(r.rhs for r in rows if r.op == "~")
    others = _unique(
        name
        for r in rows
        if r.op in {"~~", "~1", "|", "~*~"}
        for name in ((r.lhs, r.rhs) if r.op == "~~" else (r.lhs,))
    )
    latent = set(lv)
    ov_y = [n for n in (*indicators, *outcomes) if n not in latent]
    ov_x = [n for n in predictors if n not in latent and n not in ov_y]
    rest = [n for n in others if n not in latent and n not in ov_y and n not in ov_x]
    ov_nox = _unique((*ov_y, *rest))
    wanted = set(ordered)
    inner, causes = set(indicators), set(predictors)
    ends = [n for n in outcomes if n not in causes and n not in inner]
    return Roles(
        lv=lv,
        ov_nox=ov_nox,
        ov_x=tuple(ov_x),
        ordered=tuple(n for n in ov_nox if n in wanted),
        lv_exogenous=tuple(n for n in lv if n not in inner and n not in set(outcomes)),
        dependent_only=tuple(
            [n for n in ends if n in latent] + [n for n in ends if n not in latent]
        ),
    )
