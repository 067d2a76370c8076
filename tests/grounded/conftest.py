"""One Hypothesis profile: the first call of a compiled loop is slow, so no deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("grounded", deadline=None, max_examples=60)
settings.load_profile("grounded")
