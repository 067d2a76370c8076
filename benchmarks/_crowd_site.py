"""Build a site of many people for benchmarks/crowd.py and leave what a worker needs to sign in.

    python benchmarks/_crowd_site.py FOLDER --people 10000 --workers 20

Twenty workers hold sixty people each. Ten of these lived through the demonstration's months, and
theirs are the pages that are opened; everybody else, also with other colleagues, has a year of
check-ups and a referral in their summary, which is what Today and the cascade read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
CASELOAD, LIVED, CROWDED = 60, 10, 80


def main() -> int:
    """Build the site in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=20)
    asked = parser.parse_args()
    os.environ["FOOTBRIDGE_DATA"] = str(asked.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "footbridge.site.settings.test"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from tests import factories

    call_command("migrate", verbosity=0)
    house = factories.found_house(asked.folder, on=timezone.localdate())
    with transaction.atomic():
        pages = _lived(house, asked.workers)
        _crowd(house, asked.people - asked.workers * CASELOAD)
    names = [f"worker{number}" for number in range(asked.workers)] + ["maple"]
    _expensive(house, names)
    told = {
        "shares": list(house.founded.site_shares[:2]),
        "workers": [
            {"name": name, "secret": house.secrets[name].hex(), "people": pages.get(name, [])}
            for name in names
        ],
        "passphrase": factories.PASSPHRASE,
    }
    (asked.folder / "crowd.json").write_text(json.dumps(told))
    return 0


def _lived(house, workers: int) -> dict[str, list[str]]:
    """Let sixty people of each worker live through the demonstration's year."""
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
    outcomes, directory, pages = pilot_outcomes(), qingteng(), {}
    beds = ward.furnish(by=maple, on=house.on)
    for worker in range(workers):
        actor = house.add_staff(f"worker{worker}")
        mine = []
        for number in range(LIVED):
            arm, values = outcomes[number % len(outcomes)]
            life = Life(number, arm, values, house.on, Random(worker * 1000 + number))
            one = Living(life, actor)
            for _, _, act in sorted(
                acts_of(one, study, directory, beds), key=lambda item: item[:2]
            ):
                act()
            mine.append(str(one.enrolled.person))
        _crowd(house, CASELOAD - LIVED, colleague=actor)
        pages[f"worker{worker}"] = mine
        print(f"\r  workers {worker + 1}/{workers}", end="", file=sys.stderr)
    return pages


def _crowd(house, people: int, colleague=None) -> None:
    """Enrol the others, each with a year of check-ups and a referral in their summary."""
    from footbridge.journey.people.actions import writing
    from footbridge.journey.people.records import Course
    from footbridge.trust.weeks import IsoWeek

    draws, week, given = Random(1), IsoWeek.of(house.on), colleague is not None
    for done in range(people):
        if done % CROWDED == 0 and not given:
            colleague = house.add_staff(f"colleague{done}")
        _, record = house.in_care(colleague)
        held = []
        for months in (12, 9, 6, 3):
            need = draws.random() < 0.47
            codes = {"held", "in-window"} | ({"need", "met", "agreed"} if need else set())
            at = week + -4 * months
            held.append(Course("checkup", at, frozenset(codes), {"attempts": draws.randrange(9)}))
        linked = frozenset({"treatment", "linked", "domain-drug-treatment", "state-linked"})
        with writing("checkup.held", record, on=house.on) as doing:
            doing.summary(in_need="need" in held[-1].codes, last_seen=held[-1].week, next_due=week)
            doing.courses("checkup", held)
            doing.courses("referral", [Course("referral", week + -20, linked)])
        if done % 100 == 0:
            print(f"\r  crowd {done}/{people}", end="", file=sys.stderr)
    print(file=sys.stderr)


def _expensive(house, names: list[str]) -> None:
    """Put the keys of who signs in under the production cost."""
    from footbridge.trust.access import staff
    from footbridge.trust.vault.crypto import Cost
    from tests.factories import PASSPHRASE

    for name in names:
        staff.change_passphrase(house.staff[name], PASSPHRASE, cost=Cost(), on=house.on)


if __name__ == "__main__":
    sys.exit(main())
