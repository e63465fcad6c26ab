"""ActiveTurns: whether a turn is being answered, so that background work can stand aside."""

import threading
from types import TracebackType


class ActiveTurns:
    """Hold it (`with active_turns:`) around an answer, any number at once; `active_turns()`: is there one?"""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers = 0

    def __call__(self) -> bool:
        return self._answers > 0

    def __enter__(self) -> "ActiveTurns":
        with self._lock:
            self._answers += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._answers -= 1
