import hashlib
import json

import numpy as np
import pytest

from footbridge.microsim import calibration
from footbridge.microsim import targets as tt
from footbridge.microsim.calibration import Plan, calibrate, deviation, loss_of, start_point
from footbridge.microsim.errors import CalibrationError, TargetError
from footbridge.microsim.fit import face_check, score, table
from footbridge.microsim.observables import observe, observer
from footbridge.microsim.parameters import catalogue, defaults, varying
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.samplers import AbcSmc, Waves, latin_hypercube, reflect
from footbridge.microsim.shares import heroin_share_knots
from footbridge.microsim.tables import tables_of

SMALL = Plan(n_persons=300, wide=4, waves=2, ensemble=6, steps=2, particles=6, generations=2)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("calibration") / "log.jsonl"
    return calibrate(SMALL, path), path


def test_no_held_out_target_entered_the_calibration_by_its_own_log(finished):
    header, *trials = [json.loads(line) for line in finished[1].read_text().splitlines()]
    held_out = {t.id for t in tt.of_use("validate")}
    fitted = {t.id for t in tt.of_use("calibrate")}

    assert len(fitted) == 76
    assert set(header["targets"]) == fitted
    assert trials
    for line in trials:
        assert set(line["figures"]) == fitted
        assert not set(line["figures"]) & held_out


def test_heroin_shares_use_no_held_out_figure():
    held_out = {t.value for t in tt.of_use("validate") if t.id.startswith("reg_")}
    fitted = {t.id: t.value for t in tt.of_use("calibrate") if t.id.startswith("reg_")}
    shares = {a / b for a in fitted.values() for b in fitted.values()} | {0.94}

    assert all(share in shares for _, share in heroin_share_knots())
    assert not held_out & {share for _, share in heroin_share_knots()}


def test_a_killed_calibration_goes_on_and_computes_nothing_twice(finished, tmp_path, monkeypatch):
    whole, full = finished
    lines = full.read_text().splitlines()
    cut = tmp_path / "cut.jsonl"
    cut.write_text("\n".join(lines[:15]) + "\n" + lines[15][: len(lines[15]) // 2])
    calls = []
    trial = calibration.trial
    monkeypatch.setattr(calibration, "trial", lambda x, plan: calls.append(1) or trial(x, plan))

    resumed = calibrate(SMALL, cut)

    assert len(calls) == len(lines) - 15
    assert cut.read_text() == full.read_text()
    np.testing.assert_array_equal(resumed.points, whole.points)


def test_the_digest_of_a_log_names_every_figure_that_any_line_held(finished):
    posterior, path = finished
    lines = path.read_text().splitlines()[1:]

    digest = posterior.provenance()["log"]

    assert digest["figures"] == sorted(t.id for t in tt.of_use("calibrate"))
    assert sum(stage["trials"] for stage in digest["stages"].values()) == len(lines)
    assert digest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_several_starts_are_pooled_and_none_follows_another(tmp_path):
    plan = Plan(n_persons=100, ensemble=3, steps=1, starts=2, particles=6, generations=1)

    found = calibrate(plan, tmp_path / "log.jsonl")

    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()[1:]]
    firsts = [line["point"] for line in log if line["stage"] == "ensemble"]
    assert len(firsts) == 6
    assert not set(map(tuple, firsts[:3])) & set(map(tuple, firsts[3:]))
    assert len(found.points) == 6


def test_a_log_of_another_plan_is_refused(finished):
    with pytest.raises(CalibrationError, match="another calibration"):
        calibrate(Plan(seed=2), finished[1])


def test_a_hold_out_by_time_fits_nothing_later():
    assert max(t.year for t in Plan(until=2012).targets()) <= 2012
    assert len(Plan(until=2012).targets()) > 40


def test_the_edge_of_every_band_is_one_tolerance_away():
    for target in tt.of_use("calibrate"):
        if np.isfinite(target.high):
            assert deviation(target, target.high) == pytest.approx(1.0)
            assert deviation(target, target.low) == pytest.approx(-1.0)
        else:
            assert deviation(target, target.low) == 0.0


def test_the_loss_grows_linearly_far_away():
    target = tt.catalogue()["mmt_on_2011"]
    near = {"mmt_on_2011": target.value}
    far = [loss_of({"mmt_on_2011": target.value * k}, [target]) for k in (10, 100, 1000)]

    assert loss_of(near, [target]) < 0.01
    assert far[2] - far[1] == pytest.approx(far[1] - far[0])


def test_every_calibrated_target_has_an_observable():
    assert [t.id for t in tt.of_use("calibrate") if observer(t.id) is None] == []


def test_only_targets_of_the_asked_use_are_formed(baseline):
    formed = observe(baseline, defaults(), use="calibrate")

    assert set(formed) == {t.id for t in tt.of_use("calibrate")}
    with pytest.raises(TargetError, match="calibrate, validate"):
        tt.of_use("fit")


def test_the_simplest_observables_are_those_of_a_hand_count(baseline):
    figures = observe(baseline, defaults(), use="calibrate")
    inside = baseline.states[27 * 12 + 11].reshape(2, 4, 8, 4)[:, :, 1].sum()

    assert figures["mmt_on_2011"] == pytest.approx(inside * baseline.weight)
    assert figures["mmt_cov_ever"] == pytest.approx(
        figures["mmt_ever_2011"] / figures["reg_heroin_B_2011"]
    )
    assert figures["hidden_seed"] > 1.0


def test_the_start_is_the_shipped_values():
    point = start_point()
    got = [p.at(q) for p, q in zip(varying(), point, strict=True)]

    for parameter, value in zip(varying(), got, strict=True):
        width = parameter.high - parameter.low
        assert abs(value - parameter.value) < 0.01 * width


def test_a_latin_hypercube_has_one_point_in_every_slice():
    points = latin_hypercube(50, 4, np.random.default_rng(1))

    for column in points.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_waves_find_the_bottom_of_a_bowl():
    goal = np.array([0.3, 0.7, 0.5, 0.2])
    waves = Waves(np.full(4, 0.5), np.array([True, True, True, False]), 60, 4)
    while len(points := waves.ask()):
        waves.tell(points, ((points - goal)[:, :3] ** 2).sum(axis=1))

    np.testing.assert_allclose(waves.mean, goal[:3], atol=1e-3)


def test_abc_smc_recovers_a_known_posterior():
    # Uniform prior and loss |x - 0.4| give, under tolerance e, the uniform law on 0.4 +- e.
    start = np.random.default_rng(0).random((400, 1))
    sampler = AbcSmc(start, 14, 1, keep=0.7)
    while len(points := sampler.ask()):
        sampler.tell(points, np.abs(points[:, 0] - 0.4))

    x = sampler.population[:, 0]
    assert np.abs(x - 0.4).max() <= sampler.tolerance < 0.02
    assert x.mean() == pytest.approx(0.4, abs=sampler.tolerance / 4)
    assert x.std() == pytest.approx(sampler.tolerance / np.sqrt(3), rel=0.25)


def test_reflection_stays_in_the_cube_and_keeps_what_is_inside():
    points = np.random.default_rng(2).normal(0.5, 2.0, (200, 3))

    assert ((reflect(points) >= 0) & (reflect(points) <= 1)).all()
    np.testing.assert_array_equal(reflect(np.full((1, 2), 0.3)), np.full((1, 2), 0.3))


def test_every_parameter_and_target_has_a_source_and_a_grade():
    for one in (*catalogue().values(), *tt.catalogue().values()):
        assert one.source
        assert one.grade in "ABCD"


def test_the_table_lists_every_comparable_target_and_the_score_counts_it():
    rows = table([defaults()], how=Setting(n_persons=500))
    result = score(rows)

    assert sum(r.use == "calibrate" for r in rows) == result.calibrated == 76
    assert result.met == sum(r.met for r in rows if r.use == "calibrate")
    assert f"{result.met} of 76" in result.sentence()


def test_a_face_check_is_the_two_sided_chance_of_the_count():
    # Nine people, none expected to inject: three are far out of what the model allows.
    assert face_check(3 / 9, [0.01]) < 0.001
    assert face_check(3 / 9, [0.33]) > 0.9


def test_truth_is_found_again_from_simulated_targets(tmp_path, monkeypatch):
    """Recovery: fit the model to its own figures and find them met."""
    plan = Plan(n_persons=300, wide=4, waves=6, ensemble=0, particles=3, generations=1, step=0.1)
    truth = calibration.values_at(start_point(), plan)
    outcome = simulate(tables_of(truth), Setting(n_persons=300, seed=1, months=456))
    figures = observe(outcome, truth, use="calibrate")
    made = tuple(
        tt.Target(t.id, "", "", t.year, "made", "calibrate", "D", figures[t.id],
                  0.9 * figures[t.id], 1.1 * figures[t.id])
        for t in tt.of_use("calibrate") if figures[t.id] > 0
    )  # fmt: skip
    monkeypatch.setattr(Plan, "targets", lambda self: made)
    draws = np.random.default_rng(3)
    away = draws.uniform(0.25, 0.75, start_point().size)
    monkeypatch.setattr(calibration, "start_point", lambda: away)
    before = loss_of(calibration.trial(away, plan), made)

    found = calibrate(plan, tmp_path / "log.jsonl")

    assert found.losses.min() < 0.8 * before
