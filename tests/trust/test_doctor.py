"""The doctor: every finding can be fine and can be unsafe, and says how to mend it."""

import resource
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from footbridge.trust import doctor, places
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.doctor import Finding, Level
from footbridge.trust.vault.crypto import Cost
from footbridge.trust.vault.models import Site, Tombstone

pytestmark = pytest.mark.django_db


def levels(check):
    return [finding.level for finding in check()]


@pytest.mark.parametrize(("debug", "level"), [(False, Level.FINE), (True, Level.UNSAFE)])
def test_debug_pages(settings, debug, level):
    settings.DEBUG = debug

    assert levels(doctor._debug) == [level]


@pytest.mark.parametrize(
    ("cost", "level"),
    [
        (Cost(), Level.FINE),
        (Cost(memory_kib=64 * 1024, passes=3), Level.FINE),
        (Cost(memory_kib=64 * 1024, passes=2), Level.UNSAFE),
        (Cost(memory_kib=19 * 1024, passes=9), Level.UNSAFE),
    ],
)
def test_what_a_guess_costs(settings, cost, level):
    settings.FOOTBRIDGE_KDF_COST = cost

    assert levels(doctor._cost) == [level]


@pytest.mark.parametrize(
    ("hosts", "secure", "found"),
    [
        (["localhost"], False, [Level.FINE, Level.FINE]),
        (["127.0.0.1", "[::1]"], False, [Level.FINE, Level.FINE]),
        (["notes.example"], True, [Level.FINE, Level.FINE]),
        (["notes.example"], False, [Level.UNSAFE, Level.FINE]),
        (["*"], True, [Level.FINE, Level.UNSAFE]),
        (["*"], False, [Level.UNSAFE, Level.UNSAFE]),
    ],
)
def test_names_and_tls(settings, hosts, secure, found):
    settings.ALLOWED_HOSTS, settings.FOOTBRIDGE_COOKIE_SECURE = hosts, secure

    assert levels(doctor._cookies) == found


@pytest.mark.parametrize(
    ("idle", "kiosk", "hours", "level"),
    [
        (10, 3, 8, Level.FINE),
        (15, 15, 12, Level.FINE),
        (16, 3, 8, Level.UNSAFE),
        (10, 16, 8, Level.UNSAFE),
        (10, 3, 13, Level.UNSAFE),
    ],
)
def test_how_long_sessions_last(settings, idle, kiosk, hours, level):
    settings.FOOTBRIDGE_IDLE_MINUTES = idle
    settings.FOOTBRIDGE_KIOSK_IDLE_MINUTES = kiosk
    settings.FOOTBRIDGE_SESSION_HOURS = hours

    assert levels(doctor._sessions) == [level]


@pytest.mark.parametrize(
    ("mode", "level"),
    [(0o700, Level.FINE), (0o750, Level.UNSAFE), (0o701, Level.UNSAFE), (None, Level.UNSAFE)],
)
def test_who_may_open_the_data_folder(settings, tmp_path, mode, level):
    settings.FOOTBRIDGE_DATA = tmp_path / "data"
    if mode is not None:
        settings.FOOTBRIDGE_DATA.mkdir()
        settings.FOOTBRIDGE_DATA.chmod(mode)

    assert levels(doctor._folder) == [level]


@pytest.mark.parametrize(
    ("folder", "file", "level"),
    [
        (0o700, 0o644, Level.FINE),
        (0o755, 0o600, Level.FINE),
        (0o755, 0o644, Level.UNSAFE),
        (0o711, 0o604, Level.UNSAFE),
    ],
)
def test_who_may_read_the_database_s_file(tmp_path, monkeypatch, folder, file, level):
    path = tmp_path / "d" / "db.sqlite3"
    path.parent.mkdir()
    path.touch()
    path.chmod(file)
    path.parent.chmod(folder)
    monkeypatch.setattr(doctor, "connection", Elsewhere("sqlite", {"NAME": str(path)}))

    assert levels(doctor._database_place) == [level]


class Elsewhere:
    """A connection to another database."""

    def __init__(self, vendor, settings_dict):
        self.vendor, self.settings_dict = vendor, settings_dict


def test_postgresql_is_told_what_its_files_keep(monkeypatch):
    monkeypatch.setattr(doctor, "connection", Elsewhere("postgresql", {}))

    assert levels(doctor._database_place) == []
    assert levels(doctor._sqlite) == [Level.NOTE]


@pytest.mark.parametrize(
    ("soft", "level"), [(0, Level.FINE), (1, Level.UNSAFE), (-1, Level.UNSAFE)]
)
def test_core_dumps(monkeypatch, soft, level):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, -1))

    assert levels(doctor._core_dumps) == [level]


@pytest.mark.parametrize(
    ("swaps", "level"),
    [
        ("Filename Type Size\n", Level.FINE),
        ("Filename Type\n/dev/zram0 partition 1\n", Level.FINE),
        ("Filename Type\n/dev/sda2 partition 1\n", Level.UNSAFE),
        ("Filename Type\n/dev/zram0 partition 1\n/swapfile file 1\n", Level.UNSAFE),
        (None, Level.NOTE),
    ],
)
def test_swap(monkeypatch, tmp_path, swaps, level):
    monkeypatch.setattr(doctor, "SWAPS", tmp_path / "swaps")
    if swaps is not None:
        (tmp_path / "swaps").write_text(swaps)

    assert levels(doctor._swap) == [level]


@pytest.mark.parametrize(
    ("kind", "level"),
    [("CRYPT-LUKS2-abc", Level.FINE), ("LVM-abc", Level.NOTE), (None, Level.NOTE)],
)
def test_encrypted_volumes(monkeypatch, tmp_path, kind, level):
    monkeypatch.setattr(doctor, "BLOCKS", tmp_path)
    if kind is not None:
        (tmp_path / "dm-0" / "dm").mkdir(parents=True)
        (tmp_path / "dm-0" / "dm" / "uuid").write_text(kind)

    assert levels(doctor._encryption) == [level]


@pytest.mark.parametrize(("uid", "level"), [(1000, Level.FINE), (0, Level.UNSAFE)])
def test_the_account(monkeypatch, uid, level):
    monkeypatch.setattr(doctor.os, "geteuid", lambda: uid)

    assert levels(doctor._account) == [level]


class Pragmas:
    """A SQLite that answers with these settings."""

    vendor = "sqlite"

    def __init__(self, **found):
        self.found = {
            "journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, **found,
        }  # fmt: skip

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def execute(self, sql):
        self.asked = sql.removeprefix("PRAGMA ")

    def fetchone(self):
        return (self.found[self.asked],)


@pytest.mark.parametrize(
    ("found", "unsafe"),
    [
        ({}, 0),
        ({"journal_mode": "delete"}, 1),
        ({"synchronous": 1}, 1),
        ({"secure_delete": 0}, 1),
        ({"secure_delete": 2, "foreign_keys": 0}, 2),
    ],
)
def test_how_sqlite_writes_and_forgets(monkeypatch, found, unsafe):
    monkeypatch.setattr(doctor, "connection", Pragmas(**found))

    assert levels(doctor._sqlite).count(Level.UNSAFE) == unsafe
    assert len(levels(doctor._sqlite)) == 4


def test_the_settings_that_ship_are_the_safe_ones_of_sqlite():
    if connection.vendor == "sqlite":
        assert set(levels(doctor._sqlite)) == {Level.FINE}
    else:
        assert levels(doctor._sqlite) == [Level.NOTE]


@pytest.mark.parametrize(("plan", "level"), [([], Level.FINE), (["0002"], Level.UNSAFE)])
def test_tables_of_an_older_version(monkeypatch, plan, level):
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda *_: plan)

    assert levels(doctor._migrations) == [level]


def test_epoch_keys_beside_the_database(house, settings):
    assert levels(doctor._epochs) == [Level.FINE]

    settings.FOOTBRIDGE_EPOCH_DAYS = 90
    assert levels(doctor._epochs) == [Level.FINE, Level.NOTE]
    house.keys.store.destroy(house.keys.epoch.id)
    assert levels(doctor._epochs) == [Level.UNSAFE, Level.NOTE]


def test_before_there_is_a_site_the_doctor_says_how_to_make_one(settings, tmp_path):
    settings.FOOTBRIDGE_DATA = tmp_path

    assert levels(doctor._site) == [Level.NOTE]
    assert levels(doctor._epochs) == [Level.FINE]
    assert levels(doctor._trail) == [Level.FINE]


def test_a_demonstration_is_unsafe(house):
    assert levels(doctor._site) == [Level.FINE]

    Site.objects.update(invented=True)

    assert levels(doctor._site) == [Level.UNSAFE, Level.FINE]


@pytest.mark.parametrize("where", ["file", "table"])
def test_somebody_forgotten_who_is_here_again(house, where):
    person = house.enrol(house.add_staff("ann")).person
    if where == "file":
        places.tombstones().add(person)
    else:
        Tombstone.objects.create(person=person)
    Tombstone.objects.create(person=uuid.uuid4())

    assert levels(doctor._site) == [Level.UNSAFE]


def test_a_trail_that_was_touched(house):
    house.enrol(house.add_staff("ann"))
    assert levels(doctor._trail) == [Level.FINE]

    TrailEntry.objects.filter(sequence=1).update(evidence=b"x" * 16)

    (found,) = doctor._trail()
    assert found.level is Level.UNSAFE
    assert "broken" in found.what


def test_a_database_that_does_not_answer_is_a_finding_and_not_a_crash():
    def fail():
        raise DatabaseError("no such table")
        yield

    (found,) = doctor._safely(fail)()

    assert found.level is Level.UNSAFE
    assert "footbridge init" in found.mend
    assert "no such table" not in found.what


def test_unsafe_things_come_first_and_each_says_how_to_mend_it(house, settings):
    settings.DEBUG = True

    findings = doctor.examine()

    order = [finding.level for finding in findings]
    assert order == sorted(order, key=[Level.UNSAFE, Level.NOTE, Level.FINE].index)
    assert all(finding.mend for finding in findings if finding.level is Level.UNSAFE)
    assert not any(house.keys.site.hex in str(finding) for finding in findings)


@pytest.mark.parametrize(
    ("findings", "ends"),
    [
        ([Finding(Level.FINE, "Good."), Finding(Level.NOTE, "Look.", "do this")], None),
        ([Finding(Level.UNSAFE, "Bad.", "do that")], "1 unsafe"),
    ],
)
def test_the_command_fails_where_something_is_unsafe(monkeypatch, findings, ends):
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    out = StringIO()

    if ends is None:
        call_command("doctor", stdout=out)
        assert "Nothing unsafe" in out.getvalue()
    else:
        with pytest.raises(CommandError, match=ends):
            call_command("doctor", stdout=out)
    assert all(finding.what in out.getvalue() for finding in findings)
    assert all(finding.mend in out.getvalue() for finding in findings)
