"""The private cue: words of a person's own, without which nothing opens.

A cue must not be what a register, a phone or a card also knows. The form refuses
what it can recognise as a number, a date, an address or the name of a person or
place; it errs on the side of asking for other words.
"""

from __future__ import annotations

import hmac
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from footbridge.trust.decisions import Decision, gettext_noop

LEAST_LETTERS = 10
LEAST_CHARACTERS = 5
MOST = 200
LEAST_DIFFERENT = 4

_HAN = re.compile(r"[㐀-䶿一-鿿]")
_WORD = re.compile(r"[a-zü]+")
_NUMERALS = "零〇一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾"
_COUNTED = "年月日号岁点楼室栋元块"
_HAN_NUMBER = re.compile(f"[{_NUMERALS}]{{2,}}|[{_NUMERALS}][{_COUNTED}]|星期[一二三四五六日天]")
_ORDINARY = re.compile("一一|千万|万一|十分|一百分|一千|万千|百万|一两|三三两两|一日|一点|一块")
_CONTACT = re.compile(r"@|www\.|https?:|\w\.(com|net|org|cn)\b|\b(qq|vx|wx)\b")
_CAPITALISED = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][a-z]+")

SHORT = gettext_noop(
    "These words are too short or too plain to be only yours. Write a few more: what you saw, "
    "heard or thought when nobody was with you."
)
LONG = gettext_noop("These words are too long to say again in a year. Write at most {most} signs.")
NUMBER = gettext_noop(
    "There is a number or a date in these words. Numbers can be looked up and are forgotten. "
    "Say it without."
)
CONTACT = gettext_noop(
    "This looks like a way to reach you, such as an e-mail address or an account. Footbridge keeps "
    "none. Use other words."
)
NAME = gettext_noop(
    "This looks like the name of a person. Names can be looked up in a register. Say what they are "
    "to you, or use other words."
)
PLACE = gettext_noop(
    "This looks like the name of a place or an institution. Places can be looked up in a register. "
    "Say what it was like there, or use other words."
)
FIT = gettext_noop("These words can be your cue.")


def may_be_cue(text: str) -> Decision:
    """Decide whether somebody's words may be kept as their private cue.

    Refused are numbers and dates in any script, what looks like an address, what is
    marked as a name or place, and what is too short, plain or long. A name that
    nothing marks as one gets through: the page asks for none in plain words.

    Examples
    --------
    >>> bool(may_be_cue("the smell of wet straw behind the door"))
    True
    >>> bool(may_be_cue("born in 1985 behind the door"))
    False
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    plain = shown.casefold()
    if len(plain) > MOST:
        return Decision(False, LONG, {"most": MOST})
    if _has_number(text, plain):
        return Decision(False, NUMBER)
    if _CONTACT.search(plain):
        return Decision(False, CONTACT)
    if _names_somebody(shown, plain):
        return Decision(False, NAME)
    if _names_a_place(plain):
        return Decision(False, PLACE)
    if _is_too_plain(plain):
        return Decision(False, SHORT)
    return Decision(True, FIT)


def normalised_cue(text: str) -> str:
    """Return a cue as it is compared: letters only, without case, width, spaces or signs.

    Examples
    --------
    >>> normalised_cue("The blue bowl, glued!") == normalised_cue("the blue  bowl glued")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalpha())


def is_the_cue(given: str, kept: str) -> bool:
    """Whether words given now are the cue that was kept; takes as long either way.

    An empty cue fits nothing, so that somebody who wrote none cannot be opened.
    """
    one, other = normalised_cue(given).encode(), normalised_cue(kept).encode()
    return hmac.compare_digest(one, other) and bool(other)


def _is_too_plain(plain: str) -> bool:
    signs = [sign for sign in plain if sign.isalpha()]
    least = LEAST_CHARACTERS if _HAN.search(plain) else LEAST_LETTERS
    return len(signs) < least or len(set(signs)) < LEAST_DIFFERENT


def _has_number(text: str, plain: str) -> bool:
    if any(unicodedata.category(sign).startswith("N") for sign in text + plain):
        return True
    if not _lists()["numbers_en"].isdisjoint(_WORD.findall(plain)):
        return True
    if not _lists()["dates_en"].isdisjoint(_WORD.findall(plain)):
        return True
    return _HAN_NUMBER.search(_ORDINARY.sub("", plain)) is not None


def _names_somebody(shown: str, plain: str) -> bool:
    words = _WORD.findall(plain)
    marked = _lists()["english_titles"] | _lists()["name_words_en"]
    if not marked.isdisjoint(words) or _CAPITALISED.search(shown):
        return True
    if any(word in plain for word in _lists()["name_words_zh"]):
        return True
    return _addressed().search(plain) is not None


def _names_a_place(plain: str) -> bool:
    places = _lists()["provinces_zh"] | _lists()["cities_zh"] | _lists()["institutions_zh"]
    if any(place in plain for place in places):
        return True
    if not _lists()["places_en"].isdisjoint(_WORD.findall(plain)):
        return True
    endings = "|".join(sorted(_lists()["place_endings_zh"], key=len, reverse=True))
    return re.search(rf"[一-鿿]{{2}}(?:{endings})", plain) is not None


@cache
def _read() -> Mapping[str, str]:
    file = files("footbridge.trust.recognition") / "data" / "cue-markers.json"
    return {name: str(value) for name, value in json.loads(file.read_text("utf-8")).items()}


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(value.split()) for name, value in _read().items()}


@cache
def _addressed() -> re.Pattern[str]:
    """Return what finds a surname with a form of address, before or after it."""
    surnames = _read()["surnames"]
    rare_as_words = "".join(s for s in surnames if s not in _read()["surnames_that_are_words"])
    titles = "|".join(sorted(_lists()["honorifics"], key=len, reverse=True))
    pinyin = "|".join(sorted(_lists()["pinyin_surnames"], key=len, reverse=True))
    return re.compile(
        rf"[{surnames}](?:{titles})|[老小阿][{rare_as_words}]|\b(?:lao|xiao|a) (?:{pinyin})\b"
    )
