"""Pages of a stay and of the ward."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from footbridge.journey.people import queries as people
from footbridge.journey.stays import actions, beds, ward
from footbridge.journey.stays.codes import Point
from footbridge.journey.stays.signs import POINTS
from footbridge.journey.stays.tariff import Tariff
from footbridge.journey.stays.ward import Protocol
from footbridge.trust.access import staff
from footbridge.trust.audit import trail
from tests.journey.stays.conftest import NOW

pytestmark = pytest.mark.usefixtures("clock")
DOSE = {
    "day": "2026-11-21", "time": "09:00", "medicine": "methadone", "amount": "12.5",
    "unit": "mg", "route": "mouth", "given_by": "nurse", "witnessed": "yes",
}  # fmt: skip


@pytest.fixture
def browser(house, worker):
    return house.browser(worker)


@pytest.fixture
def form(bed_ids):
    return {
        "bed": str(bed_ids[0]), "days": "7", "drug": "heroin", "severity": "middle",
        "psychiatric": "2", "group": "3", "counselling": "0", "spoken_in": "en",
        "agreed": [point.value for point in Point],
    }  # fmt: skip


@pytest.fixture
def priced(settings, nurse, today):
    settings.FOOTBRIDGE_TARIFF = True
    ward.set_tariff(Tariff(300), by=nurse, on=today)


def at(name, person, *more):
    return reverse(f"stays:{name}", args=[person, *more])


def page(browser, address):
    return browser.get(address).content.decode()


@pytest.mark.usefixtures("priced")
def test_the_price_is_shown_before_anything_is_written(browser, person, form, state):
    answer = browser.post(at("admit", person), {**form, "do": "quote"})

    assert "7 days at 300 yuan a day: 2100 yuan" in answer.content.decode()
    assert state().last is None


@pytest.mark.usefixtures("priced")
def test_a_receipt_bears_a_number_days_and_a_sum_and_no_handle(
    browser, person, form, state, record
):
    browser.post(at("admit", person), {**form, "do": "admit"})

    text = page(browser, at("receipt", person))

    (payment,) = state().now.payments()
    slip = text.split("<article")[1].split("</article>")[0]
    assert payment.receipt in slip
    assert "2100 yuan" in slip
    assert record().handle not in text


def test_without_a_tariff_nothing_speaks_of_money(browser, person, form, state, nurse, house):
    text = page(browser, at("admit", person))
    browser.post(at("admit", person), form)

    assert "Show the price" not in text
    assert (state().now.prepaid, state().now.payments()) == (0, [])
    assert "switched off" in page(house.browser(nurse), reverse("ward_tariff"))


def test_admission_leads_to_the_first_look_at_withdrawal(browser, person, form, state):
    answer = browser.post(at("admit", person), form)

    assert answer.url == at("chart", person)
    assert state().now.begun.planned_days == 7


def test_a_point_that_was_not_said_keeps_the_stay_from_beginning(browser, person, form, state):
    answer = browser.post(at("admit", person), {**form, "agreed": ["method"]})

    assert "not spoken of yet" in answer.content.decode()
    assert state().last is None


def test_the_ward_on_duty_is_offered_and_gets_keys_in_one_step(
    browser, person, form, nurse, house, record
):
    text = page(browser, at("admit", person))
    browser.post(at("admit", person), {**form, "colleagues": [str(nurse.id)]})

    assert "mei" in text
    assert people.open_record(person, by=nurse).entries


@pytest.mark.usefixtures("admitted")
def test_a_chart_is_kept_with_its_sum_and_band(browser, person, state):
    points = {sign.value: str(points[2]) for sign, points in POINTS.items()}
    browser.post(at("chart", person), {"day": "2026-11-21", "time": "09:00", **points})

    text = page(browser, at("of", person))

    total = sum(points[2] for points in POINTS.values())
    assert state().now.sittings[0].total == total
    assert "Moderately severe withdrawal" in text
    assert "21 Nov 2026, 09:00" in text


@pytest.mark.usefixtures("admitted")
def test_a_chart_with_a_sign_left_out_says_so(browser, person, state):
    answer = browser.post(at("chart", person), {"day": "2026-11-21", "time": "09:00"})

    assert answer.content.decode().count("choose what you see") >= len(POINTS)
    assert state().now.sittings == ()


@pytest.mark.usefixtures("admitted")
def test_the_dose_page_fills_in_nothing_but_the_moment_and_says_that_it_advises_nothing(
    browser, person
):
    text = page(browser, at("dose", person))

    assert "never proposes a dose" in text
    amount = text.split('name="amount"')[1].split(">")[0]
    assert "value=" not in amount
    form = text.split("<main")[1].split("</main>")[0]
    assert "checked" not in form
    assert form.count("selected") == 2  # the two empty lines of the lists


@pytest.mark.usefixtures("admitted")
def test_a_dose_is_recorded_and_corrected(browser, person, state):
    browser.post(at("dose", person), DOSE)
    (entry,) = state().now.written
    shown = page(browser, at("correct", person, entry))
    browser.post(at("correct", person, entry), {**DOSE, "amount": "15"})

    assert 'value="12.5"' in shown
    assert [one.amount for one in state().now.doses] == [15.0]


@pytest.mark.usefixtures("admitted")
def test_an_amount_that_can_be_none_and_another_medicine_without_words_are_refused(
    browser, person, state
):
    answer = browser.post(at("dose", person), {**DOSE, "amount": "0", "medicine": "other"})

    text = answer.content.decode()
    assert "cannot be an amount" in text
    assert "Enter which medicine" in text
    assert state().now.doses == ()


@pytest.mark.usefixtures("admitted")
def test_leaving_starts_the_clocks_and_the_bundle_shows_them(browser, person, state, clock):
    clock[0] = NOW + timedelta(days=5)
    browser.post(
        at("discharge", person),
        {"ending": "completed", "tolerance": "given", "naloxone": "not-possible",
         "day": "2026-11-26", "time": "08:30"},
    )  # fmt: skip

    text = page(browser, at("of", person))

    assert state().behind is not None
    assert "First contact within 48 hours" in text
    assert "28 Nov 2026, 08:30" in text


@pytest.mark.usefixtures("admitted")
def test_the_board_shows_whom_one_holds_keys_to_and_of_others_a_number(
    house, browser, nurse, person, record
):
    ward.set_protocol(Protocol(6), by=nurse, on=NOW.date())
    mine, theirs = (page(b, reverse("ward")) for b in (browser, house.browser(nurse)))
    handle = record().handle

    assert handle in mine
    assert "day 1 of 7" in mine
    assert handle not in theirs
    assert str(person) not in theirs
    assert "1 of 3 beds are taken" in theirs
    assert "1 of them by somebody whose record you hold no key to" in theirs


@pytest.mark.usefixtures("admitted")
def test_the_board_notes_on_the_trail_that_it_opened_a_record(browser, record, house):
    page(browser, reverse("ward"))
    page(browser, reverse("ward"))

    told = [event.action for event in trail.events_about(record().person.log_key, site=house.keys)]
    assert told.count("record.opened") == 1


def test_beds_are_added_closed_and_opened_by_the_ward(house, nurse):
    browser = house.browser(nurse)
    browser.post(reverse("ward_beds"), {"do": "add", "room": "7", "beds": "A，B", "kind": "shared"})
    one, two = beds.every(site=house.keys)
    browser.post(reverse("ward_beds"), {"do": f"close:{one.id}"})

    assert [str(bed) for bed in beds.every(site=house.keys)] == ["7 · A", "7 · B"]
    assert [bed.id for bed in beds.free(site=house.keys)] == [two.id]


@pytest.mark.usefixtures("admitted")
def test_a_bed_with_somebody_in_it_is_not_closed(house, nurse, bed_ids):
    browser = house.browser(nurse)
    answer = browser.post(reverse("ward_beds"), {"do": f"close:{bed_ids[0]}"}, follow=True)

    assert "Somebody lies in this bed" in answer.content.decode()


def test_a_case_worker_does_not_manage_the_ward(browser):
    assert browser.get(reverse("ward_beds")).status_code == 403


def test_the_figures_tell_returns_with_the_published_example(browser):
    text = page(browser, reverse("ward_figures"))

    assert "If 45 in 100 truly come back and 60 in 100 are recognised, 27 in 100 are seen" in text


def test_keys_end_with_the_stay_where_they_stay_ticked(
    house, browser, person, record, admission, nurse, worker, clock
):
    profile = staff.profile_of(nurse.id, site=house.keys)
    actions.admit(record(), admission(), now=NOW, colleagues=[profile])
    browser.post(
        at("discharge", person),
        {"ending": "transferred", "tolerance": "given", "naloxone": "given",
         "day": "2026-11-21", "time": "09:00", "colleagues": [str(nurse.id)]},
    )  # fmt: skip

    assert [one.id for one in people.team(person, by=worker).members] == [worker.id]
