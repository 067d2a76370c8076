"""Models and data of the latent benchmark."""

import numpy as np
import pandas as pd

HS = "visual =~ x1+x2+x3\ntextual =~ x4+x5+x6\nspeed =~ x7+x8+x9"
POLDEM = """ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8"""
RMI = """se =~ se1+se2+se3+se4+se5
ss =~ ss1+ss2+ss3+ss4
ba =~ ba1+ba2+ba3
su =~ sv1+sv2+sv3+sv4+sv5+sv6
se ~ a1*arm
ss ~ a2*arm
ba ~ a3*arm
se ~~ ss + ba
ss ~~ ba
su ~ c1*arm + b1*se + b2*ss + b3*ba
employ ~ d1*su + e1*arm
drug ~ d2*su + e2*arm
crime ~ d3*su + e3*arm
employ ~~ drug + crime
drug ~~ crime
ind_emp := c1*d1"""
ITEMS = [*(f"se{i}" for i in range(1, 6)), *(f"ss{i}" for i in range(1, 5)), "ba1", "ba2", "ba3"]
ITEMS += [*(f"sv{i}" for i in range(1, 7)), "employ", "drug", "crime"]
MEDIATION = """m1 ~ a1*x + c1
m2 ~ a2*x + c1
m3 ~ a3*x + c1
y ~ b1*m1 + b2*m2 + b3*m3 + cp*x + c1
m1 ~~ m2 + m3
m2 ~~ m3
indirect := a1*b1 + a2*b2 + a3*b3
total := indirect + cp"""
BIG_ITEMS = [f"i{f}_{k}" for f in range(6) for k in range(10)]
BIG = "\n".join(f"f{f} =~ " + " + ".join(f"i{f}_{k}" for k in range(10)) for f in range(6))
#: name, model, file, options, rounds of ours, rounds of lavaan, ratio aimed at
CALLS = [
    ("CFA (Holzinger-Swineford), ML", HS, "hs.csv", {}, 30, 5, 20),
    ("PoliticalDemocracy, ML", POLDEM, "poldem.csv", {}, 30, 5, 20),
    ("CFA, full information, 66 patterns", HS, "hs_miss.csv", {"missing": "fiml"}, 10, 3, 30),
    ("trial, WLSMV, n = 400", RMI, "rmi400.csv", {"ordered": ITEMS}, 12, 3, 90),
]


def big_data(n=5000, categories=0):
    """Return six factors by ten items; cut at equal distances where categories are asked for."""
    draws = np.random.default_rng(11)
    common = draws.normal(size=(n, 1))
    columns = {}
    for f in range(6):
        factor = 0.6 * common[:, 0] + 0.8 * draws.normal(size=n)
        for k in range(10):
            loading = 0.5 + 0.04 * k
            y = loading * factor + np.sqrt(1 - loading**2) * draws.normal(size=n)
            columns[f"i{f}_{k}"] = y
    frame = pd.DataFrame(columns)
    if not categories:
        return frame
    cuts = np.linspace(-1.2, 1.2, categories - 1)
    return frame.apply(lambda c: np.digitize(c, cuts))
