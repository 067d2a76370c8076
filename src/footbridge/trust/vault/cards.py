"""The epoch card: what a restore on a clean machine needs beside backup and shares.

This month's epoch key, still sealed under the site key, and the tombstones, on a
keyholder's stick that is overwritten each month. Lost with the machine, all backups
are noise; kept too long, they are not: hence overwritten, not collected.
"""

from __future__ import annotations

import json
import re
import uuid
from base64 import b64decode, b64encode
from pathlib import Path

from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault.epochs import SUFFIX, EpochStore, write_safely
from footbridge.trust.vault.persons import TombstoneFile

CARD_NAME = "footbridge-epoch-card.json"
_NAME = re.compile(r"[0-9a-f]{16}")


class CardError(HouseError):
    """A card that cannot be read or written."""


def export(folder: Path, *, store: EpochStore, tombstones: TombstoneFile) -> Path:
    """Write the card into a folder, over the one that is there; return its path."""
    if not folder.is_dir():
        raise CardError(
            gettext_noop("There is no such folder. Put the keyholder's stick in and mount it.")
        )
    card = {
        "epochs": {
            path.stem: b64encode(path.read_bytes()).decode()
            for path in sorted(store.folder.glob(f"*{SUFFIX}"))
            if _is_epoch(path.stem)
        },
        "tombstones": sorted(str(person) for person in tombstones.read()),
    }
    path = folder / CARD_NAME
    write_safely(path, json.dumps(card, indent=1).encode())
    return path


def bring_in(path: Path, *, store: EpochStore, tombstones: TombstoneFile) -> tuple[int, int]:
    """Put a card's epochs and tombstones into place; return how many of each were new."""
    try:
        card = json.loads(path.read_text(encoding="ascii"))
        epochs = {
            _checked(name): b64decode(data, validate=True) for name, data in card["epochs"].items()
        }
        buried = {uuid.UUID(person) for person in card["tombstones"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CardError(
            gettext_noop("This file is not an epoch card. Look for {name} on the stick."),
            name=CARD_NAME,
        ) from error
    store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    new_epochs = 0
    for name, data in epochs.items():
        place = store.folder / f"{name}{SUFFIX}"
        if not place.exists():
            write_safely(place, data)
            new_epochs += 1
    new_graves = buried - tombstones.read()
    for person in sorted(new_graves):
        tombstones.add(person)
    return new_epochs, len(new_graves)


def _checked(name: str) -> str:
    # The name becomes a file's: it must lead nowhere else.
    if not _is_epoch(name):
        raise ValueError(name)
    return name


def _is_epoch(name: str) -> bool:
    return _NAME.fullmatch(name) is not None
