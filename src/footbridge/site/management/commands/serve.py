"""footbridge serve: the site's pages on one address."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from footbridge.site import serving
from footbridge.trust.management.base import HouseCommand
from footbridge.trust.vault.models import Site


class Command(HouseCommand):
    """Serve the site, sealed at first."""

    help = "Serve the site's pages; they open no record until two keyholders unseal the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_: Any, **options: Any) -> None:
        """Check that there is a site of this version, then serve."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                "The tables are missing or older than this version. For a new site run "
                "'footbridge init'; for an upgrade see docs/how-to/upgrade.md."
            )
        if not Site.objects.exists():
            raise CommandError("There is no site here yet. Run 'footbridge init' first.")
        connection.close()
        bind = f"{options['host']}:{options['port']}"
        self.say(f"Serving http://{bind}/ , sealed. Unseal it with 'footbridge unseal'.")
        self.stdout.flush()
        serving.serve(bind)
