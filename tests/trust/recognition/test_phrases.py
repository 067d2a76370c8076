import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.recognition import phrases, slips, words
from footbridge.trust.recognition.words import WordError

languages = st.sampled_from(words.LANGUAGES)
seeds = st.integers(0, 2**32)


def draws(seed):
    return random.Random(seed).randrange


@given(languages, seeds)
def test_a_phrase_has_the_promised_words_and_all_are_listed(language, seed):
    phrase = phrases.new_phrase(language, draws=draws(seed))

    assert len(phrase) == {"en": 5, "zh": 6}[language]
    assert set(phrase) <= words.phrase_word_set(language)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_word_of_the_list_can_be_drawn(language):
    listed = words.phrase_words(language)
    wanted = iter(range(len(listed)))

    drawn = set()
    while len(drawn) + phrases.WORDS_IN_A_PHRASE[language] <= len(listed):
        drawn |= set(phrases.new_phrase(language, draws=lambda _: next(wanted)))

    assert len(drawn) > len(listed) - phrases.WORDS_IN_A_PHRASE[language]


@given(languages, seeds)
def test_what_is_shown_can_be_typed_back(language, seed):
    phrase = phrases.new_phrase(language, draws=draws(seed))

    assert phrases.normalised_phrase(" ".join(phrase), language) == phrase
    assert phrases.unknown_words(" ".join(phrase), language) == []


@given(seeds, st.sampled_from([", ", "  ", "\n", "-", " · ", "\u3000", "/"]))
def test_case_width_and_separators_make_no_difference_in_english(seed, between):
    phrase = phrases.new_phrase("en", draws=draws(seed))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in phrase[0].upper())

    typed = between.join([wide, *(word.title() for word in phrase[1:])])

    assert phrases.normalised_phrase(typed, "en") == phrase


@given(seeds, st.sampled_from(["", " ", "，", "、", "\u3000", "。\n"]))
def test_chinese_words_may_be_typed_with_or_without_separators(seed, between):
    phrase = phrases.new_phrase("zh", draws=draws(seed))

    assert phrases.normalised_phrase(between.join(phrase), "zh") == phrase


@given(languages, st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(language, text):
    once = phrases.normalised_phrase(text, language)

    assert phrases.normalised_phrase(" ".join(once), language) == once


@given(st.text(max_size=80), languages)
def test_whatever_is_typed_is_answered_and_never_an_error(text, language):
    unknown = phrases.unknown_words(text, language)

    assert all(word.word not in words.phrase_word_set(language) for word in unknown)
    assert all(set(word.suggestions) <= words.phrase_word_set(language) for word in unknown)


@given(seeds, st.data())
def test_one_slip_in_english_is_answered_with_the_word_meant(seed, data):
    phrase = list(phrases.new_phrase("en", draws=draws(seed)))
    wrong = sorted(slips.one_slip_away(phrase[2]) - words.phrase_word_set("en") - {""})
    phrase_typed = [*phrase[:2], data.draw(st.sampled_from(wrong)), *phrase[3:]]

    [unknown] = phrases.unknown_words(" ".join(phrase_typed), "en")

    assert unknown.position == 3
    assert unknown.suggestions
    assert len(unknown.suggestions) < 3 or phrase[2] not in unknown.suggestions[3:]


@pytest.mark.parametrize(
    ("typed", "meant"), [("书目", "树木"), ("shumu", "树木"), ("华交", "花椒"), ("kache", "卡车")]
)
def test_a_chinese_word_of_the_same_sound_is_answered_with_the_listed_one(typed, meant):
    assert slips.meant(typed, "zh") == (meant,)


def test_a_very_long_word_is_not_searched_for():
    assert slips.meant("a" * 10_000, "en") == ()


def test_a_word_too_many_in_one_place_does_not_shift_the_others():
    unknown = phrases.unknown_words("青铜 花椒呀 卡车 月季 园林 丝袜", "zh")

    assert [(word.position, word.word) for word in unknown] == [(2, "花椒呀")]


@pytest.mark.parametrize(("language", "facts"), [("en", 64.6), ("zh", 66.0)])
def test_a_phrase_is_as_strong_as_the_facts_say(language, facts):
    assert math.isclose(phrases.phrase_bits(language), facts, abs_tol=0.05)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_handles_are_one_of_four_million(language):
    assert 2 ** phrases.handle_bits(language) == 2048**2


@given(languages, seeds, st.sampled_from([" ", "", "-", "  ", "\u3000"]), st.booleans())
def test_a_handle_is_found_however_it_is_typed(language, seed, between, turned):
    handle = phrases.new_handle(language, draws=draws(seed))
    said = handle.split()[::-1] if turned and between else handle.split()

    assert phrases.normalised_handle(between.join(said).upper()) == handle


@given(st.text(max_size=40))
def test_normalising_a_handle_twice_changes_nothing_more(text):
    once = phrases.normalised_handle(text)

    assert phrases.normalised_handle(once) == once


@given(languages, seeds, seeds)
def test_two_phrases_have_the_same_bytes_only_if_they_are_the_same(language, one, other):
    first, second = (phrases.new_phrase(language, draws=draws(seed)) for seed in (one, other))

    same = phrases.phrase_bytes(first) == phrases.phrase_bytes(second)

    assert same == (first == second)


def test_the_bytes_of_a_phrase_never_change():
    assert phrases.phrase_bytes(("青铜", "花椒")).hex() == "e99d92e9939c20e88ab1e6a492"


def test_there_is_no_phrase_in_a_language_without_words():
    with pytest.raises(WordError, match="Choose one of"):
        phrases.new_phrase("tlh", draws=draws(1))
