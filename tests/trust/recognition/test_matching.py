import math
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.trust.recognition import matching
from footbridge.trust.recognition.memory import questions

OPTIONS = {name: list(question.options) for name, question in questions().items()}
NAMES = list(OPTIONS)[:5]
FEW = {name: OPTIONS[name][:4] for name in NAMES}

answers = st.fixed_dictionaries({}, optional={n: st.sampled_from(o) for n, o in FEW.items()})
cohorts = st.dictionaries(st.integers(0, 50), answers, min_size=1, max_size=12)


def plain_score(now, kept, everybody, slip):
    """The formula of the module, one answer at a time, in ordinary Python."""
    total = 0.0
    for name, was in kept.items():
        said = now.get(name)
        if said is None:
            continue
        counts = Counter(other[name] for other in everybody if name in other)
        size = len(OPTIONS[name])
        popularity = (counts[was] + 0.5) / (sum(counts.values()) + 0.5 * size)
        if said == was:
            total += math.log2(((1 - slip) + slip * popularity) / popularity)
        else:
            total += math.log2(slip)
    return total


def everybody_different(count, *, seed=1):
    draws = random.Random(seed)
    return {
        person: {name: draws.choice(OPTIONS[name]) for name in draws.sample(list(OPTIONS), 8)}
        for person in range(count)
    }


@settings(max_examples=200)
@given(cohorts, answers, st.sampled_from([0.05, 0.15, 0.4]))
def test_the_fast_scores_are_those_of_the_plain_formula(enrolled, now, slip):
    everybody = list(enrolled.values())
    layout = matching.Layout.of(OPTIONS)
    kept = matching.table([layout.places(kept) for kept in everybody])
    asked = layout.row(now)
    worth = matching.weights(kept, layout.question_of(), np.full(len(OPTIONS), slip, np.float32))

    fast = matching.scores(matching.rows_of_worth(asked, layout.question_of(), worth), kept)[0]

    plain = [plain_score(now, kept, everybody, slip) for kept in everybody]
    np.testing.assert_allclose(fast, plain, atol=1e-4)


@given(cohorts, answers)
def test_a_proposal_is_the_best_by_the_plain_formula_or_nobody(enrolled, now):
    scored = sorted(
        (
            plain_score(now, kept, list(enrolled.values()), matching.SLIP)
            for kept in enrolled.values()
        ),
        reverse=True,
    )
    margin = scored[0] - scored[1] if len(scored) > 1 else math.inf
    needed = math.log2(len(enrolled)) + 7

    found = matching.propose(now, enrolled)

    if found is None:
        assert scored[0] < needed + 1e-3 or margin < 4 + 1e-3
    else:
        assert found.score == pytest.approx(scored[0], abs=1e-3)
        assert found.score >= needed - 1e-3
        assert found.margin >= 4 - 1e-3


def test_somebody_who_repeats_everything_is_proposed():
    enrolled = everybody_different(300)

    found = matching.propose(enrolled[42], enrolled)

    assert found is not None
    assert found.person == 42


def test_two_people_with_the_same_answers_are_never_told_apart_by_chance():
    enrolled = everybody_different(300)
    enrolled[43] = enrolled[42]

    assert matching.propose(enrolled[42], enrolled) is None


def test_what_somebody_does_not_know_weighs_nothing():
    enrolled = everybody_different(300)
    now = dict(enrolled[42])
    forgotten = next(iter(now))

    without = matching.propose({k: v for k, v in now.items() if k != forgotten}, enrolled)
    unsure = matching.propose(now | {forgotten: None}, enrolled)

    assert without == unsure
    assert without is not None


def test_a_rare_answer_weighs_more_than_a_popular_one():
    name = NAMES[0]
    rare, popular = OPTIONS[name][:2]
    kept = [{name: popular}] * 98 + [{name: rare}] * 2

    assert plain_score({name: rare}, {name: rare}, kept, 0.15) > plain_score(
        {name: popular}, {name: popular}, kept, 0.15
    )


def test_an_answer_that_is_no_longer_an_option_weighs_nothing():
    enrolled = everybody_different(300)
    now = enrolled[42] | {"a question that was dropped": "yes", next(iter(OPTIONS)): "no option"}

    found = matching.propose(now, enrolled)

    assert found is not None
    assert found.person == 42


def test_nobody_is_proposed_where_nobody_is_enrolled_or_nobody_answers():
    assert matching.propose({NAMES[0]: OPTIONS[NAMES[0]][0]}, {}) is None
    assert matching.propose({}, everybody_different(5)) is None


def test_an_item_that_is_often_forgotten_counts_for_less():
    enrolled = everybody_different(300)
    now = dict(enrolled[42])
    often = dict.fromkeys(now, 0.5)

    sure, unsure = (matching.propose(now, enrolled, slips=slips) for slips in (None, often))

    assert sure is not None
    assert unsure is not None
    assert unsure.score < sure.score


def test_ten_thousand_people_are_searched_in_a_moment():
    enrolled = everybody_different(10_000)

    found = matching.propose(enrolled[7], enrolled)

    assert found is not None
    assert found.person == 7
