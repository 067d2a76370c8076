"""Chinese names in lower-case Latin letters, as fast notes of spoken words have them.

A word that divides into two or more syllables of Hanyu Pinyin, and is no English word that
happens to do so, is probably a name of a person or a place. A single syllable ("li") counts
only after a title, or after "lao" and "xiao".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

_FINALS = {
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan",
    "l": "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang",
    "ch": "a e ai ao ou an en ang eng ong i u uo uai ui uan un uang",
    "sh": "a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang",
    "r": "e ao ou an en ang eng ong i u uo ui uan un",
    "z": "a e ai ei ao ou an en ang eng ong i u uo ui uan un",
    "c": "a e ai ao ou an en ang eng ong i u uo ui uan un",
    "s": "a e ai ao ou an en ang eng ong i u uo ui uan un",
    "y": "a e ao ou an ang i in ing ong u ue uan un",
    "w": "a o ai ei an en ang eng u",
    "": "a o e ai ei ao ou an en ang er",
}
SYLLABLES = frozenset(first + rest for first, finals in _FINALS.items() for rest in finals.split())
_LONGEST = 6
# English words of five letters and more that also divide into syllables of Pinyin.
_ENGLISH = frozenset(
    resources.files(__package__).joinpath("english.txt").read_text("utf-8").split()
)
_WORD = re.compile(r"(?<![\w'@.-])[a-z]{5,20}(?![\w'@])")


@cache
def is_pinyin(word: str) -> bool:
    """Whether a word divides into two or more syllables of Pinyin.

    Examples
    --------
    >>> is_pinyin("datong"), is_pinyin("xian"), is_pinyin("hospital")
    (True, True, False)
    """
    word = word.replace("'", "")
    most = [0] + [-1] * len(word)  # the most syllables that end here, or -1
    for at in range(len(word)):
        if most[at] >= 0:
            for end in range(at + 1, min(len(word), at + _LONGEST) + 1):
                if word[at:end] in SYLLABLES:
                    most[end] = max(most[end], most[at] + 1)
    return most[-1] >= 2


def lower_case_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where lower-case words stand that look like Chinese names."""
    for hit in _WORD.finditer(text):
        if hit[0] not in _ENGLISH and is_pinyin(hit[0]):
            yield hit.span()
