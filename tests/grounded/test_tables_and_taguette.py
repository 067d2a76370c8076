"""Tables, quotations and Taguette: exact in, exact out."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.quotations import collect_quotations, write_quotations
from footbridge.grounded.exchange.tables import (
    is_codings,
    read_codings,
    read_rows,
    read_units,
    write_codings,
)
from footbridge.grounded.exchange.taguette import (
    Page,
    read_taguette,
    read_taguette_codebook,
    read_taguette_highlights,
)
from footbridge.grounded.project import Document
from tests.grounded.coded_texts import coded, study
from tests.grounded.refi_files import full_project
from tests.grounded.test_refi import quotations


def put(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(coded())
def test_codings_go_out_and_come_back(tmp_path, rows):
    project = study(*rows)
    write_codings(project, tmp_path / "a.csv")
    if not rows:
        return

    back = read_codings(read_rows(tmp_path / "a.csv"))

    assert quotations(back) == quotations(project)


def test_words_notes_moments_and_paths_survive_a_table(tmp_path):
    project = full_project()
    write_codings(project, tmp_path / "a.csv")

    back = read_codings(read_rows(tmp_path / "a.csv"))

    assert quotations(back) == quotations(project)


def test_two_texts_of_one_name_stay_two(tmp_path):
    project = study(("A", "d1", 0, 3, "c0"), ("B", "d2", 1, 4, "c0"), documents=("d1", "d2"))
    named = replace(
        project, documents=tuple(replace(d, name="Interview") for d in project.documents)
    )

    write_codings(named, tmp_path / "c.csv")
    back = read_codings(read_rows(tmp_path / "c.csv"))

    assert [d.name for d in back.documents] == ["Interview", "Interview (2)"]


def test_no_spreadsheet_takes_a_quotation_for_a_formula(tmp_path):
    project = study(("A", "d1", 0, 5, "c0"))
    evil = Document("d1", "=HYPERLINK(1)", "=1+1 and more" + "x" * 190)
    project = project.__class__(
        project.name, project.coders, project.codebook, (evil, project.documents[1]),
        project.segments,
    )  # fmt: skip

    write_quotations(collect_quotations(project), tmp_path / "q.csv", title="t")

    for row in csv.reader(io.StringIO((tmp_path / "q.csv").read_text("utf-8"))):
        assert not any(cell.startswith(("=", "+", "@")) for cell in row)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("", "empty"),
        ("document,start,end,code,coder\nd,5,2,c,A\n", "no passage"),
        ("document,start,end,code,coder\nd,x,2,c,A\n", "no passage"),
        ("document,start,end,code,coder\nd,0,2,,A\n", "has no code"),
        ("document,start,end,code,coder\nd,0,999999999,c,A\n", "no transcripts are"),
        ("document,start,end,code,coder\nd,0,2\n", "has 3 cells"),
        ("a,a\n1,2\n", "one name"),
        ('a,b\n"x,2\n', "broken"),
        (b"a,b\n\xff,2\n", "not UTF-8"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_the_row(table, why, tmp_path):
    with pytest.raises(ExchangeError, match=why):
        read_codings(read_rows(put(tmp_path, "a.csv", table)))


def test_units_are_read_with_missing_codes_numbers_and_interviews(tmp_path):
    rows = read_rows(put(tmp_path, "u.csv", "unit;interview;A;B\n1;x;1;1\n2;x;2;\n3;y;3;2\n"))

    units = read_units(rows)

    assert not is_codings(rows)
    assert units.coders == ("A", "B")
    assert units.values == [[1.0, 2.0, 3.0], [1.0, None, 2.0]]
    assert units.interviews == ("x", "x", "y")


def test_one_coder_is_no_table_of_units(tmp_path):
    with pytest.raises(ExchangeError, match="fewer than two coders"):
        read_units(read_rows(put(tmp_path, "u.csv", "unit,A\n1,x\n")))


def test_quotations_stand_under_their_codes_in_every_format(tmp_path):
    found = collect_quotations(full_project(), descriptors={"d1": "a man in his forties"})
    for ending in ("csv", "docx", "html"):
        write_quotations(found, tmp_path / f"q.{ending}", title='Themes & "codes"')

    html = (tmp_path / "q.html").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "q.docx") as archive:
        xml = ElementTree.fromstring(archive.read("word/document.xml"))
    words = "".join(t.text or "" for t in xml.iter() if t.tag.endswith("}t"))

    assert "他说“名办企业” \U0001f642 e" in words
    assert "<h2>theme: ming ban qi ye</h2>" in html
    assert html.count("a man in his forties") == 4
    assert "<b>" not in html.replace("&lt;b&gt;", "")
    assert read_rows(tmp_path / "q.csv")[0]["theme"] == "theme"


def test_a_word_file_of_ours_opens_in_our_reader(tmp_path):
    from footbridge.grounded.transcripts import read_transcript

    found = collect_quotations(full_project())
    write_quotations(found, tmp_path / "q.docx", title="T")

    assert "名办企业" in read_transcript(tmp_path / "q.docx").text


def test_an_unknown_ending_for_quotations_is_refused(tmp_path):
    with pytest.raises(ExchangeError, match=r"\.odt is none"):
        write_quotations([], tmp_path / "q.odt", title="t")


HTML = "<h1>访谈</h1><p>我怕 \U0001f642 my <b>name</b> is known.</p>\n<p>Second &amp; last.</p>"


def taguette_file(path, highlights, projects=1):
    base = sqlite3.connect(path)
    base.executescript("""
        CREATE TABLE projects (id INTEGER, name TEXT, description TEXT);
        CREATE TABLE documents (id INTEGER, name TEXT, description TEXT, project_id INTEGER,
                                contents TEXT);
        CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER,
                                 end_offset INTEGER, snippet TEXT);
        CREATE TABLE tags (id INTEGER, project_id INTEGER, path TEXT, description TEXT);
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        INSERT INTO tags VALUES (1, 1, 'fear', 'being afraid'), (2, 1, 'fear.register', '');
    """)
    for n in range(projects):
        base.execute("INSERT INTO projects VALUES (?, 'p', 'd')", (n + 1,))
    base.execute("INSERT INTO documents VALUES (1, 'I1', '', 1, ?)", (HTML,))
    for at, (start, end, tags) in enumerate(highlights, 1):
        base.execute("INSERT INTO highlights VALUES (?, 1, ?, ?, '')", (at, start, end))
        base.executemany("INSERT INTO highlight_tags VALUES (?, ?)", [(at, t) for t in tags])
    base.commit()
    base.close()
    return path


def byte_offsets(words):
    raw = "访谈我怕 \U0001f642 my name is known.\nSecond & last."
    start = len(raw[: raw.index(words)].encode())
    return start, start + len(words.encode())


def test_taguette_bytes_become_code_points(tmp_path):
    wanted = ["访谈", "\U0001f642 my name", "known.", "Second & last."]
    path = taguette_file(tmp_path / "t.sqlite3", [(*byte_offsets(w), [1]) for w in wanted])

    project, report = read_taguette(path)

    assert [project.quote(s) for s in project.segments_of()] == wanted
    assert project.documents[0].text.startswith("访谈\n我怕")
    assert report.complete


@given(
    st.lists(st.text("a界\U0001f642& ", min_size=1, max_size=8), min_size=1, max_size=5), st.data()
)
def test_any_range_of_a_page_is_found_again(blocks, data):
    raw = "".join(blocks)
    page = Page("".join(f"<p>{b.replace('&', '&amp;')}</p>" for b in blocks))
    start = data.draw(st.integers(0, len(raw) - 1))
    end = data.draw(st.integers(start + 1, len(raw)))

    first = page.place(len(raw[:start].encode()), end=False)
    last = page.place(len(raw[:end].encode()), end=True)

    assert page.text[first:last].replace("\n", "") == raw[start:end]


def test_taguette_losses_are_counted(tmp_path):
    path = taguette_file(
        tmp_path / "t.sqlite3", [(0, 6, []), (5, 5, [1]), (0, 9999, [1]), (0, 6, [1, 2])]
    )

    project, report = read_taguette(path)

    assert report.dropped["highlight without a tag"] == 1
    assert report.dropped["highlight outside its text or without length"] >= 1
    assert project.codebook.path(project.segments[-1].code) == "fear > register"


def test_several_projects_need_a_number(tmp_path):
    path = taguette_file(tmp_path / "t.sqlite3", [], projects=2)

    with pytest.raises(ExchangeError, match="2 projects"):
        read_taguette(path)
    assert read_taguette(path, project=1)[0].name == "p"
    with pytest.raises(ExchangeError, match="no project 7"):
        read_taguette(path, project=7)


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\x00" + b"\xff" * 200, b"hello" * 50])
def test_what_is_no_database_is_refused(data, tmp_path):
    with pytest.raises(ExchangeError, match="no readable Taguette"):
        read_taguette(put(tmp_path, "x.sqlite3", data))


def test_taguette_tables_are_read(tmp_path):
    book = read_taguette_codebook(
        put(tmp_path, "c.csv", "tag,description,number of highlights\na.b,x,1\nc,y,2\n")
    )
    found, report = read_taguette_highlights(
        put(tmp_path, "h.csv", "id,document,tag,content\n1,I1,a.b,afraid\n2,I1,c,the\n3,I1,,x\n"),
        [Document("d", "I1", "the man was afraid of the list")],
    )

    assert [book.path(c.id) for c in book] == ["a", "a > b", "c"]
    assert [found.quote(s) for s in found.segments] == ["afraid"]
    assert sum(report.dropped.values()) == 2
    with pytest.raises(ExchangeError, match="no column"):
        read_taguette_codebook(put(tmp_path, "d.csv", "x,y\n1,2\n"))
