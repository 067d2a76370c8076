"""Comparisons that go on after a kill: the same bits, nothing twice, no mixing of runs."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from footbridge.cli.microsim_commands import COMMANDS
from footbridge.microsim import analysis, posterior, resume
from footbridge.microsim.errors import MicrosimError
from footbridge.microsim.resume import Kept
from footbridge.microsim.run import Setting
from footbridge.microsim.scenarios import Scenario, Timed, read

HOW = Setting(200, months=60)


def run(name, *arguments):
    command = next(c for c in COMMANDS if c.name == name)
    return CliRunner().invoke(command, [str(a) for a in arguments])


@pytest.fixture
def counted(monkeypatch):
    """Count the draws that are really run."""
    once, calls = analysis.with_years, []

    def counting(*arguments):
        calls.append(arguments)
        return once(*arguments)

    monkeypatch.setattr(analysis, "with_years", counting)
    return calls


def compared(path, scenarios, draws, how=HOW):
    kept = Kept(path, scenarios, how, structure="income")
    return analysis.compare(scenarios, draws, how=how, mapper=kept.over(map))


def alike(one, other):
    assert one.titles == other.titles
    assert one.draws == other.draws
    np.testing.assert_array_equal(one.years, other.years)
    for name, figures in one.figures.items():
        np.testing.assert_array_equal(figures, other.figures[name])
    return True


def different(n):
    """Return how many of the first n shipped draws differ: a repeated one is run once."""
    return len({tuple(draw.values()) for draw in posterior.shipped()[:n]})


def test_a_comparison_that_is_killed_goes_on_where_it_ended(tmp_path, counted):
    sizes = ["compare", "rmi", "naloxone", "--persons", 2_500, "--draws", 12]
    whole, table, kept = tmp_path / "whole.csv", tmp_path / "table.csv", tmp_path / "kept.jsonl"
    run(*sizes, "--output", whole)
    counted.clear()
    code = "from footbridge.cli.main import main; main()"
    command = [sys.executable, "-c", code, *sizes, "--output", table, "--resume", kept]
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL)
    while process.poll() is None and not (kept.exists() and kept.read_bytes().count(b"\n") > 3):
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -9
    assert not table.exists()
    done = kept.read_bytes().count(b"\n") - 1

    resumed = run(*sizes, "--output", table, "--resume", kept)

    assert resumed.exit_code == 0
    assert 3 <= done < different(12)
    assert f"{done} finished draws are in" in resumed.stderr
    assert len(counted) == different(12) - done
    assert table.read_bytes() == whole.read_bytes()


def test_a_curve_is_resumed_with_its_draws(tmp_path, counted):
    kept, first, again = tmp_path / "kept.jsonl", tmp_path / "first", tmp_path / "again"
    asked = ["simulate", "q2-entry", "--persons", 200, "--draws", 9, "--curve", "beta_reg"]

    run(*asked, "--resume", kept, "--figures", first, "--output", tmp_path / "a.csv")
    assert len(counted) == different(9) + 5 * different(8)
    lines = kept.read_bytes()
    result = run(*asked, "--resume", kept, "--figures", again, "--output", tmp_path / "b.csv")

    assert result.exit_code == 0
    assert len(counted) == different(9) + 5 * different(8)
    assert kept.read_bytes() == lines
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    for path in first.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_more_draws_may_be_asked_for_and_a_repeated_draw_is_run_once(tmp_path, counted):
    one, two, three = posterior.shipped()[:3]
    scenarios, kept = [read("rmi")], tmp_path / "kept.jsonl"

    compared(kept, scenarios, [one, two, one])
    assert len(counted) == 2
    more = compared(kept, scenarios, [one, two, one, three])

    assert len(counted) == 3
    assert alike(more, analysis.compare(scenarios, [one, two, one, three], how=HOW))


def test_a_line_that_a_kill_cut_short_is_dropped_and_run_again(tmp_path, counted):
    draws, scenarios, kept = posterior.shipped()[:3], [read("rmi")], tmp_path / "kept.jsonl"
    compared(kept, scenarios, draws)
    whole = kept.read_bytes()

    for cut in (1, 200, whole.splitlines(keepends=True)[-1].__len__() - 1):
        kept.write_bytes(whole[:-cut])
        counted.clear()
        compared(kept, scenarios, draws)
        assert len(counted) == 1
        assert kept.read_bytes() == whole


def test_a_first_line_that_a_kill_cut_short_is_written_again(tmp_path):
    kept, scenarios = tmp_path / "kept.jsonl", [read("rmi")]
    Kept(kept, scenarios, HOW, structure="income")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:20])

    Kept(kept, scenarios, HOW, structure="income")

    assert kept.read_bytes() == whole


def test_threads_may_differ_because_they_change_nothing(tmp_path, counted):
    draws, scenarios, kept = posterior.shipped()[:2], [read("rmi")], tmp_path / "kept.jsonl"
    compared(kept, scenarios, draws)
    counted.clear()

    compared(kept, scenarios, draws, Setting(200, months=60, threads=2, chunk=50))

    assert counted == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"scenarios": [read("naloxone")]}, "RMI for every release"),
        ({"scenarios": [read("rmi"), read("naloxone")]}, "asked for is"),
        ({"scenarios": [Scenario("RMI for every release", levers=(Timed("rmi", 0.5, 500),))]},
         "was another one"),
        ({"how": Setting(200, 2, months=60)}, "seed is 1 there and 2 here"),
        ({"how": Setting(201, months=60)}, "persons is 200 there and 201 here"),
        ({"structure": "equal"}, "structure is income there and equal here"),
    ],
)  # fmt: skip
def test_draws_of_another_run_are_refused_and_left_alone(tmp_path, asked, says):
    kept = tmp_path / "kept.jsonl"
    first = {"scenarios": [read("rmi")], "how": HOW, "structure": "income"}
    Kept(kept, **first)
    before = kept.read_bytes()

    with pytest.raises(MicrosimError, match=says):
        Kept(kept, **{**first, **asked})

    assert kept.read_bytes() == before


def test_draws_of_another_version_of_the_model_are_refused(tmp_path, monkeypatch):
    kept = tmp_path / "kept.jsonl"
    Kept(kept, [read("rmi")], HOW, structure="income")
    monkeypatch.setattr(resume, "fingerprint", lambda: "another")

    with pytest.raises(MicrosimError, match="another version of the model made them"):
        Kept(kept, [read("rmi")], HOW, structure="income")


def test_the_fingerprint_changes_with_any_source_or_data_of_the_model(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "parameters.csv").write_text("a")
    (tmp_path / "__pycache__").mkdir()
    before = sorted(resume._contents(tmp_path, ""))

    (tmp_path / "__pycache__" / "kernel.nbi").write_text("compiled")
    assert sorted(resume._contents(tmp_path, "")) == before
    (tmp_path / "data" / "parameters.csv").write_text("b")
    assert sorted(resume._contents(tmp_path, "")) != before


@pytest.mark.parametrize("text", ["scenario,measure\nrmi,deaths\n", '{"plan": {}}\n', "[]", "x"])
def test_a_file_that_holds_something_else_is_refused_and_left_alone(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text)

    result = run("simulate", "rmi", "--draws", 1, "--resume", path)

    assert result.exit_code == 1
    assert "table.csv holds no draws" in result.stderr
    assert "Traceback" not in result.stderr
    assert path.read_text() == text


def test_a_damaged_line_is_named(tmp_path):
    kept, scenarios = tmp_path / "kept.jsonl", [read("rmi")]
    compared(kept, scenarios, posterior.shipped()[:2])
    lines = kept.read_text().splitlines(keepends=True)
    kept.write_text(lines[0] + json.dumps({"draw": "x"}) + "\n" + lines[2])

    with pytest.raises(MicrosimError, match=r"Line 2 of kept\.jsonl is damaged"):
        Kept(kept, scenarios, HOW, structure="income")


def test_a_place_where_nothing_can_be_kept_is_refused(tmp_path):
    result = run("simulate", "rmi", "--resume", tmp_path / "nowhere" / Path("kept.jsonl"))

    assert result.exit_code == 1
    assert "Draws cannot be kept" in result.stderr
    assert "Nothing was run" in result.stderr
