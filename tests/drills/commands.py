"""The house's commands in processes of their own: in the site's folder, or in a clean one."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings as django_settings
from django.db import connection

from tests.drills.canaries import on_disk, plain


@dataclass
class Folder:
    """A data folder, its database, and the environment in which commands find them."""

    path: Path
    database: str = ""
    _made: list[str] = field(default_factory=list)

    @classmethod
    def here(cls) -> Folder:
        """Return the folder of the site that this test works on."""
        found = connection.settings_dict
        if connection.vendor == "sqlite":
            return cls(Path(django_settings.FOOTBRIDGE_DATA), f"sqlite:///{found['NAME']}")
        server = f"{found['USER']}:{quote(found['PASSWORD'])}@{found['HOST']}:{found['PORT']}"
        return cls(Path(django_settings.FOOTBRIDGE_DATA), f"postgres://{server}/{found['NAME']}")

    def clean(self, path: Path) -> Folder:
        """Return a clean folder with an empty database of the same kind."""
        if connection.vendor == "sqlite":
            return Folder(path)
        name = f"footbridge_clean_{secrets.token_hex(4)}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        self._made.append(name)
        return Folder(path, urlunsplit(urlsplit(self.database)._replace(path=f"/{name}")))

    def drop(self) -> None:
        """Drop the databases made by `clean`."""
        for name in self._made:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def image(self) -> dict[str, bytes]:
        """Return everything that lies here: the files, and PostgreSQL's rows."""
        if connection.vendor == "sqlite":
            return on_disk(self.path)
        import psycopg

        found = on_disk(self.path)
        with psycopg.connect(self.database) as other:
            tables = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in tables.fetchall():
                rows = other.execute(f'SELECT * FROM "{table}"').fetchall()
                found[table] = b"\n".join(plain(value) for row in rows for value in row)
        return found

    def run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run `footbridge ...` and type these lines at its prompts."""
        return self._start([sys.executable, "-m", "footbridge", *words], typed)

    def ask(self, *questions: dict[str, object]) -> list[dict[str, object]]:
        """Have a process of its own unseal this folder and answer each (see `visitor`)."""
        typed = json.dumps(questions)
        done = self._start([sys.executable, "-m", "tests.drills.visitor"], typed)
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, object]] = json.loads(done.stdout)
        return answers

    def _start(self, words: list[str], typed: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("FOOTBRIDGE", "DATABASE"))},
            "DJANGO_SETTINGS_MODULE": "footbridge.site.settings.local",
            "FOOTBRIDGE_DATA": str(self.path),
            "FOOTBRIDGE_KDF_MIB": "1",  # what is stretched here is no real phrase
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        if self.database:
            environment["DATABASE_URL"] = self.database
        return subprocess.run(
            words, input=typed, capture_output=True, text=True, timeout=120, env=environment,
            check=False,
        )  # fmt: skip
