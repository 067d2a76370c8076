"""Commands of the site are handed on as typed, and refuse plainly what cannot work."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner

from footbridge.cli import django_bridge
from footbridge.cli.main import main

WITHOUT_DJANGO = """
import sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "django":
            raise ModuleNotFoundError("No module named 'django'", name="django")

sys.meta_path.insert(0, NoDjango())
from footbridge.cli.main import main
main({arguments!r})
"""


@pytest.fixture
def handed_on(monkeypatch):
    """Collect what would have been run by the site."""
    calls: list[tuple[str, list[str]]] = []

    def collect(name, rest, *, settings):
        calls.append((name, list(rest)))
        collect.settings = settings

    monkeypatch.setattr(django_bridge, "run", collect)
    monkeypatch.setenv("FOOTBRIDGE_DATA", "elsewhere")
    return calls


@pytest.fixture
def busy_port():
    """A port of this machine on which something listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def free_port():
    """A port on which nothing listened a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["backup", "/media/stick/a"], ("backup", ["/media/stick/a"])),
        (["backup", "--quiet", "a", "-x", "1"], ("backup", ["--quiet", "a", "-x", "1"])),
        (["doctor"], ("doctor", [])),
        (["trail", "head"], ("trail", ["head"])),
        (["trail", "verify", "--witness", "w"], ("trail", ["verify", "--witness", "w"])),
        (["epoch", "export", "/media/stick/card"], ("epoch", ["export", "/media/stick/card"])),
        (["staff", "invite", "--role", "worker"], ("staff", ["invite", "--role", "worker"])),
    ],
)
def test_arguments_reach_the_site_as_they_were_typed(handed_on, typed, expected):
    ended = CliRunner().invoke(main, typed)

    assert ended.exit_code == 0, ended.output
    assert handed_on == [expected]


def test_the_demo_listens_where_the_environment_says(handed_on, free_port):
    ended = CliRunner().invoke(main, ["demo", "--fresh"], env={"PORT": str(free_port)})

    assert ended.exit_code == 0, ended.output
    assert handed_on == [("demo", ["--port", str(free_port), "--fresh"])]


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_port_that_is_taken_is_said_before_anything_is_built(handed_on, busy_port, command):
    ended = CliRunner().invoke(main, [command, "--port", str(busy_port)])

    assert ended.exit_code == 1
    assert f"Port {busy_port}" in ended.output
    assert str(busy_port + 1) in ended.output
    assert handed_on == []


def test_the_demo_keeps_to_its_own_settings_and_its_own_folder(handed_on, free_port, monkeypatch):
    monkeypatch.delenv("FOOTBRIDGE_DATA")

    CliRunner().invoke(main, ["demo", "--port", str(free_port)])

    assert django_bridge.run.settings == "footbridge.site.settings.demo"
    assert os.environ["FOOTBRIDGE_DATA"] == "var/demo"


def test_serving_tells_the_site_where_to_listen(handed_on, free_port):
    ended = CliRunner().invoke(main, ["serve", "--port", str(free_port)])

    assert ended.exit_code == 0, ended.output
    assert handed_on == [("serve", ["--host", "127.0.0.1", "--port", str(free_port)])]


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_what_is_no_port_is_refused(handed_on, port):
    ended = CliRunner().invoke(main, ["demo", "--port", port])

    assert ended.exit_code == 2
    assert "--port" in ended.output
    assert handed_on == []


def test_a_site_command_without_django_says_what_to_install():
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO.format(arguments=["doctor"])],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "footbridge[web]" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_help_of_a_site_command_is_shown_without_django():
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO.format(arguments=["backup", "--help"])],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0
    assert "offline backup key" in ended.stdout
    assert "footbridge[web]" in ended.stdout


def test_the_site_is_looked_for_under_the_local_settings_unless_others_are_named(monkeypatch):
    pytest.importorskip("django", reason="the site's part is not installed here")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    ran = []
    monkeypatch.setattr(
        "django.core.management.execute_from_command_line", lambda argv: ran.append(argv)
    )

    django_bridge.run("doctor", ["--verbose"])

    assert ran == [["footbridge", "doctor", "--verbose"]]
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "footbridge.site.settings.local"
