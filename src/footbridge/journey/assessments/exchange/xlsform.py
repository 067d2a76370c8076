"""XLSForm: a workbook with the sheets survey, choices and settings, as ODK and Kobo use it.

References
----------
https://xlsform.org: question types, ``label::Language (code)``, ``relevant``, ``constraint``.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from footbridge.journey.assessments.exchange import extras, logic, texts
from footbridge.journey.assessments.exchange.archives import check_workbook, members
from footbridge.journey.assessments.exchange.redcap import BOUNDS, MOST_NUMBERS, UNANSWERED
from footbridge.journey.assessments.exchange.sheet import Ledger, Question, RefusedFileError, Sheet
from footbridge.journey.assessments.rules import (
    Condition,
    Instrument,
    Item,
    Option,
    Range,
    Words,
)
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop

COLUMNS = 80
LANGUAGES = {Language.EN: "English (en)", Language.ZH: "中文 (zh)"}
_METADATA = frozenset(
    {"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"}
    | {"username", "email", "audit", "start-geopoint", "calculate", "hidden", "xml-external"}
)
_SHOWS_WHO = frozenset(
    {"geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode"}
    | {"background-audio"}
)
_CORE = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>
"""

Cells = Mapping[str, str]


def read(data: bytes, *, language: Language) -> tuple[Sheet, Ledger]:
    """Return the instrument of an XLSForm, and everything wrong with it.

    Parameters
    ----------
    language : Language
        Of words in a column without a language, where the settings do not say.

    Raises
    ------
    RefusedFileError
        If the file as a whole cannot be read.
    """
    ledger = Ledger()
    tables = _tables(data, ledger)
    if not tables.get("survey") or "choices" not in tables:
        raise texts.refuse(
            gettext_noop(
                "The workbook has no sheets “survey” and “choices”, so it is no XLSForm. Choose "
                "another file."
            )
        )
    settings = tables.get("settings", [])
    about = settings[0][1] if settings else {}
    usual = texts.language_of(about.get("default_language", "")) or language
    reader = _Reader(ledger, usual, _lists(tables["choices"], ledger, usual))
    for where, cells in tables["survey"]:
        reader.read(where, cells)
    extra = texts.noted(about.get("scoring"), ledger, where="settings 2", column="scoring")
    shown = texts.clean(about.get("form_title"), ledger, where="settings 2", column="form_title")
    title = ({usual: shown} if shown else {}) | extras.titles(extra)
    name = about.get("form_id") or shown
    return Sheet(name, title, reader.instruction, tuple(reader.questions), extra), ledger


def _tables(data: bytes, ledger: Ledger) -> dict[str, list[tuple[str, Cells]]]:
    check_workbook(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        return {
            sheet.title.strip().lower(): list(_table(sheet, ledger))
            for sheet in book.worksheets
            if sheet.title.strip().lower() in {"survey", "choices", "settings"}
        }
    except (
        ValueError, KeyError, TypeError, AttributeError, IndexError, OSError,
        SyntaxError, zipfile.BadZipFile, zlib.error, EOFError, InvalidFileException,
    ) as error:  # fmt: skip
        if isinstance(error, RefusedFileError):
            raise
        raise texts.refuse(
            gettext_noop("The workbook is damaged. Save it again from a spreadsheet program.")
        ) from error


def _table(sheet: object, ledger: Ledger) -> Iterator[tuple[str, Cells]]:
    header: list[str] = []
    name = str(getattr(sheet, "title", "")).strip().lower()
    rows = sheet.iter_rows(max_row=texts.ROWS + 2, max_col=COLUMNS)  # type: ignore[attr-defined]
    for at, row in enumerate(rows, start=1):
        if at > texts.ROWS:
            raise texts.refuse(
                gettext_noop("The file has {count} rows, and at most {most} are read."),
                count=f"> {texts.ROWS}",
                most=texts.ROWS,
            )
        for cell in row:
            if cell.data_type == "f":
                formula = gettext_noop(
                    "This cell holds a formula. Put its result there as plain words."
                )
                ledger.tell(f"{name} {at}", cell.coordinate, formula)
        cells = ["" if cell.data_type == "f" else _text(cell.value) for cell in row]
        if not header:
            header = [_column(cell) for cell in cells]
        elif any(cells):
            yield f"{name} {at}", {key: text for key, text in zip(header, cells) if key}


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).rstrip()


def _column(text: str) -> str:
    first, *more = re.split(r"\s*::?\s*", text.strip(), maxsplit=1)
    plain = first.lower().replace(" ", "_")
    plain = {"relevance": "relevant", "list": "list_name", "value": "name"}.get(plain, plain)
    return f"{plain}::{more[0]}" if more else plain


def _words(cells: Cells, column: str, where: str, *, ledger: Ledger, usual: Language) -> Words:
    found: dict[Language, str] = {}
    for key, text in cells.items():
        kind, _, name = key.partition("::")
        language = texts.language_of(name) if name else usual
        if kind == column and text and language is not None:
            found[language] = texts.clean(text, ledger, where=where, column=key)
    return {one: text for one, text in found.items() if text}


def _lists(
    rows: Sequence[tuple[str, Cells]], ledger: Ledger, usual: Language
) -> dict[str, list[Option]]:
    found: dict[str, list[Option]] = {}
    for where, cells in rows:
        held = found.setdefault(cells.get("list_name", "").strip(), [])
        value = texts.whole(cells.get("name"))
        if value is None or any(one.value == value for one in held):
            code = gettext_noop(
                "“{name}” is no code of an answer: write a whole number that its list has once."
            )
            ledger.tell(where, "name", code, name=cells.get("name", ""))
            continue
        held.append(Option(value, _words(cells, "label", where, ledger=ledger, usual=usual)))
    return found


@dataclass
class _Reader:
    """The state of one reading."""

    ledger: Ledger
    usual: Language
    lists: Mapping[str, list[Option]]
    questions: list[Question] = field(default_factory=list)
    instruction: Words = field(default_factory=dict)
    groups: list[tuple[Condition, ...]] = field(default_factory=list)

    def read(self, where: str, cells: Cells) -> None:
        kind, _, rest = " ".join(cells.get("type", "").lower().split()).partition(" ")
        whole = f"{kind}_{rest}" if kind in {"begin", "end"} else kind
        match whole:
            case "":
                return
            case "note":
                self._note(where, cells)
            case "begin_group":
                self._note(where, cells)
                self.groups.append(self._branching(where, cells))
            case "end_group":
                self.groups[-1:] = []
            case "select_one" | "integer" | "range":
                # A list's name keeps its capitals.
                _, _, listed = " ".join(cells["type"].split()).partition(" ")
                self._question(where, cells, kind, listed.partition(" ")[0])
            case _ if whole in _METADATA:
                left = gettext_noop("“{kind}” is left out: nothing of the sort is kept here.")
                self.ledger.note(where, "type", left, kind=whole)
            case _ if whole in _SHOWS_WHO:
                shows = gettext_noop(
                    "“{kind}” is refused: it may show who somebody is, or where. Take it out."
                )
                self.ledger.tell(where, "type", shows, kind=whole)
            case _:
                other = gettext_noop(
                    "“{kind}” cannot be asked here: answers are one choice or a whole number. Take "
                    "it out, or make it select_one."
                )
                self.ledger.tell(where, "type", other, kind=whole)

    def _words(self, cells: Cells, column: str, where: str) -> Words:
        return _words(cells, column, where, ledger=self.ledger, usual=self.usual)

    def _note(self, where: str, cells: Cells) -> None:
        words = self._words(cells, "label", where)
        if words and not self.instruction and not self.questions:
            self.instruction = words
        elif words:
            left = gettext_noop("Only words before the first question are kept as instruction.")
            self.ledger.note(where, "label", left)

    def _question(self, where: str, cells: Cells, kind: str, listed: str) -> None:
        name = texts.name_of(cells.get("name"), self.ledger, where=where, column="name")
        if any(one.name == name for one in self.questions):
            twice = gettext_noop("Another question has the same name. Rename one of the two.")
            self.ledger.tell(where, "name", twice)
            return
        options = tuple(self.lists.get(listed, ())) if kind == "select_one" else ()
        if kind == "select_one" and not options:
            none = gettext_noop("The sheet “choices” has no list “{name}”. Add it.")
            self.ledger.tell(where, "type", none, name=listed)
        numbers = None if kind == "select_one" else self._range(where, cells, kind)
        if not name or not (options or numbers):
            return
        above = tuple(one for group in self.groups for one in group)
        extra = texts.noted(cells.get("scoring"), self.ledger, where=where, column="scoring")
        self.questions.append(
            Question(
                name,
                where,
                self._words(cells, "label", where),
                options,
                numbers,
                self._words(cells, "hint", where),
                (*above, *self._branching(where, cells)),
                extra,
            )
        )

    def _branching(self, where: str, cells: Cells) -> tuple[Condition, ...]:
        text = cells.get("relevant", "")
        if not text:
            return ()
        try:
            tree = logic.parse(text)
            found = logic.conditions(tree, {one.name: one.values for one in self.questions})
        except logic.LogicError as error:
            self.ledger.tell(where, "relevant", error.sentence, **error.values)
            return ()
        if logic.holds_unanswered(tree):
            self.ledger.note(where, "relevant", UNANSWERED)
        return found

    def _range(self, where: str, cells: Cells, kind: str) -> Range | None:
        if kind == "range":
            given = dict(
                re.findall(r"(start|end|step)\s*=\s*(-?\d{1,9})", cells.get("parameters", ""))
            )
            ends = [texts.whole(given.get(name)) for name in ("start", "end")]
            step = given.get("step", "1")
            values = [] if None in ends or step != "1" else [one for one in ends if one is not None]
        else:
            values = self._allowed(cells.get("constraint", ""))
        if not values or not values[0] < values[-1] <= values[0] + MOST_NUMBERS:
            self.ledger.tell(where, "constraint", BOUNDS, most=MOST_NUMBERS)
            return None
        return Range(values[0], values[-1])

    @staticmethod
    def _allowed(text: str) -> list[int]:
        """Return the whole numbers that a constraint allows; none where it sets no ends."""
        try:
            tree = logic.parse(text)
            every = range(-2 * MOST_NUMBERS, 2 * MOST_NUMBERS + 1)
            (found,) = logic.conditions(tree, {".": every})
        except (logic.LogicError, ValueError):
            return []
        values = sorted(found.values)
        closed = values[0] > every[0] and values[-1] < every[-1]
        return values if closed and len(values) == values[-1] - values[0] + 1 else []


def write(instrument: Instrument) -> bytes:
    """Return an instrument as an XLSForm in all its languages; the same one, the same bytes."""
    instrument = extras.renamed(instrument, xml_name)
    held = [one for one in Language if any(item.words.get(one) for item in instrument.items)]
    held = held or [min(instrument.languages)]
    book = Workbook()
    lists: list[tuple[Option, ...]] = []
    survey = [_note_row(instrument, held)]
    survey += [_item_row(item, held, lists) for item in instrument.items]
    choices = [
        {"list_name": name, "name": str(one.value)} | _columns("label", one.words, held)
        for name, options in ((_list_name(at), options) for at, options in enumerate(lists))
        for one in options
    ]
    settings = {
        "form_title": instrument.title.get(held[0]) or next(iter(instrument.title.values()), ""),
        "form_id": instrument.id,
        "version": str(instrument.version),
        "default_language": LANGUAGES[held[0]],
        "scoring": extras.packed(extras.of_instrument(instrument)),
    }
    for name, rows in (("survey", survey), ("choices", choices), ("settings", [settings])):
        _fill(book.create_sheet(name), rows)
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def xml_name(id_: str) -> str:
    """Return an id as XLSForm wants its names: it does not begin with a digit.

    Examples
    --------
    >>> xml_name("9"), xml_name("nose-eyes")
    ('q_9', 'nose-eyes')
    """
    return id_ if id_[:1].isalpha() else f"q_{id_}"


def _columns(kind: str, words: Words, languages: Sequence[Language]) -> dict[str, str]:
    return {f"{kind}::{LANGUAGES[one]}": words.get(one, "") for one in languages}


def _note_row(instrument: Instrument, languages: Sequence[Language]) -> dict[str, str]:
    words = _columns("label", instrument.instruction, languages)
    hints = _columns("hint", {}, languages)
    more = {"relevant": "", "constraint": "", "scoring": ""}
    return {"type": "note", "name": "instruction", **words, **hints, **more}


def _item_row(
    item: Item, languages: Sequence[Language], lists: list[tuple[Option, ...]]
) -> dict[str, str]:
    kind, constraint = "integer", ""
    if item.options:
        plain = tuple(Option(one.value, one.words) for one in item.options)
        if plain not in lists:
            lists.append(plain)
        kind = f"select_one {_list_name(lists.index(plain))}"
    elif item.numbers is not None:
        constraint = f". >= {item.numbers.least} and . <= {item.numbers.most}"
    return {
        "type": kind,
        "name": item.id,
        **_columns("label", item.words, languages),
        **_columns("hint", item.hint, languages),
        "relevant": logic.written(item.show_when, name=lambda one: f"${{{one}}}"),
        "constraint": constraint,
        "scoring": extras.packed(extras.of_item(item)),
    }


def _list_name(at: int) -> str:
    return f"answers{at + 1}"


def _fill(sheet: object, rows: Sequence[Mapping[str, str]]) -> None:
    header = list(rows[0]) if rows else ["list_name", "name"]
    for at, values in enumerate([dict.fromkeys(header), *rows]):
        for column, name in enumerate(header, start=1):
            text = name if at == 0 else texts.safe_cell(values[name] or "")
            cell = sheet.cell(at + 1, column, text or None)  # type: ignore[attr-defined]
            if text:
                cell.value, cell.data_type = text, "s"  # never a formula, whatever it begins with


def _without_clock(data: bytes) -> bytes:
    """Return a workbook without the moment and the program that made it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in members(data).items():
            kept = _CORE if name == "docProps/core.xml" else content
            box.writestr(zipfile.ZipInfo(name), kept, zipfile.ZIP_DEFLATED)
    return out.getvalue()
