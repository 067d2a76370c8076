"""The recipient's side: a key of one's own opens what was sealed to it, and nothing else does."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from footbridge.cli import extract_commands
from footbridge.cli.extract_commands import extract
from footbridge.cli.main import main
from footbridge.disclosure.recipients import read_public
from footbridge.evidence.extracts import making

WORDS = "a quiet river"
FILES = {"data.csv": "id,urine\n1,positive\n", "README.txt": "read me\n"}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(extract_commands, "COST", "MIN")

    def call(*words, passphrase=WORDS):
        typed = f"{passphrase}\n" * (2 if words[0] == "keygen" else 1)
        return CliRunner().invoke(extract, [*words], input=typed)

    return call


def test_what_is_sealed_to_a_printed_key_is_opened_with_it(run, tmp_path):
    made = run("keygen")
    line = made.stdout.splitlines()[0]
    (tmp_path / "extract.sealed").write_bytes(making.sealed(FILES, recipient=line))

    opened = run("open", "extract.sealed")

    assert opened.exit_code == 0, opened.output
    assert (tmp_path / "extract" / "data.csv").read_text() == FILES["data.csv"]
    assert len(read_public(line)) == 32
    assert (tmp_path / "recipient.key").stat().st_mode & 0o077 == 0


def test_another_key_opens_nothing(run, tmp_path):
    line = run("keygen", "--out", "one.key").stdout.splitlines()[0]
    run("keygen", "--out", "two.key")
    (tmp_path / "extract.sealed").write_bytes(making.sealed(FILES, recipient=line))

    opened = run("open", "extract.sealed", "--key", "two.key")

    assert "sealed to another one" in opened.output
    assert not (tmp_path / "extract").exists()


def test_a_wrong_passphrase_a_changed_file_and_no_file_say_what_to_do(run, tmp_path):
    line = run("keygen").stdout.splitlines()[0]
    good = making.sealed(FILES, recipient=line)
    (tmp_path / "good").write_bytes(good)
    (tmp_path / "changed").write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    (tmp_path / "other").write_bytes(b"a letter")

    assert "passphrase is another one" in run("open", "good", passphrase="not this one").output
    assert "changed on its way" in run("open", "changed").output
    assert "no sealed extract" in run("open", "other").output
    assert "no key file" in run("open", "good", "--key", "other").output


def test_a_key_is_never_written_over_and_wants_a_passphrase(run):
    run("keygen")

    assert "Choose another file" in run("keygen").output
    assert "too short" in run("keygen", "--out", "b.key", passphrase="abc").output


def test_opened_files_are_never_written_over(run, tmp_path):
    line = run("keygen").stdout.splitlines()[0]
    (tmp_path / "extract.sealed").write_bytes(making.sealed(FILES, recipient=line))
    run("open", "extract.sealed")

    assert "is there already" in run("open", "extract.sealed").output


def test_the_length_of_a_sealed_file_tells_little(run):
    line = run("keygen").stdout.splitlines()[0]

    short, longer = (making.sealed({"data.csv": "x" * size}, recipient=line) for size in (1, 40))

    assert len(short) == len(longer)


def test_the_command_line_lists_it():
    assert "extract" in CliRunner().invoke(main, ["--help"]).output
