import numpy as np
import pytest
from scipy.stats import norm

from footbridge.microsim import figures, report
from footbridge.microsim.analysis import (
    Band,
    Comparison,
    compare,
    curve,
    drivers,
    prcc,
    variance_ratio,
)
from footbridge.microsim.errors import MicrosimError
from footbridge.microsim.measures import GROUPS, MEASURES, Window, judge
from footbridge.microsim.parameters import defaults, with_values
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.scenarios import BASELINE, read
from footbridge.microsim.sensitivity import Emulator, sobol, tornado, value_of_knowing
from footbridge.microsim.tables import tables_of

HOW = Setting(n_persons=1_500)


@pytest.fixture(scope="module")
def compared():
    draws = [with_values({"acm_out": x}) for x in (25.0, 32.0, 40.0)]
    return compare([read("q3-detention"), read("naloxone")], draws, how=HOW)


def test_sobol_indices_of_ishigami_are_the_published_ones():
    # Ishigami & Homma 1990, a = 7, b = 0.1: S = .3139, .4424, 0; ST = .5576, .4424, .2437.
    def ishigami(u):
        x = (2 * u - 1) * np.pi
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    first, total = sobol(ishigami, 3, n_base=2**15)

    np.testing.assert_allclose(first, [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(total, [0.5576, 0.4424, 0.2437], atol=0.02)
    with pytest.raises(MicrosimError, match="constant"):
        sobol(lambda u: np.ones(len(u)), 2)


def test_partial_rank_correlations_of_ranks_are_the_partial_correlations():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(4_000, 3))
    y = 2.0 * x[:, 0] - 1.0 * x[:, 1] + rng.normal(size=4_000)

    found = prcc(x, y**3)  # any increasing function has the same ranks

    # Partial correlations of the linear model: 2/sqrt(5), -1/sqrt(2), 0; ranks shrink them a bit.
    np.testing.assert_allclose(found, [2 / np.sqrt(5), -1 / np.sqrt(2), 0.0], atol=0.06)
    with pytest.raises(MicrosimError, match="more draws"):
        prcc(x[:4], y[:4])


def test_the_emulator_fits_a_quadratic_and_says_how_well():
    rng = np.random.default_rng(2)
    x = rng.random((120, 3))
    y = 1 + 2 * x[:, 0] - 3 * x[:, 1] ** 2

    good = Emulator.fit(x, y, ridge=1e-8)
    useless = Emulator.fit(x, rng.normal(size=120))

    np.testing.assert_allclose(good(x), y, atol=1e-6)
    assert good.r_squared > 0.999
    assert useless.r_squared < 0.2
    bars = tornado(good, x)
    np.testing.assert_allclose(bars[2, 0], bars[2, 1], atol=1e-5)
    assert bars[0, 1] > bars[0, 0]


def test_the_value_of_knowing_is_that_of_the_textbook_case():
    # Benefits 0 and theta, theta ~ N(0, 1): E max(0, theta) - 0 = 1 / sqrt(2 pi).
    theta = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    benefits = np.column_stack([np.zeros_like(theta), theta])

    assert value_of_knowing(benefits, theta) == pytest.approx(1 / np.sqrt(2 * np.pi), abs=1e-3)
    assert value_of_knowing(benefits, np.ones_like(theta)) == 0.0


def test_a_band_holds_its_quantiles():
    band = Band.of(np.arange(101.0))

    assert (band.low90, band.low50, band.median, band.high50, band.high90) == (5, 25, 50, 75, 95)
    assert band.sign_is_sure
    assert not Band.of([-1.0, 1.0]).sign_is_sure


def test_contrasts_are_paired_by_draw(compared):
    change = compared.change("overdose_deaths", 2, percent=False)
    figures_ = compared.figures["overdose_deaths"]

    np.testing.assert_allclose(change, figures_[:, 2] - figures_[:, 0])
    assert (change < 0).all()
    assert compared.titles[0] == BASELINE.title


def test_ending_detention_empties_the_centres_and_shows_the_trade_off(compared):
    assert compared.band("detention_years", 1).median < -70
    assert compared.band("detention_deaths", 1).median < -50
    assert np.isfinite(compared.band("use_years", 1).median)


def test_naloxone_moves_deaths_and_hardly_use(compared):
    assert compared.band("overdose_deaths", 2).high90 < -10
    assert abs(compared.band("use_years", 2).median) < 2


def test_a_comparison_that_is_stopped_keeps_what_is_done():
    draws = [defaults()] * 3

    part = compare([read("rmi")], draws, how=HOW, progress=lambda done, n: done < 2)

    assert len(part.draws) == 2
    assert not part.complete
    with pytest.raises(MicrosimError, match="nothing to compare"):
        compare([read("rmi")], [], how=HOW)


def test_pairing_cuts_the_variance_tenfold_for_recovery_management():
    ratio = variance_ratio(
        "methadone_years", read("rmi"), defaults(), seeds=range(6), how=Setting(n_persons=3_000)
    )

    assert ratio >= 10


def test_groups_add_up_to_all():
    tables = tables_of(defaults())
    run = simulate(tables, HOW)
    judged = {g: judge(run, tables, window=Window(2012, 2021), group=g) for g in GROUPS}

    for measure in ("methadone_entries", "deaths", "use_years", "detention_years"):
        whole = judged["all"][measure]
        assert judged["women"][measure] + judged["men"][measure] == pytest.approx(whole)
        fifths = sum(judged[f"fifth{k}"][measure] for k in range(1, 6))
        assert fifths == pytest.approx(whole)


def test_the_three_denominators_of_coverage_are_in_their_order():
    tables = tables_of(defaults())
    judged = judge(simulate(tables, HOW), tables, window=Window(2006, 2011))

    assert 0 < judged["coverage_known"] < judged["coverage_existing"]
    assert judged["coverage_users"] > 0


def test_drivers_name_the_parameter_that_moves_the_answer():
    rng = np.random.default_rng(5)
    draws = [{"a": x, "b": y, "c": 1.0} for x, y in rng.random((40, 2))]
    base = np.full(40, 100.0)
    other = base + np.array([50 * d["a"] + d["b"] for d in draws])
    made = Comparison(("B", "S"), {"m": np.column_stack([base, other])}, draws, 40)

    found = drivers(made, "m", 1)

    assert found[0][0] == "a"
    assert found[0][1] > 0.9
    assert "c" not in dict(found)


def test_a_curve_runs_through_one_parameter():
    points = curve(
        "beta_reg", (0.7, 4.0), read("q2-entry"), [defaults()], measure="methadone_years", how=HOW
    )

    assert [x for x, _ in points] == [0.7, 4.0]
    assert points[1][1].median > 0


def test_rows_name_every_measure_and_survive_json(compared):
    rows = report.contrast_rows(compared)

    assert len(rows) == 2 * len(MEASURES)
    assert report.as_text(rows, "csv").count("\n") == len(rows) + 1
    assert '"measure": "deaths"' in report.as_text(rows, "json")


def test_every_figure_is_an_svg_and_the_same_twice(tmp_path, compared):
    band = Band(1.0, 0.5, 1.5, -1.0, 3.0)
    for turn in ("a", "b"):
        folder = tmp_path / turn
        folder.mkdir()
        figures.fan(folder / "fan.svg", np.random.default_rng(1).random((5, 52)), title="Fan")
        figures.contrasts(folder / "contrasts.svg", [("deaths", band)], title="Contrasts")
        figures.tornado(folder / "tornado.svg", [("x", 1, 2)], title="Tornado", unit="%")
        figures.curve(folder / "curve.svg", [(0.0, band), (1.0, band)], title="Curve",
                      labels=("x", "y"), evidence=(0.2, 0.4))  # fmt: skip
        two = [read("q3-detention"), read("naloxone")]
        report.draw_figures(compared, two, folder, outcome="methadone_years")

    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    kinds = {"fan", "contrasts", "tornado", "curve", "contrasts-1", "contrasts-2", "states-0",
             "states-2", "methadone-0", "using-1", "centres-2"}  # fmt: skip
    assert {f"{kind}.svg" for kind in kinds} <= set(names)
    for name in names:
        text = (tmp_path / "a" / name).read_text()
        assert "<svg" in text
        assert text == (tmp_path / "b" / name).read_text()
