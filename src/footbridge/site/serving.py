"""Serving: one gunicorn worker process with threads, because the keys live in one process."""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger as GunicornLogger
from gunicorn.http import wsgi as answering

from footbridge.site.quiet_logging import QuietFormatter
from footbridge.trust import control, housekeeping, places, runtime

THREADS = 8
# A page opens sealed boxes and asks the database, and lets go of the interpreter each time. Beside
# somebody who counts everybody it would wait up to 5 ms, Python's default, to get it back.
SWITCH_SECONDS = 0.0005
ROUND_SECONDS = 20.0


class QuietLogger(GunicornLogger):
    """Gunicorn's own log without the address of a visitor or the line that they asked for."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's own type
        """Let every handler write the kind of a line and its place in the code only."""
        super().setup(cfg)  # type: ignore[no-untyped-call]
        for handler in self.error_log.handlers:
            handler.setFormatter(QuietFormatter())


class Server(BaseApplication):
    """Gunicorn, told everything here and nothing by files or the environment."""

    def __init__(self, bind: str, *, when_ready: Callable[[], None] | None = None) -> None:
        self._bind = bind
        self._when_ready = when_ready
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        """Set what this server does; no access log, so that no address is written."""
        # Every answer would name the software.
        answering.SERVER = "web"  # type: ignore[attr-defined]
        options: dict[str, Any] = {
            "bind": self._bind,
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "logger_class": QuietLogger,
            "keepalive": settings.FOOTBRIDGE_KEEPALIVE_SECONDS,
            "timeout": 120,
            "graceful_timeout": 10,
            "umask": 0o077,
            "control_socket_disable": True,
            "post_worker_init": lambda _: self._begin(),
        }
        config: Any = self.cfg
        for name, value in options.items():
            if name in config.settings:
                config.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's own type
        """Return the WSGI application."""
        return get_wsgi_application()

    def _begin(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        control.listen(places.control_socket())
        threading.Thread(target=watch, name="housekeeping", daemon=True).start()
        if self._when_ready is not None:
            self._when_ready()


def serve(bind: str, *, when_ready: Callable[[], None] | None = None) -> None:
    """Serve until stopped. Core dumps are off; the data folder is this account's alone."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    for folder in (places.data(), Path(settings.STATIC_ROOT)):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    server: Any = Server(bind, when_ready=when_ready)
    server.run()


def watch() -> None:
    """Drop sessions that are over, do the day's housekeeping, seal at night if asked to."""
    swept: date | None = timezone.localdate()
    sealed: date | None = None
    while True:
        time.sleep(ROUND_SECONDS)
        runtime.sessions().sweep()
        now = timezone.localtime()
        if housekeeping.is_sealing_time(now, at=settings.FOOTBRIDGE_SEAL_AT, last=sealed):
            sealed = now.date()
            runtime.panic()
        if runtime.seal.open and swept != now.date():
            swept = now.date()
            control.sweep({})
