"""The gestures that leave a page, and the looks at one that stands.

A click returns before the page that it asks for stands. Whoever reads then reads the page before,
or one that is just being replaced and has no root yet. So every click that opens another page goes
through `turn_page`, and every look goes to a page that has been waited for.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page


def turn_page(pressed: Locator) -> None:
    """Press a button or a link that opens another page, and wait until that page stands."""
    with pressed.page.expect_navigation():
        pressed.click()


def unfold(summary: Locator) -> None:
    """Press what only opens on the page: nothing is fetched and nothing is waited for."""
    summary.click()


def too_wide(page: Page) -> bool:
    """Return whether something of the page stands beyond the window's edge."""
    page.wait_for_load_state()
    # A locator waits for its element; `document.documentElement` may not be there yet.
    return page.locator("html").evaluate("html => html.scrollWidth > window.innerWidth + 1")


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page that stands: axe's findings, and what is too wide."""
    page.wait_for_load_state()
    found = [
        f"{each['id']} {each['nodes'][0]['html'][:120]}"
        for each in Axe().run(page).response["violations"]
    ]
    return [*found, *(["wider than the window"] if too_wide(page) else [])]
