"""Opens a transcript, checks that it is what its name says, and returns immutable text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from footbridge.grounded.errors import CodingError, TranscriptError
from footbridge.grounded.text import normalise
from footbridge.grounded.transcripts.docx import read_docx
from footbridge.grounded.transcripts.html import html_to_text
from footbridge.grounded.transcripts.pdf import read_pdf
from footbridge.grounded.transcripts.subtitles import Cue, read_subtitles

FORMATS = (".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".srt", ".vtt")
_LARGEST = 64 * 2**20
_MAGIC = (
    (b"%PDF", ".pdf", "a PDF"),
    (b"PK\x03\x04", ".docx", "a Word (.docx) or another zipped file"),
    (b"{\\rtf", ".rtf", "a rich text (.rtf) file"),
    (b"\xd0\xcf\x11\xe0", ".doc", "an old Word (.doc) file"),
    (b"\x89PNG", ".png", "a picture"),
    (b"\xff\xd8\xff", ".jpg", "a picture"),
    (b"RIFF", ".wav", "a sound or video"),
    (b"ID3", ".mp3", "a sound"),
    (b"SQLite format 3", ".sqlite3", "a database"),
)


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one file.

    Attributes
    ----------
    text : str
        LF line ends, no byte order mark; otherwise untouched.
    cues : tuple of Cue
        For subtitles: when each passage was said.
    remarks : tuple of str
        What a person should know, such as comments that were left out.
    """

    text: str
    cues: tuple[Cue, ...] = ()
    remarks: tuple[str, ...] = ()


def read_transcript(path: Path | str, *, encoding: str | None = None) -> Transcript:
    """Read one transcript.

    Parameters
    ----------
    path : path
        The ending says what the file claims to be; see `FORMATS`.
    encoding : str, optional
        Only for text in something other than UTF-8, and only when somebody knows it.

    Raises
    ------
    TranscriptError
        If the file is not what its name says, is damaged or empty, or is not UTF-8.
    """
    file = Path(path)
    ending = file.suffix.lower()
    if ending not in FORMATS:
        raise TranscriptError(
            f"Files ending in {ending or 'nothing'!r} cannot be read as transcripts. "
            f"Save it as one of {', '.join(FORMATS)}."
        )
    data = _bytes_of(file)
    _check_claim(data, ending)
    found = _READERS[ending](data, file, encoding)
    try:
        text = normalise(found.text)
    except CodingError as error:
        raise TranscriptError(str(error)) from error
    if not text.strip():
        raise TranscriptError("The file holds no words. Check that it is the right one.")
    return Transcript(text, found.cues, found.remarks)


def _bytes_of(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise TranscriptError(
                f"The file is larger than {_LARGEST:,} bytes, which no transcript is. "
                "Check that it is the right one."
            )
        return file.read_bytes()
    except OSError as error:
        raise TranscriptError(f"The file cannot be opened ({error.strerror}).") from error


def _check_claim(data: bytes, ending: str) -> None:
    for magic, true_ending, words in _MAGIC:
        if data.startswith(magic) and ending != true_ending:
            raise TranscriptError(
                f"The file ends in {ending} and is really {words}. "
                f"Rename it to {true_ending}, or save it as plain text in UTF-8."
            )
    for magic, true_ending, words in _MAGIC[:2]:
        if ending == true_ending and not data.startswith(magic):
            raise TranscriptError(
                f"The file ends in {ending} and is not {words}. "
                "It is damaged or was renamed; export it again."
            )


def decode(data: bytes, encoding: str | None = None) -> str:
    """Return text, strictly as UTF-8, or as UTF-16 where the file marks itself so.

    Raises
    ------
    TranscriptError
        If it is neither; the text says where, and what else it might be.
    """
    if encoding is None:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise TranscriptError(f"No encoding is called {encoding!r}. Try 'gb18030'.") from error
    except UnicodeDecodeError as error:
        raise TranscriptError(
            f"The file is not {encoding.removesuffix('-sig').upper()}: byte {error.start} fits no "
            f"character.{_perhaps(data)} Save it as UTF-8, or say its encoding."
        ) from error
    if "\x00" in text:
        raise TranscriptError(
            "The file holds zero bytes, so it is no text, or is UTF-16 without its mark. "
            "Save it as UTF-8."
        )
    return text


def _perhaps(data: bytes) -> str:
    """Name one likely encoding; never used to read, only to help."""
    try:
        guess = data[:20_000].decode("gb18030", "ignore")
    except UnicodeDecodeError:  # pragma: no cover - "ignore" never raises
        return ""
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in guess)
    if chinese > len(guess) / 4:
        return " It looks like Chinese text in GB 18030 (encoding 'gb18030')."
    return " It may be Western text in Windows-1252 (encoding 'cp1252')."


def _plain(data: bytes, _file: Path, encoding: str | None) -> Transcript:
    return Transcript(decode(data, encoding))


def _html(data: bytes, _file: Path, encoding: str | None) -> Transcript:
    return Transcript(html_to_text(decode(data, encoding)).strip("\n") + "\n")


def _subtitles(data: bytes, _file: Path, encoding: str | None) -> Transcript:
    text, cues = read_subtitles(normalise(decode(data, encoding)))
    return Transcript(text, cues)


def _docx(_data: bytes, file: Path, _encoding: str | None) -> Transcript:
    text, remarks = read_docx(file)
    return Transcript(text, (), remarks)


def _pdf(data: bytes, _file: Path, _encoding: str | None) -> Transcript:
    return Transcript(read_pdf(data), (), ("Line ends are the PDF's, not the speaker's.",))


_READERS: dict[str, Callable[[bytes, Path, str | None], Transcript]] = {
    ".txt": _plain,
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".docx": _docx,
    ".pdf": _pdf,
    ".srt": _subtitles,
    ".vtt": _subtitles,
}
