"""The page of figures, written from what one run measured."""

PEERS_SIZES = ("10000", "100000", "1000000")


def write(found, path):
    """Write docs/methods/microsim-benchmarks.md."""
    path.write_text("\n".join([*_head(found), *_engines(found), *_growth(found), *_bars(found)])
                    + "\n", "utf-8")  # fmt: skip


def _head(f):
    return [
        "# Microsimulation: benchmarks",
        "",
        "Written by `python benchmarks/microsim/bench_engines.py --page --nation --peers PYTHON`,",
        "where PYTHON has Starsim 3.7.2 and Mesa 3.3.1 in an environment of its own. One run, on",
        f"{f['made']}: {f['processor']}, {f['cores']} virtual cores, Python {f['python']}; load",
        f"average {f['load_before']} at the start and {f['load_after']} at the end. CPU time is",
        "the clock; on a machine that others use at the same time every speed is a lower bound.",
        "",
        "*Nominal* counts every person in every month, as peers are counted; *living* only those",
        "who have begun and are alive.",
        "",
    ]


def _peer(f, name, size):
    return f["peers"].get(f"{name} {size}", "")


def _engines(f):
    rich = {str(r["persons"]): r for r in f["rich"]}
    lines = [
        "## Person-months a CPU second and thread, millions",
        "",
        "| engine | 10 k | 100 k | 1 M | bytes a person |",
        "|---|---|---|---|---|",
    ]

    def row(name, cells, size=""):
        lines.append(f"| {name} | {' | '.join(str(c) for c in cells)} | {size} |")

    def of(key):
        return [rich.get(size, {}).get(key, "") for size in PEERS_SIZES]

    row("rich kernel, nominal", of("nominal"), f["bytes_per_person"])
    row("rich kernel, living", of("living"), f["bytes_per_person"])
    row("rich twin (plain NumPy), nominal", [f["twin"]["nominal"], "", ""])
    if "skipped" not in f["peers"]:
        row("Starsim 3.7.2, the same rich model, nominal",
            [_peer(f, "starsim rich", s) for s in PEERS_SIZES])  # fmt: skip
    row("six states, one hash (numba)", [f["toy"].get(s, "") for s in PEERS_SIZES], 1)
    if "skipped" in f["peers"]:
        lines += ["", f"Starsim and Mesa were skipped: {f['peers']['skipped']}."]
    else:
        for name, key in (("Starsim 3.7.2, idiomatic, six states", "starsim six"),
                          ("Mesa 3.3.1 `do`, six states", "mesa six")):  # fmt: skip
            row(name, [_peer(f, key, s) for s in PEERS_SIZES])
    return [*lines, ""]


def _growth(f):
    share = 100 * f["share_of_bandwidth"]
    one, two = f["threads"]
    lines = [
        "## Growth, threads, memory",
        "",
        f"- Threads at 100 k: {one['nominal_wall']} M a wall second with one, "
        f"{two['nominal_wall']} M with two (cores were shared).",
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
    if "million_480" in f:
        m = f["million_480"]
        row("1 M x 480 months, one thread", "12 s", f"{m['cpu_s']:.1f} s of CPU "
            f"({m['wall_s']:.1f} s of wall)", verdict(m["cpu_s"] <= 12))  # fmt: skip
    ratio = _ratio(f)
    row("Starsim's idiomatic model, per core", "10 x",
        "skipped" if ratio is None else f"{ratio:.0f} x, rich on rich at 100 k",
        "not shown" if ratio is None else verdict(ratio >= 10))  # fmt: skip
    p = f["first_picture"]
    row("first picture, kernels cached", "3 s", f"{p['wall_s']} s of wall, {p['cpu_s']} s of CPU",
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
