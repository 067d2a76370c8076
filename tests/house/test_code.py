"""Modules import whole paths, in one direction, and say what they are for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.house import code
from tools.house.places import LIBRARIES, ROOT, SOURCE, TESTS, python_files

PRESENT = [name for name in LIBRARIES if (SOURCE / name / "__init__.py").exists()]
UPPER = ("footbridge.trust", "footbridge.journey", "footbridge.site", "footbridge.evidence")
PURE = [p for p in python_files(SOURCE / "journey", SOURCE / "trust") if p.name in code.PURE]

IMPORT_ALL = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "nacl", "argon2", "shamir_mnemonic", "csp"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(found.name)
"""


def test_no_import_starts_with_a_dot():
    assert list(code.relative_imports(python_files(SOURCE, TESTS, ROOT / "tools"))) == []


@pytest.mark.parametrize("library", [*PRESENT, "cli"])
def test_libraries_and_the_command_line_know_no_django_and_no_upper_floor(library):
    files = python_files(SOURCE / library)

    assert list(code.forbidden_imports(files, ("django", *UPPER))) == []


@pytest.mark.parametrize("library", [*PRESENT, "cli"])
def test_every_library_module_imports_where_the_web_parts_are_not_installed(library):
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, f"footbridge.{library}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr


def test_rules_records_and_states_know_no_django_and_no_clock():
    assert list(code.forbidden_imports(PURE, ("django",))) == []
    assert list(code.clocks(PURE)) == []


def test_libraries_read_no_clock():
    files = [p for name in PRESENT for p in python_files(SOURCE / name)]

    assert list(code.clocks(files)) == []


@pytest.mark.parametrize("library", [*PRESENT, "cli"])
def test_everything_public_in_a_library_is_documented(library):
    assert list(code.undocumented(python_files(SOURCE / library))) == []


def test_an_import_hidden_inside_a_function_is_noticed(tmp_path):
    (tmp_path / "a.py").write_text("def f():\n    from django.db import models\n")
    (tmp_path / "b.py").write_text("import djangology\n")

    complaints = list(code.forbidden_imports(python_files(tmp_path), ("django",)))

    assert len(complaints) == 1
    assert "a.py:2: imports django.db" in complaints[0]


def test_a_relative_import_a_clock_and_a_missing_docstring_are_noticed(tmp_path):
    (tmp_path / "a.py").write_text(
        "from . import b\n\ndef f():\n    return date.today()\n\ndef _g():\n    pass\n"
    )
    files = list(python_files(tmp_path))

    assert len(list(code.relative_imports(files))) == 1
    assert len(list(code.clocks(files))) == 1
    assert len(list(code.undocumented(files))) == 2  # the module and f, not _g
