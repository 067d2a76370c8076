"""Commands whose options belong to the site: they are passed on as they were typed."""

from __future__ import annotations

from typing import Any

import click

from footbridge.cli import django_bridge

_AS_TYPED: dict[str, Any] = {
    "ignore_unknown_options": True,
    "allow_extra_args": True,
    "allow_interspersed_args": False,
}


class PassOn(click.Command):
    """A command with a help text of its own that hands everything else to the site.

    Parameters
    ----------
    words : str
        The management command's name and the words that come before the options:
        ``PassOn("trail", "head")`` is `footbridge trail head`.
    text : str, optional
        The help text, in paragraphs.
    params : list of click.Parameter, optional
        Options that the command line itself looks at.
    """

    settings = django_bridge.SETTINGS

    def __init__(
        self, *words: str, text: str = "", params: list[click.Parameter] | None = None
    ) -> None:
        super().__init__(words[-1], help=text, params=params, context_settings=_AS_TYPED)
        self.words = words

    def invoke(self, ctx: click.Context) -> None:
        """Call the management command with the arguments that were typed."""
        arguments = [*self.words[1:], *ctx.args]
        django_bridge.run(self.words[0], arguments, settings=self.settings)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the usage line's pieces."""
        return ["[OPTIONS]..."]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Add the options that the site's own command knows."""
        known = [option for parameter in self.params for option in parameter.opts]
        told = django_bridge.options_of(self.words[0], settings=self.settings, known=known)
        formatter.write_paragraph()
        formatter.write(told)
