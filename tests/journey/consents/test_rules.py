"""What a consent allows on a day, and what it takes to give one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.consents import rules, texts
from footbridge.journey.consents.rules import (
    OPENS,
    AskAgain,
    Holder,
    Language,
    Level,
    Offer,
    Purpose,
    Terms,
)
from footbridge.trust.vault.records import Compartment

DAY = timedelta(days=1)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2090, 1, 1))
weeks = st.integers(min_value=1, max_value=520)
spans = st.integers(min_value=0, max_value=4000).map(lambda number: timedelta(days=number))


def some_terms(given_on=date(2026, 3, 2), lasts=52, withdrawn_on=None, text="care/1"):
    return Terms(Purpose.CARE, text, Language.ZH, given_on, lasts, withdrawn_on)


def an_offer(**changes):
    offer = {
        "purposes": frozenset({Purpose.CARE}),
        "language": Language.EN,
        "read_twice": True,
        "questions_answered": True,
        "lasts": 52,
    }
    return Offer(**{**offer, **changes})


@given(given_on=days, lasts=weeks, kept=spans, later=spans)
def test_nothing_is_allowed_from_the_day_of_withdrawal_on(given_on, lasts, kept, later):
    withdrawn = given_on + kept
    terms = some_terms(given_on, lasts, withdrawn)

    decision = rules.may_use(terms, on=withdrawn + later)

    assert not decision
    assert "withdrawn" in decision.reason


@given(given_on=days, lasts=weeks)
def test_the_day_of_expiry_is_the_last_day_allowed(given_on, lasts):
    terms = some_terms(given_on, lasts)

    last, after = terms.expires_on, terms.expires_on + DAY

    assert rules.may_use(terms, on=last)
    assert rules.expires_in(terms, on=last) == 0
    assert not rules.may_use(terms, on=after)
    assert rules.expires_in(terms, on=after) == -1


@given(given_on=days, lasts=weeks)
def test_no_day_before_the_consent_is_covered(given_on, lasts):
    assert rules.may_use(some_terms(given_on, lasts), on=given_on)
    assert not rules.may_use(some_terms(given_on, lasts), on=given_on - DAY)


def test_a_year_of_52_weeks_from_2_march_2026_ends_on_1_march_2027():
    assert some_terms().expires_on == date(2027, 3, 1)


def test_what_was_never_agreed_to_is_refused_with_the_next_step():
    decision = rules.may_use(None, on=date(2026, 3, 2))

    assert not decision
    assert "Read the consent text" in decision.reason


def test_a_text_read_twice_with_questions_answered_may_be_agreed_to():
    assert rules.may_give(texts.text("care/1"), an_offer())


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"read_twice": False}, "once only"),
        ({"questions_answered": False}, "Questions are still open"),
        ({"lasts": 0}, "Choose from 1 to 52"),
        ({"lasts": 53}, "Choose from 1 to 52"),
        ({"purposes": frozenset()}, "does not cover"),
        ({"purposes": frozenset({Purpose.CARE, Purpose.RESEARCH})}, "does not cover"),
    ],
)
def test_an_incomplete_reading_does_not_count_as_consent(changes, because):
    decision = rules.may_give(texts.text("care/1"), an_offer(**changes))

    assert not decision
    assert because in decision.reason


def test_each_level_of_withdrawal_ends_what_it_says():
    assert rules.ended_by(Level.STOP_CONTACT) == {Purpose.CONTACT}
    assert rules.ended_by(Level.STOP_RESEARCH) == {Purpose.RESEARCH, Purpose.INTERVIEW}
    assert rules.ended_by(Level.FORGET_ME) == set(Purpose)


def test_withdrawing_care_leaves_the_ways_back_open():
    ended = rules.ended_by(None, frozenset({Purpose.CARE}))

    assert ended == {Purpose.CARE, Purpose.CONTACT, Purpose.RESEARCH}


def test_only_research_opens_anything_to_the_study():
    to_study = {
        (purpose, opening.compartment)
        for purpose, openings in OPENS.items()
        for opening in openings
        if opening.holder is Holder.STUDY
    }

    assert to_study == {(Purpose.RESEARCH, Compartment.RESEARCH)}


def test_coordinators_are_given_the_summary_and_nothing_else():
    given_to_coordinators = {
        opening.compartment
        for openings in OPENS.values()
        for opening in openings
        if opening.holder is Holder.COORDINATORS
    }

    assert given_to_coordinators == {Compartment.SUMMARY}


@pytest.mark.parametrize(
    ("terms", "on", "why"),
    [
        (None, date(2026, 3, 2), AskAgain.NEVER_ASKED),
        (some_terms(text="care/0"), date(2026, 3, 2), AskAgain.NEW_VERSION),
        (some_terms(), date(2027, 3, 2), AskAgain.EXPIRED),
        (some_terms(), date(2027, 2, 1), AskAgain.EXPIRES_SOON),
        (some_terms(), date(2027, 1, 31), None),
        (some_terms(withdrawn_on=date(2026, 4, 1)), date(2027, 3, 2), None),
    ],
)
def test_a_consent_is_asked_for_again_for_one_stated_reason(terms, on, why):
    assert rules.asks_again(terms, texts.text("care/1"), on=on) is why


@pytest.mark.parametrize("text", ["care", "care/", "/1", "care/one", "care/²"])
def test_an_id_without_name_and_version_is_refused(text):
    with pytest.raises(rules.ConsentError, match="Write it as care/1"):
        rules.parted(text)
