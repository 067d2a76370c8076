"""Models in `group:` and `level:` blocks."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.errors import LatentError
from tests.latent.test_levels_lavaan import HERE, MODEL


@pytest.fixture(scope="module")
def data():
    found = latent.simulate("f =~ 1*a + 0.8*b + 0.9*c", 200, seed=1)
    return found.assign(site=np.repeat(["u", "v"], 100), arm=np.repeat([2, 5], 100))


@pytest.mark.parametrize(
    ("first", "second", "column"), [("u", "v", "site"), ("1", "2", "site"), ("2", "5", "arm")]
)
def test_blocks_say_what_modifiers_of_groups_say(data, first, second, column):
    blocks = f"group: {second}\nf =~ a + q*b + c\ngroup: {first}\nf =~ a + p*b + c\np == q"

    fit = latent.cfa(blocks, data, group=column)

    other = latent.cfa("f =~ a + c(p, q)*b + c\np == q", data, group=column)
    np.testing.assert_array_equal(fit.theta, other.theta)
    assert fit.estimates["label"].tolist() == other.estimates["label"].tolist()


def test_what_stands_before_the_blocks_is_said_of_all_groups(data):
    fit = latent.cfa("f =~ a + b + c\ngroup: u\nf ~~ 1*f\ngroup: v\nf ~~ f", data, group="site")

    rows = fit.estimates.query("lhs == 'f' and rhs == 'f'")
    assert rows["est"].iloc[0] == 1
    assert rows["se"].tolist()[0] == 0 < rows["se"].tolist()[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("group: v\nf =~ a + b + c", "groups of the data are u, v"),
        ("group: u\nf =~ a + b + c\ngroup: v\nf =~ a + b", "'c' is not in every"),
    ],
)
def test_blocks_that_do_not_go_with_the_groups_are_refused(data, text, told):
    with pytest.raises(LatentError, match=told):
        latent.cfa(text, data, group="site")
    with pytest.raises(LatentError, match="No group= was given"):
        latent.cfa(text, data)


def test_levels_may_have_names_and_stand_in_groups():
    data = pd.read_csv(HERE / "complete.csv")
    named = MODEL.replace("level: 1", "level: cases").replace("level: 2", "level: clusters")
    asked = {"cluster": "school", "group": "site"}

    fit = latent.sem(f"group: s\n{MODEL}\ngroup: n\n{MODEL}", data, **asked)

    np.testing.assert_array_equal(fit.theta, latent.sem(named, data, **asked).theta)


def test_few_clusters_are_pointed_out():
    data = pd.read_csv(HERE / "complete.csv").query("school < 20")
    model = "level: 1\na ~ lower(0.9)*x\nlevel: 2\na ~ z"

    fit = latent.sem(model, data, cluster="school")

    told = {a.code: str(a) for a in fit.advice}
    assert "20 clusters" in told["few-clusters"]
    assert "a ~ x at level 1 lies at its bound" in told["at-bound"]
