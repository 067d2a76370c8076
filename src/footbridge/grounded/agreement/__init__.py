"""Agreement between coders: coefficients, their intervals, and *undefined* with its reason.

Every coefficient for coded units takes a table of coders (rows) by units (columns);
every coefficient for coded text takes one list of units for each coder and the length of
the text.

Examples
--------
>>> table = [[1, 2, 3, 3, 2, None], [1, 2, 3, 3, 2, 3], [None, 3, 3, 3, 2, 3]]
>>> str(krippendorff_alpha(table, level="nominal"))
"Krippendorff's alpha (nominal): 0.795"
"""

from footbridge.grounded.agreement.alpha import Level, krippendorff_alpha
from footbridge.grounded.agreement.bootstrap import Interval, bootstrap_interval
from footbridge.grounded.agreement.chance import (
    brennan_prediger,
    cohen_kappa,
    cohen_kappa_maximum,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    holsti,
    percent_agreement,
    scott_pi,
)
from footbridge.grounded.agreement.gamma import Dissimilarity, best_alignment_disorder
from footbridge.grounded.agreement.pairs import PairCounts, add_pairs, count_pairs, split_pairs
from footbridge.grounded.agreement.ratings import (
    Ratings,
    collapse,
    ratings_from_counts,
    ratings_from_table,
    read_ratings,
)
from footbridge.grounded.agreement.results import Agreement
from footbridge.grounded.agreement.tallies import Tally, add_tallies, split_tallies
from footbridge.grounded.agreement.unitizing import (
    Overlaps,
    UnitArrays,
    add_overlaps,
    cu_alpha,
    ku_alpha,
    measure_overlaps,
    u_alpha,
    u_alpha_binary,
)
from footbridge.grounded.agreement.unitizing_2004 import alpha_u_2004

__all__ = [
    "Agreement",
    "Dissimilarity",
    "Interval",
    "Level",
    "Overlaps",
    "PairCounts",
    "Ratings",
    "Tally",
    "UnitArrays",
    "add_overlaps",
    "add_pairs",
    "add_tallies",
    "alpha_u_2004",
    "best_alignment_disorder",
    "bootstrap_interval",
    "brennan_prediger",
    "cohen_kappa",
    "cohen_kappa_maximum",
    "collapse",
    "count_pairs",
    "cu_alpha",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "holsti",
    "krippendorff_alpha",
    "ku_alpha",
    "measure_overlaps",
    "percent_agreement",
    "ratings_from_counts",
    "ratings_from_table",
    "read_ratings",
    "scott_pi",
    "split_pairs",
    "split_tallies",
    "u_alpha",
    "u_alpha_binary",
]
