"""The control socket: how commands on the same machine speak to the running site.

A Unix socket in the data folder that only the service's own account can open. It
takes one JSON line and answers with one; it never answers with a key or a record.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from footbridge.trust import housekeeping, places, runtime
from footbridge.trust.access import staff
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import witness
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import ceremony, rewrap

LOG = logging.getLogger("footbridge.control")
LONGEST = 64 * 1024
Answer = dict[str, Any]
_unsealing = threading.Lock()


class ControlError(HouseError):
    """The running site did not answer, or refused."""


def _today() -> date:
    return timezone.localdate()


def status(_: Mapping[str, Any]) -> Answer:
    """Tell whether the site is open, and how many sessions live."""
    return {"open": runtime.seal.open, "sessions": runtime.sessions().sweep()}


def unseal(asked: Mapping[str, Any]) -> Answer:
    """Unseal with the shares given, then do what is due."""
    unseal_here(list(map(str, asked.get("shares", []))), on=_today())
    return {"open": True}


def unseal_here(words: list[str], *, on: date) -> None:
    """Unseal this process: used by the socket, the keyholders' page and the demo."""
    with _unsealing:  # two at once could each turn the epoch and not know of the other's
        if runtime.seal.open:
            return
        keys = ceremony.unseal(words, store=places.epochs())
        housekeeping.sweep(keys, on=on, epoch_days=settings.FOOTBRIDGE_EPOCH_DAYS)
        runtime.seal.unseal(keys)


def seal(_: Mapping[str, Any]) -> Answer:
    """Seal the site and end every session."""
    runtime.panic()
    return {"open": False}


def head(_: Mapping[str, Any]) -> Answer:
    """Return the signed head of the trail."""
    return {"head": witness.sign_head(site=runtime.seal.keys, on=_today()).to_text()}


def turn(_: Mapping[str, Any]) -> Answer:
    """Begin a new epoch now and move every wrap to it."""
    site, on = runtime.seal.keys, _today()
    with act("epoch.turned", by=site.site, on=on, site=site):
        pass
    turned = rewrap.turn(site, on=on, keep_days=settings.FOOTBRIDGE_EPOCH_DAYS, force=True)
    return {"moved": turned.moved, "destroyed": len(turned.destroyed)}


def sweep(_: Mapping[str, Any]) -> Answer:
    """Do what is due today, with epoch keys that were brought in since."""
    runtime.seal.keys.look_again()
    swept = housekeeping.sweep(
        runtime.seal.keys, on=_today(), epoch_days=settings.FOOTBRIDGE_EPOCH_DAYS
    )
    return {
        "expired": swept.expired,
        "lapsed": swept.lapsed,
        "buried": swept.buried,
        "moved": swept.turned.moved,
    }


def invite(asked: Mapping[str, Any]) -> Answer:
    """Invite a coordinator, but only while the site has none: no other way in is cut short."""
    site = runtime.seal.keys
    if any(profile.role is Role.COORDINATOR for profile in staff.everybody(site=site)):
        raise ControlError(
            gettext_noop(
                "This site has a coordinator, who invites colleagues on the page Colleagues. "
                "This command is for a site that has none."
            )
        )
    name, on = str(asked.get("name", "")), _today()
    with act("staff.invited", by=site.site, on=on, site=site, detail=Role.COORDINATOR.value):
        code = staff.make_invitation(name=name, role=Role.COORDINATOR, site=site, on=on)
    return {"code": code}


COMMANDS: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
    "status": status,
    "unseal": unseal,
    "seal": seal,
    "panic": seal,
    "head": head,
    "turn": turn,
    "sweep": sweep,
    "invite": invite,
}


class _Handler(socketserver.StreamRequestHandler):
    timeout = 30  # whoever connects and says nothing does not keep a thread

    def handle(self) -> None:
        close_old_connections()
        try:
            answer = self._answer()
        except HouseError as error:
            answer = {"error": str(error)}
        except Exception as error:
            LOG.warning("a control command failed: %s", type(error).__name__)
            answer = {"error": "The site could not do this. Look at its log."}
        finally:
            close_old_connections()
        self.wfile.write(json.dumps(answer).encode() + b"\n")

    def _answer(self) -> Answer:
        try:
            asked = json.loads(self.rfile.readline(LONGEST))
            command = COMMANDS[asked["command"]]
        except (ValueError, KeyError, TypeError) as error:
            raise ControlError(
                gettext_noop("This is not a command of the site's."),
            ) from error
        return command(asked)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say that a line broke; the traceback that Python would print is for nobody."""
        del request, client_address
        LOG.info("a control line broke off: %s", type(sys.exception()).__name__)


def listen(path: Path) -> Callable[[], None]:
    """Listen in a thread of its own; return the function that stops it.

    Raises
    ------
    ControlError
        If another server answers there: panic must reach the only process that has the keys.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if _answers(path):
        raise ControlError(
            gettext_noop(
                "Another server runs in this data folder, and the keys live in one process. "
                "Stop it first, or give this one a FOOTBRIDGE_DATA of its own."
            )
        )
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = _Server(str(path), _Handler)
    finally:
        os.umask(before)
    threading.Thread(target=server.serve_forever, name="control", daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        path.unlink(missing_ok=True)

    return stop


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            line.connect(str(path))
        except OSError:
            return False
    return True


def ask(path: Path, command: str, **values: object) -> Answer:
    """Send one command to the running site and return its answer.

    Raises
    ------
    ControlError
        If no site listens there, or it refused; the message says why.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(120)
            line.connect(str(path))
            line.sendall(json.dumps({"command": command, **values}).encode() + b"\n")
            answer: Answer = json.loads(line.makefile("rb").readline())
    except (OSError, ValueError) as error:
        raise ControlError(
            gettext_noop(
                "No running site answers in this data folder. Start it with 'footbridge serve', "
                "and run this command under the same account with the same FOOTBRIDGE_DATA."
            )
        ) from error
    if "error" in answer:
        raise ControlError("{message}", message=answer["error"])
    return answer
