"""Loading a directory: all of it or nothing, and only a set without errors."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from footbridge.journey.services.directory import Directory
from footbridge.journey.services.models import DirectoryFile
from footbridge.journey.services.reading import Source, read_csv_set
from footbridge.journey.services.writing import csv_set
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.vault.site_keys import SiteKeys


def load(source: Source, *, by: Actor, on: date) -> Directory:
    """Read a set of HSDS files and put it in the place of the directory.

    Raises
    ------
    RefusedSetError
        If a file has an error; the directory stays as it was.
    """
    by.check(Capability.EDIT_DIRECTORY)
    found = read_csv_set(source)
    keep(found, by=by.id, on=on, site=by.site)
    return found


def keep(directory: Directory, *, by: UUID, on: date, site: SiteKeys) -> None:
    """Write a directory into the database (the demo uses this before anybody signs in)."""
    with act("directory.loaded", by=by, on=on, site=site):
        DirectoryFile.objects.all().delete()
        DirectoryFile.objects.bulk_create(
            DirectoryFile(name=name, content=data, digest=hashlib.sha256(data).hexdigest())
            for name, data in csv_set(directory).items()
        )
