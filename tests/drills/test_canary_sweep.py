"""Drill 1: a canary in every field; every page driven; nothing of it anywhere on disk."""

from __future__ import annotations

import gzip
import logging
import tempfile
import zlib
from base64 import b64encode, urlsafe_b64encode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from footbridge.evidence.models import Study
from footbridge.journey.people import queries as people
from footbridge.journey.reminders import actions as reminders
from footbridge.journey.reminders.rules import Style
from footbridge.journey.services import queries as services
from footbridge.site.quiet_logging import QuietFormatter
from footbridge.trust import places, runtime
from footbridge.trust.access import care_teams
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.recognition import fallback
from footbridge.trust.vault import backups, cards, codec, compartments, journal, persons
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.records import Compartment
from tests.drills import canaries, cohort, driving, listening
from tests.drills.canaries import MARK
from tests.drills.filling import every_record

pytestmark = [pytest.mark.drill, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# These end or destroy something, so they come last, each on its own.
LAST = (
    "sign_out", "leave", "people:leave_team", "colleague_revoke", "colleague_leave",
    "kiosk:withdraw", "kiosk:done", "kiosk:forget", "panic",
)  # fmt: skip
# Public on purpose: services stand in public lists, and the name of a study, a bed or a room is
# no person's.
PUBLIC = {"services:load", "services:edit", "ward_beds", "evidence:new"}
OUTSIDERS = {"stranger", "maple", "birch", "alder", "nobody"}


@pytest.fixture
def folders(tmp_path, monkeypatch, settings):
    """Return the data folder and the only folder for temporary files."""
    data, temp = tmp_path / "data", tmp_path / "temp"
    data.mkdir(mode=0o700)
    temp.mkdir()
    settings.FOOTBRIDGE_DATA = data
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    yield data, temp
    runtime.panic()
    runtime.throttle.__init__()


@pytest.fixture
def built(folders, monkeypatch):
    return cohort.build(monkeypatch, on=timezone.localdate())


def visitors(built):
    """Yield (name, actor, whose record they look at)."""
    worker, full = built.actors["willow"], built.full.person
    usual = max(
        (view.id for view in care_teams.caseload(worker.id, site=built.site) if view.id != full),
        key=lambda one: len(people.open_record(one, by=worker).entries),
    )
    guest, own = built.guest(), built.person(built.full)
    yield from ((name, who, usual) for name, who in built.actors.items() if name != "cedar")
    yield "willow with every record", worker, full
    yield "a person", guest, guest.id
    yield "the person with every record", own, own.id
    yield "nobody", None, usual


def addresses(built, person):
    """Return what addresses take: ids out of this person's own record."""
    entries = people.open_record(person, by=built.actors["willow"]).entries
    return {
        **{
            f"{name}_id": getattr(entry.record, name)
            for entry in entries
            for name in ("referral", "objective", "goal", "event")
            if hasattr(entry.record, name)
        },
        "person_id": person,
        "entry": next(e.id for e in entries if e.record.KIND.name == "assessment-taken"),
        "staff_id": built.actors["cedar"].id,
        "study_id": Study.objects.get().id,
        "service_id": services.directory().services[0].id,
        "instrument": "recovery-capital-check",
        "version": 1,
        "level": "stop-research",
        "purpose": "recovery",
    }


def browser(actor):
    one = Client(raise_request_exception=False)
    if actor is not None and runtime.seal.open:
        one.cookies["footbridge"] = runtime.sessions().begin(actor)
    return one


def drive_all(built, seen):
    """Open every address as everybody, post every form; what ends something comes last."""
    kept = [one for one in built.canaries.made if one != built.actors["stranger"].name]
    # Of somebody who does not renew or delete it while the pages are driven.
    secret = reminders.make(Style(), by=built.actors["cedar"], on=timezone.localdate())
    everybody = [
        (who, actor, {**addresses(built, at), "secret": secret})
        for who, actor, at in visitors(built)
    ]
    order = {name: number for number, name in enumerate(LAST, start=1)}
    patterns = sorted(driving.every_pattern(), key=lambda one: (order.get(one[0], 0), one[0]))
    for name, pattern in patterns:
        for who, actor, given in everybody:
            words = "plain words" if name in PUBLIC else built.canaries.word()
            visit = driving.Visit(name, who, driving.address(pattern, given), words)
            page = driving.drive(browser(actor), seen, visit)
            if who in OUTSIDERS:
                seen.foreign += [f"{name} as {who}" for one in kept if one in page]


def image(folders, seen, **more):
    """Return everything that is left behind."""
    return {
        **canaries.of_database(),
        **canaries.on_disk(*folders),
        **{f"a file handed out: {name}": body for name, body in seen.files.items()},
        "cookies": "\n".join(seen.cookies).encode(),
        **{name: text.encode() for name, text in more.items()},
    }


def test_no_canary_is_found_anywhere_on_disk(folders, built, capfd):
    seen = driving.Seen()

    with listening.everything(QuietFormatter()) as said:
        drive_all(built, seen)
        sealed = not runtime.seal.open
        drive_sealed(built, seen)
    backups.write(folders[1] / "backup.bin")
    cards.export(folders[1], store=places.epochs(), tombstones=places.tombstones())
    printed = capfd.readouterr()

    assert sealed, "panic was not driven"
    left = image(folders, seen, logs=said.text, out=printed.out, err=printed.err)
    assert canaries.search(left, [*canaries.needles(*built.secrets), *built.codes]) == []
    assert seen.failures == []
    assert seen.kept == []
    assert seen.foreign == []
    assert {name for name, found in seen.statuses.items() if not found & {200, 204, 302}} == set()


def drive_sealed(built, seen):
    """Open every address of the sealed site, and give wrong shares, then right ones."""
    for name, pattern in driving.every_pattern():
        visit = driving.Visit(name, "nobody", driving.address(pattern, {}), built.canaries.word())
        driving.drive(browser(None), seen, visit)
    runtime.throttle.__init__()
    first, second = built.papers.shares[:2]
    client = browser(None)
    seen.note("unseal", "keyholders", client.post("/unseal/", {"first": first, "second": MARK}))
    seen.note("unseal", "keyholders", client.post("/unseal/", {"first": first, "second": second}))
    assert runtime.seal.open


def test_the_canaries_are_there_for_whoever_holds_the_keys(built):
    worker, full = built.actors["willow"], built.full.person
    circle = fallback.open_circle((worker, built.actors["cedar"]))

    read = [
        entry.record
        for kind in Compartment
        if kind is not Compartment.RESEARCH  # a drop-box: the study's analysts alone
        for entry in journal.entries(compartments.open_for(full, kind, holders=[worker, circle]))
    ]

    assert {record.KIND for record in built.records} == {kind.KIND for kind in every_record()}
    written = [one for one in built.records if one.COMPARTMENT is not Compartment.RESEARCH]
    assert [one for one in written if one not in read] == []
    assert sum(codec.encode(record).count(MARK.encode()) for record in read) >= 10


# From here on: each thing that the drill looks at can fail it.

CANARY = "vexquorbaeiou"
WAYS = {
    "plain": lambda text: text.encode(),
    "in capitals": lambda text: text.upper().encode(),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "gzip": lambda text: gzip.compress(text.encode() * 3),
    "zlib": lambda text: zlib.compress(text.encode() * 3, 9),
    "zlib, fast": lambda text: zlib.compress(text.encode() * 3, 1),
    **{
        f"base64 after {shift}": lambda text, shift=shift: b64encode(b"x" * shift + text.encode())
        for shift in range(4)
    },
    "base64 of an address": lambda text: urlsafe_b64encode(b"??>" + text.encode()),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_planted_canary_is_found_in_whatever_way_it_is_written(folders, way):
    (folders[1] / "forgotten.tmp").write_bytes(b"\x00\x78\x9c\xff" + WAYS[way](CANARY) + b"\xff")

    assert canaries.search(canaries.on_disk(*folders), [MARK])


def test_a_secret_is_found_whole_cut_or_as_a_list():
    for text in ("a pine starry window", '["pine", "starry", "window"]', "starrywindow"):
        assert canaries.search({"x": text.encode()}, canaries.needles("pine starry window"))


def test_a_canary_in_clear_in_any_table_is_found(house):
    house.in_care(house.add_staff("ann"))
    Wrap.objects.update(sealed=CANARY.encode())

    assert canaries.search(canaries.of_database(), [MARK])


def test_a_canary_deleted_from_a_table_is_found_until_the_log_is_emptied(house):
    house.in_care(house.add_staff("ann"))
    TrailEntry.objects.filter(sequence=1).update(evidence=CANARY.encode())
    TrailEntry.objects.filter(sequence=1).update(evidence=b"")
    before = canaries.search(canaries.of_database(), [MARK])

    persons.truncate_log()

    assert bool(before) == (connection.vendor == "sqlite")  # SQL does not see dead rows
    assert canaries.search(canaries.of_database(), [MARK]) == []


def test_the_house_s_logging_is_what_keeps_words_out_of_the_log(house):
    with listening.everything(logging.Formatter("%(message)s")) as plain:
        browser(None).get("/kiosk/forgotten/", {"page": CANARY})
    with listening.everything(QuietFormatter()) as quiet:
        browser(None).get("/kiosk/forgotten/", {"page": CANARY})

    assert MARK in plain.text  # the template engine tells all it knows at its lowest level
    assert quiet.lines
    assert MARK not in quiet.text


def test_a_page_that_a_browser_may_keep_and_a_failure_are_noticed():
    seen = driving.Seen()

    seen.note("page", "ann", HttpResponse(status=500))

    assert seen.failures == ["page as ann: 500"]
    assert seen.kept == ["page as ann: None"]


def test_forms_are_read_and_filled():
    page = """<form method="post" action="/a/"><input name="words"><textarea name="more"></textarea>
    <input type="radio" name="way" value="x"><input type="radio" name="way" value="y">
    <select name="one"><option value=""><option value="b"></select><input type="file" name="f">
    <input type="number" name="n"><input type="hidden" name="h" value="kept"></form>"""

    (form,) = driving.Forms(page).found

    data = driving.likely(form, CANARY)
    assert form.action == "/a/"
    assert data.pop("f").read() == CANARY.encode()
    assert data == {
        "words": CANARY, "more": CANARY, "way": ["x"], "one": ["b"], "n": "3", "h": "kept",
    }  # fmt: skip
    assert set(driving.nonsense(form, CANARY).values()) == {CANARY}
