"""Bytes a person of one engine at one size, in a process of its own; prints one JSON object.

    python _memory.py ENGINE PERSONS [STATE]

ENGINE is kernel, twin, toy, "starsim six", "starsim rich" or "mesa six". A small run comes first,
so that imports, compiled code and caches are there before anything is counted. Then the mark of
the largest resident memory is set back (Linux: 5 into /proc/self/clear_refs), the engine makes its
persons and runs a few months, and the growth from before to the largest is divided by the persons:
`peak`. What is resident at the end, while the persons still live, is `kept`; `state` counts the
arrays or objects that hold the persons.
"""

import gc
import json
import sys
from pathlib import Path

SMALL = 500


def resident(name):
    """Return VmRSS or VmHWM in bytes."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise SystemExit(f"/proc/self/status has no {name}")


def kernel(n, _):
    from footbridge.microsim import run
    from footbridge.microsim.parameters import defaults
    from footbridge.microsim.tables import tables_of

    tables, how = tables_of(defaults()), run.Setting(n, months=3)
    people = run.pp.create(tables.values, n, keys=run.keys_of(1))
    run._Run(tables, how, people).go(None)
    return people, sum(array.nbytes for array in people)


def twin(n, state):
    from _engines import late

    people = late(n, state, engine="reference", months=2)[1]
    return people, sum(array.nbytes for array in people)


def toy(n, _):
    from _engines import toy_states

    people = toy_states(n)
    return people, people.nbytes


def starsim_six(n, _):
    from _peers import six_in_starsim

    return _starsim(six_in_starsim(n, 3))


def starsim_rich(n, state):
    from _starsim_rich import rich

    return _starsim(rich(n, state, 3))


def _starsim(sim):
    sim.run()
    return sim, sum(array.raw.nbytes for array in sim.people._states.values())


def mesa_six(n, _):
    from _peers import six_in_mesa

    model = six_in_mesa(n)
    for _ in range(3):
        model.step()
    one = next(iter(model.agents))
    each = sys.getsizeof(one) + sys.getsizeof(one.__dict__) + sys.getsizeof(one.unique_id)
    return model, n * each


ENGINES = {
    "kernel": kernel, "twin": twin, "toy": toy, "starsim six": starsim_six,
    "starsim rich": starsim_rich, "mesa six": mesa_six,
}  # fmt: skip


def main():
    name, n, state = sys.argv[1], int(sys.argv[2]), (sys.argv[3:] or [None])[0]
    engine = ENGINES[name]
    engine(SMALL, state)
    gc.collect()
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    alive, held = engine(n, state)
    found = {
        "peak": round((resident("VmHWM") - before) / n),
        "kept": round((resident("VmRSS") - before) / n),
        "state": round(held / n),
    }
    del alive
    print(json.dumps(found))


if __name__ == "__main__":
    main()
