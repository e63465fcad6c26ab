"""Busy: whether a turn is being answered, so that work in the background can stand aside."""

import threading
from types import TracebackType


class Busy:
    """`with busy:` around an answer, as many at once as come; `busy()` tells."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers = 0

    def __call__(self) -> bool:
        return self._answers > 0

    def __enter__(self) -> "Busy":
        with self._lock:
            self._answers += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._answers -= 1
