"""REFI-QDA: what goes out is valid and comes back, and strange files are read or refused."""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.grounded import exchange
from footbridge.grounded.codebook import Code, Codebook, Property
from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.guids import plain_colour
from footbridge.grounded.exchange.positions import Reading, Ruler, Selection
from footbridge.grounded.exchange.refi_rules import faults_of
from footbridge.grounded.exchange.refi_write import pack
from footbridge.grounded.guarded.xml import read_xml
from footbridge.grounded.memos import Memo
from footbridge.grounded.project import Case, Coder, CodeSet, Document, Link, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span, normalise

NOON = datetime(2014, 7, 1, 12, 30, tzinfo=UTC)
G = "00000000-0000-4000-8000-00000000000{}"


def full_project():
    text = (
        "他说“名办企业” \U0001f642 e\u0301 & <b> \u05e9\u05dc\u05d5\u05dd\nsecond line\ttab\x07 end"
    )
    return Project(
        'Study "A" & <B>',
        (Coder("A", "coder A"), Coder("B", "coder B")),
        Codebook((
            Code("t", "theme", "What it is.", codable=False, colour="#336699"),
            Code("a", "ming ban qi ye", "One\nTwo", "t", (Property("who", ("boss", "kin")),), True),
            Code("b", "b", parent="a"),
        )),
        (Document("d1", "Interview 1", text, "noted the same day"), Document("d2", "Empty", "")),
        (
            Segment("s1", "d1", Span(0, 12), "a", "A", NOON, "who = boss"),
            Segment("s2", "d1", Span(0, 12), "b", "B", NOON),
            Segment("s3", "d1", Span(0, 12), "a", "B", None, "who = boss"),
            Segment("s4", "d1", Span(9, 20), "b", "A", NOON),
        ),
        (
            Memo("m1", "code", "on a", "Words & <tags>\nmore", "A", NOON, ("a", "s1")),
            Memo("m2", "operational", "ask tomorrow", "", "B", None, ()),
            Memo("m3", "theoretical", "text", "\ufeffmarked", "B", None, ("d1", "x1")),
        ),
        (Case("k1", "Case 1", ("d1",), {
            "age band": "40-49", "registered": True, "children": 2, "share": 0.25,
            "day": date(2014, 7, 1), "began": NOON,
        }),),
        (Link("l1", "leads to", "a", "b"),),
        (CodeSet("x1", "fear", ("a", "b"), ("d1",), "why people stay away"),),
        "A worked example.",
    )  # fmt: skip


def qde_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("project.qde")


def round_trip(project, folder):
    first, second = folder / "a.qdpx", folder / "b.qdpx"
    exchange.write(project, first)
    back, report = exchange.read(first)
    exchange.write(back, second)
    return back, report, first.read_bytes(), second.read_bytes()


def quotations(project):
    return sorted(
        (project.document(s.document).name, project.quote(s), project.codebook.path(s.code),
         next(c.name for c in project.coders if c.id == s.coder), str(s.moment), s.note)
        for s in project.segments
    )  # fmt: skip


SMALL = {
    "empty": Project(""),
    "one code": Project("one", codebook=Codebook((Code("c", "c"),))),
    "no sets": Project("x", (Coder("A", "A"),), documents=(Document("d", "d", "text"),)),
    "full": full_project(),
}


@pytest.mark.parametrize("name", SMALL)
def test_every_export_follows_the_standard_and_comes_back_the_same(name, tmp_path):
    project = SMALL[name]

    back, report, first, second = round_trip(project, tmp_path)

    assert faults_of(read_xml(qde_of(first))) == []
    assert first == second
    assert report.dropped == {}
    assert quotations(back) == quotations(project)


def test_everything_the_standard_can_hold_comes_back(tmp_path):
    project = full_project()

    back, report, *_ = round_trip(project, tmp_path)

    assert report.tolerated == {}
    assert [back.codebook.path(c.id) for c in back.codebook] == [
        project.codebook.path(c.id) for c in project.codebook
    ]
    for old, new in zip(project.codebook, back.codebook, strict=True):
        assert (old.definition, old.properties, old.in_vivo, old.colour, old.codable) == (
            new.definition, new.properties, new.in_vivo, new.colour, new.codable
        )  # fmt: skip
    assert [(m.kind, m.title, m.text, m.moment, len(m.about)) for m in back.memos] == [
        (m.kind, m.title, m.text, m.moment, len(m.about)) for m in project.memos
    ]
    assert back.cases[0].attributes == project.cases[0].attributes
    assert (back.sets[0].name, len(back.sets[0].codes), back.links[0].name) == (
        "fear",
        2,
        "leads to",
    )
    assert [d.text for d in back.documents] == [d.text for d in project.documents]


def test_two_coders_on_one_passage_stay_two(tmp_path):
    back, *_ = round_trip(full_project(), tmp_path)

    same = [s for s in back.segments if s.span == Span(0, 12)]

    assert len({s.coder for s in same}) == 2
    assert len(same) == 3


TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("\r\n\ufeff\u0301\u200f\u05d0\U0001f642\U00020000明\x00\x0b\x85\u2028"),
    ),
    min_size=1,
    max_size=40,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=TEXTS, note=TEXTS, cut=st.data())
def test_every_quotation_is_exact_after_a_round_trip(tmp_path, raw, note, cut):
    text = normalise(raw)
    if not text:
        return
    start = cut.draw(st.integers(0, len(text) - 1))
    span = Span(start, cut.draw(st.integers(start + 1, len(text))))
    project = Project(
        note, (Coder("A", raw),), Codebook((Code("c", note.strip() or "c", raw),)),
        (Document("d", raw, text),), (Segment("s", "d", span, "c", "A", None, note),),
        (Memo("m", "code", note, normalise(note), "A", None, ("s",)),),
    )  # fmt: skip

    back, _, first, second = round_trip(project, tmp_path)

    assert back.documents[0].text == text
    assert back.quote(back.segments[0]) == span.of(text)
    assert faults_of(read_xml(qde_of(first))) == []
    again, _ = exchange.read(tmp_path / "b.qdpx")
    assert pack(again)[0] == second


def test_an_export_names_no_machine_path_account_or_time():
    data = pack(full_project())[0]

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(n == "project.qde" or n.startswith("sources/") for n in archive.namelist())
    for word in (
        b"basePath",
        b"file:",
        b"/home",
        b"/tmp",
        os.environ.get("USER", "?!").encode() + b"@",
    ):
        assert word not in qde_of(data)


official = pytest.mark.skipif(
    "FOOTBRIDGE_REFI_XSD" not in os.environ,
    reason="set FOOTBRIDGE_REFI_XSD to a folder with the official Project.xsd and Codebook.xsd",
)


def official_schema(name):
    etree = pytest.importorskip("lxml.etree")
    return etree, etree.XMLSchema(etree.parse(Path(os.environ["FOOTBRIDGE_REFI_XSD"]) / name))


@official
@pytest.mark.parametrize("name", SMALL)
def test_every_export_validates_against_the_official_schema(name):
    etree, schema = official_schema("Project.xsd")

    assert schema.validate(etree.fromstring(qde_of(pack(SMALL[name])[0]))), schema.error_log


@official
def test_every_codebook_validates_against_the_official_schema(tmp_path):
    etree, schema = official_schema("Codebook.xsd")
    project = full_project()

    exchange.write_codebook(project.codebook, tmp_path / "c.qdc", sets=project.sets)

    assert schema.validate(etree.parse(tmp_path / "c.qdc")), schema.error_log


@official
def test_our_rules_and_the_official_schema_agree_on_damaged_projects():
    etree, schema = official_schema("Project.xsd")
    rng = random.Random(1)
    whole = qde_of(pack(full_project())[0])
    values = ["", "x", "1", "true", G.format(1), "{" + G.format(1) + "}", "#fff", "OneWay"]
    judged = set()

    for _ in range(400):
        root = etree.fromstring(whole)
        node = rng.choice(list(root.iter()))
        how = rng.randrange(4)
        if how == 0 and node.getparent() is not None:
            node.getparent().remove(node)
        elif how == 1 and node.attrib:
            del node.attrib[rng.choice(list(node.attrib))]
        elif how == 2 and node.attrib:
            node.attrib[rng.choice(list(node.attrib))] = rng.choice(values)
        elif how == 3 and len(node):
            node.append(node[0])
        data = etree.tostring(root)
        theirs = schema.validate(etree.fromstring(data))
        judged.add(theirs)
        assert theirs == (faults_of(read_xml(data)) == []), data

    assert judged == {True, False}


def archive(folder, qde, **files):
    path = folder / "x.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(files.pop("name", "project.qde"), qde)
        for name, data in files.items():
            packed.writestr(name.replace("__", "/").replace("_txt", ".txt"), data)
    return path


def foreign(body, *, before="", space="urn:QDA-XML:project:1.0", attributes=""):
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project name="p" xmlns="{space}" {attributes}>'
        f'<Users><User guid="{{{G.format(1).upper()}}}" name="PI"/></Users>'
        f'<CodeBook><Codes><Code guid="{G.format(2)}" name="fear" isCodable="true"/></Codes>'
        f"</CodeBook>{before}{body}</Project>"
    )


def source(inner, *, content=None, path=""):
    text = f"<PlainTextContent>{content}</PlainTextContent>" if content is not None else ""
    return (
        f'<Sources><TextSource guid="{G.format(3)}" name="I1" {path}>{text}{inner}</TextSource>'
        "</Sources>"
    )


def picked(start, end, name="", inner=None):
    coding = (
        f'<Coding guid="{G.format(5)}" creatingUser="{G.format(1)}"><CodeRef '
        f'targetGUID="{G.format(2)}"/></Coding>'
    )
    return (
        f'<PlainTextSelection guid="{G.format(4)}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}">{coding if inner is None else inner}</PlainTextSelection>'
    )


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


def test_a_codebook_goes_out_and_comes_back(tmp_path):
    project = full_project()

    exchange.write_codebook(project.codebook, tmp_path / "c.qdc", sets=project.sets)
    book, sets, report = exchange.read_codebook(tmp_path / "c.qdc")

    assert faults_of(read_xml((tmp_path / "c.qdc").read_bytes())) == []
    assert [(c.name, c.definition, c.properties) for c in book] == [
        (c.name, c.definition, c.properties) for c in project.codebook
    ]
    assert (len(sets), report.dropped) == (1, {})


def test_an_empty_codebook_is_refused_with_the_reason(tmp_path):
    with pytest.raises(ExchangeError, match="no empty codebook"):
        exchange.write_codebook(Codebook(), tmp_path / "c.qdc")


@pytest.mark.parametrize(
    ("given_", "plain"),
    [("#ABC", "#aabbcc"), ("#112233FF", "#112233"), ("rgba(0,0,255,.5)", "#0000ff"), ("red", None),
     ("rgb(1,2,999)", None)],
)  # fmt: skip
def test_colours_are_read_in_every_notation(given_, plain):
    assert plain_colour(given_) == plain


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        ("<Project/>", "lacks name"),
        ('<Project name="x"><Users/></Project>', "holds 0 User"),
        ('<Project name="x" colour="y"/>', "unknown attribute"),
        ('<Project name="x"><Sets><Set guid="1" name="s"/></Sets></Project>', "no guid"),
        (f'<Project name="x"><Description/><Users><User guid="{G.format(1)}"/></Users></Project>',
         "wrong order"),
        ('<Project name="x"><Sources/></Project>', "is empty"),
        ('<Project name="x">words</Project>', "holds text"),
        ('<Project name="x"><Foo/></Project>', "unknown Foo"),
        ('<Project name="x" creationDateTime="yesterday"/>', "no moment"),
        ("<Other/>", "root element"),
    ],
)  # fmt: skip
def test_the_validator_names_what_breaks_the_standard(xml, fault):
    named = re.sub(r"^<(\w+)", r'<\1 xmlns="urn:QDA-XML:project:1.0"', xml)
    root = read_xml(named.encode())

    assert any(fault in each for each in faults_of(root)), faults_of(root)


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
