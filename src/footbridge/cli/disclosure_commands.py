"""Counting different people over several places, from what each of them has released."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("people", type=click.IntRange(min=0), nargs=-1, required=True)
@click.option(
    "--yes", type=click.IntRange(min=0), required=True, help="Answers yes, of all places together."
)
@click.option(
    "--asked", type=click.IntRange(min=1), required=True, help="Answers of all places together."
)
@click.option("--json", "as_json", is_flag=True, help="Print json.")
def distinct(people: tuple[int, ...], yes: int, asked: int, as_json: bool) -> None:
    """Tell how many different people several places saw, when none may compare records.

    PEOPLE is what each place released as its number of people, one after the other. The answers
    come from each place's report of the question about another place, which every person answers
    after two tosses of a coin of their own.
    """
    from footbridge.disclosure.distinct import distinct_people
    from footbridge.disclosure.errors import DisclosureError

    try:
        found = distinct_people(people, yes=yes, asked=asked)
    except DisclosureError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        names = ("point", "low", "high", "bound", "share")
        click.echo(json.dumps({name: getattr(found, name) for name in names}))
        return
    click.echo(
        f"Different people: {found.point:.0f} (95 % interval {found.low:.0f} to {found.high:.0f}). "
        f"There cannot be more than {found.bound}.\n"
        f"Seen at another place too: {100 * found.share:.0f} %. "
        "Exact where nobody went to more than two places."
    )
