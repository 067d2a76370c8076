"""The gestures wait for the page that they ask for, however slowly it comes."""

from __future__ import annotations

import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browsing import faults, too_wide, turn_page

LATE = 0.4
PAGE = """<!doctype html><html lang="en"><title>A page</title><main><h1>{heading}</h1>
<form method="post"><button>Send</button></form><p>{body}</p></main></html>"""


class Slow(BaseHTTPRequestHandler):
    """A site that thinks before it answers a form, and sends the head of its answer first."""

    def do_GET(self) -> None:
        """Give the form, or slowly the page after it: the document is there before its root."""
        after = self.path == "/after"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if after:
            self.wfile.write(b"<!-- still thinking -->")
            self.wfile.flush()
            time.sleep(LATE)
        wide = "<span style='display:block; width: 9000px'>wide</span>" if after else ""
        page = PAGE.format(heading="After" if after else "Before", body=wide)
        self.wfile.write(page.encode())

    def do_POST(self) -> None:
        """Think, and lead on."""
        time.sleep(LATE)
        self.send_response(303)
        self.send_header("Location", "/after")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing about requests."""


@pytest.fixture
def form(chromium):
    """A page with a form whose answer takes its time."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_a_bare_click_is_back_before_the_page_stands(form):
    """The reason for the gestures; when this fails, a click waits again and they may go."""
    form.locator("button").click()

    arrived = "location.pathname === '/after' && document.readyState === 'complete'"
    assert form.evaluate(arrived) is False


@pytest.mark.browser
def test_turning_the_page_reads_the_page_that_was_asked_for(form):
    turn_page(form.locator("button"))

    assert form.url.endswith("/after")
    assert form.locator("h1").inner_text() == "After"


@pytest.mark.browser
def test_a_document_without_its_root_is_waited_for(form):
    form.goto(form.url + "after", wait_until="commit")
    assert form.evaluate("document.documentElement") is None

    assert too_wide(form)


@pytest.mark.browser
def test_what_is_too_wide_is_a_fault_and_what_fits_is_none(form):
    assert faults(form) == []

    turn_page(form.locator("button"))

    assert faults(form) == ["wider than the window"]


def test_no_story_clicks_without_saying_what_the_click_does():
    bare = [
        f"{path.name}:{number}"
        for path in Path(__file__).parent.glob("*.py")
        if path.name != Path(__file__).name
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.(click|dblclick|tap|press)\(|scrollWidth|Axe\(", line)
        and not re.search(r"desk\.press\(", line)
    ]

    assert bare == []
