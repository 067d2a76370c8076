"""The same calls in lavaan (Debian's r-cran-lavaan), timed by R itself."""

import subprocess

PROLOGUE = """
suppressMessages(library(lavaan)); d <- read.csv("{data}"); m <- '{model}'
full <- function(f) {{ parameterEstimates(f, standardized=TRUE); fitMeasures(f); f }}
"""


def run(code, seconds=480):
    """Return what R printed, or None where it took longer than allowed."""
    try:
        done = subprocess.run(
            ["Rscript", "-e", code], capture_output=True, text=True, check=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout


def arguments(options):
    """Return our options in R."""
    extra = ""
    if "ordered" in options:
        extra += ", ordered=c(" + ",".join(f'"{n}"' for n in options["ordered"]) + ")"
    return extra + (', missing="ml"' if "missing" in options else "")


def call_times(model, data, options, repeats):
    """Return processor milliseconds of whole calls, the first left out."""
    out = run(
        PROLOGUE.format(data=data, model=model)
        + f"""once <- function() full(sem(m, d{arguments(options)}))
t <- replicate({repeats + 1}, sum(system.time(once())[1:2])); cat(1000 * t[-1])"""
    )
    return [float(t) for t in out.split()]


def once(model, data, options):
    """Return processor milliseconds of one call, or None beyond eight minutes."""
    out = run(
        PROLOGUE.format(data=data, model=model)
        + f"cat(1000 * sum(system.time(full(sem(m, d{arguments(options)})))[1:2]))"
    )
    return float(out) if out else None


def bootstrap_time(model, data, draws):
    """Return processor seconds of so many draws by bootstrapLavaan."""
    out = run(
        PROLOGUE.format(data=data, model=model)
        + f"""f <- sem(m, d, se="none", test="none")
cat(sum(system.time(bootstrapLavaan(f, R={draws}, FUN=coef))[1:2]))"""
    )
    return float(out.split()[-1])


def cold(model, data):
    """Return the command of a whole process: load, read, fit, all tables."""
    return ["Rscript", "-e", PROLOGUE.format(data=data, model=model) + "invisible(full(cfa(m, d)))"]
