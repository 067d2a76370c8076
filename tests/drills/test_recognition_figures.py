"""Drill: the acceptance figures of the supervised fallback (confidentiality.md, section 2).

20,000 trials a cell; limits from the design page, not from our own results.
"""

import random

import numpy as np
import pytest

from footbridge.trust.recognition import cues, phrases, simulation

TRIALS = 20_000
PEOPLE = (300, 1_000, 3_000)
MOST_MISSED = {2: 0.10, 12: 0.25}
MOST_WRONG = 0.001
MOST_STRANGERS = 0.001

pytestmark = pytest.mark.drill


@pytest.mark.parametrize("months", MOST_MISSED)
@pytest.mark.parametrize("people", PEOPLE)
def test_the_fallback_errs_no_more_often_than_promised(people, months):
    draws = np.random.default_rng([2026, people, months])

    shares = simulation.simulate(people, months=months, trials=TRIALS, draws=draws)

    assert shares.trials >= TRIALS
    assert shares.missed <= MOST_MISSED[months]
    assert shares.wrong <= MOST_WRONG
    assert shares.strangers <= MOST_STRANGERS


def test_somebody_close_may_be_proposed_and_that_is_why_there_is_a_cue():
    draws = np.random.default_rng(2026)

    shares = [
        simulation.simulate_close(1_000, known=k, trials=4_000, draws=draws) for k in (4, 5, 6)
    ]

    assert shares == sorted(shares)
    assert shares[0] <= 0.06
    assert shares[2] > 0.5, "the danger that the page on recognition tells staff about"


def test_nobody_is_opened_without_the_cue():
    """Somebody who knows all eight answers is proposed, tries every other cue, and fails."""
    draws = np.random.default_rng(2026)
    words = random.Random(2026).randrange
    cohort = simulation.new_cohort(500, draws=draws)
    kept = [" ".join(phrases.new_phrase("en", draws=words)) for _ in cohort.enrolled]
    said = simulation.somebody_close(cohort, np.arange(500), known=8, draws=draws)

    found = simulation.proposed(cohort, said)

    proposed = [int(person) for person in found if person >= 0]
    opened = sum(
        cues.is_the_cue(guess, kept[person])
        for person in proposed
        for other, guess in enumerate([*kept, "", kept[person][:-1], kept[person].split()[0]])
        if other != person
    )
    assert len(proposed) > 400
    assert opened == 0
    assert all(cues.is_the_cue(kept[person].upper(), kept[person]) for person in proposed)
