"""Times the comparison of two codings of 50,000 words, 2,000 segments each; prints csv."""

from __future__ import annotations

import resource
import time

import numpy as np

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.comparison import compare_lists, overlap_matrix, pair_spans
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span

WORDS, SEGMENTS, CODES = 50_000, 2_000, 60


def two_codings() -> Project:
    rng = np.random.default_rng(4)
    text = " ".join("word" for _ in range(WORDS))
    starts = rng.integers(0, len(text) - 700, SEGMENTS)
    lengths = rng.integers(30, 600, SEGMENTS)
    codes = rng.integers(0, CODES, SEGMENTS)
    segments = []
    for coder in "AB":
        moved = np.clip(
            starts + rng.integers(-40, 40, SEGMENTS) * (rng.random(SEGMENTS) < 0.6), 0, None
        )
        other = np.where(rng.random(SEGMENTS) < 0.75, codes, rng.integers(0, CODES, SEGMENTS))
        for at in range(SEGMENTS):
            span = Span(int(moved[at]), int(moved[at] + lengths[at]))
            segments.append(Segment(f"{coder}{at}", "d", span, f"c{other[at]}", coder))
    book = Codebook(tuple(Code(f"c{k}", f"code {k}") for k in range(CODES)))
    coders = (Coder("A", "coder A"), Coder("B", "coder B"))
    return Project("bench", coders, book, (Document("d", "Interview", text),), tuple(segments))


def main() -> None:
    project = two_codings()
    times = []
    for _ in range(15):
        wall, cpu = time.perf_counter(), time.process_time()
        compare_lists(project, "A", "B")
        overlap_matrix(project, "A", "B")
        cards = pair_spans(project, "A", "B")
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print("what,seconds,processor_seconds,peak_mb,value")
    what = f"comparison, {WORDS} words, {SEGMENTS} segments each"
    seconds, processor = min(times)
    print(f'"{what}",{seconds:.3f},{processor:.3f},{peak},{len(cards)}')


if __name__ == "__main__":
    main()
