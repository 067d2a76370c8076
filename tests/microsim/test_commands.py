import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from footbridge.cli.microsim_commands import COMMANDS
from footbridge.microsim import analysis, odd
from footbridge.microsim.calibration import Plan

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["--persons", "300", "--draws", "2"]


def run(name, *arguments):
    command = next(c for c in COMMANDS if c.name == name)
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_simulate_shows_a_table_and_on_the_first_line_what_the_model_misses():
    result = run("simulate", "rmi", *SMALL, "--format", "json")

    assert result.exit_code == 0
    assert "calibrated targets are met" in result.stderr
    assert "not a forecast" in result.stderr
    assert json.loads(result.stdout)[0]["scenario"] == "RMI for every release"


def test_compare_writes_files_and_figures(tmp_path):
    table, folder = tmp_path / "t.csv", tmp_path / "figures"

    result = run("compare", "rmi", "naloxone", *SMALL, "--output", table, "--figures", folder)

    assert result.exit_code == 0
    assert table.read_text().startswith("scenario,measure")
    assert (folder / "contrasts-2.svg").exists()
    assert "No tornado was drawn" in result.stderr


def test_a_curve_and_a_tornado_come_with_their_numbers(tmp_path):
    sizes = ["--persons", 300, "--draws", 9, "--figures", tmp_path, "--curve", "beta_reg"]

    result = run("simulate", "q2-entry", *sizes)

    assert result.exit_code == 0, result.stderr
    assert "beta_reg" in (tmp_path / "curve-beta_reg-1.svg").read_text()
    assert len((tmp_path / "curve-beta_reg-1.csv").read_text().splitlines()) == 6
    assert (tmp_path / "tornado-1.svg").exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--outcome", "happiness"], "methadone_years"),
        (["--curve", "beta_rge", "--figures", "x"], "beta_reg"),
        (["--curve", "beta_reg"], "Add --figures FOLDER"),
        (["--persons", "0"], "n_persons = 0"),
        (["--cluster", "tcp://127.0.0.1:9"], "does not answer"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_can(wrong, says):
    result = run("simulate", "rmi", "--draws", 1, *wrong)

    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_ctrl_c_keeps_the_draws_that_are_done(monkeypatch):
    once = analysis.with_years
    calls = []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return once(*arguments)

    monkeypatch.setattr(analysis, "with_years", interrupted)
    before = signal.getsignal(signal.SIGINT)

    result = run("simulate", "rmi", "--persons", 200, "--draws", 9, "--format", "json")

    assert result.exit_code == 0
    assert "Stopped after 3 of 9 draws" in result.stderr
    assert {row["draws"] for row in json.loads(result.stdout)} == {3}
    assert signal.getsignal(signal.SIGINT) is before


def test_more_than_four_scenarios_are_refused():
    result = run("compare", *["rmi"] * 5)

    assert result.exit_code == 1
    assert "Name four or fewer" in result.stderr


def test_a_bad_file_is_refused_in_one_line_without_a_traceback(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('title = "x"\n[[lever]]\nname = "detain"\nvalue = 1\nfrom = "2026-01"\n')

    result = run("simulate", bad)

    assert result.exit_code == 1
    assert "bad.toml, line 3" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("form", ["csv", "json"])
def test_targets_lists_each_with_value_model_ratio_and_verdict(form):
    result = run("targets", *SMALL, "--format", form)

    assert result.exit_code == 0
    for word in ("mmt_on_2011", "ratio", "met", "tolerance_low"):
        assert word in result.stdout


def test_calibrate_resumes_and_writes_draws(tmp_path):
    log, draws = tmp_path / "log.jsonl", tmp_path / "draws.csv"
    sizes = ["--persons", 200, "--wide", 2, "--waves", 1, "--ensemble", 3, "--steps", 1]
    sizes += ["--particles", 3, "--generations", 1]

    first = run("calibrate", log, *sizes, "--output", draws)
    lines = log.read_text()
    again = run("calibrate", log, *sizes)

    assert first.exit_code == again.exit_code == 0
    assert log.read_text() == lines
    assert len(draws.read_text().splitlines()) == 4


def test_a_calibration_that_is_killed_goes_on_where_it_ended(tmp_path):
    sizes = ["--persons", 200, "--ensemble", 4, "--steps", 2, "--particles", 3, "--generations", 1]
    whole, log = tmp_path / "whole.jsonl", tmp_path / "log.jsonl"
    run("calibrate", whole, *sizes)
    code = "from footbridge.cli.main import main; main()"
    command = [sys.executable, "-c", code, "calibrate", log, *sizes]
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL)
    while process.poll() is None and not (log.exists() and log.read_text().count("\n") > 3):
        time.sleep(0.01)
    process.kill()
    process.wait()

    resumed = run("calibrate", log, *sizes)

    assert resumed.exit_code == 0
    assert log.read_text() == whole.read_text()


def test_the_command_calibrates_as_the_shipped_draws_were_made():
    command = next(c for c in COMMANDS if c.name == "calibrate")
    given = {p.name: p.default for p in command.params}
    plan = Plan()

    for name in ("ensemble", "steps", "particles", "generations", "enough", "wide", "waves"):
        assert given[name] == getattr(plan, name)
    assert given["persons"] == plan.n_persons
    assert given["until"] == plan.until


def test_help_does_not_load_the_model():
    code = (
        "import sys; import footbridge.cli.microsim_commands; "
        "print(any(m in sys.modules for m in ('numba', 'numpy', 'footbridge.microsim')))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"


def test_the_odd_document_is_what_the_code_writes():
    written = (ROOT / "docs/methods/microsim-odd.md").read_text()

    assert written == odd.document(), "Run: python -m footbridge.microsim.odd"
