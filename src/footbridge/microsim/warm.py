"""Compile the kernels before anybody waits for them: `python -m footbridge.microsim.warm`.

The compiled code is kept beside the sources, or in the user's cache where those may not be
written to. The first call on a computer takes about half a minute, every later one about a second.
"""

import os
import py_compile
import sys
from importlib.util import cache_from_source
from types import ModuleType

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


def compile_bytecode() -> int:
    """Compile the Python sources of every module that is loaded now; return how many.

    Some installers leave packages as text, and Python then reads a thousand sources of numba and
    its like at every start, which takes longer than the model: where it may not write bytecode
    (``PYTHONDONTWRITEBYTECODE``, a package folder that only root may write to), for ever.
    """
    return sum(_compiled(module) for module in list(sys.modules.values()))


def _compiled(module: ModuleType) -> bool:
    source = getattr(module, "__file__", None)
    if not source or not source.endswith(".py"):
        return False
    target = cache_from_source(source)
    try:
        if os.path.exists(target) and os.path.getmtime(target) >= os.path.getmtime(source):
            return False
        py_compile.compile(source, target, doraise=True)
    except (OSError, py_compile.PyCompileError):
        return False  # not ours to write: Python reads the text, as it would have anyway
    return True


def main() -> None:
    """Compile kernels and bytecode, with all that draws a first picture."""
    from footbridge.microsim import analysis, figures, posterior, report  # noqa: F401

    compile_all()
    compile_bytecode()


if __name__ == "__main__":
    main()
