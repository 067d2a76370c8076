"""What makes small calls quick changes no number: series, kept tables, starting values."""

from itertools import pairwise

import numpy as np
import pytest

from footbridge.latent import sem, simulate
from footbridge.latent.complete import Shape, build_table, exogenous_roles
from footbridge.latent.options import Options
from footbridge.latent.ram import Ram
from footbridge.latent.start import starting_values
from footbridge.latent.syntax import parse_model
from footbridge.latent.table import Row

NAMES = tuple("abcdef")
CHAIN = [Row(y, "~", x, free=k) for k, (x, y) in enumerate(pairwise(NAMES), 1)]
LOOP = [*CHAIN, Row("a", "~", "f", free=6)]
MODEL = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ b*f + c*z\nindirect := b*c"
TRUTH = """f =~ 1*x1 + 0.8*x2 + 0.7*x3\ng =~ 1*y1 + 0.9*y2 + 0.8*y3
g ~ 0.5*f + 0.3*z\nx1 ~~ 0.5*x1\nx2 ~~ 0.5*x2\nx3 ~~ 0.5*x3\ny1 ~~ 0.5*y1\ny2 ~~ 0.5*y2
y3 ~~ 0.5*y3\nz ~~ 1*z"""


@pytest.mark.parametrize("rows", [CHAIN, CHAIN[:1], LOOP])
def test_total_effects_are_the_inverse_with_and_without_a_loop(rows):
    theta = np.linspace(0.4, 0.9, 6)
    A = np.zeros((6, 6))
    for row in rows:
        A[NAMES.index(row.lhs), NAMES.index(row.rhs)] = theta[row.free - 1]

    found = Ram(rows, NAMES, ()).state(theta).E

    np.testing.assert_allclose(found, np.linalg.inv(np.eye(6) - A), rtol=1e-13, atol=1e-15)


def test_fits_of_one_text_to_two_samples_do_not_mix():
    first, second = (simulate(TRUTH, 200, seed=seed) for seed in (1, 2))
    before = sem(MODEL, first).estimates

    other = sem(MODEL, second).estimates

    assert np.abs(other["est"] - before["est"]).max() > 0.01
    assert sem(MODEL, first).estimates.equals(before)


def test_a_kept_table_holds_nothing_of_the_data():
    sem(MODEL, simulate(TRUTH, 200, seed=1))
    parsed = parse_model(MODEL)
    roles = exogenous_roles(parsed, ())

    table = build_table(parsed, roles, Options(preset="sem"), Shape())

    assert build_table(parsed, roles, Options(preset="sem"), Shape()) is table
    assert {row.ustart for row in table.rows} == {None, 1.0}


def test_regressions_start_where_the_indicators_put_them():
    data = simulate(TRUTH, 4000, seed=5)
    fit = sem(MODEL, data)

    start = starting_values(fit.table, fit.problem.roles.ov, *fit.sample.guides())

    paths = [row.op in {"~", "=~"} for row in fit.table.free_rows]
    assert np.abs(start - fit.theta)[paths].max() < 0.03
    assert fit.solution.minimum.iterations <= 7


def test_paths_in_a_loop_start_at_zero():
    data = simulate("y ~ 0.4*x\nz ~ 0.4*y + 0.5*w\ny ~~ 1*y\nz ~~ 1*z", 300, seed=5)
    fit = sem("y ~ z + x\nz ~ y + w", data)

    start = starting_values(fit.table, fit.problem.roles.ov, *fit.sample.guides())

    assert [v for r, v in zip(fit.table.free_rows, start, strict=True) if r.op == "~"] == [0.0] * 4
