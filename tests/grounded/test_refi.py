"""REFI-QDA: what goes out is valid and comes back, and strange files are read or refused."""

from __future__ import annotations

import io
import os
import re
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.grounded import exchange
from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.guids import plain_colour
from footbridge.grounded.exchange.refi_rules import faults_of
from footbridge.grounded.exchange.refi_write import pack
from footbridge.grounded.guarded.xml import read_xml
from footbridge.grounded.memos import Memo
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span, normalise
from tests.grounded.refi_files import G, full_project, qde_of

NOON = datetime(2014, 7, 1, 12, 30, tzinfo=UTC)


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
