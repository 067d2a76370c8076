"""Loading a directory: all of it or nothing, and only a set without errors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from footbridge.journey.services import editing, queries
from footbridge.journey.services.directory import Directory, DirectoryError
from footbridge.journey.services.editing import Standing
from footbridge.journey.services.models import DirectoryChange, DirectoryFile
from footbridge.journey.services.uploads import read_uploads
from footbridge.journey.services.writing import csv_set
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import gettext_noop
from footbridge.trust.vault.site_keys import SiteKeys


def load(sent: Mapping[str, bytes], *, by: Actor, on: date) -> Directory:
    """Read uploaded HSDS files (CSV, a zip, JSON) and put them in the place of the directory.

    Raises
    ------
    DirectoryError
        If a zip cannot be opened, or holds too much.
    RefusedSetError
        If a file has an error; the directory stays as it was.
    """
    by.check(Capability.EDIT_DIRECTORY)
    found = read_uploads(sent)
    keep(found, by=by.id, on=on, site=by.site)
    return found


def keep(directory: Directory, *, by: UUID, on: date, site: SiteKeys) -> None:
    """Write a directory into the database (the demo uses this before anybody signs in)."""
    with act("directory.loaded", by=by, on=on, site=site):
        _write(directory)


def bring_up_to_date(service: UUID, to: Standing, *, by: Actor, on: date) -> bool:
    """Change what an entry says of what changes from week to week; False if nothing does.

    Raises
    ------
    DirectoryError
        If there is no such service.
    """
    by.check(Capability.EDIT_DIRECTORY)
    directory = queries.directory()
    before = editing.standing(directory.listing(service))
    if before == to:
        return False
    with act("directory.changed", by=by.id, on=on, site=by.site):
        _write(editing.edited(directory, service, to))
        DirectoryChange.objects.create(
            service=service,
            sequence=DirectoryChange.objects.filter(service=service).count() + 1,
            by=by.id,
            on=on,
            before=editing.as_text(before),
            after=editing.as_text(to),
        )
    return True


def mark_as_checked(service: UUID, *, by: Actor, on: date) -> None:
    """Note that somebody went through an entry today and found it right."""
    now = editing.standing(queries.directory().listing(service))
    bring_up_to_date(service, replace(now, assured_date=on), by=by, on=on)


def undo(service: UUID, change: UUID, *, by: Actor, on: date) -> None:
    """Let an entry say what it said before its last change.

    Raises
    ------
    DirectoryError
        If this is not the last change, or the entry was loaded anew since.
    """
    last = queries.last_change(service)
    now = editing.standing(queries.directory().listing(service))
    if last is None or last.id != change or editing.from_text(last.after) != now:
        raise DirectoryError(
            gettext_noop(
                "The entry was changed again since this page was opened, so nothing was taken "
                "back. Look at what it says now."
            )
        )
    bring_up_to_date(service, editing.from_text(last.before), by=by, on=on)


def _write(directory: Directory) -> None:
    """Put a directory's files in the place of those that are kept."""
    DirectoryFile.objects.all().delete()
    DirectoryFile.objects.bulk_create(
        DirectoryFile(name=name, content=data, digest=hashlib.sha256(data).hexdigest())
        for name, data in csv_set(directory).items()
    )
