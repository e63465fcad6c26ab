"""What somebody waits for in silence goes first; the rest waits for it, and not for ever."""

import threading
import time

from assistant.models.cpu_priority import CpuPriority


def test_nobody_waits_where_nothing_goes_first() -> None:
    priority = CpuPriority(60)
    began = time.monotonic()
    priority.yield_cpu()
    assert time.monotonic() - began < 30


def test_others_wait_until_the_last_that_goes_first_is_done() -> None:
    priority, order = CpuPriority(60), []

    def wait() -> None:
        priority.yield_cpu()
        order.append("the rest")

    with priority:
        with priority:
            other = threading.Thread(target=wait)
            other.start()
        time.sleep(0.05)
        order.append("first")
    other.join(30)
    assert order == ["first", "the rest"]


def test_the_way_is_free_again_after_a_failure_and_nobody_waits_for_ever() -> None:
    priority = CpuPriority(0.05)
    try:
        with priority:
            priority.yield_cpu()  # ends though it is never free
            raise RuntimeError
    except RuntimeError:
        pass
    patient = threading.Thread(target=priority.yield_cpu)
    patient.start()
    patient.join(30)
    assert not patient.is_alive()
