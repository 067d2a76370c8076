"""Each rule that docs/decisions/0010-word-lists-of-our-own.md promises about the lists."""

import hashlib
from collections import Counter
from importlib.resources import files

import pytest

from footbridge.trust.recognition import slips, words
from footbridge.trust.recognition.words import WordError

LISTS = {
    "phrase-en": (lambda: words.phrase_words("en"), 7776),
    "phrase-zh": (lambda: words.phrase_words("zh"), 2048),
    "handle-first-en": (lambda: words.handle_words("en")[0], 2048),
    "handle-second-en": (lambda: words.handle_words("en")[1], 2048),
    "handle-first-zh": (lambda: words.handle_words("zh")[0], 2048),
    "handle-second-zh": (lambda: words.handle_words("zh")[1], 2048),
}
DIGESTS = {
    "phrase-en": "b7b7d1e8d0e55e0d",
    "phrase-zh": "a8f2cb1aa4b3bfc8",
    "handle-first-en": "eff1686c46f7a8f0",
    "handle-second-en": "aa26d16f71399e60",
    "handle-first-zh": "0fa8f43ced37e14a",
    "handle-second-zh": "2b50cedbc74df592",
}
BANNED_CHARACTERS = set(
    "死亡毒药病癌杀枪炮弹刀军战敌贼盗奸狱囚牢罪刑警察官党墓葬棺鬼魔佛庙僧酒醉赌娼淫尿屎血"
)
HURTFUL = {"heroin", "opium", "needle", "prison", "jail", "police", "arrest", "corpse", "murder"}
HURTFUL |= {"cancer", "rape", "whore", "addict", "drug", "drunk", "bible", "mosque", "gun", "idiot"}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_full_sorted_and_says_nothing_twice(name):
    read, size = LISTS[name]

    listed = read()

    assert len(listed) == len(set(listed)) == size
    assert list(listed) == sorted(listed)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_in_use_never_changes(name):
    file = files("footbridge.trust.recognition") / "data" / f"{name}.txt"

    digest = hashlib.sha256(file.read_bytes()).hexdigest()

    assert digest[:16] == DIGESTS[name], "A word that is gone would be called a mistake."


@pytest.mark.parametrize(("name", "longest"), [("phrase-en", 8), ("handle-first-en", 9)])
def test_english_words_are_short_and_of_plain_letters(name, longest):
    listed = LISTS[name][0]()

    assert all(word.isascii() and word.isalpha() and word.islower() for word in listed)
    assert all(3 <= len(word) <= longest for word in listed)


@pytest.mark.parametrize("name", ["phrase-zh", "handle-first-zh", "handle-second-zh"])
def test_chinese_words_are_two_common_characters(name):
    listed = LISTS[name][0]()

    assert all(len(word) == 2 for word in listed)
    assert all(set(word) <= words.sounds().keys() for word in listed)


@pytest.mark.parametrize("name", ["phrase-zh", "handle-first-zh", "handle-second-zh"])
def test_no_chinese_word_holds_a_character_of_harm(name):
    listed = LISTS[name][0]()

    assert not BANNED_CHARACTERS & set("".join(listed))


@pytest.mark.parametrize("name", ["phrase-en", "handle-first-en", "handle-second-en"])
def test_no_english_word_is_one_that_may_hurt(name):
    listed = LISTS[name][0]()

    assert not HURTFUL & set(listed)


@pytest.mark.parametrize("column", [0, 1])
def test_handle_words_of_one_column_are_two_slips_apart(column):
    listed = set(words.handle_words("en")[column])

    close = {word for word in listed if slips.one_slip_away(word) & listed}

    assert not close


def test_most_phrase_words_are_two_slips_apart():
    listed = words.phrase_word_set("en")

    close = sum(bool(slips.one_slip_away(word) & listed) for word in listed)

    assert close / len(listed) < 0.40, close / len(listed)


def test_chinese_phrase_words_differ_by_ear_even_without_tones_and_in_the_south():
    heard = Counter(slips.southern(word) for word in words.phrase_words("zh"))

    assert max(heard.values()) == 1


def test_no_chinese_phrase_word_is_another_one_backwards():
    listed = words.phrase_word_set("zh")

    assert not {word for word in listed if word[::-1] in listed}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_word_stands_in_both_columns(language):
    first, second = words.handle_word_sets(language)

    assert not first & second


def test_an_english_handle_reads_in_one_way_without_its_space():
    first, second = words.handle_word_sets("en")

    twice = {
        (long, long[:cut], tail)
        for long in first
        for cut in range(3, len(long))
        if long[:cut] in first
        for tail in second
        if tail.startswith(long[cut:]) and tail[len(long) - cut :] in second
    }

    assert not twice


def test_a_language_without_words_is_refused_with_those_that_have_some():
    with pytest.raises(WordError, match="en, zh"):
        words.phrase_words("tlh")
