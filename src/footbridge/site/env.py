"""The environment, read once, typed, and refused with a reason where it is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit


class EnvironmentRefusedError(SystemExit):
    """A variable holds something that cannot be used; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Typed access to the variables that configure a site."""

    variables: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        """Return a variable as it stands."""
        return self.variables.get(name, default).strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes or no."""
        value = self.text(name, "yes" if default else "no").lower()
        if value in {"1", "yes", "true", "on"}:
            return True
        if value in {"0", "no", "false", "off"}:
            return False
        raise EnvironmentRefusedError(f"{name} is {value!r}. Set it to yes or no.")

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        """Return a whole number that is not under `least`."""
        value = self.text(name, str(default))
        if not value.isdigit() or int(value) < least:
            raise EnvironmentRefusedError(
                f"{name} is {value!r}. Set it to a whole number of {least} or more."
            )
        return int(value)

    def folder(self, name: str, default: Path) -> Path:
        """Return a folder's path."""
        return Path(self.text(name, str(default))).expanduser().resolve()

    def words(self, name: str, default: str = "") -> list[str]:
        """Return a comma-separated list."""
        return [word.strip() for word in self.text(name, default or ",").split(",") if word.strip()]


def database(url: str, *, data: Path) -> dict[str, object]:
    """Return Django's settings of the database that a DATABASE_URL names.

    Without one: SQLite in the data folder, with the pragmas that confidentiality.md asks
    for. ``synchronous=FULL`` because a lost wrap is a lost person.
    """
    if not url:
        url = f"sqlite:///{data / 'footbridge.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(parts.path[1:] if parts.path.startswith("//") else parts.path)
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or query.get("port", "")),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"application_name": "footbridge"},
        }
    raise EnvironmentRefusedError(
        f"DATABASE_URL begins with {parts.scheme!r}. "
        "Use sqlite:////path/to/file or postgresql://user:password@host/name."
    )


def sqlite(path: str) -> dict[str, object]:
    """Return Django's settings of a SQLite file that forgets what is deleted."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


environment = Environment(os.environ)
