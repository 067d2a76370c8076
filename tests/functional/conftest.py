"""A real browser against a live site, for stories told from end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import timezone

from tests import factories
from tests.browsing import turn_page

WIDTHS = {"phone": (360, 740), "desk": (1280, 900)}
# The same story on a phone and at a desk; for the database it is one story.
BOTH = [pytest.param("phone", marks=pytest.mark.once), "desk"]


@dataclass
class Desk:
    """A browser window on the site, with the few gestures that stories repeat."""

    page: object
    url: str
    house: factories.House
    today: date | None = None

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, words: str) -> None:
        turn_page(self.page.get_by_role("button", name=words, exact=False).first)

    def follow(self, words: str) -> None:
        turn_page(self.page.get_by_role("link", name=words, exact=False).first)

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(text)

    def choose(self, label: str) -> None:
        self.page.get_by_label(label, exact=False).first.check()

    def reads(self, words: str) -> bool:
        return words in self.text

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def sign_in(self, name: str, *, role=None) -> None:
        """Sign a colleague in as a person would: name, passphrase, code."""
        if name not in self.house.secrets:
            self.house.add_staff(name, *([role] if role else []))
        self.page.context.clear_cookies(name="footbridge")
        self.go("/sign-in/")
        self.page.locator("#id_name").fill(name)
        self.page.locator("#id_passphrase").fill(factories.PASSPHRASE)
        self.page.locator("#id_code").fill(factories.code_of(self.house.secrets[name]))
        turn_page(self.page.locator("form[novalidate] button"))

    def words_on_screen(self) -> list[str]:
        """Return the words that are shown once."""
        return [w.strip() for w in self.page.locator(".secret li span").all_inner_texts()]


@pytest.fixture
def calendar(monkeypatch) -> Iterator[list[date]]:
    """Today, as the pages see it: a list of one day that a story may move on."""
    day = [timezone.localdate()]
    monkeypatch.setattr(timezone, "localdate", lambda *_: day[0])
    return day


@pytest.fixture(params=["desk"])
def width(request) -> str:
    return request.param


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture
def desk(chromium, transactional_db, live_server, house, width, language):
    """One browser window; a page error or a console error fails the story."""
    size = WIDTHS[width]
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    context.set_default_timeout(90_000)  # a busy machine is no fault of the page
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" and not re.search(r"status of (4|5)\d\d", message.text)
            else None
        ),
    )
    yield Desk(page, live_server.url, house)
    context.close()
    assert problems == []
