"""Runs abreast: one process, then two at once, each with a run of its own on one thread."""

import multiprocessing
import time

from _engines import rich


def _run(gate, out, n, repeats):
    rich(n, repeats=1)
    gate.wait()
    start = time.perf_counter()
    rich(n, repeats=repeats)
    out.put(time.perf_counter() - start)


def _slowest(processes, n, repeats):
    context = multiprocessing.get_context("spawn")
    gate, out = context.Barrier(processes), context.Queue()
    group = [context.Process(target=_run, args=(gate, out, n, repeats)) for _ in range(processes)]
    for one in group:
        one.start()
    seconds = [out.get(timeout=300) for _ in group]
    for one in group:
        one.join()
    return max(seconds)


def abreast(n=100_000, repeats=3):
    """Return how many times the work of one process two do in the same time: the kernel's ceiling.

    They share nothing, so what two threads of one run reach less is the program's own.
    """
    one, two = (min(_slowest(k, n, repeats) for _ in range(2)) for k in (1, 2))
    return round(2.0 * one / two, 2)
