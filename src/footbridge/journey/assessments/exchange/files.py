"""Which kind of file somebody chose, and how each kind is read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from footbridge.journey.assessments.exchange import questionnaire, redcap, xlsform
from footbridge.journey.assessments.exchange.sheet import Ledger, Sheet
from footbridge.journey.assessments.exchange.texts import check_size
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.consents.rules import Language


class Shape(StrEnum):
    """A kind of file that holds an instrument."""

    REDCAP = "redcap"
    REDCAP_ZIP = "redcap-zip"
    XLSFORM = "xlsform"
    FHIR = "fhir"


WRITERS: Mapping[Shape, Callable[[Instrument, Language], bytes]] = {
    Shape.REDCAP: lambda one, language: redcap.write_csv(one, language=language),
    Shape.REDCAP_ZIP: lambda one, language: redcap.write_zip(one, language=language),
    Shape.XLSFORM: lambda one, _: xlsform.write(one),
    Shape.FHIR: lambda one, _: questionnaire.write(one),
}


def shape_of(data: bytes) -> Shape:
    """Return the kind of a file by what is in it, whatever it is called."""
    if data[:2] == b"PK":
        return Shape.XLSFORM if b"[Content_Types].xml" in data else Shape.REDCAP_ZIP
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return Shape.FHIR if start in {b"{", b"["} else Shape.REDCAP


def read(data: bytes, *, language: Language, form: str = "") -> tuple[Sheet, Ledger]:
    """Return what a file says, and everything wrong with it.

    Parameters
    ----------
    language : Language
        Of words that do not say in which language they are.
    form : str
        Of a REDCap dictionary with several forms, the one to take.

    Raises
    ------
    RefusedFileError
        If the file as a whole cannot be read.
    """
    check_size(data)
    match shape_of(data):
        case Shape.XLSFORM:
            return xlsform.read(data, language=language)
        case Shape.FHIR:
            return questionnaire.read(data, language=language)
        case Shape.REDCAP_ZIP:
            return redcap.read_zip(data, language=language, form=form)
        case Shape.REDCAP:
            return redcap.read_csv(data, language=language, form=form)


def write(instrument: Instrument, shape: Shape, *, language: Language) -> bytes:
    """Return an instrument as a file; only the REDCap shapes hold one language alone."""
    return WRITERS[shape](instrument, language)
