"""Attrition in a trial: complete cases, full information, auxiliary variables and imputation.

Usage: OPENBLAS_NUM_THREADS=1 nice -n 15 python benchmarks/latent/attrition.py [SAMPLES [MINUTES]]
Prints the tables of docs/how-to/attrition.md: SAMPLES samples (100 unless told) of each kind of
data, fewer where the minutes are over.
"""

import sys
import time

import numpy as np
import pandas as pd

from footbridge import latent
from footbridge.latent.errors import LatentError
from footbridge.latent.missingness import take_out

N = 200
ITEMS = ["s1", "s2", "s3"]
ORDERED = [*ITEMS, "y"]
MODEL = """
link =~ s1 + s2 + s3
link ~ a*arm
y ~ b*link + c*arm
through := a*b
total := a*b + c
"""
LEAVING = latent.Attrition([tuple(ITEMS), ("y",)], (0.15, 0.25), on={"visits": 1.2, "arm": -0.3})
CUTS = {name: [-0.6, 0.6] for name in ITEMS} | {"y": [0.3]}
SCALE = np.sqrt(0.4**2 + 1)  # of the response behind a binary y, within an arm
TRUE = {"through": 0.2, "total": 0.4}


def population(arm):
    """Return one arm's model with its values."""
    return f"""
link =~ 0.8*s1 + 0.7*s2 + 0.7*s3
s1 ~~ 0.4*s1
s2 ~~ 0.4*s2
s3 ~~ 0.4*s3
link ~ {0.5 * arm}*1
y ~ 0.4*link
y ~ {0.2 * arm}*1
visits ~ 0.8*y + 0.3*link
"""


def sample(draw, *, ordinal):
    """Return a trial before anybody left, and what is left of it."""
    halves = [latent.simulate(population(g), N // 2, seed=31 + g, draw=draw) for g in (0, 1)]
    frame = pd.concat([h.assign(arm=float(g)) for g, h in enumerate(halves)], ignore_index=True)
    for name, limits in CUTS.items() if ordinal else ():
        frame[name] = np.digitize(frame[name], limits).astype(float)
    stream = np.random.Generator(np.random.Philox(key=np.array([33, draw], dtype=np.uint64)))
    return frame, take_out(frame, [LEAVING], stream)


def continuous(whole, left, draw):
    """Yield methods and their estimates for continuous data."""
    yield "nobody had left", latent.sem(MODEL, whole)
    yield "complete cases", latent.sem(MODEL, left)
    yield "FIML", latent.sem(MODEL, left, missing="fiml")
    yield "FIML, visits auxiliary", latent.sem(MODEL, left, missing="fiml", auxiliary="visits")
    yield "imputation, m = 20", latent.fit_imputed(MODEL, left, m=20, seed=draw)
    informed = latent.fit_imputed(MODEL, left, m=20, seed=draw, auxiliary="visits")
    yield "imputation, m = 20, visits auxiliary", informed


def ordinal(whole, left, draw):
    """Yield methods and their estimates for ordinal data."""
    said = {"ordered": ORDERED}
    yield "nobody had left", latent.sem(MODEL, whole, **said)
    yield "complete cases", latent.sem(MODEL, left, **said)
    yield "pairwise", latent.sem(MODEL, left, missing="pairwise", **said)
    found = latent.fit_imputed(MODEL, left, m=10, seed=draw, auxiliary="visits", **said)
    yield "imputation, m = 10, visits auxiliary", found


def main(samples=100, minutes=10.0):
    """Print a table for each kind of data."""
    for kind, methods, scale in (("continuous", continuous, 1.0), ("ordinal", ordinal, SCALE)):
        end, rows, lost = time.monotonic() + 30 * minutes, [], 0
        for draw in range(samples):
            if time.monotonic() > end:
                break
            frames = sample(draw, ordinal=kind == "ordinal")
            try:
                found = [(name, fit.estimates) for name, fit in methods(*frames, draw)]
            except LatentError:  # a category that nobody has: left out for every method
                lost += 1
                continue
            rows += [
                (name, row[0], row[5], row[6], row[9], row[10])
                for name, table in found
                for row in _limits(table).itertuples(index=False)
            ]
        _show(
            kind, pd.DataFrame(rows, columns=["method", "lhs", "est", "se", "low", "high"]), scale
        )
        print(f"left out: {lost}\n")


def _limits(table):
    """Return definitions with their limits in columns of known place."""
    names = ["lhs", "op", "rhs", "group", "label", "est", "se", "pvalue", "std.all"]
    return table[table["op"] == ":="][[*names, "ci.lower", "ci.upper"]]


def _show(kind, frame, scale):
    print(f"| {kind} | samples | effect | bias | spread | se/sd | coverage |")
    print("|---|---|---|---|---|---|---|")
    for name in dict.fromkeys(frame["method"]):
        for effect, value in TRUE.items():
            part = frame[(frame["method"] == name) & (frame["lhs"] == effect)].dropna()
            truth = value / scale
            sd = part["est"].std()
            held = ((part["low"] <= truth) & (truth <= part["high"])).mean()
            bias = 100 * (part["est"].mean() / truth - 1)
            print(
                f"| {name} | {len(part)} | {effect} | {bias:+.0f} % | "
                f"{sd:.3f} | {part['se'].mean() / sd:.2f} | {100 * held:.0f} % |"
            )


if __name__ == "__main__":
    main(*(kind(word) for kind, word in zip((int, float), sys.argv[1:], strict=False)))
