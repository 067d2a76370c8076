"""Comparison of two blind codings: lists, overlaps, passages, and what was decided."""

from footbridge.grounded.comparison.decisions import (
    Adjudication,
    Choice,
    Consensus,
    Decision,
    decide,
    may_compare,
    settle,
)
from footbridge.grounded.comparison.lists import ListComparison, NearMatch, compare_lists
from footbridge.grounded.comparison.overlap import (
    MergeCandidate,
    OverlapMatrix,
    SplitCandidate,
    overlap_matrix,
)
from footbridge.grounded.comparison.pairing import Card, pair_spans

__all__ = [
    "Adjudication",
    "Card",
    "Choice",
    "Consensus",
    "Decision",
    "ListComparison",
    "MergeCandidate",
    "NearMatch",
    "OverlapMatrix",
    "SplitCandidate",
    "compare_lists",
    "decide",
    "may_compare",
    "overlap_matrix",
    "pair_spans",
    "settle",
]
