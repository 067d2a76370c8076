"""Nested models: difference tests against references."""

import numpy as np
import pytest
import reference_results as references

from footbridge import latent

needs_references = pytest.mark.skipif(
    not references.REFERENCES.exists(), reason="the shared reference results are not here"
)
CASES = [
    ("lrt_hs_invariance_ml", "default", "standard"),
    ("lrt_hs_invariance_mlr", "satorra.bentler.2001", "satorra.bentler.2001"),
    ("lrt_hs_invariance_mlr", "satorra.bentler.2010", "satorra.bentler.2010"),
    ("lrt_ord_invariance", "satorra.2000", "satorra.2000"),
]


@needs_references
@pytest.mark.parametrize(("name", "key", "method"), CASES)
def test_difference_tests_agree_with_references(name, key, method):
    reference = references.load(name)
    common = {k: v[0] for k, v in reference["common"].items()}
    fits = [
        latent.cfa(
            reference["model"],
            references.data(reference["data"]),
            ordered=True if reference["ordered"] else None,
            group_equal=tuple(step.get("group.equal", ())),
            **common,
        )
        for step in reference["steps"].values()
    ]

    found = latent.compare(*fits, method=method)

    block = reference["lrt"][key]
    for ours, theirs in (("Df", "Df"), ("Chisq", "Chisq"), ("Chisq diff", "Chisq diff")):
        wanted = np.array(block[theirs], dtype=float)
        np.testing.assert_allclose(found[ours], wanted, rtol=1e-5, atol=1e-5)


def test_one_model_cannot_be_compared():
    with pytest.raises(latent.LatentError, match="one model"):
        latent.compare()


@pytest.mark.parametrize("ask", [latent.bootstrap, latent.compare])
def test_what_is_no_fit_is_refused_with_the_way_to_one(ask):
    with pytest.raises(latent.LatentError, match=r"got a str\. .* Fit the model first"):
        ask("f =~ a + b + c")
