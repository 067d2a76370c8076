"""REDCap: a data dictionary as CSV, and an instrument zip that holds one as instrument.csv.

References
----------
REDCap data dictionary: 18 columns in a fixed order, one field a row, choices as
``code, label | code, label``; an instrument zip holds ``instrument.csv``.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from footbridge.journey.assessments.exchange import extras, logic, texts
from footbridge.journey.assessments.exchange.archives import members
from footbridge.journey.assessments.exchange.sheet import Ledger, Question, Sheet
from footbridge.journey.assessments.rules import Condition, Instrument, Item, Option, Range
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop

# As the data dictionary's page names them, and as its interface for programs does.
COLUMNS = {
    "Variable / Field Name": "field_name",
    "Form Name": "form_name",
    "Section Header": "section_header",
    "Field Type": "field_type",
    "Field Label": "field_label",
    "Choices, Calculations, OR Slider Labels": "select_choices_or_calculations",
    "Field Note": "field_note",
    "Text Validation Type OR Show Slider Number": "text_validation_type_or_show_slider_number",
    "Text Validation Min": "text_validation_min",
    "Text Validation Max": "text_validation_max",
    "Identifier?": "identifier",
    "Branching Logic (Show field only if...)": "branching_logic",
    "Required Field?": "required_field",
    "Custom Alignment": "custom_alignment",
    "Question Number (surveys only)": "question_number",
    "Matrix Group Name": "matrix_group_name",
    "Matrix Ranking?": "matrix_ranking",
    "Field Annotation": "field_annotation",
}
_NAMES = {name: shown for shown, name in COLUMNS.items()}
_NEEDED = ("field_name", "form_name", "field_type", "field_label")
_MARK = "@FOOTBRIDGE="
_YES_NO = {Language.EN: ("No", "Yes"), Language.ZH: ("否", "是")}
_TRUE_FALSE = {Language.EN: ("False", "True"), Language.ZH: ("错", "对")}
INSIDE = "instrument.csv"

Cells = Mapping[str, str]


def read_zip(data: bytes, *, language: Language, form: str = "") -> tuple[Sheet, Ledger]:
    """Return the instrument of a REDCap instrument zip; see `read_csv`."""
    held = members(data)
    if INSIDE not in held:
        raise texts.refuse(
            gettext_noop(
                "The archive holds no {name}, so it is no REDCap instrument zip. Download it "
                "again from REDCap's list of instruments."
            ),
            name=INSIDE,
        )
    return read_csv(held[INSIDE], language=language, form=form)


def read_csv(data: bytes, *, language: Language, form: str = "") -> tuple[Sheet, Ledger]:
    """Return the instrument of a REDCap data dictionary, and everything wrong with it.

    Parameters
    ----------
    language : Language
        Of its words: a dictionary does not say.
    form : str
        The form to take where the dictionary has several.

    Raises
    ------
    RefusedFileError
        If the file as a whole cannot be read.
    """
    rows = _rows(texts.decoded(data))
    forms = list(dict.fromkeys(cells["form_name"] for _, cells in rows))
    wanted = form.strip() or (forms[0] if len(forms) == 1 else "")
    if wanted not in forms:
        raise texts.refuse(
            gettext_noop(
                "This dictionary holds several forms: {forms}. Write the name of the one to load "
                "into “Form”."
            ),
            forms=", ".join(forms),
        )
    reader = _Reader(language, first=rows[0][1]["field_name"])
    for where, cells in rows:
        if cells["form_name"] == wanted:
            reader.read(where, cells)
    shown = reader.clean(wanted.replace("_", " ").capitalize(), "", "form_name")
    title = {language: shown} | extras.titles(reader.about)
    instruction = {language: reader.instruction} if reader.instruction else {}
    return Sheet(wanted, title, instruction, tuple(reader.questions), reader.about), reader.ledger


def _rows(text: str) -> list[tuple[str, Cells]]:
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        table = []
    header = [COLUMNS.get(cell.strip(), cell.strip().lower()) for cell in table[0]] if table else []
    missing = [_NAMES[name] for name in _NEEDED if name not in header]
    if missing or len(set(header)) < len(header):
        raise texts.refuse(
            gettext_noop(
                "This is no REDCap data dictionary: the column {columns} is missing or twice "
                "there. Download the dictionary again, as CSV with commas."
            ),
            columns=", ".join(missing) or "?",
        )
    if len(table) > texts.ROWS:
        raise texts.refuse(
            gettext_noop("The file has {count} rows, and at most {most} are read."),
            count=len(table),
            most=texts.ROWS,
        )
    blank = dict.fromkeys(COLUMNS.values(), "")
    rows: list[tuple[str, Cells]] = [
        (str(at), {**blank, **dict(zip(header, row, strict=False))})
        for at, row in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not rows:
        raise texts.refuse(gettext_noop("The dictionary has no field. Choose another file."))
    return rows


@dataclass
class _Reader:
    """The state of one reading."""

    language: Language
    first: str
    ledger: Ledger = field(default_factory=Ledger)
    questions: list[Question] = field(default_factory=list)
    about: Mapping[str, object] = field(default_factory=dict)
    instruction: str = ""

    def clean(self, text: str, where: str, column: str) -> str:
        shown = _NAMES.get(column, column)
        return texts.clean(text, self.ledger, where=where, column=shown)

    def read(self, where: str, cells: Cells) -> None:
        kind = cells["field_type"].strip().lower()
        if cells["identifier"].strip().lower() == "y":
            self.ledger.tell(
                where,
                _NAMES["identifier"],
                gettext_noop(
                    "This field is marked as an identifier. Nothing here says who somebody is: "
                    "take the field out."
                ),
            )
            return
        if kind == "descriptive":
            self.about = self._extra(where, cells) or self.about
            self._describe(where, cells, "field_label")
        elif cells["section_header"].strip():
            self._describe(where, cells, "section_header")
        if kind in {"descriptive", "calc"}:
            if kind == "calc" and not cells["field_annotation"]:
                told = gettext_noop("Calculated fields are left out: scores are worked out here.")
                self.ledger.note(where, _NAMES["field_type"], told)
            return
        opening = cells["field_name"] == self.first and not self.questions
        if opening and kind == "text" and not _validation(cells):
            return  # the record's own number, which every dictionary begins with
        self._question(where, cells, kind)

    def _describe(self, where: str, cells: Cells, column: str) -> None:
        words = self.clean(cells[column], where, column)
        if not self.instruction and not self.questions:
            self.instruction = words
        elif words:
            left = gettext_noop("Only words before the first question are kept as instruction.")
            self.ledger.note(where, _NAMES[column], left)

    def _extra(self, where: str, cells: Cells) -> Mapping[str, object]:
        _, found, raw = cells["field_annotation"].partition(_MARK)
        if not found:
            return {}
        column = _NAMES["field_annotation"]
        return texts.noted(raw, self.ledger, where=where, column=column)

    def _question(self, where: str, cells: Cells, kind: str) -> None:
        column = _NAMES["field_name"]
        name = texts.name_of(cells["field_name"], self.ledger, where=where, column=column)
        if any(one.name == name for one in self.questions):
            twice = gettext_noop("Another field has the same name. Rename one of the two.")
            self.ledger.tell(where, column, twice)
            return
        options, numbers = self._answers(where, cells, kind)
        words = self.clean(cells["field_label"], where, "field_label")
        hint = self.clean(cells["field_note"], where, "field_note")
        if not name or not (options or numbers):
            return
        self.questions.append(
            Question(
                name,
                where,
                {self.language: words} if words else {},
                options,
                numbers,
                {self.language: hint} if hint else {},
                self._branching(where, cells["branching_logic"]),
                self._extra(where, cells),
            )
        )

    def _branching(self, where: str, text: str) -> tuple[Condition, ...]:
        if not text.strip():
            return ()
        answers = {one.name: one.values for one in self.questions}
        try:
            tree = logic.parse(text)
            found = logic.conditions(tree, answers)
        except logic.LogicError as error:
            self.ledger.tell(where, _NAMES["branching_logic"], error.sentence, **error.values)
            return ()
        if logic.holds_unanswered(tree):
            self.ledger.note(where, _NAMES["branching_logic"], UNANSWERED)
        return found

    def _answers(
        self, where: str, cells: Cells, kind: str
    ) -> tuple[tuple[Option, ...], Range | None]:
        if kind in {"radio", "dropdown"}:
            return tuple(self._options(where, cells["select_choices_or_calculations"])), None
        if kind in {"yesno", "truefalse"}:
            pair = (_YES_NO if kind == "yesno" else _TRUE_FALSE)[self.language]
            return tuple(Option(value, {self.language: pair[value]}) for value in (1, 0)), None
        if kind == "slider":
            return (), self._range(where, cells, ("0", "100"))
        if kind == "text" and _validation(cells) in {"integer", "number"}:
            return (), self._range(where, cells, ("", ""))
        refused = _REFUSED.get(kind, _NOT_ASKED)
        self.ledger.tell(where, _NAMES["field_type"], refused, kind=kind)
        return (), None

    def _range(self, where: str, cells: Cells, usual: tuple[str, str]) -> Range | None:
        low = texts.whole(cells["text_validation_min"].strip() or usual[0])
        high = texts.whole(cells["text_validation_max"].strip() or usual[1])
        if low is None or high is None or not low < high <= low + MOST_NUMBERS:
            self.ledger.tell(where, _NAMES["text_validation_min"], BOUNDS, most=MOST_NUMBERS)
            return None
        return Range(low, high)

    def _options(self, where: str, text: str) -> Iterator[Option]:
        column = _NAMES["select_choices_or_calculations"]
        seen: set[int] = set()
        for part in text.split("|"):
            code, comma, words = part.partition(",")
            value = texts.whole(code)
            if not comma or value is None or value in seen:
                self.ledger.tell(where, column, CHOICES, part=part.strip())
                return
            seen.add(value)
            kept = self.clean(words.removeprefix(" "), where, "select_choices_or_calculations")
            yield Option(value, {self.language: kept} if kept else {})


def _validation(cells: Cells) -> str:
    return cells["text_validation_type_or_show_slider_number"].strip().lower()


MOST_NUMBERS = 1_000
BOUNDS = gettext_noop(
    "A number needs its lowest and highest value here, whole and at most {most} apart. Add both."
)
UNANSWERED = gettext_noop(
    "As written, this question would also be asked before the earlier one is answered; here it "
    "waits for that answer."
)
CHOICES = gettext_noop(
    "“{part}” is no choice: write a whole number of its own, a comma and the words, and part "
    "choices by |."
)
_NOT_ASKED = gettext_noop(
    "A field of the type “{kind}” cannot be asked here: answers are choices or whole numbers. Take "
    "it out, or make it a radio field."
)
_REFUSED = {
    "file": gettext_noop(
        "Files and signatures are refused: they may show who somebody is. Take the field out."
    ),
    "notes": gettext_noop(
        "Free text is refused: it is where names slip in. Take the field out, or make it a radio "
        "field."
    ),
    "text": gettext_noop(
        "Free text is refused: it is where names slip in. Take the field out, or let it take whole "
        "numbers with a lowest and a highest value."
    ),
    "checkbox": gettext_noop(
        "Several answers to one question cannot be kept. Make each choice a question of its own, "
        "with yes and no."
    ),
}


def write_csv(instrument: Instrument, *, language: Language) -> bytes:
    """Return an instrument as a data dictionary in one language."""
    instrument, form = extras.renamed(instrument, field_name), field_name(instrument.id)
    out = io.StringIO(newline="")
    write = csv.DictWriter(out, list(COLUMNS.values()), restval="", lineterminator="\r\n")
    write.writerow(_NAMES)
    about = {
        "field_name": f"{form}_about",
        "form_name": form,
        "field_type": "descriptive",
        "field_label": texts.safe_cell(instrument.instruction.get(language, "")),
        "field_annotation": _MARK + extras.packed(extras.of_instrument(instrument)),
    }
    write.writerow({"field_name": "record_id", "form_name": form, "field_type": "text"})
    write.writerow(about)
    for item in instrument.items:
        write.writerow(_written(item, form, language))
    return out.getvalue().encode("utf-8")


def write_zip(instrument: Instrument, *, language: Language) -> bytes:
    """Return an instrument zip; the same instrument gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        text = write_csv(instrument, language=language)
        box.writestr(zipfile.ZipInfo(INSIDE), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def field_name(id_: str) -> str:
    """Return an id as REDCap wants its names: small letters, digits and _.

    Examples
    --------
    >>> field_name("nose-eyes"), field_name("9a")
    ('nose_eyes', 'q_9a')
    """
    plain = re.sub(r"[^a-z0-9_]", "_", id_.lower())
    return plain if plain[:1].isalpha() else f"q_{plain}"


def _written(item: Item, form: str, language: Language) -> dict[str, str]:
    choices = " | ".join(
        f"{one.value}, {one.words.get(language, '').replace('|', '/')}" for one in item.options
    )
    extra = extras.packed(extras.of_item(item))
    row = {
        "field_name": item.id,
        "form_name": form,
        "field_type": "radio" if item.options else "text",
        "field_label": texts.safe_cell(item.words.get(language, "")),
        "select_choices_or_calculations": texts.safe_cell(choices),
        "field_note": texts.safe_cell(item.hint.get(language, "")),
        "branching_logic": logic.written(item.show_when, name="[{}]".format),
        "field_annotation": _MARK + extra if extra else "",
    }
    if item.numbers is not None:
        row |= {
            "text_validation_type_or_show_slider_number": "integer",
            "text_validation_min": str(item.numbers.least),
            "text_validation_max": str(item.numbers.most),
        }
    return row
