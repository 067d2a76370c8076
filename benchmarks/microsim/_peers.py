"""Starsim 3.7.2 and Mesa 3.3.1, as their documentation writes models; prints one JSON object.

Run by `bench_engines.py --peers PYTHON` with the file of people in January 2024, where a million of
Starsim's go on. Two models: six states, where every person leaves a state with one chance, sixty
months (Mesa's million: twenty); and the whole model of careers in Starsim, 624 months from 1984 on,
or the 24 that follow January 2024.
"""

import json
import sys
import time

STEPS = 60
STEPS_OF_A_MILLION = 20  # in Mesa; every month is like every other
CHANCE = 0.1


def six_in_starsim(n, months=STEPS):
    """Return a simulation of six boolean states with `bernoulli.filter`, ready to run."""
    import starsim as ss

    names = ["s0", "s1", "s2", "s3", "s4", "s5"]

    class SixStates(ss.Module):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.define_states(*(ss.BoolState(name, default=name == "s0") for name in names))
            for name in names:
                setattr(self, f"leaves_{name}", ss.bernoulli(p=CHANCE))

        def step(self):
            movers = [
                getattr(self, f"leaves_{name}").filter(getattr(self, name).uids) for name in names
            ]
            for k, uids in enumerate(movers):
                getattr(self, names[k])[uids] = False
                getattr(self, names[(k + 1) % 6])[uids] = True

    stop = 2000 + (months - 1) / 12
    sim = ss.Sim(n_agents=n, modules=SixStates(), start=2000, stop=stop, dt=1 / 12, verbose=0)
    sim.init()
    return sim


def timed(sim, n):
    """Return person-months a CPU second of a simulation that is ready."""
    start = time.process_time()
    sim.run()
    return n * len(sim.t.timevec) / (time.process_time() - start)


def six_in_mesa(n):
    """Return a model of agents with one attribute, moved by `do`."""
    from mesa import Agent, Model

    class Person(Agent):
        def __init__(self, model):
            super().__init__(model)
            self.state = 0

        def step(self):
            if self.random.random() < CHANCE:
                self.state = (self.state + 1) % 6

    class Six(Model):
        def __init__(self, count):
            super().__init__(seed=1)
            Person.create_agents(self, count)

        def step(self):
            self.agents.do("step")

    return Six(n)


def timed_in_mesa(n):
    """Return person-months a CPU second of the six states in Mesa."""
    model, months = six_in_mesa(n), STEPS if n < 1_000_000 else STEPS_OF_A_MILLION
    start = time.process_time()
    for _ in range(months):
        model.step()
    return n * months / (time.process_time() - start)


def rich_in_starsim(n, state):
    """Return person-months a CPU second of the whole model: from 1984, or from 2024 on."""
    from _starsim_rich import rich, rich_late

    return timed(rich(n), n) if state is None else rich_late(n, state)


def main():
    state, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]]
    smaller = [n for n in sizes if n < 1_000_000]
    found = {}
    for name, engine, counts in (
        ("starsim six", lambda n: timed(six_in_starsim(n), n), sizes),
        ("starsim rich", lambda n: rich_in_starsim(n, None), smaller),
        ("starsim late", lambda n: rich_in_starsim(n, state), sizes[-1:]),
        ("mesa six", timed_in_mesa, sizes),
    ):
        for n in counts:
            try:
                found[f"{name} {n}"] = round(engine(n) / 1e6, 2)
            except Exception as error:
                found[f"{name} {n}"] = f"{type(error).__name__}: {error}"[:200]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
