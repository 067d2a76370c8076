"""Bringing an entry up to date: pure changes of a directory, and a coordinator's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone as clock
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.services import actions, editing, queries
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.directory import TRANSLATIONS, Directory
from footbridge.journey.services.editing import Standing
from footbridge.journey.services.hsds import Attribute, ServiceStatus, TaxonomyTerm
from footbridge.journey.services.phrases import ALERTS, days_of, in_chinese
from footbridge.journey.services.phrases import waiting as wait
from footbridge.journey.services.reading import read_csv_set
from footbridge.journey.services.rules import (
    CAPACITY_DAYS,
    PriceLevel,
    ServiceFacts,
    check_capacity,
)
from footbridge.journey.services.writing import csv_set
from footbridge.trust.access.rules import Role

NOON = datetime(2026, 11, 21, 12, tzinfo=timezone(timedelta(hours=8)))
known = st.sampled_from([True, False, None])
texts = st.one_of(st.none(), st.sampled_from(["two weeks", "大约两周", "ring, first"]))
standings = st.builds(
    Standing,
    status=st.sampled_from(ServiceStatus),
    alert=texts,
    wait_time=texts,
    assured_date=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    facts=st.builds(ServiceFacts, known, known, known, known, known, known),
    available=st.integers(0, 50),
    updated=st.just(NOON),
) | st.builds(
    Standing,
    status=st.sampled_from(ServiceStatus),
    alert=texts,
    wait_time=texts,
    assured_date=st.none(),
    facts=st.just(ServiceFacts()),
)


def waiting(city):
    """Return the city with a waiting time in two languages at its first service."""
    first, *others = city.services
    term = TaxonomyTerm(uuid4(), "x", "x", code="zh.wait_time", taxonomy=TRANSLATIONS)
    told = Attribute(uuid4(), first.id, term.id, "service", value="两周")
    return replace(
        city,
        services=(replace(first, wait_time="two weeks"), *others),
        taxonomy_terms=(*city.taxonomy_terms, term),
        attributes=(*city.attributes, told),
    )


@settings(max_examples=20)
@given(to=standings, which=st.integers(0, 25))
def test_an_edited_entry_says_what_it_was_told_and_no_other_changes(to, which):
    city = qingteng()
    service = city.listings()[which].id

    after = read_csv_set(csv_set(editing.edited(city, service, to)))

    assert editing.standing(after.listing(service)) == to
    for one in city.listings():
        if one.id != service:
            assert editing.standing(after.listing(one.id)) == editing.standing(one)
            assert after.listing(one.id).text("name", "zh") == one.text("name", "zh")


@settings(max_examples=20)
@given(to=standings, which=st.integers(0, 25))
def test_going_back_brings_back_what_the_entry_said(to, which):
    city = qingteng()
    listing = city.listings()[which]
    before = editing.standing(listing)

    back = editing.edited(editing.edited(city, listing.id, to), listing.id, before)

    assert editing.standing(back.listing(listing.id)) == before


@given(told=standings)
def test_what_is_kept_beside_a_change_is_read_back_the_same(told):
    assert editing.from_text(editing.as_text(told)) == told


def test_a_text_that_changes_loses_its_old_translation():
    city = waiting(qingteng())
    listing = city.listings()[0]
    assert listing.text("wait_time", "zh") == "两周"
    to = replace(editing.standing(listing), wait_time="a month")

    after = editing.edited(city, listing.id, to).listing(listing.id)

    assert after.text("wait_time", "zh") == after.text("wait_time", "en") == "a month"
    assert after.text("name", "zh") == listing.text("name", "zh")


def test_a_fact_that_was_found_out_changes_the_price():
    listing = next(one for one in qingteng().listings() if one.price().level is PriceLevel.NONE)
    facts = replace(listing.facts, reports_to_police=True)
    to = replace(editing.standing(listing), facts=facts)

    after = editing.edited(listing.directory, listing.id, to).listing(listing.id)

    assert after.price().level is PriceLevel.REGISTER


def test_a_directory_without_our_terms_gets_them():
    city = qingteng()
    bare = Directory.of([*city.organizations, *city.services])
    service = bare.services[0].id
    to = replace(editing.standing(bare.listing(service)), facts=ServiceFacts(methadone=True))

    after = read_csv_set(csv_set(editing.edited(bare, service, to)))

    assert after.listing(service).facts.methadone is True


def test_free_places_are_counted_in_some_unit():
    """HSDS 3.1 asks each capacity for its unit."""
    city = qingteng()
    bare = Directory.of([*city.organizations, *city.services])
    service = bare.services[0].id
    to = replace(editing.standing(bare.listing(service)), available=3, updated=NOON)

    after = read_csv_set(csv_set(editing.edited(bare, service, to)))

    assert [unit.id for unit in after.units] == [after.capacities[0].unit_id]


def test_what_changed_is_named():
    listing = qingteng().listings()[0]
    before = editing.standing(listing)
    after = replace(before, alert="ring first", facts=replace(before.facts, cash_only=True))

    assert editing.differences(before, after) == ["alert", "cash_only"]
    assert editing.differences(before, before) == []


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (CAPACITY_DAYS, True), (8, False)])
def test_a_number_of_free_places_lasts_a_week(age, fresh):
    decision = check_capacity(date(2026, 3, 1), date(2026, 3, 1) + timedelta(days=age))

    assert bool(decision) is fresh


@pytest.fixture
def city(house, worker, today):
    found = qingteng()
    actions.keep(found, by=worker.id, on=today, site=house.keys)
    return found


@pytest.fixture
def mei(house):
    return house.browser(house.add_staff("mei", Role.COORDINATOR))


@pytest.fixture
def noon(monkeypatch, that_day):
    monkeypatch.setattr(clock, "localtime", lambda *_args, **_options: NOON)


def address(name, listing):
    return reverse(f"services:{name}", args=[listing.id])


def filled(listing, **changed):
    now = editing.standing(listing)
    words = {True: "yes", False: "no", None: ""}
    facts = {code: words[getattr(now.facts, code)] for code in editing.FACT_CODES}
    return {
        "status": now.status.value,
        "available": "" if now.available is None else now.available,
        "wait_days": "",
        "alert": "",
        **facts,
        **changed,
    }


@pytest.mark.usefixtures("noon")
def test_a_coordinator_tells_free_places_and_everybody_sees_who_told(house, worker, mei, city):
    listing = city.listings()[0]

    mei.post(address("edit", listing), filled(listing, available=4))
    page = house.browser(worker).get(address("one", listing)).content.decode()

    assert "as told on 21 Nov 2026" in page
    history = page.split("Who changed what")[1]
    assert "mei" in history
    assert "Places free" in history
    assert address("edit", listing) not in page


@pytest.mark.usefixtures("noon")
def test_a_hidden_service_is_found_no_more_until_it_is_taken_back(mei, city):
    listing = city.listings()[0]

    mei.post(address("edit", listing), filled(listing, status="temporarily closed"))
    hidden = mei.get(reverse("directory"), {"words": listing.service.name}).content.decode()
    change = queries.last_change(listing.id)
    mei.post(address("undo", listing), {"change": change.id})
    again = mei.get(reverse("directory"), {"words": listing.service.name}).content.decode()

    assert address("one", listing) not in hidden
    assert address("one", listing) in again


@pytest.mark.usefixtures("noon")
def test_a_change_is_taken_back_once_and_only_from_a_page_that_is_fresh(mei, city):
    listing = city.listings()[0]
    mei.post(address("edit", listing), filled(listing, alert="ring-first"))
    first = queries.last_change(listing.id).id
    mei.post(address("edit", listing), filled(listing, alert="moving"))

    answer = mei.post(address("undo", listing), {"change": first}, follow=True)

    assert "changed again since" in answer.content.decode()
    assert queries.directory().listing(listing.id).service.alert == ALERTS["moving"][0]


@pytest.mark.usefixtures("noon")
def test_saving_without_a_change_leaves_no_trace(house, worker, mei, today):
    actions.keep(waiting(qingteng()), by=worker.id, on=today, site=house.keys)
    listing = queries.directory().listings()[0]

    mei.post(address("edit", listing), filled(listing))

    assert queries.last_change(listing.id) is None
    assert queries.directory().listing(listing.id).text("wait_time", "zh") == "两周"


@pytest.mark.usefixtures("noon")
def test_what_is_out_of_date_is_listed_until_it_is_checked(mei, city):
    before = queries.stale(at=NOON)
    oldest = before[0].listing

    page = mei.get(reverse("services:stale")).content.decode()
    answer = mei.post(address("checked", oldest), {"back": "stale"})

    assert address("one", oldest) in page
    assert answer.url == reverse("services:stale")
    assert queries.directory().listing(oldest.id).service.assured_date == NOON.date()
    assert oldest.id not in {card.listing.id for card in queries.stale(at=NOON)}


@given(days=st.integers(0, 730))
def test_a_waiting_time_is_read_back_and_has_its_chinese(days):
    assert days_of(wait(days)) == days
    assert in_chinese(wait(days)).startswith("大约" if days else "不用等")


@pytest.mark.usefixtures("noon")
def test_the_form_takes_no_sentence_and_speaks_both_languages(house, worker, mei, city):
    listing = city.listings()[0]
    browser = house.browser(worker)

    refused = mei.post(address("edit", listing), filled(listing, alert="Wu told me"))
    mei.post(address("edit", listing), filled(listing, alert="ring-first", wait_days=14))
    english = browser.get(address("one", listing)).content.decode()
    chinese = browser.get(address("one", listing), HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()

    assert "id_alert_error" in refused.content.decode()
    assert "about 14 days" in english
    assert "Ring before anybody goes there." in english
    assert "大约14天" in chinese
    assert "去之前请先打电话。" in chinese


@pytest.mark.usefixtures("noon")
def test_a_chinese_reader_reads_prices_in_yuan(house, worker, city):
    listing = next(one for one in city.listings() if one.costs and one.costs[0].amount == 300)
    browser = house.browser(worker)

    english = browser.get(address("one", listing)).content.decode()
    chinese = browser.get(address("one", listing), HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()

    assert "300 CNY a day, without meals" in english
    assert "300元（每天，不含餐）" in chinese
    assert "CNY" not in chinese


def test_a_worker_changes_nothing(house, worker, city):
    browser, listing = house.browser(worker), city.listings()[0]

    for name in ("edit", "checked", "undo"):
        assert browser.post(address(name, listing)).status_code == 403
    assert browser.get(reverse("services:stale")).status_code == 200


@pytest.mark.usefixtures("noon")
def test_the_price_reads_the_same_in_the_directory_and_in_a_referral(house, worker, city):
    enrolled, _ = house.in_care(worker)
    browser = house.browser(worker)
    listing = next(one for one in city.listings() if one.price().level is PriceLevel.REGISTER)
    need = next(iter(listing.needs))

    choose = browser.get(
        reverse("referrals:choose", args=[enrolled.person]), {"need": need.value}
    ).content.decode()
    answer = browser.post(
        reverse("referrals:choose", args=[enrolled.person]),
        {"service": listing.id, "need": need.value},
    )
    referral = browser.get(answer.url).content.decode()
    service = browser.get(address("one", listing)).content.decode()

    for line in listing.price().say():
        assert line in service
        assert line in referral
    assert "Puts a name on a register" in choose
