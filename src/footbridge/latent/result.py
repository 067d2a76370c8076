"""The result of a fit: estimates, tests, indices, and what to be careful about."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.advice import collect_advice
from footbridge.latent.assemble import Problem
from footbridge.latent.baseline import baseline_table
from footbridge.latent.constraints import second_derivatives
from footbridge.latent.engines import Sample
from footbridge.latent.errors import Advice
from footbridge.latent.exported import Diagram, LavaanModel, MplusModel
from footbridge.latent.factsof import facts_of, log_likelihoods
from footbridge.latent.independence import baseline_tests
from footbridge.latent.inference import TestStatistic
from footbridge.latent.measures.collect import Unknown, collect
from footbridge.latent.measures.information import information_criteria
from footbridge.latent.names import Roles
from footbridge.latent.options import Options
from footbridge.latent.probabilities import normal_two_tailed
from footbridge.latent.rowvalues import (
    RowMap,
    defined_values,
    map_rows,
    row_errors,
    row_estimates,
    row_standard,
    text_columns,
)
from footbridge.latent.secondorder import curvature_variances
from footbridge.latent.solve import Solution, solve
from footbridge.latent.standardised import Valued, row_value, scaled_names, standardise
from footbridge.latent.table import RELATIONS, ParameterTable, Row
from footbridge.latent.wholes import Whole, wholes

if TYPE_CHECKING:
    from footbridge.latent.scoretest import ScoreTest
    from footbridge.latent.waldtest import WaldTest

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_Z = 1.959963984540054


class Fit:
    """A fitted model; everything beyond the estimates is computed when first asked for.

    Parameters
    ----------
    sample
        The data's moments, shared with refits.
    solution
        The fitted table.

    Examples
    --------
    >>> from footbridge.latent import cfa, simulate
    >>> found = cfa("f =~ a + b + c", simulate("f =~ 0.8*a + 0.7*b + 0.6*c", 200, seed=3))
    >>> found.estimates.columns[:7].tolist()
    ['lhs', 'op', 'rhs', 'group', 'label', 'est', 'se']
    >>> print(found.to_lavaan().model.splitlines()[0])
    f =~ 1*a + b + c
    >>> found.diagram().svg[:4]
    '<svg'
    """

    def __init__(self, sample: Sample, solution: Solution) -> None:
        self.sample = sample
        self.solution = solution

    @property
    def problem(self) -> Problem:
        """The model with its data."""
        return self.sample.problem

    @property
    def options(self) -> Options:
        """The options after defaults."""
        return self.problem.options

    @property
    def table(self) -> ParameterTable:
        """The parameter table."""
        return self.solution.table

    @property
    def converged(self) -> bool:
        """Whether the search ended at a minimum."""
        return self.solution.minimum.converged

    @property
    def theta(self) -> Vector:
        """Free parameters in the order of the table, (q,)."""
        return self.solution.theta

    @cached_property
    def vcov(self) -> Matrix:
        """Covariance matrix of the free parameters, (q, q); NaN where it does not exist."""
        return self.solution.covariances.vcov

    @cached_property
    def baseline(self) -> Solution:
        """The fitted independence model."""
        return solve(self.sample, baseline_table(self.problem))

    @property
    def test(self) -> TestStatistic:
        """The test statistic that was asked for."""
        return self.solution.scaled or self.solution.plain

    @cached_property
    def wholes(self) -> list[Whole]:
        """Covariances and variances of all variables by group."""
        return wholes(self.problem, self.table, self.theta)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Warnings: what happened, why, and what to do."""
        return tuple(collect_advice(self.sample, self.solution, self.wholes))

    def values(self) -> dict[int, Valued]:
        """Return estimates with gradients by position in the table."""
        ordinal = set(self.problem.roles.ordered)
        found = {
            i: row_value(row, self.theta, self.wholes[row.group - 1], ordinal)
            for i, row in enumerate(self.table.rows)
            if row.op not in RELATIONS
        }
        at = [i for i, row in enumerate(self.table.rows) if row.op == ":="]
        return found | {
            i: Valued(value, gradient)
            for i, (value, gradient) in zip(at, self._defined(), strict=True)
        }

    @cached_property
    def _map(self) -> RowMap:
        """Where the rows find their numbers."""
        return map_rows(self.table, self.wholes, set(self.problem.roles.ordered))

    def _defined(self) -> list[tuple[float, Vector]]:
        """Return the defined parameters with their gradients (q,)."""
        names = self.solution.constraints.names
        if not names.definitions:
            return []
        duals = names.duals(self.theta, [])
        found = []
        for name, expression in names.definitions:
            dual = duals.get(name) or expression.dual(names.duals(self.theta, expression.names))
            gradient = np.broadcast_to(np.real(dual.gradient), (self.theta.size,))
            found.append((float(np.real(dual.value)), np.asarray(gradient, dtype=np.float64)))
        return found

    def _defined_error(self, k: int, gradient: Vector) -> float:
        """Return the standard error of one defined parameter."""
        used = np.flatnonzero(gradient)
        variance = gradient[used] @ self.vcov[np.ix_(used, used)] @ gradient[used]
        if self.options.second_order_delta:
            names = self.solution.constraints.names
            HV = second_derivatives(names, names.definitions[k][1], self.theta) @ self.vcov
            variance = variance + 0.5 * float(np.trace(HV @ HV))
        if not np.isfinite(variance):
            return float("nan")
        return float(np.sqrt(max(float(variance), 0.0)))

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Estimates in lavaan's columns, standardised solutions included."""
        found, defined = self._map, self._defined()
        est = row_estimates(found, self.theta)
        errors = [self._defined_error(k, gradient) for k, (_, gradient) in enumerate(defined)]
        standard = {f"std.{kind}": self._standard_values(est, kind) for kind in self._kinds()}
        est = np.concatenate([est, [value for value, _ in defined]])
        se = np.concatenate([row_errors(found, self.vcov), errors])
        columns = self._frame((*found.rows, *found.definitions), est, se)
        return pd.DataFrame(columns | standard, copy=False)

    def _kinds(self) -> tuple[str, ...]:
        """Name the standardised solutions; without covariates std.nox is std.all."""
        covariates = self.problem.roles.ov_x and self.options.fixed_x
        return ("lv", "all", "nox") if covariates else ("lv", "all")

    def _standard_values(self, est: Vector, kind: str) -> Vector:
        """Return one standardised solution, definitions at the end."""
        scaled = scaled_names(self.problem, kind)
        found = row_standard(self._map, est, self.wholes, scaled, kind=kind)
        defined = defined_values(self._map, self.solution.constraints.names, found)
        return np.concatenate([found, defined])

    def _standard(self, kind: str) -> dict[int, Valued]:
        return standardise(self.problem, self.table, self.theta, self.wholes, kind=kind)

    def _curvature(self, kind: str, at: Sequence[int]) -> dict[int, float]:
        """Return what second derivatives add to the variances, where that was asked for."""
        if not self.options.second_order_delta:
            return {}

        def gradients(theta: Vector) -> Matrix:
            groups = wholes(self.problem, self.table, theta)
            found = standardise(self.problem, self.table, theta, groups, kind=kind)
            return np.array([found[i].gradient for i in at])

        extra = curvature_variances(gradients, self.theta, self.vcov)
        return dict(zip(at, extra.tolist(), strict=True))

    def roles_of(self, block: int) -> Roles:
        """Return the roles of the variables in one block of the table: here, in a group."""
        return self.problem.roles

    def places(self, rows: Sequence[Row]) -> dict[str, NDArray[np.int64]]:
        """Return the columns that say where rows belong."""
        return {"group": np.array([r.group for r in rows], dtype=np.int64)}

    def suffix(self, row: Row) -> str:
        """Return what follows a parameter's name outside the first group."""
        return f".g{row.group}" if row.group > 1 else ""

    def _frame(
        self, rows: Sequence[Row], est: Vector, se: Vector, *, name: str = "est"
    ) -> dict[str, Any]:
        with np.errstate(invalid="ignore", divide="ignore"):
            z = np.where(se > 0, est / se, np.nan)
        lhs, op, rhs, label = text_columns(
            [r.lhs for r in rows],
            [r.op for r in rows],
            [r.rhs for r in rows],
            [r.label for r in rows],
        )
        return {
            "lhs": lhs,
            "op": op,
            "rhs": rhs,
            **self.places(rows),
            "label": label,
            name: est,
            "se": se,
            "z": z,
            "pvalue": np.array([normal_two_tailed(value) for value in z.tolist()]),
            "ci.lower": est - _Z * se,
            "ci.upper": est + _Z * se,
        }

    def standardized(self, kind: str = "all") -> pd.DataFrame:
        """Return one standardised solution with standard errors.

        Parameters
        ----------
        kind
            "lv", "all" or "nox".
        """
        found = self._standard(kind)
        extra, errors = self._curvature(kind, sorted(found)), {}
        for i, value in found.items():
            used = np.flatnonzero(np.abs(value.gradient) > 0)
            part = value.gradient[used]
            variance = float(part @ self.vcov[np.ix_(used, used)] @ part) + extra.get(i, 0.0)
            errors[i] = float(np.sqrt(variance)) if variance > 1e-18 else abs(0.0 * variance)
        at = sorted(found)
        est = np.array([found[i].value for i in at])
        se = np.array([errors[i] for i in at])
        return pd.DataFrame(self._frame([self.table.rows[i] for i in at], est, se, name="est.std"))

    @cached_property
    def fit_measures(self) -> Mapping[str, float]:
        """Fit indices under lavaan's names; NaN where the search never found possible moments."""
        if not np.isfinite(self.solution.minimum.value):
            return Unknown(npar=float(self.solution.npar), ntotal=float(self.problem.n))
        tests = baseline_tests(self.sample, self.solution) or self.baseline
        facts = facts_of(self.sample, self.solution, tests)
        likelihood = self.options.discrepancy == "ML"
        out: dict[str, float] = {"npar": facts.npar, "fmin": self.solution.minimum.value}
        out |= collect(facts, likelihood=likelihood)
        out["ntotal"] = facts.n
        if likelihood:
            model, saturated = log_likelihoods(self.sample, self.solution)
            out |= {"logl": model, "unrestricted.logl": saturated}
            out |= information_criteria(model, npar=facts.npar, n=facts.n)
        if self.options.mimic == "lavaan-0.6":  # before 0.7 the name stood for the older index
            out["gfi"] = out["gfi_lisrel"]
        if self.options.test == "yuan.bentler.mplus" and facts.npar:
            h0 = self.solution.scaling_h0()
            out["scaling.factor.h0"] = h0 / self.theta.size
            out["scaling.factor.h1"] = (
                (facts.model.df and self.solution.engine.scaling(self.theta)) or h0
            ) / (facts.npar + facts.model.df)
        if self._no_reference():
            out["pvalue"] = out["baseline.pvalue"] = float("nan")
        return out

    def _no_reference(self) -> bool:
        """Whether the plain statistic follows no chi-square; lavaan 0.6 gave DWLS a p-value."""
        o = self.options
        if o.mimic == "lavaan-0.6" and o.estimator == "DWLS":
            return False
        return o.discrepancy in {"DWLS", "ULS"} and self.solution.plain.name == "standard"

    def r2(self) -> dict[str, float]:
        """Return explained variance of every dependent variable (first group)."""
        whole = self.wholes[0]
        dependent = {r.rhs for r in self.table.parameters if r.op == "=~"}
        dependent |= {r.lhs for r in self.table.parameters if r.op == "~"}
        return {
            name: 1.0 - float(whole.residual[k] / whole.total[k])
            if whole.residual[k] >= 0
            else float("nan")
            for k, name in enumerate(whole.names)
            if name in dependent
        }

    def modification_indices(self, *, sort: bool = False, robust: bool = False) -> pd.DataFrame:
        """Return what freeing each fixed parameter would gain; see `modification`."""
        from footbridge.latent.modification import modification_indices

        return modification_indices(self, sort=sort, robust=robust)

    def score_test(
        self,
        add: str | None = None,
        *,
        release: Sequence[int] | None = None,
        robust: bool = False,
        cumulative: bool = False,
    ) -> "ScoreTest":
        """Test constraints of the model, or parameters to add; see `scoretest`."""
        from footbridge.latent.scoretest import score_test

        return score_test(self, add=add, release=release, robust=robust, cumulative=cumulative)

    def wald_test(self, equations: str) -> "WaldTest":
        """Test equations such as "a == b"; see `waldtest`."""
        from footbridge.latent.waldtest import wald_test

        return wald_test(self, equations)

    def residuals(self, type: str = "raw") -> pd.DataFrame:  # noqa: A002
        """Return observed less implied moments with errors and z values; see `residuals`."""
        from footbridge.latent.residuals import residuals

        return residuals(self, type=type)

    def factor_scores(self, method: str | None = None, *, se: bool = False) -> pd.DataFrame:
        """Return each case's scores on the latent variables; see `factorscores`."""
        from footbridge.latent.factorscores import factor_scores

        return factor_scores(self, method=method, se=se)

    def summary(
        self, *, fit_measures: bool = True, standardized: bool = True, rsquare: bool = True
    ) -> str:
        """Return a text that reads like lavaan's summary."""
        from footbridge.latent.report import summary_text

        return summary_text(
            self, fit_measures=fit_measures, standardized=standardized, rsquare=rsquare
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the estimates as a table of your own: changing it does not change the fit."""
        return self.estimates.copy()

    def to_lavaan(self) -> LavaanModel:
        """Return the model as lavaan syntax, with the call that R needs."""
        from footbridge.latent.exportlavaan import to_lavaan

        return to_lavaan(self)

    def to_mplus(self, data_file: str = "data.dat") -> MplusModel:
        """Return the model as Mplus input that reads `data_file`."""
        from footbridge.latent.exportmplus import to_mplus

        return to_mplus(self, data_file)

    def diagram(self, *, show: str = "std.all", group: int | None = None) -> Diagram:
        """Return the path diagram; `show` names the column of the numbers, "" for none."""
        from footbridge.latent.diagram import draw

        return draw(self, show=show, group=group)

    def _repr_html_(self) -> str:
        from footbridge.latent.html import fit_html

        return fit_html(self)

    def __repr__(self) -> str:
        """Return one line."""
        state = "converged" if self.converged else "NOT converged"
        t = self.test
        head = f"<Fit {self.options.estimator} n={self.problem.n:g} {state}: "
        return head + f"chi2({t.df:g}) = {t.statistic:.3f}>"
