"""Shared runs: small populations, made once."""

import pytest
from hypothesis import HealthCheck, settings

from footbridge.microsim.parameters import defaults
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.tables import tables_of

settings.register_profile(
    "microsim",
    deadline=None,  # the first call compiles
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("microsim")


@pytest.fixture(scope="session")
def baseline():
    return simulate(tables_of(defaults()), Setting(n_persons=3_000, seed=5))
