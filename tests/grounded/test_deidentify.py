"""Suggestions with place and reason; only what a person confirmed is taken out."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.grounded.deidentify import confirm, redact_all, suggest
from footbridge.grounded.deidentify.rules import identity_number
from footbridge.grounded.deidentify.spoken import is_pinyin
from footbridge.grounded.errors import CodingError
from footbridge.grounded.events import TextAdded
from footbridge.grounded.project import Coder, Document
from footbridge.grounded.replay import Log
from footbridge.grounded.study import load_study
from footbridge.grounded.text import correct
from tests.grounded.seeded_notes import read_notes, score

# Every identifying passage of these invented notes, as a person would mark them.
ENGLISH = (
    "P: Dr. Li Wei admitted me on 14 March 2013. I came from Datong by train, and my sister Anna "
    "paid 3,000 yuan. I was 44 years old. They took me to Peace Compulsory Camp in 9/2012. "
    "You can call me at 13812345678 or write anna.lu@example.org. My number is "
    "11010519491231002X. My brother Xiaoming lives near Tianjin. When I was 19 I met Old Zhou."
)
IN_ENGLISH = {
    "Li Wei", "14 March 2013", "Datong", "Anna", "3,000 yuan", "44 years old",
    "Peace Compulsory Camp", "9/2012", "13812345678", "anna.lu@example.org",
    "11010519491231002X", "Xiaoming", "Tianjin", "19", "Old Zhou",
}  # fmt: skip
CHINESE = (
    "我叫李伟，今年四十四岁，2013年3月14日到天津和平医院，交了三千块钱。王医生对我很好。"
    "我姐姐李红在大同市开店，电话13912345678。去年5月6号小周也来了，微信号abc_12345。"
)
IN_CHINESE = {
    "李伟", "四十四岁", "2013年3月14日", "天津", "三千块", "王", "李红", "大同市",
    "13912345678", "5月6号", "小周", "abc_12345",
}  # fmt: skip


def missed(text, marked, **more):
    found = suggest(text, **more)
    covered = set()
    for each in found:
        covered.update(range(each.span.start, each.span.end))
    places = {words: text.index(words) for words in marked}
    return {w for w, at in places.items() if not covered.issuperset(range(at, at + len(w)))}


@pytest.mark.parametrize(("text", "marked"), [(ENGLISH, IN_ENGLISH), (CHINESE, IN_CHINESE)])
def test_every_seeded_passage_is_suggested(text, marked):
    assert missed(text, marked) == set()


def test_chinese_rules_work_without_the_dictionary():
    assert len(missed(CHINESE, IN_CHINESE, dictionary=False)) <= 1


KINDS = {
    "en": lambda note: note.name.startswith("en") and "spoken" not in note.name,
    "spoken": lambda note: "spoken" in note.name,
    "zh": lambda note: note.name.startswith("zh"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_marked_passages_of_notes_that_no_rule_was_made_for_are_found(kind):
    found = score([note for note in read_notes("unseen") if KINDS[kind](note)])

    assert found.found / found.marks >= 0.9, found.missed
    assert found.useful / found.suggested >= 0.9, found.needless


def test_the_notes_that_rules_were_made_with_are_found_whole():
    found = score(read_notes("seen"))

    assert (found.found, found.missed) == (found.marks, ())
    assert found.useful / found.suggested >= 0.9, found.needless


def test_transcripts_that_identify_nobody_are_nearly_left_alone():
    texts = [document.text for document in load_study().project.documents]

    needless = [hit for text in texts for hit in suggest(text)]

    assert len(needless) <= sum(map(len, texts)) / 1000, needless


@pytest.mark.parametrize(
    ("word", "name"),
    [("datong", True), ("xiaoming", True), ("zhang", False), ("women", True), ("doctor", False),
     ("xi'an", True), ("", False)],
)  # fmt: skip
def test_pinyin_is_told_from_other_words(word, name):
    assert is_pinyin(word) is name


def test_english_words_that_divide_like_pinyin_are_left_alone():
    assert suggest("the women were waiting for a change and the police were dancing") == []
    assert [s.words for s in suggest("we came from datong with jianguo")] == ["datong", "jianguo"]


def test_a_redacted_text_enters_the_log_without_what_was_taken_out():
    found = suggest(ENGLISH)
    edits = redact_all({"d": ENGLISH}, {"d": [confirm(s, by="A") for s in found]})["d"]
    clean, _ = correct(ENGLISH, edits)
    at = datetime(2025, 3, 3, tzinfo=UTC)

    log = Log("x", (Coder("A", "A"),)).added(
        TextAdded(id="1", by="A", at=at, document=Document("d", "d", clean))
    )

    assert not [words for words in IN_ENGLISH - {"19"} if words in repr(log)]


def test_each_suggestion_says_where_what_and_why():
    for text in (ENGLISH, CHINESE):
        found = suggest(text)
        assert all(each.span.of(text) == each.words and each.reason for each in found)
        assert all(a.span.end <= b.span.start for a, b in pairwise(found))


def test_ordinary_words_are_left_alone():
    text = "I was afraid. They said no. In the morning we ate. Heroin was cheap, Methadone was not."

    assert suggest(text) == []


def test_a_studys_own_list_wins():
    found = suggest("We met at the new hospital.", gazetteer={"ORGANISATION": ["New Hospital"]})

    assert [(s.words, s.category, s.reason) for s in found] == [
        ("new hospital", "ORGANISATION", "it is on this study's list")
    ]


def test_the_check_digit_tells_identity_numbers_from_others():
    assert identity_number("11010519491231002X")
    assert not identity_number("110105194912310021")
    assert [s.category for s in suggest("110105194912310021")] == ["NUMBER"]


@pytest.mark.parametrize(
    ("words", "general"),
    [("aged 44", "in the 40s"), ("when I was 93", "90 or older"), ("9/2012", "2012")],
)
def test_ages_and_dates_have_a_coarser_wording(words, general):
    assert general in [s.general for s in suggest(f"It was {words} then.")]


def test_only_what_is_confirmed_is_taken_out_and_numbers_are_the_same_across_texts():
    texts = {"d1": "Anna went to Datong. Anna stayed.", "d2": "In datong with Anna."}
    confirmed = {
        key: [confirm(s, by="lead", category={"Anna": "PERSON"}.get(s.words, "PLACE"))
              for s in suggest(text, gazetteer={"PLACE": ["Datong"], "PERSON": ["Anna"]})]
        for key, text in texts.items()
    }  # fmt: skip

    edits = redact_all(texts, confirmed)
    redacted = {key: correct(text, edits[key])[0] for key, text in texts.items()}

    assert redacted == {
        "d1": "[PERSON-1] went to [PLACE-1]. [PERSON-1] stayed.",
        "d2": "In [PLACE-1] with [PERSON-1].",
    }
    assert redact_all(texts, {}) == {"d1": (), "d2": ()}


def test_a_person_may_choose_the_words():
    (found,) = suggest("I was 44 years old.")

    edits = redact_all(
        {"d": "I was 44 years old."}, {"d": [confirm(found, by="A", instead="in my forties")]}
    )

    assert correct("I was 44 years old.", edits["d"])[0] == "I was in my forties."


def test_nothing_is_confirmed_by_nobody_or_on_a_changed_text():
    (found,) = suggest("Call 13812345678")

    with pytest.raises(CodingError, match="Say who"):
        confirm(found, by=" ")
    with pytest.raises(CodingError, match="changed since"):
        redact_all({"d": "Please call 138123456789"}, {"d": [confirm(found, by="A")]})
    with pytest.raises(CodingError, match="no text"):
        redact_all({}, {"d": [confirm(found, by="A")]})


@given(st.text(max_size=120))
def test_any_text_is_screened_without_a_traceback(text):
    for each in suggest(text, dictionary=False):
        assert each.span.of(text) == each.words
