import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.recognition import memory

QUESTIONS = memory.questions()
IDENTIFYING = re.compile(
    r"\d|\bname|\bborn|birth|\bdate\b|street|village|address|phone|mother|father|brother|sister|"
    r"wife|husband|名字|姓|出生|生日|日期|地址|电话|母亲|父亲|妈妈|爸爸|兄弟|姐妹|妻子|丈夫|几岁"
)


def some_answers(names):
    return {name: next(iter(QUESTIONS[name].options)) for name in names}


def test_there_are_about_twenty_questions_and_half_are_about_being_alone():
    assert 18 <= len(QUESTIONS) <= 24
    assert sum(question.alone for question in QUESTIONS.values()) >= 8


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_a_question_is_asked_in_both_languages_with_distinct_options(question):
    for language in ("en", "zh"):
        texts = [option[language] for option in question.options.values()]

        assert question.ask[language].strip()
        assert 12 <= len(texts) <= 40
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_no_question_asks_for_what_a_register_knows(question):
    shown = [
        *question.ask.values(),
        *(text for o in question.options.values() for text in o.values()),
    ]

    assert not [text for text in shown if IDENTIFYING.search(text.casefold())]


@given(st.integers(0, 2**32))
def test_what_is_suggested_may_be_kept(seed):
    picked = memory.suggested_questions(draws=random.Random(seed).randrange)

    assert len(set(picked)) == 8
    assert memory.may_keep_answers(some_answers(picked))


def test_every_question_is_suggested_to_somebody():
    draws = random.Random(1).randrange

    suggested = {name for _ in range(300) for name in memory.suggested_questions(draws=draws)}

    assert suggested == set(QUESTIONS)


@pytest.mark.parametrize("count", [0, 7, 9])
def test_any_other_number_of_answers_is_refused_with_both_numbers(count):
    decision = memory.may_keep_answers(some_answers(list(QUESTIONS)[:count]))

    assert not decision
    assert str(count) in decision.reason
    assert "exactly 8" in decision.reason


def test_answers_that_somebody_close_could_give_are_refused():
    shared = [name for name, question in QUESTIONS.items() if not question.alone]
    alone = [name for name, question in QUESTIONS.items() if question.alone]

    decision = memory.may_keep_answers(some_answers([*shared[:6], *alone[:2]]))

    assert not decision
    assert "Somebody close" in decision.reason


def test_an_answer_that_is_no_option_is_refused():
    answers = some_answers(memory.suggested_questions(draws=lambda below: 0))

    decision = memory.may_keep_answers(answers | {next(iter(answers)): "something else"})

    assert not decision
    assert "among the options" in decision.reason
