"""Cells and bytes of a hostile file: bounded, UTF-8, without control characters or formulas."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from footbridge.journey.assessments.exchange.sheet import Ledger, RefusedFileError
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop

FILE_BYTES = 2_000_000
ROWS = 2_000
CELL = 4_000
_TAG = re.compile(r"<[^<>]{0,2000}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
_LINK = re.compile(r"/?([A-Za-z0-9][A-Za-z0-9_.-]{0,59})")


def refuse(sentence: str, **values: object) -> RefusedFileError:
    """Return the refusal of a file as a whole."""
    ledger = Ledger()
    ledger.tell("", "", sentence, **values)
    return RefusedFileError(ledger.errors)


def decoded(data: bytes) -> str:
    """Return a text file's text.

    Raises
    ------
    RefusedFileError
        If it is too large, or not UTF-8.
    """
    check_size(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse(
            gettext_noop(
                "The file is not UTF-8, so its words would come out wrong. Save it again: in a "
                "spreadsheet choose “CSV UTF-8”."
            )
        ) from None
    if _CONTROL.search(text):
        raise refuse(
            gettext_noop(
                "The file holds control characters, which no questionnaire needs. Export it "
                "again from the tool it comes from."
            )
        )
    return text


def check_size(data: bytes) -> None:
    """Refuse a file that is larger than any questionnaire, or empty.

    Raises
    ------
    RefusedFileError
        In both cases.
    """
    if len(data) > FILE_BYTES:
        raise refuse(
            gettext_noop(
                "The file is larger than {megabytes} MB. A questionnaire is not: check that it is "
                "the right file, without pictures."
            ),
            megabytes=FILE_BYTES // 1_000_000,
        )
    if not data.strip():
        raise refuse(gettext_noop("The file is empty. Choose another one."))


def clean(text: object, ledger: Ledger, *, where: str, column: str) -> str:
    """Return the words of one cell, without mark-up; tell what must not be in it."""
    raw = "" if text is None else str(text)
    if len(raw) > CELL:
        ledger.tell(
            where,
            column,
            gettext_noop("This text is longer than {most} characters. Shorten it."),
            most=CELL,
        )
        return ""
    if raw.startswith(_FORMULA):
        ledger.tell(
            where,
            column,
            gettext_noop(
                "This text begins like a formula of a spreadsheet ({start}). Begin it with a "
                "letter, or put a blank before it."
            ),
            start=raw[:1].strip() or "tab",
        )
        return ""
    if "${" in raw or _CONTROL.search(raw):
        ledger.tell(
            where,
            column,
            gettext_noop(
                "This text holds a control character or the answer of another question, which "
                "cannot be shown here. Write it as plain words."
            ),
        )
        return ""
    plain = " ".join(html.unescape(_TAG.sub(" ", raw)).split()) if "<" in raw else raw.strip()
    if plain != raw.strip():
        ledger.note(where, column, gettext_noop("Its formatting was left out; the words stay."))
    return plain


def safe_cell(text: str) -> str:
    """Return words as a CSV may hold them: what looks like a formula gets a blank before it.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("never")
    (' =1+1', 'never')
    """
    return f" {text}" if text.startswith(_FORMULA) else text


def name_of(text: object, ledger: Ledger, *, where: str, column: str) -> str:
    """Return a question's name in small letters; tell where it is none."""
    name = str(text or "").strip()
    if not _NAME.fullmatch(name):
        ledger.tell(
            where,
            column,
            gettext_noop(
                "“{name}” cannot be a name: begin with a letter, then letters, digits and _ only, "
                "60 at most."
            ),
            name=name,
        )
        return ""
    return name.lower()


def link_of(text: object, ledger: Ledger, *, where: str) -> str:
    """Return a FHIR linkId as a name; other than elsewhere it may begin with a digit.

    Examples
    --------
    >>> link_of("/44250-9", Ledger(), where="")
    '44250-9'
    """
    found = _LINK.fullmatch(str(text or "").strip())
    return found[1].lower() if found else name_of(text, ledger, where=where, column="linkId")


def whole(text: object) -> int | None:
    """Return a whole number that a cell holds; None where it holds none.

    Examples
    --------
    >>> whole(" 3 "), whole("3.0"), whole("3.5"), whole("three"), whole("")
    (3, 3, None, None, None)
    """
    found = re.fullmatch(r"\s*(-?\d{1,9})(?:\.0{1,9})?\s*", str("" if text is None else text))
    return int(found[1]) if found else None


def language_of(code: str) -> Language | None:
    """Return the language of a code or name such as ``zh-CN``; None where there is no page for it.

    Examples
    --------
    >>> language_of("zh-Hans"), language_of("English (en)"), language_of("fr")
    (<Language.ZH: 'zh'>, <Language.EN: 'en'>, None)
    """
    text = code.strip().lower()
    inner = re.search(r"\(([a-z]{2,3}[\w-]*)\)\s*$", text)
    short = (inner[1] if inner else text).replace("_", "-").partition("-")[0]
    if short in {"en", "eng", "english"}:
        return Language.EN
    return Language.ZH if short in {"zh", "zho", "chi", "chinese", "中文", "简体中文"} else None


def noted(text: object, ledger: Ledger, *, where: str, column: str) -> Mapping[str, Any]:
    """Return what this program once wrote into a cell about scoring; empty where nothing."""
    raw = str(text or "").strip()
    if not raw:
        return {}
    try:
        found = json.loads(raw[:FILE_BYTES])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not plain_values(found):
        ledger.tell(
            where,
            column,
            gettext_noop(
                "What this program once wrote here about scoring was changed and can no longer be "
                "read. Empty the cell, or export the instrument again."
            ),
        )
        return {}
    return found


def plain_values(value: object, *, depth: int = 8) -> bool:
    """Whether a value read from JSON is shallow, and its texts short and without control."""
    if depth == 0:
        return False
    if isinstance(value, dict):
        return all(
            isinstance(name, str) and len(name) <= CELL and plain_values(one, depth=depth - 1)
            for name, one in value.items()
        )
    if isinstance(value, list):
        return len(value) <= ROWS and all(plain_values(one, depth=depth - 1) for one in value)
    if isinstance(value, str):
        return len(value) <= CELL and not _CONTROL.search(value)
    if isinstance(value, float):
        return abs(value) < 1e9
    return value is None or isinstance(value, bool) or abs(int(str(value))) < 10**9
