"""The check tells a finding from a silence, and goes on after a fault."""

from __future__ import annotations

import json
import subprocess

import pytest

from tools import check

SAFE = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
FAULTY = {
    "name": "c",
    "version": "2",
    "vulns": [
        {"id": "ADVISORY-1", "fix_versions": ["2.1"]},
        {"id": "ADVISORY-2", "fix_versions": []},
    ],
}


@pytest.fixture
def auditor(monkeypatch):
    """Return a function that decides what the audit prints."""

    def prints(text):
        ended = subprocess.CompletedProcess([], 1, stdout=text, stderr="")
        monkeypatch.setattr(check.subprocess, "run", lambda *_, **__: ended)

    return prints


def test_a_known_vulnerability_is_a_fault_and_says_where_it_is_mended(auditor):
    auditor(json.dumps({"dependencies": [SAFE, FAULTY, SKIPPED]}))

    complaint = check.advisories()

    assert "c 2: ADVISORY-1, mended in 2.1" in complaint
    assert "ADVISORY-2, mended in no version yet" in complaint


@pytest.mark.parametrize("text", ["", "ConnectionError", json.dumps({"error": "offline"})])
def test_an_advisory_service_out_of_reach_is_said_and_is_no_fault(auditor, capsys, text):
    auditor(text)

    assert check.advisories() == ""
    assert "could not be reached" in capsys.readouterr().out


def test_packages_that_the_service_does_not_know_are_counted(auditor, capsys):
    auditor(json.dumps({"dependencies": [SAFE, SKIPPED]}))

    assert check.advisories() == ""
    assert "1 of 2" in capsys.readouterr().out


def test_a_fault_does_not_keep_the_other_checks_from_running(monkeypatch, capsys):
    ran = []
    checks = {"first": lambda: "it is broken", "second": lambda: ran.append("second") or ""}
    monkeypatch.setattr(check, "CHECKS", checks)

    code = check.main([])

    assert (code, ran) == (1, ["second"])
    assert "it is broken" in capsys.readouterr().out


def test_a_check_that_does_not_exist_is_refused_with_those_that_do(capsys):
    assert check.main(["spelling"]) == 2
    assert "house rules" in capsys.readouterr().out
