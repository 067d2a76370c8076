"""Moving to another site: a file, a code told once, and nothing that says from where."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.records import ContactAgreed
from footbridge.journey.consents.rules import Level, Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.access.rules import ALLOWED, Capability, Role
from footbridge.trust.decisions import RefusedError
from footbridge.trust.recognition import transfer
from footbridge.trust.recognition.transfer import TransferError
from footbridge.trust.vault import compartments, crypto, journal, persons
from footbridge.trust.vault.compartments import NoWrapError, PlainHolder
from footbridge.trust.vault.models import Person
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek

pytestmark = pytest.mark.django_db


def made(house, settings, by, *purposes, contact=""):
    enrolled, record = house.in_care(by, *(purposes or (Purpose.CARE,)))
    if contact:
        consents.agree_contact(record, contact, on=house.on, days=90)
    me = house.open_person(enrolled)
    result = transfer.make(
        record.person,
        holder=PlainHolder(me.id, me.pair, me.site),
        by=by,
        on=house.on,
        cost=settings.FOOTBRIDGE_KDF_COST,
    )
    return enrolled, result


def take_in(house, settings, made, by, *, file=None, code=None, on=None):
    return transfer.take_in(
        made.file if file is None else file,
        " ".join(made.code) if code is None else code,
        language="en",
        by=by,
        on=on or house.on,
        cost=settings.FOOTBRIDGE_KDF_COST,
    )


def forged(settings, packed):
    """A file that somebody made by hand, knowing how, and the code that opens it."""
    code, salt, cost = "pine bridge", bytes(16), settings.FOOTBRIDGE_KDF_COST
    key = crypto.stretch(code.encode(), salt=salt, cost=cost)
    plain = crypto.pad(json.dumps(packed).encode())
    header = transfer.MAGIC + persons.dump_cost(cost).encode().ljust(40) + salt
    return header + crypto.seal(key, plain, bound_to=header), code


def test_the_record_comes_along_under_new_words_and_new_keys(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    old, result = made(house, settings, ann)

    new = take_in(house, settings, result, ben)

    before = people.open_record(old.person, by=ann)
    after = people.open_record(new.person, by=ben)
    assert [e.record for e in after.entries] == [e.record for e in before.entries]
    assert new.handle != old.handle
    assert people.open_record(new.person, by=house.open_person(new)).entries == after.entries
    with pytest.raises(NoWrapError):
        people.open_record(new.person, by=ann)


def test_the_summary_comes_along_and_the_coordinators_can_read_it(house, settings):
    boss, ann, ben = (
        house.add_staff("boss", Role.COORDINATOR),
        house.add_staff("ann"),
        house.add_staff("ben"),
    )
    old, result = made(house, settings, ann)

    new = take_in(house, settings, result, ben)

    kept = people.summary_of(old.person, by=ann)
    assert people.summary_of(new.person, by=ben) == kept
    assert new.person in {view.id for view, _ in people.summaries(by=boss, as_coordinator=True)}


def test_somebody_taken_in_can_take_a_consent_back_at_once(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, result = made(house, settings, ann, Purpose.CARE, Purpose.CONTACT)
    new = take_in(house, settings, result, ben)

    ended = consents.withdraw(
        people.open_record(new.person, by=house.open_person(new)),
        level=Level.STOP_CONTACT,
        at_kiosk=True,
        on=house.on,
    )

    assert ended == {Purpose.CONTACT}


def test_contact_details_keep_the_week_in_which_they_run_out(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, result = made(
        house, settings, ann, Purpose.CARE, Purpose.CONTACT, contact="at the tea house, mornings"
    )

    new = take_in(house, settings, result, ben)

    opened = compartments.open_for(new.person, Compartment.CONTACT, holders=[ben])
    assert opened.head.expires == IsoWeek.of(house.on) + 90 // 7
    (entry,) = journal.entries(opened)
    assert isinstance(entry.record, ContactAgreed)


def test_contact_details_that_ran_out_on_the_way_are_left_behind(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.CONTACT)
    consents.agree_contact(record, "at the tea house, mornings", on=house.on, days=7)
    me = house.open_person(enrolled)
    result = transfer.make(
        record.person,
        holder=PlainHolder(me.id, me.pair, me.site),
        by=ann,
        on=house.on,
        cost=settings.FOOTBRIDGE_KDF_COST,
    )

    new = take_in(house, settings, result, ben, on=house.on + timedelta(days=14))

    assert compartments.find(new.person, Compartment.CONTACT, site=house.keys) is None


def test_research_and_memory_answers_stay_behind(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, result = made(house, settings, ann, Purpose.CARE, Purpose.RESEARCH)

    new = take_in(house, settings, result, ben)

    for kind in (Compartment.RESEARCH, Compartment.RECALL):
        assert compartments.find(new.person, kind, site=house.keys) is None


@pytest.mark.parametrize(("days", "good"), [(14, True), (15, False)])
def test_a_transfer_is_good_for_fourteen_days(house, settings, days, good):
    ann = house.add_staff("ann")
    _, result = made(house, settings, ann)
    on = house.on + timedelta(days=days)

    if good:
        assert take_in(house, settings, result, ann, on=on)
    else:
        with pytest.raises(TransferError, match="ended after 14 days"):
            take_in(house, settings, result, ann, on=on)


@pytest.mark.parametrize("code", ["", "wrong words", "1 2 3"])
def test_another_code_opens_nothing(house, settings, code):
    ann = house.add_staff("ann")
    _, result = made(house, settings, ann)

    with pytest.raises(TransferError, match="does not open the file"):
        take_in(house, settings, result, ann, code=code)

    assert Person.objects.count() == 1


@pytest.mark.parametrize("at", [25, 40, 70, -1])
def test_a_file_that_was_changed_opens_nothing(house, settings, at):
    ann = house.add_staff("ann")
    _, result = made(house, settings, ann)
    file = bytearray(result.file)
    file[at] ^= 1

    with pytest.raises(TransferError):
        take_in(house, settings, result, ann, file=bytes(file))


@pytest.mark.parametrize(
    "file", [b"", b"%PDF", transfer.MAGIC, transfer.MAGIC + b"x" * 500, b"\0" * 2000]
)
def test_any_other_file_is_refused_in_plain_words(house, settings, file):
    ann = house.add_staff("ann")
    _, result = made(house, settings, ann)

    with pytest.raises(TransferError):
        take_in(house, settings, result, ann, file=file)


@pytest.mark.parametrize("cost", ["argon2id:99999999:3:4", "argon2id:64:999:4", "argon2id:64:1:0"])
def test_a_file_that_asks_for_too_much_work_is_refused(house, settings, cost):
    ann = house.add_staff("ann")
    _, result = made(house, settings, ann)
    start = len(transfer.MAGIC)
    file = result.file[:start] + cost.encode().ljust(40) + result.file[start + 40 :]

    with pytest.raises(TransferError):
        take_in(house, settings, result, ann, file=file)


ENTRY = {"kind": "consent-given/1", "record": b64encode(b"{}").decode()}
SHAPE = {"until": "2030-01-01", "language": "en", "contact": "", "entries": []}


@pytest.mark.parametrize(
    "packed",
    [
        [],
        {},
        {**SHAPE, "until": "tomorrow"},
        {**SHAPE, "contact": "2026-W99"},
        {**SHAPE, "entries": [ENTRY]},
        {**SHAPE, "entries": [{**ENTRY, "kind": "no-such-kind/1"}]},
        {**SHAPE, "entries": [{**ENTRY, "kind": "consent-given"}]},
        {**SHAPE, "entries": [{**ENTRY, "record": "%%%"}]},
        {**SHAPE, "entries": [{"kind": "recall-answers/1", "record": b64encode(
            b'{"answers":{},"cue":"mine"}').decode()}]},
        {**SHAPE, "entries": 7},
    ],
)  # fmt: skip
def test_a_file_made_by_hand_is_refused_in_plain_words(house, settings, packed):
    ann = house.add_staff("ann")
    file, code = forged(settings, packed)

    with pytest.raises(TransferError, match="not everything in it can be read"):
        transfer.take_in(
            file, code, language="en", by=ann, on=house.on, cost=settings.FOOTBRIDGE_KDF_COST
        )

    assert not Person.objects.exists()


def test_the_file_tells_nothing_of_person_or_site(house, settings):
    ann = house.add_staff("ann")
    enrolled, result = made(house, settings, ann)
    plain = [
        enrolled.handle.encode(),
        str(enrolled.person).encode(),
        enrolled.person.bytes,
        house.keys.site.bytes,
        str(house.keys.site).encode(),
    ]

    assert not any(secret in result.file for secret in plain)


def test_what_is_packed_names_nobody_either(house, settings):
    ann = house.add_staff("ann")
    enrolled, result = made(house, settings, ann)
    start = len(transfer.MAGIC)
    key = crypto.stretch(
        " ".join(result.code).encode(),
        salt=result.file[start + 40 : start + 56],
        cost=settings.FOOTBRIDGE_KDF_COST,
    )

    plain = crypto.open_sealed(key, result.file[start + 56 :], bound_to=result.file[: start + 56])

    for secret in (enrolled.handle, str(enrolled.person), str(ann.id), str(house.keys.site)):
        assert secret.encode() not in plain


@pytest.mark.parametrize("role", [r for r in Role if Capability.ENROL not in ALLOWED[r]])
def test_a_role_that_does_not_enrol_takes_nobody_in(house, settings, role):
    ann, other = house.add_staff("ann"), house.add_staff("other", role)
    _, result = made(house, settings, ann)

    with pytest.raises(RefusedError):
        take_in(house, settings, result, other)
