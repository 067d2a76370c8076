"""Consents folded from a journal, judged by a plain model of it."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.consents import state as consents
from footbridge.journey.consents import texts
from footbridge.journey.consents.records import ConsentGiven, ConsentWithdrawn
from footbridge.journey.consents.rules import (
    OPENS,
    AskAgain,
    Holder,
    Language,
    Level,
    Opening,
    Purpose,
)
from footbridge.journey.people.records import SummaryKept
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek

START = date(2026, 1, 5)
offsets = st.integers(min_value=0, max_value=400)
purposes = st.frozensets(st.sampled_from(Purpose), min_size=1)


def agreed(*to, on=START, lasts=52, text="care/1"):
    return ConsentGiven(text, frozenset(to), Language.ZH, on, True, True, lasts)


def took_back(level=None, *single, on=START):
    return ConsentWithdrawn(level, frozenset(single), on, at_kiosk=True)


def folded(*records):
    entries = [Opened(id=uuid4(), sequence=n, record=r) for n, r in enumerate(records)]
    return fold(entries, consents.apply, consents.ConsentState())


@st.composite
def journals(draw):
    day, records = START, []
    for _ in range(draw(st.integers(min_value=0, max_value=8))):
        day += timedelta(days=draw(st.integers(min_value=0, max_value=60)))
        if draw(st.booleans()):
            records.append(agreed(*draw(purposes), on=day, lasts=draw(st.integers(1, 60))))
        else:
            level = draw(st.sampled_from([None, *Level]))
            records.append(took_back(level, *draw(purposes), on=day))
    return records


OVER = {
    None: set(),
    Level.STOP_CONTACT: {"contact"},
    Level.STOP_RESEARCH: {"research", "interview"},
    Level.FORGET_ME: {"care", "contact", "research", "recall", "recovery", "interview"},
}


def allowed_by_hand(records, purpose, on):
    """Walk back from the end of the journal to what was said last about one purpose."""
    if any(getattr(record, "level", None) is Level.FORGET_ME for record in records):
        return False
    for record in reversed(records):
        over = OVER[getattr(record, "level", None)] | {p.value for p in record.purposes}
        if isinstance(record, ConsentGiven):
            if purpose not in record.purposes:
                continue
            if not record.given_on <= on <= record.given_on + timedelta(days=7 * record.lasts):
                return False
            needs_care = purpose in (Purpose.CONTACT, Purpose.RESEARCH)
            return not needs_care or allowed_by_hand(records, Purpose.CARE, on)
        if purpose.value in over or ("care" in over and purpose.value in ("contact", "research")):
            return False
    return False


@given(records=journals(), later=offsets)
def test_what_is_held_equals_what_a_plain_reading_of_the_journal_allows(records, later):
    last = max((getattr(r, "given_on", None) or r.withdrawn_on for r in records), default=START)
    on = last + timedelta(days=later)

    held = folded(*records).held(on=on)

    assert held == {p for p in Purpose if allowed_by_hand(records, p, on)}


@given(records=journals(), level=st.sampled_from(Level), later=offsets)
def test_nothing_a_level_ends_stays_open_after_it(records, level, later):
    last = max((getattr(r, "given_on", None) or r.withdrawn_on for r in records), default=START)
    state = folded(*records, took_back(level, on=last))

    opened = state.opens(on=last + timedelta(days=later))

    gone = {
        Level.STOP_CONTACT: OPENS[Purpose.CONTACT],
        Level.STOP_RESEARCH: OPENS[Purpose.RESEARCH],
        Level.FORGET_ME: frozenset().union(*OPENS.values()),
    }[level]
    assert not opened & gone


@given(records=journals())
def test_no_consent_can_be_given_into_a_forgotten_journal(records):
    last = max((getattr(r, "given_on", None) or r.withdrawn_on for r in records), default=START)
    state = folded(*records, took_back(Level.FORGET_ME, on=last), agreed(*Purpose, on=last))

    assert state.held(on=last) == frozenset()
    assert state.to_ask(texts.newest(), on=last) == {}


def test_consent_to_care_opens_care_to_the_team_and_the_summary_to_coordinators():
    state = folded(agreed(Purpose.CARE))

    opened = state.opens(on=START)

    assert opened == {
        Opening(Compartment.CARE, Holder.CARE_TEAM),
        Opening(Compartment.SUMMARY, Holder.CARE_TEAM),
        Opening(Compartment.SUMMARY, Holder.COORDINATORS),
    }


def test_research_sleeps_when_care_has_run_out():
    state = folded(
        agreed(Purpose.CARE, lasts=4), agreed(Purpose.RESEARCH, lasts=104, text="research/1")
    )

    decision = state.may(Purpose.RESEARCH, on=START + timedelta(weeks=5))

    assert not decision
    assert "ran out" in decision.reason


def test_the_ways_back_outlive_care():
    state = folded(agreed(Purpose.CARE, lasts=4), agreed(Purpose.RECALL, lasts=156))

    held = state.held(on=START + timedelta(weeks=100))

    assert held == {Purpose.RECALL}


def test_a_second_withdrawal_does_not_reopen_days_that_the_first_closed():
    first, second = START + timedelta(days=10), START + timedelta(days=30)
    state = folded(
        agreed(Purpose.CONTACT, Purpose.CARE),
        took_back(Level.STOP_CONTACT, on=first),
        took_back(Level.STOP_CONTACT, on=second),
    )

    assert not state.may(Purpose.CONTACT, on=first)


def test_a_person_who_stopped_contact_may_say_yes_again():
    state = folded(
        agreed(Purpose.CARE, Purpose.CONTACT),
        took_back(Level.STOP_CONTACT),
        agreed(Purpose.CONTACT),
    )

    assert state.may(Purpose.CONTACT, on=START)


def test_every_purpose_that_was_never_asked_is_listed_to_ask():
    state = folded(agreed(Purpose.CARE))

    asked = state.to_ask(texts.newest(), on=START)

    assert asked == {p: AskAgain.NEVER_ASKED for p in Purpose if p is not Purpose.CARE}


def test_records_of_other_rooms_change_nothing():
    before = folded(agreed(Purpose.CARE))

    after = consents.apply(before, Opened(id=uuid4(), sequence=1, record=object()))

    assert after == before


def test_the_summary_is_told_which_purposes_stand_and_when_the_first_ends():
    state = folded(agreed(Purpose.CARE, lasts=52), agreed(Purpose.CONTACT, lasts=12))

    summary = SummaryKept().merged(consents.summary_changes(state, on=START))
    later = consents.summary_changes(state, on=START + timedelta(weeks=13))

    assert summary.consents == {"care", "contact"}
    assert summary.consents_end == IsoWeek.of(START) + 12
    assert later == {"consents": {"care"}, "consents_end": IsoWeek.of(START) + 52}
