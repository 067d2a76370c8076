"""The doctor: looks at machine, settings and database, and names what is unsafe."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from footbridge.trust import places
from footbridge.trust.audit import witness
from footbridge.trust.audit.trail import TrailError
from footbridge.trust.vault.models import Person, Site, Tombstone

LONGEST_EPOCH_DAYS = 35
SWAPS = Path("/proc/swaps")
BLOCKS = Path("/sys/block")


class Level(StrEnum):
    """How a finding stands."""

    FINE = "fine"
    NOTE = "note"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and how to mend it."""

    level: Level
    what: str
    mend: str = ""


def examine() -> list[Finding]:
    """Return everything that was looked at, unsafe things first."""
    order = {Level.UNSAFE: 0, Level.NOTE: 1, Level.FINE: 2}
    found = [finding for check in CHECKS for finding in check()]
    findings = list(dict.fromkeys(found))  # one missing database is one finding
    return sorted(findings, key=lambda finding: order[finding.level])


def _judge(safe: object, *, fine: str, unsafe: str, mend: str) -> Iterator[Finding]:
    yield Finding(Level.FINE, fine) if safe else Finding(Level.UNSAFE, unsafe, mend)


def _debug() -> Iterator[Finding]:
    yield from _judge(
        not settings.DEBUG,
        fine="Debug pages are off.",
        unsafe="DEBUG is on: an error page shows what was typed.",
        mend="set DEBUG = False",
    )


def _cost() -> Iterator[Finding]:
    cost = settings.FOOTBRIDGE_KDF_COST
    from footbridge.trust.vault.crypto import FLOOR

    yield from _judge(
        cost.at_least(FLOOR),
        fine=f"Guessing a phrase costs {cost.memory_kib // 1024} MiB and {cost.passes} passes.",
        unsafe=f"Guessing a phrase costs only {cost.memory_kib // 1024} MiB, {cost.passes} passes.",
        mend="leave FOOTBRIDGE_KDF_MIB at 256 and FOOTBRIDGE_KDF_PASSES at 3",
    )


def _cookies() -> Iterator[Finding]:
    local = set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}
    yield from _judge(
        settings.FOOTBRIDGE_COOKIE_SECURE or local,
        fine="Cookies travel over TLS, or never leave this machine.",
        unsafe="The site answers under a name on the network without TLS.",
        mend="put a TLS proxy in front and set FOOTBRIDGE_TLS=yes",
    )
    yield from _judge(
        "*" not in settings.ALLOWED_HOSTS,
        fine="The site answers only to the names it was given.",
        unsafe="The site answers to any name.",
        mend="set FOOTBRIDGE_HOSTS to the site's names",
    )


def _sessions() -> Iterator[Finding]:
    yield from _judge(
        max(settings.FOOTBRIDGE_IDLE_MINUTES, settings.FOOTBRIDGE_KIOSK_IDLE_MINUTES) <= 15
        and settings.FOOTBRIDGE_SESSION_HOURS <= 12,
        fine=f"A still session ends after {settings.FOOTBRIDGE_IDLE_MINUTES} minutes.",
        unsafe="Sessions last long enough to be found open.",
        mend="leave FOOTBRIDGE_IDLE_MINUTES at 10, FOOTBRIDGE_KIOSK_IDLE_MINUTES at 3 and "
        "FOOTBRIDGE_SESSION_HOURS at 8",
    )


def _folder() -> Iterator[Finding]:
    folder = places.data()
    if not folder.exists():
        yield Finding(Level.UNSAFE, "There is no data folder.", "run 'footbridge init'")
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    yield from _judge(
        not mode & 0o077,
        fine="Only this account can open the data folder.",
        unsafe="Other accounts of this machine can open the data folder.",
        mend=f"chmod 700 {folder.name}",
    )


def _database_place() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return
    path = Path(connection.settings_dict["NAME"])
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path.parent, path) if one.exists()]
    yield from _judge(
        any(not mode & 0o077 for mode in modes) or not modes,
        fine="Only this account can read the database's file.",
        unsafe="Other accounts of this machine can read the database's file.",
        mend=f"chmod 700 the folder of {path.name}",
    )


def _core_dumps() -> Iterator[Finding]:
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    yield from _judge(
        soft == 0,
        fine="A crash leaves no memory image.",
        unsafe="A crash may leave an image of memory, keys included, on disk.",
        mend="ulimit -c 0, or LimitCORE=0 in the service's unit ('footbridge serve' sets it)",
    )


def _swap() -> Iterator[Finding]:
    try:
        lines = SWAPS.read_text(encoding="ascii", errors="replace").splitlines()[1:]
    except OSError:
        yield Finding(Level.NOTE, "Whether memory is swapped to disk could not be seen.")
        return
    zram = all("zram" in line for line in lines)
    yield from _judge(
        not lines or zram,
        fine="Memory is not swapped to disk.",
        unsafe="Memory, keys included, may be swapped to disk.",
        mend="swapoff -a, and take swap out of /etc/fstab",
    )


def _encryption() -> Iterator[Finding]:
    try:
        crypts = any("crypt" in one.read_text().lower() for one in BLOCKS.glob("dm-*/dm/uuid"))
    except OSError:
        crypts = False
    if crypts:
        yield Finding(Level.FINE, "There is an encrypted volume on this machine.")
    else:
        yield Finding(
            Level.NOTE,
            "No encrypted volume was seen. Worn flash cells may keep what was deleted.",
            "put the data folder on a LUKS volume",
        )


def _sqlite() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        yield Finding(
            Level.NOTE,
            "PostgreSQL: deleted rows outlive DELETE in tables and archived logs.",
            "keep WAL archives no longer than 35 days and let autovacuum run",
        )
        return
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    with connection.cursor() as cursor:
        for pragma, value in wanted.items():
            cursor.execute(f"PRAGMA {pragma}")
            found = cursor.fetchone()[0]
            yield from _judge(
                found == value,
                fine=f"SQLite: {pragma} is {found}.",
                unsafe=f"SQLite: {pragma} is {found}, not {value}.",
                mend="use the settings as they ship",
            )


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    yield from _judge(
        not executor.migration_plan(executor.loader.graph.leaf_nodes()),
        fine="The tables are those of this version.",
        unsafe="The tables are older than this version.",
        mend="back up, then migrate: docs/how-to/upgrade.md",
    )


def _epochs() -> Iterator[Finding]:
    files = list(places.epochs().folder.glob("*.epoch"))
    yield from _judge(
        bool(files) or not Site.objects.exists(),
        fine=f"Epoch keys beside the database: {len(files)}.",
        unsafe="No epoch key is beside the database: no wrap can be opened.",
        mend="bring in the epoch card: 'footbridge epoch import CARD'",
    )
    if settings.FOOTBRIDGE_EPOCH_DAYS > LONGEST_EPOCH_DAYS:
        yield Finding(
            Level.NOTE,
            f"A leaked backup stays alive for {settings.FOOTBRIDGE_EPOCH_DAYS} days.",
            f"set FOOTBRIDGE_EPOCH_DAYS to {LONGEST_EPOCH_DAYS} or fewer",
        )


def _site() -> Iterator[Finding]:
    site = Site.objects.first()
    if site is None:
        yield Finding(Level.NOTE, "There is no site here yet.", "run 'footbridge init'")
        return
    if site.invented:
        yield Finding(Level.UNSAFE, "This is a demonstration.", "enrol nobody real; run 'init'")
    buried = set(Tombstone.objects.values_list("person", flat=True)) | places.tombstones().read()
    back = Person.objects.filter(pk__in=buried).count()
    yield from _judge(
        not back,
        fine=f"Nobody who was forgotten is here ({len(buried)} tombstones).",
        unsafe=f"{back} who were forgotten are in this database again.",
        mend="unseal the site, or run 'footbridge sweep': both forget them again",
    )


def _trail() -> Iterator[Finding]:
    try:
        found = witness.verify()
    except TrailError as error:
        yield Finding(Level.UNSAFE, str(error), "keep this database and tell the witness")
    else:
        yield Finding(Level.FINE, f"The trail is whole: {found.events} acts on {date.today()}.")


def _safely(check: Callable[[], Iterator[Finding]]) -> Callable[[], list[Finding]]:
    def run() -> list[Finding]:
        try:
            return list(check())
        except DatabaseError:
            return [
                Finding(
                    Level.UNSAFE,
                    "The database does not answer, or has no tables yet.",
                    "check DATABASE_URL, then run 'footbridge init'",
                )
            ]

    return run


def _account() -> Iterator[Finding]:
    yield from _judge(
        os.geteuid() != 0,
        fine="The site does not run as root.",
        unsafe="This runs as root.",
        mend="give the site an account of its own",
    )


CHECKS: tuple[Callable[[], list[Finding]], ...] = tuple(
    _safely(check)
    for check in (
        _debug,
        _cost,
        _cookies,
        _sessions,
        _folder,
        _database_place,
        _core_dumps,
        _swap,
        _encryption,
        _account,
        _sqlite,
        _migrations,
        _epochs,
        _site,
        _trail,
    )
)
