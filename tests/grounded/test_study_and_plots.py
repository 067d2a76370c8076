"""The worked study holds together, and its pictures say what they show."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from tests.grounded.coded_texts import study

from footbridge.grounded.agreement.by_code import agreement_by_code
from footbridge.grounded.comparison import overlap_matrix
from footbridge.grounded.errors import CodingError
from footbridge.grounded.plots import agreement_plot, overlap_plot, saturation_plot
from footbridge.grounded.project import Project, check_project
from footbridge.grounded.saturation import Setting, permutation_band, saturation_point
from footbridge.grounded.study import load_study
from footbridge.grounded.study.loading import find_words

STUDY = load_study()
A, B = (coder.id for coder in STUDY.project.coders)


def test_nine_interviews_two_coders_three_days():
    assert check_project(STUDY.project) == []
    assert [len(documents) for documents in STUDY.days.values()] == [3, 3, 3]
    assert len(STUDY.project.documents) == 9
    assert {s.coder for s in STUDY.project.segments} == {A, B}
    assert load_study().project == STUDY.project


def test_the_guide_changed_every_day():
    assert len({STUDY.guides[day] for day in (1, 2, 3)}) == 3


def test_one_transcript_is_chinese_and_chinese_terms_are_kept_elsewhere():
    texts = [d.text for d in STUDY.project.documents]

    chinese = [sum("\u4e00" <= c <= "\u9fff" for c in text) > 100 for text in texts]

    assert sum(chinese) == 1
    assert any("ming ban qi ye" in text for text in texts)


def test_every_theme_was_coded_by_both():
    for codes in STUDY.themes.values():
        for coder in (A, B):
            assert any(s.code in codes and s.coder == coder for s in STUDY.project.segments)


def test_words_that_stand_twice_or_nowhere_are_refused():
    with pytest.raises(CodingError, match="2 times"):
        find_words("one and one", "one")
    with pytest.raises(CodingError, match="does not follow"):
        find_words("one two", "two … one")


def pictures():
    rows = agreement_by_code(STUDY.project, rng=np.random.default_rng(1), draws=20)
    series = [frozenset({1, 2}), frozenset({3}), frozenset(), frozenset({4})]
    band = permutation_band(series, Setting(), rng=np.random.default_rng(1), orders=20)
    return {
        "agreement": agreement_plot(rows),
        "saturation": saturation_plot([2, 3, 3, 4], saturation_point(series, Setting()), band),
        "overlap": overlap_plot(overlap_matrix(STUDY.project, A, B)),
        "nothing": overlap_plot(overlap_matrix(Project("x"), A, B)),
        "no code": agreement_plot([]),
    }


def test_pictures_are_valid_described_and_the_same_each_time():
    first, second = pictures(), pictures()

    assert first == second
    for svg in first.values():
        root = ElementTree.fromstring(svg)
        assert root.find("{http://www.w3.org/2000/svg}title").text
        assert root.get("role") == "img"
    assert "family shame: 0.90" in first["agreement"]
    assert "not reached" in first["saturation"]
    assert "old friends and old circle 59%" in first["overlap"]


def test_a_picture_of_an_undefined_code_says_so():
    everywhere = study(("A", "d1", 0, 200, "c0"), ("B", "d1", 0, 200, "c0"), documents=("d1",))

    rows = agreement_by_code(everywhere, rng=np.random.default_rng(1), draws=5)

    assert rows[0].alpha.agreement.value is None
    assert "undefined" in agreement_plot(rows)
