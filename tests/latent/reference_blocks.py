"""Whole blocks of a reference file: vcov, implied moments, residuals, EM moments.

Used by `reference_results.py`. A block of a file is a mapping of tables, or one such mapping per
group; every entry of it must have its counterpart here.
"""

import numpy as np

from footbridge.latent.conditional import regress
from footbridge.latent.errors import OptionError
from footbridge.latent.momentsof import group_moments

#: name in a file -> operator of the moment
KINDS = {
    "cov": "~~",
    "res.cov": "~~",
    "mean": "~1",
    "res.int": "~1",
    "th": "|",
    "res.th": "|",
    "res.slopes": "~",
}


def whole_blocks(fit, reference, gap):
    """Return the largest difference of every block; `gap` compares two numbers."""
    disputed = set(reference["cross"]["disputed"])
    if "est" in disputed:
        return {}
    found = {}
    table = reference.get("vcov")
    if table and "x" in table and "se" not in disputed and fit.options.se != "none":
        found["vcov"] = _vcov(fit, table, gap)
    found |= _moments(fit, reference, gap) | _em(fit, reference, gap)
    return found | _standardised(fit, reference, gap)


def _vcov(fit, table, gap):
    letter = "l" if fit.problem.model.levels > 1 else "g"
    mine = {}
    for row in fit.table.free_rows:
        suffix = f".{letter}{row.group}" if row.group > 1 else ""
        names = [row.label, f"{row.lhs}{row.op}{row.rhs}{suffix}"]
        if row.op == "~~" and row.lhs != row.rhs:
            names.append(f"{row.rhs}{row.op}{row.lhs}{suffix}")
        for name in names:
            mine.setdefault(name, []).append(row.free - 1)
    seen, at = {}, []
    for name in table["rows"]:
        places = mine.get(name, [])
        k = seen.get(name, 0)
        if k >= len(places):
            return np.inf
        seen[name] = k + 1
        at.append(places[k])
    ours = fit.vcov[np.ix_(at, at)]
    pairs = zip(ours.ravel().tolist(), np.array(table["x"], dtype=object).ravel(), strict=True)
    return max(gap(a, b) for a, b in pairs)


def _by_group(fit, block, keys):
    """Yield the tables of every group with its position."""
    if any(k in block for k in keys):
        yield 0, block
        return
    for label, part in block.items():
        if isinstance(part, dict) and any(k in part for k in keys) and label in fit.problem.labels:
            yield fit.problem.labels.index(label), part


def _entries(kind, table):
    """Yield the moments of one table as (operator, names) with their values."""
    op = KINDS[kind]
    if not table:
        return
    if "rows" not in table:
        for name, value in table.items():
            yield (op, tuple(name.split("|")) if op == "|" else frozenset([name])), value
        return
    for i, row in enumerate(table["rows"]):
        for j, col in enumerate(table["cols"]):
            yield (op, (row, col) if op == "~" else frozenset((row, col))), table["x"][i][j]


def _key(op, a, b):
    return op, (a, b) if op in "~|" else frozenset(x for x in (a, b) if x)


def _given(fit):
    """Return observed and implied moments of continuous variables given their covariates."""
    roles = fit.problem.roles
    y, x = roles.ov_nox, roles.ov_x
    found = []
    for m, ram in zip(fit.sample.moments, fit.sample.rams(fit.table), strict=True):
        state = ram.state(fit.theta)
        pair = []
        for cov, mean in ((m.cov, m.mean), (ram.sigma(state), ram.mu(state))):
            at = regress(cov, mean, len(y))
            one = {_key("~1", a, ""): at.intercepts[i] for i, a in enumerate(y)}
            for i, a in enumerate(y):
                one |= {_key("~", a, b): at.slopes[i, j] for j, b in enumerate(x)}
                one |= {_key("~~", a, b): at.cov[i, j] for j, b in enumerate(y)}
            pair.append(one)
        found.append(pair)
    return found


def _compared(fit):
    """Return observed and implied moments of every group by key."""
    if fit.options.conditional_x and not fit.options.categorical:
        return _given(fit)
    found = []
    for at in group_moments(fit):
        keys = [_key(op, a, b) for a, op, b in at.labels]
        numbers = (at.observed, at.implied)
        found.append([dict(zip(keys, values, strict=True)) for values in numbers])
    return found


def _moments(fit, reference, gap):
    try:
        groups = _compared(fit)
    except (TypeError, OptionError):  # two-level models have none
        return {}
    implied = [model for _, model in groups]
    raw = [{key: one[key] - model[key] for key in one} for one, model in groups]
    residuals = (reference.get("residuals") or {}).get("raw") or {}
    pairs = {"implied": (reference.get("implied") or {}, implied), "resid.raw": (residuals, raw)}
    ordinal = set(fit.problem.roles.ordered)
    return {
        name: max(
            (
                _table_gap(kind, table, ours[g], ordinal, gap)
                for g, part in _by_group(fit, block, KINDS)
                for kind, table in part.items()
                if kind in KINDS
            ),
            default=0.0,
        )
        for name, (block, ours) in pairs.items()
    }


def _standardised(fit, reference, gap):
    """Compare residuals over standard deviations and their z values."""
    block = (reference.get("residuals") or {}).get("cor.bentler") or {}
    if fit.problem.model.levels > 1 or (fit.options.conditional_x and not fit.options.categorical):
        return {}
    rows = fit.residuals("cor.bentler").to_dict("records")
    worst = {"resid.cor": 0.0, "resid.z": 0.0}
    for g, part in _by_group(fit, block, KINDS):
        ours = {_key(r["op"], r["lhs"], r["rhs"]): r for r in rows if r["group"] == g + 1}
        for kind in KINDS:
            for key, value in _entries(kind, part.get(kind) or {}):
                if key in ours:
                    new = gap(ours[key]["residual"], value)
                    worst["resid.cor"] = max(worst["resid.cor"], new)
            for key, value in _entries(kind, part.get(f"{kind}.z") or {}):
                # lavaan sets the error of a residual below 1e-4 to one, and divides by noise.
                row = ours.get(key)
                if value is not None and row and abs(row["residual"]) > 1e-4 and row["se"]:
                    worst["resid.z"] = max(worst["resid.z"], gap(row["z"], value))
    return worst


def _table_gap(kind, table, ours, ordinal, gap):
    worst = 0.0
    for key, value in _entries(kind, table):
        # What ordinal data do not have: a mean, and a variance of its own.
        if key not in ours and len(key[1]) == 1 and set(key[1]) <= ordinal:
            continue
        worst = max(worst, gap(ours.get(key), value))
    return worst


def _em(fit, reference, gap):
    block = reference.get("h1")
    if not block or fit.sample.saturated is None:
        return {}
    worst = 0.0
    names = fit.problem.roles.ov
    for g, part in _by_group(fit, block, ("cov", "mean")):
        m = fit.sample.moments[g]
        for i, a in enumerate(part["cov"]["rows"]):
            worst = max(worst, gap(float(m.mean[names.index(a)]), part["mean"][a]))
            for j, b in enumerate(part["cov"]["cols"]):
                mine = float(m.cov[names.index(a), names.index(b)])
                worst = max(worst, gap(mine, part["cov"]["x"][i][j]))
    return {"h1": worst}
