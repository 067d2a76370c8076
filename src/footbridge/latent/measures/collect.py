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
from footbridge.latent.measures.rmsea import Rmsea, noncentrality, rmsea
from footbridge.latent.measures.rni import rni
from footbridge.latent.measures.srmr import residual_measures
from footbridge.latent.measures.tli import tli
from footbridge.latent.measures.wrmr import wrmr

NAN = float("nan")


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
    out |= residual_measures(facts.groups, ordinal=facts.ordinal)
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
    if facts.scaled is None or facts.baseline_scaled is None:
        return out
    out |= _family(facts.scaled, facts.baseline_scaled, ".scaled")
    c, c0 = facts.mean_correction, facts.baseline_correction
    if c != c:  # noqa: PLR0124 - NaN: no robust form
        return out
    if facts.ordinal:
        return out | dict.fromkeys(("cfi.robust", "tli.robust", "nnfi.robust", "rni.robust"), NAN)
    df, df0 = facts.model.df, facts.baseline.df
    excess, excess0 = facts.model.statistic - c * df, facts.baseline.statistic - c0 * df0
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
    scaled = facts.scaled
    if scaled is None:
        return out
    none = Rmsea(NAN, NAN, NAN, NAN, NAN)
    if df <= 0:
        zero = Rmsea(0.0, 0.0, 0.0, NAN, NAN)
        pair = (zero, none) if facts.ordinal else (none, zero)
        return out | _named(pair[0], ".scaled") | _named(pair[1], ".robust")
    if scaled.name == "scaled.shifted":
        found = rmsea(scaled.statistic, scaled.df, n=facts.divisor, n_groups=groups)
    else:  # the plain statistic against tr(U Gamma) degrees of freedom
        found = rmsea(T, scaled.traces[0], n=facts.divisor, n_groups=groups)
    out |= _named(found, ".scaled")
    c = facts.mean_correction
    if facts.ordinal and c == c:  # noqa: PLR0124 - not NaN
        out |= _named(none, ".robust")
    elif c == c:  # noqa: PLR0124
        found = rmsea(
            scaled.statistic,
            df,
            n=facts.divisor,
            n_groups=groups,
            factor=scaled.scaling,
            excess=T - c * df,
        )
        out |= _named(found, ".robust")
    return out


def _gfi(facts: Facts) -> dict[str, float]:
    df = facts.model.df
    low, high = (noncentrality(facts.residual, df, t) if df > 0 else 0.0 for t in (0.95, 0.05))
    out = {
        "gfi": gfi(facts.residual - df, n_variables=facts.n_variables, n=facts.divisor),
        "gfi.ci.lower": gfi(high, n_variables=facts.n_variables, n=facts.divisor),
        "gfi.ci.upper": gfi(low, n_variables=facts.n_variables, n=facts.divisor),
        "gfi.ci.level": 0.9,
        "gfi_lisrel": facts.explained,
        "agfi_lisrel": agfi_lisrel(facts.explained, df=int(df), moments=facts.moments),
        "pgfi": pgfi(facts.explained, df=int(df), moments=facts.moments),
    }
    return out | _gfi_robust(facts)


def _gfi_robust(facts: Facts) -> dict[str, float]:
    c, scaled, df = facts.mean_correction, facts.scaled, facts.model.df
    if scaled is None or c != c:  # noqa: PLR0124 - NaN: no robust form
        return {}
    names = ("gfi.robust", "gfi.ci.lower.robust", "gfi.ci.upper.robust")
    if facts.ordinal:
        return dict.fromkeys(names, NAN)
    statistic = facts.residual / scaled.scaling + scaled.shift
    low, high = (scaled.scaling * noncentrality(statistic, df, t) for t in (0.95, 0.05))
    size = facts.n_variables, facts.divisor
    values = [gfi(x, n_variables=size[0], n=size[1]) for x in (facts.residual - c * df, high, low)]
    return dict(zip(names, values, strict=True))
