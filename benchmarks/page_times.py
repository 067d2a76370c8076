"""Today, Person and sign-in with 2,000 people on the site, 60 in each of five workers' care.

A site is built in a folder that is thrown away, served by `footbridge serve` on loopback, and
asked by five signed-in workers at once. Prints median and 95th percentile in milliseconds, and
the ratio to a page that opens nothing, measured in the same run; writes them to
benchmarks/out/page_times.json.

    python benchmarks/page_times.py [--people 2000] [--rounds 30]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = Path(os.environ.setdefault("FOOTBRIDGE_DATA", tempfile.mkdtemp(prefix="pages-")))
os.environ["DJANGO_SETTINGS_MODULE"] = "footbridge.site.settings.test"
WORKERS, CASELOAD = 5, 60


def build(people: int) -> tuple[list[str], list[tuple[str, bytes]], list[str]]:
    """Build the site; return two shares, each worker's name and code secret, and a page each."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from tests import factories

    call_command("migrate", verbosity=0)
    house = factories.found_house(FOLDER, on=timezone.localdate())
    with transaction.atomic():
        lives = _lives(house)
        crowd = house.add_staff("crowd")
        for done in range(people - len(lives)):
            house.in_care(crowd)
            print(f"\r  crowd {done}", end="", file=sys.stderr)
    print(file=sys.stderr)
    pages = [str(lives[w * CASELOAD].enrolled.person) for w in range(WORKERS)]
    names = [(f"worker{w}", house.secrets[f"worker{w}"]) for w in range(WORKERS)]
    _expensive(house, names)
    shares = list(house.founded.site_shares[:2])
    connection.close()
    return shares, names, pages


def _lives(house) -> list:
    """Let as many people as five workers have in their care live through a study."""
    from footbridge.evidence import actions as evidence
    from footbridge.evidence.pilot import RMI, STANDARD, pilot_outcomes
    from footbridge.journey.services import actions as services
    from footbridge.journey.services.cities import qingteng
    from footbridge.site.demo import ward
    from footbridge.site.demo.build import Living, acts_of
    from footbridge.site.demo.lives import Life
    from footbridge.trust.access.rules import Role

    maple = house.add_staff("maple", Role.COORDINATOR)
    services.keep(qingteng(), by=maple.id, on=house.on, site=house.keys)
    study = evidence.create_study(title="t", arms=[RMI, STANDARD], by=maple, on=house.on)
    lives, outcomes, directory = [], pilot_outcomes(), qingteng()
    beds = ward.furnish(by=maple, on=house.on)
    for worker in range(WORKERS):
        actor = house.add_staff(f"worker{worker}")
        for number in range(CASELOAD):
            arm, values = outcomes[number % len(outcomes)]
            life = Life(number, arm, values, house.on, Random(worker * 1000 + number))
            lives.append(Living(life, actor))
    for done, one in enumerate(lives, start=1):
        for _, _, act in sorted(acts_of(one, study, directory, beds), key=lambda item: item[:2]):
            act()
        print(f"\r  lives {done}/{len(lives)}", end="", file=sys.stderr)
    return lives


def _expensive(house, names: list[tuple[str, bytes]]) -> None:
    """Put the workers' keys under the production cost, which is what a sign-in costs."""
    from footbridge.trust.access import staff
    from footbridge.trust.vault.crypto import Cost
    from tests.factories import PASSPHRASE

    for name, _ in names:
        staff.change_passphrase(house.staff[name], PASSPHRASE, cost=Cost(), on=date(2026, 11, 21))


class Worker:
    """One signed-in browser, as bare as can be."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Return status and body of one request; cookies are kept."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        method = "POST" if form is not None else "GET"
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        except (ConnectionError, http.client.CannotSendRequest):
            self.line.close()  # the server closes lines that were still for a while
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def sign_in(self, name: str, secret: bytes) -> float:
        """Sign in and return how long the answer took, in seconds."""
        from tests.factories import PASSPHRASE, code_of

        _, page = self.ask("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        form = {
            "csrfmiddlewaretoken": token[1],
            "name": name,
            "passphrase": PASSPHRASE,
            "code": code_of(secret),
        }
        began = time.perf_counter()
        status, _ = self.ask("/sign-in/", form)
        took = time.perf_counter() - began
        assert status == 302, status
        return took

    def timed(self, path: str) -> float:
        """Return how long one page took, in seconds."""
        began = time.perf_counter()
        status, _ = self.ask(path)
        assert status == 200, (path, status)
        return time.perf_counter() - began


def at_once(acts: list[Callable[[], list[float]]]) -> list[float]:
    """Run all of these at the same time and return every duration."""
    found: list[float] = []
    threads = [threading.Thread(target=lambda act=act: found.extend(act())) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def spread(taken: list[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    ordered = sorted(taken)
    at95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {"median_ms": round(statistics.median(ordered) * 1e3, 1), "p95_ms": round(at95 * 1e3, 1)}


def serve(shares: list[str], port: int) -> subprocess.Popen[bytes]:
    """Start the site as its command does, and unseal it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "footbridge.site.settings.local",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "footbridge"]
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    for _ in range(200):
        if (FOLDER / "control.sock").exists():
            break
        time.sleep(0.1)
    subprocess.run(
        [*command, "unseal"], input="\n".join(shares) + "\n", text=True, env=environment, check=True
    )
    return server


def measure(port: int, names, pages, rounds: int) -> dict[str, dict[str, float]]:
    """Return the figures of each page with five workers at once."""
    workers = [Worker(port) for _ in names]
    signing = at_once(
        [lambda w=w, n=n: [w.sign_in(*n)] for w, n in zip(workers, names, strict=True)]
    )
    figures = {"sign-in, 5 at once": spread(signing)}
    for title, paths in (
        ("a page that opens nothing", ["/plain/"] * WORKERS),
        ("Today", ["/today/"] * WORKERS),
        ("Person", [f"/people/{page}/" for page in pages]),
    ):
        taken = at_once(
            [
                lambda w=w, path=path: [w.timed(path) for _ in range(rounds)]
                for w, path in zip(workers, paths, strict=True)
            ]
        )
        figures[title] = spread(taken)
    nothing = figures["a page that opens nothing"]["median_ms"]
    for title in ("Today", "Person"):
        figures[title]["over_nothing"] = round(figures[title]["median_ms"] / nothing, 1)
    alone = Worker(port)
    alone.cookies = dict(workers[0].cookies)
    for title, path in (("Today, alone", "/today/"), ("Person, alone", f"/people/{pages[0]}/")):
        figures[title] = spread([alone.timed(path) for _ in range(rounds)])
    return figures


def main() -> int:
    """Build, serve, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args()
    shares, names, pages = build(asked.people)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = serve(shares, port)
    try:
        figures = measure(port, names, pages, asked.rounds)
    finally:
        server.terminate()
        server.wait(timeout=30)
    report = {"people": asked.people, "workers": WORKERS, "caseload": CASELOAD, "pages": figures}
    print(json.dumps(report, indent=2))
    out = ROOT / "benchmarks" / "out" / "page_times.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
