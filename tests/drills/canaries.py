"""Canaries, and the search for them: in every file, in every way text may be written."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from random import Random

from django.db import connection

# No word of any language or list of the house, and too long to occur by chance.
MARK = "vexquorb"
_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_MOST_UNPACKED = 1 << 22


@dataclass
class Canaries:
    """Makes words that are nowhere else, and keeps what it made."""

    draws: Random = field(default_factory=lambda: Random(2026))
    made: list[str] = field(default_factory=list)

    def word(self) -> str:
        """Return one more, of letters only, as forms that refuse numbers ask for."""
        found = MARK + "".join(self.draws.choice("aeioulmnrst") for _ in range(10))
        self.made.append(found)
        return found


def needles(*secrets: str) -> list[str]:
    """Return what to look for: the canaries' mark, and two words of each of these secrets.

    Two, with a blank or as a list writes them: so a secret is found however it was cut.
    """
    found = [MARK]
    for secret in secrets:
        words = secret.split()[-2:]
        found += [" ".join(words), "".join(words), '", "'.join(words)]
    return sorted({one for one in found if len(one) > 5})


def written(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of every way in which a text may stand in a file."""
    for variant in sorted({text, text.upper(), text.casefold()} if text == MARK else {text}):
        plain = variant.encode()
        yield "as it is", plain
        yield "UTF-16 LE", variant.encode("utf-16-le")
        yield "UTF-16 BE", variant.encode("utf-16-be")
        yield "hex", plain.hex().encode()
        yield "HEX", plain.hex().upper().encode()
        if not variant.isascii():
            yield "JSON escapes", variant.encode("ascii", "backslashreplace")
        for shift in range(3):
            yield f"base64, {shift} before", _inside_base64(plain, shift)


def _inside_base64(plain: bytes, shift: int) -> bytes:
    """Return the letters that stand for these bytes wherever `shift` others come before."""
    letters = base64.b64encode(bytes(shift) + plain)
    return letters[ceil(8 * shift / 6) : 8 * (shift + len(plain)) // 6]


def search(image: Mapping[str, bytes], looked_for: Iterable[str]) -> list[str]:
    """Return a line for every needle found, and where; also inside packed data."""
    forms = [(text, name, data) for text in set(looked_for) for name, data in written(text)]
    hits = []
    for place, data in image.items():
        for part, content in (("", data), *_unpacked(data)):
            hits += [
                f"{place}{part}: {text!r}, {name}" for text, name, form in forms if form in content
            ]
    return hits


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    for found in _PACKED.finditer(data):
        try:
            rest = memoryview(data)[found.start() :]
            content = zlib.decompressobj(47).decompress(rest, _MOST_UNPACKED)
        except zlib.error:
            continue
        yield f" unpacked at {found.start()}", content


def on_disk(*folders: Path) -> dict[str, bytes]:
    """Return every file in these folders, by its path."""
    return {
        str(path): path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def of_database() -> dict[str, bytes]:
    """Return the files of the SQLite database; of PostgreSQL, every value of every table."""
    if connection.vendor == "sqlite":
        main = Path(connection.settings_dict["NAME"])
        return {
            one.name: one.read_bytes()
            for one in (main, *(main.with_name(main.name + end) for end in ("-wal", "-shm")))
            if one.exists()
        }
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # a name out of the database itself
            found[table] = b"\n".join(plain(value) for row in cursor for value in row)
    return found


def plain(value: object) -> bytes:
    """Return a column's value as it would stand in a file."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
