"""Base pages and the pages for what went wrong."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string
from django.test import Client, override_settings
from django.utils import translation

import footbridge.site
from tests.site.look import plain_site as site
from tests.site.look.plain_site import SETTINGS

ROOT = Path(footbridge.site.__file__).parent / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
PAGES = ("/", "/kiosk/", "/sealed/", "/missing/", "/refused/", "/broken/", "/away/")


@pytest.fixture(autouse=True)
def only_the_look():
    with override_settings(**SETTINGS):
        yield


def page(address: str, language: str = "en") -> str:
    return Client(headers={"accept-language": language}).get(address).content.decode()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_style_or_script_of_its_own(template):
    source = template.read_text(encoding="utf-8")

    assert re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", source) is None
    assert re.findall(r"<script(?![^>]*\ssrc=)", source) == []


def test_no_template_of_any_room_writes_an_english_colon_between_its_pieces():
    """Between Chinese words it is another sign: `{% colon %}` knows which."""
    sentence = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.S)
    rooms = sorted(ROOT.parent.parent.rglob("templates/**/*.html"))

    found = [
        f"{path.name}: {spot}"
        for path in rooms
        for spot in re.findall(
            r".{20}(?:}}|%}|>): ", sentence.sub("{% _ %}", path.read_text("utf-8"))
        )
    ]

    assert len(rooms) > len(TEMPLATES)
    assert found == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_nothing_of_anybody_else(address):
    links = re.findall(r"(?:src|href|action)=\"([^\"]*)\"", page(address))

    assert [link for link in links if re.match(r"(?:[a-z]+:)?//", link)] == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_heading_and_a_language(address):
    shown = page(address, "zh-hans")

    assert shown.count("<h1") == 1
    assert '<html lang="zh-hans"' in shown


def test_the_demonstration_says_so_on_every_page():
    for address in PAGES[:-1]:
        assert "Invented people only" in page(address)


def test_a_page_behind_quick_exit_says_nothing_about_this_site():
    shown = page("/away/")

    assert "Notebook" not in shown
    assert "people" not in shown.lower()


def test_quick_exit_is_a_form_that_works_without_script():
    assert re.search(r'<form class="leave" method="post" action="/leave/"', page("/"))


def test_a_signed_in_colleague_can_seal_the_site_from_every_page():
    assert '<form method="post" action="/panic/"' in page("/missing/")


def test_nobody_else_is_shown_how_to_seal_it(monkeypatch):
    monkeypatch.setitem(site.CONTEXT, "signed_in", False)

    assert "/panic/" not in page("/")


def test_the_kiosk_shows_no_tools_of_staff():
    shown = page("/kiosk/")

    assert "/panic/" not in shown
    assert "/people/" not in shown
    assert "/leave/" in shown


def test_the_main_place_of_a_page_is_marked():
    assert re.findall(r'<a href="([^"]*)" aria-current="page"', page("/people/")) == ["/people/"]


def test_a_sealed_site_shows_no_places():
    assert 'class="places"' not in page("/sealed/")


def test_errors_are_told_in_the_title_of_the_browser():
    class Wrong:
        errors = ("something",)

        def non_field_errors(self):
            return []

        def __iter__(self):
            return iter(())

    assert "<title>Error: " in render_to_string("site/page.html", {"form": Wrong()})


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_a_failure_page_needs_no_context_at_all(name):
    shown = get_template(name).render()

    assert "What to do next" in shown


def test_a_refusal_may_be_one_whole_sentence():
    shown = render_to_string("site/error.html", {"message": "Ask its lead to add you."})

    assert "<p>Ask its lead to add you.</p>" in shown


def test_every_word_of_the_shared_pages_can_be_translated(monkeypatch):
    for name, words in (("gettext", 0), ("pgettext", 1), ("ngettext", 0), ("npgettext", 1)):
        spoken = lambda *said, at=words: "译" if said[at] else ""  # noqa: E731
        monkeypatch.setattr(translation._trans, name, spoken, raising=False)
    monkeypatch.setattr("footbridge.site.templatetags.footbridge.get_language", lambda: "zh-hans")

    left: set[str] = set()
    for address in PAGES:
        shown = page(address).split("<body", 1)[1].split(">", 1)[1]
        words = re.sub(
            r"(?s)<code>.*?</code>|<(?:ol|button)[^>]* lang=.*?</(?:ol|button)>", " ", shown
        )
        told = re.findall(r'(?:title|aria-label|data-counted)="([^"]*)"', words)
        left |= set(re.findall(r"[A-Za-z]{2,}", " ".join([re.sub(r"<[^>]*>", " ", words), *told])))

    assert left - {"English", "Notebook"} == set()
