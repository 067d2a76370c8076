"""A journal's entries fold into referrals; what the table forbids moves nothing."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from footbridge.journey.people.records import SummaryKept
from footbridge.journey.referrals.handoffs import HandoffOutcome, HandoffWay, HandoffWho
from footbridge.journey.referrals.letters import ServiceSays
from footbridge.journey.referrals.records import (
    HandoffNoted,
    PartnerSaid,
    ReferralDrafted,
    ReferralMoved,
    ReferralOffered,
    ReferralOutcome,
    ReferralStepUndone,
)
from footbridge.journey.referrals.rules import Confirmation, NeedOutcome, check_move
from footbridge.journey.referrals.slips import slip_code
from footbridge.journey.referrals.state import (
    Referrals,
    apply,
    clocks,
    counts,
    move_of,
)
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services.rules import Need, PriceCode
from footbridge.trust.vault.codec import decode, encode
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import FreeText, Record, record_type

S = ReferralState
ONE, TWO = UUID(int=1), UUID(int=2)
SERVICE = UUID(int=9)
DAY = date(2026, 11, 2)
CODE = slip_code(lambda below: 3)
PRICE = frozenset({PriceCode.NAME_ASKED})


def day(later: int) -> date:
    return DAY + timedelta(days=later)


def sealed(*records: Record) -> list[Opened]:
    return [Opened(id=uuid4(), sequence=at, record=each) for at, each in enumerate(records)]


def folded(*records: Record) -> Referrals:
    return fold(sealed(*records), apply, Referrals())


def moved(to: ReferralState, later: int, act_of: Actor, **fields: object) -> ReferralMoved:
    return ReferralMoved(ONE, to, day(later), act_of, **fields)


DRAFTED = ReferralDrafted(ONE, SERVICE, Need.DRUG_TREATMENT, day(0))
OFFERED = ReferralOffered(ONE, day(1), PRICE)
CONSENTED = moved(S.CONSENTED, 1, Actor.PERSON, acknowledged=PRICE)
SENT = moved(S.SENT, 2, Actor.WORKER, code=CODE, slip=4)
BOOKED = moved(S.APPOINTMENT, 3, Actor.SERVICE, appointment_on=day(5))
LINKED = moved(S.LINKED, 5, Actor.PERSON, confirmed_by=Confirmation.PERSON)
ENGAGED = moved(S.ENGAGED, 19, Actor.WORKER)
RETAINED = moved(S.RETAINED, 95, Actor.PERSON)
ENDED = ReferralOutcome(ONE, NeedOutcome.MET, day(120), Actor.WORKER)
WAY = (DRAFTED, OFFERED, CONSENTED, SENT, BOOKED, LINKED, ENGAGED, RETAINED, ENDED)
STATES = (
    S.DRAFT, S.OFFERED, S.CONSENTED, S.SENT, S.APPOINTMENT, S.LINKED, S.ENGAGED, S.RETAINED, S.ENDED
)  # fmt: skip
WENT = HandoffNoted(
    ONE, day(3), HandoffWay.WENT_ALONG, HandoffWho.PEER, frozenset(), HandoffOutcome.RECEIVED
)


@pytest.mark.parametrize("steps", range(1, len(WAY) + 1))
def test_a_good_course_is_folded_step_by_step(steps):
    (referral,) = folded(*WAY[:steps]).referrals

    assert referral.state is STATES[steps - 1]


def test_the_end_remembers_the_whole_way():
    state = folded(*WAY)

    (referral,) = state.referrals
    assert (referral.price_shown, referral.code, referral.sent_on) == (PRICE, CODE, day(2))
    assert (referral.appointment_on, referral.linked_on) == (day(5), day(5))
    assert (referral.drafted_on, referral.offered_on, referral.slip) == (day(0), day(1), 4)
    assert (referral.engaged_on, referral.retained_on) == (day(19), day(95))
    assert (referral.confirmed_by, referral.outcome) == (Confirmation.PERSON, NeedOutcome.MET)
    assert state.open == ()
    assert state.refused == ()


def test_an_entry_that_the_table_forbids_moves_nothing_and_is_pointed_out():
    entries = sealed(DRAFTED, LINKED)

    state = fold(entries, apply, Referrals())

    assert state.referrals[0].state is S.DRAFT
    assert state.refused == (entries[1].id,)


def test_no_bare_step_stands_in_for_an_offer_that_showed_the_price():
    state = folded(DRAFTED, moved(S.OFFERED, 1, Actor.WORKER))

    assert state.referrals[0].state is S.DRAFT
    assert len(state.refused) == 1


def test_a_step_of_a_referral_that_is_not_there_is_pointed_out():
    assert len(folded(SENT).refused) == 1
    assert len(folded(DRAFTED, DRAFTED).refused) == 1


def test_a_correction_takes_the_place_of_what_it_corrects():
    entries = sealed(DRAFTED, OFFERED, CONSENTED, SENT, BOOKED)
    later = ReferralMoved(ONE, S.APPOINTMENT, day(3), Actor.SERVICE, appointment_on=day(8))
    corrected = Opened(id=uuid4(), sequence=9, record=later, replaces=entries[4].id)

    (referral,) = fold([*entries, corrected], apply, Referrals()).referrals

    assert referral.appointment_on == day(8)


def test_what_ran_out_by_a_site_s_own_clock_stays_run_out():
    expired = moved(S.EXPIRED, 3, Actor.WORKER, reason="not_said")

    (referral,) = folded(DRAFTED, OFFERED, CONSENTED, SENT, expired).referrals

    assert (referral.state, referral.reason) == (S.EXPIRED, "not_said")


def test_what_is_offered_again_shows_its_price_again():
    again = (
        moved(S.EXPIRED, 30, Actor.WORKER, reason="not_reached"),
        ReferralOffered(ONE, day(31), frozenset()),
    )

    (referral,) = folded(DRAFTED, OFFERED, *again).referrals

    assert (referral.state, referral.price_shown) == (S.OFFERED, frozenset())


def test_a_referral_elsewhere_names_the_one_it_follows():
    rerouted = moved(S.REROUTED, 4, Actor.WORKER, reason="waiting_list")
    follows = ReferralDrafted(TWO, SERVICE, Need.DRUG_TREATMENT, day(4), follows=ONE)

    state = folded(DRAFTED, OFFERED, CONSENTED, SENT, rerouted, follows)

    assert [each.follows for each in state.referrals] == [None, ONE]
    assert [each.id for each in state.open] == [TWO]


def test_clocks_come_most_overdue_first_and_stop_at_the_end():
    second = ReferralDrafted(TWO, SERVICE, Need.FOOD, day(-20))

    running = clocks(folded(DRAFTED, OFFERED, second), day(10))

    assert [(clock.referral, clock.overdue_days) for clock in running] == [(TWO, 23), (ONE, 2)]
    assert clocks(folded(*WAY), day(200)) == ()


def test_a_record_can_be_checked_before_it_is_sealed():
    (referral,) = folded(DRAFTED, OFFERED).referrals

    assert check_move(referral, move_of(CONSENTED))
    assert not check_move(referral, move_of(SENT))


def test_a_coordinator_learns_how_many_stand_in_which_state_in_codes_of_a_summary():
    missed = moved(S.NO_SHOW, 6, Actor.PERSON, reason="transport")
    other = ReferralDrafted(TWO, SERVICE, Need.FOOD, day(0))

    found = counts(folded(*WAY[:5], missed, other))

    assert found == {"no-show": 1, "draft": 1}
    assert SummaryKept(referrals=found).referrals == found


def test_a_step_that_was_undone_does_not_count():
    entries = sealed(*WAY[:3])
    undone = Opened(uuid4(), 9, ReferralStepUndone(ONE, day(2)), replaces=entries[-1].id)

    (referral,) = fold([*entries, undone], apply, Referrals()).referrals

    assert referral.state is S.OFFERED


@pytest.mark.parametrize(
    "record",
    [*WAY, moved(S.DECLINED, 2, Actor.SERVICE, reason="staff", note=FreeText("rude")),
     ReferralStepUndone(ONE, day(2)), WENT,
     PartnerSaid(ONE, ServiceSays.CANNOT, day(3), reason="staff")],
)  # fmt: skip
def test_every_record_is_sealed_and_opened_unchanged(record):
    assert decode(record_type(record.KIND), encode(record)) == record


def test_a_hand_off_stands_beside_the_steps_and_moves_nothing():
    (referral,) = folded(DRAFTED, OFFERED, WENT).referrals

    assert referral.state is S.OFFERED
    assert [one.way for one in referral.handoffs] == [HandoffWay.WENT_ALONG]


def test_a_hand_off_of_no_referral_is_pointed_out():
    assert len(folded(WENT).refused) == 1


def test_a_second_offer_does_not_make_the_first_one_younger():
    again = (
        moved(S.EXPIRED, 30, Actor.WORKER, reason="not_reached"),
        ReferralOffered(ONE, day(31), frozenset()),
    )

    (referral,) = folded(DRAFTED, OFFERED, *again).referrals

    assert referral.offered_on == day(1)
