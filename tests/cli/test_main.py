"""The command line answers quickly, lists what is installed and fails plainly."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from footbridge.cli import registry
from footbridge.cli.main import main

HEAVY = ("django", "numpy", "scipy", "pandas", "matplotlib", "numba", "rich", "nacl")


def test_the_help_lists_every_installed_command_with_its_summary():
    shown = CliRunner().invoke(main, ["--help"], terminal_width=200).output

    for _, entries in registry.present_sections():
        for entry in entries:
            assert entry.name in shown
            assert entry.summary in shown


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["trail", "--help"]])
def test_the_help_imports_nothing_heavy(arguments):
    script = (
        "import sys\n"
        "from footbridge.cli.main import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert "HEAVY []" in ended.stdout


def test_python_dash_m_does_what_the_command_does():
    ended = subprocess.run(
        [sys.executable, "-m", "footbridge", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.startswith("footbridge, version ")


def test_an_unknown_command_ends_with_an_error_that_points_to_the_help():
    ended = CliRunner().invoke(main, ["unheard-of"])

    assert ended.exit_code == 2
    assert "No such command" in ended.output
    assert "--help" in ended.output


@pytest.mark.parametrize(
    "entry",
    [e for _, entries in registry.present_sections() for e in entries],
    ids=lambda e: e.name,
)
def test_every_listed_command_can_be_loaded_and_explains_itself(entry):
    command = main.get_command(click.Context(main), entry.name)

    assert command is not None
    assert command.help


def test_a_command_whose_module_is_absent_is_hidden_and_unknown(monkeypatch):
    absent = registry.Entry("fly", "Fly.", "footbridge.cli.no_such_module", "fly")
    monkeypatch.setitem(registry.SECTIONS, "Analysis", (absent,))

    assert "Fly." not in CliRunner().invoke(main, ["--help"]).output
    assert "No such command" in CliRunner().invoke(main, ["fly"]).output


def test_a_module_without_the_promised_command_is_named_in_the_error(monkeypatch):
    broken = registry.Entry("fly", "Fly.", "footbridge.cli.ports", "fly")
    monkeypatch.setitem(registry.SECTIONS, "Analysis", (broken,))

    ended = CliRunner().invoke(main, ["fly"])

    assert ended.exit_code == 1
    assert "footbridge.cli.ports holds no command fly" in ended.output


def test_no_two_commands_share_a_name():
    names = [entry.name for entries in registry.SECTIONS.values() for entry in entries]

    assert len(names) == len(set(names))
