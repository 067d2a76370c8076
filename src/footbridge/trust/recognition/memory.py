"""Memory questions: private, categorical, in no register; and who may keep which answers.

A person picks eight, at least three of them about what nobody else was there for:
the real danger is not a stranger but somebody close (confidentiality-facts.md, 2.5).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from footbridge.trust.decisions import Decision, gettext_noop

PICKED = 8
PICKED_ALONE = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its options; texts by language, options by their stable id.

    ``alone`` marks what nobody else was present for.
    """

    id: str
    alone: bool
    ask: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]


@cache
def questions() -> Mapping[str, Question]:
    """Return every question by its id, in the order in which they are shown."""
    file = files("footbridge.trust.recognition") / "data" / "memory-questions.json"
    read = [_question(entry) for entry in json.loads(file.read_text("utf-8"))["questions"]]
    return MappingProxyType({question.id: question for question in read})


def _question(entry: Mapping[str, object]) -> Question:
    match entry:
        case {"id": str(name), "alone": bool(alone), "ask": dict(ask), "options": list(options)}:
            texts = {option["id"]: {"en": option["en"], "zh": option["zh"]} for option in options}
            return Question(name, alone, ask, texts)
    raise ValueError(f"{entry.get('id')}: a memory question needs id, alone, ask and options.")


def suggested_questions(*, draws: Callable[[int], int]) -> tuple[str, ...]:
    """Return eight question ids at random, at least three of them alone, in shown order.

    Parameters
    ----------
    draws : callable
        ``draws(n)`` returns a whole number from 0 to ``n - 1``, each as likely.
    """
    alone = [question.id for question in questions().values() if question.alone]
    chosen = {_taken(alone, draws) for _ in range(PICKED_ALONE)}
    left = [name for name in questions() if name not in chosen]
    chosen |= {_taken(left, draws) for _ in range(PICKED - PICKED_ALONE)}
    return tuple(name for name in questions() if name in chosen)


def _taken(names: list[str], draws: Callable[[int], int]) -> str:
    return names.pop(draws(len(names)))


def may_keep_answers(answers: Mapping[str, str]) -> Decision:
    """Decide whether somebody's answers may be kept, by question id and option id."""
    known = questions()
    if not answers.keys() <= known.keys() or any(
        answer not in known[name].options for name, answer in answers.items()
    ):
        return Decision(
            False,
            gettext_noop(
                "One of the answers is not among the options. Choose one of those that are shown."
            ),
        )
    if len(answers) != PICKED:
        return Decision(
            False,
            gettext_noop(
                "{count} questions are answered; recognising somebody takes {needed}. "
                "Answer exactly {needed}."
            ),
            {"count": len(answers), "needed": PICKED},
        )
    alone = sum(known[name].alone for name in answers)
    if alone < PICKED_ALONE:
        return Decision(
            False,
            gettext_noop(
                "{count} of the questions are about what nobody else was there for. "
                "Somebody close could answer the others: choose at least {needed} such questions."
            ),
            {"count": alone, "needed": PICKED_ALONE},
        )
    return Decision(True, gettext_noop("These answers can be kept."))
