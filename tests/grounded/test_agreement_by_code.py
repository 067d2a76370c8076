"""Agreement per code and per domain, straight from a study."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from footbridge.grounded.agreement import u_alpha
from footbridge.grounded.agreement.by_code import agreement_by_code, agreement_by_domain
from footbridge.grounded.errors import AgreementError
from footbridge.grounded.project import Coder
from tests.grounded.coded_texts import coded, study


def rng():
    return np.random.default_rng(3)


@given(coded())
def test_counts_per_code_equal_those_painted_by_character(rows):
    project = study(*rows)
    if len({r[0] for r in rows}) < 2:
        with pytest.raises(AgreementError, match="two coders"):
            agreement_by_code(project, rng=rng(), draws=5)
        return

    for row in agreement_by_code(project, rng=rng(), draws=5):
        sets = [
            {
                (d, at)
                for c, d, s, e, code in rows
                if c == coder and code == row.code
                for at in range(s, e)
            }
            for coder in "AB"
        ]
        assert row.shared_characters == len(sets[0] & sets[1])
        assert row.any_characters == len(sets[0] | sets[1])
        assert row.segments["A"] == sum(r[0] == "A" and r[4] == row.code for r in rows)


def test_a_code_that_one_coder_never_used_has_no_agreement_above_chance():
    project = study(("A", "d1", 0, 10, "c0"), ("A", "d2", 5, 9, "c0"), ("B", "d1", 0, 10, "c1"))

    by_code = {row.code: row for row in agreement_by_code(project, rng=rng(), draws=20)}

    assert by_code["c0"].alpha.agreement.value < 0
    assert by_code["c0"].met == {"A": 0, "B": 0}


def test_two_interviews_are_one_longer_text():
    project = study(
        ("A", "d1", 0, 40, "c0"), ("B", "d1", 10, 40, "c0"),
        ("A", "d2", 50, 90, "c0"), ("B", "d2", 50, 80, "c0"),
    )  # fmt: skip

    row = agreement_by_code(project, rng=rng(), draws=20)[0]

    joined = [[(0, 40, "k"), (250, 290, "k")], [(10, 40, "k"), (250, 280, "k")]]
    assert row.alpha.agreement.value == pytest.approx(u_alpha(joined, length=400).value)


def test_a_domain_gives_the_whole_family():
    project = study(
        ("A", "d1", 0, 40, "c0"), ("A", "d1", 60, 80, "c1"), ("A", "d2", 5, 9, "c0"),
        ("B", "d1", 0, 40, "c0"), ("B", "d1", 60, 80, "c0"), ("B", "d2", 5, 9, "c0"),
    )  # fmt: skip

    (domain,) = agreement_by_domain(project, {"all": ["c0", "c1"]}, rng=rng(), draws=20)

    assert domain.u_binary.agreement.value == pytest.approx(1.0)
    assert domain.cu.agreement.value < 1.0
    assert domain.by_code["c1"][1] == pytest.approx(1.0)


def test_two_codes_of_a_domain_on_one_passage_leave_it_undefined_and_name_the_place():
    project = study(("A", "d1", 0, 40, "c0"), ("A", "d1", 30, 80, "c1"), ("B", "d1", 0, 40, "c0"))

    (domain,) = agreement_by_domain(project, {"all": ["c0", "c1"]}, rng=rng(), draws=20)

    assert domain.u.agreement.value is None
    assert "30-80" in domain.u.agreement.reason


@given(coded())
def test_three_coders_are_counted_by_character_too(rows):
    both = study(*rows)
    third = [("C", d, s, e, c) for coder, d, s, e, c in rows if coder == "A"]
    project = study(*rows, *third)
    project = project.__class__(
        "x", (*both.coders, Coder("C", "coder C")), both.codebook, both.documents, project.segments
    )

    found = agreement_by_code(project, rng=rng(), coders=["A", "B", "C"], draws=3)

    for row in found:
        sets = [
            {(d, at) for who, d, s, e, code in (*rows, *third) if who == coder and code == row.code
             for at in range(s, e)}
            for coder in "ABC"
        ]  # fmt: skip
        assert row.shared_characters == len(set.intersection(*sets))
        assert row.any_characters == len(set.union(*sets))
