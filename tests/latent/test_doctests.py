"""Every public name of the library has an example, and every example is true."""

import doctest
import inspect
from importlib import import_module

import pytest

from footbridge import latent

HOMES = sorted({getattr(latent, name).__module__ for name in latent.__all__})


@pytest.mark.parametrize("name", latent.__all__)
def test_every_public_name_has_an_example(name):
    assert ">>>" in (inspect.getdoc(getattr(latent, name)) or "")


@pytest.mark.parametrize("home", HOMES)
def test_examples_are_true(home):
    found = doctest.testmod(import_module(home), optionflags=doctest.ELLIPSIS)

    assert found.failed == 0
