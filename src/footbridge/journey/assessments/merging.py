"""Wording laid over a scoring key: the words are the site's, the scoring stays the key's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from footbridge.journey.assessments.rules import (
    AssessmentError,
    Instrument,
    Item,
    Option,
    Words,
)
from footbridge.trust.decisions import gettext_noop


def merged(key: Instrument, wording: Instrument) -> Instrument:
    """Return an instrument with its own scoring and the words that were loaded for it.

    Words in a language that the key already has are replaced; those in others stay.

    Raises
    ------
    AssessmentError
        If the wording has other items or other answers than the key: it is then of another
        version, and would be scored wrongly without anybody noticing.
    """
    for difference in differences(key, wording):
        raise AssessmentError(
            gettext_noop(
                "The wording does not fit the scoring key {id}: {difference}. Check that it is "
                "the same version of the instrument, with the items in the same order."
            ),
            id=key.id,
            difference=difference,
        )
    items = tuple(_item(one, other) for one, other in zip(key.items, wording.items, strict=True))
    return replace(
        key,
        title=_over(key.title, wording.title),
        instruction=_over(key.instruction, wording.instruction),
        items=items,
        languages=key.languages | wording.languages,
        wording_source=_over(key.wording_source, wording.wording_source),
    )


def without_words(instrument: Instrument) -> Instrument:
    """Return what is left when the words of questions and answers go: title and scoring key."""
    items = tuple(
        replace(
            item,
            words={},
            hint={},
            options=tuple(replace(option, words={}) for option in item.options),
        )
        for item in instrument.items
    )
    return replace(instrument, instruction={}, items=items, wording_source={})


def scored_alike(one: Instrument, other: Instrument) -> bool:
    """Return whether two instruments give the same scores for the same answers."""
    return _scoring(one) == _scoring(other)


def _scoring(instrument: Instrument) -> tuple[object, ...]:
    items = [
        (
            item.id,
            sorted((option.value, option.worth) for option in item.options),
            (item.reverse, item.numbers, item.show_when, item.unasked, item.safety_at),
        )
        for item in instrument.items
    ]
    scales = [
        (scale.id, scale.items, scale.method, scale.at_most_missing, scale.multiply, scale.add)
        for scale in instrument.scales
    ]
    return items, scales, instrument.at_most_missing_share


def differences(key: Instrument, wording: Instrument) -> Iterator[str]:
    """Yield how a wording differs from a key in what is asked; nothing where it fits."""
    ids, others = ([item.id for item in one.items] for one in (key, wording))
    if ids != others:
        yield f"its items are {', '.join(others)}, not {', '.join(ids)}"
        return
    for item, other in zip(key.items, wording.items, strict=True):
        values = sorted(option.value for option in item.options)
        found = sorted(option.value for option in other.options)
        if values != found or item.numbers != other.numbers:
            yield f"item {item.id} has the answers {found}, not {values}"


def _item(key: Item, wording: Item) -> Item:
    words = {option.value: option.words for option in wording.options}
    return replace(
        key,
        words=_over(key.words, wording.words),
        hint=_over(key.hint, wording.hint),
        options=tuple(
            Option(one.value, _over(one.words, words[one.value]), one.points) for one in key.options
        ),
    )


def _over(below: Words, above: Words) -> Words:
    return {**below, **{language: text for language, text in above.items() if text}}
