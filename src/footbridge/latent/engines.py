"""Choose the engine that a problem asks for."""

from footbridge.latent.assemble import Problem, continuous_engine
from footbridge.latent.engine import Engine
from footbridge.latent.table import ParameterTable


def engine_for(problem: Problem, table: ParameterTable) -> Engine:
    """Return the engine for these data and options."""
    return continuous_engine(problem, table)
