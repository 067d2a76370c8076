"""Time the same calls here and in lavaan, one after the other in one run.

Usage: OPENBLAS_NUM_THREADS=1 python benchmarks/latent/against_lavaan.py FOLDER_OF_CSV_FILES
Prints medians of processor time (milliseconds), which a busy machine disturbs least, and their
ratio. lavaan comes from Debian's r-cran-lavaan.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from footbridge import latent

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
CASES = [
    ("CFA, ML", HS, "hs.csv", {}, 20, 5),
    ("PoliticalDemocracy, ML", POLDEM, "poldem.csv", {}, 20, 5),
    ("CFA, full information", HS, "hs_miss.csv", {"missing": "fiml"}, 10, 3),
    ("trial, WLSMV, n = 400", RMI, "rmi400.csv", {"ordered": ITEMS}, 10, 3),
]


def ours(model, data, options, repeats):
    frame = pd.read_csv(data)
    times = []
    for _ in range(repeats + 1):
        start = time.process_time()
        fit = latent.sem(model, frame, **options)
        _ = fit.vcov, fit.estimates, fit.fit_measures
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times[1:])


def lavaan(model, data, options, repeats):
    extra = ""
    if "ordered" in options:
        extra = ", ordered=c(" + ",".join(f'"{n}"' for n in options["ordered"]) + ")"
    if "missing" in options:
        extra = ', missing="ml"'
    script = f"""
suppressMessages(library(lavaan)); d <- read.csv("{data}"); m <- '{model}'
once <- function() {{
  f <- sem(m, d{extra}); parameterEstimates(f, standardized=TRUE); fitMeasures(f)
}}
t <- replicate({repeats + 1}, sum(system.time(once())[1:2]))
cat(1000 * median(t[-1]))
"""
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main():
    folder = Path(sys.argv[1])
    print("| case | ours, ms | lavaan 0.6, ms | ratio |\n|---|---|---|---|")
    for name, model, file, options, mine, theirs in CASES:
        a = ours(model, folder / file, options, mine)
        b = lavaan(model, folder / file, options, theirs)
        print(f"| {name} | {a:.1f} | {b:.0f} | {b / a:.0f} x |", flush=True)
    frame = pd.read_csv(folder / "rmi400.csv")
    fit = latent.sem(RMI, frame, ordered=ITEMS)
    latent.bootstrap(fit, 4, workers=2)
    start, cpu = time.perf_counter(), time.process_time()
    draws = latent.bootstrap(fit, 200)
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    print(f"\n200 trial draws, one process: {wall:.1f} s, {used:.1f} s of processor.")
    start = time.perf_counter()
    draws = latent.bootstrap(fit, 1000, workers=2)
    print(
        f"1,000 trial draws, two processes: {time.perf_counter() - start:.1f} s. {draws.summary()}"
    )


if __name__ == "__main__":
    main()
