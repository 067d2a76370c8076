"""How the kernel is compiled: typed decorators around numba, in one place.

No reference counts (nothing is allocated inside a month), no Python error model for divisions,
and no fastmath. Rules that most persons meet in most months are inlined; rare ones are not,
which keeps the loop small.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])
_njit: Any = numba.njit
_OPTIONS = {"_nrt": False, "error_model": "numpy"}


def rare(function: F) -> F:
    """Compile a rule that few persons meet in a month."""
    return cast("F", _njit(**_OPTIONS)(function))


def hot(function: F) -> F:
    """Compile a rule that most persons meet in a month, and inline it."""
    return cast("F", _njit(forceinline=True, **_OPTIONS)(function))


def entry(function: F) -> F:
    """Compile an entry point: kept in a cache between runs, and free of the interpreter's lock."""
    return cast("F", _njit(cache=True, nogil=True, **_OPTIONS)(function))
