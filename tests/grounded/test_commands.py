"""The interview commands: results in three forms, pictures, and refusals in a sentence."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from footbridge.cli.grounded_commands import COMMANDS
from footbridge.grounded.exchange import read, write
from footbridge.grounded.study import load_study

BY_NAME = {command.name: command for command in COMMANDS}


@pytest.fixture(scope="module")
def study_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "study.qdpx"
    write(load_study().project, path)
    return path


def run(name, *arguments):
    return CliRunner().invoke(BY_NAME[name], [str(a) for a in arguments])


def test_the_four_commands_are_there():
    assert set(BY_NAME) == {"agree", "compare-codings", "saturation", "convert"}


def test_help_does_not_wait_for_the_library():
    code = (
        "import sys, footbridge.cli.grounded_commands as c\n"
        "assert not {'numpy', 'numba', 'matplotlib', 'rich'} & set(sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def test_agreement_of_a_study_comes_as_table_csv_json_and_picture(study_file, tmp_path):
    shown = run("agree", study_file, "--draws", 20)
    parts = json.loads(run("agree", study_file, "--draws", 20, "--format", "json").stdout)
    written = run("agree", study_file, "--draws", 20, "--format", "csv", "--output",
                  tmp_path / "a.csv", "--figures", tmp_path / "pictures")  # fmt: skip

    by_code = {row["code"]: row for row in next(iter(parts.values()))}
    assert "u-alpha" in shown.stdout
    assert by_code["people around > family shame"]["u-alpha"] == pytest.approx(0.899, abs=1e-3)
    assert written.exit_code == 0
    assert (tmp_path / "a.csv").read_text("utf-8").startswith("# Agreement per code")
    assert "<svg" in (tmp_path / "pictures" / "agreement.svg").read_text("utf-8")


def test_agreement_of_units_names_every_coefficient(tmp_path):
    rows = "unit,interview,A,B\n" + "".join(
        f"{n},i{n % 3},{n % 2},{(n % 2) ^ (n == 7)}\n" for n in range(12)
    )
    (tmp_path / "u.csv").write_text(rows, "utf-8")

    out = run("agree", tmp_path / "u.csv", "--format", "csv", "--draws", 50)
    found = {row["coefficient"]: row for row in csv.DictReader(io.StringIO(out.stdout))}

    assert float(found["Cohen's kappa"]["value"]) == pytest.approx(1 - (1 / 12) / 0.5)
    assert float(found["Percent agreement"]["value"]) == pytest.approx(11 / 12)
    assert found["Krippendorff's alpha (nominal)"]["low"]
    assert all(float(row["low"]) <= float(row["value"]) <= float(row["high"])
               for row in found.values())  # fmt: skip
    assert len(found) == 8


def test_a_scale_has_weighted_coefficients_too(tmp_path):
    rows = "interview,A,B\n" + "".join(f"i{n % 3},{n % 4},{(n * 3) % 4}\n" for n in range(24))
    (tmp_path / "u.csv").write_text(rows, "utf-8")

    out = run("agree", tmp_path / "u.csv", "--level", "ordinal", "--format", "json", "--draws", 20)

    found = {row["coefficient"] for row in next(iter(json.loads(out.stdout).values()))}
    assert found >= {"Krippendorff's alpha (ordinal)", "Gwet's AC2", "Cohen's weighted kappa"}


def test_a_study_is_the_same_from_csv_and_from_qdpx(study_file, tmp_path):
    table = tmp_path / "study.csv"
    run("convert", study_file, table)

    for name, more in (("agree", ["--draws", 5]), ("saturation", ["--orders", 20]),
                       ("compare-codings", [])):  # fmt: skip
        one, two = (
            run(name, file, "--format", "json", *more).stdout for file in (study_file, table)
        )
        parts = [json.loads(each) for each in (one, two)]
        for part in parts:
            part.pop("remarks", None)
        assert _numbers(parts[0]) == _numbers(parts[1])


def _numbers(parts):
    """Return every row without its interval, which depends on the order of codes drawn."""
    return {
        title: sorted(
            json.dumps({k: round(v, 9) if isinstance(v, float) else v for k, v in row.items()
                        if k not in ("low", "high", "other orders, low", "undefined because")},
                       sort_keys=True)
            for row in rows
        )
        for title, rows in parts.items()
    }  # fmt: skip


def test_units_without_variation_are_undefined_in_words(tmp_path):
    (tmp_path / "u.csv").write_text("A,B\nx,x\nx,x\n", "utf-8")

    out = run("agree", tmp_path / "u.csv", "--format", "csv").stdout

    assert "cannot be told from one value" in " ".join(out.split())


def test_a_comparison_names_candidates_and_counts_cards(study_file, tmp_path):
    out = run(
        "compare-codings", study_file, "--figures", tmp_path, "--a", "coder A", "--b", "coder B"
    )
    cards = list(csv.DictReader(io.StringIO(
        run("compare-codings", study_file, "--format", "csv").stdout)))  # fmt: skip

    said = " ".join(out.stdout.split())
    assert "merge? 'old friends' and 'old circle' cover 59% of the same text" in said
    assert "split? 'mistrust of officials'" in said
    assert len(cards) == 78
    assert "<svg" in (tmp_path / "overlap.svg").read_text("utf-8")


def test_saturation_gives_every_setting_and_an_advice(study_file, tmp_path):
    out = run("saturation", study_file, "--orders", 50, "--figures", tmp_path, "--format", "json")

    parts = json.loads(out.stdout)
    assert [row["reached"] for row in parts["Saturation"]][:3] == ["4+2", "5+2", "6+2"]
    assert len(parts["Saturation per theme"]) == 4
    assert any("Cannot be known" in remark for remark in parts["remarks"])
    assert (tmp_path / "saturation.svg").exists()


def test_a_study_is_converted_there_and_back(study_file, tmp_path):
    there = run("convert", study_file, tmp_path / "s.csv")
    back = run("convert", tmp_path / "s.csv", tmp_path / "s.qdpx")

    project, _ = read(tmp_path / "s.qdpx")
    original = load_study().project
    assert (there.exit_code, back.exit_code) == (0, 0)
    assert sorted(project.quote(s) for s in project.segments) == sorted(
        original.quote(s) for s in original.segments
    )


@pytest.mark.parametrize("ending", ["qdc", "docx", "html"])
def test_codebooks_and_quotations_are_written(study_file, tmp_path, ending):
    assert run("convert", study_file, tmp_path / f"s.{ending}").exit_code == 0
    assert (tmp_path / f"s.{ending}").stat().st_size > 500


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("agree", ["bad.qdpx"], "not a readable archive"),
        ("agree", ["bad.txt"], "Studies are read from"),
        ("agree", ["one.csv"], "fewer than two coders"),
        ("compare-codings", ["study", "--a", "x", "--b", "y"], "No single coder"),
        ("saturation", ["study", "--base", "0"], "ask nothing"),
        ("convert", ["study", "out.odt"], "Nothing is written as .odt"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(name, arguments, why, study_file, tmp_path):
    (tmp_path / "bad.qdpx").write_bytes(b"PK nonsense")
    (tmp_path / "bad.txt").write_bytes(b"x")
    (tmp_path / "one.csv").write_text("A\n1\n", "utf-8")
    paths = {"study": study_file}

    out = run(name, *(paths.get(a, tmp_path / a if "." in a else a) for a in arguments))

    assert out.exit_code == 1
    assert why in " ".join(out.stderr.split())
    assert "Traceback" not in out.output
