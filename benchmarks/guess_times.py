"""Whether the time of an answer tells a handle that is known here from one that is not.

Unknown handle against wrong phrase, and unknown sign-in name against wrong passphrase, asked
in turn so that the machine's moods fall on both. Once at the production cost, once at next to
none, where everything but the derivation is left to show. Prints medians, their difference, and
how often a random try at a known name takes longer than one at an unknown (0.5 tells nothing);
writes them to benchmarks/out/guess_times.json.

    python benchmarks/guess_times.py [--tries 15] [--cheap-tries 300]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ["DJANGO_SETTINGS_MODULE"] = "footbridge.site.settings.test"
FOLDER = Path(os.environ.setdefault("FOOTBRIDGE_DATA", tempfile.mkdtemp(prefix="guesses-")))
Guess = Callable[[], object]


def compare(known: Guess, unknown: Guess, tries: int) -> dict[str, float]:
    """Ask both in turn and return how their times compare."""
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(tries + 1):
        for name, guess in (("known", known), ("unknown", unknown)):
            began = time.perf_counter()
            guess()
            if number:  # the first of each warms caches up
                taken[name].append(time.perf_counter() - began)
    pairs = [(a, b) for a in taken["known"] for b in taken["unknown"]]
    longer = sum(a > b for a, b in pairs) / len(pairs)
    known_ms, unknown_ms = (statistics.median(taken[name]) * 1e3 for name in taken)
    return {
        "known_median_ms": round(known_ms, 3),
        "unknown_median_ms": round(unknown_ms, 3),
        "difference_us": round((known_ms - unknown_ms) * 1e3, 1),
        "known_takes_longer": round(longer, 3),
        "tries_each": tries,
    }


def at_cost(house, cost, tries: int) -> dict[str, dict[str, float]]:
    """Enrol one person and one colleague at a cost, and guess at them."""
    from footbridge.trust.access import staff
    from footbridge.trust.recognition import actions as recognition
    from footbridge.trust.recognition.throttle import Throttle
    from footbridge.trust.vault.persons import WrongPhraseError
    from tests.factories import PASSPHRASE

    name = f"ann{cost.memory_kib}"
    ann = house.add_staff(name)
    staff.change_passphrase(ann, PASSPHRASE, cost=cost, on=house.on)
    enrolled = recognition.enrol(language="en", by=ann, on=house.on, cost=cost)
    words = " ".join(reversed(enrolled.phrase))

    def at_kiosk(handle: str) -> None:
        try:
            recognition.open_key(handle, words, cost=cost, site=house.keys, throttle=Throttle())
        except WrongPhraseError:
            return
        raise RuntimeError("a wrong phrase opened a key")

    def at_door(who: str) -> None:
        try:
            staff.sign_in(
                who,
                passphrase="seven quiet lanterns over sand",
                totp="000000",
                cost=cost,
                site=house.keys,
                used=staff.UsedCodes(),
            )
        except staff.WrongSignInError:
            return
        raise RuntimeError("a wrong passphrase opened a key")

    return {
        "handle": compare(
            lambda: at_kiosk(enrolled.handle), lambda: at_kiosk("starry window"), tries
        ),
        "sign-in name": compare(lambda: at_door(name), lambda: at_door("nobody"), tries),
    }


def main() -> int:
    """Build a site, guess, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=15)
    parser.add_argument("--cheap-tries", type=int, default=300)
    asked = parser.parse_args()
    import django

    django.setup()
    from django.core.management import call_command

    from footbridge.trust.vault.crypto import Cost
    from tests import factories

    call_command("migrate", verbosity=0)
    house = factories.found_house(FOLDER, on=date(2026, 11, 21))
    figures = {
        "at the production cost": at_cost(house, Cost(), asked.tries),
        "at next to no cost": at_cost(house, Cost(64, 1, 1), asked.cheap_tries),
    }
    print(json.dumps(figures, indent=2))
    out = ROOT / "benchmarks" / "out" / "guess_times.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
