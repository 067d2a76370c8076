"""What may be logged is what may be printed on a wall."""

import io
import logging

import pytest

from footbridge.site.quiet_logging import QuietFormatter


@pytest.fixture
def written():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter())
    logger = logging.getLogger("footbridge.test-of-logging")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield logger, stream
    logger.removeHandler(handler)


def test_an_error_is_named_and_placed_without_its_words(written):
    logger, stream = written
    try:
        int("secret words of somebody")
    except ValueError:
        logger.exception("while opening %s", "pine bridge")

    assert "ValueError" in stream.getvalue()
    assert "secret" not in stream.getvalue()
    assert "pine" not in stream.getvalue()


def test_ids_and_addresses_are_left_out_of_our_own_lines(written):
    logger, stream = written

    logger.warning("seen 4a6d7b9c-1111-4222-8333-0123456789ab at 192.168.3.4")

    assert "4a6d7b9c" not in stream.getvalue()
    assert "192.168" not in stream.getvalue()


def test_the_quiet_formatter_is_what_django_and_the_house_log_through():
    # pytest adds handlers of its own, which print nothing.
    handlers = [
        handler
        for name in ("django", "footbridge")
        for handler in logging.getLogger(name).handlers
        if not type(handler).__module__.startswith("_pytest")
    ]

    assert len(handlers) == 2
    formatters = {type(handler.formatter) for handler in handlers}
    assert formatters == {QuietFormatter}


def test_nobody_logs_accesses():
    assert logging.getLogger("gunicorn.access").level == logging.CRITICAL
    assert logging.getLogger("django.server").level == logging.CRITICAL
