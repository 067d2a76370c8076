"""The stylesheet itself: its size, its colours, and what it may not reach for."""

import re
from itertools import product

import pytest
from django.contrib.staticfiles import finders

WORDS = ("ink", "soft", "accent", "caution", "danger")
GROUNDS = ("paper", "sheet", "plain-wash", "accent-wash", "caution-wash", "danger-wash")
SCHEMES = ("light", "dark")


def sheet() -> str:
    with open(finders.find("footbridge/footbridge.css"), encoding="utf-8") as file:
        return file.read()


def tokens(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme; dark says only what differs from light."""
    light, dark = sheet().split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark.split("/* Ground */")[0])
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    # The ends of the scale, and the grey known as the lightest that passes on white.
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_computed_as_published(one, other, expected):
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("scheme", "word", "ground"), [*product(SCHEMES, WORDS, GROUNDS)])
def test_every_word_stands_out_from_every_ground(scheme, word, ground):
    colours = tokens(scheme)

    assert contrast(colours[word], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_on_filled_buttons_stand_out(scheme):
    colours = tokens(scheme)

    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


def test_dark_changes_every_colour():
    light, dark = tokens("light"), tokens("dark")

    assert {name for name in light if light[name] == dark[name]} == set()


def test_the_sheet_stays_small():
    assert len(sheet().encode()) <= 25 * 1024


@pytest.mark.parametrize("reach", ["@import", "@font-face", "url(", "http:", "https:", "//"])
def test_the_sheet_reaches_for_nothing_else(reach):
    assert reach not in sheet()


@pytest.mark.parametrize(
    "asked", ["prefers-reduced-motion", "forced-colors: active", "@media print", ":focus-visible"]
)
def test_the_sheet_answers_what_readers_ask_of_their_machine(asked):
    assert asked in sheet()
