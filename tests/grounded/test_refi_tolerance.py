"""REFI-QDA files of other programs: read, with every deviation and loss reported."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.grounded import exchange
from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.positions import Reading, Ruler, Selection
from footbridge.grounded.exchange.refi_write import pack
from tests.grounded.refi_files import G, archive, foreign, picked, qde_of, source


def test_an_exclusive_and_an_inclusive_end_are_told_apart_by_the_quoted_words(tmp_path):
    words = "I was afraid. They knew my name."
    for end, how in ((12, "after the last"), (11, "is the last")):
        body = source(picked(2, end, "was afraid"), content=words)

        project, report = exchange.read(archive(tmp_path, foreign(body)))

        assert project.quote(project.segments[0]) == "was afraid"
        assert how in report.positions["I1"]


def test_line_ends_that_count_two_are_found_out(tmp_path):
    raw = b"one\r\ntwo\r\nI was afraid.\r\n"
    at = raw.decode().index("was")
    body = source(picked(at, at + 10, "was afraid"), path='plainTextPath="internal://t.txt"')

    project, report = exchange.read(archive(tmp_path, foreign(body), sources__t_txt=raw))

    assert project.quote(project.segments[0]) == "was afraid"
    assert "counts two" in report.positions["I1"]


@given(st.text("ab \n", min_size=1, max_size=30), st.data())
def test_every_reading_finds_its_own_place(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    ruler = Ruler(text)
    before = text[:start].count("\n")
    through = text[:end].count("\n")

    for reading in ruler.readings(marked=True):
        given_ = Selection(
            start + before * reading.crlf + reading.mark,
            end + through * reading.crlf + reading.mark - reading.inclusive,
            "",
        )
        if reading.inclusive and reading.crlf and text[end - 1] == "\n":
            continue  # such a selection ends between CR and LF
        assert ruler.place(given_, reading) == (start, end)
    assert str(Reading())


DEVIATIONS = {
    "inner file named after the project": (
        lambda f: archive(f, foreign(""), name="My study.qde"), "not called project.qde"),
    "Project.qde": (
        lambda f: archive(f, foreign(""), name="Project.qde"), "not called project.qde"),
    "Sources with a capital": (
        lambda f: archive(f, foreign(source(picked(0, 3), path='plainTextPath="internal://t.txt"')),
                          Sources__t_txt="abc def"), "folder 'sources'"),
    "path without scheme": (
        lambda f: archive(f, foreign(source(picked(0, 3), path='plainTextPath="t.txt"')),
                          sources__t_txt="abc def"), "without internal://"),
    "identifiers that are none": (
        lambda f: archive(f, foreign("").replace(G.format(2), "code-7")), "no GUID"),
    "old namespace": (
        lambda f: archive(f, foreign("", space="urn:QDA-XML:project:0:10")), "namespace"),
    "empty sets": (lambda f: archive(f, foreign("<Sets/>")), "empty Sets"),
    "rgb colour": (
        lambda f: archive(f, foreign("").replace('isCodable="true"',
                                                 'isCodable="true" color="rgb(1, 2, 3)"')),
        "colour in another notation"),
    "selection with a note and no code": (
        lambda f: archive(f, foreign(source(picked(0, 3, inner="<Description>why?</Description>"),
                                            content="abc def"))), "annotation"),
    "text in UTF-16": (
        lambda f: archive(f, foreign(source(picked(0, 3), path='plainTextPath="internal://t.txt"')),
                          sources__t_txt="abc def".encode("utf-16")), "UTF-16"),
    "coding of a whole text": (
        lambda f: archive(f, foreign(source(
            f'<Coding guid="{G.format(6)}"><CodeRef targetGUID="{G.format(2)}"/></Coding>',
            content="abc"))), "whole text"),
    "note through a link": (
        lambda f: archive(f, foreign(
            f'<Notes><Note guid="{G.format(7)}" name="n"><PlainTextContent>hm</PlainTextContent>'
            f'</Note></Notes><Links><Link guid="{G.format(8)}" originGUID="{G.format(2)}" '
            f'targetGUID="{G.format(7)}"/></Links>')), "through a link"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_deviation_of_other_programs_is_read_and_reported(name, tmp_path):
    make, reported = DEVIATIONS[name]

    project, report = exchange.read(make(tmp_path))

    assert any(reported in kind for kind in report.tolerated), report
    assert project.codebook.by_name("fear")
    assert "Coding" not in report.dropped


LOSSES = {
    "zero length": (source(picked(2, 2), content="abc"), "without length"),
    "outside": (source(picked(1, 99), content="abc"), "outside its text"),
    "no number": (source(picked("x", 3), content="abc"), "without positions"),
    "huge number": (source(picked(0, "9" * 4000), content="abc"), "PlainTextSelection"),
    "missing file": (source(picked(0, 1), path='plainTextPath="internal://no.txt"'), "missing"),
    "absolute path": (
        source(picked(0, 1), path='plainTextPath="absolute:///etc/passwd"'), "elsewhere"),
    "no text": (source(picked(0, 1)), "without any text"),
    "unknown code": (
        source(picked(0, 1).replace(G.format(2), G.format(9)), content="abc"), "Coding with"),
    "bare selection": (source(picked(0, 1, inner=""), content="abc"), "without a code or a note"),
    "picture": (f'<Sources><PictureSource guid="{G.format(3)}"/></Sources>', "PictureSource"),
    "graph": (
        f'<Graphs><Graph guid="{G.format(3)}"><Vertex/></Graph></Graphs>', "Vertex of a graph"),
    "unknown part": ("<Widgets/>", "Widgets"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_what_cannot_be_kept_is_counted(name, tmp_path):
    body, reported = LOSSES[name]

    _, report = exchange.read(archive(tmp_path, foreign(body)))

    assert any(reported in kind for kind in report.dropped), report
    assert report.lines()
    assert not report.complete


def test_the_text_of_a_pdf_is_kept_with_its_codings(tmp_path):
    body = source(picked(0, 3), content="abc def").replace("TextSource", "Representation")
    body = body.replace("<Sources>", f'<Sources><PDFSource guid="{G.format(7)}" name="scan">')
    body = body.replace("</Sources>", "</PDFSource></Sources>")

    project, report = exchange.read(archive(tmp_path, foreign(body)))

    assert project.quote(project.segments[0]) == "abc"
    assert report.dropped == {"PDFSource": 1}


def test_a_path_on_somebodys_machine_is_never_kept(tmp_path):
    project, report = exchange.read(
        archive(tmp_path, foreign("", attributes='basePath="C:\\Users\\somebody"'))
    )

    assert any("basePath" in kind for kind in report.dropped)
    assert b"somebody" not in qde_of(pack(project)[0])


VALUES = "<VariableValue><VariableRef targetGUID='{0}'/><{1}>{2}</{1}></VariableValue>"


def test_values_of_other_programs_are_read_or_kept_as_words(tmp_path):
    given_ = [("BooleanValue", "1"), ("IntegerValue", "x"), ("DateValue", "2014-07-01Z")]
    variables = "".join(
        f'<Variable guid="{G.format(n)}" name="v{n}" typeOfVariable="Text"/>' for n in range(3)
    )
    values = "".join(VALUES.format(G.format(n), *pair) for n, pair in enumerate(given_))
    lost = VALUES.format(G.format(9), "TextValue", "x")
    body = source("", content="abc").replace("</TextSource>", values + lost + "</TextSource>")

    project, report = exchange.read(
        archive(tmp_path, foreign(body, before=f"<Variables>{variables}</Variables>"))
    )

    assert project.cases[0].attributes == {"v0": True, "v1": "x", "v2": date(2014, 7, 1)}
    assert "values on a text, kept as a case" in report.tolerated
    assert "VariableValue without a variable or a value" in report.dropped


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<Links><Link guid='x'/></Links>", "Link without two ends"),
        (f"<Sources><TextSource guid='{G.format(3)}'><PlainTextContent>x</PlainTextContent>"
         f"<NoteRef targetGUID='{G.format(9)}'/></TextSource></Sources>", "NoteRef to a missing"),
        ("<Sources><Poem/></Sources>", "Poem"),
        ("<Notes><Poem/></Notes>", "Poem"),
    ],
)  # fmt: skip
def test_odd_parts_are_counted(body, kind, tmp_path):
    _, report = exchange.read(archive(tmp_path, foreign(body)))

    assert any(kind in each for each in report.dropped), report


def test_a_codebook_in_a_project_can_be_read_alone(tmp_path):
    path = tmp_path / "project.qde"
    path.write_text(foreign("<Sets/>"), "utf-8")

    book, sets, report = exchange.read_codebook(path)

    assert ([c.name for c in book], sets) == (["fear"], ())
    assert "namespace that is not the standard's" in report.tolerated


def test_an_ordinary_xml_file_is_no_codebook(tmp_path):
    (tmp_path / "x.qdc").write_text("<html/>", "utf-8")

    with pytest.raises(ExchangeError, match="holds no CodeBook"):
        exchange.read_codebook(tmp_path / "x.qdc")
    with pytest.raises(ExchangeError, match="cannot be opened"):
        exchange.read_codebook(tmp_path / "no.qdc")
