"""The directory in a browser: search it, read an entry, load it, take it along."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from footbridge.journey.services import actions, queries
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.opening import Opening, opening
from footbridge.journey.services.rules import PriceLevel
from footbridge.journey.services.search import asks_no_name
from footbridge.journey.services.writing import csv_set
from footbridge.trust.access.rules import Role

NOON = datetime(2026, 11, 18, 10, 30)  # a Wednesday


def shown(answer):
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr(timezone, "localtime", lambda *_args, **_options: NOON)


@pytest.fixture
def city(house, worker, today):
    found = qingteng()
    actions.keep(found, by=worker.id, on=today, site=house.keys)
    return found


@pytest.fixture
def coordinator(house):
    return house.browser(house.add_staff("mei", Role.COORDINATOR))


def found(browser, **query):
    """Return the ids of the services on every page of a result."""
    ids, number = set(), 1
    while True:
        page = browser.get(reverse("directory"), {**query, "page": number})
        ids |= set(re.findall(r"/directory/([0-9a-f-]{36})/", page.content.decode()))
        if 'rel="next"' not in page.content.decode():
            return ids
        number += 1


def ids(listings):
    return {str(one.id) for one in listings if one.service.status == "active"}


def test_without_a_directory_a_coordinator_is_led_to_the_first_step(coordinator):
    page = coordinator.get(reverse("directory"))

    assert "There is no directory yet" in shown(page)
    assert reverse("services:load") in page.content.decode()


def test_without_a_directory_a_worker_is_told_whom_to_ask(house, worker):
    page = house.browser(worker).get(reverse("directory"))

    assert "A coordinator can load it" in shown(page)
    assert reverse("services:load") not in page.content.decode()


@pytest.mark.usefixtures("noon")
def test_all_running_services_are_listed_cheapest_in_anonymity_first(house, worker, city):
    browser = house.browser(worker)

    page = browser.get(reverse("directory")).content.decode()

    first = re.search(r"/directory/([0-9a-f-]{36})/", page).group(1)
    listing = next(one for one in city.listings() if str(one.id) == first)
    assert listing.price().level is PriceLevel.NONE
    assert found(browser) == ids(city.listings())


@pytest.mark.usefixtures("noon")
def test_will_not_ask_a_name_keeps_only_what_is_known_to_ask_none(house, worker, city):
    result = found(house.browser(worker), no_name="on")

    assert result == ids(one for one in city.listings() if asks_no_name(one))
    assert result


@pytest.mark.usefixtures("noon")
def test_open_now_keeps_only_what_is_open_at_this_moment(house, worker, city):
    result = found(house.browser(worker), open_now="on")

    expected = (one for one in city.listings() if opening(one.schedules, NOON) is Opening.OPEN)
    assert result == ids(expected)
    assert result


@pytest.mark.usefixtures("noon")
def test_words_needs_and_language_narrow_the_list(house, worker, city):
    browser = house.browser(worker)

    methadone = found(browser, words="methadone")
    food = found(browser, need="food")
    english = found(browser, language="en")

    assert methadone
    assert food == ids(one for one in city.listings() if "food" in one.needs)
    assert english < found(browser)


def test_a_service_page_says_price_opening_and_how_fresh_the_entry_is(house, worker, city):
    listing = next(one for one in city.listings() if one.price().level is PriceLevel.REGISTER)

    page = shown(house.browser(worker).get(reverse("services:one", args=[listing.id])))

    for line in listing.price().say():
        assert line in page
    assert "Mon" in page or "every day" in page
    assert "Checked" in page or "Ring before" in page


def test_a_chinese_reader_reads_the_service_in_chinese(house, worker, city):
    listing = next(one for one in city.listings() if one.text("name", "zh") != one.service.name)
    browser = house.browser(worker)

    page = browser.get(reverse("services:one", args=[listing.id]), HTTP_ACCEPT_LANGUAGE="zh-hans")

    assert listing.text("name", "zh") in shown(page)


def test_a_service_that_is_not_there_is_said_plainly(house, worker, city):
    missing = "00000000-0000-4000-8000-000000000000"

    page = house.browser(worker).get(reverse("services:one", args=[missing]))

    assert page.status_code == 400
    assert "not in the directory" in shown(page)


def uploads(files):
    return {"uploads": [SimpleUploadedFile(name, data) for name, data in files.items()]}


def test_a_coordinator_loads_the_files_of_a_directory(coordinator):
    answer = coordinator.post(reverse("services:load"), uploads(csv_set(qingteng())))

    assert answer.url == reverse("directory")
    assert len(queries.directory().services) == len(qingteng().services)


def test_every_problem_is_listed_and_nothing_changes(coordinator, city):
    files = csv_set(city)
    files["services.csv"] = files["services.csv"].replace(b",active,", b",perhaps,", 2)

    page = coordinator.post(reverse("services:load"), uploads(files))

    assert page.content.decode().count("perhaps is not allowed here") == 2
    assert "services.csv" in shown(page)
    assert len(queries.directory().services) == len(city.services)


def test_files_that_are_too_large_are_not_even_read(coordinator, monkeypatch):
    monkeypatch.setattr("footbridge.journey.services.views.Limits", lambda: Small())

    page = coordinator.post(reverse("services:load"), uploads(csv_set(qingteng())))

    assert "larger than" in shown(page)
    assert not queries.directory().services


class Small:
    set_bytes = 1000


def test_a_worker_can_neither_see_nor_use_the_loading_page(house, worker):
    browser = house.browser(worker)

    assert browser.get(reverse("services:load")).status_code == 403
    assert browser.post(reverse("services:load"), uploads(csv_set(qingteng()))).status_code == 403
    assert not queries.directory().services


def test_the_export_is_the_same_directory_and_the_same_bytes_each_time(house, worker, city):
    browser = house.browser(worker)

    first, again = (browser.get(reverse("services:export")).content for _ in range(2))

    with zipfile.ZipFile(io.BytesIO(first)) as box:
        files = {name: box.read(name) for name in box.namelist()}
    assert files == csv_set(city)
    assert first == again


def test_no_page_of_the_directory_asks_anything_of_a_third_party(house, worker, city):
    page = house.browser(worker).get(reverse("directory")).content.decode()

    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
