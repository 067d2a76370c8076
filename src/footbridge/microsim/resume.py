"""Draws that are done, kept line by line, so that a comparison that was killed can go on.

The first line says what the draws belong to, every other line holds one finished draw: the
measures of each scenario, and where people are by year, digit by digit as they were computed.
A draw is known by its content (parameter values, scenarios, persons, seed, months, years that
count), not by its place, so more draws may be asked for later, and a curve finds its own points.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.errors import MicrosimError
from footbridge.microsim.measures import Window
from footbridge.microsim.parameters import Values
from footbridge.microsim.run import Setting
from footbridge.microsim.scenarios import Scenario

Row = list[tuple[dict[str, float], NDArray[np.float64]]]
Mapper = Callable[..., Iterable[Any]]
KIND = "draws of footbridge simulate and compare, 1"


class Kept:
    """The finished draws of one comparison, in a file.

    Parameters
    ----------
    path : Path
        Made if it is not there, gone on with if it is. A last line that a kill cut short is
        dropped; nothing else of the file is ever changed.
    scenarios : sequence of Scenario
        What is compared, without the baseline.
    how : Setting
        Persons, seed and months; threads and chunks change no result, so they may differ.
    structure : str
        Which posterior draws are run.

    Raises
    ------
    MicrosimError
        If the file cannot be read or written, is something else, or belongs to other scenarios,
        another seed, size or structure, or another version of the model.
    """

    def __init__(
        self, path: Path, scenarios: Sequence[Scenario], how: Setting, *, structure: str
    ) -> None:
        self.path = path
        self.rows: dict[str, Row] = {}
        self.header: dict[str, Any] = {
            "kind": KIND,
            "scenarios": [asdict(one) for one in scenarios],
            "persons": how.n_persons,
            "seed": how.seed,
            "months": how.months,
            "structure": structure,
            "model": fingerprint(),
        }
        try:
            self._open()
        except OSError as error:
            raise MicrosimError(
                f"Draws cannot be kept in {path}: {error.strerror or type(error).__name__}. "
                "Nothing was run. Name a file in a folder that exists and may be written to."
            ) from error

    def _open(self) -> None:
        with self.path.open("ab"):  # makes it, or shows that it may not be written to
            pass
        first = (json.dumps(self.header) + "\n").encode()
        lines = self.path.read_bytes().splitlines(keepends=True)
        whole = [line for line in lines if line.endswith(b"\n")]
        if not whole:
            if lines and not first.startswith(lines[0]):
                raise self._strange()
            self.path.write_bytes(first)
            return
        self._check(whole[0])
        self._read(whole[1:])
        if len(whole) < len(lines):
            with self.path.open("r+b") as file:
                file.truncate(sum(len(line) for line in whole))

    def _read(self, lines: Sequence[bytes]) -> None:
        for number, line in enumerate(lines, start=2):
            try:
                kept = json.loads(line)
                row = [(made, np.array(years)) for made, years in kept["row"]]
                self.rows[kept["draw"]] = row
            except (ValueError, KeyError, TypeError) as error:
                raise MicrosimError(
                    f"Line {number} of {self.path.name} is damaged. No draw can be read from it, "
                    "and nothing was run. Take the line out, and its draw is run again."
                ) from error

    def _strange(self) -> MicrosimError:
        return MicrosimError(
            f"{self.path.name} holds no draws. Its first line is not what `simulate` and "
            "`compare` write. Nothing was run and the file is as it was. Name another file."
        )

    def _check(self, line: bytes) -> None:
        """Raise where the file belongs to something else; say to what."""
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict) or found.get("kind") != KIND:
            raise self._strange()
        asked = json.loads(json.dumps(self.header))
        other = [name for name in asked if found.get(name) != asked[name]]
        if other:
            what = " and ".join(_difference(name, found, asked) for name in other)
            raise MicrosimError(
                f"The draws in {self.path.name} belong to another run: {what}. Mixed with these "
                "they would mean nothing, so nothing was run and the file is as it was. Ask for "
                "what the file holds, or name a new file."
            )

    def over(self, mapper: Mapper) -> Mapper:
        """Return a mapper that runs only what the file does not hold, and keeps what it runs."""

        def kept(function: Callable[..., Row], *columns: Sequence[Any]) -> Iterator[Row]:
            calls = list(zip(*columns, strict=True))
            keys = [key_of(*call) for call in calls]
            missing = {k: call for k, call in zip(keys, calls, strict=True) if k not in self.rows}
            made = iter(mapper(function, *zip(*missing.values(), strict=True)) if missing else ())
            for key in keys:
                if key not in self.rows:
                    self._add(key, next(made))
                yield self.rows[key]

        return kept

    def _add(self, key: str, row: Row) -> None:
        """Append one draw and push it to the disk."""
        line = {"draw": key, "row": [(made, years.tolist()) for made, years in row]}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.rows[key] = row


def _difference(name: str, found: dict[str, Any], asked: dict[str, Any]) -> str:
    """Say in words how the first line of a file differs from what is asked for."""
    if name == "model":
        return "another version of the model made them"
    if name != "scenarios":
        return f"{name} is {found.get(name)} there and {asked[name]} here"
    there, here = (
        ", ".join(one["title"] for one in header.get(name) or []) for header in (found, asked)
    )
    if there == here:
        return f"the text of {here!r} was another one"
    return f"the file is of {there!r}, asked for is {here!r}"


def key_of(values: Values, scenarios: Sequence[Scenario], how: Setting, window: Window) -> str:
    """Return what names a draw: everything that its result depends on, and nothing else."""
    said = [
        sorted(values.items()), [asdict(one) for one in scenarios],
        (how.n_persons, how.seed, how.months, how.engine, how.generator),
        asdict(window),
    ]  # fmt: skip
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


@cache
def fingerprint() -> str:
    """Return a number that changes with any source or data file of this library."""
    digest = sha256()
    for path, content in sorted(_contents(files("footbridge.microsim"), "")):
        digest.update(f"{path} {len(content)} ".encode() + content)
    return digest.hexdigest()[:16]


def _contents(folder: Traversable, at: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _contents(item, f"{at}{item.name}/")
        elif not item.name.startswith("."):
            yield f"{at}{item.name}", item.read_bytes()
