"""A spoken yes makes keys; taking it back deletes them; the summary follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from footbridge.journey.consents import actions, queries, texts
from footbridge.journey.consents.rules import Language, Offer, Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault.compartments import NoWrapError, find
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek


def offer_of(purpose, *, lasts=4):
    return Offer(frozenset({purpose}), Language.EN, True, True, lasts)


def test_the_summary_tells_the_week_in_which_the_first_consent_runs_out(house, worker, today):
    _, record = house.in_care(worker)
    actions.give(
        record.person, offer_of(Purpose.CONTACT, lasts=3), text="contact/1", by=worker, on=today
    )

    actions.give(
        record.person, offer_of(Purpose.RESEARCH, lasts=9), text="research/1", by=worker, on=today
    )

    summary = people.summary_of(record.person.id, by=worker)
    assert summary.consents == {"care", "contact", "research"}
    assert summary.consents_end == IsoWeek.of(today) + 3


def test_after_a_withdrawal_the_summary_looks_at_what_is_left(house, worker, today):
    _, record = house.in_care(worker)
    actions.give(
        record.person, offer_of(Purpose.CONTACT, lasts=3), text="contact/1", by=worker, on=today
    )
    record = people.open_record(record.person.id, by=worker)

    actions.withdraw(record, purposes=frozenset({Purpose.CONTACT}), at_kiosk=False, on=today)

    lasts = texts.newest()[Purpose.CARE].lasts
    summary = people.summary_of(record.person.id, by=worker)
    assert summary.consents == {"care"}
    assert summary.consents_end == IsoWeek.of(today) + lasts


def test_contact_is_not_kept_without_consent_to_it(house, worker, today):
    _, record = house.in_care(worker)

    with pytest.raises(RefusedError):
        actions.agree_contact(record, "comes to the tea house", on=today, days=30)

    assert queries.ways(record) is None


def test_words_with_a_number_are_refused_and_nothing_is_kept(house, worker, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.CONTACT)

    with pytest.raises(RefusedError, match="leads to a name"):
        actions.agree_contact(record, "ring 138 0013 8000", on=today, days=30)

    assert queries.ways(record) is None


def test_ways_are_kept_until_a_week_and_a_new_way_replaces_the_old(house, worker, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.CONTACT)
    actions.agree_contact(record, "the tea house on market days", on=today, days=30)

    actions.agree_contact(record, "the drop-in on Mondays", on=today, days=14)

    kept = queries.ways(record)
    assert kept.words == "the drop-in on Mondays"
    assert kept.expires == IsoWeek.of(today) + 2


def test_taking_back_contact_deletes_how_somebody_may_be_reached(house, worker, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.CONTACT)
    actions.agree_contact(record, "the tea house on market days", on=today, days=30)

    actions.withdraw(record, purposes=frozenset({Purpose.CONTACT}), at_kiosk=False, on=today)

    assert find(record.person.id, Compartment.CONTACT, site=house.keys) is None


def test_taking_back_care_leaves_the_person_as_the_only_holder(house, worker, today):
    enrolled, record = house.in_care(worker)

    actions.withdraw(record, purposes=frozenset({Purpose.CARE}), at_kiosk=False, on=today)

    with pytest.raises(NoWrapError):
        people.open_record(enrolled.person, by=worker)
    own = house.open_person(enrolled)
    assert people.open_record(enrolled.person, by=own).entries


def test_what_ended_with_it_is_returned(house, worker, today):
    _, record = house.in_care(worker, Purpose.CARE, Purpose.CONTACT, Purpose.RESEARCH)

    ended = actions.withdraw(record, purposes=frozenset({Purpose.CARE}), at_kiosk=False, on=today)

    assert ended == {Purpose.CARE, Purpose.CONTACT, Purpose.RESEARCH}


def test_every_purpose_has_a_line_and_says_what_it_needs_first(house, worker, today):
    _, record = house.in_care(worker, Purpose.CARE)
    state = actions.state_of(record)
    later = today + timedelta(weeks=texts.newest()[Purpose.CARE].lasts + 1)

    now = {line.purpose: line for line in queries.lines(state, on=today)}
    then = {line.purpose: line for line in queries.lines(state, on=later)}

    assert now[Purpose.CARE].stands
    assert now[Purpose.CONTACT].needs is None
    assert then[Purpose.CONTACT].needs is Purpose.CARE


def test_headings_of_a_text_follow_the_text_and_not_the_page():
    text = texts.newest()[Purpose.CARE]

    english = queries.reading(text, Language.EN)
    chinese = queries.reading(text, Language.ZH)

    assert english.parts[0][0] == "What it is for"
    assert len(chinese.parts) == len(english.parts)
    assert chinese.title == text.title[Language.ZH]


def test_somebody_new_is_not_one_more_than_a_caseload_may_hold(house):
    ann = house.add_staff("ann")
    house.in_care(ann, Purpose.CARE)
    newcomer = people.shell_of(house.enrol(ann).person, by=ann)
    offer = offer_of(Purpose.CARE)

    with pytest.raises(RefusedError, match="limit"):
        actions.give(newcomer, offer, text="care/1", by=ann, on=house.on, limit=1)

    assert find(newcomer.id, Compartment.CARE, site=house.keys) is None
