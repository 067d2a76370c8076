"""Handles and phrases: drawing them, and reading them as people type them. (First version by the lead; the owner of recognition replaces it.)"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from importlib import resources


@cache
def _list(name: str) -> tuple[str, ...]:
    text = (resources.files("footbridge.trust.recognition") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split() if line)


def new_phrase(language: str, *, draws: Callable[[int], int]) -> tuple[str, ...]:
    words = _list(f"phrase-{language}")
    return tuple(words[draws(len(words))] for _ in range(6 if language == "zh" else 5))


def new_handle(language: str, *, draws: Callable[[int], int]) -> str:
    first, second = _list(f"handle-first-{language}"), _list(f"handle-second-{language}")
    return f"{first[draws(len(first))]} {second[draws(len(second))]}"


def normalised_handle(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def normalised_phrase(text: str, language: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    if language == "zh":
        letters = "".join(plain.split())
        return tuple(letters[at : at + 2] for at in range(0, len(letters), 2))
    return tuple(plain.split())


def phrase_bytes(words: tuple[str, ...]) -> bytes:
    return " ".join(words).encode()
