"""Time this engine against lavaan in one run, and write one table.

Usage: OPENBLAS_NUM_THREADS=1 python benchmarks/latent/against_lavaan.py FOLDER_OF_CSV_FILES
Processor time throughout, which a busy machine disturbs least; a ratio is lavaan's median over
ours, for calls the median of such ratios over rounds. Writes benchmarks/out/latent.json and the
table of docs/methods/latent-speed.md. lavaan is Debian's r-cran-lavaan; semopy is timed where
SEMOPY_PYTHON names an interpreter that has it.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _cases
import _lavaan
import pandas as pd

from footbridge import latent

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "methods" / "latent-speed.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def processor(job, *arguments, **options):
    """Return processor seconds of a job, those of its child processes included."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

    def now():
        return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, kinds))

    start = now()
    result = job(*arguments, **options)
    return now() - start, result


def whole(model, frame, options):
    """Fit and ask for everything."""
    fit = latent.sem(model, frame, **options)
    return fit.vcov, fit.estimates, fit.fit_measures


ROUNDS = 5


def calls(folder):
    """Yield the rows of user-level calls: rounds of both, so that a slow minute meets both."""
    for name, model, file, options, mine, theirs, aim in _cases.CALLS:
        frame = pd.read_csv(folder / file)
        whole(model, frame, options)
        rounds = []
        for _ in range(ROUNDS):
            ours = [1000 * processor(whole, model, frame, options)[0] for _ in range(mine)]
            lavaan = _lavaan.call_times(model, folder / file, options, theirs)
            rounds.append((statistics.median(ours), statistics.median(lavaan)))
        ratios = sorted(b / a for a, b in rounds)
        note = f"{ROUNDS} rounds: {ratios[0]:.3g} to {ratios[-1]:.3g} x"
        medians = [statistics.median(side) for side in zip(*rounds, strict=True)]
        found = row(name, *medians, "ms", f">= {aim} x", note)
        yield {**found, "ratio": statistics.median(ratios)}


def row(name, ours, lavaan, unit, aim, note=""):
    """Return one line of the table."""
    ratio = lavaan / ours if lavaan else None
    numbers = {"ours": ours, "lavaan": lavaan, "unit": unit, "ratio": ratio}
    return {"case": name, **numbers, "aim": aim, "note": note}


def bootstraps(folder):
    """Yield the rows of 1,000 draws."""
    fit = latent.sem(_cases.MEDIATION, pd.read_csv(folder / "med.csv"))
    latent.bootstrap(fit, 20)
    ours = statistics.median(processor(latent.bootstrap, fit, 1000)[0] for _ in range(5))
    theirs = _lavaan.bootstrap_time(_cases.MEDIATION, folder / "med.csv", 100)
    note = "lavaan: ten times 100 draws"
    yield row("1,000 draws, mediation path model", ours, 10 * theirs, "s", ">= 200 x", note)
    fit = latent.sem(_cases.RMI, pd.read_csv(folder / "rmi400.csv"), ordered=_cases.ITEMS)
    latent.bootstrap(fit, 4)
    used, _ = processor(latent.bootstrap, fit, 1000)
    yield row("1,000 draws, trial WLSMV, one process", used, None, "s", "", "lavaan refuses")
    start = time.perf_counter()
    used, draws = processor(latent.bootstrap, fit, 1000, workers=2)
    wall, load = time.perf_counter() - start, os.getloadavg()[0]
    note = f"{wall:.1f} s on the clock at load {load:.0f}; {draws.summary()}"
    yield row("the same, two processes, processor of one", used / 2, None, "s", "<= 3 s", note)


def fresh(job, data, environment):
    """Run a job in a process of its own."""
    command = [sys.executable, str(HERE / "_fresh.py"), job, str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


def big(folder, environment):
    """Yield the rows of 60 items by 5,000 cases, and their peak memory."""
    for job, categories, aim in (("ml", 0, ">= 40 x"), ("wlsmv", 4, ">= 10 x")):
        data = folder / f"{job}.csv"
        _cases.big_data(categories=categories).to_csv(data, index=False)
        found = fresh(job, data, environment)
        options = {"ordered": _cases.BIG_ITEMS} if categories else {}
        theirs = _lavaan.once(_cases.BIG, data, options)
        name = f"60 items x 5,000 rows, {job.upper()}"
        note = "one call of lavaan" if theirs else "lavaan: stopped after eight minutes"
        yield row(name, 1000 * found["seconds"], theirs, "ms", aim, note)
        limit = "< 400 MB" if categories else ""
        yield row(f"its peak memory, {job.upper()}", found["peak_mb"], None, "MB", limit)


def cold(folder, environment):
    """Yield the rows of a first result in a new process, everything included."""
    data = folder / "hs.csv"
    ours = [sys.executable, str(HERE / "_fresh.py"), "cold", str(data)]
    bare = [sys.executable, "-c", "import footbridge.latent as x; x.fit"]
    theirs = _lavaan.cold(_cases.HS, data)

    def median(command):
        def job():
            return subprocess.run(command, capture_output=True, check=True, env=environment)

        job()
        return 1000 * statistics.median(processor(job)[0] for _ in range(5))

    note = "byte code cached, as after an install"
    yield row("cold start to first result", median(ours), median(theirs), "ms", ">= 1 x", note)
    yield row("import alone", median(bare), None, "ms", "")


def growth(folder):
    """Yield how a call grows with cases, items, draws and processes."""
    frame = pd.read_csv(folder / "rmi2000.csv")
    for n in (500, 1000, 2000):
        part, options = frame.iloc[:n], {"ordered": _cases.ITEMS}
        used = statistics.median(processor(whole, _cases.RMI, part, options)[0] for _ in range(3))
        yield row(f"trial WLSMV, n = {n}", 1000 * used, None, "ms", "")
    data = _cases.big_data()
    for factors in (2, 4, 6):
        model = "\n".join(_cases.BIG.split("\n")[:factors])
        used = statistics.median(processor(whole, model, data, {})[0] for _ in range(3))
        yield row(f"ML, 5,000 rows, {10 * factors} items", 1000 * used, None, "ms", "")
    fit = latent.sem(_cases.RMI, pd.read_csv(folder / "rmi400.csv"), ordered=_cases.ITEMS)
    for draws in (100, 400):
        used, _ = processor(latent.bootstrap, fit, draws)
        yield row(f"{draws} trial draws", used, None, "s", "")
    for workers in (1, 2):
        start = time.perf_counter()
        latent.bootstrap(fit, 300, workers=workers)
        wall = time.perf_counter() - start
        yield row(f"300 trial draws, {workers} process(es), clock", wall, None, "s", "")


SEMOPY = """
import sys, time, statistics, pandas as pd, semopy
frame, text, times = pd.read_csv(sys.argv[1]), sys.argv[2], []
for _ in range(6):
    start = time.process_time()
    model = semopy.Model(text)
    model.fit(frame)
    model.inspect(std_est=True), semopy.calc_stats(model)
    times.append(time.process_time() - start)
print(1000 * statistics.median(times[1:]))
"""


def semopy(folder):
    """Yield the row of semopy, from the environment that has it, or say why there is none."""
    python = os.environ.get("SEMOPY_PYTHON")
    if python is None:
        reason = "skipped: SEMOPY_PYTHON names no interpreter with semopy"
        yield row("semopy, CFA", None, None, "ms", "", reason)
        return
    command = [python, "-c", SEMOPY, str(folder / "hs.csv"), _cases.HS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = f"failed: {done.stderr.strip().splitlines()[-1]}"
        yield row("semopy, CFA", None, None, "ms", "", reason)
        return
    used = float(done.stdout.split()[-1])
    yield row("semopy, CFA (Holzinger-Swineford)", used, None, "ms", "", "semopy's own time")


def table(rows):
    """Return the rows in Markdown."""
    lines = ["| case | ours | lavaan 0.6-14 | ratio | aim | note |", "|---|---|---|---|---|---|"]
    for r in rows:
        number, unit = (lambda v: f"{v:.3g}" if v < 1000 else f"{v:,.0f}"), r["unit"]
        ours = f"{number(r['ours'])} {unit}" if r["ours"] is not None else "-"
        theirs = f"{number(r['lavaan'])} {unit}" if r["lavaan"] else "-"
        ratio = f"{r['ratio']:.3g} x" if r["ratio"] else "-"
        lines.append(f"| {r['case']} | {ours} | {theirs} | {ratio} | {r['aim']} | {r['note']} |")
    return "\n".join(lines)


def main():
    folder = Path(sys.argv[1]).resolve()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{scratch}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for part in (
            calls(folder),
            bootstraps(folder),
            cold(folder, environment),
            big(Path(scratch), environment),
            growth(folder),
            semopy(folder),
        ):
            for found in part:
                rows.append(found)
                print(table([found]).split("\n")[-1], flush=True)
    out = ROOT / "benchmarks" / "out"
    out.mkdir(parents=True, exist_ok=True)
    (out / "latent.json").write_text(json.dumps(rows, indent=1) + "\n")
    text = PAGE.read_text()
    if BEGIN in text:
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        PAGE.write_text(f"{head}{BEGIN}\n{table(rows)}\n{END}{tail}")


if __name__ == "__main__":
    main()
