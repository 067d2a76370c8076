"""What the machine itself can do: its name, its cores, memory bandwidth, two threads of sums."""

import os
import platform
import threading
import time
from pathlib import Path

import numpy as np
from numba import njit

ROUNDS = 150_000_000  # of a multiplication and two shifts: a fifth of a second or so


@njit(cache=True, nogil=True)
def _copy(target, source):
    for i in range(source.size):
        target[i] = source[i]


@njit(cache=True, nogil=True)
def _sums(rounds):
    """Mix one number over and over: registers only, no memory, no branch."""
    z = np.uint64(1)
    for _ in range(rounds):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(1)
    return z


def bandwidth(size=20_000_000, repeats=7):
    """Return the best memory bandwidth of a compiled copy on one thread, in bytes a second."""
    a, b = np.zeros(size), np.ones(size)
    _copy(a[:10], b[:10])
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        _copy(a, b)
        best = max(best, 2 * a.nbytes / (time.perf_counter() - start))
    return best


def scaling(repeats=5):
    """Return how many times the work of one thread two threads do in the same time.

    Of a loop that touches nothing but registers: 2 on two cores that are left alone, less where
    the two are siblings of one core, or where others run.
    """
    _sums(10)
    one = min(_wall(1) for _ in range(repeats))
    two = min(_wall(2) for _ in range(repeats))
    return round(2.0 * one / two, 2)


def _wall(threads):
    group = [threading.Thread(target=_sums, args=(ROUNDS,)) for _ in range(threads)]
    start = time.perf_counter()
    for one in group:
        one.start()
    for one in group:
        one.join()
    return time.perf_counter() - start


def processor():
    """Return what the machine calls its processor."""
    return next(iter(_lines("model name")), platform.processor() or "?")


def siblings():
    """Return in words how many cores are shown, and whether they are said to be siblings."""
    cores = {*zip(_lines("physical id"), _lines("core id"), strict=False)}
    shown = os.cpu_count() or 1
    if not cores:
        return f"{shown} cores, of which nothing more is known"
    kind = "are virtual: the host may run both on one core" if _virtual() else "are the machine's"
    if len(cores) < shown:
        return f"{shown} threads on {len(cores)} cores (hyper-thread siblings); they {kind}"
    return f"{shown} cores without siblings, as the machine says; they {kind}"


def _virtual():
    return any("hypervisor" in line.split() for line in _lines("flags"))


def _lines(name):
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return []
    return [x.partition(":")[2].strip() for x in lines if x.partition(":")[0].strip() == name]
