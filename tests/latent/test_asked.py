"""Wishes that cannot be met are refused before anything is read; none is passed over."""

import numpy as np
import pandas as pd
import pytest
from trial_data import ORDERED, trial

from footbridge import latent

F = "f =~ a + b + c + d"


@pytest.fixture(scope="module")
def data():
    return trial().assign(site=[1, 2] * 150)


WISHES = {
    "a misspelt option": ({"estimater": "MLR"}, "Did you mean estimator"),
    "a dotted option": ({"std.lv": True}, "Did you mean std_lv"),
    "an unknown equality": ({"group": "site", "group_equal": "loading"}, "group_equal='loading'"),
    "an unknown ordered name": ({"ordered": ["aa"]}, "ordered= names 'aa'"),
    "bootstrap errors": ({"se": "bootstrap"}, "latent.bootstrap"),
    "a test without a name": ({"test": "bollen.stine"}, "Choose standard"),
    "information": ({"information": "none"}, "Choose expected, observed or first.order"),
    "a preset": ({"preset": "path"}, "Choose sem, cfa, growth or lavaan"),
    "a parameterization": ({"ordered": True, "parameterization": "probit"}, "delta or theta"),
    "a likelihood": ({"likelihood": "poisson"}, "normal or wishart"),
}


@pytest.mark.parametrize("kind", WISHES)
def test_an_unknown_wish_is_refused(kind, data):
    options, words = WISHES[kind]

    with pytest.raises(latent.LatentError, match=words):
        latent.fit(F, data, **options)


@pytest.mark.parametrize(
    ("model", "table", "words"),
    [
        (pd.DataFrame({"a": [1]}), F, "The model comes first"),
        ([F], None, "must be text"),
        (F, "data.csv", "pandas.read_csv"),
        (F, np.zeros((3, 4)), "pandas table"),
        (F, {"a": [1]}, "pandas table"),
        (F, pd.concat([trial(), trial()], axis=1), "there twice"),
        (F, trial().astype(float).replace(4.0, np.inf), "infinite numbers"),
    ],
)
def test_what_is_no_model_or_no_table_is_refused(model, table, words):
    with pytest.raises(latent.LatentError, match=words):
        latent.fit(model, table)


def test_one_name_stands_for_a_list_of_one(data):
    one = latent.fit(F, data, group="site", group_equal="loadings")
    many = latent.fit(F, data, group="site", group_equal=["loadings"])

    assert one.solution.df == many.solution.df == 7
    assert latent.fit(F, data, ordered="a").problem.roles.ordered == ("a",)


def test_ordered_names_of_other_models_are_left_out(data):
    assert latent.fit(F, data, ordered=ORDERED).problem.roles.ordered == ("a", "b", "c", "d")
    assert latent.fit(F, data, ordered=False).options.estimator == "ML"


def test_models_of_different_cases_are_not_compared(data):
    with pytest.raises(latent.LatentError, match="100 and 300 cases"):
        latent.compare(latent.fit(F, data), latent.fit("f =~ a + 1*b + 1*c", data.head(100)))


def test_draws_and_cuts_that_make_no_sense_are_refused(data):
    with pytest.raises(latent.LatentError, match="0 draws"):
        latent.bootstrap(latent.fit(F, data), 0)
    with pytest.raises(latent.LatentError, match="cuts names 'zz'"):
        latent.simulate(F, 5, cuts={"zz": [0.0]})
    with pytest.raises(latent.LatentError, match="-1 cases"):
        latent.simulate(F, -1)
