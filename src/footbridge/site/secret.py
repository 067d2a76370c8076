"""Django's own secret, made on first use; nothing confidential depends on it."""

from __future__ import annotations

import secrets
from pathlib import Path

from footbridge.trust.vault.epochs import write_safely


def secret_key(folder: Path) -> str:
    """Return the secret kept in the data folder, making it where there is none."""
    path = folder / "django-secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_safely(path, secrets.token_urlsafe(48).encode())
    return path.read_text(encoding="ascii")
