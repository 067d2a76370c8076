"""Handles and secret phrases: made by the system, typed by people.

A phrase is never stored. Its canonical bytes feed the key derivation, so what
somebody types must come out the same however they space, write or copy it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from footbridge.trust.recognition import slips
from footbridge.trust.recognition.words import (
    check_language,
    handle_word_sets,
    handle_words,
    phrase_word_set,
    phrase_words,
)

Draws = Callable[[int], int]
"""Returns a random whole number below its argument, such as `secrets.randbelow`."""

WORDS_IN_A_PHRASE = {"en": 5, "zh": 6}
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_RUNS_OF_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_RUNS_OF_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A typed word that is on no list: where it stood, and what may have been meant.

    ``position`` counts from 1, as a person would.
    """

    position: int
    word: str
    suggestions: tuple[str, ...]


def new_phrase(language: str, *, draws: Draws) -> tuple[str, ...]:
    """Return a new secret phrase: five English or six Chinese words.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    draws : callable
        ``draws(n)`` returns a whole number from 0 to ``n - 1``, each as likely;
        `secrets.randbelow` everywhere but in tests.

    Raises
    ------
    WordError
        If there are no words for the language.

    Examples
    --------
    >>> len(new_phrase("zh", draws=lambda below: below - 1))
    6
    """
    listed = phrase_words(language)
    return tuple(listed[draws(len(listed))] for _ in range(WORDS_IN_A_PHRASE[language]))


def new_handle(language: str, *, draws: Draws) -> str:
    """Return two random words with a space between; not secret, and perhaps taken.

    Raises
    ------
    WordError
        If there are no words for the language.
    """
    return " ".join(column[draws(len(column))] for column in handle_words(language))


def phrase_bits(language: str) -> float:
    """Return the entropy of a phrase in bits.

    Examples
    --------
    Five of 7,776, and six of 2,048 (confidentiality-facts.md, 2.3):

    >>> round(phrase_bits("en"), 1), round(phrase_bits("zh"), 1)
    (64.6, 66.0)
    """
    return WORDS_IN_A_PHRASE[language] * math.log2(len(phrase_words(language)))


def handle_bits(language: str) -> float:
    """Return the entropy of a handle in bits.

    Examples
    --------
    >>> handle_bits("en")
    22.0
    """
    return sum(math.log2(len(column)) for column in handle_words(language))


def normalised_phrase(text: str, language: str) -> tuple[str, ...]:
    r"""Return the words of a typed phrase, however it was spaced or written.

    Full-width letters, capitals, commas, line ends and missing spaces between
    Chinese words make no difference. Words that are on no list stay as they are.

    Raises
    ------
    WordError
        If there are no words for the language.

    Examples
    --------
    >>> normalised_phrase(" Pine,  BRIDGE\n", "en")
    ('pine', 'bridge')
    >>> normalised_phrase("青铜花椒 卡车", "zh")
    ('青铜', '花椒', '卡车')
    """
    check_language(language)
    plain = _plain(text)
    return tuple(_pairs(plain) if language == "zh" else _RUNS_OF_LETTERS.findall(plain))


def unknown_words(text: str, language: str) -> list[UnknownWord]:
    """Return the typed words that are on no list, each with what may have been meant.

    It compares with the public list only: a word that is listed and wrong for this
    person is not told from the right one.
    """
    listed = phrase_word_set(language)
    return [
        UnknownWord(position, word, slips.meant(word, language))
        for position, word in enumerate(normalised_phrase(text, language), start=1)
        if word not in listed
    ]


def normalised_handle(text: str) -> str:
    """Return a typed handle as it is kept: two words in their order, one space between.

    Words run together, or said the wrong way round, are put right where the lists
    leave one reading; anything else stays as typed and will be found to be nobody's.

    Examples
    --------
    >>> normalised_handle("  Starry-Window "), normalised_handle("starrywindow")
    ('starry window', 'starry window')
    """
    plain = _plain(text)
    language = "zh" if _HAN.search(plain) else "en"
    words = _pairs(plain) if language == "zh" else _RUNS_OF_LETTERS.findall(plain)
    first, second = handle_word_sets(language)
    if len(words) == 1 and language == "en":
        words = _cut(words[0], first, second)
    if len(words) == 2 and words[0] in second and words[1] in first:
        words = words[::-1]
    return " ".join(words)


def phrase_bytes(words: Sequence[str]) -> bytes:
    """Return the one encoding of a phrase from which its key is derived: UTF-8, single spaces.

    Examples
    --------
    >>> phrase_bytes(("starry", "window"))
    b'starry window'
    """
    return unicodedata.normalize("NFC", " ".join(words)).encode()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _pairs(text: str) -> list[str]:
    """Cut Chinese text into words of two characters; leave pinyin in runs of letters.

    Where every run is one word, the spaces of the writer are kept, so that one word
    left out or one character too many does not shift all the others.
    """
    runs = _RUNS_OF_HAN.findall(text)
    if not runs:
        return _RUNS_OF_LETTERS.findall(text)
    if len(runs) == WORDS_IN_A_PHRASE["zh"] or all(len(run) == 2 for run in runs):
        return runs
    together = "".join(runs)
    return [together[i : i + 2] for i in range(0, len(together), 2)]


def _cut(word: str, first: frozenset[str], second: frozenset[str]) -> list[str]:
    for cut in range(3, len(word) - 2):
        if word[:cut] in first and word[cut:] in second:
            return [word[:cut], word[cut:]]
    return [word]
