"""Readings of targets, what a band holds, and the ensemble that starts from the prior."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from footbridge.microsim import answers_fit, crossmodel, fit, posterior
from footbridge.microsim import targets as tt
from footbridge.microsim.calibration import Plan
from footbridge.microsim.crossmodel import NO_CLINICS, Beside, Published
from footbridge.microsim.discrepancy import errors
from footbridge.microsim.fit import COUNTED, predicted, residual, score, table
from footbridge.microsim.flows import Flow
from footbridge.microsim.months import URINE
from footbridge.microsim.parameters import defaults
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.samplers import AbcSmc, Ensemble
from footbridge.microsim.scenarios import tables_under
from footbridge.microsim.shares import detained_share, heroin_share, new_heroin_share

ROOT = Path(__file__).parents[2]


def test_march_2013_has_the_share_of_march_2013():
    # 1,272 of 2,098 thousand at the end of 2012; 1,458 of 2,955 at the end of 2014
    begins, ends = 1272 / 2098, 1458 / 2955

    assert heroin_share(2012) == pytest.approx(begins, rel=1e-3)
    assert heroin_share(2013.25) == pytest.approx(begins + (ends - begins) / 8, rel=1e-3)


def test_what_the_register_added_is_read_through_the_share_of_what_it_added():
    # 2009 to 2010: 978 to 1,065 of 1,336 to 1,545 thousand
    assert new_heroin_share(2009) == pytest.approx(87 / 209, rel=0.01)
    assert new_heroin_share(2009) < 0.6 * heroin_share(2009)


def test_the_share_of_the_detained_ends_where_it_is_told_to():
    assert detained_share(2017, 0.3) == pytest.approx(0.3)
    assert detained_share(2005, 0.3) == heroin_share(2005)


def test_errors_of_observation_and_model_add_in_squares():
    assert errors(3) == pytest.approx([np.sqrt(0.5**2 + 0.5**2)] * 3)


def target(value, width, name="made"):
    return tt.Target(
        name, "", "", 2010, "made", "calibrate", "D", value, value / width, value * width
    )


def test_the_residual_is_the_root_mean_square_miss_in_tolerances():
    hit, miss = target(10.0, 1.2, "hit"), target(10.0, 1.2, "miss")

    assert residual({hit: [10.0]}) == pytest.approx(0.0, abs=1e-9)
    assert residual({hit: [10.0], miss: [14.4]}) == pytest.approx(np.sqrt(2.0))


def test_a_predictive_band_of_one_draw_is_the_error_alone():
    low, high = predicted(target(10.0, 1.2), [10.0] * 50, 0.7)

    edge = 0.7 * np.log(1.2) * norm.ppf(0.95)
    assert np.log(high / 10.0) == pytest.approx(edge, rel=0.06)
    assert np.log(10.0 / low) == pytest.approx(edge, rel=0.06)
    assert predicted(target(10.0, 1.2), [10.0], 0.0) == pytest.approx((10.0, 10.0))


def test_a_share_among_nine_people_is_as_wide_as_nine_people_make_it():
    share = tt.catalogue()["nh_unreg"]

    low, high = predicted(share, [0.5], 0.0)

    assert COUNTED["nh_unreg"] == 9
    assert (low, high) == pytest.approx((2 / 9, 7 / 9))  # binomial 5 and 95 %: 2 and 7 of 9


def test_a_third_of_nine_people_is_three_of_them_however_it_was_rounded():
    # At one half the band of nine begins at 2; where 3 of 9 is its very end, .333 is inside too.
    third = tt.catalogue()["nh_inj"]
    row = fit._row(third, [0.6] * 3, 0.5)

    assert third.value == 0.333
    assert row.predicted_low == pytest.approx(3 / 9)  # binomial 5 %: 3 of 9
    assert row.covered


def test_what_is_held_out_by_time_sets_no_width(monkeypatch):
    seen = []
    monkeypatch.setattr(fit, "residual", lambda fitted: seen.append(set(fitted)) or 0.5)

    table([defaults()], how=Setting(n_persons=300), until=2012)

    assert seen == [{t for t in tt.of_use("calibrate") if t.year <= 2012}]


def test_figures_that_are_inputs_too_are_counted_apart():
    years = {f"mmt_urine_{int(year)}": share for year, share in URINE}
    held_out = {t.id: t for t in tt.of_use("validate")}
    urine = {name for name in held_out if name.startswith("mmt_urine_")}

    assert set(held_out) >= fit.GIVEN
    assert urine == {name for name in fit.GIVEN if name.startswith("mmt_urine_")}
    assert all(years[name] == held_out[name].value for name in urine)
    rows = table([defaults()], how=Setting(n_persons=300))
    result = score(rows)
    assert result.held_out - result.tested == len(fit.GIVEN)
    assert f"{result.tested_covered} of {result.tested}" in result.sentence()


def test_after_a_year_every_later_figure_is_held_out():
    rows = table([defaults()], how=Setting(n_persons=300))
    by_time = score(rows, until=2012)

    assert by_time.held_out == sum(r.year > 2012 for r in rows) > score(rows).held_out / 3
    assert by_time.calibrated == sum(r.use == "calibrate" and r.year <= 2012 for r in rows)


def test_an_ensemble_finds_the_posterior_of_a_linear_model():
    # Prior N(0, 1) on two coordinates, y = 2 x + error of sd 0.5, y seen as 1: in closed form
    # x has mean 2 / 4.25 * ... = 16 / 17 * 0.5 and variance 1 / 17; the other stays N(0, 1).
    group = Ensemble(np.array([0.5]), 2_000, 2, 4, seed=1)
    while len(points := group.ask()):
        group.tell(points, 2.0 * norm.ppf(points[:, :1]) - 1.0)

    x, free = group.normal.T
    assert x.mean() == pytest.approx(8 / 17, abs=0.02)
    assert x.var() == pytest.approx(1 / 17, rel=0.1)
    assert free.mean() == pytest.approx(0.0, abs=0.05)
    assert free.std() == pytest.approx(1.0, rel=0.05)


def test_an_ensemble_is_the_same_again_when_told_the_same():
    def run():
        group = Ensemble(np.array([0.5, 1.0]), 40, 3, 3, seed=5)
        while len(points := group.ask()):
            group.tell(points, points[:, :2] - 0.4)
        return group.population

    np.testing.assert_array_equal(run(), run())


@pytest.mark.parametrize("structure", posterior.STRUCTURES)
def test_the_shipped_draws_were_fitted_to_no_held_out_target(structure):
    made = posterior.shipped_provenance(structure=structure)
    held_out = {t.id for t in tt.of_use("validate")}
    plan = Plan(**made["plan"])

    assert made["targets"] == [t.id for t in plan.targets()]
    assert not held_out & set(made["targets"])
    assert made["log"]["figures"] == sorted(made["targets"])
    assert plan.equal_detection == (structure == "equal")
    assert plan.until == (2012 if structure == posterior.BY_TIME else 2035)
    assert len(made["losses"]) == len(posterior.shipped(structure=structure)) >= 50
    if structure == posterior.BY_TIME:
        assert max(tt.catalogue()[name].year for name in made["targets"]) <= 2012


def test_the_shipped_scores_are_those_of_the_answers():
    shipped = files("footbridge.microsim").joinpath("data/score.json").read_text("utf-8")
    page = (ROOT / "docs/answers/README.md").read_text("utf-8")

    assert shipped == (ROOT / "docs/answers/score.json").read_text("utf-8")
    assert set(json.loads(shipped)) == set(posterior.STRUCTURES)
    for sentence in json.loads(shipped).values():
        assert sentence in page


def test_methadone_averts_deaths_and_its_absence_registers_no_client():
    how = Setting(n_persons=1_500)
    closed = simulate(tables_under(defaults(), NO_CLINICS), how)
    found = crossmodel.one_draw(defaults(), how)

    assert closed.flow[:, Flow.METHADONE].sum() == 0
    assert found["deaths"] > 0
    assert found["order"] == pytest.approx(found["care"] - found["less"])


def test_other_models_are_shown_with_direction_and_overlap():
    rows = [
        Beside(Published("a", "made", 9, "source"), 4.0, 2.0, 6.0),
        Beside(Published("b", "made", 9, "source", 8, 10), -4.0, -6.0, -2.0),
        Beside(Published("c", "made", 9, "source", 8, 10), 4.0, 2.0, 8.5),
    ]

    assert [r.overlaps for r in rows] == [None, False, True]
    assert [r.same_direction for r in rows] == [True, False, True]
    page = answers_fit.across(rows)
    assert page.count("no range published") == page.count("**other**") == 1


def test_the_first_page_lists_every_miss():
    rows = table([defaults()] * 2, how=Setting(n_persons=500))
    page = answers_fit.first_page(answers_fit.Evidence(rows), [defaults()] * 2, Setting(500))

    for row in rows:
        bad = not row.met if row.use == "calibrate" else not row.covered
        assert (f"| `{row.id}` |" in page) == bad
    assert score(rows).sentence() in page


def test_abc_smc_ends_once_every_particle_is_good_enough():
    sampler = AbcSmc(np.random.default_rng(0).random((100, 1)), 50, 1, enough=0.2)
    rounds = 0
    while len(points := sampler.ask()):
        sampler.tell(points, np.abs(points[:, 0] - 0.5))
        rounds += 1

    assert rounds < 20
    assert sampler.losses.max() <= 0.2
    assert sampler.tolerance == 0.2  # it never asks for more than enough
