"""The door of the command line: a group that loads a command only when it is called."""

from __future__ import annotations

from importlib import import_module

import click

from footbridge import __version__
from footbridge.cli import registry


class LazyGroup(click.Group):
    """A group that knows its commands from the registry and imports one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands that are installed."""
        return [entry.name for _, entries in registry.present_sections() for entry in entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command.

        Raises
        ------
        click.ClickException
            If the registry names a command that its module does not hold.
        """
        entry = registry.find(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(entry.module), entry.attribute, None)
        if not isinstance(command, click.Command):
            raise click.ClickException(
                f"{entry.module} holds no command {entry.attribute}. "
                "The parts of this installation do not fit together: install it again."
            )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections of the registry; no command is imported for it."""
        for title, entries in registry.present_sections():
            with formatter.section(title):
                formatter.write_dl([(entry.name, entry.summary) for entry in entries])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="footbridge")
def main() -> None:
    """Run a confidential recovery-management programme, and learn from it.

    `footbridge COMMAND --help` tells more about one command.
    """
