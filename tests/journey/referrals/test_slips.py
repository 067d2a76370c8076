"""The code on a slip is short, is not mistaken, and is good once."""

from datetime import date, timedelta
from itertools import count

from hypothesis import assume, given
from hypothesis import strategies as st

from footbridge.journey.referrals.slips import (
    ALPHABET,
    CODE_DAYS,
    check_redemption,
    is_well_formed,
    normal_form,
    slip_code,
)

DAY = date(2026, 11, 2)
signs = st.lists(st.integers(0, len(ALPHABET) - 1), min_size=7, max_size=7)


def code_of(drawn: list[int]) -> str:
    left = list(drawn)
    return slip_code(lambda below: left.pop(0))


codes = signs.map(code_of)


def test_the_alphabet_is_prime_and_leaves_out_what_looks_alike():
    size = len(ALPHABET)

    assert len(set(ALPHABET)) == size == 23
    assert not set(ALPHABET) & set("0O1IL4ABESUYZ")


def test_the_draws_are_asked_for_signs_of_the_alphabet():
    asked = []

    slip_code(lambda below: asked.append(below) or 0)

    assert asked == [23] * 7


@given(codes)
def test_a_code_is_well_formed_however_it_is_typed(code):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)

    for typed in (code, code.lower(), code.replace("-", " "), f" {code[:2]} {code[2:]} ", wide):
        assert is_well_formed(typed)
        assert normal_form(typed) == code


@given(codes, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_noticed(code, at, sign):
    plain = code.replace("-", "")
    assume(plain[at] != sign)

    assert not is_well_formed(plain[:at] + sign + plain[at + 1 :])


@given(codes, st.integers(0, 6))
def test_two_swapped_neighbours_are_always_noticed(code, at):
    plain = code.replace("-", "")
    assume(plain[at] != plain[at + 1])

    assert not is_well_formed(plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :])


@given(st.text(max_size=12))
def test_nothing_else_passes_or_fails_to_answer(text):
    assert is_well_formed(text) in (True, False)


def test_different_draws_make_different_codes():
    counter = count()
    made = {slip_code(lambda below: next(counter) * 7 % below) for _ in range(23)}

    assert len(made) == 23


def test_a_code_proves_attendance_at_its_own_slip_and_in_its_time():
    issued, other = slip_code(lambda below: 1), slip_code(lambda below: 2)

    def redeemed(typed: str, issued: str | None = issued, days: int = 1) -> str:
        on = DAY + timedelta(days=days)
        return check_redemption(issued, typed, issued_on=DAY, on=on).sentence

    assert redeemed(issued.lower()) == "The code is that of this slip."
    assert redeemed(issued, days=CODE_DAYS) == "The code is that of this slip."
    assert "ran out" in redeemed(issued, days=CODE_DAYS + 1)
    assert "another slip" in redeemed(other)
    assert "a sign is wrong" in redeemed("2222-2223")
    assert "No slip" in redeemed(issued, issued=None)
