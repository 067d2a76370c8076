"""The commands that make, run and keep a site, each with its own help text."""

from __future__ import annotations

import os

import click

from footbridge.cli.passing import PassOn
from footbridge.cli.ports import check_port_is_free

LOCAL = "127.0.0.1"
DEMO_FOLDER = "var/demo"

_PORT = click.Option(
    ["--port"],
    type=click.IntRange(1, 65535),
    default=8000,
    envvar="PORT",
    show_default=True,
    show_envvar=True,
    help="Where to listen.",
)
_HOST = click.Option(["--host"], default=LOCAL, show_default=True, help="The address to listen on.")


class Serving(PassOn):
    """A command that serves: it looks at its port before any long work."""

    def invoke(self, ctx: click.Context) -> None:
        """Check the port, then serve."""
        host, port = str(ctx.params.get("host", LOCAL)), int(ctx.params["port"])
        check_port_is_free(host, port)
        given = ["--host", host] if "host" in ctx.params else []
        ctx.args = [*given, "--port", str(port), *ctx.args]
        super().invoke(ctx)


class Demo(Serving):
    """The demo keeps to settings and a folder of its own."""

    settings = "footbridge.site.settings.demo"

    def invoke(self, ctx: click.Context) -> None:
        """Choose the folder, then build and serve."""
        os.environ.setdefault("FOOTBRIDGE_DATA", DEMO_FOLDER)
        super().invoke(ctx)


init = PassOn(
    "init",
    text="""Make a new site in the data folder (FOOTBRIDGE_DATA).

    Run it once, at the ceremony, with the keyholders in the room and nobody else's eyes on
    the screen. It makes the site key, the offline backup key and the recovery key, shows
    their papers one at a time, and makes the one-time code by which the first coordinator
    signs in. Nothing of this is shown again.

    The how-to docs/how-to/new-site.md goes through the day step by step.
    """,
)

serve = Serving(
    "serve",
    params=[_HOST, _PORT],
    text="""Serve the site's pages.

    The site starts sealed: pages answer, no record opens, until two keyholders give their
    shares on the keyholders' page or with `footbridge unseal`. One process with threads,
    because the keys live in that process's memory and nowhere else.
    """,
)

unseal = PassOn(
    "unseal",
    text="""Open the running site with two of the three keyholders' shares.

    Each keyholder types their own share; what is typed is not shown. The shares go to the
    server through a socket in the data folder and are written nowhere.
    """,
)

seal = PassOn(
    "seal",
    text="""Seal the running site: the server forgets the site key and ends every session.

    Nothing is lost. Two keyholders are needed to open it again.
    """,
)

panic = PassOn(
    "panic",
    text="""Seal the site at once and end every session, within two seconds. No question is asked.

    Every signed-in member of staff can do the same with one click on any page.
    """,
)

doctor = PassOn(
    "doctor",
    text="""Look at the machine and the settings, and name each unsafe one with its mend.

    Ends with 0 where nothing unsafe was found.
    """,
)

backup = PassOn(
    "backup",
    text="""Write a backup to a FILE.

    It is sealed to the offline backup key whose private half was shown once at the
    ceremony. It holds no site key and no epoch key: by itself, even with the offline key,
    it is ciphertext. Give the FILE a name that says nothing.
    """,
)

restore = PassOn(
    "restore",
    text="""Bring a site back from a backup FILE into an empty data folder.

    Asks for the offline backup key. People who were forgotten since the backup was written
    are forgotten again before anything opens; that needs the epoch card. See
    docs/how-to/backup-and-restore.md.
    """,
)

sweep = PassOn(
    "sweep",
    text="""Have the running, open site do what is due, without opening any record.

    Contacts past their day and epoch keys past theirs are destroyed, and whoever has a
    tombstone is forgotten again. It is harmless to repeat.
    """,
)


@click.group()
def trail() -> None:
    """Show the trail's signed head, or verify the whole trail."""


trail.add_command(
    PassOn(
        "trail",
        "head",
        text="""Print the signed head of the trail.

    Hand it to somebody outside the site. Whoever holds an old head can tell later whether
    anything before it was edited, dropped or put in another order.
    """,
    )
)
trail.add_command(
    PassOn(
        "trail",
        "verify",
        text="""Verify that the trail is whole.

    With `--witness FILE` it must also continue the signed head that the witness kept.
    Ends with 1 and the place of the first fault where it does not.
    """,
    )
)


@click.group()
def epoch() -> None:
    """Rotate the epoch key, write the epoch card, or bring one in."""


epoch.add_command(
    PassOn(
        "epoch",
        "rotate",
        text="""Make this month's epoch key, re-wrap everything with it, destroy what is too old.

    The site must be open. Backups older than the epochs that are kept go dead.
    """,
    )
)
epoch.add_command(
    PassOn(
        "epoch",
        "export",
        text="""Write the epoch card into a FOLDER on a keyholder's stick, over the last one.

    It holds the epoch keys, still sealed under the site key, and the list of those who were
    forgotten (random ids). A restore on a clean machine needs it.
    """,
    )
)
epoch.add_command(
    PassOn(
        "epoch",
        "import",
        text="""Bring in an epoch CARD on a machine to which a backup was restored without it.

    The epoch keys stay sealed until two keyholders unseal the site.
    """,
    )
)


@click.group()
def staff() -> None:
    """Invite a coordinator where the site has none."""


staff.add_command(
    PassOn(
        "staff",
        "invite",
        text="""Make a one-time code for a coordinator with this sign-in NAME.

    Only while the site is open and has no coordinator; everybody else is invited by a
    coordinator, on the page. The code gives a role and no access to anybody's record: that
    needs somebody who already holds it.
    """,
    )
)


demo = Demo(
    "demo",
    text="""Serve a reconstruction of the published Shanghai pilot, with invented people only.

    It unseals itself with shares that it prints, so nothing real may ever be typed into
    it; every page says so. The first start builds a hundred people in var/demo (or in
    FOOTBRIDGE_DATA); later ones are quick and keep what was typed.
    """,
    params=[_PORT],
)
