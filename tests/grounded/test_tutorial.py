"""The tutorial does what it says, and so does every example in a docstring."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

import footbridge.grounded

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorials" / "grounded-from-transcript-to-themes.md"
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(footbridge.grounded.__path__, "footbridge.grounded.")
)


def test_the_tutorial_runs_as_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    found = doctest.testfile(str(TUTORIAL), module_relative=False, encoding="utf-8")

    assert (found.failed, found.attempted > 60) == (0, True)
    for picture in ("overlap.svg", "agreement.svg", "saturation.svg"):
        assert ElementTree.parse(tmp_path / picture).getroot().get("role") == "img"
    assert (tmp_path / "people-around.docx").stat().st_size > 1000


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_give_what_they_show(name):
    module = importlib.import_module(name)

    assert doctest.testmod(module).failed == 0
