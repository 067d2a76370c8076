"""Epoch keys: one a month, in files beside the database and in no backup.

Every wrap needs the key of its month. Once that file is destroyed, a backup that
holds wraps of that month is noise, even to somebody who has the site key.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from footbridge.trust.vault import crypto

SUFFIX = ".epoch"


@dataclass(frozen=True, slots=True)
class Epoch:
    """One month's key."""

    id: str
    begun_on: date
    number: int
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class EpochStore:
    """The folder that holds the epoch keys, each sealed under the site's epoch subkey."""

    folder: Path

    def load(self, sealing: bytes) -> list[Epoch]:
        """Return the epochs that open; skip files that another site or hand left here."""
        epochs = []
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            try:
                plain = crypto.open_sealed(sealing, path.read_bytes(), bound_to=path.stem.encode())
            except crypto.SealError:
                continue
            begun = date.fromisoformat(plain[:10].decode())
            number = int.from_bytes(plain[10:14], "big")
            epochs.append(Epoch(path.stem, begun, number, plain[14:]))
        return epochs

    def begin(self, sealing: bytes, *, on: date, number: int) -> Epoch:
        """Write a new epoch key to its file, safely on disk before it is used."""
        epoch = Epoch(secrets.token_hex(8), on, number, crypto.random_key())
        plain = on.isoformat().encode() + number.to_bytes(4, "big") + epoch.key
        sealed = crypto.seal(sealing, plain, bound_to=epoch.id.encode())
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_safely(self.folder / f"{epoch.id}{SUFFIX}", sealed)
        return epoch

    def destroy(self, epoch: str) -> None:
        """Overwrite and remove a key's file."""
        path = self.folder / f"{epoch}{SUFFIX}"
        if path.exists():
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            sync_folder(self.folder)


def write_safely(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, also after loss of power."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk: a new, replaced or removed file survives power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
