"""The narrow bridge to the site: management commands called by name.

The command line stands below the site and may not import it, so Django is imported by
name, inside the functions, and only when a site command is called.
"""

from __future__ import annotations

import os
from argparse import SUPPRESS
from collections.abc import Collection, Sequence
from importlib import import_module
from types import ModuleType

import click

SETTINGS = "footbridge.site.settings.local"
# Every Django command has these; they would bury the few that matter.
_COMMON = {"--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color"}
_COMMON |= {"--force-color", "--skip-checks", "--help"}


def run(name: str, arguments: Sequence[str], *, settings: str = SETTINGS) -> None:
    """Run one management command of the site; it ends the process where it fails.

    `settings` is what DJANGO_SETTINGS_MODULE does not say otherwise.

    Raises
    ------
    click.ClickException
        If the `web` extra is not installed.
    """
    management = _management(settings)
    management.execute_from_command_line(["footbridge", name, *arguments])


def options_of(name: str, *, settings: str = SETTINGS, known: Collection[str] = ()) -> str:
    """Return the options of a management command, or why they cannot be listed.

    `known` are options that the command line has told of already.
    """
    try:
        management = _management(settings)
        import_module("django").setup()
        command = management.ManagementUtility(["footbridge", name]).fetch_command(name)
    except click.ClickException as error:
        return error.message
    except SystemExit:
        return "Its options cannot be listed: this installation does not hold its code."
    except Exception as error:  # settings may fail in any way; the help must still be shown
        return f"Its options cannot be listed, because the settings do not load: {error}"
    parser = command.create_parser("footbridge", name)
    for action in parser._actions:  # argparse offers no public way to leave some out
        if {*_COMMON, *known}.intersection(action.option_strings):
            action.help = SUPPRESS
    return str(parser.format_help())


def _management(settings: str) -> ModuleType:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    try:
        return import_module("django.core.management")
    except ModuleNotFoundError as error:
        raise click.ClickException(
            "The site is not part of this installation: Django is missing. "
            "Only the analysis commands are here. Install the site with "
            "pip install 'footbridge[web]', or run make setup in the project folder."
        ) from error
