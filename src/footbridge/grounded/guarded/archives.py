"""The one guarded door for archives: nothing is unpacked to disk, everything is bounded."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from footbridge.grounded.errors import ExchangeError

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_LOCATOR_64 = b"PK\x06\x07"
_SYMLINK = 0o120000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask of this machine.

    Attributes
    ----------
    archive_bytes : int
        The file as it lies there; REFI-QDA allows 2 GiB for one inner file.
    directory_bytes, entries : int
        Its list of contents.
    unpacked_bytes : int
        All contents together, as they say.
    ratio : int
        How many times larger a file may become that is above a megabyte.
    xml_bytes, elements, depth, attribute_chars : int
        One XML file.
    text_bytes : int
        One transcript.
    """

    archive_bytes: int = 2**31 - 1
    directory_bytes: int = 16 * 2**20
    entries: int = 20_000
    unpacked_bytes: int = 2**32
    ratio: int = 300
    xml_bytes: int = 128 * 2**20
    elements: int = 2_000_000
    depth: int = 120
    attribute_chars: int = 1_000_000
    text_bytes: int = 64 * 2**20


DEFAULT_LIMITS = Limits()
_TROUBLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    IndexError,
    OverflowError,
)


class Archive:
    """A zip file whose contents were judged by their names and sizes before being read."""

    def __init__(self, inner: zipfile.ZipFile, limits: Limits) -> None:
        self._inner = inner
        self.limits = limits
        self.names: tuple[str, ...] = tuple(
            info.filename for info in inner.infolist() if not info.is_dir()
        )

    def find(self, name: str) -> str | None:
        """Return the stored name that equals this one regardless of case, if there is one."""
        if name in self.names:
            return name
        wanted = name.casefold()
        return next((each for each in self.names if each.casefold() == wanted), None)

    def read(self, name: str, limit: int) -> bytes:
        """Return one file.

        Raises
        ------
        ExchangeError
            If it is damaged or larger than the limit, whatever the archive says of its size.
        """
        try:
            with self._inner.open(name) as stream:
                data = stream.read(limit + 1)
        except _TROUBLE as error:
            raise ExchangeError(
                f"{_short(name)} inside the archive is damaged ({_short(str(error))}). "
                "Export it again from the program it came from."
            ) from error
        if len(data) > limit:
            raise ExchangeError(
                f"{_short(name)} inside the archive is larger than {limit:,} bytes. "
                "Split the project, or leave that file out."
            )
        return data


@contextmanager
def open_archive(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Archive]:
    """Open a zip file for reading.

    Raises
    ------
    ExchangeError
        If it is no zip file, is damaged, or holds names or sizes that no honest file needs.
    """
    size = _size(path)
    if size > limits.archive_bytes:
        raise ExchangeError(
            f"The file has {size:,} bytes, above the limit of {limits.archive_bytes:,}. "
            "Leave audio and video outside the project and export it again."
        )
    try:
        with path.open("rb") as stream:
            _check_directory(stream, size, limits)
        inner = zipfile.ZipFile(path)
    except _TROUBLE as error:
        raise ExchangeError(_NO_ZIP.format(why=_short(str(error)))) from error
    with inner:
        _check_entries(inner.infolist(), size, limits)
        yield Archive(inner, limits)


_NO_ZIP = (
    "This is not a readable archive ({why}). A .qdpx or .docx file is a zip file; this one is "
    "damaged, cut short or something else. Export it again."
)


def _size(path: Path) -> int:
    try:
        if not path.is_file():
            raise ExchangeError("There is no such file. Check the name and the folder.")
        return path.stat().st_size
    except OSError as error:
        raise ExchangeError(f"The file cannot be opened ({error.strerror}).") from error


def _check_directory(stream: BinaryIO, size: int, limits: Limits) -> None:
    """Refuse a list of contents that would fill the memory before it could be judged."""
    tail_at = max(0, size - 66_000)
    stream.seek(tail_at)
    tail = stream.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise ExchangeError(_NO_ZIP.format(why="it has no list of contents"))
    directory = struct.unpack_from("<L", tail, end + 12)[0]
    at = end - 20 - 56
    if at >= 0 and tail[end - 20 : end - 16] == _LOCATOR_64 and tail[at : at + 4] == _END_64:
        directory = struct.unpack_from("<Q", tail, at + 40)[0]
    if directory > limits.directory_bytes:
        raise ExchangeError(
            f"The archive's list of contents alone claims {directory:,} bytes. It is damaged or "
            "made to fill the memory; it was not opened."
        )


def _check_entries(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise ExchangeError(
            f"The archive holds {len(entries):,} files, above the limit of {limits.entries:,}."
        )
    names = [info.filename.casefold() for info in entries]
    if len(set(names)) < len(names):
        raise ExchangeError(
            "Two files inside the archive have one name, so it is unclear which is meant. "
            "Export it again."
        )
    for info in entries:
        _check_entry(info, limits)
    if sum(info.file_size for info in entries) > limits.unpacked_bytes:
        raise ExchangeError(
            "The archive would unpack to more than the limit of "
            f"{limits.unpacked_bytes:,} bytes. Leave audio and video out of it."
        )
    if sum(info.compress_size for info in entries) > size:
        raise ExchangeError(
            "The files inside the archive overlap each other, as only an archive made to "
            "fill the disk does. It was not opened."
        )


def _check_entry(info: zipfile.ZipInfo, limits: Limits) -> None:
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in name:
        raise ExchangeError(
            f"A file inside the archive wants to lie outside it ({_short(name)}). "
            "It was not opened."
        )
    if (info.external_attr >> 16) & 0o170000 == _SYMLINK:
        raise ExchangeError(f"{_short(name)} inside the archive is a link. It was not opened.")
    if info.flag_bits & 0x1:
        raise ExchangeError(
            f"{_short(name)} inside the archive is locked with a password. Export without one."
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ExchangeError(
            f"{_short(name)} inside the archive is packed in an unusual way "
            f"(method {info.compress_type}). Pack it again with ordinary zip."
        )
    if info.file_size > 2**20 and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise ExchangeError(
            f"{_short(name)} inside the archive would grow more than {limits.ratio} times. "
            "It looks made to fill the memory; it was not opened."
        )


def _short(name: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in name[:80])
    return shown if len(name) <= 80 else shown + "..."


def write_beside(path: Path, data: bytes) -> None:
    """Write a file in one step, so that a half-written one is never left behind.

    Raises
    ------
    ExchangeError
        If the folder cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ExchangeError(
            f"The file cannot be written ({error.strerror}). Choose another folder."
        ) from error
