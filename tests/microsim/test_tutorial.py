"""The tutorial is run as it stands, so that it cannot drift."""

import re
from pathlib import Path

import numpy as np

from footbridge.microsim.levers import forget
from footbridge.microsim.parameters import defaults
from footbridge.microsim.scenarios import Scenario, Timed, tables_under
from footbridge.microsim.tables import tables_of

PAGE = Path(__file__).resolve().parents[2] / "docs/tutorials/microsim-lever.md"


def test_the_tutorial_runs_and_its_lever_takes_30_lines_or_fewer(capsys):
    text = PAGE.read_text("utf-8")
    lever, comparison = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names = {"SCENARIO": re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1]}
    code = [line for line in lever.splitlines() if line.strip()]
    try:
        exec(lever, names)
        nothing = Scenario("null", levers=(Timed("private_buprenorphine", 0.0, 0),))
        months = tables_under(defaults(), nothing).months
        exec(comparison, names)
    finally:
        forget("private_buprenorphine")

    assert len(code) <= 30
    np.testing.assert_array_equal(months, tables_of(defaults()).months)
    assert re.fullmatch(r"use: [+-]\d+\.\d\d % \([+-].*\)\n", capsys.readouterr().out)
