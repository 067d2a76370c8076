"""Saturation: when further interviews bring nothing new, and what that cannot tell."""

from footbridge.grounded.saturation.advice import advise
from footbridge.grounded.saturation.runs import (
    Band,
    Reached,
    Setting,
    permutation_band,
    saturation_point,
    saturation_table,
    unseen_at_least,
)
from footbridge.grounded.saturation.sources import (
    ThemeSaturation,
    codes_by_interview,
    meanings_by_interview,
    theme_saturation,
)

__all__ = [
    "Band",
    "Reached",
    "Setting",
    "ThemeSaturation",
    "advise",
    "codes_by_interview",
    "meanings_by_interview",
    "permutation_band",
    "saturation_point",
    "saturation_table",
    "theme_saturation",
    "unseen_at_least",
]
