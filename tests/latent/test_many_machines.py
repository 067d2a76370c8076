"""The bootstrap over a dask cluster: the same draws for the same seed."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.errors import OptionError

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
MODEL = "f =~ a + b + c\nf ~ p*arm\nout ~ q*f + arm\nind := p*q"


@pytest.fixture(scope="module")
def fit():
    draws = np.random.default_rng(11)
    arm = np.repeat([0, 1], 90)
    factor = 0.6 * arm + draws.normal(size=180)
    items = factor[:, None] + draws.normal(size=(180, 3))
    frame = pd.DataFrame((items > [0.2, 0.4, 2.4]).astype(int), columns=list("abc"))
    frame = frame.assign(out=(0.5 * factor + draws.normal(size=180) > 0.3).astype(int), arm=arm)
    return latent.sem(MODEL, frame, ordered=["a", "b", "c", "out"])


def test_processes_and_a_local_cluster_change_no_bit_of_a_draw(fit):
    alone = latent.bootstrap(fit, 24, seed=5)
    forked = latent.bootstrap(fit, 24, seed=5, workers=2)
    spread = latent.bootstrap(fit, 24, seed=5, workers="local")

    for found in (forked, spread):
        np.testing.assert_array_equal(found.estimates, alone.estimates)
        assert found.status == alone.status


def test_the_client_of_a_caller_is_used_and_left_open(fit):
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None
    ) as client:
        found = latent.bootstrap(fit, 9, seed=5, workers=client)
        assert client.status == "running"

    np.testing.assert_array_equal(found.estimates, latent.bootstrap(fit, 9, seed=5).estimates)


def test_a_scheduler_that_does_not_answer_is_named(fit):
    with pytest.raises(OptionError, match=r"tcp://127\.0\.0\.1:9"):
        latent.bootstrap(fit, 4, workers="tcp://127.0.0.1:9")
