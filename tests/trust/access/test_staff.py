"""Staff: a code makes keys, three things open them, and whoever left stays outside."""

import threading
import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.access import staff
from footbridge.trust.access.models import Invitation, Staff
from footbridge.trust.access.rules import ALLOWED, Capability, Role
from footbridge.trust.access.staff import StaffError, UsedCodes, WrongSignInError
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from tests.factories import PASSPHRASE, code_of

pytestmark = pytest.mark.django_db


def invited(house, name="mei", role=Role.CASE_WORKER):
    boss = house.staff.get("boss") or house.add_staff("boss", Role.COORDINATOR)
    return staff.invite(name=name, role=role, by=boss, on=house.on)


def join(house, code, *, passphrase=PASSPHRASE, totp=None, on=None, settings):
    secret = staff.totp_secret(code, site=house.keys)
    return staff.join(
        code,
        passphrase=passphrase,
        totp=code_of(secret) if totp is None else totp,
        cost=settings.FOOTBRIDGE_KDF_COST,
        site=house.keys,
        on=on or house.on,
    )


def sign_in(house, name, *, settings, **changes):
    asked = {"passphrase": PASSPHRASE, "used": UsedCodes(), **changes}
    asked.setdefault("totp", code_of(house.secrets.get(name, bytes(20))))
    return staff.sign_in(name, cost=settings.FOOTBRIDGE_KDF_COST, site=house.keys, **asked)


def test_an_invited_colleague_makes_keys_and_signs_in_with_them(house, settings):
    code = invited(house, "mei", Role.NURSE)

    joined = join(house, code, settings=settings)
    actor = sign_in(
        house, "mei", settings=settings, totp=code_of(staff.totp_secret(code, site=house.keys))
    )

    assert (actor.id, actor.name, actor.role) == (joined.id, "mei", Role.NURSE)
    assert actor.pair.public == joined.public


def test_an_invitation_works_once(house, settings):
    code = invited(house)
    join(house, code, settings=settings)

    with pytest.raises(StaffError, match="not known here, or was used"):
        join(house, code, settings=settings)


def test_a_code_is_good_however_it_is_typed(house):
    code = invited(house, "mei")

    typed = code.lower().replace("-", "  ")

    assert staff.invitation(typed, site=house.keys, on=house.on) == ("mei", Role.CASE_WORKER)


def test_an_invitation_ends_after_its_days(house):
    code = invited(house)
    last = house.on + timedelta(days=staff.INVITATION_DAYS)

    assert staff.invitation(code, site=house.keys, on=last)
    with pytest.raises(StaffError, match="expired"):
        staff.invitation(code, site=house.keys, on=last + timedelta(days=1))


def test_the_second_of_two_invited_under_one_name_is_told_so(house, settings):
    first, second = invited(house, "mei"), invited(house, "mei")
    join(house, first, settings=settings)

    with pytest.raises(StaffError, match="taken"):
        join(house, second, settings=settings)

    assert Staff.objects.count() == 2


@pytest.mark.parametrize("name", ["Boss", " boss ", "ＢＯＳＳ"])
def test_a_name_that_reads_the_same_is_taken(house, name):
    with pytest.raises(StaffError, match="taken"):
        invited(house, name) if house.add_staff("boss", Role.COORDINATOR) else None


@pytest.mark.parametrize("role", [r for r in Role if Capability.MANAGE_STAFF not in ALLOWED[r]])
def test_only_who_manages_staff_can_invite(house, role):
    actor = house.add_staff("x", role)

    with pytest.raises(RefusedError):
        staff.invite(name="mei", role=Role.NURSE, by=actor, on=house.on)

    assert not Invitation.objects.exists()


@pytest.mark.parametrize("wrong", ["000000", "", "12345", "1234567", "abcdef", "１２３４５６"])
def test_no_keys_are_made_with_a_wrong_code_from_the_app(house, settings, wrong):
    code = invited(house)

    with pytest.raises(StaffError, match="does not match"):
        join(house, code, totp=wrong, settings=settings)

    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "weak", ["short", "aaaaaaaaaaaaaaaaaaaaaaaa", "mei likes quiet lanterns", "水灯桥山月"]
)
def test_a_passphrase_that_is_easily_guessed_is_refused(house, settings, weak):
    code = invited(house, "mei")

    with pytest.raises(StaffError, match="too easy to guess"):
        join(house, code, passphrase=weak, settings=settings)


def test_a_chinese_passphrase_of_eight_characters_is_long_enough():
    staff.check_passphrase("水灯桥山月舟云雁", name="mei")


@pytest.mark.parametrize(
    "change",
    [
        {"passphrase": "seven quiet lanterns over sand"},
        {"totp": "000000"},
        {"totp": ""},
    ],
)
def test_one_wrong_of_three_opens_nothing_and_is_not_told(house, settings, change):
    house.add_staff("ann")

    with pytest.raises(WrongSignInError) as error:
        sign_in(house, "ann", settings=settings, **change)

    assert str(error.value) == str(WrongSignInError())


def test_an_unknown_name_gets_the_same_words(house, settings):
    with pytest.raises(WrongSignInError) as error:
        sign_in(house, "nobody", settings=settings)

    assert str(error.value) == str(WrongSignInError())


@pytest.mark.parametrize("how", [" ann ", "ANN", "ａｎｎ"])
def test_a_sign_in_name_is_found_however_it_is_typed(house, settings, how):
    house.add_staff("ann")

    actor = sign_in(house, how, settings=settings, totp=code_of(house.secrets["ann"]))

    assert actor.name == "ann"


@pytest.mark.parametrize("again", ["{}", " {} ", "0{}", "00{}", "0000{}"])
def test_a_code_opens_the_door_once_however_it_is_written(house, settings, again):
    house.add_staff("ann")
    used, code = UsedCodes(), code_of(house.secrets["ann"])
    sign_in(house, "ann", settings=settings, totp=code, used=used)

    with pytest.raises(WrongSignInError):
        sign_in(house, "ann", settings=settings, totp=again.format(code), used=used)


def test_a_wrong_passphrase_does_not_use_a_code_up(house, settings):
    house.add_staff("ann")
    used, code = UsedCodes(), code_of(house.secrets["ann"])
    with pytest.raises(WrongSignInError):
        sign_in(house, "ann", settings=settings, totp=code, used=used, passphrase="no " * 9)

    assert sign_in(house, "ann", settings=settings, totp=code, used=used).name == "ann"


def test_of_many_requests_with_one_code_at_once_one_gets_in():
    used, who, fresh = UsedCodes(), uuid.uuid4(), []
    gate = threading.Barrier(8)

    def come():
        gate.wait()
        fresh.append(used.fresh(who, "123456"))

    threads = [threading.Thread(target=come) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(fresh) == [False] * 7 + [True]


def test_two_colleagues_may_have_the_same_code():
    used = UsedCodes()

    assert used.fresh(uuid.uuid4(), "123456")
    assert used.fresh(uuid.uuid4(), "123456")


def test_whoever_left_cannot_sign_in(house, settings):
    house.add_staff("ann")
    boss = house.add_staff("boss", Role.COORDINATOR)

    staff.deactivate(staff=house.staff["ann"].id, by=boss, on=house.on)

    with pytest.raises(WrongSignInError):
        sign_in(house, "ann", settings=settings)
    assert [p.name for p in staff.everybody(site=house.keys)] == ["boss"]


def test_a_new_role_does_not_let_back_in_whoever_left(house, settings):
    ann, boss = house.add_staff("ann"), house.add_staff("boss", Role.COORDINATOR)
    staff.deactivate(staff=ann.id, by=boss, on=house.on)

    with pytest.raises(StaffError, match="has left"):
        staff.change_role(staff=ann.id, role=Role.NURSE, by=boss, on=house.on)

    with pytest.raises(WrongSignInError):
        sign_in(house, "ann", settings=settings)


def test_a_role_holds_from_the_next_sign_in(house, settings):
    ann, boss = house.add_staff("ann"), house.add_staff("boss", Role.COORDINATOR)

    staff.change_role(staff=ann.id, role=Role.ANALYST, by=boss, on=house.on)

    assert sign_in(house, "ann", settings=settings).role is Role.ANALYST


def test_a_new_passphrase_opens_the_same_key_and_the_old_one_none(house, settings):
    ann = house.add_staff("ann")
    fresh = "nine slow barges under rain"

    staff.change_passphrase(ann, fresh, cost=settings.FOOTBRIDGE_KDF_COST, on=house.on)

    assert sign_in(house, "ann", settings=settings, passphrase=fresh).pair == ann.pair
    with pytest.raises(WrongSignInError):
        sign_in(house, "ann", settings=settings)


def test_what_is_done_about_staff_stands_on_the_trail(house, settings):
    code = invited(house, "mei")
    joined = join(house, code, settings=settings)
    staff.change_role(staff=joined.id, role=Role.NURSE, by=house.staff["boss"], on=house.on)
    staff.deactivate(staff=joined.id, by=house.staff["boss"], on=house.on)

    done = [event.action for event in trail.site_events(site=house.keys)]

    assert done == ["staff.left", "staff.role-changed", "staff.joined", "staff.invited"]


def test_a_row_of_staff_holds_no_name_and_no_role_in_the_clear(house):
    ann = house.add_staff("ann-marie-of-the-bridge", Role.NURSE)
    row = Staff.objects.get(pk=ann.id)

    stored = b"".join(
        bytes(getattr(row, field.attname))
        for field in row._meta.fields
        if isinstance(getattr(row, field.attname), bytes | memoryview)
    )

    assert b"ann-marie" not in stored
    assert b"nurse" not in stored


@given(text=st.text(max_size=12))
def test_nothing_but_six_ascii_digits_is_ever_a_code(text):
    digits = "".join(text.split())
    six = len(digits) == 6 and digits.isascii() and digits.isdigit()

    assert six or not staff._totp_matches(bytes(20), text)
