"""footbridge demo: the reconstructed pilot, built once and served."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from footbridge.site import serving
from footbridge.site.demo.build import Papers, build
from footbridge.site.demo.cast import CAST
from footbridge.site.labels import ROLES
from footbridge.trust import control, places, runtime
from footbridge.trust.management.base import HouseCommand
from footbridge.trust.vault import persons
from footbridge.trust.vault.models import Site


class Command(HouseCommand):
    """Build the demonstration where there is none, then serve it."""

    help = "Serve a reconstruction of the published Shanghai pilot with invented people only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port, and whether only to build."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--build-only", action="store_true", help="do not serve")

    def handle(self, *_: Any, **options: Any) -> None:
        """Build, unseal with the printed shares, tell what to try, serve."""
        if not settings.FOOTBRIDGE_DEMO:
            raise CommandError("The demonstration needs its own settings: run 'footbridge demo'.")
        places.data().mkdir(parents=True, exist_ok=True, mode=0o700)
        call_command("migrate", verbosity=0)
        site = Site.objects.first()
        if site is not None and not site.invented:
            raise CommandError(
                "The data folder holds a real site. Nothing was changed. "
                "Set FOOTBRIDGE_DATA and DATABASE_URL to another place for the demonstration."
            )
        papers = Papers.read() if site is not None else self._build()
        if papers is None:
            raise CommandError(
                f"The papers of the demonstration are missing beside its database "
                f"({Papers.path().name}). Delete the folder and start again."
            )
        self._tell(papers, port=options["port"])
        connection.close()
        if options["build_only"]:
            return
        serving.serve(
            f"127.0.0.1:{options['port']}",
            when_ready=lambda: control.unseal_here(papers.shares, on=timezone.localdate()),
        )

    def _build(self) -> Papers:
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("Inventing a hundred people", total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            return build(on=timezone.localdate(), progress=progress)

    def _tell(self, papers: Papers, *, port: int) -> None:
        self.say()
        self.say(f"  http://127.0.0.1:{port}/      everybody here is invented")
        self.say()
        self.say("  Sign in as (the code changes; the sign-in page shows the current one):")
        for colleague in CAST:
            role = str(ROLES[colleague.role])
            self.say(f"    {colleague.name:8} {role:14} {colleague.passphrase}   {colleague.code}")
        self.say()
        known = self._is_known(papers)
        self.say("  Or as a person, at the kiosk:")
        self.say(f"    handle   {papers.handle}")
        self.say(f"    phrase   {papers.phrase}" + ("" if known else "   (forgotten meanwhile)"))
        self.say()
        self.say("  Try: as willow, open Today and the first person; hold a check-up; make a")
        self.say("  referral. As birch, open Evidence: the pilot's d are 0.354, 0.417 and 0.876.")
        self.say("  At the kiosk, see who opened the record, and be forgotten.")
        self.say("  The site unseals itself with these two shares (a real site prints none):")
        for share in papers.shares:
            self.say(f"    {share}")
        self.say()
        self.stdout.flush()

    @staticmethod
    def _is_known(papers: Papers) -> bool:
        if not runtime.seal.open:
            control.unseal_here(papers.shares, on=timezone.localdate())
        known = persons.find(papers.handle, site=runtime.seal.keys) is not None
        runtime.seal.seal()
        return known
