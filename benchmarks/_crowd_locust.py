"""What twenty workers and a coordinator do all day, for locust; started by benchmarks/crowd.py."""

from __future__ import annotations

import json
import os
import re
import sys
from itertools import count
from pathlib import Path

from locust import HttpUser, constant_pacing, task

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
TOLD = json.loads((Path(os.environ["CROWD"]) / "crowd.json").read_text())
PASSPHRASE = TOLD["passphrase"]
*WORKERS, COORDINATOR = TOLD["workers"]
_next = count()


def code(secret: str) -> str:
    """Return the present six digits."""
    from django_otp.oath import TOTP

    return f"{TOTP(bytes.fromhex(secret)).token():06d}"


class SignedIn(HttpUser):
    """Somebody who signs in once and then works."""

    abstract = True
    wait_time = constant_pacing(2)  # a page every two seconds is a hurried worker

    def begin(self, who: dict) -> None:
        """Sign in with passphrase and code at their production cost."""
        page = self.client.get("/sign-in/", name="sign-in page").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        form = {
            "csrfmiddlewaretoken": token,
            "name": who["name"],
            "passphrase": PASSPHRASE,
            "code": code(who["secret"]),
        }
        answer = self.client.post("/sign-in/", form, name="sign in", allow_redirects=False)
        assert answer.status_code == 302, answer.status_code


class Worker(SignedIn):
    """A case worker with sixty people."""

    def on_start(self) -> None:
        """Take the next worker's name."""
        self.me = WORKERS[next(_next) % len(WORKERS)]
        self.turn = 0
        self.begin(self.me)

    @task(1)
    def today(self) -> None:
        """Look who is due."""
        self.client.get("/today/", name="Today")

    @task(2)
    def person(self) -> None:
        """Open the next of their people."""
        person = self.me["people"][self.turn % len(self.me["people"])]
        self.turn += 1
        self.client.get(f"/people/{person}/", name="Person")

    @task(1)
    def nothing(self) -> None:
        """Ask for a page that opens nothing: the reference of this run."""
        self.client.get("/more/", name="a page that opens nothing")


class Coordinator(SignedIn):
    """The coordinator, who counts over everybody."""

    fixed_count = 1

    def on_start(self) -> None:
        """Sign in."""
        self.begin(COORDINATOR)

    @task
    def cascade(self) -> None:
        """Count the cascade of all time over everybody's summary."""
        self.client.get("/coordination/cascade/?quarter=all", name="Cascade")
