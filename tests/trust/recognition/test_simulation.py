import numpy as np
import pytest

from footbridge.trust.recognition import matching, simulation
from footbridge.trust.recognition.memory import PICKED, questions


def draws(seed=1):
    return np.random.default_rng(seed)


def sized():
    return [simulation.zipf(len(question.options)) for question in questions().values()]


def test_eight_invented_answers_are_as_surprising_as_the_facts_assume():
    both = np.array([simulation.entropies(popularity) for popularity in sized()])

    shannon, least = PICKED * both.mean(axis=0)

    assert shannon == pytest.approx(35, abs=1.5)
    assert least == pytest.approx(23, abs=3.0)


def test_what_is_popular_follows_the_law_of_zipf():
    popularity = simulation.zipf(30, exponent=0.75)

    slope = np.polyfit(np.log(np.arange(1, 31)), np.log(popularity), 1)[0]

    assert slope == pytest.approx(-0.75)
    assert popularity.sum() == pytest.approx(1)


def test_invented_people_answer_as_the_popularity_says():
    popularity = sized()[:3]

    said = simulation.answered(20_000, popularity, draws=draws())

    start = 1 + len(popularity[0])
    shares = np.bincount(said[:, 1] - start, minlength=len(popularity[1])) / 20_000
    np.testing.assert_allclose(shares, popularity[1], atol=0.01)


def test_everybody_keeps_eight_answers_to_different_questions():
    cohort = simulation.new_cohort(200, draws=draws())

    asked = np.sort(cohort.question_of[cohort.enrolled], axis=1)

    assert asked.shape == (200, PICKED)
    assert (np.diff(asked, axis=1) > 0).all()


@pytest.mark.parametrize(("months", "agreement"), [(2, 0.92), (12, 0.84)])
def test_people_who_come_back_agree_as_often_as_published(months, agreement):
    cohort = simulation.new_cohort(500, draws=draws())
    who = np.arange(500).repeat(40)

    said = simulation.come_back(cohort, who, months=months, draws=draws(2))

    kept = cohort.enrolled[who]
    same = np.take_along_axis(said, cohort.question_of[kept], axis=1) == kept
    spread = same.mean(axis=1).var() * PICKED / (same.mean() * (1 - same.mean()))
    assert same.mean() == pytest.approx(agreement, abs=0.005)
    assert spread > 1.02, "people differ in how well they remember"


def test_nothing_is_assumed_about_other_times():
    cohort = simulation.new_cohort(5, draws=draws())

    with pytest.raises(KeyError):
        simulation.come_back(cohort, np.arange(5), months=6, draws=draws())


@pytest.mark.parametrize("known", [0, 4, 8])
def test_somebody_close_gives_at_least_the_answers_that_they_know(known):
    cohort = simulation.new_cohort(300, draws=draws())
    who = np.arange(300)

    said = simulation.somebody_close(cohort, who, known=known, draws=draws(2))

    kept = cohort.enrolled
    same = (np.take_along_axis(said, cohort.question_of[kept], axis=1) == kept).sum(axis=1)
    assert same.min() >= known
    assert same.mean() < known + (PICKED - known) * 0.15 + 1e-9


def test_the_simulation_judges_by_what_the_site_would_do():
    cohort = simulation.new_cohort(60, draws=draws(3))
    said = simulation.come_back(cohort, np.arange(60), months=12, draws=draws(4))
    options = {name: list(question.options) for name, question in questions().items()}
    named = [(name, option) for name, ids in options.items() for option in ids]
    enrolled = {n: dict(named[place - 1] for place in row) for n, row in enumerate(cohort.enrolled)}

    found = simulation.proposed(cohort, said)

    for person, row in enumerate(said):
        at_site = matching.propose(dict(named[place - 1] for place in row), enrolled)
        assert (at_site.person if at_site else -1) == found[person]


def test_the_same_seed_gives_the_same_shares():
    one, other = (simulation.simulate(100, months=2, trials=400, draws=draws(9)) for _ in range(2))

    assert one == other
    assert one.trials == 400
