"""Where the files of this site lie, read from the settings in one place."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from footbridge.trust.vault.epochs import EpochStore
from footbridge.trust.vault.persons import TombstoneFile


def data() -> Path:
    """Return the folder of this site."""
    return Path(settings.FOOTBRIDGE_DATA)


def epochs() -> EpochStore:
    """Return the store of epoch keys."""
    return EpochStore(data() / "epochs")


def tombstones() -> TombstoneFile:
    """Return the file of forgotten ids."""
    return TombstoneFile(data() / "tombstones")


def control_socket() -> Path:
    """Return where the running server listens for `footbridge seal` and its like."""
    return data() / "control.sock"
