"""Every equation block against a closed form or a case that a hand can check."""

import numpy as np
import pytest
from scipy.stats import gamma, weibull_min

from footbridge.microsim import draws, kernel
from footbridge.microsim import people as pp
from footbridge.microsim.calendar import NEVER, end_of, month_of
from footbridge.microsim.flows import Flow, empty_tally
from footbridge.microsim.months import Fact, month_table, monthly
from footbridge.microsim.observables import observe
from footbridge.microsim.parameters import defaults, with_values
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.scenarios import Scenario, Timed, tables_under
from footbridge.microsim.tables import (
    DIES_CENTRE,
    DIES_METHADONE,
    DIES_USING,
    Full,
    facts_of_month,
    logistic,
    lookups,
    stay_table,
    tables_of,
)
from footbridge.microsim.world import Frame, World

N = 40_000
USING = pp.USING
IN_METHADONE = pp.ABSTINENT | pp.METHADONE << 2
IN_CENTRE = pp.ABSTINENT | pp.CENTRE << 2


def alike(axes, *, n=N, flags=0, month=300, **stamps):
    """Return n people who are all in the same state."""
    blank = {
        "axes": axes, "flags": flags, "source": 0, "times": 0, "severity": 128, "stigma": 128,
        "income": 128, "belief": 128, "province": 0, "entry": 100, "route": NEVER,
        "birth": month - 35 * 12, "changed": month - 1, "detected": -1000, "until": -1000,
        "released": -1000, "private": -1000, "eta": 0.0,
    }  # fmt: skip
    blank |= stamps
    types = [np.uint8] * 9 + [np.int16] * 8 + [np.float32]
    return pp.People(
        *(
            np.full(n, blank[name], dtype=t)
            for name, t in zip(pp.People._fields, types, strict=True)
        )
    )


def a_month(people, *, month=300, values=None, full=None, **facts):
    """Move people on by one month, with some facts of it changed; return what was counted."""
    tables = tables_of(values or defaults())
    quiet = {Fact.KAPPA: 0.0, Fact.QUIT: 0.0, Fact.PRV_BEDS: 0.0, Fact.ACCESS: 0.0}
    for fact, value in {**quiet, **{Fact[k]: v for k, v in facts.items()}}.items():
        tables.months[month, fact] = value
    now = facts_of_month(tables, month, full or Full(0, 0, 0), (0.0, 0.0))
    tally = empty_tally()
    frame = Frame(month, month // 12, 0, len(people.axes), *draws.keys_of(77))
    kernel.advance(World(people, tables.lookups, now, tally, frame))
    return {flow: int(tally.flow[:, flow].sum()) for flow in Flow}


def close(count, probability, n=N, sds=4.5):
    return abs(count - n * probability) <= sds * np.sqrt(n * probability * (1 - probability)) + 1e-9


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
    a_month(people, month=month, KAPPA=5.0, P_FIRST=1.0)
    held = people.axes == IN_CENTRE

    stays = people.until[held] - month

    assert stays.max() == longest
    assert stays.min() == (1 if longest == 6 else 12)


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


def test_use_found_under_an_order_leads_to_a_centre():
    people = alike(USING | pp.ORDER << 2, until=310, detected=290, flags=pp.REGISTERED)

    found = a_month(people, KAPPA=5.0, P_FIRST=0.0, P_REPEAT=0.0)

    assert found[Flow.CENTRE] == found[Flow.DETECTED] > 0.9 * N


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
    ("months", "rate"), [(1, "drop_early"), (2, "drop_early"), (3, "drop_late")]
)
def test_leaving_methadone_falls_after_three_months(months, rate):
    found = a_month(alike(IN_METHADONE, changed=300 - months), POLICE=0.0)
    factor = np.exp(0.25 * pp.NORMAL[128])

    assert close(found[Flow.DROPPED], defaults()[rate] * factor, N - found[Flow.DEATH])


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


# -- block 7: return to use --------------------------------------------------------------------
def test_relapse_after_a_centre_has_its_published_median_of_31_days():
    days = observe_one("rel_cddc_median", rel_det=0.7, rel_k=0.45)

    assert days == pytest.approx(29.8, abs=0.1)
    assert 26 <= days <= 32  # Wegman 2017: 31 (26-32)


def test_a_voluntary_centre_with_methadone_lasts_beyond_its_published_lower_bound():
    # Wegman 2017: median 352 days, 95 % CI 256 to infinity, adjusted HR .16
    assert observe_one("rel_vtc_median", rel_det=0.7, rel_k=0.45) > 256


def observe_one(name, **changes):
    values = with_values(changes)
    run = simulate(tables_of(values), Setting(n_persons=50, months=480))
    return observe(run, values, use="calibrate")[name]


def test_relapse_by_month_is_the_weibull_of_the_source():
    values = with_values({"rel_det": 0.7, "rel_k": 0.45})
    table = lookups(values).relapse[0, 1:, :]
    curve = weibull_min(0.45, scale=0.7 ** (-1 / 0.45))
    severity = np.exp(values["rel_severity"] * pp.NORMAL.reshape(8, 32).mean(axis=1))

    kept = np.cumprod(1 - table, axis=0)

    for months in (1, 12, 36, 240):
        expected = curve.sf(months) ** severity
        np.testing.assert_allclose(kept[months - 1], expected, rtol=1e-6)


def test_the_kernel_returns_people_to_use_at_the_tabled_chance():
    people = alike(pp.ABSTINENT, changed=299, source=pp.FROM_CENTRE)
    found = a_month(people)
    chance = lookups(defaults()).relapse[0, 1, 128 >> 5]

    assert close(found[Flow.RELAPSED], chance, N - found[Flow.DEATH])


# -- block 8: release and linkage --------------------------------------------------------------
def test_release_comes_when_the_stay_ends_and_not_before():
    held = alike(IN_CENTRE, until=301)
    free = alike(IN_CENTRE, until=300)

    assert a_month(held)[Flow.RELEASED] == 0
    assert a_month(free)[Flow.RELEASED] > 0.99 * N


@pytest.mark.parametrize(
    ("mark", "months", "published"),
    [(0, 6, "link_base"), (pp.TREATED, 6, "link_indet"), (pp.MANAGED, 3, "rmi_link")],
)
def test_linkage_adds_up_to_its_published_share(mark, months, published):
    chance = {0: Fact.LINK_USUAL, pp.TREATED: Fact.LINK_TREATED}.get(mark, Fact.LINK_MANAGED)
    per_month = month_table(defaults())[300, chance]

    found = a_month(alike(pp.ABSTINENT, flags=mark, released=299, changed=299), QUIT=0.0)

    assert 1 - (1 - per_month) ** months == pytest.approx(defaults()[published], abs=1e-9)
    assert close(found[Flow.LINKED], monthly(defaults()[published], months), N - found[Flow.DEATH])


def test_recovery_management_does_not_touch_use_itself():
    # Hser 2013: positive urine .085 and .087; RMI must act through linkage and services only.
    values = with_values({"job_hr": 1.0})
    usual = a_month(alike(pp.ABSTINENT, released=250), values=values)
    managed = a_month(alike(pp.ABSTINENT, released=250, flags=pp.MANAGED | pp.JOB), values=values)

    assert usual[Flow.RELAPSED] == managed[Flow.RELAPSED] > 0


# -- block 9: overdose and death ---------------------------------------------------------------
def test_overdose_is_four_times_as_frequent_in_the_month_after_release():
    values = with_values({"od_release": 4.0, "od_inj": 0.15})
    injecting = USING | pp.INJECTS

    usual = a_month(alike(injecting, route=0), values=values)
    freed = a_month(alike(injecting, route=0, released=299), values=values)

    assert close(usual[Flow.OVERDOSE], 0.15 / 12, N)
    assert close(freed[Flow.OVERDOSE], 4 * 0.15 / 12, N)
    assert freed[Flow.OVERDOSE_RECENT] == freed[Flow.OVERDOSE]


def test_methadone_divides_overdose_and_a_centre_does_not_end_it():
    values = defaults()
    inside = a_month(alike(IN_METHADONE | pp.INJECTS, n=400_000, route=0))[Flow.OVERDOSE]
    rate = values["od_inj"] / 12
    held = a_month(alike(IN_CENTRE | pp.INJECTS, n=400_000, route=0, until=310))[Flow.OVERDOSE]

    assert close(inside, rate / values["od_mmt_rr"], 400_000)
    assert close(held, rate * values["od_centre"], 400_000)
    assert held > 0


def test_naloxone_takes_its_share_from_fatal_overdoses_only():
    values = with_values({"witnessed": 0.6, "nalox_eff": 0.9})
    scenario = Scenario("kits", levers=(Timed("naloxone_coverage", 0.5, 0),))

    with_kits = tables_under(values, scenario).months
    without = tables_of(values).months

    np.testing.assert_allclose(with_kits[:, Fact.FATAL], without[:, Fact.FATAL] * (1 - 0.27))
    np.testing.assert_array_equal(with_kits[:, Fact.OD_INJECT], without[:, Fact.OD_INJECT])


def test_deaths_in_and_out_of_methadone_have_their_published_rates():
    # Sordo 2017: 11.3 in and 36.1 out per 1,000 person-years, of which overdose 2.6 and 12.7.
    values = with_values({"acm_in": 11.3, "acm_out": 36.1, "od_mmt_rr": 4.8})
    table = lookups(values).death
    per_year = 1000 * (1 - (1 - table[:, 35]) ** 12)

    assert per_year[DIES_USING] + 12.7 == pytest.approx(36.1, abs=0.05)
    assert per_year[DIES_METHADONE] + 12.7 / 4.8 == pytest.approx(11.3, abs=0.05)


def test_nobody_can_make_a_centre_harmless():
    with pytest.raises(Exception, match="ex_centre = 0"):
        with_values({"ex_centre": 0.0})
    assert lookups(defaults()).death[DIES_CENTRE].min() > 0


# -- block 10: HIV -----------------------------------------------------------------------------
def test_hiv_reaches_only_people_who_inject_and_fewer_in_methadone():
    smoking = a_month(alike(USING), HIV_OUT=0.05)
    injecting = a_month(alike(USING | pp.INJECTS, route=0), HIV_OUT=0.05)
    inside = a_month(alike(IN_METHADONE | pp.INJECTS, route=0), HIV_OUT=0.05, HIV_IN=0.004)

    assert smoking[Flow.HIV] == 0
    assert close(injecting[Flow.HIV], 0.05, N)
    assert close(inside[Flow.HIV_METHADONE], 0.004, N)


def test_half_of_those_who_will_inject_do_so_within_the_median():
    values = with_values({"inj_median": 12.0})
    people = pp.create(values, 60_000, keys=draws.keys_of(9))
    will = (people.route < NEVER) & (people.entry < 550)
    wait = (people.route.astype(int) - people.entry)[will]
    men = (people.flags & pp.MALE > 0)[will]

    assert (wait[men] < 12).mean() == pytest.approx(0.5, abs=0.02)
    assert (wait[~men] < 24).mean() == pytest.approx(0.5, abs=0.03)  # Lai 2000: 11 and 22 months


# -- block 11: the register --------------------------------------------------------------------
def test_the_existing_register_forgets_after_36_months_without_detection():
    seen = {"flags": pp.REGISTERED, "n": 10}

    fresh = kernel.census(alike(USING, detected=265, **seen), 300, 10, -1)
    gone = kernel.census(alike(USING, detected=264, **seen), 300, 10, -1)

    assert fresh[2] == 10
    assert gone[2] == 0
    assert fresh[0] == gone[0] == 10


@pytest.mark.parametrize("place", [pp.METHADONE, pp.CENTRE, pp.ORDER])
def test_people_held_or_treated_stay_on_the_existing_register(place):
    people = alike(pp.ABSTINENT | place << 2, flags=pp.REGISTERED, detected=0, n=10)

    assert kernel.census(people, 300, 10, -1)[2] == 10


def test_the_database_of_2006_has_only_those_seen_since_its_cut():
    people = alike(USING, flags=pp.REGISTERED, detected=200, n=10)

    assert kernel.census(people, 300, 10, 200)[1] == 10
    assert kernel.census(people, 300, 10, 201)[1] == 0


def test_the_three_regimes_count_a_hand_made_register(baseline):
    cumulative = baseline.flow[: 2014 - 1983, Flow.REGISTERED].sum()
    alive, database, existing = baseline.census[end_of(2014) // 3, :3]

    assert cumulative > alive >= database > existing > 0


def test_the_dead_are_in_no_register_but_the_cumulative_one():
    people = alike(pp.DEAD, flags=pp.REGISTERED, detected=299, n=10)

    assert kernel.census(people, 300, 10, -1).sum() == 0


# -- occupancy ---------------------------------------------------------------------------------
def test_methadone_fills_its_places_and_hovers_there():
    # occupancy acts with a month's delay, so a month may be above and the mean is not
    tables = tables_under(
        with_values({"seek_alpha": -2.5}), Scenario("few", levers=(Timed("mmt_places", 0.4, 0),))
    )
    run = simulate(tables, Setting(n_persons=3_000, seed=1))
    inside = run.states.reshape(624, 2, 4, 8, 4)[:, :, :, pp.METHADONE].sum(axis=(1, 2, 3))
    places = tables.months[:, Fact.PLACES]

    late = slice(month_of(2012), None)

    share = (inside * run.weight)[late].mean() / places[late].mean()
    assert 0.7 < share <= 1.02
