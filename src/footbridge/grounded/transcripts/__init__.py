"""Transcripts from files: txt, md, html, docx, pdf, srt and vtt, without guessing."""

from footbridge.grounded.transcripts.reading import FORMATS, Transcript, read_transcript
from footbridge.grounded.transcripts.subtitles import Cue

__all__ = ["FORMATS", "Cue", "Transcript", "read_transcript"]
