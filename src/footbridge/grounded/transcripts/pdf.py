"""The words of a PDF, page after page, read in a process of its own.

A PDF can be made to keep its reader busy or to fill the memory, so the reader gets a
limited process with limited time. The words come back through a pipe; nothing is written
to disk.
"""

from __future__ import annotations

import io
import logging
import resource
import subprocess  # nosec B404 - runs this very module and nothing else
import sys

from footbridge.grounded.errors import TranscriptError

SECONDS = 60
_MEMORY = 2 * 2**30
_MOST_PAGES = 2_000
_MOST_CHARACTERS = 20_000_000
_REFUSALS = {
    10: "The PDF is locked with a password. Export one without.",
    11: f"The PDF has more than {_MOST_PAGES:,} pages. Split it.",
    12: "The PDF holds more words than any transcript. Split it.",
}


def read_pdf(data: bytes, *, seconds: float = SECONDS) -> str:
    """Return the text of all pages.

    Parameters
    ----------
    data : bytes
    seconds : float
        How long reading may take.

    Raises
    ------
    TranscriptError
        If it is damaged, locked, too long, takes too long, or holds pictures of text only.
    """
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603 our own module
            [sys.executable, "-m", __name__],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TranscriptError(
            f"The PDF could not be read within {seconds:g} seconds. Print it to a new PDF, or "
            "save it as text."
        ) from error
    if done.returncode:
        raise TranscriptError(_REFUSALS.get(done.returncode, _DAMAGED))
    text = done.stdout.decode("utf-8")
    if not text.strip():
        raise TranscriptError(
            "The PDF holds pictures of text and no text. Have it typed, or recognised and checked."
        )
    return text


_DAMAGED = "The PDF is damaged. Export it again, or save it as text."


def _pages(data: bytes) -> list[str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        sys.exit(10)
    if len(reader.pages) > _MOST_PAGES:
        sys.exit(11)
    pages: list[str] = []
    length = 0
    for page in reader.pages:
        pages.append(page.extract_text())
        length += len(pages[-1])
        if length > _MOST_CHARACTERS:
            sys.exit(12)
    return pages


def _main() -> None:
    """Read a PDF from standard input and print its words; the exit code says why not."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    logging.disable(logging.CRITICAL)
    try:
        text = "\n".join(_pages(sys.stdin.buffer.read()))
    except Exception:
        sys.exit(1)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    _main()
