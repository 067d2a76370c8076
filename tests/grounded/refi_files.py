"""Projects and archives for tests of the exchange, our own and like those of others."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

from footbridge.grounded.codebook import Code, Codebook, Property
from footbridge.grounded.memos import Memo
from footbridge.grounded.project import Case, Coder, CodeSet, Document, Link, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span

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
