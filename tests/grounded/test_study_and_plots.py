"""The worked study holds together, and its pictures say what they show."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import numpy as np
import pytest

from footbridge.grounded import plots
from footbridge.grounded.agreement.by_code import agreement_by_code
from footbridge.grounded.comparison import (
    Adjudication,
    Decision,
    decide,
    overlap_matrix,
    pair_spans,
    settle,
)
from footbridge.grounded.errors import CodingError
from footbridge.grounded.plots import agreement_plot, overlap_plot, saturation_plot
from footbridge.grounded.project import Project, check_project
from footbridge.grounded.saturation import Setting, permutation_band, saturation_point
from footbridge.grounded.study import load_study
from footbridge.grounded.study.loading import find_words
from tests.grounded.coded_texts import study

SVG = "{http://www.w3.org/2000/svg}"
STUDY = load_study()
NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
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
    for term in ("ming ban qi ye", "hukou", "dangan", "banfa"):
        assert any(term in text for text, zh in zip(texts, chinese, strict=True) if not zh)


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


def test_chinese_names_are_drawn_and_stay_letters_where_no_font_has_them(monkeypatch):
    project = study(("A", "d1", 0, 9, "c0"), ("B", "d1", 3, 9, "c0"), ("A", "d1", 20, 30, "c1"))
    book = project.codebook.changed("c0", name="怕登记").changed("c1", name="名办企业 & <work>")
    rows = agreement_by_code(replace(project, codebook=book), rng=np.random.default_rng(1), draws=5)
    without = plots._style({"DejaVu Sans"})

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = agreement_plot(rows) if plots._STYLE["svg.fonttype"] == "path" else ""
    monkeypatch.setattr(plots, "_STYLE", without)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        letters = agreement_plot(rows)

    root = ElementTree.fromstring(letters)
    assert any("怕登记" in (text.text or "") for text in root.iter(f"{SVG}text"))
    assert "怕登记" in drawn or not drawn
    assert root.find(f"{SVG}desc").text.count("怕登记") == 1


def test_a_picture_of_an_undefined_code_says_so():
    everywhere = study(("A", "d1", 0, 200, "c0"), ("B", "d1", 0, 200, "c0"), documents=("d1",))

    rows = agreement_by_code(everywhere, rng=np.random.default_rng(1), draws=5)

    assert rows[0].alpha.agreement.value is None
    assert "undefined" in agreement_plot(rows)


def test_the_decisions_of_the_first_day_can_be_made_and_have_effect():
    project = STUDY.project
    cards = pair_spans(project, A, B, documents=STUDY.days[1])
    table = Adjudication(tuple(cards))
    names = {d.id: d.name for d in project.documents}

    for at, row in enumerate(STUDY.decisions):
        card = next(
            c
            for c in cards
            if names[c.document] == f"Interview {row['document']}"
            and row["code A"] in (c.a and project.codebook[c.a.code].name, "")
            and (c.b is None or project.codebook[c.b.code].name == row["code B"])
        )
        code = project.codebook.by_name(row["keep"]).id if row["keep"] else None
        table = decide(
            table,
            Decision(
                id=f"x{at}", card=card.key, by=(A, B), at=NOON, choice=row["choice"],
                reason=row["reason"], code=code,
            ),
        )  # fmt: skip
    settled = settle(table)

    assert len(settled.changes) == len(STUDY.decisions) == 5
    assert len(settled.open) == sum(c.kind != "same" for c in cards) - 5
    assert all(change.decision.reason for change in settled.changes)
    assert project == load_study().project
