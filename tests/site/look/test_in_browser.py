"""The look in a real browser: accessible, whole without script, quicker with it."""

import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect

from tests.site.look import plain_site as site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing about requests."""


@pytest.fixture(scope="module")
def address():
    with override_settings(**site.SETTINGS):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def opened(chromium: Browser, address: str):
    """Open a page at a width, in a language and a scheme; close it at the end."""
    contexts = []

    def open_(path: str = "/", *, width: int = 1280, language: str = "en", **more: object) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            extra_http_headers={"Accept-Language": language},
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda line: page.complaints.append(line.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path)
        return page

    site.posted.clear()
    yield open_
    for context in contexts:
        context.close()


def assert_fits(page: Page, width: int) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing_on_the_page_of_all_components(opened, width, scheme, language):
    page = opened(width=width, language=language, color_scheme=scheme)

    assert_fits(page, width)


@pytest.mark.parametrize("path", ["/kiosk/", "/missing/", "/sealed/", "/away/"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_the_other_base_pages(opened, path, width, scheme):
    page = opened(path, width=width, color_scheme=scheme)

    assert_fits(page, width)


def test_targets_are_large_enough_for_a_thumb(opened):
    page = opened(width=360)

    small = page.evaluate(
        """[...document.querySelectorAll("button, .button, .places a, summary, label:has(input)")]
        .map((each) => [each.textContent.trim(), each.getBoundingClientRect()])
        .filter(([, box]) => box.height && box.height < 44).map(([text]) => text)"""
    )

    assert small == []


def test_places_stand_at_the_bottom_of_a_phone_and_at_the_top_of_a_desk(opened):
    phone = opened(width=360).locator(".places").bounding_box()
    desk = opened(width=1280).locator(".places").bounding_box()

    assert phone["y"] + phone["height"] == pytest.approx(800, abs=1)
    assert desk["y"] < 200


def test_escape_three_times_ends_the_session_and_leaves_no_way_back(opened):
    page = opened("/missing/")
    page.goto("/people/")

    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/away/")
    wait_for_a_post(page)

    assert [where for where, _ in site.posted] == ["/leave/"]
    page.go_back()
    assert "/people/" not in page.url


def wait_for_a_post(page: Page) -> None:
    """A beacon outlives its page, and reaches the site when it likes."""
    for _ in range(100):
        if site.posted:
            return
        page.wait_for_timeout(100)


def test_other_keys_between_do_not_leave(opened):
    page = opened("/people/")

    for key in ("Escape", "Escape", "a", "Escape"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)

    assert page.url.endswith("/people/")
    assert site.posted == []


def test_quick_exit_works_without_script(opened):
    page = opened("/people/", java_script_enabled=False)

    with page.expect_response("**/leave/") as answer:
        page.get_by_role("button", name="Leave quickly").click()

    assert answer.value.status == 204


def test_one_key_seals_the_site(opened):
    page = opened("/people/")

    with page.expect_response("**/panic/"):
        page.keyboard.press("F8")

    assert [where for where, _ in site.posted] == ["/panic/"]


def test_focus_goes_to_the_errors_and_from_there_to_the_question(opened):
    page = opened()

    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Choose where you met.").click()

    expect(page.locator("#id_where_0")).to_be_focused()


def test_a_form_is_sent_once_however_often_it_is_pressed(opened):
    page = opened("/kiosk/")
    page.get_by_label("Type your phrase once more").fill("walnut")

    sent = page.evaluate(
        """() => {
            let sent = 0;
            addEventListener("submit", (event) => {
                if (!event.defaultPrevented) sent += 1;
                event.preventDefault();
            });
            const press = () => document.querySelector("#one").requestSubmit();
            press(); press();
            const once = sent;
            dispatchEvent(new PageTransitionEvent("pageshow"));  // the reader came back
            press();
            return [once, sent];
        }"""
    )

    assert sent == [1, 2]


def test_the_calendar_answers_by_click_and_by_key_and_sends_what_lists_would(opened):
    page = opened()
    days = page.locator(".day")

    days.nth(8).click()  # not answered -> no use
    page.keyboard.press("ArrowRight")
    page.keyboard.press("1")

    values = page.locator(".calendar select").evaluate_all("all => all.map((one) => one.value)")
    assert values[:11] == ["0", "0", "1", "0", "", "1", "1", "0", "0", "1", ""]
    expect(days.nth(9)).to_have_accessible_name("1 Nov 2026: Use")
    expect(days.nth(10)).to_be_focused()
    expect(page.locator(".calendar [role=status]")).to_have_text(
        "Days with use: 4. Without: 5. Not answered: 21."
    )


def test_the_calendar_fills_only_days_without_an_answer(opened):
    page = opened()

    page.get_by_role("button", name="Mark the other days as no use").click()

    expect(page.locator(".calendar [role=status]")).to_have_text(
        "Days with use: 3. Without: 27. Not answered: 0."
    )


def test_the_calendar_is_lists_without_script(opened):
    page = opened(java_script_enabled=False)

    expect(page.get_by_label("23 Oct 2026")).to_be_visible()
    assert page.locator(".day").count() == 0


def test_words_can_be_covered_and_cover_themselves_from_a_screen_reader(opened):
    page = opened()
    words = page.locator("[data-secret] ol")

    page.get_by_role("button", name="Cover the words").click()

    expect(words.locator("span").first).to_be_hidden()
    expect(words).to_have_attribute("aria-hidden", "true")


def test_words_shown_once_do_not_reach_the_clipboard(opened):
    page = opened()

    stopped = page.evaluate(
        """() => { const event = new ClipboardEvent("copy", {bubbles: true, cancelable: true});
        document.querySelector("[data-no-copy] li").dispatchEvent(event);
        return event.defaultPrevented; }"""
    )

    assert stopped


def test_practised_words_are_counted_in_either_script(opened):
    page = opened()

    page.get_by_label("Type your phrase once more").fill(" 青石　河灯、远山 otter ")

    expect(page.locator("[data-practice] [role=status]")).to_have_text("Words so far: 4 of 5")


def test_an_idle_page_warns_and_then_closes(opened):
    page = opened("/short/?idle=5&warn=4")

    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    page.wait_for_url("**/away/")


def test_somebody_who_is_still_there_keeps_the_page(opened):
    page = opened("/short/?idle=20&warn=19")
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible()

    with page.expect_response("**/keep/"):
        page.get_by_role("button", name="I am still here").click()

    expect(dialog).to_be_hidden()
    assert page.url.endswith("/short/?idle=20&warn=19")


def test_words_shown_once_do_not_reach_paper(opened):
    page = opened()

    page.emulate_media(media="print")

    expect(page.locator("[data-secret]")).to_be_hidden()


def test_the_language_changes_in_place(opened):
    page = opened("/people/")

    page.get_by_role("button", name="中文").click()

    expect(page.get_by_role("button", name="English")).to_be_visible()
    assert page.url.endswith("/people/")


def test_print_leaves_out_what_paper_cannot_use(opened):
    page = opened()

    page.emulate_media(media="print")

    expect(page.locator(".places")).to_be_hidden()
    expect(page.locator(".leave")).to_be_hidden()
    expect(page.get_by_text("Invented people only")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
