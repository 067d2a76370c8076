"""Logging that cannot tell who did what: no address, no path, no message from a request."""

from __future__ import annotations

import logging
import logging.config
import re

_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b\d{1,3}(\.\d{1,3}){3}\b"
)


class QuietFormatter(logging.Formatter):
    """Prints the kind of an error and where in our code it happened, never its values."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without anything that a visitor or a record supplied."""
        place = f"{record.name}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            kind, trace = record.exc_info[0].__name__, record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            at = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
            return f"{record.levelname} {place} {kind} in {at}"
        if record.name.startswith("footbridge"):
            return f"{record.levelname} {_ID.sub('[left out]', record.getMessage())}"
        return f"{record.levelname} {place}"


def configure(_: object) -> None:
    """Set logging up; Django calls this in place of its own configuration."""
    quiet = {"level": "WARNING", "handlers": ["console"], "propagate": False}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"quiet": {"()": QuietFormatter}},
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
            "root": {"level": "WARNING", "handlers": ["console"]},
            "loggers": {
                "footbridge": {"level": "INFO", "handlers": ["console"], "propagate": False},
                "django": quiet,
                "django.server": {"level": "CRITICAL", "handlers": [], "propagate": False},
                "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            },
        }
    )
