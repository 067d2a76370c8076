"""Makes coded studies for tests: small ones by hand, any ones by Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span

CODES = (
    Code("c0", "the register"),
    Code("c1", "fear"),
    Code("c2", "no work"),
    Code("c3", "family"),
)


def study(*coded, length=200, documents=("d1", "d2"), codes=CODES):
    """Return a study from (coder, document, start, end, code) tuples."""
    return Project(
        "study",
        (Coder("A", "coder A"), Coder("B", "coder B")),
        Codebook(codes),
        tuple(Document(d, f"Interview {d}", "x" * length) for d in documents),
        tuple(
            Segment(f"s{at}", document, Span(start, end), code, coder)
            for at, (coder, document, start, end, code) in enumerate(coded)
        ),
    )


@st.composite
def coded(draw, most=14):
    """Return tuples for `study`."""
    n = draw(st.integers(0, most))
    rows = []
    for _ in range(n):
        start = draw(st.integers(0, 60))
        end = start + draw(st.integers(1, 30))
        rows.append((
            draw(st.sampled_from("AB")), draw(st.sampled_from(["d1", "d2"])), start, end,
            draw(st.sampled_from(["c0", "c1", "c2"])),
        ))  # fmt: skip
    return rows
