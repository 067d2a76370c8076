"""Scenario files: levers over time, several at once, in TOML; refusals name line and values."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.calendar import FIRST_YEAR, LAST_YEAR, N_MONTHS, month_of
from footbridge.microsim.errors import MicrosimError, ScenarioError
from footbridge.microsim.levers import Lever, registry
from footbridge.microsim.parameters import Values, with_values
from footbridge.microsim.tables import Tables, tables_of

LEVER_KEYS = ("name", "value", "from", "until", "ramp_months", "decay_months")
TOP_KEYS = ("title", "question", "description", "parameters", "lever")


@dataclass(frozen=True, slots=True)
class Timed:
    """One lever over time: from null to `value` over a ramp, and back after `until`."""

    lever: str
    value: float
    start: int
    until: int = N_MONTHS
    ramp: int = 0
    decay: int = 0

    def path(self, null: float) -> NDArray[np.float64]:
        """Return the lever's value in every month."""
        month = np.arange(N_MONTHS, dtype=np.float64)
        risen = np.clip((month - self.start + 1.0) / (self.ramp + 1.0), 0.0, 1.0)
        fallen = np.clip((month - self.until + 1.0) / (self.decay + 1.0), 0.0, 1.0)
        share = risen * (1.0 - fallen)
        return np.where(share > 0.0, null + (self.value - null) * share, null)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of levers over time and of changed parameters."""

    title: str
    question: str = ""
    description: str = ""
    parameters: dict[str, float] = field(default_factory=dict)
    levers: tuple[Timed, ...] = ()


BASELINE = Scenario("Baseline", description="Laws and services as they are.")


def tables_under(values: Values, scenario: Scenario) -> Tables:
    """Return the tables of parameter values with a scenario's parameters and levers applied.

    Levers act in the order of the registry, whatever their order in the file.
    """
    tables = tables_of(with_values(scenario.parameters, values))
    for name, lever in registry().items():
        for one in scenario.levers:
            if one.lever == name:
                tables = lever.apply(tables, one.path(lever.null))
    return tables


def shipped() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the library."""
    folder = files("footbridge.microsim").joinpath("data/scenarios")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir()))


def read(source: str | Path) -> Scenario:
    """Read a scenario file, or a shipped one by its name.

    Raises
    ------
    ScenarioError
        If there is no such file, or it names what is not allowed; the text names the line and
        the allowed values.
    """
    name = str(source)
    if name in shipped():
        inside = files("footbridge.microsim").joinpath(f"data/scenarios/{name}.toml")
        return parse(inside.read_text("utf-8"), name=f"{name}.toml")
    try:
        text = Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"The scenario {name!r} cannot be read: {type(error).__name__}. It is neither a text "
            f"file nor a shipped scenario. Give a path, or one of: {', '.join(shipped())}."
        ) from error
    return parse(text, name=Path(source).name)


def parse(text: str, *, name: str = "scenario") -> Scenario:
    """Return the scenario that a TOML text describes; see `read`."""
    return _Parser(text, name).scenario()


class _Parser:
    """Turns a TOML text into a scenario, remembering where things stand in it."""

    def __init__(self, text: str, name: str) -> None:
        self.lines, self.name = text.splitlines(), name
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ScenarioError(
                f"{name}: this is not TOML: {error}. A scenario file must be. Mend that place; "
                'texts need quotes, and months look like from = "2026-01".'
            ) from error

    def refuse(self, line: int, what: str, why: str, do: str) -> ScenarioError:
        """Return an error in three parts that names the line."""
        return ScenarioError(f"{self.name}, line {line}: {what} {why} {do}")

    def line_of(self, key: str, *, after: int = 0) -> int:
        """Return the number of the first line after another that sets a key."""
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=|\s*\[+{re.escape(key)}[\].]")
        for number, line in enumerate(self.lines, start=1):
            if number > after and pattern.match(line):
                return number
        return max(after, 1)

    def scenario(self) -> Scenario:
        """Return what the file describes."""
        for key in self.data:
            if key not in TOP_KEYS:
                raise self.refuse(
                    self.line_of(key),
                    f"{key!r} is not known here.",
                    "A typing error would otherwise be silently ignored.",
                    f"Allowed: {', '.join(TOP_KEYS)}.",
                )
        if not isinstance(self.data.get("title"), str):
            raise self.refuse(
                1, "There is no title.", "Results are shown under it.", 'Add title = "...".'
            )
        blocks = self.data.get("lever", [])
        if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
            raise self.refuse(
                self.line_of("lever"),
                "lever is not a list of blocks.",
                "Several levers may act at once.",
                "Begin each with a line [[lever]].",
            )
        heads = [n for n, line in enumerate(self.lines, 1) if line.strip() == "[[lever]]"]
        heads += [1] * (len(blocks) - len(heads))
        return Scenario(
            title=self.data["title"],
            question=str(self.data.get("question", "")),
            description=str(self.data.get("description", "")).strip(),
            parameters=self._parameters(),
            levers=tuple(self._lever(b, h) for b, h in zip(blocks, heads, strict=False)),
        )

    def _parameters(self) -> dict[str, float]:
        given = self.data.get("parameters", {})
        for key, value in given.items():
            line = self.line_of(key, after=self.line_of("parameters"))
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.refuse(
                    line, f"{key} is no number.", "Parameters are numbers.", f"Write {key} = 1.0."
                )
            try:
                with_values({key: value})
            except MicrosimError as error:
                raise ScenarioError(f"{self.name}, line {line}: {error}") from error
        return {key: float(value) for key, value in given.items()}

    def _lever(self, block: Mapping[str, Any], head: int) -> Timed:
        for key in block:
            if key not in LEVER_KEYS:
                raise self.refuse(
                    self.line_of(key, after=head),
                    f"{key!r} is not part of a lever.",
                    "A typing error would otherwise be silently ignored.",
                    f"Allowed: {', '.join(LEVER_KEYS)}.",
                )
        lever = self._named(block, head)
        value = self._number(block, "value", head)
        if not lever.low <= value <= lever.high:
            raise self.refuse(
                self.line_of("value", after=head),
                f"{lever.id} = {value:g} is outside its range.",
                f"It is a {lever.unit} ({lever.what}).",
                f"Choose {lever.low:g} to {lever.high:g}; {lever.null:g} changes nothing.",
            )
        start = self._month(block, "from", head)
        until = self._month(block, "until", head) if "until" in block else N_MONTHS
        ramp, decay = (
            int(self._number(block, key, head, least=0.0)) if key in block else 0
            for key in ("ramp_months", "decay_months")
        )
        return Timed(lever.id, value, start, until, ramp, decay)

    def _named(self, block: Mapping[str, Any], head: int) -> Lever:
        levers = registry()
        name = block.get("name")
        if name not in levers:
            raise self.refuse(
                self.line_of("name", after=head),
                f"There is no lever {name!r}.",
                "A scenario can change only what the model knows.",
                f"Allowed: {', '.join(levers)}.",
            )
        return levers[str(name)]

    def _number(
        self, block: Mapping[str, Any], key: str, head: int, *, least: float | None = None
    ) -> float:
        value = block.get(key)
        wrong = isinstance(value, bool) or not isinstance(value, int | float)
        if wrong or not np.isfinite(float(value or 0.0)):
            raise self.refuse(
                self.line_of(key, after=head) if key in block else head,
                f"{key} = {value!r} is no number.",
                "A lever needs one.",
                f"Write {key} = followed by a number.",
            )
        if least is not None and float(value or 0.0) < least:
            raise self.refuse(
                self.line_of(key, after=head),
                f"{key} = {value} is too small.",
                "Time runs forward.",
                f"Use {least:g} or more.",
            )
        return float(value or 0.0)

    def _month(self, block: Mapping[str, Any], key: str, head: int) -> int:
        value = block.get(key)
        text = value.strftime("%Y-%m") if isinstance(value, date) else str(value)
        match = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and 1 <= int(match[2]) <= 12:
            return month_of(int(match[1]), int(match[2]))
        raise self.refuse(
            self.line_of(key, after=head) if key in block else head,
            f"{key} = {value!r} is no month of the model.",
            "A lever begins at the start of a month.",
            f'Write {key} = "2026-01"; allowed are {FIRST_YEAR}-01 to {LAST_YEAR}-12.',
        )
