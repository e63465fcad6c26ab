"""Work on a thread of its own, read as an iterator. Closing the iterator or setting `stop` ends the work.

Knows nothing of models: the work puts pieces, and looks now and then whether it should stop.
"""

import queue
import threading
from collections.abc import Callable, Iterator

Put = Callable[[str], None]
Stopped = Callable[[], bool]
Work = Callable[[Put, Stopped], None]

_LOOK_SECONDS = 0.05  # how late a set `stop` is noticed while no piece comes


def read_from_thread(work: Work, stop: threading.Event, join: bool = True) -> Iterator[str]:
    """The pieces that `work` puts, as they come; what it raises is raised here.

    join: wait for the thread before returning; without it a work that waits on the network is left
    to notice by itself.
    """
    pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    failures: list[BaseException] = []
    closed = threading.Event()

    def run() -> None:
        try:
            work(pieces.put, lambda: stop.is_set() or closed.is_set())
        except BaseException as error:  # noqa: BLE001 - raised again to the reader
            failures.append(error)
        finally:
            pieces.put(None)

    thread = threading.Thread(target=run, name="answer", daemon=True)
    thread.start()
    try:
        while not stop.is_set():
            try:
                piece = pieces.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if piece is None:
                if failures:
                    raise failures[0]
                return
            yield piece
    finally:
        closed.set()
        if join:
            thread.join()
