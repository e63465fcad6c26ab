"""How many threads a model computes fastest with, found by trying: on a busy machine fewer can be
many times faster, so the number of cores says nothing."""

import os
import time
from collections.abc import Callable
from statistics import fmean


def fastest(step: Callable[[], object], budget_seconds: float = 1.2) -> int:
    """The number of threads with the shortest mean step, and torch set to it.

    The mean, because what spoils a number of threads on a busy machine is now and then a very long
    step. Rounds go on until the budget is spent; every candidate that there was time for counts.
    """
    import torch

    took: dict[int, list[float]] = {}
    end = time.monotonic() + budget_seconds
    step()  # the first one allocates and is no measure
    for _ in range(4):
        for count in _candidates():
            if time.monotonic() > end and took:
                break
            torch.set_num_threads(count)
            step()  # wakes the threads
            began = time.perf_counter()
            step()
            took.setdefault(count, []).append(time.perf_counter() - began)
    count = min(took, key=lambda one: fmean(took[one]))
    torch.set_num_threads(count)
    return count


def _candidates() -> list[int]:
    """All the cores we may use, halved down to 1: 16, 8, 4, 2, 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    counts = [cores]
    while counts[-1] > 1:
        counts.append(counts[-1] // 2)
    return counts


def cores() -> int:
    """The cores that we may use, counting one that runs two threads once: both would wait for the same arithmetic."""
    import psutil

    return min(_candidates()[0], psutil.cpu_count(logical=False) or _candidates()[0])
