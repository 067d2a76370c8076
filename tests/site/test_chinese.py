"""The site in Chinese: no English between the lines, days as Chinese writes them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.trust import runtime
from footbridge.trust.access.rules import Role
from tools.house.places import SOURCE

pytestmark = pytest.mark.django_db
LATIN = re.compile(r"[A-Za-z][A-Za-z'-]+")
# Keys, formats, the house, and a language in its own words have no Chinese.
NAMES = {
    *("Footbridge", "Esc", "HSDS", "CSV", "Open", "Referral", "attributes", "CNY", "English"),
    *("REDCap", "XLSForm", "FHIR", "JSON"),
}
CODES = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b|\{\w+\}")
READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "data-counted")
NOT_CLOSED = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect", "line"}


class Lines(HTMLParser):
    """What a reader of Chinese meets: text and labels, save what is marked as another's."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[bool] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        # On <html> the mark tells browsers to translate nothing of the page.
        marked = given.get("translate") == "no" and tag != "html"
        other = (given.get("lang") or "zh").startswith("en")
        hidden = any(self.open) or marked or other or tag in {"script", "style"}
        if not hidden:
            self.found += [given[name] for name in READ_ALOUD if given.get(name)]
        if tag not in NOT_CLOSED:
            self.open.append(hidden)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag not in NOT_CLOSED and self.open:
            self.open.pop()

    def handle_data(self, data):
        if data.strip() and not any(self.open):
            self.found.append(data.strip())


def english(page: str) -> list[str]:
    """Return the lines of a page that hold Latin words which are no names."""
    lines = Lines()
    lines.feed(page)
    return [line for line in lines.found if set(LATIN.findall(CODES.sub("", line))) - NAMES - {""}]


def in_chinese(browser: Client) -> Client:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    return browser


@pytest.fixture
def that_day(monkeypatch, today):
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_options: today)
    return today


@pytest.fixture
def worker(house):
    return house.add_staff("小岚")


@pytest.fixture
def person(house, worker):
    """Somebody whose words are Chinese, who agreed to care and to research."""
    enrolled = house.enrol(worker, language="zh")
    house.consent(enrolled, worker, Purpose.CARE, Purpose.RESEARCH)
    return enrolled


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ('<html translate="no"><p>Nothing is due.</p>', ["Nothing is due."]),
        ("<p>您好 <span>Go on</span></p>", ["Go on"]),
        ('<button title="Seal now"><svg><path></svg>上锁</button>', ["Seal now"]),
        ('<p>代号<strong translate="no">pine bridge</strong></p>', []),
        ('<p><button lang="en">English</button>连按三次 Esc</p>', []),
    ],
)
def test_english_is_found_unless_it_is_marked(page, lines):
    assert english(page) == lines


PUBLIC = ("sign_in", "unseal", "plain", "join", "kiosk:recognise", "kiosk:forgotten")


@pytest.mark.parametrize("name", PUBLIC)
def test_no_public_page_holds_english(house, name):
    answer = in_chinese(Client()).get(reverse(name), follow=True)

    assert english(answer.content.decode()) == []


def test_the_page_of_a_sealed_site_holds_no_english(house):
    runtime.panic()

    answer = in_chinese(Client()).get(reverse("sign_in"), follow=True)

    assert "上锁" in answer.content.decode()
    assert english(answer.content.decode()) == []


@pytest.mark.parametrize("number", [400, 403, 404, 500])
def test_no_page_of_an_error_holds_english(house, number):
    page = engines["django"].get_template(f"{number}.html")

    with translation.override("zh-hans"):
        assert english(page.render({"site_title": "Footbridge"})) == []


OF_WORKERS = (
    *("today", "people", "directory", "more", "people:enrol", "people:take_in"),
    *("recall:search", "passphrase"),
)


@pytest.mark.parametrize("name", OF_WORKERS)
def test_no_page_of_a_case_worker_holds_english(house, worker, person, that_day, name):
    answer = in_chinese(house.browser(worker)).get(reverse(name))

    assert answer.status_code == 200
    assert english(answer.content.decode()) == []


OF_A_PERSON = (
    *("person", "people:team", "people:practise", "people:new_phrase", "people:make_transfer"),
    *("consents:of", "consents:ask", "consents:contact", "recall:keep"),
    *("assessments:choose", "assessments:calendar"),
    *("plans:plan", "plans:strength", "plans:goal", "referrals:choose"),
    *("checkups:schedule", "checkups:hold", "checkups:attempt", "checkups:missed"),
    *("checkups:meeting", "outcomes:code", "outcomes:event", "evidence:enrol"),
)


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_no_page_about_a_person_holds_english(house, worker, person, that_day, name):
    address = reverse(name, args=[person.person])

    answer = in_chinese(house.browser(worker)).get(f"{address}?read=zh", follow=True)

    assert answer.status_code == 200
    assert english(answer.content.decode()) == []


OF_COORDINATORS = (
    *("colleagues", "invite", "trail", "services:load"),
    *("evidence:studies", "evidence:new"),
)


@pytest.mark.parametrize("name", OF_COORDINATORS)
def test_no_page_of_a_coordinator_holds_english(house, that_day, name):
    mei = house.add_staff("梅姐", Role.COORDINATOR)

    answer = in_chinese(house.browser(mei)).get(reverse(name))

    assert answer.status_code == 200
    assert english(answer.content.decode()) == []


def test_no_service_of_the_directory_holds_english(house, worker, that_day):
    found = qingteng()
    services.keep(found, by=worker.id, on=that_day, site=house.keys)
    browser = in_chinese(house.browser(worker))
    pages = [
        reverse("directory"),
        *(reverse("services:one", args=[one.id]) for one in list(found.listings())[:6]),
    ]

    lines = [line for page in pages for line in english(browser.get(page).content.decode())]

    assert lines == []


OF_THE_PERSON = ("mine", "opened", "phrase", "stop", "forget")


@pytest.mark.parametrize("name", OF_THE_PERSON)
def test_no_page_of_the_kiosk_holds_english(house, person, that_day, name):
    me = house.open_person(person)

    answer = in_chinese(house.browser(me)).get(reverse(f"kiosk:{name}"))

    assert answer.status_code == 200
    assert english(answer.content.decode()) == []


FORMS = (
    *("people:practise", "people:new_phrase", "people:make_transfer", "consents:ask"),
    *("plans:strength", "plans:goal", "checkups:schedule", "checkups:hold", "checkups:attempt"),
    *("assessments:calendar", "outcomes:code", "outcomes:event"),
)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_was_left_empty_answers_in_chinese(house, worker, person, that_day, name):
    browser = in_chinese(house.browser(worker))

    answer = browser.post(f"{reverse(name, args=[person.person])}?read=zh", {}, follow=True)

    assert answer.status_code == 200
    assert english(answer.content.decode()) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("sign_in", {"name": "没有人", "passphrase": "不对的口令", "code": "000000"}),
        ("join", {"code": "0000000000000000"}),
        ("kiosk:recognise", {"handle": "松树 小桥", "phrase": "不对 的 密语"}),
    ],
)
def test_a_refusal_at_the_door_is_in_chinese(house, name, typed):
    answer = in_chinese(Client()).post(reverse(name), typed, follow=True)

    assert "error" in answer.content.decode()
    assert english(answer.content.decode()) == []


def test_days_stand_as_chinese_writes_them(house, worker, person, that_day):
    page = in_chinese(house.browser(worker)).get(reverse("today")).content.decode()

    assert f"{that_day.year}年{that_day.month}月{that_day.day}日" in page
    assert not re.search(r"\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", page)


def test_a_consent_says_its_end_as_a_chinese_day(house, worker, person, that_day):
    address = reverse("consents:of", args=[person.person])

    page = in_chinese(house.browser(worker)).get(address).content.decode()

    assert re.search(r"到20\d\d年\d{1,2}月\d{1,2}日为止", page)


CATALOGUE = SOURCE / "site" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# 您 throughout, and never the words of an office or a ward for a person.
REFUSED = re.compile("你|用户|患者|病人|客户|吸毒人员|瘾君子|管控|复吸")
# A comma or a full stop of Latin script beside a Chinese sign.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!.]|[,;?!][\u4e00-\u9fff]")


def test_the_chinese_keeps_to_kind_words_and_to_chinese_signs():
    said = [one.msgstr or one.msgstr_plural[0] for one in polib.pofile(str(CATALOGUE))]

    assert len(said) > 1000
    assert [one for one in said if REFUSED.search(one) or HALF_WIDTH.search(one)] == []


def test_a_plural_has_all_the_values_of_its_english():
    catalogue = polib.pofile(str(CATALOGUE))
    value = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")

    different = [
        one.msgid
        for one in catalogue
        if one.msgid_plural
        and set(value.findall(one.msgid_plural)) != set(value.findall(one.msgstr_plural[0]))
    ]

    assert different == []
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
