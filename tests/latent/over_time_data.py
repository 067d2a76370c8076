"""Questionnaires asked repeatedly, with something that is not invariant planted in them."""

from functools import lru_cache

import pandas as pd

from footbridge import latent

ITEMS = "abcd"
LOADS = dict(zip(ITEMS, (0.9, 0.8, 0.7, 0.8), strict=True))
MODEL = "f =~ a + b + c + d"
TWICE = {"before": ["a1", "b1", "c1", "d1"], "after": ["a2", "b2", "c2", "d2"]}
THRICE = "\n".join(f"f{t} =~ a{t} + b{t} + c{t} + d{t}" for t in (1, 2, 3))


def truth(*, occasions=2, loads=None, planted=""):
    """Return a population: the factor grows by 0.3 from one occasion to the next."""
    lines = []
    for t in range(1, occasions + 1):
        mine = {f"{x}{t}": value for x, value in LOADS.items()} | (loads or {})
        lines.append(f"f{t} =~ " + " + ".join(f"{mine[x + str(t)]}*{x}{t}" for x in ITEMS))
        lines.append(f"f{t} ~ {0.3 * (t - 1)}*1\nf{t} ~~ {1 + 0.2 * (t - 1)}*f{t}")
        spread = {f"{x}{t}": 0.5 for x in ITEMS}
        lines += [f"{x} ~~ {v}*{x}" for x, v in spread.items() if f"{x} ~~" not in planted]
        for u in range(1, t):
            lines.append(f"f{u} ~~ 0.6*f{t}")
            lines += [f"{x}{u} ~~ 0.15*{x}{t}" for x in ITEMS]
    return "\n".join([*lines, planted])


#: Binary items need different thresholds: from them comes the scale of the second occasion.
YES = {x + t: [cut] for x, cut in zip(ITEMS, (-0.5, 0.2, 0.8, -0.1), strict=True) for t in "12"}


def cuts(*limits, items=ITEMS, occasions="12"):
    return {x + t: list(limits) for x in items for t in occasions}


@lru_cache
def samples():
    """Return the samples that lavaan was asked about, by case."""
    four = (-0.9, 0.1, 1.1)
    mixed = {**cuts(*four, items="ab"), **cuts(0.3, items="c")}
    first = latent.simulate(truth(), 500, seed=15, cuts=cuts(*four))
    south = truth(planted="c2 ~ 0.5*1")
    second = latent.simulate(south, 400, seed=16, cuts=cuts(*four))
    names = {f"{x}1": x for x in ITEMS}, {f"{x}2": x for x in ITEMS}
    one = first[list(names[0])].rename(columns=names[0]).assign(site="north")
    other = second[list(names[1])].rename(columns=names[1]).assign(site="south")
    return {
        "continuous": latent.simulate(truth(planted="c2 ~ 0.4*1"), 300, seed=11),
        "thrice": latent.simulate(truth(occasions=3, planted="b3 ~ 0.4*1"), 300, seed=12),
        "ordinal": latent.simulate(truth(planted="c2 ~ 0.4*1"), 600, seed=13, cuts=cuts(*four)),
        "binary": latent.simulate(truth(), 900, seed=14, cuts=YES),
        "mixed": latent.simulate(truth(planted="b2 ~ 0.4*1"), 600, seed=17, cuts=mixed),
        "groups": pd.concat([one, other], ignore_index=True),
    }
