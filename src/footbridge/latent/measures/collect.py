"""Put all indices together under lavaan's names."""

from footbridge.latent.inference import TestStatistic
from footbridge.latent.measures.cfi import cfi
from footbridge.latent.measures.cn import critical_n
from footbridge.latent.measures.ecvi import ecvi
from footbridge.latent.measures.facts import Facts
from footbridge.latent.measures.gfi import agfi_lisrel, gfi, pgfi
from footbridge.latent.measures.ifi import ifi
from footbridge.latent.measures.mfi import mfi
from footbridge.latent.measures.nfi import nfi, pnfi, rfi
from footbridge.latent.measures.rmsea import Rmsea, rmsea
from footbridge.latent.measures.rni import rni
from footbridge.latent.measures.srmr import residual_measures
from footbridge.latent.measures.tli import tli
from footbridge.latent.measures.wrmr import wrmr
from footbridge.latent.probabilities import noncentrality_at

NAN = float("nan")
_PERFECT = Rmsea(0.0, 0.0, 0.0, NAN, NAN)
_NONE = Rmsea(NAN, NAN, NAN, NAN, NAN)


def collect(facts: Facts, *, likelihood: bool) -> dict[str, float]:
    """Return every index that the estimator has.

    Parameters
    ----------
    facts
        Chi-squares, sizes and residuals of the model.
    likelihood
        Whether the estimator is a maximum likelihood.
    """
    out = _tests(facts)
    out |= _incremental(facts)
    out |= _rmsea(facts)
    out |= residual_measures(facts.groups, ordinal=facts.ordinal, older=facts.older)
    out |= _gfi(facts)
    T, df = facts.model.statistic, facts.model.df
    out["cn_05"] = critical_n(T, df, n=facts.divisor, alpha=0.05)
    out["cn_01"] = critical_n(T, df, n=facts.divisor, alpha=0.01)
    out["mfi"] = mfi(T - df, n=facts.divisor)
    if facts.ordinal:
        out["wrmr"] = wrmr(T, moments=facts.moments // facts.n_groups)
    else:
        out["ecvi"] = ecvi(T, npar=facts.npar, n=facts.divisor)
    return out


def _one(test: TestStatistic, stem: str, suffix: str = "") -> dict[str, float]:
    return {
        f"{stem}chisq{suffix}": test.statistic,
        f"{stem}df{suffix}": test.df,
        f"{stem}pvalue{suffix}": test.pvalue,
    }


def _tests(facts: Facts) -> dict[str, float]:
    out = _one(facts.model, "")
    baseline = _one(facts.baseline, "baseline.")
    if facts.scaled is not None:
        out |= _one(facts.scaled, "", ".scaled")
        out["chisq.scaling.factor"] = facts.scaled.scaling
    if facts.baseline_scaled is not None:
        baseline |= _one(facts.baseline_scaled, "baseline.", ".scaled")
        baseline["baseline.chisq.scaling.factor"] = facts.baseline_scaled.scaling
    return out | baseline


def _incremental(facts: Facts) -> dict[str, float]:
    out = _family(facts.model, facts.baseline, "")
    if facts.scaled is not None and facts.baseline_scaled is not None:
        out |= _family(facts.scaled, facts.baseline_scaled, ".scaled")
    robust = facts.robust
    if robust is None:
        return out
    if facts.ordinal:
        return out | dict.fromkeys(("cfi.robust", "tli.robust", "nnfi.robust", "rni.robust"), NAN)
    df, df0 = facts.model.df, facts.baseline.df
    excess = robust.model.statistic - robust.model.correction * df
    excess0 = robust.baseline.statistic - robust.baseline.correction * df0
    out["cfi.robust"] = cfi(excess, excess0)
    out["tli.robust"] = out["nnfi.robust"] = tli(excess, df, excess0, df0)
    out["rni.robust"] = rni(excess, excess0)
    return out


def _family(model: TestStatistic, base: TestStatistic, suffix: str) -> dict[str, float]:
    T, df, T0, df0 = model.statistic, model.df, base.statistic, base.df
    tucker = tli(T - df, df, T0 - df0, df0)
    none = df0 == 0  # nothing to compare with
    found = {
        "cfi": 1.0 if none else cfi(T - df, T0 - df0),
        "tli": tucker,
        "nnfi": tucker,
        "rfi": rfi(T, df, T0, df0),
        "nfi": nfi(T, df, T0, df0),
        "pnfi": pnfi(T, df, T0, df0),
        "ifi": NAN if none else ifi(T, df, T0),
        "rni": NAN if none else rni(T - df, T0 - df0),
    }
    return {name + suffix: value for name, value in found.items()}


def _named(found: Rmsea, suffix: str) -> dict[str, float]:
    return {
        f"rmsea{suffix}": found.point,
        f"rmsea.ci.lower{suffix}": found.lower,
        f"rmsea.ci.upper{suffix}": found.upper,
        f"rmsea.pvalue{suffix}": found.close,
        f"rmsea.notclose.pvalue{suffix}": found.not_close,
    }


def _rmsea(facts: Facts) -> dict[str, float]:
    T, df, groups = facts.model.statistic, facts.model.df, facts.n_groups
    out = _named(rmsea(T, df, n=facts.divisor, n_groups=groups), "")
    out |= {"rmsea.ci.level": 0.9, "rmsea.close.h0": 0.05, "rmsea.notclose.h0": 0.08}
    return out | _rmsea_scaled(facts) | _rmsea_robust(facts)


def _rmsea_scaled(facts: Facts) -> dict[str, float]:
    scaled, df = facts.scaled, facts.model.df
    if scaled is None:
        return {}
    if df <= 0:
        return _named(_PERFECT if facts.ordinal else _NONE, ".scaled")
    if scaled.name == "scaled.shifted":
        found = rmsea(scaled.statistic, scaled.df, n=facts.divisor, n_groups=facts.n_groups)
    else:  # the plain statistic against tr(U Gamma) degrees of freedom
        T = facts.model.statistic
        found = rmsea(T, scaled.traces[0], n=facts.divisor, n_groups=facts.n_groups)
    return _named(found, ".scaled")


def _rmsea_robust(facts: Facts) -> dict[str, float]:
    df, robust = facts.model.df, facts.robust
    if df <= 0 and (facts.scaled is not None or robust is not None):
        return _named(_NONE if facts.ordinal else _PERFECT, ".robust")
    if robust is None:
        return {}
    if facts.ordinal:
        return _named(_NONE, ".robust")
    found = rmsea(
        robust.scaled,
        df,
        n=facts.divisor,
        n_groups=facts.n_groups,
        factor=robust.factor,
        excess=robust.model.statistic - robust.model.correction * df,
    )
    return _named(found, ".robust")


def _gfi(facts: Facts) -> dict[str, float]:
    df = facts.model.df
    low, high = (noncentrality_at(facts.residual, df, t) if df > 0 else 0.0 for t in (0.95, 0.05))
    excess = facts.residual - df if df > 0 else 0.0
    out = {
        "gfi": gfi(excess, n_variables=facts.n_variables, n=facts.divisor),
        "gfi.ci.lower": gfi(high, n_variables=facts.n_variables, n=facts.divisor),
        "gfi.ci.upper": gfi(low, n_variables=facts.n_variables, n=facts.divisor),
        "gfi.ci.level": 0.9,
        "gfi_lisrel": facts.explained,
        "agfi_lisrel": agfi_lisrel(facts.explained, df=int(df), moments=facts.moments),
        "pgfi": pgfi(facts.explained, df=int(df), moments=facts.moments),
    }
    return out | _gfi_robust(facts)


def _gfi_robust(facts: Facts) -> dict[str, float]:
    robust, df = facts.robust, facts.model.df
    if robust is None:
        return {}
    names = ("gfi.robust", "gfi.ci.lower.robust", "gfi.ci.upper.robust")
    if facts.ordinal:
        return dict.fromkeys(names, NAN)
    if df <= 0:
        return dict(zip(names, (NAN, 1.0, 1.0), strict=True))
    gaps = [robust.residual - robust.model.correction * df]
    gaps += [robust.factor * noncentrality_at(robust.scaled_residual, df, t) for t in (0.95, 0.05)]
    point, high, low = (gfi(x, n_variables=facts.n_variables, n=facts.divisor) for x in gaps)
    return dict(zip(names, (point, low, high), strict=True))


class Unknown(dict[str, float]):
    """Measures of a fit whose search never came to moments that can be: NaN but what is held."""

    def __missing__(self, name: str) -> float:
        return float("nan")
