"""The first call of a compiled loop is slow, so Hypothesis gets no deadline here."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

if settings().deadline is not None:  # unless a profile of the whole suite has seen to it
    settings.register_profile(
        "grounded", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("grounded")
