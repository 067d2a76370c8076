"""What the figures show, read back from the files."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from footbridge.microsim import figures, svg
from footbridge.microsim.bands import Band

NAME = "{http://www.w3.org/2000/svg}"
WORDS = ("ink", "soft", "main", "unsure")  # inks that words are written in


def shapes(path, tag):
    return list(ET.parse(path).getroot().iter(NAME + tag))


def words(path):
    return [element.text for element in shapes(path, "text")]


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("ink", WORDS)
def test_words_can_be_read_in_light_and_in_dark(ink, mode):
    # WCAG 2.2, success criterion 1.4.3
    a, b = sorted((luminance(svg.INKS[ink][mode]), luminance(svg.INKS["paper"][mode])))

    assert (b + 0.05) / (a + 0.05) >= 4.5


def test_a_figure_has_a_title_a_description_and_a_dark_side(tmp_path):
    figures.contrasts(tmp_path / "a.svg", [("d & e", Band(1, 0, 2, -1, 3))], title="A < B")

    root = ET.parse(tmp_path / "a.svg").getroot()
    assert root.find(NAME + "title").text == "A < B"
    assert root.find(NAME + "desc").text
    assert "prefers-color-scheme:dark" in root.find(NAME + "style").text
    assert "d & e" in words(tmp_path / "a.svg")


def test_a_fan_lies_where_its_draws_lie(tmp_path):
    series = np.linspace(0, 100, 101)[:, None] * np.ones((1, 52))
    figures.fan(tmp_path / "f.svg", series, title="F")

    most, half = (
        [float(y) for y in re.findall(r",([\d.]+)", area.get("points"))]
        for area in shapes(tmp_path / "f.svg", "polygon")
    )
    height = 290 - 74
    assert max(most) == pytest.approx(290 - 5 / 99.75 * height, abs=0.2)
    assert max(most) - min(most) == pytest.approx(90 / 99.75 * height, abs=0.2)
    assert max(half) - min(half) == pytest.approx(50 / 99.75 * height, abs=0.2)


def test_a_sign_that_is_not_sure_is_said_in_shape_and_words(tmp_path):
    sure, unsure = Band(5, 4, 6, 3, 7), Band(1, 0, 2, -1, 3)
    figures.contrasts(tmp_path / "sure.svg", [("a", sure)], title="T")
    figures.contrasts(tmp_path / "both.svg", [("a", sure), ("b", unsure)], title="T")

    assert "sign not sure" not in words(tmp_path / "sure.svg")
    assert "sign not sure" in words(tmp_path / "both.svg")
    hollow = [d for d in shapes(tmp_path / "both.svg", "circle") if "f-paper" in d.get("class")]
    assert len(hollow) == 2  # the row and the key


def test_a_band_beyond_the_scale_keeps_its_numbers_and_gets_an_arrow(tmp_path):
    rows = [(f"row {k}", Band(k + 1, k, k + 2, k - 1, k + 3)) for k in range(9)]
    wild = Band(900.0, 800.0, 1000.0, 700.0, 1200.0)
    figures.contrasts(tmp_path / "plain.svg", rows, title="T")
    figures.contrasts(tmp_path / "wild.svg", [*rows, ("wild", wild)], title="T")

    def arrows(name):
        return [line for line in shapes(tmp_path / name, "polyline")
                if len(line.get("points").split()) == 3]  # fmt: skip

    assert not arrows("plain.svg")
    assert len(arrows("wild.svg")) == 1
    assert "+900 %" in words(tmp_path / "wild.svg")
    assert "+700 to +1,200" in words(tmp_path / "wild.svg")


def test_a_change_from_nothing_is_said_and_not_drawn(tmp_path):
    nothing = Band(*[float("nan")] * 5)
    figures.contrasts(tmp_path / "n.svg", [("a", nothing)], title="T")

    assert "nothing to compare" in words(tmp_path / "n.svg")
    assert "nan" not in (tmp_path / "n.svg").read_text()


def test_targets_say_in_words_and_shape_which_are_missed(tmp_path):
    band = Band(0.8, 0.7, 0.9, 0.7, 0.9)
    rows = [("near", band, (0.75, 1.25)), ("far", band, (0.9, 1.1)),
            ("one-sided", band, (0.5, float("inf")))]  # fmt: skip
    figures.targets(tmp_path / "t.svg", rows)

    said = words(tmp_path / "t.svg")
    assert said.count("0.80 met") == 2
    assert said.count("0.80 missed") == 1
    hollow = [d for d in shapes(tmp_path / "t.svg", "circle") if "f-paper" in d.get("class")]
    assert len(hollow) == 2  # the row and the key


def test_a_tornado_puts_the_widest_input_first(tmp_path):
    bars = [("narrow", 1.0, 2.0), ("wide", 9.0, -3.0)]
    figures.tornado(tmp_path / "t.svg", bars, title="T", unit="%")

    said = words(tmp_path / "t.svg")
    assert said.index("wide") < said.index("narrow")
    assert "+9 to -3" in said


def test_names_of_flows_do_not_touch(tmp_path):
    thin = {f"state {k}": np.full(52, 1.0 if k else 1e6) for k in range(5)}
    figures.flows(tmp_path / "s.svg", thin, title="T", since=2026)

    heights = [float(t.get("y")) for t in shapes(tmp_path / "s.svg", "text")
               if t.text.startswith("state")]  # fmt: skip
    assert np.diff(sorted(heights)).min() >= 15
    assert "scenario begins" in words(tmp_path / "s.svg")


def test_a_run_and_its_picture_load_nothing_that_is_slow_to_import():
    # scipy.stats, pandas and matplotlib cost more than the run; numba itself reads scipy.linalg
    code = (
        "import sys; from pathlib import Path; import numpy as np; "
        "from footbridge.microsim import analysis, figures, report, posterior, scenarios; "
        "posterior.shipped(); scenarios.read('rmi'); "
        "from footbridge.microsim.run import Setting, simulate; "
        "from footbridge.microsim.tables import tables_of; "
        "from footbridge.microsim.parameters import defaults; "
        "simulate(tables_of(defaults()), Setting(50, months=2)); "
        "figures.fan(Path(sys.argv[1]), np.ones((2, 52)), title='x'); "
        "print([m for m in ('scipy.stats', 'scipy.optimize', 'scipy.special', 'pandas', "
        "'matplotlib') if m in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", code, "/dev/null"], capture_output=True, text=True)

    assert said.stdout.strip() == "[]", said.stderr


def test_a_scale_without_length_puts_everything_in_its_middle():
    assert svg.Scale(2.0, 2.0, 100.0, 300.0)(2.0) == 200.0
