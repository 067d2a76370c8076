"""The page of figures, written from what one run measured."""

SIZES = ("10000", "100000", "1000000")


def write(found, path):
    """Write docs/methods/microsim-benchmarks.md."""
    path.write_text("\n".join(
        [*_head(found), *_engines(found), *_late(found), *_memory(found), *_growth(found),
         *_bars(found)]) + "\n", "utf-8")  # fmt: skip


def _head(f):
    return [
        "# Microsimulation: benchmarks",
        "",
        "Written by `python benchmarks/microsim/bench_engines.py --page --nation --peers PYTHON`,",
        "where PYTHON has Starsim 3.7.2 and Mesa 3.3.1 in an environment of its own. One run, on",
        f"{f['made']}: {f['processor']}, {f['cores']} virtual cores, Python {f['python']}; load",
        f"average {f['load_before']} at the start and {f['load_after']} at the end, "
        f"{f['minutes']} minutes in all. CPU time",
        "is the clock; on a machine that others use at the same time every speed is a lower bound.",
        "",
        "*Nominal* counts every person in every month, as peers are counted; *living* only those",
        "who have begun and are alive.",
        "",
    ]


def _peer(f, name, size):
    return f["peers"].get(f"{name} {size}", "")


def _table(lines, name, cells):
    lines.append(f"| {name} | {' | '.join(str(c) for c in cells)} |")


def _engines(f):
    rich, twin = ({str(r["persons"]): r for r in f[name]} for name in ("rich", "twin"))
    lines = [
        "## Person-months a CPU second and thread, millions",
        "",
        "The rich model over 624 months (January 1984 to December 2035), the six-state model over",
        "60; where a million had fewer months the cell says how many.",
        "",
        "| engine | 10 k | 100 k | 1 M |",
        "|---|---|---|---|",
    ]
    for key in ("nominal", "living"):
        _table(lines, f"rich kernel, {key}", [rich.get(s, {}).get(key, "") for s in SIZES])
    below = "see the next table" if "1000000" in rich else ""
    _table(lines, "rich twin (plain NumPy), nominal",
           [*(twin.get(s, {}).get("nominal", "") for s in SIZES[:2]), below])  # fmt: skip
    shown = "skipped" not in f["peers"]
    if shown:
        _table(lines, "Starsim 3.7.2, the same rich model, nominal",
               [*(_peer(f, "starsim rich", s) for s in SIZES[:2]), below])  # fmt: skip
    _table(
        lines, "six states, kernel: one hash a month (numba)", [f["toy"].get(s, "") for s in SIZES]
    )
    few = [f["toy_twin"].get(s, "") for s in SIZES]
    _table(lines, "six states, the same in NumPy", _fewer(few, 12))
    if shown:
        _table(lines, "Starsim 3.7.2, idiomatic, six states",
               [_peer(f, "starsim six", s) for s in SIZES])  # fmt: skip
        few = [_peer(f, "mesa six", s) for s in SIZES]
        _table(lines, "Mesa 3.3.1 `do`, six states", _fewer(few, 20))
    else:
        lines += ["", f"Starsim and Mesa were skipped: {f['peers']['skipped']}."]
    return [*lines, ""]


def _fewer(cells, months):
    """Say that the million did fewer months."""
    return [*cells[:2], f"{cells[2]} ({months} months)" if cells[2] != "" else ""]


def _late(f):
    n, months = f["sizes"][-1], f["late"]["months"]
    lines = [
        f"## The same {months} months for all",
        "",
        f"{n:,} people as our kernel leaves them at the end of 2023 go on; the {months} months",
        "from February 2024 on are timed, nominal: most have begun by then, so they are dear.",
        "",
        f"| engine | {n:,} people |",
        "|---|---|",
    ]
    _table(lines, "rich kernel", [f["late"]["kernel"]])
    _table(lines, "rich twin (plain NumPy)", [f["late"]["reference"]])
    if "skipped" not in f["peers"]:
        _table(lines, "Starsim 3.7.2, the same rich model", [_peer(f, "starsim late", n)])
    return [*lines, ""]


MEMORY = (
    ("rich kernel", "kernel", "3 months from 1984"),
    ("rich twin (plain NumPy)", "twin", "3 months from 2024"),
    ("Starsim, the same rich model", "starsim rich", "3 months from 2024"),
    ("six states, kernel", "toy", "3 months"),
    ("Starsim, six states", "starsim six", "3 months"),
    ("Mesa, six states", "mesa six", "3 months"),
)


def _memory(f):
    lines = [
        "## Bytes a person",
        "",
        "*State* counts the arrays (of Mesa: the objects) that hold a person. *Most* is what the",
        "process grew by at its largest while it made the people and ran some months, divided by",
        "the people: temporary arrays are in it. Each figure is of a process of its own that had",
        "run 500 people before, so that imports and compiled code do not count.",
        "",
        "| engine | state | most: 10 k | 100 k | 1 M | months |",
        "|---|---|---|---|---|---|",
    ]
    for title, name, months in MEMORY:
        found = [f["memory"].get(f"{name} {s}", {}) for s in SIZES]
        if any(found):
            state = next((one["state"] for one in reversed(found) if "state" in one), "")
            cells = [one.get("peak", one.get("skipped", "")) for one in found]
            _table(lines, title, [state, *cells, months])
    return [*lines, ""]


def _growth(f):
    share = 100 * f["share_of_bandwidth"]
    lines = [
        "## Growth, threads, memory",
        "",
        *_threads(f["threads"]),
        "- Months at 30 k: "
        + "; ".join(f"{r['months']} months {r['nominal']} M nominal, {r['living']} M living"
                    for r in f["months"]) + ".",
        "  Later months hold more living people, so the nominal speed falls.",
        "- Events at 30 k: "
        + "; ".join(f"{r['scenario']} {r['events']:,} events, {r['living']} M living"
                    for r in f["by_events"]) + ".",
        f"- Memory bandwidth measured beside it: {f['bandwidth_GB_s']} GB/s (compiled copy, one",
        f"  thread, by the wall clock); the kernel reaches {share:.0f} % of "
        "it at most, by CPU time:",
        "  hashing and branches bind it, not memory.",
        f"- Peak memory of the process up to the largest run above: {f['peak_MB']} MB.",
    ]  # fmt: skip
    if "nation" in f:
        n = f["nation"]
        lines.append(
            f"- 4 million people, one for one, 624 months: {n['cpu_s']:.0f} s of CPU, "
            f"{n['wall_s']:.0f} s of wall, {n['peak_MB']} MB at most."
        )
    pairs = {k: v for k, v in f["pairing"].items() if k not in ("persons", "seeds")}
    lines += [
        f"- Variance of independent over paired contrasts ({f['pairing']['seeds']} seeds, "
        f"{f['pairing']['persons']:,} persons; rough): "
        + ", ".join(f"{k.replace('_', ' ')} {v:g}" for k, v in pairs.items()) + ".",
        "",
    ]  # fmt: skip
    return lines


def _threads(found):
    """Say what two threads give, and what this machine lets two threads give at all."""
    lines = []
    for one, two in found["pairs"]:
        times = one["wall_s"] / two["wall_s"]
        dearer = 100 * (two["cpu_s"] / one["cpu_s"] - 1)
        lines += [
            f"- Threads at {one['persons']:,} people, {one['months']} months: "
            f"{one['nominal_wall']} M a wall second with one, "
            f"{two['nominal_wall']} M with two: {times:.2f} times as fast, for {dearer:.0f} % more",
            "  CPU time.",
        ]
    return [
        *lines,
        "  The ceiling, measured beside it: two threads of sums in registers do "
        f"{found['sums']} times the work",
        "  of one, and two processes of the kernel, each with its own 100,000 people, "
        f"{found['processes']} times.",
        f"  /proc/cpuinfo shows {found['cores']}.",
        "  What two threads of one run miss up to that is the program's own: a month begins and",
        "  ends on one thread (0.1 ms of Python, a hand-over to each thread, and the slower is",
        "  waited for); where the further CPU time goes is not known. Many draws are quicker as",
        "  processes: `--cluster local`.",
    ]


def _bars(f):
    best = max(r["nominal"] for r in f["rich"])
    worst = min(r["nominal"] for r in f["rich"])
    lines = [
        "## Bars",
        "",
        "| bar | asked | measured | |",
        "|---|---|---|---|",
    ]

    def row(what, asked, measured, met):
        lines.append(f"| {what} | {asked} | {measured} | {met} |")

    def verdict(met):
        return "met" if met else "missed"

    row("rich kernel, one thread", "60 M/s", f"{worst} to {best} M/s nominal",
        verdict(worst >= 60) if worst >= 60 or best < 60 else "met at its best size")  # fmt: skip
    row("bytes a person", "32", f["bytes_per_person"], verdict(f["bytes_per_person"] <= 32))
    if f["sizes"][-1] == 1_000_000:
        m = f["until_late"]
        row("1 M x 480 months, one thread", "12 s", f"{m['cpu_s']:.1f} s of CPU "
            f"({m['wall_s']:.1f} s of wall)", verdict(m["cpu_s"] <= 12))  # fmt: skip
    ratio = _ratio(f)
    row("Starsim's idiomatic model, per core", "10 x",
        "skipped" if ratio is None else f"{ratio:.0f} x, rich on rich at 100 k",
        "not shown" if ratio is None else verdict(ratio >= 10))  # fmt: skip
    p = f["first_picture"]
    row("first picture, as setup leaves a computer", "3 s",
        f"{p['wall_s']} s of wall, {p['cpu_s']} s of CPU",
        verdict(p["wall_s"] <= 3) if p["wall_s"] <= 3 or p["cpu_s"] > 3
        else "met in CPU time; wall missed under this load")  # fmt: skip
    row("4 M people, 1:1", "once", f"{f['nation']['wall_s']:.0f} s, {f['nation']['peak_MB']} MB"
        if "nation" in f else "not run", "done" if "nation" in f else "not done")  # fmt: skip
    stigma = f["pairing"]["q1-stigma methadone_years"]
    rmi = f["pairing"]["rmi methadone_years"]
    row("paired variance ratio", "10", f"Q1 {stigma:g}, RMI {rmi:g} (methadone years)",
        verdict(min(stigma, rmi) >= 10))  # fmt: skip
    return lines


def _ratio(f):
    """Return how many times faster the kernel is than Starsim on the same model."""
    theirs = f["peers"].get("starsim rich 100000")
    if not isinstance(theirs, float | int) or not theirs:
        return None
    return next(r["nominal"] for r in f["rich"] if r["persons"] == 100_000) / theirs
