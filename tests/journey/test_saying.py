"""A refusal is said in the reader's words: no code, and days as the reader writes them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils.translation import override

from footbridge.journey.referrals.rules import Move, Referral, check_move
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.saying import colon, comma, label, labels, say
from footbridge.journey.services.rules import Need
from footbridge.journey.several import Several
from footbridge.trust.decisions import Decision, RefusedError
from footbridge.trust.weeks import IsoWeek

DAY = date(2026, 11, 2)
NO_SHOW = Referral(UUID(int=1), UUID(int=2), Need.FOOD, ReferralState.NO_SHOW, DAY)


def test_a_refused_step_names_the_states_by_their_labels():
    decision = check_move(NO_SHOW, Move(ReferralState.DRAFT, DAY, Actor.WORKER))

    with override("en"):
        told = say(decision)

    assert "“Did not attend” to “In mind”" in told
    assert "“Appointment made”, “Linked: attended once”" in told
    assert "no_show" not in told


def test_who_may_take_a_step_is_said_by_label_too():
    sent = Referral(UUID(int=1), UUID(int=2), Need.FOOD, ReferralState.SENT, DAY)

    with override("en"):
        told = say(check_move(sent, Move(ReferralState.ACCEPTED, DAY, Actor.WORKER)))

    assert "is not up to: “The case worker”. It is up to: “The service”." in told


@pytest.mark.parametrize(
    ("language", "written"), [("en", "2 Nov 2026"), ("zh-hans", "2026年11月2日")]
)
def test_a_day_is_written_as_the_reader_writes_it(language, written):
    early = Move(ReferralState.APPOINTMENT, DAY - timedelta(days=1), Actor.WORKER)

    with override(language):
        assert written in say(check_move(NO_SHOW, early))


def test_a_week_is_written_by_its_monday():
    with override("en"):
        told = say(Decision(False, "Come in the {week}.", {"week": IsoWeek.of(DAY)}))

    assert told == "Come in the week of 2 Nov 2026."


def test_an_error_and_plain_values_are_said_as_they_are():
    assert say(RefusedError("It is {n} of {what}.", n=3, what="five")) == "It is 3 of five."


def test_several_values_stand_in_a_row_also_where_nobody_translates():
    assert str(Several([Actor.PERSON, Actor.WORKER])) == "person, worker"


def test_members_of_two_enums_with_one_code_have_each_their_own_label():
    kinds = {kind for kind, _ in labels()}

    assert len(kinds) > 20
    assert label(ReferralState.SENT) != "sent"


@pytest.mark.parametrize(("language", "written"), [("en", ": "), ("zh-hans", "：")])
def test_a_colon_is_written_as_the_language_writes_it(language, written):
    with override(language):
        assert colon() == written


@pytest.mark.parametrize(("language", "written"), [("en", "a, b"), ("zh-hans", "a、b")])
def test_words_of_a_list_are_told_apart_as_the_language_does(language, written):
    with override(language):
        assert comma().join("ab") == written
