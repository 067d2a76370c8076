"""Hostile files: refused before they cost anything, with a reason, and never with a crash."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from footbridge.journey.assessments.exchange import archives, files, texts, xlsform
from footbridge.journey.assessments.exchange.files import Shape
from footbridge.journey.assessments.exchange.sheet import RefusedFileError
from footbridge.journey.consents.rules import Language
from tests.journey.assessments.exchange import made

EN = Language.EN


def refusal(data, *, language=EN):
    """Return everything that is said of a file that must not be loaded."""
    try:
        _, ledger = files.read(data, language=language)
    except RefusedFileError as error:
        return " ".join(problem.say() for problem in error.problems)
    assert ledger.errors
    return " ".join(problem.say() for problem in ledger.errors)


def problems_of(data):
    """Return every problem of a file, also of one that is refused as a whole."""
    try:
        _, ledger = files.read(data, language=EN)
    except RefusedFileError as error:
        return error.problems
    return ledger.problems


def zipped(**held):
    """Return a zip of some files; the names are written with __ for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in held.items():
            box.writestr(name.replace("__", "."), data)
    return out.getvalue()


def workbook(**sheets):
    """Return a workbook of some sheets."""
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_form(*rows):
    """Return an XLSForm of some rows of the survey."""
    survey = [["type", "name", "label", "relevant", "constraint"], *rows]
    choices = [["list_name", "name", "label"], ["yn", 0, "No"], ["yn", 1, "Yes"]]
    return workbook(survey=survey, choices=choices, settings=[["form_id"], ["f"]])


def test_a_zip_bomb_is_refused_by_what_it_claims():
    bomb = zipped(instrument__csv=b"0" * (archives.UNPACKED + 1))

    assert len(bomb) < 20_000
    assert "as in an attack" in refusal(bomb)


def test_a_zip_bomb_that_claims_to_be_small_is_refused_as_well():
    bomb = bytearray(zipped(instrument__csv=b"0" * (archives.UNPACKED + 1)))
    at = bomb.index(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = struct.pack("<I", 10)

    assert refusal(bytes(bomb))


@pytest.mark.parametrize("name", ["../instrument.csv", "/etc/x", "a/../../b", "c:\\x", "..\\x"])
def test_a_path_that_leads_out_is_refused(name):
    assert "leads out" in refusal(zipped(**{name: b"x", "instrument.csv": b"x"}))


def test_too_many_files_are_refused():
    assert "files" in refusal(zipped(**{f"f{at}": b"" for at in range(archives.MEMBERS + 1)}))


@pytest.mark.parametrize("data", [b"PK", b"PK\x03\x04" + b"\x00" * 100, b"PK\x05\x06"])
def test_a_broken_zip_is_refused(data):
    assert "cannot be opened" in refusal(data)


def test_a_zip_without_an_instrument_is_refused():
    assert "instrument.csv" in refusal(zipped(readme__txt=b"x"))


@pytest.mark.parametrize("data", [b"", b" \r\n "])
def test_an_empty_file_is_refused(data):
    assert "empty" in refusal(data)


def test_a_huge_file_is_refused_before_it_is_read():
    assert "larger than" in refusal(b"x" * (texts.FILE_BYTES + 1))


@pytest.mark.parametrize("code", ["utf-16", "gb18030"])
def test_another_encoding_is_refused_with_how_to_save_it(code):
    assert "UTF-8" in refusal("Variable / Field Name,表,类型\r\n".encode(code))


def test_control_characters_are_refused():
    assert "control characters" in refusal(b"Variable / Field Name\x00,Form Name\r\n")


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"resourceType": "Questionnaire", "item": ' + b'[{"item":' * 5_000,
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"resourceType": "Patient"}',
        b"[]",
    ],
)
def test_json_that_is_no_questionnaire_is_refused(data):
    assert refusal(data)


def test_items_that_lie_too_deep_are_refused():
    item = {"linkId": "a", "type": "group"}
    for _ in range(30):
        item = {"linkId": "a", "type": "group", "item": [item]}

    assert "too deep" in refusal(
        json.dumps({"resourceType": "Questionnaire", "item": [item]}).encode()
    )


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"type": "string"}, "who somebody is"),
        ({"type": "date"}, "who somebody is"),
        ({"type": "attachment"}, "who somebody is"),
        ({"type": "choice", "repeats": True}, "Several answers"),
        ({"type": "choice", "answerValueSet": "http://x.org/v"}, "outside this file"),
        ({"type": "choice", "answerOption": [{"valueString": "a"}, {"valueString": "b"}]}, "whole"),
        ({"type": "integer"}, "lowest and highest"),
        ({"type": "boolean", "enableWhen": [{"question": "z", "operator": "="}]}, "branching"),
        ({"type": "boolean", "linkId": "1 2"}, "cannot be a name"),
        ({"type": ["x"], "item": "x", "enableWhen": 3, "extension": {}}, "cannot be asked"),
    ],
)
def test_items_that_cannot_be_kept_are_refused_with_their_reason(item, why):
    whole = {"resourceType": "Questionnaire", "item": [{"linkId": "a", "text": "Q"} | item]}

    assert why in refusal(json.dumps(whole).encode())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["geopoint", "a", "Where?"], "who somebody is"),
        (["text", "a", "Name?"], "cannot be asked"),
        (["select_multiple yn", "a", "Which?"], "cannot be asked"),
        (["begin_repeat", "a", ""], "cannot be asked"),
        (["select_one none", "a", "Q"], "no list"),
        (["select_one yn", "9 a", "Q"], "cannot be a name"),
        (["select_one yn", "a", "Hello ${b}"], "another question"),
        (["select_one yn", "a", "Q", "${later} = 1"], "no earlier question"),
        (["select_one yn", "a", "Q", "pulldata('x')"], "cannot be read"),
        (["integer", "a", "How many?"], "lowest and highest"),
        (["select_one yn", "a", "=HYPERLINK(1)"], "formula"),
    ],
)
def test_rows_of_an_xlsform_that_cannot_be_kept_are_refused_with_their_reason(row, why):
    assert why in refusal(a_form(row))


def test_a_workbook_that_is_no_xlsform_is_refused():
    assert "no XLSForm" in refusal(workbook(other=[["a"], ["b"]]))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/externalLinks/externalLink1.xml", b"x", "links"),
        ("xl/bomb.xml", b'<!DOCTYPE x [<!ENTITY a "b">]>', "entities"),
        ("xl/bomb.xml", '<!DOCTYPE x [<!ENTITY a "b">]>'.encode("utf-16"), "entities"),
        ("../x", b"x", "leads out"),
    ],
)
def test_a_workbook_with_something_else_in_it_is_refused(name, content, why):
    data = a_form(["select_one yn", "a", "Q"])
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as box:
        box.writestr(name, content)

    assert why in refusal(out.getvalue())


def test_a_cell_far_out_costs_nothing():
    book = load_workbook(io.BytesIO(a_form(["select_one yn", "a", "Q"])))
    book["survey"].cell(1_048_576, 16_384, "far")
    out = io.BytesIO()
    book.save(out)

    assert "rows" in refusal(out.getvalue())


def test_what_a_spreadsheet_would_take_for_a_formula_never_is_one():
    words = {EN: "=cmd|' /C calc'!A0"}
    instrument = made.an_instrument([made.Item("a", words, made.options(0, 1))])

    sheet = load_workbook(io.BytesIO(xlsform.write(instrument)))["survey"]
    csv = files.write(instrument, Shape.REDCAP, language=EN).decode()

    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert "\r\na,a_form,,radio, =cmd" in csv


@settings(max_examples=80)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"{", b"Variable / Field Name,"])
)
def test_no_bytes_do_anything_but_parse_or_be_refused(tail, start):
    assert all(problem.say() for problem in problems_of(start + tail))


@settings(max_examples=30)
@given(st.data())
def test_no_damage_to_a_true_file_does_anything_but_parse_or_be_refused(data):
    shape = data.draw(st.sampled_from(Shape))
    whole = bytearray(files.write(made.by_hand(), shape, language=EN))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    assert all(problem.say() for problem in problems_of(bytes(whole)))


def test_a_member_whose_packed_bytes_are_damaged_is_refused_with_a_reason():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("instrument.csv", "".join(str(n * n) for n in range(900)))
    whole = held.getvalue()
    at = whole.index(b"instrument.csv") + len("instrument.csv")

    assert "damaged" in refusal(whole[:at] + b"\x06\xff\xff" + whole[at + 3 :])
