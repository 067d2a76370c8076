"""Opening a zip that somebody sent: bounded before and while it is unpacked, never to disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath

from footbridge.journey.assessments.exchange.texts import check_size, refuse
from footbridge.journey.damage import DAMAGE
from footbridge.trust.decisions import gettext_noop

MEMBERS = 200
UNPACKED = 8_000_000
_ENTITIES = [
    mark.encode(code)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for code in ("utf-8", "utf-16-le", "utf-16-be")
]


def members(data: bytes) -> dict[str, bytes]:
    """Return every file of a zip by its path, in memory.

    Raises
    ------
    RefusedFileError
        If it is no zip, is locked, holds a path that leads out of it, or unpacks to more
        than a questionnaire can be (whatever sizes it claims).
    """
    check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            found = box.infolist()
            _check(found)
            return _unpacked(box, found)
    except DAMAGE as error:
        raise refuse(
            gettext_noop(
                "The archive cannot be opened: it is damaged, locked or of an unusual kind. Make "
                "it again with an ordinary zip program."
            )
        ) from error


def _check(found: Collection[zipfile.ZipInfo]) -> None:
    if len(found) > MEMBERS:
        raise refuse(
            gettext_noop("The archive holds {count} files, and at most {most} are read."),
            count=len(found),
            most=MEMBERS,
        )
    for one in found:
        path = PurePosixPath(one.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in one.filename:
            raise refuse(
                gettext_noop(
                    "A path in the archive leads out of it, as in an attack. Nothing was "
                    "unpacked. Ask where the file comes from."
                )
            )
    if len({one.filename for one in found}) < len(found):
        raise refuse(
            gettext_noop("Two files of the archive have the same name. Make the archive again.")
        )
    if sum(one.file_size for one in found) > UNPACKED:
        raise _bomb()


def _unpacked(box: zipfile.ZipFile, found: Collection[zipfile.ZipInfo]) -> dict[str, bytes]:
    held: dict[str, bytes] = {}
    left = UNPACKED
    for one in found:
        if one.is_dir():
            continue
        with box.open(one) as file:
            held[one.filename] = file.read(left + 1)  # not what its header claims
        left -= len(held[one.filename])
        if left < 0:
            raise _bomb()
    return held


def _bomb() -> Exception:
    return refuse(
        gettext_noop(
            "The archive unpacks to more than {megabytes} MB, as in an attack. It was not "
            "unpacked. A questionnaire is much smaller."
        ),
        megabytes=UNPACKED // 1_000_000,
    )


def check_workbook(data: bytes) -> None:
    """Refuse a workbook with macros, links to elsewhere, or XML that defines entities.

    Raises
    ------
    RefusedFileError
        If it has one of these, or is no workbook.
    """
    held = members(data)
    if "[Content_Types].xml" not in held or not any(name.startswith("xl/") for name in held):
        raise refuse(gettext_noop("This is not an .xlsx workbook. Save it as one."))
    for name, content in held.items():
        if "vbaProject" in name or name.startswith(("xl/externalLinks/", "xl/embeddings/")):
            raise refuse(
                gettext_noop(
                    "The workbook holds macros, embedded files or links to other files. Save it "
                    "as a plain .xlsx without them."
                )
            )
        if any(mark in content for mark in _ENTITIES):
            raise refuse(
                gettext_noop(
                    "The workbook defines entities, as in an attack. Save it again from a "
                    "spreadsheet program."
                )
            )
