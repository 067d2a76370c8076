import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.microsim.calendar import N_MONTHS, month_of
from footbridge.microsim.errors import ScenarioError
from footbridge.microsim.levers import Lever, forget, register, registry, times
from footbridge.microsim.months import Fact
from footbridge.microsim.parameters import defaults
from footbridge.microsim.scenarios import (
    LEVER_KEYS,
    Scenario,
    Timed,
    parse,
    read,
    shipped,
    tables_under,
)
from footbridge.microsim.tables import tables_of

GOOD = """
title = "Two at once"

[parameters]
beta_reg = 3.0

[[lever]]
name = "register_at_entry"
value = 0.0
from = "2026-01"

[[lever]]
name = "mmt_places"
value = 2.0
from = "2026-01"
ramp_months = 11
until = "2030-01"
decay_months = 5
"""


def test_a_scenario_file_holds_several_levers_over_time_and_parameters():
    scenario = parse(GOOD)

    assert scenario.parameters == {"beta_reg": 3.0}
    assert scenario.levers == (
        Timed("register_at_entry", 0.0, month_of(2026)),
        Timed("mmt_places", 2.0, month_of(2026), month_of(2030), 11, 5),
    )


def test_a_ramp_rises_and_a_decay_falls_month_by_month():
    path = Timed("x", 2.0, start=10, until=20, ramp=3, decay=1).path(null=1.0)

    np.testing.assert_allclose(path[8:24], [1, 1, 1.25, 1.5, 1.75, *[2] * 7, 1.5, 1, 1, 1])


@pytest.mark.parametrize("question", ["Q1", "Q2", "Q3", "Q4", "Q5", "RMI", "naloxone"])
def test_every_question_has_levers_and_a_shipped_scenario(question):
    assert any(one.question == question for one in registry().values())
    assert any(question in read(name).question for name in shipped())


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_read_and_changes_tables(name):
    scenario = read(name)

    changed = tables_under(defaults(), scenario).months != tables_of(defaults()).months

    assert scenario.title
    assert changed.any() == (name != "baseline")


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ('name = "mmt_places"', 'name = "mmt_place"', r"line 13: There is no lever.*mmt_places"),
        ("value = 2.0", "value = 200.0", r"line 14: mmt_places = 200 is outside.*0 to 20"),
        ("value = 2.0", 'value = "much"', r"line 14: value = 'much' is no number"),
        ("ramp_months = 11", "ramp = 11", r"line 16: 'ramp' is not part.*ramp_months"),
        ("ramp_months = 11", "ramp_months = -1", r"line 16: ramp_months = -1 is too small"),
        ('until = "2030-01"', 'until = "2036-01"', r"line 17: until = .*1984-01 to 2035-12"),
        ("beta_reg = 3.0", "beta_reg = 9.0", r"line 5: beta_reg = 9 is outside.*0.7 to 4"),
        ("beta_reg = 3.0", "beta_rex = 3.0", r"line 5: The parameter 'beta_rex' is not known"),
        ("beta_reg = 3.0", "beta_reg = true", r"line 5: beta_reg is no number"),
        ('title = "Two at once"', 'titel = "Two at once"', r"line 2: 'titel' is not known.*title"),
        ('title = "Two at once"', "", r"line 1: There is no title"),
        ("beta_reg = 3.0", "beta_reg 3.0", r"not TOML.*line 5"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_line_and_allowed_values(wrong, right, says):
    assert wrong in GOOD

    with pytest.raises(ScenarioError, match=says):
        parse(GOOD.replace(wrong, right))


def test_a_missing_file_is_refused_with_the_names_that_exist(tmp_path):
    with pytest.raises(ScenarioError, match="q1-stigma"):
        read(tmp_path / "nothing.toml")


@given(text=st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(text):
    try:
        said = parse(text).title
    except ScenarioError as error:
        said = str(error)

    assert isinstance(said, str)


@given(
    name=st.sampled_from(sorted(registry())),
    share=st.floats(0, 1),
    start=st.integers(0, N_MONTHS - 1),
)
def test_levers_keep_probabilities_within_bounds(name, share, start):
    lever = registry()[name]
    value = lever.low + share * (lever.high - lever.low)

    months = tables_under(defaults(), Scenario("x", levers=(Timed(name, value, start),))).months

    shares = [Fact.REG_ENTRY, Fact.REG_DETECT, Fact.REACH, Fact.FATAL, Fact.FATAL_RECENT,
              Fact.MANAGED, Fact.TREATED, Fact.AFTERCARE, Fact.REG_PRIVATE]  # fmt: skip
    assert (months[:, shares] >= 0).all()
    assert (months[:, shares] <= 1).all()
    np.testing.assert_array_equal(months[:start], tables_of(defaults()).months[:start])


def test_a_new_lever_can_be_named_in_a_file_and_taken_away_again():
    register(
        Lever("quit_help", "Q1", "help to quit", "multiplier", 1.0, 0.0, 5.0, times(Fact.QUIT))
    )
    text = GOOD.replace("mmt_places", "quit_help")
    try:
        months = tables_under(defaults(), parse(text)).months
    finally:
        forget("quit_help")

    assert months[month_of(2028), Fact.QUIT] == pytest.approx(2 * defaults()["quit_spont"])
    with pytest.raises(ScenarioError):
        parse(text)


@pytest.mark.parametrize(
    ("lever", "says"),
    [
        (Lever("detention", "Q3", "", "", 1.0, 0.0, 2.0, times(Fact.QUIT)), "already"),
        (Lever("odd", "Q3", "", "", 3.0, 0.0, 2.0, times(Fact.QUIT)), "null value 3"),
    ],
)
def test_a_lever_that_cannot_be_is_refused(lever, says):
    with pytest.raises(ScenarioError, match=says):
        register(lever)


def test_lever_blocks_have_the_documented_keys():
    assert LEVER_KEYS == ("name", "value", "from", "until", "ramp_months", "decay_months")
