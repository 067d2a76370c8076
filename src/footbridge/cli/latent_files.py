"""What the model commands read: a model as text, data as a delimited table.

Nothing is guessed that could change a number silently; what cannot be read is refused with the
place in the file and what to do.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

LARGEST = 2**31  # bytes; a table of that size does not fit in memory with room to work
MISSING = ("", "NA", "NaN", "nan", ".", "N/A", "NULL", "null")
_BINARY = {
    b"PK\x03\x04": "an Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"$FL2": "an SPSS file",
    b"<stata": "a Stata file",
    b"RDX": "an R data file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
}


class Refusal(click.ClickException):
    """A file or an option that cannot be used: what, why, what to do."""

    exit_code = 1

    def __init__(self, what: str, why: str, todo: str) -> None:
        super().__init__(f"{what} {why} {todo}")


def read_model(path: Path) -> str:
    """Return the text of a model file.

    Raises
    ------
    Refusal
        If it cannot be read or is no text.
    """
    data = _bytes(path)
    _refuse_binary(path, data)
    text = _decoded(path, data, "utf-8-sig")
    if not text.strip():
        raise Refusal(
            f"{path.name} is empty.",
            "A model needs at least one formula.",
            "Write for example: f =~ x1 + x2 + x3",
        )
    return text


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Refusal(
                f"{path.name} has {size / 2**30:.1f} GiB.",
                f"More than {LARGEST / 2**30:.0f} GiB is not read at once.",
                "Keep only the columns that the model names, for example with cut or SQL.",
            )
        return path.read_bytes()
    except OSError as error:
        raise Refusal(
            f"{path} cannot be read.",
            f"The system says: {error.strerror or error}.",
            "Check the path and the permissions.",
        ) from error


def _refuse_binary(path: Path, data: bytes) -> None:
    for mark, kind in _BINARY.items():
        if data.startswith(mark):
            raise Refusal(
                f"{path.name} is {kind}.",
                "Only text is read here.",
                "Save it as csv (UTF-8) from the program that made it.",
            )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    if b"\x00" in data[:65536]:
        raise Refusal(
            f"{path.name} is not a text file.",
            "It holds zero bytes.",
            "Save it as csv (UTF-8); where it is UTF-16, say --encoding utf-16.",
        )


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise Refusal(
            f"The encoding '{encoding}' is not known.",
            "It is not one of Python's names.",
            "Try utf-8, gb18030, latin-1 or utf-16.",
        ) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        hint = "--encoding utf-16" if wide else "--encoding gb18030 (Chinese) or latin-1 (Western)"
        raise Refusal(
            f"{path.name} is not {encoding.replace('-sig', '').upper()}.",
            f"Line {line} holds a byte that this encoding does not have.",
            f"Say {hint}, or save the file as UTF-8.",
        ) from error


def read_table(
    path: Path,
    wanted: Sequence[str],
    *,
    encoding: str = "utf-8",
    missing: Sequence[str] = (),
    words: Sequence[str] = (),
) -> Any:  # noqa: ANN401 - pandas is imported when it is needed
    """Return the wanted columns of a delimited file as a pandas table.

    Parameters
    ----------
    path
        A file with a header; comma, semicolon or tab between fields.
    wanted
        Columns to read; others are not kept in memory.
    encoding
        Python's name of the encoding.
    missing
        Further marks of a missing value, beside the usual ones.
    words
        Columns that may hold text (groups, strata, clusters).

    Raises
    ------
    Refusal
        If the file cannot be read, is empty, has one column, lacks a wanted one, or holds text
        where numbers are needed.
    """
    data = _bytes(path)
    _refuse_binary(path, data)
    text = _decoded(path, data, "utf-8-sig" if encoding.lower() == "utf-8" else encoding)
    del data
    header, delimiter = _header(path, text)
    _require_regular(path, text, delimiter, len(header))
    absent = [name for name in wanted if name not in header]
    if absent:
        raise _absent(path, absent, header)
    frame = _parsed(
        path,
        text,
        delimiter=delimiter,
        wanted=[*dict.fromkeys(wanted)],
        missing=[*MISSING, *missing],
    )
    if frame.empty:
        raise Refusal(
            f"{path.name} has a header and no rows.",
            "There is nobody to learn from.",
            "Export the data again, with the cases.",
        )
    for name in frame.columns:
        if name not in words:
            frame[name] = _numbers(path, frame[name])
    return frame


def _header(path: Path, text: str) -> tuple[list[str], str]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise Refusal(
            f"{path.name} is empty.",
            "A table needs a line of names and a line for every case.",
            "Export the data again.",
        )
    delimiter = max(",;\t|", key=first.count)
    names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    if len(names) == 1:
        raise Refusal(
            f"{path.name} has one column ('{names[0][:40]}').",
            "No comma, semicolon, tab or bar divides its first line.",
            "Save it as csv, with the variables' names in the first line.",
        )
    double = next((name for name in names if name and names.count(name) > 1), None)
    if double:
        raise Refusal(
            f"The column '{double}' is there twice.",
            "Which of the two is meant cannot be known.",
            "Rename or remove one of them.",
        )
    return names, delimiter


def _require_regular(path: Path, text: str, delimiter: str, wide: int) -> None:
    """Refuse a table with a line that is too short or too long: its numbers would be shifted."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        for fields in reader:
            if fields and len(fields) != wide:
                raise Refusal(
                    f"{path.name} is not a regular table.",
                    f"Line {reader.line_num} has {len(fields)} fields, the header {wide}.",
                    "Put texts that hold the delimiter in quotation marks, or export again.",
                )
    except csv.Error as error:
        raise Refusal(
            f"{path.name} is not a regular table.",
            f"Line {reader.line_num} cannot be read ({error}).",
            "Look for a quotation mark that is not closed.",
        ) from error


def _absent(path: Path, absent: Sequence[str], header: Sequence[str]) -> Refusal:
    name = absent[0]
    near = difflib.get_close_matches(name, header, n=3) or [
        h for h in header if h.lower() == name.lower()
    ]
    many = f", ... ({len(header)} in all)" if len(header) > 12 else ""
    hint = f"Did you mean {' or '.join(near)}?" if near else "Correct the model or the data."
    return Refusal(
        f"{path.name} has no column {', '.join(repr(a) for a in absent)}.",
        f"It has {', '.join(header[:12])}{many}.",
        hint,
    )


def _parsed(path: Path, text: str, *, delimiter: str, wanted: list[str], missing: list[str]) -> Any:  # noqa: ANN401
    import pandas as pd

    return pd.read_csv(
        io.StringIO(text),
        sep=delimiter,
        usecols=lambda name: str(name).strip() in wanted,
        dtype=str,
        na_values=missing,
        keep_default_na=False,
        skipinitialspace=True,
        index_col=False,
    ).rename(columns=lambda name: str(name).strip())


def _numbers(path: Path, column: Any) -> Any:  # noqa: ANN401
    """Return a column of text as numbers; a decimal comma is understood where all have it."""
    import numpy as np
    import pandas as pd

    text = column.str.strip()
    found = pd.to_numeric(text, errors="coerce")
    bad = text.notna() & (text != "") & found.isna()
    if bad.any() and text[bad].str.fullmatch(r"[-+]?\d+,\d+").all():
        found = pd.to_numeric(text.str.replace(",", "."), errors="coerce")
        bad = text.notna() & (text != "") & found.isna()
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise Refusal(
            f"The column '{column.name}' of {path.name} holds text: {text.iloc[row][:40]!r} "
            f"on line {row + 2}, and {int(bad.sum())} such cells in all.",
            "The model needs numbers; ordered answers are numbers in their order.",
            f"Recode them, or name marks of missing values with --missing-mark "
            f"{_quoted(text.iloc[row][:20])}.",
        )
    if np.isinf(found).any():
        raise Refusal(
            f"The column '{column.name}' of {path.name} holds an infinite number.",
            "Nothing can be computed from it.",
            "Correct it, or make it a missing value.",
        )
    return found


def _quoted(text: str) -> str:
    return f"'{text}'" if re.search(r"[^\w.-]", text) else text


def names_of(model: str, *, path: Path) -> list[str]:
    """Return the observed variables that a model names.

    Raises
    ------
    Refusal
        If the model cannot be read; it names the line.
    """
    from footbridge.latent.complete import exogenous_roles
    from footbridge.latent.errors import LatentError
    from footbridge.latent.syntax import parse_model

    try:
        return [*exogenous_roles(parse_model(model), ()).ov]
    except LatentError as error:
        raise Refusal(f"{path.name}: {error.what}", error.why, error.todo) from error


def columns_of(
    model: str, named: Sequence[str], occasions: Mapping[str, Sequence[str]] | None
) -> list[str]:
    """Return the columns to read: over time, a model written once names none of them itself."""
    if not occasions:
        return [*named]
    from footbridge.latent.syntax import parse_model

    factors = {s.lhs for s in parse_model(model).statements if s.op == "=~"}
    listed = [name for names in occasions.values() for name in names]
    return [*named] if set(listed) <= factors else listed
