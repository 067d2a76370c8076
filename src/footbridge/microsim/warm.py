"""Compile the kernels before anybody waits for them: `python -m footbridge.microsim.warm`.

The compiled code is kept beside the sources, or in the user's cache where those may not be
written to. The first call on a computer takes about half a minute, every later one about a second.
"""

from footbridge.microsim.parameters import defaults
from footbridge.microsim.run import Outcome, Setting, simulate
from footbridge.microsim.tables import tables_of


def warm() -> Outcome:
    """Run a few people through the model, which loads or compiles what one thread needs."""
    return simulate(tables_of(defaults()), Setting(10))


def compile_all() -> None:
    """Compile whatever is not yet compiled: for one thread, and for several."""
    warm()
    simulate(tables_of(defaults()), Setting(10, threads=2))


if __name__ == "__main__":
    compile_all()
