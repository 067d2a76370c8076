"""The server process: one worker, no access log, and a log of its own that tells nothing."""

from __future__ import annotations

import io
import socket
import time
from types import SimpleNamespace

import pytest
from gunicorn.http import wsgi as answering
from gunicorn.workers.gthread import TConn

from footbridge.site.quiet_logging import QuietFormatter
from footbridge.site.serving import Server

LINE = "Invalid request from ip=192.168.3.4: Invalid request line 'GET /people/4a6d7b9c/ HTTX'"


@pytest.fixture
def server():
    return Server("127.0.0.1:0")


@pytest.fixture
def log(server):
    """Gunicorn's own logger as the server sets it up, and what it writes."""
    logger, stream = server.cfg.logger_class(server.cfg), io.StringIO()
    (handler,) = (one for one in logger.error_log.handlers if getattr(one, "_gunicorn", False))
    before = handler.setStream(stream)
    yield logger, stream
    handler.setStream(before)
    logger.error_log.removeHandler(handler)


def test_one_process_holds_the_keys(server):
    assert server.cfg.workers == 1
    assert server.cfg.worker_class_str == "gthread"


def test_an_answer_does_not_tell_what_software_this_is(server):
    answer = answering.Response(SimpleNamespace(version=(1, 1)), None, server.cfg)

    assert answer.version == "web"


def test_a_kept_connection_outlives_the_time_in_which_a_proxy_reuses_it(server):
    ours, proxy = socket.socketpair()
    reused = {"nginx": 60, "caddy": 120}  # seconds, unless their own settings say otherwise

    connection = TConn(server.cfg, ours, None, None)
    connection.set_timeout()

    assert connection.timeout - time.monotonic() > max(reused.values())
    ours.close()
    proxy.close()


def test_how_long_a_connection_is_kept_is_the_site_s_to_say(settings):
    settings.FOOTBRIDGE_KEEPALIVE_SECONDS = 7

    assert Server("127.0.0.1:0").cfg.keepalive == 7


def test_no_access_is_logged(server):
    assert server.cfg.accesslog is None


def test_a_malformed_request_leaves_no_address_and_no_path(log):
    logger, stream = log

    logger.warning(LINE)

    assert stream.getvalue()
    assert "192.168" not in stream.getvalue()
    assert "people" not in stream.getvalue()


def test_a_failing_request_leaves_no_path(log):
    logger, stream = log
    try:
        int("secret words")
    except ValueError:
        logger.exception("Error handling request %s %s", "GET", "/people/4a6d7b9c/")

    assert "ValueError" in stream.getvalue()
    assert "people" not in stream.getvalue()
    assert "secret" not in stream.getvalue()


def test_every_handler_of_the_servers_log_is_quiet(log):
    logger, _ = log

    kinds = {
        type(handler.formatter)
        for handler in logger.error_log.handlers
        if not type(handler).__module__.startswith("_pytest")
    }

    assert kinds == {QuietFormatter}
