"""GivingWay: on a processor that all models share, what somebody waits for in silence goes first."""

import threading
from types import TracebackType


class GivingWay:
    """`with way:` around what goes first, from as many threads as come; `give` where the others can wait a moment."""

    def __init__(self, longest: float = 5.0) -> None:
        """longest: seconds that `give` waits at most."""
        self._longest = longest
        self._first = 0
        self._free = threading.Condition()

    def __enter__(self) -> "GivingWay":
        with self._free:
            self._first += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._free:
            self._first -= 1
            self._free.notify_all()

    def give(self) -> None:
        """Waits while something goes first."""
        with self._free:
            self._free.wait_for(lambda: self._first == 0, self._longest)
