"""A new site, founded and used as the how-to says: by commands, shares, codes and a browser."""

from __future__ import annotations

import base64
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django_otp.oath import TOTP

from tests.browsing import turn_page
from tests.functional.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
FOOTBRIDGE = [sys.executable, "-m", "footbridge"]
PASSPHRASE = "nine small boats beside tall reeds"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def new_database() -> str:
    """Return the DATABASE_URL of an empty PostgreSQL database, or "" for SQLite."""
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        return ""
    import psycopg

    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"footbridge_site_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(url._replace(path=f"/{name}"))


class Site:
    """A site in a folder of its own, driven by its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("FOOTBRIDGE")},
            "FOOTBRIDGE_DATA": str(folder),
            "FOOTBRIDGE_KDF_MIB": "64",
            "DJANGO_SETTINGS_MODULE": "footbridge.site.settings.local",
        }
        self.environment.pop("DATABASE_URL", None)
        if url := new_database():
            self.environment["DATABASE_URL"] = url
        self.server: subprocess.Popen | None = None

    def run(self, *words: str, typed: str = "") -> str:
        done = subprocess.run(
            [*FOOTBRIDGE, *words],
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            env=self.environment,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self) -> None:
        self.server = subprocess.Popen(
            [*FOOTBRIDGE, "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.1)
        for _ in range(100):
            if (self.folder / "control.sock").exists():
                return
            time.sleep(0.1)
        raise AssertionError("the site did not start")

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(timeout=20)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def site(tmp_path):
    built = Site(tmp_path / "site")
    yield built
    built.stop()


def papers(printed: str) -> dict[str, list[str]]:
    """Return the words of each paper, by the beginning of its title."""
    found: dict[str, list[str]] = {}
    for title, words in re.findall(r"--- (.+?) ---\n\n((?: {4}.+\n)+)", printed):
        found.setdefault(title.split(" share")[0].split(" (")[0], []).append(
            " ".join(words.split())
        )
    return found


def joined(desk: Desk, code: str) -> bytes:
    """Make the first coordinator's keys and return the app's secret."""
    desk.go("/join/")
    desk.page.locator("#id_code").fill(code)
    desk.press("Continue")
    letters = desk.page.locator("code").first.text_content().strip()
    secret = base64.b32decode(letters)
    desk.page.locator("#id_passphrase").fill(PASSPHRASE)
    desk.page.locator("#id_again").fill(PASSPHRASE)
    desk.page.locator("#id_totp").fill(f"{TOTP(secret).token():06d}")
    desk.press("Make my keys")
    assert desk.reads("Your keys are made")
    return secret


def sign_in(desk: Desk, name: str, secret: bytes) -> None:
    desk.go("/sign-in/")
    desk.page.locator("#id_name").fill(name)
    desk.page.locator("#id_passphrase").fill(PASSPHRASE)
    desk.page.locator("#id_code").fill(f"{TOTP(secret).token():06d}")
    turn_page(desk.page.locator("form[novalidate] button"))


def unseal(desk: Desk, first: str, second: str) -> None:
    desk.go("/unseal/")
    desk.page.locator("#id_first").fill(first)
    desk.page.locator("#id_second").fill(second)
    desk.press("Open the site")


def enrol(desk: Desk) -> tuple[str, str]:
    desk.go("/people/enrol/")
    desk.choose("English")
    desk.press("Draw the words")
    handle = desk.page.locator(".handle strong").inner_text()
    return handle, " ".join(desk.words_on_screen())


def open_own(desk: Desk, handle: str, phrase: str) -> None:
    desk.go("/kiosk/")
    desk.page.locator("#id_handle").fill(handle)
    desk.page.locator("#id_phrase").fill(phrase)
    desk.press("Open my record")


@pytest.fixture
def window(chromium):
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    context.set_default_timeout(90_000)
    yield context.new_page()
    context.close()


def test_a_new_site_does_its_job_from_ceremony_to_restore(window, site, tmp_path):
    found = papers(site.run("init", "--coordinator", "maple"))
    site.serve()
    desk = Desk(window, site.url, None)
    desk.go("/today/")
    assert desk.reads("This site is sealed")

    unseal(desk, found["Site"][2], found["Site"][0])
    sign_in(desk, "maple", joined(desk, found["First coordinator's code"][0]))
    handle, phrase = enrol(desk)
    assert len(phrase.split()) == 5

    head, stick = tmp_path / "head.txt", tmp_path / "stick"
    head.write_text(site.run("trail", "head"))
    stick.mkdir()
    site.run("backup", str(tmp_path / "one.bin"))
    site.run("epoch", "export", str(stick))
    site.run("panic")
    desk.go("/today/")
    assert desk.reads("This site is sealed")
    site.stop()

    again = Site(tmp_path / "again")
    card, key = next(stick.iterdir()), found["Offline backup key"][0]
    again.run("restore", str(tmp_path / "one.bin"), "--card", str(card), typed=f"{key}\n")
    assert "witnessed" in again.run("trail", "verify", "--witness", str(head))
    again.serve()
    try:
        again.run("unseal", typed="\n".join(found["Site"][1:]) + "\n")
        kiosk = Desk(window, again.url, None)
        open_own(kiosk, handle, phrase)
        assert kiosk.reads(handle)
    finally:
        again.stop()
