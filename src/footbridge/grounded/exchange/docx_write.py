"""Writes plain Word files (.docx): headings, paragraphs and quotations, nothing else.

The archive carries no author, no machine and no time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Literal, TypeAlias

Style: TypeAlias = Literal["Heading1", "Heading2", "Normal", "Quote"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/></Types>'
)


def _relation(kind: str, target: str) -> str:
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _style(name: str, shown: str, properties: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/>'
        f"{properties}</w:style>"
    )


_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{_WORD}">'
    + _style("Normal", "Normal", '<w:pPr><w:spacing w:after="120"/></w:pPr>')
    + _style(
        "Heading1", "heading 1",
        '<w:pPr><w:keepNext/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="0"/>'
        '</w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr>',
    )
    + _style(
        "Heading2", "heading 2",
        '<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="1"/>'
        '</w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr>',
    )
    + _style(
        "Quote", "Quote",
        '<w:pPr><w:spacing w:after="40"/><w:ind w:left="567" w:right="567"/></w:pPr>'
        "<w:rPr><w:i/></w:rPr>",
    )
    + "</w:styles>"
)  # fmt: skip


def word_file(paragraphs: Iterable[tuple[Style, str]]) -> bytes:
    """Return the bytes of a Word file.

    Parameters
    ----------
    paragraphs : iterable of (style, words)
        A line end inside words becomes a line break.
    """
    body = "".join(_paragraph(style, words) for style, words in paragraphs)
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relation("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relation("styles", "styles.xml"),
        "word/document.xml": (
            f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>'
        ),
        "word/styles.xml": _STYLES,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))
    return packed.getvalue()


def _paragraph(style: Style, words: str) -> str:
    runs = "<w:r><w:br/></w:r>".join(_run(line) for line in words.split("\n"))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _run(line: str) -> str:
    clean = _UNWRITABLE.sub("\ufffd", line)
    for raw, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        clean = clean.replace(raw, written)
    tabbed = '</w:t><w:tab/><w:t xml:space="preserve">'.join(clean.split("\t"))
    return f'<w:r><w:t xml:space="preserve">{tabbed}</w:t></w:r>'
