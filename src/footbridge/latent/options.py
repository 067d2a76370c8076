"""Options of a fit: lavaan's names, underscores for dots, and what each estimator implies."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from footbridge.latent.errors import OptionError
from footbridge.latent.prior import Prior

Kind = Literal["ML", "GLS", "WLS", "DWLS", "ULS", "PML"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an estimator's name stands for: a discrepancy, standard errors and tests."""

    discrepancy: Kind
    se: str
    test: str


#: estimator name -> recipe for continuous data (lavaan 0.6 defaults).
CONTINUOUS: dict[str, Recipe] = {
    "ML": Recipe("ML", "standard", "standard"),
    "MLR": Recipe("ML", "robust.huber.white", "yuan.bentler.mplus"),
    "MLM": Recipe("ML", "robust.sem", "satorra.bentler"),
    "MLMV": Recipe("ML", "robust.sem", "scaled.shifted"),
    "MLMVS": Recipe("ML", "robust.sem", "mean.var.adjusted"),
    "MLF": Recipe("ML", "first.order", "standard"),
    "GLS": Recipe("GLS", "standard", "standard"),
    "WLS": Recipe("WLS", "standard", "standard"),
    "ULS": Recipe("ULS", "standard", "standard"),
    "DWLS": Recipe("DWLS", "standard", "standard"),
    "ULSM": Recipe("ULS", "robust.sem", "satorra.bentler"),
    "ULSMV": Recipe("ULS", "robust.sem", "scaled.shifted"),
    "WLSM": Recipe("DWLS", "robust.sem", "satorra.bentler"),
    "WLSMV": Recipe("DWLS", "robust.sem", "scaled.shifted"),
    "WLSMVS": Recipe("DWLS", "robust.sem", "mean.var.adjusted"),
    "PML": Recipe("PML", "robust.huber.white", "mean.var.adjusted"),
}
#: Estimators that ordinal indicators can be fitted with.
ORDINAL = ("WLS", "DWLS", "ULS", "ULSM", "ULSMV", "WLSM", "WLSMV", "WLSMVS", "PML")
MIMIC = ("lavaan-0.6", "lavaan-0.7")


@dataclass(frozen=True, slots=True)
class Options:
    """Everything a fit was asked for, after defaults; printed with the result."""

    preset: str = "sem"
    estimator: str = "ML"
    missing: str = "listwise"
    group: str | None = None
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()
    std_lv: bool = False
    effect_coding: bool = False
    auto_fix_first: bool = True
    orthogonal: bool = False
    fixed_x: bool = True
    conditional_x: bool = False
    meanstructure: bool = False
    parameterization: str = "delta"
    likelihood: str = "normal"
    information: str = "expected"
    se: str = "standard"
    test: str = "standard"
    mimic: str = "lavaan-0.7"
    cluster: str | None = None
    sampling_weights: str | None = None
    auxiliary: tuple[str, ...] = ()
    bounds: str = ""
    second_order_delta: bool = False
    max_iterations: int = 1000
    prior: Prior | None = None
    categorical: bool = False
    discrepancy: Kind = "ML"


_ALIASES = {"ml": "fiml", "direct": "fiml", "fiml": "fiml", "available.cases": "pairwise"}


def resolve(asked: dict[str, Any], *, categorical: bool, has_x: bool) -> Options:
    """Fill in defaults as lavaan does, and refuse what does not go together.

    Parameters
    ----------
    asked
        Options by name; None means "the default".
    categorical
        Whether any variable of the model is ordered.
    has_x
        Whether the model has exogenous observed covariates.

    Raises
    ------
    OptionError
        If an estimator, a missing-data rule or a preset is not offered.
    """
    said = {key: value for key, value in asked.items() if value is not None}
    plain = {k: v for k, v in said.items() if k not in {"se", "test", "information"}}
    plain |= {"categorical": categorical, "missing": _missing(said.get("missing", "listwise"))}
    options = Options(**plain)
    options = replace(options, estimator=_estimator(options, "estimator" in said))
    recipe = CONTINUOUS[options.estimator]
    information = said.get("information") or _information(options, recipe)
    options = replace(
        options,
        discrepancy=recipe.discrepancy,
        se=said.get("se") or _standard_errors(options, recipe),
        test=said.get("test") or _test(options, recipe),
        information=information,
        meanstructure=_means(options, said),
        conditional_x=bool(said.get("conditional_x", categorical and has_x)),
    )
    _refuse(options)
    return options


def _missing(asked: str) -> str:
    return _ALIASES.get(asked.lower(), asked.lower())


def _estimator(options: Options, said: bool) -> str:
    name = options.estimator.upper()
    if options.categorical and (not said or name in {"", "DEFAULT"}):
        name = "PML" if options.prior else "WLSMV"
    if name not in CONTINUOUS:
        raise OptionError(
            f"The estimator '{options.estimator}' is not known.",
            "It is not one of the names that lavaan uses.",
            f"Choose one of {', '.join(CONTINUOUS)}.",
        )
    if options.categorical and name not in ORDINAL:
        raise OptionError(
            f"The estimator {name} cannot be used with ordered variables.",
            "It needs means and covariances of continuous variables.",
            f"Choose one of {', '.join(ORDINAL)}, or leave ordered= empty.",
        )
    if name == "PML" and not options.categorical:
        raise OptionError(
            "The estimator PML needs ordered variables.",
            "It is a likelihood of tables of two variables.",
            "Name them in ordered=, or use ML.",
        )
    if (options.cluster or options.sampling_weights) and name == "ML" and not options.categorical:
        return "MLR"
    return name


def _information(options: Options, recipe: Recipe) -> str:
    if options.prior:
        return "observed"
    if recipe.se == "robust.huber.white" or options.missing == "fiml":
        return "observed"
    return "first.order" if recipe.se == "first.order" else "expected"


def _standard_errors(options: Options, recipe: Recipe) -> str:
    if options.prior:
        return "posterior"
    if options.missing.endswith("two.stage"):
        return "robust.sem"
    newer = options.mimic == "lavaan-0.7" and recipe.se == "standard"
    if newer and recipe.discrepancy in {"ULS", "DWLS"}:
        return (
            "robust.sem" if options.categorical or recipe.discrepancy == "DWLS" else "robust.sem.nt"
        )
    return recipe.se


def _test(options: Options, recipe: Recipe) -> str:
    if options.prior:
        return "none"
    if options.missing.endswith("two.stage"):
        return "satorra.bentler"
    newer = options.mimic == "lavaan-0.7" and not options.categorical
    return "browne.residual.nt" if newer and options.estimator == "ULS" else recipe.test


def _means(options: Options, said: dict[str, Any]) -> bool:
    forced = (
        options.categorical
        or options.group is not None
        or options.missing in {"fiml", "two.stage", "robust.two.stage"}
        or options.preset == "growth"
        or bool(said.get("conditional_x"))
        or options.cluster is not None
    )
    return forced or bool(said.get("meanstructure", False))


def _refuse(options: Options) -> None:
    if options.prior:
        _refuse_prior(options)
    elif options.se == "posterior":
        raise OptionError(
            "se='posterior' needs a prior.",
            "It is the spread of a posterior distribution.",
            "Add prior='weak', or take another kind of standard error.",
        )
    if options.mimic not in MIMIC:
        raise OptionError(
            f"mimic='{options.mimic}' is not known.",
            "Two releases of lavaan are followed.",
            f"Choose one of {', '.join(MIMIC)}.",
        )
    if options.missing not in {"listwise", "fiml", "pairwise", "two.stage", "robust.two.stage"}:
        raise OptionError(
            f"missing='{options.missing}' is not known.",
            "It is not a rule for missing values that is offered here.",
            "Choose listwise, fiml, pairwise, two.stage or robust.two.stage.",
        )
    if options.missing == "fiml" and (options.categorical or options.discrepancy != "ML"):
        raise OptionError(
            f"missing='fiml' does not go with {options.estimator}.",
            "Full information needs a normal likelihood.",
            "Use missing='pairwise' with ordered variables, or estimator='ML'.",
        )


def _refuse_prior(options: Options) -> None:
    if options.cluster or options.sampling_weights:
        raise OptionError(
            "A prior is not offered with cluster= or sampling_weights=.",
            "The posterior's spread would take dependent or weighted cases as independent ones.",
            "Leave the prior out, or the clusters.",
        )
    if options.estimator not in {"ML", "PML"} or options.missing.endswith("two.stage"):
        raise OptionError(
            f"A prior does not go with {options.estimator}, missing='{options.missing}'.",
            "It is added to the logarithm of a likelihood, and this is none.",
            "Use ML (missing='fiml' too) for continuous data and PML for ordinal data.",
        )
    if options.se not in {"posterior", "none"} or options.test != "none":
        raise OptionError(
            f"se='{options.se}' and test='{options.test}' do not go with a prior.",
            "Estimates are a posterior mode: their errors are the posterior's spread, and a mode "
            "that is no maximum of the likelihood has no chi-square test.",
            "Leave se= and test= out; fit without the prior to test the model.",
        )
