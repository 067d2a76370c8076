"""The words of a PDF, page after page."""

from __future__ import annotations

import io
import logging

from pypdf import PdfReader

from footbridge.grounded.errors import TranscriptError

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 20_000_000


def read_pdf(data: bytes) -> str:
    """Return the text of all pages.

    Raises
    ------
    TranscriptError
        If it is damaged, locked, too long, or holds pictures of text only.
    """
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        pages = _pages(data)
    except TranscriptError:
        raise
    except Exception as error:  # a damaged PDF can make the reader raise nearly anything
        raise TranscriptError(
            f"The PDF is damaged ({type(error).__name__}). Export it again, or save it as text."
        ) from error
    text = "\n".join(pages)
    if not text.strip():
        raise TranscriptError(
            "The PDF holds pictures of text and no text. Have it typed, or recognised and checked."
        )
    return text.encode("utf-8", "replace").decode("utf-8")


def _pages(data: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise TranscriptError("The PDF is locked with a password. Export one without.")
    if len(reader.pages) > _MOST_PAGES:
        raise TranscriptError(f"The PDF has more than {_MOST_PAGES:,} pages. Split it.")
    pages: list[str] = []
    length = 0
    for page in reader.pages:
        pages.append(page.extract_text())
        length += len(pages[-1])
        if length > _MOST_CHARACTERS:
            raise TranscriptError("The PDF holds more words than any transcript. Split it.")
    return pages
