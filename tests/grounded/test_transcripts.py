"""Transcripts come in exactly, or are refused with a clear answer."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.grounded.errors import TranscriptError
from footbridge.grounded.text import normalise
from footbridge.grounded.transcripts import FORMATS, read_transcript
from footbridge.grounded.transcripts.html import html_to_text
from footbridge.grounded.transcripts.pdf import read_pdf

WORDS = "P: 我怕名字登记。 \U0001f642 e\u0301 \u05e9\u05dc\u05d5\u05dd\nI: Why?\n"


def put(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def word_file(body, **more):
    out = io.BytesIO()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
        for name, data in more.items():
            archive.writestr(name, data)
    return out.getvalue()


def para(words):
    return f'<w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def pdf(words):
    """Return a small PDF by hand, one line of Latin text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("latin-1")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    out, at = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        at.append(len(out))
        out += b"%d 0 obj" % n + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % a for a in at)
    return (
        out + b"xref\n0 6\n0000000000 65535 f \n" + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )  # fmt: skip


@pytest.mark.parametrize("ending", [".txt", ".md"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_plain_text_comes_in_exactly(ending, encoding, line_end, tmp_path):
    path = put(tmp_path, "a" + ending, WORDS.replace("\n", line_end).encode(encoding))

    assert read_transcript(path).text == WORDS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1))
def test_any_text_comes_in_exactly(tmp_path, words):
    path = put(tmp_path, "a.txt", b"\xef\xbb\xbf" + words.encode())

    if words.strip():
        assert read_transcript(path).text == normalise("\ufeff" + words)


def test_chinese_text_in_gb18030_is_not_guessed_but_named(tmp_path):
    path = put(tmp_path, "a.txt", ("我怕他们知道我的名字，" * 20).encode("gb18030"))

    with pytest.raises(TranscriptError, match="GB 18030"):
        read_transcript(path)
    assert "我怕" in read_transcript(path, encoding="gb18030").text


def test_western_text_in_windows_1252_is_named(tmp_path):
    with pytest.raises(TranscriptError, match="Windows-1252"):
        read_transcript(put(tmp_path, "a.txt", "caf\xe9 ".encode("cp1252") * 20))


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"%PDF-1.4", "really a PDF"),
        ("a.txt", b"PK\x03\x04rest", "zipped"),
        ("a.txt", b"{\\rtf1 x}", "rich text"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "old Word"),
        ("a.docx", b"hello", "is not a Word"),
        ("a.pdf", b"hello", "is not a PDF"),
        ("a.pdf", b"%PDF-1.4 nonsense", "damaged"),
        ("a.docx", b"PK\x03\x04nonsense", "not a readable archive"),
        ("a.txt", b"\x89PNG", "a picture"),
        ("a.txt", b"a\x00b", "zero bytes"),
        ("a.txt", b"  \n", "no words"),
        ("a.html", b"<script>x()</script>", "no words"),
        ("a.srt", b"just words", "no subtitle"),
        ("a.odt", b"x", "cannot be read"),
        ("a", b"x", "cannot be read"),
    ],
)
def test_a_file_that_is_not_what_it_says_gets_a_clear_answer(name, data, why, tmp_path):
    with pytest.raises(TranscriptError, match=why):
        read_transcript(put(tmp_path, name, data))


def test_a_missing_file_and_an_unknown_encoding_are_refused(tmp_path):
    with pytest.raises(TranscriptError, match="cannot be opened"):
        read_transcript(tmp_path / "no.txt")
    with pytest.raises(TranscriptError, match="No encoding"):
        read_transcript(put(tmp_path, "a.txt", b"x"), encoding="klingon")


def test_html_keeps_words_and_lines_and_nothing_unseen(tmp_path):
    page = (
        "<html><head><title>no</title><style>p{}</style></head><body><h1>Interview 3</h1>"
        "<p>P: I was <em>afraid</em>.<br>They\n  know.</p><div>I: Why? &amp; 名</div>"
        "<script>alert(1)</script></body></html>"
    )

    text = read_transcript(put(tmp_path, "a.html", page)).text

    assert text == "Interview 3\nP: I was afraid.\nThey know.\nI: Why? & 名\n"


@given(st.text(st.sampled_from("<>/pbr&; a\"'!-"), max_size=80))
def test_any_html_is_read_without_a_traceback(page):
    assert "\r" not in html_to_text(page)


def test_word_files_keep_paragraphs_and_say_what_was_left_out(tmp_path):
    body = (
        para("P: 名办企业 \U0001f642") + para("")
        + "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> new</w:t></w:r></w:ins><w:r><w:footnoteReference/></w:r></w:p>"
    )  # fmt: skip

    found = read_transcript(put(tmp_path, "a.docx", word_file(body)))

    assert found.text == "P: 名办企业 \U0001f642\n\none\ttwo\nthree new\n"
    assert found.remarks == (
        "left out: 1 x deleted words (tracked changes)", "left out: 1 x footnotes",
    )  # fmt: skip


def test_a_word_file_with_entities_is_refused(tmp_path):
    data = word_file("").replace(b"PK", b"PK")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')

    assert data
    with pytest.raises(TranscriptError, match="entities"):
        read_transcript(put(tmp_path, "a.docx", out.getvalue()))


def test_a_pdf_gives_its_words_and_an_empty_one_its_reason(tmp_path):
    assert (
        "afraid of the register"
        in read_transcript(put(tmp_path, "a.pdf", pdf("I was afraid of the register"))).text
    )
    with pytest.raises(TranscriptError, match="pictures of text"):
        read_transcript(put(tmp_path, "b.pdf", pdf("")))


SRT = (
    "1\r\n00:00:01,500 --> 00:00:03,000\r\n<i>I was</i>\r\nafraid.\r\n\r\n"
    "2\n01:00:00,0 --> 01:00:02,25\nWhy?\n"
)
VTT = (
    "WEBVTT\n\nNOTE x\n\nintro\n00:01.500 --> 00:03.000 align:start\n<v Person>I was &amp; am"
    "</v>\n\n00:04.000 --> 00:05.000\nafraid\n"
)


@pytest.mark.parametrize(
    ("name", "data", "text", "times"),
    [
        ("a.srt", SRT, "I was afraid.\nWhy?\n", [(1500, 3000), (3_600_000, 3_602_250)]),
        ("a.vtt", VTT, "Person: I was & am\nafraid\n", [(1500, 3000), (4000, 5000)]),
    ],
)
def test_subtitles_give_words_and_when_they_were_said(name, data, text, times, tmp_path):
    found = read_transcript(put(tmp_path, name, data))

    assert found.text == text
    assert [(c.begin, c.end) for c in found.cues] == times
    assert [c.span.of(found.text) for c in found.cues] == text.strip().split("\n")


@pytest.mark.parametrize("ending", FORMATS)
def test_damaged_files_never_give_a_traceback(ending, tmp_path):
    rng = random.Random(ending)
    honest = {
        ".docx": word_file(para(WORDS)), ".pdf": pdf("words"), ".srt": SRT.encode(),
        ".vtt": VTT.encode(),
    }.get(ending, f"<p>{WORDS}</p>".encode())  # fmt: skip
    outcomes = set()

    for _ in range(60 if ending != ".pdf" else 8):
        data = bytearray(honest[: rng.randrange(len(honest)) + 1] if rng.random() < 0.4 else honest)
        for _ in range(rng.randint(0, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            outcomes.add(type(read_transcript(put(tmp_path, "x" + ending, bytes(data)))).__name__)
        except TranscriptError as error:
            outcomes.add(len(str(error)) > 20)

    assert outcomes <= {"Transcript", True}


def test_a_pdf_that_takes_too_long_is_given_up():
    with pytest.raises(TranscriptError, match="could not be read within"):
        read_pdf(pdf("words"), seconds=0.001)


def test_a_locked_pdf_is_refused_with_the_reason():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("words"))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)

    with pytest.raises(TranscriptError, match="locked with a password"):
        read_pdf(out.getvalue())
