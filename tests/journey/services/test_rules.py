"""What it costs in anonymity, what is fresh, and what a search may show."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.plans.domains import domains
from footbridge.journey.services import labels
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.hsds import ServiceStatus
from footbridge.journey.services.opening import Opening
from footbridge.journey.services.rules import (
    PRICES,
    Need,
    PriceCode,
    PriceLevel,
    ServiceFacts,
    anonymity_price,
    check_fresh,
)
from footbridge.journey.services.search import Query, asks_no_name, search

FRIDAY_NOON = datetime(2026, 11, 20, 12, 0)
maybe = st.sampled_from([None, True, False])
facts = st.builds(ServiceFacts, maybe, maybe, maybe, maybe, maybe, maybe)


def find(**query: object) -> list[str]:
    found = search(qingteng().listings(), Query(**query), at=FRIDAY_NOON)
    return [one.listing.service.name for one in found]


@given(facts)
def test_methadone_maintenance_always_costs_a_place_on_the_register(told):
    price = anonymity_price(told)

    assert (price.level is PriceLevel.REGISTER) == bool(told.methadone or told.reports_to_police)


@given(facts)
def test_a_service_of_which_nothing_is_known_is_never_free_of_charge(told):
    known = told.reports_to_police is False and not told.methadone
    named = told.asks_real_name is False or (told.asks_real_name is None and told.accepts_code_only)

    assert bool(anonymity_price(told)) == bool(known and named)


def test_what_the_law_says_is_shown_even_where_the_directory_says_no():
    price = anonymity_price(ServiceFacts(methadone=True, reports_to_police=False))

    assert PriceCode.POLICE_BY_LAW in price.codes
    assert "Decree 597, article 12" in price.say()[0]


def test_the_dearest_line_comes_first():
    price = anonymity_price(
        ServiceFacts(asks_real_name=True, reports_to_police=True, cash_only=False),
        documents=("Identity card", "Household book"),
        costs_money=True,
    )

    assert [line.code for line in price.lines] == [
        PriceCode.POLICE_REGISTER,
        PriceCode.NAME_ASKED,
        PriceCode.DOCUMENTS_ASKED,
        PriceCode.PAYMENT_TRACE,
    ]
    assert "Identity card; Household book" in price.say()[2]


def test_paying_costs_a_name_only_where_cash_is_not_taken_alone():
    free = ServiceFacts(asks_real_name=False, reports_to_police=False)
    cash = ServiceFacts(asks_real_name=False, reports_to_police=False, cash_only=True)
    card = ServiceFacts(asks_real_name=False, reports_to_police=False, cash_only=False)

    assert anonymity_price(free, costs_money=True)
    assert anonymity_price(cash, costs_money=True)
    assert anonymity_price(card, costs_money=False)
    assert not anonymity_price(card, costs_money=True)


def test_a_price_of_nothing_is_said_too():
    price = anonymity_price(ServiceFacts(asks_real_name=False, reports_to_police=False))

    assert price.level is PriceLevel.NONE
    assert price.say() == ("Nothing that is known of: no name, no papers, no report.",)


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (180, True), (181, False), (400, False)])
def test_an_entry_is_fresh_for_180_days(age, fresh):
    on = date(2026, 11, 21)

    decision = check_fresh(on - timedelta(days=age), on)

    assert decision.allowed is fresh
    assert (str(age) if age else "today") in decision.reason


def test_an_entry_that_nobody_checked_is_not_fresh():
    assert "Nobody has checked" in check_fresh(None, date(2026, 11, 21)).reason


def test_a_search_by_need_puts_the_cheapest_in_anonymity_first():
    names = find(needs=frozenset({Need.DRUG_TREATMENT}))

    assert names[-1] == "Methadone maintenance"
    assert "Talking about drug use" in names
    assert "Hot meals" not in names


def test_no_name_shows_only_services_that_are_known_to_ask_none():
    found = search(qingteng().listings(), Query(no_name=True), at=FRIDAY_NOON)

    assert found
    assert all(one.listing.facts.asks_real_name is False for one in found)
    assert all(one.price.level <= PriceLevel.UNKNOWN for one in found)
    assert "Finding work" not in [one.listing.service.name for one in found]


def test_open_now_shows_only_what_is_known_to_be_open():
    found = search(qingteng().listings(), Query(open_now=True), at=FRIDAY_NOON)

    assert {one.opening for one in found} == {Opening.OPEN}
    assert "Hot meals" in [one.listing.service.name for one in found]
    assert "Bed for the night" not in [one.listing.service.name for one in found]


def test_a_closed_service_is_not_found():
    (closed,) = (
        one
        for one in qingteng().listings()
        if one.service.status is ServiceStatus.TEMPORARILY_CLOSED
    )

    assert closed.service.name not in find()


def test_a_language_a_word_and_a_warm_handoff_narrow_the_search():
    assert find(language="en", needs=frozenset({Need.HIV_HCV})) == [
        "HIV and hepatitis test by code",
        "Naloxone and how to use it",
    ]
    assert find(words="美沙酮") == ["Methadone maintenance"]
    assert find(words="TABLETS month") == ["Hepatitis C treatment"]
    assert "Hot meals" not in find(warm_handoff=True)
    assert "Methadone maintenance" not in find(code_only=True)


def test_a_service_that_asks_for_papers_does_not_pass_as_asking_no_name():
    (dibao,) = (one for one in qingteng().listings() if "dibao" in one.service.name)

    assert not asks_no_name(dibao)


def test_needs_are_the_domains_of_a_plan():
    assert [need.value for need in Need] == list(domains())


def test_every_coded_value_has_a_label_and_every_price_a_sentence():
    assert set(labels.NEEDS) == set(Need)
    assert set(labels.PRICES) == set(PRICES) == set(PriceCode)
    assert set(labels.PRICE_LEVELS) == set(PriceLevel)
    assert set(labels.STATUSES) == set(ServiceStatus)
    assert set(labels.OPENINGS) == set(Opening)
    assert set(labels.FACTS) == set(ServiceFacts.__dataclass_fields__)
