"""A second judge of what we write: XML Schemas, read by another program than ours.

Our own schemas stand in ``schemas/``; where `REFI_XSD` names a folder with the official files
of the same names, every test here runs with those as well.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from lxml import etree

from footbridge.grounded import exchange
from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.exchange.refi_rules import faults_of
from footbridge.grounded.exchange.refi_write import pack
from footbridge.grounded.guarded.xml import read_xml
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.study import load_study
from tests.grounded.refi_files import G, archive, full_project, qde_of

FOLDERS = [Path(__file__).parent / "schemas"]
if "REFI_XSD" in os.environ:
    FOLDERS.append(Path(os.environ["REFI_XSD"]))
SCHEMAS = pytest.mark.parametrize("folder", FOLDERS, ids=["ours", "official"][: len(FOLDERS)])
PROJECTS = {
    "empty": Project(""),
    "one code": Project("one", codebook=Codebook((Code("c", "c"),))),
    "no sets": Project("x", (Coder("A", "A"),), documents=(Document("d", "d", "text"),)),
    "full": full_project(),
    "study": load_study().project,
}
U = f'creatingUser="{G.format(1)}" creationDateTime="2014-07-01T12:30:00Z"'
CODED = (
    f'<Description>d</Description><Coding guid="{G.format(5)}" {U}><CodeRef '
    f'targetGUID="{G.format(2)}"/><NoteRef targetGUID="{G.format(9)}"/></Coding>'
    f'<NoteRef targetGUID="{G.format(9)}"/>'
)
BOX = 'firstX="1" firstY="2" secondX="3" secondY="4"'
TAIL = (
    f'<Coding guid="{G.format(5)}"><CodeRef targetGUID="{G.format(2)}"/></Coding>'
    f'<NoteRef targetGUID="{G.format(9)}"/><VariableValue><VariableRef '
    f'targetGUID="{G.format(6)}"/><FloatValue>1.5</FloatValue></VariableValue>'
)
TEXT = (
    "<Description>d</Description><PlainTextContent>words</PlainTextContent>"
    f'<PlainTextSelection guid="{G.format(4)}" startPosition="0" endPosition="3" {U}>{CODED}'
    f"</PlainTextSelection>{TAIL}"
)
TRANSCRIPT = (
    f'<Transcript guid="{G.format(3)}" plainTextPath="internal://x.txt" {U}>'
    f'<SyncPoint guid="{G.format(7)}" timeStamp="0" position="0"/><SyncPoint '
    f'guid="{G.format(6)}" timeStamp="900" position="5"/><TranscriptSelection '
    f'guid="{G.format(8)}" fromSyncPoint="{G.format(7)}" toSyncPoint="{G.format(6)}" {U}>'
    f"{CODED}</TranscriptSelection>"
    f'<NoteRef targetGUID="{G.format(9)}"/></Transcript>'
)


def recording(kind):
    return (
        f'<{kind}Source guid="{G.format(3)}" path="relative:///x.mp4" {U}><Description/>'
        f'{TRANSCRIPT}<{kind}Selection guid="{G.format(4)}" begin="0" end="9">{CODED}'
        f"</{kind}Selection>{TAIL}</{kind}Source>"
    )


# One project with every element of the standard, most of which we never write.
EVERYTHING = (
    f'<Project xmlns="urn:QDA-XML:project:1.0" name="all" creatingUserGUID="{G.format(1)}" '
    f'modifiedDateTime="2014-07-01T12:30:00.5+08:00"><Users><User guid="{G.format(1)}" id="x"/>'
    f'</Users><CodeBook><Codes><Code guid="{G.format(2)}" name="c" isCodable="true" '
    f'color="#fff"><NoteRef targetGUID="{G.format(9)}"/><Code guid="{G.format(2)}" name="d" '
    f'isCodable="0"/></Code></Codes></CodeBook><Variables><Variable guid="{G.format(6)}" '
    'name="v" typeOfVariable="Float"><Description/></Variable></Variables><Cases><Case '
    f'guid="{G.format(7)}"><CodeRef targetGUID="{G.format(2)}"/><VariableValue><VariableRef '
    f'targetGUID="{G.format(6)}"/><DateValue>2014-07-01</DateValue></VariableValue><SourceRef '
    f'targetGUID="{G.format(3)}"/><SelectionRef targetGUID="{G.format(4)}"/></Case></Cases>'
    f'<Sources><TextSource guid="{{{G.format(3)}}}" richTextPath="x" {U}>{TEXT}</TextSource>'
    f'<PictureSource guid="{G.format(3)}" currentPath="y"><TextDescription guid="{G.format(3)}">'
    f'{TEXT}</TextDescription><PictureSelection guid="{G.format(4)}" {BOX}>{CODED}'
    f'</PictureSelection>{TAIL}</PictureSource><PDFSource guid="{G.format(3)}"><PDFSelection '
    f'guid="{G.format(4)}" page="0" {BOX}><Representation guid="{G.format(3)}"/></PDFSelection>'
    f'<Representation guid="{G.format(3)}">{TEXT}</Representation>{TAIL}</PDFSource>'
    f'{recording("Audio")}{recording("Video")}</Sources><Notes><Note guid="{G.format(9)}">{TEXT}'
    f'</Note></Notes><Links><Link guid="{G.format(7)}" direction="OneWay" color="#a0b1c2" '
    f'originGUID="{G.format(2)}" targetGUID="{G.format(2)}"><NoteRef targetGUID="{G.format(9)}"/>'
    f'</Link></Links><Sets><Set guid="{G.format(7)}" name="s"><MemberCode '
    f'targetGUID="{G.format(2)}"/><MemberSource targetGUID="{G.format(3)}"/><MemberNote '
    f'targetGUID="{G.format(9)}"/></Set></Sets><Graphs><Graph guid="{G.format(7)}"><Vertex '
    f'guid="{G.format(7)}" firstX="1" firstY="2" secondX="-3" shape="LeftTriangle"/><Edge '
    f'guid="{G.format(7)}" sourceVertex="{G.format(7)}" targetVertex="{G.format(7)}" '
    f'lineStyle="dotted" direction="Associative"/></Graph></Graphs><Description>d</Description>'
    f'<NoteRef targetGUID="{G.format(9)}"/></Project>'
).encode()
VALUES = [
    "", "x", "1", "-1", "true", G.format(1), "{" + G.format(1) + "}", "{" + G.format(1), "#fff",
    "#ABCDEF", "#abcd", "OneWay", "solid", "Star", "Float", "2014-07-01", "2014-07-01T12:30:00Z",
    "1.5", "0x1",
]  # fmt: skip


def schema_of(folder, name):
    return etree.XMLSchema(etree.parse(folder / name))


def damaged(root, rng):
    """Change one thing of a project, which may leave it valid."""
    node = rng.choice(list(root.iter()))
    how = rng.randrange(6)
    if how == 0 and node.getparent() is not None:
        node.getparent().remove(node)
    elif how == 1 and node.attrib:
        del node.attrib[rng.choice(list(node.attrib))]
    elif how == 2 and node.attrib:
        node.attrib[rng.choice(list(node.attrib))] = rng.choice(VALUES)
    elif how == 3 and len(node):
        node.append(node[rng.randrange(len(node))])  # moves it behind its siblings
    elif how == 4:
        other = rng.choice(list(root.iter()))
        node.append(etree.fromstring(etree.tostring(other)))
    elif not len(node):
        node.text = rng.choice(VALUES)
    return etree.tostring(root)


@SCHEMAS
@pytest.mark.parametrize("name", PROJECTS)
def test_every_export_is_valid(folder, name):
    schema = schema_of(folder, "Project.xsd")

    assert schema.validate(etree.fromstring(qde_of(pack(PROJECTS[name])[0]))), schema.error_log


@SCHEMAS
def test_every_codebook_is_valid(folder, tmp_path):
    schema = schema_of(folder, "Codebook.xsd")

    for at, project in enumerate((full_project(), load_study().project, PROJECTS["one code"])):
        path = tmp_path / f"{at}.qdc"
        exchange.write_codebook(project.codebook, path, sets=project.sets)
        assert schema.validate(etree.parse(path)), schema.error_log


@SCHEMAS
def test_a_project_with_every_element_is_valid(folder):
    schema = schema_of(folder, "Project.xsd")
    names = {etree.QName(node).localname for node in etree.fromstring(EVERYTHING).iter()}

    assert schema.validate(etree.fromstring(EVERYTHING)), schema.error_log
    assert faults_of(read_xml(EVERYTHING)) == []
    assert len(names) >= 50


def test_a_project_with_every_element_is_read_and_every_loss_is_named(tmp_path):
    path = archive(tmp_path, EVERYTHING, sources__x_txt="words said")

    project, report = exchange.read(path)

    assert [d.text for d in project.documents] == ["words"] * 3 + ["words said"] * 2
    # Three texts keep a coded passage and a coding of the whole; two transcripts keep theirs.
    quoted = sorted(project.quote(s) for s in project.segments)
    assert quoted == ["wor"] * 3 + ["words"] * 5
    assert len(project.cases) == 6
    for kind in ("PictureSource", "PDFSource", "AudioSource", "VideoSource"):
        assert report.dropped[kind] == 1
    for kind in ("PictureSelection of PictureSource", "AudioSelection of AudioSource",
                 "VideoSelection of VideoSource", "PDFSelection of PDFSource", "Graph",
                 "Vertex of a graph", "Edge of a graph", "Coding of a note", "CodeRef of a case",
                 "SelectionRef of a case", "NoteRef of a link", "Representation"):  # fmt: skip
        assert report.dropped[kind] == 1, kind
    assert (report.dropped["Coding"], report.dropped["NoteRef"]) == (3, 6)


@SCHEMAS
@pytest.mark.parametrize("whole", [qde_of(pack(full_project())[0]), EVERYTHING], ids=["own", "all"])
def test_our_rules_and_the_schema_agree_on_damaged_projects(folder, whole):
    schema = schema_of(folder, "Project.xsd")
    rng = random.Random(1)
    judged = []

    for _ in range(600):
        data = damaged(etree.fromstring(whole), rng)
        theirs = schema.validate(etree.fromstring(data))
        judged.append(theirs)
        assert theirs == (faults_of(read_xml(data)) == []), data

    assert 50 < sum(judged) < 550
