"""Hearing everything that any logger says, at all levels, written as a formatter writes it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Kept(logging.Handler):
    """Keeps what is logged as text."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.lines.append(self.format(record))

    @property
    def text(self) -> str:
        """Everything so far."""
        return "\n".join(self.lines)


@contextmanager
def everything(formatter: logging.Formatter) -> Iterator[Kept]:
    """Turn every logger to its most talkative, and keep what they say."""
    handler, before = Kept(formatter), {}
    for one in [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]:
        before[one] = (one.level, one.propagate)
        one.setLevel(logging.DEBUG)
        one.propagate = False  # each tells the handler itself
        one.addHandler(handler)
    try:
        yield handler
    finally:
        for one, (level, propagate) in before.items():
            one.setLevel(level)
            one.propagate = propagate
            one.removeHandler(handler)
