"""The coordinator's way from a quarter to a released table, and what others see of it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from footbridge.evidence.models import Release
from footbridge.evidence.reports import actions, queries
from footbridge.evidence.reports.catalogue import BY_CODE
from footbridge.evidence.reports.content import Copy
from footbridge.evidence.reports.protecting import ReleaseError
from footbridge.journey.people.actions import writing
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from footbridge.trust.quarters import Quarter
from tests.evidence.reports.lives import Q3, checkup, crowd

ON = date(2026, 11, 21)


def shown(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def at(code, copy="outside", quarter="2026-Q3"):
    return reverse("evidence:report", args=[code, quarter, copy])


@pytest.fixture
def coordinator(house, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_options: ON)
    return house.add_staff("an", Role.COORDINATOR)


@pytest.fixture
def counted(monkeypatch):
    """Let the coordinators' key open a crowd, without enrolling each of them."""

    def let(lives):
        monkeypatch.setattr(queries, "lives", lambda *, by: lives)

    return let


def test_a_table_is_looked_at_released_once_and_served_unchanged(house, coordinator, counted):
    counted(crowd(agreed=2))
    browser = house.browser(coordinator)

    before = shown(browser.get(at("cascade")))
    sent = browser.post(at("cascade"))
    first = browser.get(sent.url)
    counted(crowd(agreed=40))
    again = browser.post(at("cascade"))

    assert "hidden: fewer than 11 people" in before
    assert "none of them down to less than a range of" in before
    assert again.url == sent.url
    assert first.content.count(b"<td") == browser.get(again.url).content.count(b"<td")
    assert "hidden: fewer" not in shown(first)
    row = Release.objects.get()
    assert (row.released_by, row.released_on) == (coordinator.id, ON)
    assert row.digest in shown(first).replace(" ", "")


def test_a_release_is_on_the_trail_with_its_hash(house, coordinator, counted):
    counted(crowd())

    made = actions.release(
        BY_CODE["need"], Q3, Copy.OUTSIDE, by=coordinator, on=ON, draws=lambda below: 0
    )

    event = trail.site_events(site=house.keys, last=1)[0]
    assert event.action == "report.released"
    assert made.digest in event.detail


def test_an_analyst_reads_what_was_released_and_cannot_count(house, coordinator, counted):
    counted(crowd())
    house.browser(coordinator).post(at("need"))
    release = Release.objects.get()
    analyst = house.browser(house.add_staff("qing", Role.ANALYST))

    page = analyst.get(reverse("evidence:release", args=[release.pk]))
    table = analyst.get(reverse("evidence:release_csv", args=[release.pk])).content.decode()
    listed = shown(analyst.get(reverse("evidence:ledger")))

    assert "In need" in shown(page)
    assert table.splitlines()[0] == "State of need,People,Share of all"
    assert release.digest in table
    assert "an" in listed


def test_who_holds_no_coordinators_key_is_told_whom_to_ask(house, coordinator):
    analyst = house.add_staff("qing", Role.ANALYST)

    page = shown(house.browser(analyst).get(at("need")))

    assert "Ask a coordinator to release this one" in page
    with pytest.raises(RefusedError, match="do not hold"):
        queries.lives(by=analyst)


def test_summaries_are_counted_with_the_coordinators_key(house, coordinator):
    worker = house.add_staff("lan")
    _, record = house.in_care(worker)
    with writing("checkup.held", record, on=ON) as doing:
        doing.courses("checkup", [checkup("need")])

    found = queries.preview(BY_CODE["need"], Q3, Copy.INSIDE, by=coordinator)

    assert sum(one.value for one in found.sheet.counts.values()) == 2  # the cell and the total
    assert found.content is None  # one person is too few for any table


def test_a_quarter_is_released_only_when_what_it_counts_has_had_time(house, coordinator, counted):
    counted(crowd())
    late = BY_CODE["returns"].ripe_on(Q3)

    page = shown(house.browser(coordinator).get(at("returns")))

    assert "can be released from" in page
    assert late > ON
    with pytest.raises(RefusedError):
        actions.release(
            BY_CODE["returns"], Q3, Copy.OUTSIDE, by=coordinator, on=ON, draws=lambda below: 0
        )


def test_a_tiny_quarter_is_offered_the_number_with_noise(house, coordinator, counted):
    counted(crowd(1, 1, 1, 1, 1))
    browser = house.browser(coordinator)

    assert "not even a total is safe" in shown(browser.get(at("cascade")))
    assert "not even a total can be shown" in shown(browser.post(at("cascade")))
    made = browser.post(at("in-care"))

    assert "within 6 of this one" in shown(browser.get(made.url))


def test_the_noise_budget_of_a_year_is_kept(coordinator, counted):
    counted(crowd())
    options = {"by": coordinator, "on": date(2028, 1, 1), "draws": lambda below: below - 1}
    report = BY_CODE["in-care"]
    for number in (1, 2, 3, 4):
        actions.release(report, Quarter(2026, number), Copy.OUTSIDE, **options)
    assert queries.budget_left(2026) == 0

    Release.objects.update(report="other")  # a fifth number about the same year
    with pytest.raises(ReleaseError, match="no longer noisy"):
        actions.release(report, Quarter(2026, 1), Copy.OUTSIDE, **options)


def test_a_table_changed_in_the_database_is_called_changed(house, coordinator, counted):
    counted(crowd())
    browser = house.browser(coordinator)
    page = browser.post(at("need")).url
    row = Release.objects.get()
    first = sorted(row.content["cells"])[0]
    row.content["cells"][first] = 500
    row.save()

    assert "This table was changed" in shown(browser.get(page))
    assert "Changed" in shown(browser.get(reverse("evidence:ledger")))


@pytest.mark.parametrize(
    "place",
    [at("nothing"), at("need", "all"), at("need", quarter="2026-Q9"), at("in-care", "inside")],
)
def test_what_is_not_in_the_catalogue_is_not_there(house, coordinator, place):
    assert house.browser(coordinator).get(place).status_code == 404


def test_the_list_offers_each_report_by_the_quarter(house, coordinator):
    page = house.browser(coordinator).get(reverse("evidence:reports"))

    assert page.content.decode().count("<section") == len(BY_CODE)
    assert at("cascade") in page.content.decode()


def test_the_answers_about_another_place_are_freed_of_the_forced_ones(house, coordinator, counted):
    # By hand: 40 of 100 said yes, a quarter of them forced: (0.40 - 0.25) / 0.5 = 30 %.
    yes, no = [checkup("elsewhere-yes")], [checkup("elsewhere-no")]
    counted([yes] * 40 + [no] * 60)
    browser = house.browser(coordinator)

    page = shown(browser.get(browser.post(at("elsewhere")).url))

    assert "30 % were seen at another place too" in page


def test_too_few_answers_estimate_nothing(house, coordinator, counted):
    counted([[checkup("elsewhere-yes")]] * 3 + [[checkup("elsewhere-no")]] * 60)
    browser = house.browser(coordinator)

    sent = browser.post(at("elsewhere"))

    assert "were seen at another place too (" not in shown(browser.get(at("elsewhere")))
    assert sent.status_code in {200, 302}
