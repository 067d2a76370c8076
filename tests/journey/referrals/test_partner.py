"""A service answers with the code of a slip; whoever opens the record reads it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from footbridge.journey.consents.actions import withdraw
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.referrals import actions, hearing, partner
from footbridge.journey.referrals.letters import Letter, ServiceSays
from footbridge.journey.referrals.partner import MistypedError
from footbridge.journey.referrals.records import PartnerSaid
from footbridge.journey.referrals.rules import Confirmation, Move
from footbridge.journey.referrals.slips import CODE_DAYS, slip_code
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services.rules import Need
from footbridge.trust import housekeeping, places
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition.throttle import CommonDoor, WaitError
from footbridge.trust.vault import letterboxes
from footbridge.trust.vault.letterboxes import ShutBoxError
from footbridge.trust.vault.models import Letter as Row
from footbridge.trust.vault.models import LetterBox

S, Says = ReferralState, ServiceSays


@pytest.fixture
def sent(somebody, city, today, house):
    """A referral that was sent, its code, and what a service can do with it."""
    return Sent(house, somebody, city.free, today)


class Sent:
    """One slip in somebody's hand."""

    def __init__(self, house, somebody, listing, today):
        self.house, self.somebody, self.today = house, somebody, today
        self.door = CommonDoor()
        one = actions.draft(somebody(), service=listing.id, need=Need.HEALTH, on=today)
        actions.offer(somebody(), one, on=today)
        price = actions.find(somebody(), one).price_shown
        yes = Move(S.CONSENTED, today, Actor.PERSON, acknowledged=price)
        actions.move(somebody(), one, move=yes, on=today)
        self.referral = one
        self.code = self.send()

    def send(self, draw=7):
        draws = lambda below: draw % below  # noqa: E731
        return actions.send(self.somebody(), self.referral, on=self.today, draws=draws)

    def say(self, says, *, on=None, code=None, **values):
        on = on or self.today
        letter = Letter(says, on, **values)
        partner.say(code or self.code, letter, on=on, site=self.house.keys, door=self.door)

    def look(self, *, on=None, code=None):
        on = on or self.today
        return partner.look(code or self.code, on=on, site=self.house.keys, door=self.door)

    def heard(self, *, on=None):
        record = hearing.hear(self.somebody(), on=on or self.today)
        return actions.find(record, self.referral)

    def move(self, to, **values):
        step = Move(to, self.today, Actor.PERSON, **values)
        actions.move(self.somebody(), self.referral, move=step, on=self.today)


def test_a_code_tells_the_kind_of_service_and_nothing_else(sent):
    known = sent.look(code=sent.code.lower().replace("-", " "))

    assert (known.need, known.said) == (Need.HEALTH, frozenset())
    assert known.until == sent.today + timedelta(days=CODE_DAYS)


def test_what_a_service_says_moves_the_referral_when_the_record_is_opened_next(sent):
    sent.say(Says.ACCEPTED)
    day = sent.today + timedelta(days=3)
    sent.say(Says.APPOINTMENT, appointment_on=day)
    assert actions.find(sent.somebody(), sent.referral).state is S.SENT

    found = sent.heard()

    assert (found.state, found.appointment_on) == (S.APPOINTMENT, day)
    assert Row.objects.count() == 0


def test_a_visit_told_with_the_code_links_and_uses_the_code_up(sent):
    later = sent.today + timedelta(days=2)

    sent.say(Says.CAME, on=later)

    found = sent.heard(on=later)
    assert (found.state, found.linked_on) == (S.LINKED, later)
    assert found.confirmed_by is Confirmation.CODE
    with pytest.raises(ShutBoxError):
        sent.look(on=later)


def test_a_refusal_keeps_its_reason_and_uses_the_code_up(sent):
    sent.say(Says.CANNOT, reason="waiting_list")

    found = sent.heard()

    assert (found.state, found.reason) == (S.DECLINED, "waiting_list")
    with pytest.raises(ShutBoxError):
        sent.look()


def test_nothing_is_said_twice_with_one_code(sent):
    sent.say(Says.ACCEPTED)

    with pytest.raises(RefusedError, match="said before"):
        sent.say(Says.ACCEPTED)

    assert Row.objects.count() == 1


def test_a_code_runs_out_with_its_slip(sent):
    last = sent.today + timedelta(days=CODE_DAYS)
    assert sent.look(on=last)

    with pytest.raises(ShutBoxError):
        sent.look(on=last + timedelta(days=1))


def test_a_slip_of_the_hand_is_no_guess_and_a_guess_is(sent):
    wrong = sent.code[:-1] + ("2" if sent.code[-1] != "2" else "3")
    for _ in range(20):
        with pytest.raises(MistypedError):
            sent.look(code=wrong)
    for draw in range(5):
        with pytest.raises(ShutBoxError):
            sent.look(code=slip_code(lambda below, draw=draw: draw % below))

    with pytest.raises(WaitError):
        sent.look()


def test_a_code_that_is_used_up_makes_nobody_wait_however_often_it_is_typed(sent):
    sent.say(Says.CAME)
    for _ in range(9):
        with pytest.raises(ShutBoxError):
            sent.look()
        with pytest.raises(ShutBoxError):
            sent.look(on=sent.today + timedelta(days=CODE_DAYS + 1))

    assert not list(sent.door._failures)


def test_unknown_spent_and_expired_codes_are_answered_in_the_same_words(sent):
    said = set()
    sent.say(Says.CAME)
    for code, on in (
        (sent.code, sent.today),
        (slip_code(lambda below: 3), sent.today),
        (sent.code, sent.today + timedelta(days=99)),
    ):
        with pytest.raises(ShutBoxError) as refused:
            sent.look(code=code, on=on)
        said.add(str(refused.value))

    assert len(said) == 1


@pytest.mark.parametrize(
    ("to", "values"),
    [
        (S.LINKED, {"confirmed_by": Confirmation.PERSON}),
        (S.CANCELLED, {"reason": "other_priorities"}),
        (S.DECLINED, {"reason": "money"}),
    ],
)
def test_a_referral_that_is_past_the_service_shuts_its_code(sent, to, values):
    sent.move(to, **values)

    with pytest.raises(ShutBoxError):
        sent.look()


def test_a_slip_that_was_taken_back_opens_nothing_and_a_new_one_does(sent):
    actions.undo(sent.somebody(), sent.referral, on=sent.today)
    fresh = sent.send(draw=9)

    with pytest.raises(ShutBoxError):
        sent.look()
    assert sent.look(code=fresh)


def test_the_same_news_twice_moves_once_and_stays_readable(sent):
    sent.say(Says.ACCEPTED)
    sent.move(S.APPOINTMENT, appointment_on=sent.today)

    found = sent.heard()

    assert found.state is S.APPOINTMENT
    said = [e.record for e in sent.somebody().entries if isinstance(e.record, PartnerSaid)]
    assert [one.said for one in said] == [Says.ACCEPTED]


def test_a_letter_is_taken_in_once(sent):
    sent.say(Says.ACCEPTED)
    sent.heard()
    before = len(list(trail.walk()))

    sent.heard()

    assert len(list(trail.walk())) == before


def test_the_summary_follows_what_a_service_said(sent):
    sent.say(Says.CAME)
    sent.heard()

    record = sent.somebody()
    summary = people.summary_of(record.person.id, by=record.by)

    assert summary.referrals == {"linked": 1}
    assert "linked-14" in summary.courses_of("referral")[0].codes


def test_today_takes_in_letters_of_ones_own_people_only(sent, worker, house, today):
    other = house.add_staff("bo")
    sent.say(Says.ACCEPTED)

    assert hearing.hear_everybody(by=other, on=today) == 0
    assert hearing.hear_everybody(by=worker, on=today) == 1
    assert hearing.hear_everybody(by=worker, on=today) == 0


def test_somebody_who_is_forgotten_leaves_no_box_and_no_letter(house, worker, city, today):
    enrolled, _ = house.in_care(worker)
    gone = Sent(house, lambda: people.open_record(enrolled.person, by=worker), city.free, today)
    gone.say(Says.ACCEPTED)
    me = house.open_person(enrolled)

    recognition.forget(me, people.shell_of(me.id, by=me), on=today, tombstones=places.tombstones())

    assert LetterBox.objects.count() == Row.objects.count() == 0
    with pytest.raises(ShutBoxError):
        gone.look()


def test_a_row_holds_neither_code_nor_person_nor_kind(sent):
    sent.say(Says.ACCEPTED)
    record = sent.somebody()
    row, letter = LetterBox.objects.get(), Row.objects.get()

    raw = b"|".join(map(bytes, (row.id.bytes, row.lookup, row.head, letter.sealed)))

    for secret in (sent.code.encode(), b"health", b"accepted", record.person.id.bytes):
        assert secret not in raw
    assert row.id != record.care.id


def test_a_letter_that_was_put_in_without_the_code_is_thrown_away(sent, house):
    box = letterboxes.find(sent.code, site=house.keys)
    sent.say(Says.ACCEPTED)
    forged = SimpleNamespace(code=slip_code(lambda below: 2))
    row = LetterBox.objects.get(pk=box.id)
    genuine = row.lookup
    row.lookup = letterboxes._lookup(forged.code, site=house.keys)
    row.save()
    letterboxes.post(
        forged.code, "came", b'["came", "2026-11-21", null, null]',
        last=False, on=sent.today, site=house.keys,
    )  # fmt: skip
    LetterBox.objects.update(lookup=genuine)

    assert sent.heard().state is S.ACCEPTED


def test_after_a_restore_no_old_code_opens_anything_and_letters_are_still_read(sent):
    sent.say(Says.ACCEPTED)

    letterboxes.close_all()

    with pytest.raises(ShutBoxError):
        sent.look()
    assert sent.heard().state is S.ACCEPTED


def test_boxes_leave_when_they_are_over_and_letters_later(sent, house):
    ends = sent.today + timedelta(days=CODE_DAYS)
    housekeeping.sweep(house.keys, on=ends, epoch_days=35)
    assert LetterBox.objects.count() == 1
    sent.say(Says.ACCEPTED, on=ends)

    housekeeping.sweep(house.keys, on=ends + timedelta(days=1), epoch_days=35)
    assert Row.objects.count() == 1
    housekeeping.sweep(house.keys, on=ends + timedelta(days=61), epoch_days=35)

    assert LetterBox.objects.count() == 0


def test_whoever_takes_consent_to_care_back_shuts_their_codes(sent):
    withdraw(sent.somebody(), purposes=frozenset({Purpose.CARE}), at_kiosk=False, on=sent.today)

    with pytest.raises(ShutBoxError):
        sent.look()
