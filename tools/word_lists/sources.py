"""Read the four published sources from which the word lists are chosen.

Each function takes the folder into which the packages named in
docs/decisions/word-lists.md were unpacked, and returns plain Python values.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path

HERE = Path(__file__).parent
SENSE_KINDS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}


def kept_by_hand(name: str) -> set[str]:
    """Return the words of one hand-kept list, without its comments."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def scowl_levels(root: Path, sizes: tuple[int, ...]) -> dict[str, int]:
    """Return each lower-case word of SCOWL with the smallest size that holds it."""
    levels: dict[str, int] = {}
    for size in sizes:
        text = (root / f"usr/share/dict/scowl/english-words.{size}").read_text("latin-1")
        for word in text.split():
            if re.fullmatch(r"[a-z]{3,9}", word):
                levels.setdefault(word, size)
    return levels


def scowl_names(root: Path) -> set[str]:
    """Return, in lower case, every word that SCOWL also knows as a name."""
    folder = root / "usr/share/dict/scowl"
    files = [*folder.glob("*proper-names.*"), *folder.glob("*upper.*")]
    return {
        word.lower()
        for file in files
        if not file.name.endswith(".95")
        for word in file.read_text("latin-1").split()
    }


def sounds(root: Path) -> dict[str, set[str]]:
    """Return the pronunciations of each word in the CMU dictionary, stress left out."""
    said: dict[str, set[str]] = defaultdict(set)
    file = root / "usr/share/festival/dicts/cmu/cmudict-0.4.out"
    for line in file.read_text("latin-1").splitlines():
        found = re.match(r'\("([a-z]+)" \S+ (.*)\)$', line.strip())
        if found:
            said[found[1]].add(re.sub(r"[^a-z ]", "", found[2]).strip())
    return said


class WordNet:
    """The senses of each word, what kind of thing each is, and what it falls under."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "usr/share/wordnet"
        self.kinds: dict[tuple[str, str], int] = {}
        self.first: dict[tuple[str, str], str] = {}
        self.above: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.senses: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self.memory: dict[tuple[str, str], frozenset[str]] = {}
        for letter, name in (("n", "noun"), ("v", "verb"), ("a", "adj"), ("r", "adv")):
            self._read_data(letter, self.folder / f"data.{name}")
            self._read_index(letter, self.folder / f"index.{name}")

    def _read_data(self, letter: str, file: Path) -> None:
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("  "):
                continue
            part = line.split("|")[0].split()
            key, words = (letter, part[0]), int(part[3], 16)
            start = 4 + 2 * words
            pointers = [part[start + 1 + 4 * i :][:4] for i in range(int(part[start]))]
            self.kinds[key] = int(part[1])
            self.first[key] = part[4]
            self.above[key] = [(p[2], p[1]) for p in pointers if p[0] in ("@", "@i")]

    def _read_index(self, letter: str, file: Path) -> None:
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("  "):
                part = line.split()
                self.senses[part[0]][letter] = part[6 + int(part[3]) :]

    @cached_property
    def uses(self) -> Counter[tuple[str, str]]:
        """How often each word was met as each part of speech."""
        counts: Counter[tuple[str, str]] = Counter()
        for line in (self.folder / "cntlist.rev").read_text("utf-8").splitlines():
            key, _, count = line.split()
            word, sense = key.split("%")
            counts[word, SENSE_KINDS[sense[0]]] += int(count)
        return counts

    def umbrella(self, key: tuple[str, str]) -> frozenset[str]:
        """Return the first word of a sense and of everything that it falls under."""
        if key not in self.memory:
            found = {self.first[key]}
            for higher in self.above[key]:
                found |= self.umbrella(higher)
            self.memory[key] = frozenset(found)
        return self.memory[key]

    def falls_under(self, word: str, letter: str, roots: set[str], *, top: int = 3) -> bool:
        """Whether one of the first senses of a word falls under one of these."""
        keys = [(letter, offset) for offset in self.senses[word].get(letter, [])[:top]]
        return any(self.umbrella(key) & roots for key in keys)
