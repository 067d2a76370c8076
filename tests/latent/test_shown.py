"""Notebook html, tables and path diagrams."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from trial_data import MODEL, ORDERED, trial

from footbridge import latent
from footbridge.latent.diagramcolumns import layers_of, place_columns
from footbridge.latent.diagramgraph import Link, picture_of
from footbridge.latent.diagramlines import arc_lines, loading_lines, path_lines, place_labels
from footbridge.latent.diagramplaces import separate
from footbridge.latent.diagramrows import place_rows
from footbridge.latent.html import fit_html, frame_html

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def fit():
    return latent.sem(MODEL, trial())


@pytest.fixture(scope="module")
def wide():
    """Twelve indicators of three factors."""
    names = [f"item{k:02d}" for k in range(12)]
    truth = "\n".join(
        f"f{g} =~ " + " + ".join(f"0.7*{x}" for x in names[4 * g : 4 * g + 4]) for g in range(3)
    )
    data = latent.simulate(truth + "\nf0 ~~ 0.4*f1\nf1 ~~ 0.3*f2\nf0 ~~ 0.2*f2", 300, seed=5)
    return latent.cfa(truth.replace("0.7*", ""), data)


def test_a_notebook_shows_estimates_and_escapes_names():
    data = trial().assign(**{NASTY: [1, 2] * 150, "site": [NASTY, "b"] * 150})
    fit = latent.cfa("f =~ a + b + c + d", data, group="site")

    html = fit_html(fit)

    assert NASTY not in html
    assert "&lt;script&gt;" in html
    assert f"{fit.estimates['est'].iloc[1]:.3f}" in html
    ET.fromstring(html.replace("<details open>", "<details>"))


def test_warnings_are_part_of_the_html():
    fit = latent.cfa("f =~ a + b", trial())

    assert "The data do not determine" in fit._repr_html_()


def test_a_bootstrap_shows_what_was_lost(fit):
    draws = latent.bootstrap(fit, 20)
    frame = draws.to_frame()

    assert frame.shape == (20, 2 + len(draws.names))
    assert "20 of 20 draws usable" in draws._repr_html_()


def test_a_ladder_is_a_dict_and_a_table():
    data = trial().assign(site=[1, 2] * 150)

    steps = latent.invariance("f =~ a + b + c + d", data, group="site")
    frame = steps.to_frame()

    assert list(frame["step"]) == list(steps) == ["configural", "metric", "scalar", "strict"]
    np.testing.assert_allclose(
        frame["Chisq diff"].iloc[1],
        latent.compare(steps["configural"], steps["metric"])["Chisq diff"].iloc[1],
    )
    assert frame["cfi change"].iloc[1] == pytest.approx(frame["cfi"].iloc[1] - frame["cfi"].iloc[0])
    assert "configural" in steps._repr_html_()


def test_a_table_of_ones_own_does_not_change_the_fit(fit):
    mine = fit.to_frame()
    mine["est"] = 0.0

    assert fit.estimates["est"].abs().sum() > 0


def test_frames_leave_out_what_is_not_a_number():
    import pandas as pd

    html = frame_html(pd.DataFrame({"x": [1.5, float("nan")], "name": [NASTY, "b"]}))

    assert "nan" not in html
    assert NASTY not in html


def test_a_diagram_is_svg_with_words_for_those_who_hear_it(fit):
    root = ET.fromstring(fit.diagram().svg)
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    numbers = {e.text for e in root.iter(f"{SVG}text") if "num" in (e.get("class") or "")}

    assert set(root.get("aria-labelledby").split()) <= ids
    value = fit.estimates.query("label == 'p'")["std.all"].item()
    assert f"{value:.2f}" in numbers
    assert f"arm to f: {value:.2f}" in root.find(f"{SVG}desc").text
    assert len(root.findall(f".//{SVG}ellipse")) == 1
    assert "prefers-color-scheme:dark" in fit.diagram().svg


@pytest.mark.parametrize("show", ["est", "std.lv", "std.nox", ""])
def test_other_numbers_can_be_drawn(fit, show):
    assert fit.diagram(show=show).svg.startswith("<svg")


def test_what_cannot_be_drawn_is_refused(fit):
    with pytest.raises(latent.LatentError, match="Choose one of"):
        fit.diagram(show="bananas")
    with pytest.raises(latent.LatentError, match="There is no group 4"):
        fit.diagram(group=4)


def test_a_name_cannot_break_out_of_the_picture():
    data = trial().assign(site=[NASTY, "b"] * 150)
    svg = latent.cfa("f =~ a + b + c + d", data, group="site").diagram().svg

    assert "<script" not in svg
    ET.fromstring(svg)


def _overlaps(boxes):
    return [
        (p, q)
        for i, p in enumerate(boxes)
        for q in boxes[:i]
        if abs(p[0] - q[0]) < (p[2] + q[2]) / 2 and abs(p[1] - q[1]) < (p[3] + q[3]) / 2
    ]


def test_no_shape_and_no_number_covers_another(wide, fit):
    for result, place in ((wide, place_rows), (fit, place_columns)):
        picture = picture_of(result, 1, "std.all")
        places = place(picture)
        lines = [*arc_lines(picture, places), *loading_lines(picture, places)]
        lines += path_lines(picture, places) if places.columns else []
        place_labels(lines, places.spots)

        spots = [(s.x, s.y, s.w, s.h) for s in places.spots.values()]
        numbers = [(*line.at, 7.0 * len(line.link.text), 12.0) for line in lines if line.link.text]
        assert _overlaps(spots) == []
        assert _overlaps(numbers) == []
        assert len(picture.loadings) == sum(r.op == "=~" for r in result.table.rows)


def test_the_trial_is_drawn_from_cause_to_outcome(fit):
    places = place_columns(picture_of(fit, 1, "std.all"))

    assert places.spots["arm"].x < places.spots["f"].x < places.spots["out"].x


def test_a_circle_of_causes_still_has_layers():
    links = [Link("a", "b", ""), Link("b", "c", ""), Link("c", "a", "")]

    assert layers_of(["a", "b", "c"], links) == {"a": 0, "b": 1, "c": 2}


def test_places_keep_their_distance_and_their_order():
    found = separate([0.0, 0.0, 10.0], [4.0, 4.0])

    np.testing.assert_allclose(found, [-2.0, 2.0, 10.0])
    assert len(separate([], [])) == 0


def test_ordinal_models_are_drawn(tmp_path):
    diagram = latent.sem(MODEL, trial(), ordered=ORDERED).diagram()

    diagram.save(tmp_path / "d.svg")

    assert ET.parse(tmp_path / "d.svg").getroot().tag == f"{SVG}svg"
    assert diagram._repr_svg_() == str(diagram)
