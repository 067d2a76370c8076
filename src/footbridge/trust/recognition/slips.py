"""Slips of the hand and the ear: which listed words somebody may have meant."""

from __future__ import annotations

import string
from collections.abc import Set
from functools import cache

from footbridge.trust.recognition.words import phrase_word_set, phrase_words, sounds

LONGEST = 16
MOST_SUGGESTIONS = 3
SHORT = 3


def one_slip_away(word: str) -> set[str]:
    """Return every string of letters one slip away: one letter more, less, other or swapped.

    Examples
    --------
    >>> "pine" in one_slip_away("pien") and "pine" in one_slip_away("pne")
    True
    """
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    for letter in string.ascii_lowercase:
        found |= {head + letter + tail for head, tail in cuts}
        found |= {head + letter + tail[1:] for head, tail in cuts if tail}
    return found - {word}


def meant(word: str, language: str) -> tuple[str, ...]:
    """Return up to three listed words that a word which is not listed may stand for.

    English by the hand (one slip, else two), Chinese by the ear (another character of
    the same sound, also where zh and z, or n and l, are not told apart), else by eye
    (one of two characters is right). It looks only at the list, so it tells nothing
    about anybody's phrase.
    """
    if not word or len(word) > LONGEST:
        return ()
    found = _heard(word) if language == "zh" else _typed(word, phrase_word_set(language))
    return tuple(sorted(found)[:MOST_SUGGESTIONS])


def _typed(word: str, listed: Set[str]) -> Set[str]:
    near = one_slip_away(word)
    found = near & listed
    if found or len(word) <= SHORT:
        return found
    return {far for step in near for far in one_slip_away(step) if far in listed}


def _heard(word: str) -> Set[str]:
    same = _by_sound().get(southern(word)) or _by_pinyin().get(_merged(word))
    if same:
        return same
    if len(word) != 2:
        return set()
    alike = {other for other in phrase_words("zh") if other[0] == word[0] or other[1] == word[1]}
    return alike if len(alike) <= MOST_SUGGESTIONS else set()


def southern(word: str) -> str:
    """Return how characters are said where some sounds are not told apart."""
    return " ".join(_merged(sounds().get(character, character)) for character in word)


def _merged(pinyin: str) -> str:
    for full, plain in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("n", "l")):
        pinyin = pinyin.replace(full, plain)
    return pinyin


@cache
def _by_sound() -> dict[str, set[str]]:
    return {southern(word): {word} for word in phrase_words("zh")}


@cache
def _by_pinyin() -> dict[str, set[str]]:
    """Return the words by their pinyin written in one, which two words may share."""
    found: dict[str, set[str]] = {}
    for word in phrase_words("zh"):
        found.setdefault(southern(word).replace(" ", ""), set()).add(word)
    return found
