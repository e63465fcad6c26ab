"""CpuPriority: models that share one processor let the most urgent work go first."""

import threading
from types import TracebackType


class CpuPriority:
    """Hold it (`with priority:`) around urgent work, from any number of threads; other work calls `yield_cpu`."""

    def __init__(self, longest: float = 5.0) -> None:
        """longest: the most seconds that `yield_cpu` waits."""
        self._longest = longest
        self._holders = 0
        self._free = threading.Condition()

    def __enter__(self) -> "CpuPriority":
        with self._free:
            self._holders += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._free:
            self._holders -= 1
            self._free.notify_all()

    def yield_cpu(self) -> None:
        """Waits while urgent work is being done."""
        with self._free:
            self._free.wait_for(lambda: self._holders == 0, self._longest)
