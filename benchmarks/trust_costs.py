"""What one wrap and one entry cost to open, beside the bare primitives in the same run.

Prints medians in microseconds and ratios, and one Argon2id at the production cost in seconds;
writes them to benchmarks/out/trust_costs.json.
"""

from __future__ import annotations

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
os.environ.setdefault("FOOTBRIDGE_DATA", tempfile.mkdtemp())
ROUNDS = 400


def median(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median duration of an act in microseconds."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e6


def stage():
    """Return a worker, their open care compartment, their wrap and an entry."""
    from django.core.management import call_command

    from footbridge.trust.vault import compartments
    from footbridge.trust.vault.models import Entry, Wrap
    from footbridge.trust.vault.records import Compartment
    from tests import factories
    from tests.drills.killing import note

    call_command("migrate", verbosity=0)
    folder = Path(os.environ["FOOTBRIDGE_DATA"])
    house = factories.found_house(folder, on=date(2026, 11, 21))
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)
    note(record)
    care = compartments.open_for(enrolled.person, Compartment.CARE, holders=[ann])
    wrap = Wrap.objects.get(compartment=care.id, holder=ann.id)
    return ann, care, wrap, Entry.objects.filter(compartment=care.id).last()


def main() -> int:
    """Measure, print and write."""
    import django

    django.setup()
    from nacl import bindings

    from footbridge.trust.vault import compartments, crypto, journal

    ann, care, wrap, entry = stage()
    box = crypto.seal_to(ann.pair.public, crypto.random_key())
    sealed = crypto.seal(crypto.random_key(), bytes(1024), bound_to=b"place")
    key, nonce = crypto.random_key(), sealed[: crypto.NONCE_BYTES]
    cipher = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(1024), b"", nonce, key)
    bare_box = median(lambda: bindings.crypto_box_seal_open(box, ann.pair.public, ann.pair.private))
    bare_aead = median(
        lambda: bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(cipher, b"", nonce, key)
    )
    one_wrap = median(lambda: compartments.unwrap(wrap, holder=ann))
    one_entry = median(lambda: journal.open_entry(care, entry))
    salt = bytes(16)
    stretching = [
        median(lambda: crypto.stretch(b"phrase", salt=salt, cost=crypto.Cost()), 1)
        for _ in range(3)
    ]
    figures = {
        "open_one_wrap_us": round(one_wrap, 1),
        "bare_sealed_box_us": round(bare_box, 1),
        "wrap_over_bare_box": round(one_wrap / bare_box, 2),
        "open_one_entry_us": round(one_entry, 1),
        "bare_aead_1_kib_us": round(bare_aead, 1),
        "entry_over_bare_aead": round(one_entry / bare_aead, 2),
        "argon2id_256_mib_s": round(statistics.median(stretching) / 1e6, 2),
        "entry_bytes": len(bytes(entry.head)) + len(bytes(entry.body)),
        "wrap_bytes": len(bytes(wrap.sealed)),
    }
    print(json.dumps(figures, indent=2))
    out = ROOT / "benchmarks" / "out" / "trust_costs.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
