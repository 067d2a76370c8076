"""The model language: what it reads, and where its errors point."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.errors import LatentError, ModelError, ModelSyntaxError
from footbridge.latent.expressions import Dual, parse_expression
from footbridge.latent.syntax import parse_model


def test_a_formula_may_go_on_over_several_lines():
    model = parse_model("f =~ a +\n  b\n  + c  # a comment\ng =~ d; g ~ f")

    assert [(s.lhs, s.op, s.term.name) for s in model.statements] == [
        ("f", "=~", "a"),
        ("f", "=~", "b"),
        ("f", "=~", "c"),
        ("g", "=~", "d"),
        ("g", "~", "f"),
    ]


def test_modifiers_are_read_group_by_group():
    term = parse_model("y ~ c(a, b)*x").statements[0].term

    assert term.labels == ("a", "b")


@pytest.mark.parametrize(
    ("text", "line"),
    [("f =~ a + + b", 1), ("f =~ a\nb b", 2), ("f =~ a + b =~ c", 1), ("y ~ 3", 1)],
)
def test_an_error_points_at_its_line(text, line):
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model(text)

    assert caught.value.line == line
    assert caught.value.todo


def test_an_empty_model_is_refused():
    with pytest.raises(ModelSyntaxError, match="empty"):
        parse_model("# nothing")


def test_the_same_parameter_twice_is_refused():
    data = pd.DataFrame(np.random.default_rng(1).normal(size=(50, 2)), columns=["x", "y"])

    with pytest.raises(ModelError, match="twice"):
        latent.sem("y ~ x\ny ~ x", data)


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        ("a*b", 6.0, (3.0, 2.0)),
        ("a/b", 2 / 3, (1 / 3, -2 / 9)),
        ("a^2 - -b", 7.0, (4.0, 1.0)),
        ("exp(a)*log(b)", np.exp(2) * np.log(3), (np.exp(2) * np.log(3), np.exp(2) / 3)),
        ("2**a", 4.0, (4 * np.log(2), 0.0)),
    ],
)
def test_an_expression_carries_its_gradient(text, value, slope):
    names = {"a": Dual(2.0, np.array([1.0, 0.0])), "b": Dual(3.0, np.array([0.0, 1.0]))}

    found = parse_expression(text).dual(names)

    assert found.value == pytest.approx(value)
    np.testing.assert_allclose(np.broadcast_to(found.gradient, 2), slope, atol=1e-14)


def test_unknown_columns_estimators_and_labels_are_refused_with_advice():
    data = pd.DataFrame(np.random.default_rng(1).normal(size=(50, 3)), columns=list("abc"))
    for call in (
        lambda: latent.cfa("f =~ a + b + nobody", data),
        lambda: latent.cfa("f =~ a + b + c", data, estimator="XYZ"),
        lambda: latent.sem("a ~ p*b\nq := p*nolabel", data),
    ):
        with pytest.raises(LatentError) as caught:
            call()
        assert caught.value.what
        assert caught.value.why
        assert caught.value.todo
