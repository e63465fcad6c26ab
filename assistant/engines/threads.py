"""How many threads a model computes fastest with, found by trying: on a busy machine fewer can be
many times faster, so the number of cores says nothing."""

import os
import time
from collections.abc import Callable


def fastest(step: Callable[[], object], budget_seconds: float = 1.2) -> int:
    """The number of threads with the shortest step, and torch set to it.

    Every candidate gets two steps or more, the shortest counts; when the budget is spent (a large
    model, a slow machine) the best so far is taken.
    """
    import torch

    best: dict[int, float] = {}
    end = time.monotonic() + budget_seconds
    step()  # the first one allocates and is no measure
    for _ in range(3):
        for count in _candidates():
            if time.monotonic() > end and best:
                break
            torch.set_num_threads(count)
            step()  # wakes the threads
            began = time.perf_counter()
            step()
            took = time.perf_counter() - began
            best[count] = min(took, best.get(count, took))
    count = min(best, key=lambda one: best[one])
    torch.set_num_threads(count)
    return count


def _candidates() -> list[int]:
    """All the cores we may use, halved down to 1: 16, 8, 4, 2, 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    counts = [cores]
    while counts[-1] > 1:
        counts.append(counts[-1] // 2)
    return counts
