"""What is compiled before anybody waits for it."""

import importlib
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from footbridge.microsim import kernel, warm


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Return a module that was imported as text, without bytecode."""
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "left_as_text.py").write_text("x = 1\n")
    yield importlib.import_module("left_as_text")
    warm.sys.modules.pop("left_as_text")


def test_kernels_are_ready_for_one_thread_and_for_several():
    warm.compile_all()

    assert kernel.go.signatures
    assert kernel._census.signatures


def test_bytecode_is_written_once_for_a_module_that_was_loaded_as_text(module):
    assert warm._compiled(module)
    assert Path(cache_from_source(module.__file__)).stat().st_size > 0
    assert not warm._compiled(module)


def test_bytecode_of_an_older_source_is_written_again(module):
    warm._compiled(module)
    source, old = Path(module.__file__), Path(cache_from_source(module.__file__))
    before = old.read_bytes()
    source.write_text("x = 'another'\n")
    later = old.stat().st_mtime + 10
    warm.os.utime(source, (later, later))

    assert warm._compiled(module)
    assert old.read_bytes() != before


def test_where_bytecode_cannot_be_written_nothing_happens(module, tmp_path):
    (tmp_path / "__pycache__").write_text("no folder")

    assert not warm._compiled(module)


def test_modules_without_a_source_are_passed_over():
    assert not warm._compiled(warm.sys)


def test_every_loaded_module_is_looked_at(module):
    warm.compile_bytecode()

    assert Path(cache_from_source(module.__file__)).exists()
