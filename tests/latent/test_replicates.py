"""Power over processes and a cluster: no number changes, and nothing that is done is lost."""

import pickle
import signal

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent import many, replicates
from footbridge.latent.errors import DataError, ModelSyntaxError, OptionError
from footbridge.latent.optimise import minimise

TRUTH = "f =~ 0.8*a + 0.7*b + 0.7*c + 0.6*d\ny ~ 0.3*f"
MODEL = "f =~ a + b + c + d\ny ~ f"
RARE = {"a": [2.2], "b": [0.0], "c": [0.0], "d": [0.0], "y": [0.0]}


@pytest.fixture(scope="module")
def alone():
    return latent.power(MODEL, TRUTH, 80, draws=12)


def test_processes_change_no_bit_and_keep_every_reason():
    alone = latent.power(MODEL, TRUTH, 80, draws=8, cuts=RARE)
    found = latent.power(MODEL, TRUTH, 80, draws=8, cuts=RARE, workers=2)

    pd.testing.assert_frame_equal(found, alone, check_exact=True)
    assert found.attrs == alone.attrs
    assert sum(alone.attrs["lost"].values()) == 8 - alone["used"].iloc[0] > 0
    assert any("'a' has 1 category" in reason for reason in alone.attrs["lost"])


def test_a_cluster_changes_no_bit(alone):
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None
    ) as client:
        threads = latent.power(MODEL, TRUTH, 80, draws=12, workers=client)
        assert client.status == "running"
    machines = latent.power(MODEL, TRUTH, 80, draws=12, workers="local")

    for found in (threads, machines):
        pd.testing.assert_frame_equal(found, alone, check_exact=True)
        assert found.attrs == alone.attrs


@pytest.mark.parametrize("size", [1, 5, 100])
def test_the_size_of_a_chunk_changes_no_place(size):
    parts = list(many.in_chunks(str, range(23), 2, size=size))

    assert [word for part in parts for word in part] == [str(i) for i in range(23)]


def test_a_tick_ends_the_work_and_the_samples_are_the_first_ones():
    seen = []

    def tick(done):
        seen.append(done)
        return done < 5

    found = latent.power(MODEL, TRUTH, 80, draws=50, tick=tick)

    assert seen == [1, 2, 3, 4, 5]
    assert found.attrs["done"] == 5
    pd.testing.assert_frame_equal(found, latent.power(MODEL, TRUTH, 80, draws=5))


def test_ctrl_c_hands_over_what_is_done(monkeypatch):
    original = replicates.simulate

    def interrupted(*words, draw, **more):
        if draw == 4:
            signal.raise_signal(signal.SIGINT)
        return original(*words, draw=draw, **more)

    monkeypatch.setattr(replicates, "simulate", interrupted)

    with pytest.raises(KeyboardInterrupt, match=r"stopped after 4 of 50 samples") as caught:
        latent.power(MODEL, TRUTH, 80, draws=50)

    monkeypatch.undo()
    assert isinstance(caught.value, latent.Interrupted)
    pd.testing.assert_frame_equal(caught.value.kept, latent.power(MODEL, TRUTH, 80, draws=4))


def test_ctrl_c_before_anything_is_done_keeps_nothing(monkeypatch):
    monkeypatch.setattr(replicates, "simulate", lambda *_, **__: signal.raise_signal(signal.SIGINT))

    with pytest.raises(latent.Interrupted, match="nothing is kept") as caught:
        latent.power(MODEL, TRUTH, 80, draws=50)

    assert caught.value.kept is None


def test_a_refusal_in_another_process_arrives_whole():
    with pytest.raises(ModelSyntaxError, match="Line 1") as caught:
        latent.power("f =~ a + + b", TRUTH, 50, draws=4, workers=2)

    assert caught.value.line == 1
    with pytest.raises(DataError, match="category"):
        latent.power(MODEL, TRUTH, 80, draws=3, cuts={"a": [9.0]}, workers=2)


def test_errors_survive_the_way_between_processes():
    error = ModelSyntaxError("What.", "Why.", "Do.", line=3, column=4)
    back = pickle.loads(pickle.dumps(error))

    assert (str(back), back.todo, back.line) == (str(error), "Do.", 3)


def test_no_process_at_all_is_refused():
    with pytest.raises(OptionError, match="0 processes"):
        latent.power(MODEL, TRUTH, 80, draws=2, workers=0)


def test_ctrl_c_in_one_fit_says_how_far_the_search_had_come(monkeypatch):
    data = latent.simulate(TRUTH, 100, seed=3)
    from footbridge.latent.normal import NormalLikelihood

    original, calls = NormalLikelihood.derivatives, []

    def interrupted(self, theta, *, exact):
        calls.append(self.value(theta))
        if len(calls) == 4:
            signal.raise_signal(signal.SIGINT)
        return original(self, theta, exact=exact)

    monkeypatch.setattr(NormalLikelihood, "derivatives", interrupted)

    with pytest.raises(latent.Interrupted, match="stopped after 3 iterations") as caught:
        latent.sem(MODEL, data)

    assert f"the value was {calls[2]:.8g}" in caught.value.why


def test_the_value_that_is_told_is_the_one_of_the_last_step():
    class Slow:
        def value(self, theta):
            return float(theta @ theta)

        def derivatives(self, theta, *, exact):
            if abs(theta[0]) < 5:
                signal.raise_signal(signal.SIGINT)
            return 2 * theta, 8 * np.eye(1)

    class Free:
        above, equal = (), ()

        def equations(self, theta, active=()):
            return np.zeros(0), np.zeros((0, 1))

    with pytest.raises(latent.Interrupted, match=r"the value was .* slope"):
        minimise(Slow(), Free(), np.array([8.0]))
