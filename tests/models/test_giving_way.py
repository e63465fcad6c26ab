"""What somebody waits for in silence goes first; the rest waits for it, and not for ever."""

import threading
import time

from assistant.models.cpu_priority import GivingWay


def test_nobody_waits_where_nothing_goes_first() -> None:
    way = GivingWay(60)
    began = time.monotonic()
    way.give()
    assert time.monotonic() - began < 30


def test_others_wait_until_the_last_that_goes_first_is_done() -> None:
    way, order = GivingWay(60), []

    def wait() -> None:
        way.give()
        order.append("the rest")

    with way:
        with way:
            other = threading.Thread(target=wait)
            other.start()
        time.sleep(0.05)
        order.append("first")
    other.join(30)
    assert order == ["first", "the rest"]


def test_the_way_is_free_again_after_a_failure_and_nobody_waits_for_ever() -> None:
    way = GivingWay(0.05)
    try:
        with way:
            way.give()  # ends though it is never free
            raise RuntimeError
    except RuntimeError:
        pass
    patient = threading.Thread(target=way.give)
    patient.start()
    patient.join(30)
    assert not patient.is_alive()
