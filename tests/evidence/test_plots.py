"""A plot can stand in a page, says the same as its table, and is the same every time."""

import re
import threading
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest

from footbridge.evidence.plots import ForestRow, ForestWords, Tokens, forest
from footbridge.evidence.proportions import ArmCount, ComparisonError, compare

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ForestWords(
    title="试点结果 <pilot>",
    description="Three outcomes after 3 months & their intervals.",
    axis="Difference in percentage points",
    left="fewer in RMI",
    right="more in RMI",
)


def row(label: str, first: tuple[int, int], second: tuple[int, int]) -> ForestRow:
    return ForestRow(label, compare(ArmCount("rmi", *first), ArmCount("usual", *second)))


ROWS = [
    row("再次被强制戒毒", (0, 50), (3, 50)),
    row("Methadone <b>maintenance</b>", (4, 48), (0, 46)),
    row("Employment for at least one day in the month before", (16, 48), (1, 46)),
]


def texts(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_same_numbers_give_the_same_bytes_also_from_several_threads():
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(forest(ROWS, WORDS, name="pilot").svg))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 3
    assert set(made) == {forest(ROWS, WORDS, name="pilot").svg}


def test_a_strict_content_policy_lets_the_picture_pass():
    svg = forest(ROWS, WORDS, name="pilot").svg

    root = ET.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"style", "script", "metadata", "image", "foreignObject", "a"}
    assert not [e for e in root.iter() if "style" in e.attrib]
    assert not re.search(r"\son[a-z]+=|<!DOCTYPE|<\?xml|dc:date", svg)
    assert set(re.findall(r'https?://[^"]+', svg)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_it_has_a_title_and_a_description_for_those_who_hear_it():
    root = ET.fromstring(forest(ROWS, WORDS, name="pilot").svg)

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "pilot-title pilot-description"
    said = {child.get("id"): child.text for child in root if child.get("id") in (
        "pilot-title", "pilot-description")}  # fmt: skip
    assert said == {"pilot-title": WORDS.title, "pilot-description": WORDS.description}


def test_words_stay_words_in_any_script_and_are_never_markup():
    shown = texts(forest(ROWS, WORDS, name="pilot").svg)

    assert "再次被强制戒毒" in shown
    assert "Methadone <b>maintenance</b>" in shown
    assert "← fewer in RMI" in shown
    assert "more in RMI →" in shown
    assert not [text for text in shown if re.fullmatch(r"(row|figures)\d+|axis|left|right", text)]


def test_a_long_label_is_broken_into_lines_without_losing_a_word():
    root = ET.fromstring(forest(ROWS, WORDS, name="pilot").svg)

    (lines,) = (
        [each.text for each in text]
        for text in root.iter(f"{SVG}text")
        if len(text) and text[0].text.startswith("Employment")
    )

    assert len(lines) > 1
    assert " ".join(lines) == ROWS[2].label
    assert max(map(len, lines)) <= 28


def test_the_figures_in_the_picture_are_those_of_the_table():
    plot = forest(ROWS, WORDS, name="pilot")

    shown = texts(plot.svg)
    for line in plot.table:
        figures = f"{line.difference:+.1f} ({line.low:+.1f}, {line.high:+.1f})"
        assert figures.replace("-", "−") in shown
    assert [line.label for line in plot.table] == [each.label for each in ROWS]
    assert (plot.table[2].first, plot.table[2].second) == ("16/48", "1/46")
    assert plot.table[2].test == "p < 0.001 (Fisher exact test, two-sided)"


def test_only_the_page_s_own_colours_are_used():
    tokens = Tokens(ink="currentColor", line="var(--line)", accent="#0a7a6f")

    svg = forest(ROWS, WORDS, name="pilot", tokens=tokens).svg

    painted = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    assert painted == {"none", "currentColor", "var(--line)", "#0a7a6f"}


@pytest.mark.parametrize("token", ["red", "url(#x)", "var(--a);x", 'x" onload="', "#12"])
def test_a_colour_that_is_not_a_token_is_refused(token):
    with pytest.raises(ComparisonError, match="not a colour token"):
        Tokens(accent=token)


def test_two_plots_on_a_page_share_no_id():
    one, two = (forest(ROWS, WORDS, name=name).svg for name in ("one", "two"))

    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, two)]
    assert not ids[0] & ids[1]
    for svg, known in zip((one, two), ids, strict=True):
        assert set(re.findall(r'(?:url\(|href=")#([^")]+)', svg)) <= known


def test_every_end_of_every_interval_lies_inside_the_picture():
    wild = [row("all or none", (10, 10), (0, 10)), row("nothing", (0, 3), (0, 3))]

    plot = forest(wild, WORDS, name="wild")

    ticks = [float(t.replace("−", "-")) for t in texts(plot.svg) if re.fullmatch(r"−?\d+", t)]
    assert max(ticks) >= 100
    assert min(ticks) <= -100


def test_drawing_leaves_the_settings_of_others_alone():
    before = dict(mpl.rcParams)

    forest(ROWS, WORDS, name="pilot")

    assert dict(mpl.rcParams) == before


def test_nothing_to_draw_and_a_name_that_is_no_id_are_refused():
    with pytest.raises(ComparisonError, match="nothing to draw"):
        forest([], WORDS, name="pilot")
    with pytest.raises(ComparisonError, match="cannot be an id"):
        forest(ROWS, WORDS, name='x"><script>')
