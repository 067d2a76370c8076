"""Writers that are killed at random moments, and an examiner of what they leave behind.

Run as a program in a process of its own: ``python -m tests.drills.killing FOLDER KILLS SEED``.
A warm parent forks one writer after another; each acknowledges every act on a pipe once it is
committed, until it is killed (SIGKILL). Prints what was found as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from datetime import date
from pathlib import Path
from uuid import UUID

ON = date(2026, 11, 21)


def settle(folder: Path) -> None:
    """Configure Django for a real file in a folder of its own."""
    os.environ["FOOTBRIDGE_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "footbridge.site.settings.test")
    import django

    django.setup()


def write(say, house, worker, other, mine: list, draws: random.Random) -> None:
    """Do one random act after another, for ever."""
    from footbridge.trust import places
    from footbridge.trust.access import care_teams, staff
    from footbridge.trust.recognition import actions as recognition
    from footbridge.trust.vault import rewrap

    say("ready", worker.id)
    while True:
        act = draws.choice(("enrol", "write", "write", "grant", "forget", "turn"))
        if act == "enrol" or len(mine) < 2:
            enrolled, record = house.in_care(worker)
            mine.append((enrolled, record))
            say("enrolled", enrolled.person)
        elif act == "write":
            enrolled, record = draws.choice(mine)
            note(record)
            say("written", enrolled.person)
        elif act == "grant":
            enrolled, record = draws.choice(mine)
            colleague = staff.profile_of(other.id, site=house.keys)
            care_teams.grant(person=record.person, to=colleague, by=worker, on=ON)
            say("granted", enrolled.person)
        elif act == "forget":
            enrolled, record = mine.pop(draws.randrange(len(mine)))
            own = house.open_person(enrolled)
            recognition.forget(own, record.person, on=ON, tombstones=places.tombstones())
            say("forgotten", enrolled.person)
        elif draws.random() < 0.2:
            rewrap.turn(house.keys, on=ON, keep_days=35, force=True)
            say("turned", worker.id)


def note(record) -> None:
    """Write one entry into a record."""
    from footbridge.journey.checkups.records import ContactAttempted
    from footbridge.journey.checkups.rules import Means
    from footbridge.journey.people.actions import writing

    with writing("contact.attempted", record, on=ON) as doing:
        doing.care(ContactAttempted(ON, Means.DROP_IN, False))


def examine(acknowledged: list[tuple[str, UUID]]) -> list[str]:
    """Return everything that is not as it must be; nothing is mended before it is looked at."""
    from footbridge.trust import places, runtime
    from footbridge.trust.audit import witness
    from footbridge.trust.audit.trail import TrailError
    from footbridge.trust.vault import persons
    from footbridge.trust.vault.models import Compartment, Entry, Person, Wrap

    problems: list[str] = []
    try:
        witness.verify()
    except TrailError as error:
        problems.append(str(error))
    holders: dict[UUID, set[UUID]] = {}
    for wrap in Wrap.objects.filter(compartment__isnull=False):
        holders.setdefault(wrap.compartment_id, set()).add(wrap.holder)
    counted = Counter(Entry.objects.values_list("compartment_id", flat=True))
    for part in Compartment.objects.all():
        if part.person_id not in holders.get(part.id, set()):
            problems.append("a compartment has entries and no wrap for the person")
        if part.length != counted[part.id]:
            problems.append("a compartment's length is not the number of its entries")
    files = {path.stem for path in places.epochs().folder.glob("*.epoch")}
    if not set(Wrap.objects.values_list("epoch", flat=True)) <= files:
        problems.append("a wrap needs an epoch key that is not there")
    if list(places.data().glob("**/*.part")) and runtime.seal.open:
        problems += _old_parts(places.data())
    problems += _lost(acknowledged, counted)
    persons.replay(places.tombstones())
    buried = places.tombstones().read()
    if Person.objects.filter(pk__in=buried).exists():
        problems.append("somebody who was forgotten is still here")
    return problems


def _old_parts(folder: Path) -> list[str]:
    # A file that was being written when its writer died is harmless, but must not be read.
    named = [path for path in folder.glob("**/*.part") if not path.name.startswith(".")]
    return ["a half-written file bears a whole one's name"] if named else []


def _lost(acknowledged: list[tuple[str, UUID]], counted: Counter[UUID]) -> list[str]:
    from footbridge.trust.vault.models import Compartment, Person, Tombstone

    problems: list[str] = []
    by_act: dict[str, Counter[UUID]] = {}
    for act, person in acknowledged:
        by_act.setdefault(act, Counter())[person] += 1
    gone = set(by_act.get("forgotten", ()))
    here = set(Person.objects.values_list("pk", flat=True))
    tombs = set(Tombstone.objects.values_list("person", flat=True))
    # Whoever was being forgotten when the writer died may be gone without an acknowledgement.
    if not set(by_act.get("enrolled", ())) - gone - tombs <= here:
        problems.append("an acknowledged enrolment is lost")
    if gone & here or not gone <= tombs:
        problems.append("an acknowledged forgetting did not happen")
    entries: Counter[UUID] = Counter()
    for part, person in Compartment.objects.values_list("pk", "person_id"):
        entries[person] += counted[part]
    for person, written in by_act.get("written", Counter()).items():
        if person in here and entries[person] < written:
            problems.append("an acknowledged entry is lost")
    return problems


def run(folder: Path, kills: int, seed: int) -> dict[str, object]:
    """Kill so many writers; return how much they wrote and every problem found."""
    settle(folder)
    from django.core.management import call_command
    from django.db import connection

    from footbridge.trust import places
    from footbridge.trust.access.rules import Role
    from tests import factories

    call_command("migrate", verbosity=0)
    house = factories.found_house(folder, on=ON)
    worker, other = house.add_staff("ann"), house.add_staff("ben", Role.NURSE)
    draws, acknowledged, problems = random.Random(seed), [], []
    mine: list = []
    for number in range(1, kills + 1):
        house.keys.look_again()
        while len(mine) < 4:
            mine.append(house.in_care(worker))
            acknowledged.append(("enrolled", mine[-1][0].person))
        connection.close()
        house.keys.look_again()  # as a site that is unsealed again after a crash does
        acknowledged += one_life(house, worker, other, mine, draws)
        buried = places.tombstones().read()
        mine = [one for one in mine if one[0].person not in buried]
        if number % 25 == 0 or number == kills:
            problems += [f"after {number} kills: {found}" for found in examine(acknowledged)]
    acts = Counter(act for act, _ in acknowledged)
    return {"kills": kills, "acts": acts, "problems": problems}


def one_life(house, worker, other, mine, draws: random.Random) -> list[tuple[str, UUID]]:
    """Fork a writer, kill it after a random moment, return what it had acknowledged."""
    reading, writing_end = os.pipe()
    seed, acts, moment = draws.getrandbits(32), draws.randrange(4), draws.uniform(0.0, 0.03)
    child = os.fork()
    if child == 0:
        os.close(reading)

        def say(act: str, person: UUID) -> None:
            os.write(writing_end, f"{act} {person}\n".encode())

        try:
            write(say, house, worker, other, list(mine), random.Random(seed))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing_end)
    with os.fdopen(reading) as pipe:
        # Let it wake up and do a few acts, so that a slow machine is killed at work as well.
        lines = [pipe.readline().split() for _ in range(acts + 1)][1:]
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines += [line.split() for line in pipe.read().splitlines()]
    if [] in lines:
        raise RuntimeError("a writer ended by itself")
    return [(act, UUID(person)) for act, person in lines]


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
