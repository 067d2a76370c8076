"""The way of a referral in a browser: choose, show the price, move, print a slip."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from footbridge.journey.people import queries as people
from footbridge.journey.referrals import actions
from footbridge.journey.referrals.rules import Confirmation, Move
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services import actions as services
from footbridge.journey.services.rules import Need

S = ReferralState


def shown(answer):
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def offered_steps(answer):
    """Return the steps for which a page holds a form."""
    return set(re.findall(r'name="to" value="([a-z_]+)"', answer.content.decode()))


@pytest.fixture
def desk(house, worker, somebody, that_day):
    """A worker's browser at one person, with what a test does there."""
    return Desk(house.browser(worker), somebody, that_day)


class Desk:
    """One browser, one person, one day."""

    def __init__(self, browser, somebody, today):
        self.browser, self.somebody, self.today = browser, somebody, today
        self.person = somebody().person.id

    def begin(self, listing, *, until=S.DRAFT):
        """Draft a referral and bring it to a state."""
        one = actions.draft(self.somebody(), service=listing.id, need=Need.HEALTH, on=self.today)
        if until is not S.DRAFT:
            actions.offer(self.somebody(), one, on=self.today)
        if until in {S.CONSENTED, S.SENT, S.LINKED}:
            price = actions.find(self.somebody(), one).price_shown
            self.move(one, Move(S.CONSENTED, self.today, Actor.PERSON, acknowledged=price))
        if until in {S.SENT, S.LINKED}:
            actions.send(self.somebody(), one, on=self.today, draws=lambda below: 7 % below)
        if until is S.LINKED:
            said = Confirmation.PERSON
            self.move(one, Move(S.LINKED, self.today, Actor.PERSON, confirmed_by=said))
        return one

    def move(self, one, step):
        actions.move(self.somebody(), one, move=step, on=self.today)

    def place(self, one, name="one"):
        return reverse(f"referrals:{name}", args=[self.person, one])

    def page(self, one, name="one"):
        return self.browser.get(self.place(one, name))

    def post(self, one, to, **answers):
        data = {f"{to}-{name}": value for name, value in answers.items()}
        data.setdefault(f"{to}-on", self.today.isoformat())
        return self.browser.post(self.place(one), {"to": to, **data})

    def state(self, one):
        return actions.find(self.somebody(), one).state


def test_a_need_is_asked_before_any_service_is_shown(desk, city):
    page = desk.browser.get(reverse("referrals:choose", args=[desk.person]))

    assert "Which need?" in shown(page)
    assert city.free.service.name not in shown(page)


def test_choosing_a_service_only_drafts_it(desk, city):
    place = reverse("referrals:choose", args=[desk.person])
    need = sorted(city.free.needs)[0]
    results = desk.browser.get(place, {"need": need, "no_name": "on"})
    assert city.free.service.name in shown(results)

    answer = desk.browser.post(place, {"service": city.free.id, "need": need})

    (one,) = actions.state_of(desk.somebody()).referrals
    assert answer.url == desk.place(one.id)
    assert (one.state, one.service) == (S.DRAFT, city.free.id)


def test_a_service_that_asks_a_name_is_left_out_where_none_may_be_asked(desk, city):
    need = sorted(city.dear.needs)[0]
    place = reverse("referrals:choose", args=[desk.person])

    page = desk.browser.get(place, {"need": need, "no_name": "on"})

    assert str(city.dear.id) not in page.content.decode()
    assert str(city.dear.id) in desk.browser.get(place, {"need": need}).content.decode()


def test_the_price_is_shown_before_anything_is_offered(desk, city):
    one = desk.begin(city.dear)

    page = desk.page(one)

    for line in city.dear.price().say():
        assert line in shown(page)
    assert offered_steps(page) == {"offered", "cancelled"}


def test_a_yes_needs_the_tick_that_the_price_was_seen(desk, city):
    one = desk.begin(city.dear, until=S.OFFERED)

    refused = desk.post(one, "consented")
    assert "Show the price" in shown(refused)
    assert desk.state(one) is S.OFFERED
    desk.post(one, "consented", acknowledged="on")

    assert desk.state(one) is S.CONSENTED


def test_the_page_holds_forms_for_exactly_what_the_table_allows_today(desk, city):
    one = desk.begin(city.free, until=S.SENT)

    page = desk.page(one)

    allowed = {"accepted", "appointment", "linked", "declined", "rerouted", "cancelled"}
    assert offered_steps(page) == allowed


def test_a_clock_that_has_run_out_opens_one_more_step(desk, city, monkeypatch):
    one = desk.begin(city.free, until=S.SENT)
    later = desk.today + timedelta(days=8)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_a, **_o: later)

    page = desk.page(one)

    assert "expired" in offered_steps(page)
    assert "Overdue" in shown(page)


def test_sending_makes_a_code_and_leads_to_the_slip(desk, city):
    one = desk.begin(city.free, until=S.CONSENTED)

    answer = desk.post(one, "sent")

    code = actions.find(desk.somebody(), one).code
    assert answer.url == desk.place(one, "slip")
    assert code in shown(desk.browser.get(answer.url))


def test_the_slip_holds_service_and_code_and_nothing_of_the_person(desk, city):
    one = desk.begin(city.free, until=S.SENT)

    page = desk.page(one, "slip").content.decode()
    slip = re.search(r"<article.*?</article>", page, re.S).group()

    assert city.free.service.name in slip
    handle = desk.somebody().handle
    assert handle not in page
    assert str(desk.person) not in slip
    assert "lan" not in re.sub(r"<[^>]+>", " ", slip).split()


def test_without_a_slip_there_is_nothing_to_print(desk, city):
    one = desk.begin(city.free)

    assert desk.page(one, "slip").url == desk.place(one)


def test_a_code_that_came_back_links_and_a_wrong_one_does_not(desk, city):
    one = desk.begin(city.free, until=S.SENT)
    code = actions.find(desk.somebody(), one).code

    wrong = desk.post(one, "linked", confirmed_by="code", code="2222-2222")
    assert "This is not a code" in shown(wrong) or "another slip" in shown(wrong)
    assert desk.state(one) is S.SENT
    desk.post(one, "linked", confirmed_by="code", code=code.lower().replace("-", " "))

    found = actions.find(desk.somebody(), one)
    assert (found.state, found.confirmed_by) == (S.LINKED, Confirmation.CODE)


def test_the_persons_word_links_without_a_code(desk, city):
    one = desk.begin(city.free, until=S.SENT)

    desk.post(one, "linked", confirmed_by="person")

    assert desk.state(one) is S.LINKED


def test_engaged_is_offered_after_14_days_and_not_before(desk, city, monkeypatch):
    one = desk.begin(city.free, until=S.LINKED)
    assert "engaged" not in offered_steps(desk.page(one))
    later = desk.today + timedelta(days=14)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_a, **_o: later)

    assert "engaged" in offered_steps(desk.page(one))


def test_a_referral_that_led_nowhere_keeps_a_reason_from_the_list(desk, city):
    one = desk.begin(city.free, until=S.SENT)
    assert "Choose a reason" in shown(desk.post(one, "declined", act_of="service"))

    desk.post(one, "declined", act_of="service", reason="transport")

    assert actions.find(desk.somebody(), one).reason == "transport"
    assert "No way of getting there" in shown(desk.page(one))


def test_an_end_says_how_the_need_stands(desk, city):
    one = desk.begin(city.free, until=S.LINKED)

    desk.post(one, "ended", act_of="worker", outcome="partly")

    assert "The need was partly met" in shown(desk.page(one))
    assert offered_steps(desk.page(one)) == set()


def test_a_refusal_of_the_rules_is_said_in_labels_and_days_of_the_reader(desk, city):
    one = desk.begin(city.free, until=S.SENT)
    early = (desk.today - timedelta(days=3)).isoformat()

    page = shown(desk.post(one, "accepted", on=early))

    assert "21 Nov 2026" in page
    assert "“Sent”" in page


def test_a_step_that_is_not_open_changes_nothing(desk, city):
    one = desk.begin(city.free)

    answer = desk.post(one, "linked", confirmed_by="person")

    assert answer.status_code == 302
    assert desk.state(one) is S.DRAFT


def test_a_slip_of_the_hand_is_taken_back(desk, city):
    one = desk.begin(city.free, until=S.OFFERED)

    desk.browser.post(desk.place(one, "undo"))

    assert desk.state(one) is S.DRAFT
    assert "A step that was taken back" in shown(desk.page(one))


def test_a_price_that_changed_since_the_offer_is_said(desk, city, house, worker, today):
    one = desk.begin(city.dear, until=S.OFFERED)
    cheaper = [row for table in city.directory.rows().values() for row in table]
    kept = [row for row in cheaper if getattr(row, "link_id", None) != city.dear.id]
    services.keep(type(city.directory).of(kept), by=worker.id, on=today, site=house.keys)

    assert "The directory has changed since this was shown" in shown(desk.page(one))


def test_a_service_that_left_the_directory_leaves_the_page_readable(
    desk, city, house, worker, today
):
    one = desk.begin(city.free, until=S.SENT)
    services.keep(type(city.directory)(), by=worker.id, on=today, site=house.keys)

    page = desk.page(one)

    assert page.status_code == 200
    assert str(city.free.id)[-6:] in shown(page)


def test_nobody_outside_the_care_team_opens_a_referral(desk, city, house):
    one = desk.begin(city.free)
    other = house.browser(house.add_staff("bo"))

    for name in ("one", "slip"):
        assert other.get(desk.place(one, name)).status_code == 403
    assert other.post(desk.place(one, "undo")).status_code == 403


def test_the_persons_page_leads_to_the_referral(desk, city):
    one = desk.begin(city.free)
    record = people.open_record(desk.person, by=desk.somebody().by)

    page = desk.browser.get(reverse("person", args=[record.person.id]))

    assert desk.place(one) in page.content.decode()
