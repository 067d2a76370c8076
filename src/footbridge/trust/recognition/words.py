"""The word lists that the house made for itself (docs/decisions/word-lists.md).

A list never changes once a site has used it: a phrase is its words, and a word
that is gone would be called a mistake.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from footbridge.trust.decisions import HouseError, gettext_noop

LANGUAGES = ("en", "zh")


class WordError(HouseError):
    """There are no words for what was asked."""


def _lines(name: str) -> list[str]:
    file = files("footbridge.trust.recognition") / "data" / name
    return file.read_text("utf-8").splitlines()


def check_language(language: str) -> None:
    """Raise WordError unless there are lists for this language."""
    if language not in LANGUAGES:
        raise WordError(
            gettext_noop(
                "There are no words for the language {language}. Choose one of: {languages}."
            ),
            language=language,
            languages=", ".join(LANGUAGES),
        )


@cache
def phrase_words(language: str) -> tuple[str, ...]:
    """Return the words of which secret phrases are made, sorted.

    Parameters
    ----------
    language : str
        ``"en"`` (7,776 words of 3 to 8 letters) or ``"zh"`` (2,048 words of two syllables).

    Raises
    ------
    WordError
        If there is no list for the language.
    """
    check_language(language)
    return tuple(_lines(f"phrase-{language}.txt"))


@cache
def phrase_word_set(language: str) -> frozenset[str]:
    """Return the same words, to be looked up."""
    return frozenset(phrase_words(language))


@cache
def handle_words(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what may stand first and what may stand second in a handle, 2,048 words each.

    Raises
    ------
    WordError
        If there is no list for the language.
    """
    check_language(language)
    first, second = (_lines(f"handle-{place}-{language}.txt") for place in ("first", "second"))
    return tuple(first), tuple(second)


@cache
def handle_word_sets(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the same two columns, to be looked up."""
    first, second = handle_words(language)
    return frozenset(first), frozenset(second)


@cache
def sounds() -> dict[str, str]:
    """Return how each of 6,763 Chinese characters is said, tones left out.

    Examples
    --------
    >>> sounds()["桥"]
    'qiao'
    """
    said = (line.split() for line in _lines("sounds-zh.txt"))
    return {character: sound for sound, same in said for character in same}
