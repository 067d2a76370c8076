"""Choose the Chinese word lists: python tools/word_lists/chinese.py.

Needs jieba and pypinyin (see docs/decisions/word-lists.md), which are no part of
the project. Writes the lists, and the sounds of the characters, into the package.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

import jieba
from pypinyin import lazy_pinyin

sys.path.insert(0, str(Path(__file__).parent))
from sources import HERE, kept_by_hand

DATA = HERE.parents[1] / "src/footbridge/trust/recognition/data"
LEAST_USES = 4
FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


def characters(section: str) -> set[str]:
    """Return one named set of characters from the hand-kept file."""
    text = (HERE / "characters-zh.txt").read_text("utf-8")
    found = re.search(rf"^{section}: (\S+)$", text, re.MULTILINE)
    if found is None:
        sys.exit(f"characters-zh.txt has no line '{section}:'. Add it, then run again.")
    return set(found[1])


def sound(word: str) -> str:
    """Return the pinyin of a word with tones left out."""
    return " ".join(lazy_pinyin(word))


def has_one_reading(word: str) -> bool:
    """Whether each character sounds here as it does alone, as sounds-zh.txt will say."""
    return sound(word).split() == [sound(character) for character in word]


def southern(word: str) -> str:
    """Return its pinyin as said where zh/z, ch/c, sh/s, n/l and ng/n are not told apart."""
    said = sound(word)
    for full, merged in FUZZY:
        said = said.replace(full, merged)
    return " ".join("l" + part[1:] if part[0] == "n" else part for part in said.split())


def dictionary() -> dict[str, tuple[int, str]]:
    """Return jieba's two-character words with their count and part of speech."""
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines()
    parts = [line.split() for line in lines]
    return {
        word: (int(count), tag)
        for word, count, tag in parts
        if re.fullmatch("[\u4e00-\u9fff]{2}", word)
    }


def concrete_words() -> dict[str, int]:
    """Return nouns made of two characters for things, with how often each was met."""
    first, last = (
        characters("first"),
        characters("nature") | characters("made") | characters("more"),
    )
    banned, left_out = characters("banned"), kept_by_hand("exclude-zh.txt")
    found = {}
    for word, (uses, tag) in dictionary().items():
        is_noun = tag in ("n", "nz", "s") or (tag in ("nr", "ns") and uses > 2000)
        fits = word[0] in first and word[1] in last and word[0] != word[1]
        if (
            is_noun
            and fits
            and uses >= LEAST_USES
            and word not in left_out
            and banned.isdisjoint(word)
        ):
            found[word] = uses
    known = dictionary()
    return found | {word: known[word][0] for word in kept_by_hand("things-zh.txt") if word in known}


def distinct(words: list[str], key) -> list[str]:
    """Keep the first word of each sound, and drop the mirror image of a kept word."""
    kept: dict[str, str] = {}
    for word in words:
        if key(word) not in kept and word[::-1] not in kept.values():
            kept[key(word)] = word
    return list(kept.values())


def handle_words(uses: dict[str, int]) -> tuple[list[str], list[str]]:
    """Return the two columns: qualities and nature first, things made second."""
    qualities = distinct(sorted(kept_by_hand("qualities-zh.txt")), sound)
    made = characters("made")
    common = sorted(set(uses) - set(qualities), key=lambda word: (-uses[word], word))
    nature = [word for word in common if word[1] not in made]
    things = [word for word in common if word[1] in made]
    first = distinct(qualities + nature, sound)[:2048]
    rest = [word for word in things + nature if word not in set(first)]
    return first, distinct(rest, sound)


def write(name: str, words: list[str], size: int) -> None:
    """Write one sorted list; stop if it has not the size that was promised."""
    if len(set(words)) < size:
        sys.exit(f"{name}: {len(set(words))} words, not {size}. Widen the filters, then run again.")
    (DATA / name).write_text("\n".join(sorted(words[:size])) + "\n", "utf-8")
    print(f"{name}: {size} of {len(words)}", file=sys.stderr)


def write_sounds() -> None:
    """Write every character of the everyday set beside its sound, one sound a line."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for row in range(0xB0, 0xF8):  # GB 2312: 3,755 common and 3,008 less common characters
        for cell in range(0xA1, 0xFF):
            try:
                character = bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            by_sound[sound(character)].append(character)
    lines = [f"{said} {''.join(same)}" for said, same in sorted(by_sound.items())]
    (DATA / "sounds-zh.txt").write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Choose and write the three Chinese lists and the table of sounds."""
    uses = concrete_words()
    first, second = handle_words(uses)
    common = sorted(filter(has_one_reading, uses), key=lambda word: (-uses[word], word))
    write("phrase-zh.txt", distinct(common, southern), 2048)
    write("handle-first-zh.txt", first, 2048)
    write("handle-second-zh.txt", second, 2048)
    write_sounds()


if __name__ == "__main__":
    main()
