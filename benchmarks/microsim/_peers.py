"""Starsim 3.7.2 and Mesa 3.3.1, as their documentation writes models; prints one JSON object.

Run by `bench_engines.py --peers PYTHON`. Two models: six states, where every person leaves a state
with one chance, sixty months; and the whole model of careers, 624 months, in Starsim.
"""

import json
import sys
import time

STEPS = 60
CHANCE = 0.1


def six_in_starsim(n):
    """Return M person-months a CPU second of six boolean states with `bernoulli.filter`."""
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

    sim = ss.Sim(n_agents=n, modules=SixStates(), start=2000, stop=2004.917, dt=1 / 12, verbose=0)
    sim.init()
    return timed(sim, n)


def rich_in_starsim(n):
    """Return M person-months a CPU second of the whole model of careers."""
    from _starsim_rich import rich

    return timed(rich(n), n)


def timed(sim, n):
    start = time.process_time()
    sim.run()
    return n * len(sim.t.timevec) / (time.process_time() - start)


def six_in_mesa(n):
    """Return M person-months a CPU second of an agent with one attribute and `do`."""
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

    model = Six(n)
    start = time.process_time()
    for _ in range(STEPS):
        model.step()
    return n * STEPS / (time.process_time() - start)


def main():
    most = 100_000 if "--quick" in sys.argv else 1_000_000
    found = {}
    for name, engine, sizes in (
        ("starsim six", six_in_starsim, (10_000, 100_000, 1_000_000)),
        ("starsim rich", rich_in_starsim, (10_000, 100_000)),
        ("mesa six", six_in_mesa, (10_000, 100_000)),
    ):
        for size in sizes:
            if size > most:
                continue
            try:
                found[f"{name} {size}"] = round(engine(size) / 1e6, 2)
            except Exception as error:
                found[f"{name} {size}"] = f"{type(error).__name__}: {error}"[:200]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
