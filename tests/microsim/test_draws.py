import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, kstest, norm

from footbridge.microsim.draws import (
    GOLDEN,
    MASK,
    Event,
    Keys,
    _finish,
    _philox_round,
    keys_of,
    philox,
    splitmix,
)

PEOPLE = np.arange(40_000, dtype=np.int64)


def test_the_finaliser_is_splitmix64():
    # Reference outputs of splitmix64 for state 1234567 (Vigna, prng.di.unimi.it/splitmix64.c).
    state, outputs = 1234567, []
    for _ in range(3):
        state = (state + GOLDEN) & MASK
        outputs.append(_finish(state))

    assert outputs == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_philox_gives_the_published_answers():
    # Known-answer tests of Random123 (kat_vectors): philox4x32-10, all zero and all ones.
    def ten_rounds(counter, k0, k1):
        lanes = tuple(np.array([c], dtype=np.uint64) for c in counter)
        for _ in range(10):
            lanes = _philox_round(lanes, k0, k1)
            k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
        return [int(lane[0]) for lane in lanes]

    ones = 0xFFFFFFFF
    zeros = ten_rounds((0, 0, 0, 0), 0, 0)
    full = ten_rounds((ones,) * 4, ones, ones)

    assert zeros == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert full == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]


@pytest.mark.parametrize("draw", [splitmix, philox])
@pytest.mark.parametrize("along", ["persons", "months", "events"])
def test_draws_are_uniform_along_every_edge_of_the_lattice(draw, along):
    keys = keys_of(11)
    one = np.array([17], dtype=np.int64)
    u = {
        "persons": lambda: draw(keys, PEOPLE, 300, Event.DETECTED),
        "months": lambda: np.concatenate([draw(keys, PEOPLE[:60], m, 3) for m in range(624)]),
        "events": lambda: np.concatenate(
            [draw(keys, np.arange(900), m, e) for m in (1, 2) for e in range(24)]
        ),
    }[along]()

    assert kstest(u, "uniform").pvalue > 1e-4
    assert draw(keys, one, 5, 5).shape == (1,)


@pytest.mark.parametrize(
    "shift", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 2), (16, 1, 0), (1, 1, 1)]
)
def test_neighbours_in_the_lattice_are_independent(shift):
    person, month, event = shift
    keys = keys_of(2)
    a = splitmix(keys, PEOPLE, 100, 2)
    b = splitmix(keys, PEOPLE + person, 100 + month, 2 + event)

    cells = np.histogram2d(a, b, bins=16, range=((0, 1), (0, 1)))[0]
    statistic = ((cells - PEOPLE.size / 256) ** 2 / (PEOPLE.size / 256)).sum()

    assert 1e-4 < chi2.sf(statistic, 255) < 1 - 1e-4
    assert abs(np.corrcoef(a, b)[0, 1]) < 4.5 / np.sqrt(PEOPLE.size)


def test_both_halves_of_a_word_change_half_their_bits_when_one_input_bit_flips():
    keys = keys_of(3)
    people = np.arange(2_000, dtype=np.int64)
    for bit in range(0, 20, 3):
        for event in (0, 1):
            a = (splitmix(keys, people, 9, event) * 2**32).astype(np.uint64)
            b = (splitmix(keys, people ^ (1 << bit), 9, event) * 2**32).astype(np.uint64)
            flipped = np.unpackbits((a ^ b).view(np.uint8)).sum() / people.size

            assert abs(flipped - 16) < 5 * np.sqrt(8 / people.size)


def test_seeds_do_not_share_a_sequence():
    draws = np.stack([splitmix(keys_of(s), PEOPLE[:5_000], 0, 0) for s in range(40)])
    correlation = np.corrcoef(draws)[np.triu_indices(40, 1)]

    assert np.unique(draws[:, 0]).size == 40
    assert np.abs(correlation).max() < norm.isf(1e-4 / 780) / np.sqrt(5_000)


@given(
    seed=st.integers(0, 2**62),
    person=st.integers(0, 2**40),
    month=st.integers(0, 1023),
    event=st.integers(0, 127),
)
def test_a_draw_depends_on_its_four_coordinates_only(seed, person, month, event):
    alone = splitmix(keys_of(seed), np.array([person]), month, event)[0]
    among = splitmix(keys_of(seed), np.array([person + 1, person, 0]), month, event)[1]

    assert alone == among
    assert 0.0 <= alone < 1.0


def test_event_codes_are_kept_for_ever():
    # A code that changed its meaning would change old results: new events take new codes.
    assert {e.name: int(e) for e in Event} == {
        "DEATH": 0, "OVERDOSE": 1, "DETECTED": 2, "SEEKS": 3, "PRIVATE": 4, "QUITS": 5,
        "HIV": 6, "RELAPSES": 7, "DROPS": 8, "POLICE": 9, "URINE": 10, "LINKS": 11,
        "FATAL": 12, "SANCTION": 13, "STAY": 14, "ORDERED": 15, "LABOUR": 16, "TREATED": 17,
        "MANAGED": 18, "JOB": 19, "AFTERCARE": 20, "REPORTED": 21, "REGISTERED": 22,
        "ASSISTED": 23, "REACHED": 24, "ENTRY": 64, "SEX": 65, "AGE": 66, "INJECTS": 67,
        "ROUTE": 68, "SEVERITY": 69, "STIGMA": 70, "INCOME": 71, "BELIEF": 72, "PROVINCE": 73,
    }  # fmt: skip


def test_keys_are_two_different_numbers():
    keys = keys_of(0)

    assert isinstance(keys, Keys)
    assert keys.first != keys.second


def test_numbers_of_the_whole_lattice_meet_as_often_as_chance_has_it():
    # Of m numbers among 2**32, m * (m - 1) / 2 / 2**32 pairs are equal, about Poisson: a lattice
    # that shows through would give far fewer or far more.
    keys, people = keys_of(5), np.arange(1_500, dtype=np.int64)
    lattice = [splitmix(keys, people, m, e) for m in range(0, 40) for e in range(24)]
    words = np.sort((np.concatenate(lattice) * 2**32).astype(np.uint64))
    expected = words.size * (words.size - 1) / 2 / 2**32

    met = np.count_nonzero(np.diff(words) == 0)

    assert abs(met - expected) < 4.5 * np.sqrt(expected)
