"""Instruments of our own wording, made at random or by hand, for tests of files."""

from __future__ import annotations

from hypothesis import strategies as st

from footbridge.journey.assessments.rules import (
    Band,
    Condition,
    Instrument,
    Item,
    Layout,
    Method,
    Option,
    Range,
    Scale,
)
from footbridge.journey.consents.rules import Language

EN, ZH = Language.EN, Language.ZH
# Words as people write them: mark-up characters, quotes, bars and formula signs among them.
WORDS = st.text(
    st.sampled_from("ab cdé,;:'\"|/&=+-@()[]{}%0123 桥好。？、"), min_size=1, max_size=30
).filter(lambda text: text.strip() == text and "  " not in text)
PLAIN = WORDS.filter(lambda text: text[0] not in "=+-@" and "${" not in text)


def a_scale(items, id_="total", **more):
    """Return a scale over some items."""
    titles = {EN: id_.capitalize(), ZH: "总分"}
    return Scale(id_, titles, tuple(items), Method.SUM, 0, **more)


def an_instrument(items, *, scales=None, **more):
    """Return an instrument of some items."""
    values = {
        "id": "a-form",
        "version": 3,
        "languages": frozenset({EN, ZH}),
        "licence": "CC0-1.0",
        "validated": False,
        "source": "Made up for a test.",
        "title": {EN: "A form", ZH: "一张表"},
        "instruction": {EN: "Think of last week.", ZH: "请想想上一周。"},
    }
    scales = scales or (a_scale([item.id for item in items]),)
    return Instrument(items=tuple(items), scales=tuple(scales), **(values | more))


def options(*values, points=None):
    """Return options with words in both languages."""
    worth = points or {}
    return tuple(Option(v, {EN: f"about {v}", ZH: f"大约{v}"}, worth.get(v)) for v in values)


def by_hand():
    """Return an instrument that has one of everything."""
    items = (
        Item("sleep", {EN: "How did you sleep?", ZH: "睡得怎么样？"}, options(0, 1, 2)),
        Item(
            "wake-up",
            {EN: "How often did you wake?", ZH: "醒了几次？"},
            (),
            numbers=Range(0, 9),
            hint={EN: "Best guess.", ZH: "估计就行。"},
            show_when=(Condition("sleep", frozenset({0, 1})),),
            unasked=0.0,
        ),
        Item(
            "rested",
            {EN: "Rested?", ZH: "休息好了吗？"},
            options(1, 2, 3, points={1: 0.0, 2: 0.5, 3: 2.0}),
            reverse=True,
            show_when=(
                Condition("sleep", frozenset({1, 2})),
                Condition("wake-up", frozenset({2, 3, 4, 5, 6, 7})),
            ),
            safety_at=2,
        ),
    )
    bands = (Band(3.0, {EN: "Much", ZH: "多"}, "Made up."),)
    scales = (a_scale(["sleep", "wake-up", "rested"], bands=bands), a_scale(["rested"], "rest"))
    return an_instrument(items, scales=scales, layout=Layout.PAGES, at_most_missing_share=0.5)


@st.composite
def instruments(draw):
    """Draw an instrument: choices and numbers, branching, points, both languages."""
    count = draw(st.integers(1, 5))
    items: list[Item] = []
    for at in range(count):
        id_ = f"q{at}" if draw(st.booleans()) else f"item-{at}"
        words = {EN: draw(PLAIN), ZH: draw(PLAIN)}
        shown = tuple(draw(_condition(one)) for one in items if draw(st.integers(0, 3)) == 0)
        more = {"show_when": shown, "reverse": draw(st.booleans())}
        if draw(st.integers(0, 3)) == 0:
            least = draw(st.integers(-5, 5))
            numbers = Range(least, least + draw(st.integers(1, 12)))
            items.append(Item(id_, words, (), numbers=numbers, **more))
        else:
            items.append(Item(id_, words, draw(_choices()), **more))
    return an_instrument(items)


@st.composite
def _choices(draw):
    values = draw(st.lists(st.integers(-9, 99), min_size=2, max_size=5, unique=True))
    worth = draw(st.none() | st.just(0.5))
    return tuple(Option(v, {EN: draw(PLAIN), ZH: draw(PLAIN)}, worth) for v in values)


@st.composite
def _condition(draw, item):
    every = (
        list(range(item.numbers.least, item.numbers.most + 1))
        if item.numbers
        else [option.value for option in item.options]
    )
    return Condition(item.id, frozenset(draw(st.sets(st.sampled_from(every), min_size=1))))
