"""Errors of the interview library: what happened, why, what to do next."""

from __future__ import annotations


class GroundedError(Exception):
    """Base of every error of this library; its text is meant to be read by a person."""


class AgreementError(GroundedError):
    """The data given cannot be read as codings by coders."""


class CodingError(GroundedError):
    """A change to a codebook, a segment or a memo does not fit what is there."""


class SaturationError(GroundedError):
    """A saturation question was asked that the interviews cannot answer."""


class ExchangeError(GroundedError):
    """A file cannot be read or written; the text says what is wrong with it."""


class TranscriptError(GroundedError):
    """A transcript is not what it says it is, or cannot be read without guessing."""


class DescriptorError(GroundedError):
    """An attribute table cannot give the descriptor asked for."""
