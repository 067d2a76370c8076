"""A pytest plugin for the libraries alone: what tests/conftest.py says of Hypothesis."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# The first call of a compiled kernel compiles it: no deadline would survive that.
settings.register_profile("libraries", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("libraries")
