"""Equation blocks against a closed form or a case by hand: entering, the law, seeking care."""

import numpy as np
import pytest
from scipy.stats import gamma

from footbridge.microsim import draws
from footbridge.microsim import people as pp
from footbridge.microsim import targets as tt
from footbridge.microsim.calendar import month_of
from footbridge.microsim.flows import Flow
from footbridge.microsim.months import Fact, month_table
from footbridge.microsim.parameters import defaults, with_values
from footbridge.microsim.tables import (
    Full,
    logistic,
    lookups,
    stay_table,
)
from tests.microsim.blocks import IN_CENTRE, IN_METHADONE, USING, N, a_month, alike, close


# -- block 1: initiation -----------------------------------------------------------------------
def test_people_begin_along_the_gamma_curve_with_its_late_factor():
    values = with_values({"init_mode": 1998.0, "init_shape": 5.0, "init_late": 1.0})
    entry = pp.create(values, 50_000, keys=draws.keys_of(3)).entry
    curve = gamma(5.0, scale=14.0 / 4.0)

    share_by_2000 = (entry < month_of(2000)).mean()

    assert share_by_2000 == pytest.approx(curve.cdf(16.0) / curve.cdf(52.0), abs=2e-3)
    assert (np.diff(entry) >= 0).all()


def test_the_late_factor_cuts_initiation_from_2007():
    full = pp.entry_curve(with_values({"init_late": 1.0}))
    half = pp.entry_curve(with_values({"init_late": 0.5}))
    at = month_of(2007) - 1

    ratio = (half[-1] - half[at]) / half[at] / ((full[-1] - full[at]) / full[at])

    assert ratio == pytest.approx(0.5, rel=1e-6)


def test_one_simulated_person_stands_for_an_equal_share_of_all():
    values = defaults()
    begun_by_2023 = pp.entry_curve(values)[month_of(2023, 12)]

    weight = pp.persons_represented(values, 1_000)

    assert weight * 1_000 * begun_by_2023 == pytest.approx(values["N_ever"])


# -- block 2: detection ------------------------------------------------------------------------
def test_detection_is_the_hazard_times_its_multipliers():
    found = a_month(alike(USING, detected=280, flags=pp.REGISTERED), KAPPA=0.02, M_REG=2.5)
    z = pp.NORMAL[128]
    g = defaults()["detect_income"]

    assert close(found[Flow.DETECTED], 0.02 * 2.5 * np.exp(-g * z - g * g / 2), N)


@pytest.mark.parametrize(("detected", "ratio"), [(265, 2.5), (264, 0.4)])
def test_who_is_unseen_for_three_years_is_looked_for_at_another_rate(detected, ratio):
    people = alike(USING, detected=detected, flags=pp.REGISTERED)
    flat = with_values({"detect_income": 0.0})

    found = a_month(people, values=flat, KAPPA=0.02, M_REG=2.5, M_OLD=0.4)

    assert close(found[Flow.DETECTED], 0.02 * ratio)


def test_income_moves_who_is_found_and_not_how_many():
    for g in (0.0, 0.7, 1.1):
        table = lookups(with_values({"detect_income": g})).detect

        assert table.mean() == pytest.approx(1.0, abs=0.03)
        assert (np.diff(table) <= 0).all()


def test_detection_runs_through_its_knots_and_surges_between_2010_and_2014():
    values = with_values({"surge": 2.0, "kappa_2009": 0.12, "kappa_2014": 0.12})
    path = month_table(values)[:, Fact.KAPPA] * 12

    assert path[month_of(1999)] == pytest.approx(values["kappa_1999"])
    assert path[month_of(2012)] == pytest.approx(0.24)
    assert path[month_of(2009)] == pytest.approx(0.12)


def test_detection_follows_the_number_of_people_caught_after_2016():
    values = with_values({"kappa_follow": 1.0})
    caught = {year: tt.catalogue()[f"caught_{year}"].value for year in (2016, 2019, 2022)}

    path = month_table(values)[:, Fact.KAPPA] * 12

    assert {tt.catalogue()[f"caught_{year}"].use for year in caught} == {"context"}
    for year, count in caught.items():
        expected = values["kappa_2016"] * count / caught[2016]
        assert path[month_of(year, 7)] == pytest.approx(expected)


# -- block 3: sanctions ------------------------------------------------------------------------
def test_penalties_have_their_published_lengths():
    early, labour, isolation = stay_table()

    assert (early.min(), early.max()) == (1, 6)
    assert early.mean() == pytest.approx(3.5, abs=0.05)
    assert (labour.min(), labour.max()) == (12, 36)
    assert labour.mean() == pytest.approx(24.0, abs=0.1)
    assert (isolation.min(), isolation.max()) == (12, 36)
    assert (isolation <= 26).mean() == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize(("month", "longest"), [(month_of(2008, 5), 6), (month_of(2008, 6), 36)])
def test_the_law_of_june_2008_changes_the_stay(month, longest):
    people = alike(USING, month=month)
    a_month(people, month=month, KAPPA=5.0, P_FIRST=1.0, STAY=1.0)
    held = people.axes == IN_CENTRE

    stays = people.until[held] - month

    assert stays.max() == longest
    assert stays.min() == (1 if longest == 6 else 12)


def test_a_stay_under_the_law_of_2008_lasts_the_given_mean():
    people = alike(USING)
    a_month(people, values=with_values({"sent_cid": 24.0}), KAPPA=5.0, P_FIRST=1.0)
    held = people.axes == IN_CENTRE

    assert (people.until[held] - 300).mean() == pytest.approx(24.0, abs=0.3)


def test_only_repeaters_were_sent_to_labour_and_only_before_june_2008():
    before = a_month(alike(USING, times=1, month=200), month=200, KAPPA=5.0, P_FIRST=1.0)
    first = a_month(alike(USING, times=0, month=200), month=200, KAPPA=5.0, P_FIRST=1.0)
    after = a_month(alike(USING, times=1), KAPPA=5.0, P_FIRST=1.0)

    assert close(before[Flow.LABOUR], defaults()["p_rul"], before[Flow.CENTRE])
    assert first[Flow.LABOUR] == after[Flow.LABOUR] == 0


def test_an_order_follows_detection_only_under_the_law_of_2008():
    after = a_month(alike(USING), KAPPA=5.0, P_FIRST=0.0)
    before = a_month(alike(USING, month=200), month=200, KAPPA=5.0, P_FIRST=0.0)

    assert close(after[Flow.ORDER], defaults()["p_order"], after[Flow.DETECTED])
    assert before[Flow.ORDER] == 0
    assert before[Flow.FINE] == before[Flow.DETECTED]


@pytest.mark.parametrize("share", [1.0, 0.6])
def test_use_found_under_an_order_leads_to_a_centre_as_often_as_given(share):
    people = alike(USING | pp.ORDER << 2, until=310, detected=290, flags=pp.REGISTERED)

    found = a_month(people, KAPPA=5.0, P_FIRST=0.0, P_REPEAT=0.0, P_BREACH=share)

    assert found[Flow.DETECTED] > 0.9 * N
    assert close(found[Flow.CENTRE], share, found[Flow.DETECTED])
    assert found[Flow.ORDER] == 0


def test_full_centres_take_nobody():
    full = Full(0, 0, defaults()["det_cap"])

    assert a_month(alike(USING), KAPPA=5.0, P_FIRST=1.0, full=full)[Flow.CENTRE] == 0


# -- block 4: seeking --------------------------------------------------------------------------
def test_the_table_of_the_logistic_is_close_and_monotone():
    x = np.linspace(-15.9, 15.9, 20_001)
    table = lookups(defaults()).logistic

    ours = logistic(table, x)

    np.testing.assert_allclose(ours, 1 / (1 + np.exp(-x)), atol=4e-6)
    assert (np.diff(ours) >= 0).all()


@pytest.mark.parametrize(
    ("flags", "times", "extra"),
    [(0, 0, -2.0 - 0.8 * 0.5), (pp.REGISTERED, 0, -0.4), (pp.REGISTERED, 2, -0.8),
     (pp.REGISTERED | pp.EVER_METHADONE, 0, 1.2 - 0.4)],
)  # fmt: skip
def test_seeking_is_the_logistic_of_its_costs(flags, times, extra):
    values = with_values({"beta_reg": 2.0, "beta_fear": 0.8, "rho_ever": 1.2})
    chance = 0.5 / (1 + np.exp(1.0 - extra))

    found = a_month(
        alike(USING, flags=flags, times=times), values=values,
        full=Full(50.0, 0, 0), ACCESS=1.0, ALPHA=-1.0, PLACES=100.0, B_REG=2.0, B_FEAR=0.8,
        RHO=1.2,
    )  # fmt: skip

    assert close(found[Flow.METHADONE], chance, N - found[Flow.DEATH])


def test_full_clinics_enrol_nobody():
    found = a_month(alike(USING), full=Full(100.0, 0, 0), ACCESS=1.0, ALPHA=5.0, PLACES=100.0)

    assert found[Flow.METHADONE] == 0


def test_enrolment_registers_exactly_while_the_law_says_so():
    open_door = {"ACCESS": 1.0, "ALPHA": 8.0, "PLACES": 1e9}
    people = alike(USING)

    with_law = a_month(people, **open_door, REG_ENTRY=1.0)
    without = a_month(alike(USING), **open_door, REG_ENTRY=0.0)

    assert with_law[Flow.REGISTERED_BY_CARE] == with_law[Flow.METHADONE] > 0
    assert without[Flow.REGISTERED_BY_CARE] == 0
    assert (people.detected[people.axes == IN_METHADONE] == 300).all()


# -- block 5: private care ---------------------------------------------------------------------
def test_a_private_week_is_the_product_of_paying_and_wanting():
    values = defaults()
    found = a_month(
        alike(USING, flags=pp.REGISTERED), PRV_BEDS=1.0, PRV_SLOTS=1e9, PRV_ALPHA=-1.0,
        PRV_WTP=1.2, PRV_LOGPRICE=np.log(0.42),
    )  # fmt: skip
    z = pp.NORMAL[128]
    pays = 1.2 * (values["income_sd"] * z - np.log(0.42))
    wants = -1.0 - 0.3 * values["beta_stigma"] * z

    chance = 1 / (1 + np.exp(-pays)) / (1 + np.exp(-wants))

    assert close(found[Flow.PRIVATE], chance, N - found[Flow.DEATH])


def test_a_private_week_lasts_a_month_of_the_model_and_registers_nobody():
    people = alike(pp.ABSTINENT | pp.PRIVATE << 2)
    found = a_month(people)

    alive = people.axes & 3 != pp.DEAD

    assert (people.axes[alive] == pp.ABSTINENT).all()
    assert (people.source[alive] == pp.FROM_PRIVATE).all()
    assert found[Flow.REGISTERED] == 0


# -- block 6: leaving methadone ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("months", "rate"), [(1, "drop_early"), (3, "drop_early"), (4, "drop_late")]
)
def test_leaving_methadone_falls_after_three_months(months, rate):
    found = a_month(alike(IN_METHADONE, changed=300 - months), POLICE=0.0)
    factor = np.exp(0.25 * pp.NORMAL[128]) * lookups(defaults()).stays[128]

    assert close(found[Flow.DROPPED], defaults()[rate] * factor, N - found[Flow.DEATH])


def test_three_months_kept_are_three_months_of_leaving_survived():
    # 69 % at three months (Zhang 2013) is what three monthly hazards leave, not two.
    people = alike(IN_METHADONE, changed=299)
    for month in (300, 301, 302):
        found = a_month(people, month=month, POLICE=0.0, OD_METHADONE=0.0)
    factor = np.exp(0.25 * pp.NORMAL[128]) * lookups(defaults()).stays[128]
    kept = (1 - defaults()["drop_early"] * factor) ** 3

    inside = int((people.axes == IN_METHADONE).sum())
    assert found[Flow.KEPT_3] == inside
    assert inside / N == pytest.approx(kept, abs=0.015)


@pytest.mark.parametrize("spread", [0.2, 0.8, 1.6])
def test_some_clients_leave_early_and_some_stay_with_the_same_mean_hazard(spread):
    table = lookups(with_values({"drop_spread": spread})).stays

    assert table.mean() == pytest.approx(1.0, abs=0.12)
    assert (np.diff(table) < 0).all()
    assert np.log(table[16] / table[239]) == pytest.approx(
        spread * (pp.NORMAL[239] - pp.NORMAL[16])
    )


def test_access_to_clinics_fades_after_2012_towards_its_late_share():
    whole = month_table(with_values({"access_late": 1.0}))[:, Fact.ACCESS]
    faded = month_table(with_values({"access_late": 0.4}))[:, Fact.ACCESS]

    assert faded[month_of(2011)] == whole[month_of(2011)]
    assert faded[month_of(2025)] == pytest.approx(0.4 * whole[month_of(2025)])


def test_a_positive_urine_nearly_triples_removal_by_the_police():
    def taken(share):
        return a_month(alike(IN_METHADONE), POLICE=0.02, URINE=share)[Flow.POLICE] / N

    assert taken(1.0) == pytest.approx(0.04, rel=0.1)
    assert taken(0.0) == pytest.approx(0.014, rel=0.15)


def test_people_taken_from_a_clinic_are_held_in_a_centre():
    people = alike(IN_METHADONE, flags=pp.REGISTERED | pp.EVER_METHADONE)
    found = a_month(people, POLICE=1.0, URINE=1.0)

    assert found[Flow.CENTRE] == found[Flow.POLICE] > 0.95 * N
    assert ((people.axes == IN_CENTRE) == (people.times == 1)).all()
