"""Suggests what to take out of a transcript, with the place and the reason."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from footbridge.grounded.deidentify.rules import CHINESE, COMMON, ENGLISH, Rule
from footbridge.grounded.deidentify.spoken import lower_case_names
from footbridge.grounded.text import Span

# Words that begin with a capital letter and name nobody.
_ORDINARY = frozenset(
    """
    i a an and as at because before but by did do does for from god he her here his how if in
    interpreter interviewer it its just later like maybe my no not now of ok okay on once one or
    our participant people q she so some sometimes that the their then there these they this
    those to today tomorrow us we well what when where which while who why with yes yesterday
    you your monday tuesday wednesday thursday friday saturday sunday english chinese mandarin
    china hiv aids methadone heroin internet after again all also although always another any
    are both can each even every everybody everyone first had has have having however last many
    more most much never nobody nothing only other perhaps since still such than until very was
    were will would inside outside near nine paying money note
    """.split()  # noqa: SIM905 - a list of one word on each line would be longer than this file
)
_CAPITALISED = re.compile(r"(?<![\w'])[A-Z][a-z]+(?:[-'][A-Z]?[a-z]+)*(?:\s[A-Z][a-z]+)*")
_BEGINS = re.compile(r"(?:^|[.!?:;\"“”‘’(\n—-]\s*)$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KINDS = {
    "nr": ("PERSON", "the dictionary knows it as a person's name"),
    "ns": ("PLACE", "the dictionary knows it as a place"),
    "nt": ("ORGANISATION", "the dictionary knows it as an organisation"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that could identify somebody.

    Attributes
    ----------
    span : Span
    words : str
    category : str
        PERSON, PLACE, ORGANISATION, DATE, AGE, MONEY, PHONE, ID, EMAIL, URL, IP, PLATE, ACCOUNT,
        NUMBER or NAME? (a capitalised word that may be a name).
    reason : str
    general : str or None
        A coarser wording that keeps some meaning, such as an age band or a year.
    """

    span: Span
    words: str
    category: str
    reason: str
    general: str | None = None


def suggest(
    text: str,
    *,
    gazetteer: Mapping[str, Iterable[str]] | None = None,
    dictionary: bool = True,
) -> list[Suggestion]:
    """Return suggestions in the order of the text, without overlaps (the longest wins).

    Parameters
    ----------
    text : str
    gazetteer : mapping, optional
        Category to names known to this study, such as its hospitals and staff; found
        regardless of case, and preferred over every rule.
    dictionary : bool
        Whether Chinese text is also cut into words by jieba (about a second at first use).

    Notes
    -----
    Rules miss what they do not know. Read the whole text as well.
    """
    found = [
        *_known(text, gazetteer or {}),
        *_ruled(text),
        *_capitalised(text),
        *_small_letters(text),
    ]
    if dictionary and _HAN.search(text):
        found += _from_dictionary(text)
    return _without_overlaps(found, text)


_Hit = tuple[int, int, int, str, str]  # rank, start, end, category, reason


def _known(text: str, gazetteer: Mapping[str, Iterable[str]]) -> Iterator[_Hit]:
    for category, names in gazetteer.items():
        for name in sorted({n.strip() for n in names if n.strip()}, key=len, reverse=True):
            edge = r"(?<!\w)" if name[0].isascii() else ""
            back = r"(?!\w)" if name[-1].isascii() else ""
            for hit in re.finditer(edge + re.escape(name) + back, text, re.IGNORECASE):
                yield 0, hit.start(), hit.end(), category, "it is on this study's list"


def _ruled(text: str) -> Iterator[_Hit]:
    for rule in (*COMMON, *ENGLISH, *CHINESE):
        for hit in rule.pattern.finditer(text):
            group = "x" if "x" in rule.pattern.groupindex and hit["x"] else 0
            if rule.accept(hit[group]) and not _only_ordinary(rule, hit[group]):
                yield 1, hit.start(group), hit.end(group), rule.category, rule.reason


def _only_ordinary(rule: Rule, words: str) -> bool:
    return rule.category in ("PERSON", "PLACE") and all(
        word.lower() in _ORDINARY for word in words.split()
    )


def _capitalised(text: str) -> Iterator[_Hit]:
    for hit in _CAPITALISED.finditer(text):
        start, words = hit.start(), hit[0].split()
        first = _BEGINS.search(text, max(0, start - 12), start) is not None
        while words and (words[0].lower() in _ORDINARY or (first and len(words) == 1)):
            start += len(words[0]) + 1
            words, first = words[1:], False
        if words:
            yield 3, start, hit.end(), "NAME?", "a capital letter inside a sentence"


def _small_letters(text: str) -> Iterator[_Hit]:
    for start, end in lower_case_names(text):
        yield 3, start, end, "NAME?", "a word that may be a Chinese name in small letters"


def _from_dictionary(text: str) -> Iterator[_Hit]:
    try:
        import jieba.posseg
    except ImportError:
        return
    logging.getLogger("jieba").setLevel(logging.WARNING)
    at = 0
    for word, kind in jieba.posseg.cut(text):  # type: ignore[no-untyped-call]
        known = _KINDS.get(kind[:2])
        if known is not None and len(word) > 1 and _HAN.search(word):
            yield 2, at, at + len(word), *known
        at += len(word)


def _without_overlaps(hits: Iterable[_Hit], text: str) -> list[Suggestion]:
    """Give each character to one hit: this study's list first, then the longest.

    What is left of a shorter one that overlaps stays a suggestion of its own, so that nothing
    a rule saw is lost.
    """
    covered = bytearray(len(text))
    kept: list[_Hit] = []
    for rank, start, end, category, reason in sorted(
        hits, key=lambda h: (h[0] > 0, -(h[2] - h[1]), h[0], h[1])
    ):
        for first, last in _gaps(covered, start, end):
            whole = (first, last) == (start, end)
            if whole or any(c.isalnum() for c in text[first:last]):
                kept.append((rank, first, last, category, reason))
        covered[start:end] = b"\x01" * (end - start)
    return [
        Suggestion(Span(start, end), text[start:end], category, reason,
                   generalise(category, text[start:end]))
        for _, start, end, category, reason in sorted(kept, key=lambda h: h[1])
    ]  # fmt: skip


def _gaps(covered: bytearray, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        first = covered.find(0, at, end)
        if first < 0:
            return
        last = covered.find(1, first, end)
        at = last if last >= 0 else end
        yield first, at


def generalise(category: str, words: str) -> str | None:
    """Return a coarser wording: an age band for an age, the year for a date; else None.

    Examples
    --------
    >>> generalise("AGE", "44 years old"), generalise("DATE", "14 March 2013")
    ('in the 40s', '2013')
    """
    if category == "AGE":
        number = re.search(r"\d{1,3}", words)
        if number and int(number[0]) >= 10:
            return "90 or older" if int(number[0]) >= 90 else f"in the {number[0][0]}0s"
    if category == "DATE":
        year = re.search(r"(?<!\d)(?:19|20)\d{2}(?!\d)", words)
        return year[0] if year else None
    return None
