"""Choose the English word lists: python tools/word_lists/english.py FOLDER.

FOLDER holds the unpacked Debian packages scowl, wordnet-base and festlex-cmu
(see docs/decisions/word-lists.md). Writes the lists into the package.
"""

from __future__ import annotations

import re
import string
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from sources import HERE, WordNet, kept_by_hand, scowl_levels, scowl_names, sounds

DATA = HERE.parents[1] / "src/footbridge/trust/recognition/data"
SIZES = (10, 20, 35, 40, 50, 55, 60)
# lexicographer files of WordNet, by number
ANIMAL, ARTIFACT, FOOD, OBJECT, PHENOMENON, PLANT, SHAPE, SUBSTANCE = 5, 6, 13, 17, 19, 20, 25, 27
PERSON, GROUP = 18, 14
THINGS = {ANIMAL, ARTIFACT, OBJECT, SHAPE}
MATERIALS = {FOOD, PHENOMENON, PLANT, SUBSTANCE}


class Pool:
    """The words that may be used at all, commonest first."""

    def __init__(self, root: Path) -> None:
        self.net = WordNet(root)
        self.levels = scowl_levels(root, SIZES)
        self.names = scowl_names(root)
        self.said = sounds(root)
        self.left_out = kept_by_hand("exclude-en.txt")
        self.let_in = kept_by_hand("include-en.txt")
        self.nouns = kept_by_hand("roots-noun-en.txt")
        self.verbs = kept_by_hand("roots-verb-en.txt")
        self.alike: dict[str, set[str]] = defaultdict(set)
        for word in self.levels:
            for sound in self.said.get(word, ()):
                self.alike[sound].add(word)

    def is_inflected(self, word: str) -> bool:
        """Whether a word looks like a plural, a participle or a comparison of another."""
        if word.endswith(("ies", "ied")) and f"{word[:-3]}y" in self.levels:
            return True
        found = re.fullmatch(r"(.{2,}?)(ings?|ed|es|s)", word)
        if found is None:
            return False
        stem = found[1]
        undoubled = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
        return any(base in self.levels for base in (stem, f"{stem}e", undoubled))

    def sounds_like_another(self, word: str) -> bool:
        """Whether another word is said in the same way."""
        return any(len(self.alike[sound]) > 1 for sound in self.said.get(word, ()))

    def is_allowed(self, word: str) -> bool:
        """Whether a word that a reader chose is spelt and said like no other."""
        known = word in self.levels and word in self.net.senses and 3 <= len(word) <= 9
        return known and word not in self.left_out and not self.sounds_like_another(word)

    def is_plain(self, word: str) -> bool:
        """Whether the filters, or a reader, find a word fit to be shown to a person."""
        if not self.is_allowed(word):
            return False
        if word in self.let_in:
            return True
        return (
            word in self.said
            and word not in self.names
            and not self.is_inflected(word)
            and not self.net.falls_under(word, "n", self.nouns)
            and not self.net.falls_under(word, "v", self.verbs)
        )

    def kind(self, word: str) -> int:
        """Return the lexicographer file of the first noun sense, or -1."""
        senses = self.net.senses[word].get("n")
        return self.net.kinds["n", senses[0]] if senses else -1

    def rank(self, word: str) -> tuple[int, int, str]:
        """Return what orders words from the commonest to the rarest."""
        uses = sum(self.net.uses[word, letter] for letter in "nvar")
        return self.levels[word], -uses, word

    def apart_by_rank(self, *groups: set[str]) -> list[str]:
        """Return the words of each group in turn, commonest first, all two slips apart."""
        order = [word for group in groups for word in sorted(group, key=self.rank)]
        return apart(list(dict.fromkeys(order)))[0]


def one_slip_away(word: str) -> set[str]:
    """Return every string at Damerau-Levenshtein distance 1 from a word."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    for letter in string.ascii_lowercase:
        found |= {head + letter + tail for head, tail in cuts}
        found |= {head + letter + tail[1:] for head, tail in cuts if tail}
    return found - {word}


def apart(words: list[str]) -> tuple[list[str], list[str]]:
    """Split words into those two slips apart from all chosen before, and the rest."""
    chosen: dict[str, None] = {}
    rest = []
    for word in words:
        if one_slip_away(word).isdisjoint(chosen):
            chosen[word] = None
        else:
            rest.append(word)
    return list(chosen), rest


def phrase_words(pool: Pool) -> list[str]:
    """Return 7,776 words of 3 to 8 letters: two slips apart first, then the longest of the rest."""
    fit = [
        word
        for word in pool.levels
        if 3 <= len(word) <= 8
        and pool.is_plain(word)
        and (word in pool.let_in or pool.kind(word) not in (PERSON, GROUP))
    ]
    chosen, rest = apart(sorted(fit, key=pool.rank))
    rest.sort(key=lambda word: (-len(word), pool.rank(word)))
    print(f"phrase: {len(fit)} fit, {len(chosen)} of them two slips apart", file=sys.stderr)
    common = [word for word in chosen if pool.levels[word] <= 50]
    rare = [word for word in chosen if pool.levels[word] > 50]
    common_rest = [word for word in rest if pool.levels[word] <= 50]
    return (common + common_rest + rare)[:7776]


def handle_words(pool: Pool) -> tuple[list[str], list[str]]:
    """Return the two columns of a handle, 2,048 words each, two slips apart throughout."""
    unfit = kept_by_hand("exclude-handles-en.txt") | kept_by_hand("exclude-handles-2-en.txt")
    ideas = kept_by_hand("things-en.txt")
    fit = [
        word
        for word in pool.levels
        if 3 <= len(word) <= 9 and word not in unfit and pool.is_plain(word)
    ]
    qualities = {w for w in kept_by_hand("qualities-en.txt") if pool.is_allowed(w)}
    nouns = [w for w in fit if w not in qualities and pool.kind(w) in THINGS | MATERIALS]
    ideas = {w for w in ideas if pool.is_allowed(w) and w not in unfit} - qualities
    things = {w for w in nouns if pool.kind(w) in THINGS - {OBJECT}} - ideas
    nature = {w for w in nouns if w not in things} - ideas
    first = pool.apart_by_rank(qualities, nature | ideas)[:2048]
    second = pool.apart_by_rank((things | nature | ideas) - set(first))
    print(
        f"handles: {len(qualities)} qualities, {len(nature)} of nature, {len(things)} things, "
        f"{len(ideas)} ideas; {len(first)} and {len(second)} words",
        file=sys.stderr,
    )
    return first, [word for word in second if word not in run_together(first, second)][:2048]


def run_together(first: list[str], second: list[str]) -> set[str]:
    """Return the second words through which two handles would read alike without a space."""
    starts, ends = set(first), set(second)
    joined = [long for long in first if any(long[:cut] in starts for cut in range(3, len(long)))]
    found = set()
    for long in joined:
        tails = [long[cut:] for cut in range(3, len(long)) if long[:cut] in starts]
        found |= {
            end
            for tail in tails
            for end in second
            if end[: len(tail)] == tail and end[len(tail) :] in ends
        }
    return found


def write(name: str, words: list[str], size: int) -> None:
    """Write one sorted list; stop if it has not the size that was promised."""
    if len(set(words)) != size:
        sys.exit(f"{name}: {len(set(words))} words, not {size}. Widen the filters, then run again.")
    (DATA / name).write_text("\n".join(sorted(words)) + "\n", "utf-8")


def main() -> None:
    """Choose and write the three English lists."""
    pool = Pool(Path(sys.argv[1]))
    first, second = handle_words(pool)
    write("phrase-en.txt", phrase_words(pool), 7776)
    write("handle-first-en.txt", first, 2048)
    write("handle-second-en.txt", second, 2048)


if __name__ == "__main__":
    main()
