"""The consent texts: whole, plain, and honest in both languages."""

import copy
import json
import re
from importlib import resources

import pytest

from footbridge.journey.consents import labels, texts
from footbridge.journey.consents.rules import ConsentError, Language, Purpose

TEXTS = sorted(texts.texts().values(), key=lambda text: text.id)
every_text = pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.id)


def words_of(text, language):
    return " ".join(part.words[language] for part in (*text.parts, *text.questions))


def part_of(text, key, language):
    return next(part.words[language] for part in text.parts if part.key == key)


def syllables(word):
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - silent)


def school_grade(english):
    """Flesch-Kincaid grade (Kincaid et al. 1975): 0.39 words/sentence + 11.8 syll./word - 15.59."""
    sentences = [part for part in re.split(r"[.!?:]+", english) if part.strip()]
    words = re.findall(r"[a-z]+", english.lower().replace("’", ""))
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * per_word - 15.59


def test_there_is_a_text_for_every_purpose():
    assert set(texts.newest()) == set(Purpose)


@every_text
def test_a_twelve_year_old_can_follow_the_english(text):
    assert school_grade(words_of(text, Language.EN)) <= 7.0  # grade 6 to 7: age 12


@every_text
def test_no_chinese_sentence_is_longer_than_a_breath(text):
    sentences = re.split(r"[。？！；]", words_of(text, Language.ZH))

    assert max(map(len, sentences)) <= 50


@every_text
def test_the_chinese_uses_chinese_punctuation_only(text):
    assert not re.search(r"[,;:!?\"']|\w\.\w?", words_of(text, Language.ZH), re.ASCII)


@every_text
def test_each_text_says_that_no_name_is_asked(text):
    assert "never ask your name" in words_of(text, Language.EN)
    assert "从不问您" in words_of(text, Language.ZH)


@every_text
def test_each_text_names_the_three_ways_to_stop_at_the_kiosk(text):
    english = part_of(text, "how-to-stop", Language.EN)
    chinese = part_of(text, "how-to-stop", Language.ZH)

    assert all(way in english.lower() for way in ("stop contact", "stop research", "forget me"))
    assert all(way in chinese for way in ("不要再联系我", "不要再用我的资料做研究", "把我忘掉"))
    assert "kiosk" in english
    assert "自助机" in chinese


@every_text
def test_each_text_admits_what_cannot_be_promised(text):
    honest = ("cannot", "could", "might")

    assert any(word in part_of(text, "limits", Language.EN) for word in honest)


@every_text
def test_nobody_is_asked_to_sign(text):
    assert "sign nothing" in part_of(text, "your-choice", Language.EN)
    assert re.search("不用签字|不用签", part_of(text, "your-choice", Language.ZH))


@every_text
def test_the_time_that_is_read_aloud_is_the_time_that_is_kept(text):
    said = {52: "one year", 12: "twelve weeks", 104: "two years", 156: "three years"}
    said[26] = "half a year"

    assert said[text.lasts] in part_of(text, "how-long", Language.EN)


def test_contact_ends_before_its_compartment_does():
    assert texts.newest()[Purpose.CONTACT].lasts * 7 <= 90  # confidentiality: 90 days


def test_every_part_has_a_label():
    assert tuple(labels.PARTS) == texts.PARTS


def test_an_unknown_text_is_refused_with_those_that_exist():
    with pytest.raises(ConsentError, match="choose one of care/1"):
        texts.text("care/99")


def on_file(name):
    folder = resources.files("footbridge.journey.consents") / "data"
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_a_text_without_one_of_its_parts_is_refused():
    broken = copy.deepcopy(on_file("care-1.json"))
    del broken["parts"]["limits"]

    with pytest.raises(ConsentError, match="not whole"):
        texts.parse(broken)


def test_a_text_in_one_language_only_is_refused():
    broken = copy.deepcopy(on_file("care-1.json"))
    broken["parts"]["limits"]["zh"] = "  "

    with pytest.raises(ConsentError, match="lacks words in one language"):
        texts.parse(broken)
