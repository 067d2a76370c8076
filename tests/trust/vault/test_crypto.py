"""The primitives: what is sealed opens with its key at its place, and in no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.trust.vault import crypto
from footbridge.trust.vault.crypto import FLOOR, Cost, KeyPair, SealError

keys = st.binary(min_size=32, max_size=32)
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


@given(key=keys, plain=st.binary(max_size=600), place=st.binary(max_size=40))
def test_what_is_sealed_opens_with_its_key_at_its_place(key, plain, place):
    sealed = crypto.seal(key, plain, bound_to=place)

    assert crypto.open_sealed(key, sealed, bound_to=place) == plain


@given(plain=st.binary(max_size=60), place=st.binary(max_size=20), data=st.data())
def test_a_changed_bit_another_place_or_another_key_opens_nothing(plain, place, data):
    key = crypto.random_key()
    sealed = bytearray(crypto.seal(key, plain, bound_to=place))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    flipped = bytes(
        sealed[: at // 8] + bytes([sealed[at // 8] ^ 1 << at % 8]) + sealed[at // 8 + 1 :]
    )

    for attempt in (
        (key, flipped, place),
        (key, bytes(sealed), place + b"x"),
        (crypto.random_key(), bytes(sealed), place),
    ):
        with pytest.raises(SealError):
            crypto.open_sealed(attempt[0], attempt[1], bound_to=attempt[2])


@given(rubbish=st.binary(max_size=100))
def test_rubbish_of_any_length_is_refused_and_not_crashed_on(rubbish):
    with pytest.raises(SealError):
        crypto.open_sealed(bytes(32), rubbish, bound_to=b"")
    with pytest.raises(SealError):
        crypto.open_from(KeyPair.of(bytes(31) + b"\x01"), rubbish)


def test_the_same_words_sealed_twice_look_different():
    key = crypto.random_key()

    assert crypto.seal(key, b"same", bound_to=b"") != crypto.seal(key, b"same", bound_to=b"")


@given(plain=st.binary(max_size=2000))
def test_padding_comes_off_and_tells_only_the_next_step_of_512(plain):
    padded = crypto.pad(plain)

    assert crypto.unpad(padded) == plain
    assert len(padded) % 512 == 0
    assert 0 < len(padded) - len(plain) <= 512


@pytest.mark.parametrize("wrong", [b"", b"x" * 5, bytes(512), b"\x01" * 512])
def test_padding_that_is_none_is_refused(wrong):
    with pytest.raises(SealError):
        crypto.unpad(wrong)


@given(plain=st.binary(max_size=100))
def test_a_box_opens_for_its_holder_only(plain):
    holder, other = KeyPair.new(), KeyPair.new()

    box = crypto.seal_to(holder.public, plain)

    assert crypto.open_from(holder, box) == plain
    with pytest.raises(SealError):
        crypto.open_from(other, box)


def test_a_pair_is_its_private_key_s_and_shows_it_nowhere():
    pair = KeyPair.new()

    assert KeyPair.of(pair.private) == pair
    assert pair.private.hex() not in repr(pair)
    assert repr(pair.private) not in repr(pair)


def test_a_public_key_that_is_not_the_open_pair_s_is_noticed():
    pair = KeyPair.new()

    crypto.check_pair(pair, pair.public)
    with pytest.raises(SealError, match="changed a public key"):
        crypto.check_pair(pair, KeyPair.new().public)


@given(parts=st.lists(st.binary(max_size=8), min_size=1, max_size=4), key=keys)
def test_a_hash_tells_apart_how_its_parts_were_cut(parts, key):
    joined = b"".join(parts)

    if parts != [joined]:
        assert crypto.plain_hash(*parts) != crypto.plain_hash(joined)
        assert crypto.keyed_hash(key, *parts) != crypto.keyed_hash(key, joined)
    assert crypto.keyed_hash(key, *parts) != crypto.plain_hash(*parts)


def test_keys_of_two_purposes_differ_from_each_other_and_from_their_source():
    key = crypto.random_key()
    derived = [crypto.subkey(key, name) for name in ("outer", "pepper", "log")]

    assert len({key, *derived}) == 4
    assert derived == [crypto.subkey(key, name) for name in ("outer", "pepper", "log")]


def test_stretching_depends_on_secret_salt_and_each_part_of_its_cost():
    salt = bytes(16)
    dearer = Cost(128, 1, 1), Cost(64, 2, 1), Cost(64, 1, 2)

    first = crypto.stretch(b"words", salt=salt, cost=CHEAP)

    others = [crypto.stretch(b"words", salt=salt, cost=cost) for cost in dearer]
    others.append(crypto.stretch(b"wordz", salt=salt, cost=CHEAP))
    others.append(crypto.stretch(b"words", salt=b"x" * 16, cost=CHEAP))
    assert len({first, *others}) == 6
    assert first == crypto.stretch(b"words", salt=salt, cost=CHEAP)


@pytest.mark.parametrize(
    ("kib", "passes", "lanes", "digest"),
    [
        (65536, 2, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
        (256, 2, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
        (256, 2, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
    ],
)
def test_stretching_is_argon2id_as_its_reference_code_has_it(kib, passes, lanes, digest):
    """Vectors of the reference code (github.com/P-H-C/phc-winner-argon2, src/test.c)."""
    cost = Cost(memory_kib=kib, passes=passes, lanes=lanes)

    assert crypto.stretch(b"password", salt=b"somesalt", cost=cost).hex() == digest


@pytest.mark.parametrize(
    ("cost", "enough"),
    [
        (Cost(), True),
        (FLOOR, True),
        (Cost(memory_kib=64 * 1024, passes=2), False),
        (Cost(memory_kib=63 * 1024, passes=9), False),
        (CHEAP, False),
    ],
)
def test_a_cost_is_held_against_the_floor_in_memory_and_passes(cost, enough):
    assert cost.at_least(FLOOR) is enough
