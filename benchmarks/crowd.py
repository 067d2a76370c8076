"""Today, Person and Cascade with 10,000 people on the site and 20 workers at once (locust).

The site is built in a folder that is thrown away, served by `footbridge serve` on loopback and
used by twenty workers (a page every two seconds each) and one coordinator who asks for the
cascade again and again. Prints median, 95th percentile and failures of each page, the ratio to
a page that opens nothing in the same run, and the server's peak memory; on SQLite, and on
PostgreSQL as well where DATABASE_URL names one. Writes benchmarks/out/crowd.json.

    python benchmarks/crowd.py [--people 10000] [--workers 20] [--seconds 60]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
HERE = Path(__file__).resolve().parent


def environment(folder: Path, database: str, settings: str) -> dict[str, str]:
    """Return the environment of one of the processes."""
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return {
        **kept,
        **({"DATABASE_URL": database} if database else {}),
        "FOOTBRIDGE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": f"footbridge.site.settings.{settings}",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "CROWD": str(folder),
    }


def serve(folder: Path, database: str, port: int) -> subprocess.Popen[bytes]:
    """Start the site as its command does, and unseal it."""
    around = environment(folder, database, "local")
    command = [sys.executable, "-m", "footbridge"]
    (folder / "control.sock").unlink(missing_ok=True)  # of the server before
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port)], env=around, stdout=subprocess.DEVNULL
    )
    for _ in range(300):
        if (folder / "control.sock").exists():
            break
        time.sleep(0.1)
    shares = "\n".join(json.loads((folder / "crowd.json").read_text())["shares"]) + "\n"
    try:
        subprocess.run([*command, "unseal"], input=shares, text=True, env=around, check=True)
    except subprocess.CalledProcessError:
        server.terminate()  # nobody else knows of it yet
        raise
    # The first page loads every room; that belongs to starting, not to anybody's waiting.
    urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=120).read()
    return server


def peak_memory(process: int) -> float:
    """Return the most memory that a process or one of its children held, in MiB."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    found = [
        re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{one}/status").read_text())
        for one in (str(process), *children)
    ]
    return max(round(int(one[1]) / 1024, 1) for one in found if one)


def build(folder: Path, asked: argparse.Namespace) -> None:
    """Build the site on SQLite in a folder."""
    command = [sys.executable, str(HERE / "_crowd_site.py"), str(folder)]
    command += ["--people", str(asked.people), "--workers", str(asked.workers)]
    subprocess.run(command, env=environment(folder, "", "test"), check=True)


def copy(folder: Path, database: str) -> None:
    """Copy the site into an empty PostgreSQL; what is sealed needs no key for that."""
    kept, django = str(folder / "copied.json"), [sys.executable, "-m", "django"]
    subprocess.run(
        [*django, "dumpdata", "-o", kept], env=environment(folder, "", "test"), check=True
    )
    there = environment(folder, database, "test")
    subprocess.run([*django, "migrate", "--verbosity", "0"], env=there, check=True)
    subprocess.run([*django, "loaddata", kept], env=there, check=True)


def measure(folder: Path, asked: argparse.Namespace, database: str) -> dict[str, object]:
    """Serve the site, ask with locust, and return the figures."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = serve(folder, database, port)
    kept = folder / ("postgresql" if database else "sqlite")
    try:
        locust = [sys.executable, "-m", "locust", "-f", str(HERE / "_crowd_locust.py")]
        locust += ["--headless", "-u", str(asked.workers + 1), "-r", "2", "--only-summary"]
        locust += ["-t", f"{asked.seconds}s", "--stop-timeout", "30", "--csv", str(kept)]
        locust += ["--host", f"http://127.0.0.1:{port}"]
        subprocess.run(locust, env=environment(folder, database, "test"), check=False)
        memory = peak_memory(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)
    return {**figures(kept.with_name(f"{kept.name}_stats.csv")), "server_peak_mib": memory}


def figures(path: Path) -> dict[str, object]:
    """Return what locust found for each page."""
    with path.open() as lines:
        rows = {row["Name"]: row for row in csv.DictReader(lines) if row["Type"]}
    nothing = float(rows["a page that opens nothing"]["50%"])
    return {
        "pages": {
            name: {
                "asked": int(row["Request Count"]),
                "failed": int(row["Failure Count"]),
                "median_ms": float(row["50%"]),
                "p95_ms": float(row["95%"]),
                "over_nothing": round(float(row["50%"]) / nothing, 1),
            }
            for name, row in rows.items()
        }
    }


def main() -> int:
    """Measure on each database, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--site", type=Path, help="a folder with a site built before")
    asked = parser.parse_args()
    report: dict[str, object] = {"people": asked.people, "workers": asked.workers}
    with tempfile.TemporaryDirectory(prefix="crowd-") as name:
        folder = asked.site or Path(name)
        if asked.site is None:
            build(folder, asked)
        report["sqlite"] = measure(folder, asked, "")
        if database := os.environ.get("DATABASE_URL", ""):
            copy(folder, database)
            report["postgresql"] = measure(folder, asked, database)
    print(json.dumps(report, indent=2))
    out = ROOT / "benchmarks" / "out" / "crowd.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
