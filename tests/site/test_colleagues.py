"""Joining, roles, circles and leaving, as a coordinator and a colleague meet them."""

import re

import pytest
from django.test import Client

from footbridge.trust.access import circles, staff
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import Role
from tests.factories import PASSPHRASE, code_of

pytestmark = pytest.mark.django_db


def given(house, name="ann", **changes):
    return {
        "name": name,
        "passphrase": PASSPHRASE,
        "code": code_of(house.secrets.get(name, bytes(20))),
        **changes,
    }


def text(answer):
    return answer.content.decode()


def is_in(browser):
    return browser.get("/more/").status_code == 200


# --- joining ---


def invited(house, name="mei", role="nurse"):
    boss = house.browser(house.add_staff("boss", Role.COORDINATOR))
    page = text(boss.post("/colleagues/invite/", {"name": name, "role": role}))
    return re.search(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", page)[0]


def joining(house, code, **changes):
    secret = staff.totp_secret(code, site=house.keys)
    asked = {"code": code, "passphrase": PASSPHRASE, "again": PASSPHRASE, "totp": code_of(secret)}
    return Client().post("/join/", {**asked, **changes})


def test_an_invited_colleague_joins_and_signs_in(house):
    code = invited(house)

    joined = joining(house, code)

    assert joined.status_code == 200
    assert "mei" in [one.name for one in staff.everybody(site=house.keys)]
    secret = staff.totp_secret(code, site=house.keys)
    answer = Client().post("/sign-in/", given(house, "mei", code=code_of(secret)))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"again": "something else altogether"},
        {"passphrase": "short", "again": "short"},
        {"totp": "1"},
    ],
    ids=["differ", "short", "code"],
)
def test_a_form_with_a_fault_makes_no_colleague_and_shows_no_passphrase(house, change):
    code = invited(house)

    answer = joining(house, code, **change)

    assert answer.status_code == 200
    assert [one.name for one in staff.everybody(site=house.keys)] == ["boss"]
    assert PASSPHRASE not in text(answer)


def test_two_invited_under_one_name_end_in_a_sentence(house):
    first = invited(house)
    boss = house.browser(house.staff["boss"])
    second = re.search(
        r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}",
        text(boss.post("/colleagues/invite/", {"name": "mei", "role": "nurse"})),
    )[0]
    joining(house, first)

    answer = joining(house, second)

    assert answer.status_code == 200
    assert "taken" in text(answer)


def test_the_first_coordinator_founds_their_circle(house):
    code = staff.make_invitation(name="first", role=Role.COORDINATOR, site=house.keys, on=house.on)

    joining(house, code)

    circle = circles.the_one(CircleKind.COORDINATORS, site=house.keys)
    (first,) = staff.everybody(site=house.keys)
    assert circles.members(circle.id) == {first.id}


# --- colleagues ---


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_a_coordinator_is_added_to_the_coordinators_circle(house, role):
    boss, other = house.add_staff("boss", Role.COORDINATOR), house.add_staff("other", role)

    answer = house.browser(boss).post(f"/colleagues/{other.id}/circle/")

    assert answer.status_code == 403
    circle = circles.the_one(CircleKind.COORDINATORS, site=house.keys)
    assert circles.members(circle.id) == {boss.id}


def test_whoever_left_is_not_added_to_the_circle(house):
    boss = house.add_staff("boss", Role.COORDINATOR)
    other = house.add_staff("other", Role.COORDINATOR)
    browser = house.browser(boss)
    browser.post(f"/colleagues/{other.id}/leave/")

    assert browser.post(f"/colleagues/{other.id}/circle/").status_code == 403


def test_a_new_role_ends_the_sessions_of_the_old_one(house):
    boss, ann = house.add_staff("boss", Role.COORDINATOR), house.add_staff("ann")
    old = house.browser(ann)

    house.browser(boss).post(f"/colleagues/{ann.id}/role/", {"role": "analyst"})

    assert not is_in(old)
    assert staff.profile_of(ann.id, site=house.keys).role is Role.ANALYST


def test_somebody_who_left_is_out_at_once_and_for_good(house):
    boss, ann = house.add_staff("boss", Role.COORDINATOR), house.add_staff("ann")
    house.in_care(ann)
    old = house.browser(ann)

    answer = house.browser(boss).post(f"/colleagues/{ann.id}/leave/")

    assert answer.status_code == 302
    assert not is_in(old)
    assert "do not belong together" in text(Client().post("/sign-in/", given(house)))


def test_a_new_passphrase_holds_from_the_next_sign_in(house):
    browser = house.browser(house.add_staff("ann"))
    fresh = "nine slow barges under rain"

    browser.post("/colleagues/passphrase/", {"passphrase": fresh, "again": fresh})

    assert Client().post("/sign-in/", given(house, passphrase=fresh)).status_code == 302
