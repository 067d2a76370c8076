"""Numbers that lavaan 0.6-14 gives for `oracles/tools.csv`; made by `oracles/tools.R`."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from footbridge import latent

HERE = Path(__file__).parent / "oracles"
TWO = "f1 =~ y1 + a*y2 + b*y3\nf2 =~ y4 + c*y5 + y6"
INCOMPLETE = "f1 =~ m1 + a*m2 + b*m3\nf2 =~ m4 + c*m5 + m6"
ORDINAL = "f1 =~ o1 + a*o2 + b*o3\nf2 =~ o4 + c*o5 + o6"
ARM = "\nf1 ~ arm\nf2 ~ f1 + arm"
ITEMS = [f"o{i}" for i in range(1, 7)]


def _bare(text):
    return text.replace("a*", "").replace("b*", "").replace("c*", "")


CALLS = {
    "cfa": (TWO, {}),
    "mlr": (TWO, {"estimator": "MLR"}),
    "means": (TWO, {"meanstructure": True}),
    "path": (TWO + ARM, {"preset": "sem"}),
    "groups": (_bare(TWO), {"group": "g", "group_equal": ("loadings", "intercepts")}),
    "released": ("f1 =~ y1 + a*y2 + a*y3\nf2 =~ y4 + a*y5 + y6", {}),
    "fiml": (INCOMPLETE, {"missing": "fiml"}),
    "gls": (TWO, {"estimator": "GLS"}),
    "ordinal": (ORDINAL, {"ordered": ITEMS}),
    "theta": (ORDINAL, {"ordered": ITEMS, "parameterization": "theta"}),
    "arm": (ORDINAL + ARM, {"ordered": ITEMS, "preset": "sem"}),
    "ordinal_groups": (
        _bare(ORDINAL),
        {"ordered": ITEMS, "group": "g", "group_equal": ("loadings",)},
    ),
    "mixed": (
        "f1 =~ o1 + o2 + y1 + y2\nf2 =~ o4 + o5 + y4",
        {"ordered": ["o1", "o2", "o4", "o5"]},
    ),
}


@lru_cache
def data():
    return pd.read_csv(HERE / "tools.csv")


@lru_cache
def fit(name):
    model, options = CALLS[name]
    return latent.fit(model, data(), **{"preset": "cfa", **options})


@lru_cache
def table():
    """Return every number, one a row."""
    return pd.read_csv(HERE / "tools_oracles.csv", comment="#")


def wanted(case, what):
    """Return a table: one row per key, one column per number."""
    rows = table()
    mine = rows[(rows["case"] == case) & (rows["what"] == what)]
    return mine.pivot(index="key", columns="column", values="value")
