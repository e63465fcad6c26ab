"""Notices: what the person should know of models that stand in for others. They arise whenever a model is loaded,
which may be long after the start, and none of them is lost. Knows nothing of who reads them."""

from collections.abc import Callable, Sequence
from typing import overload

from assistant.values.messages import Message


class Notices(Sequence[Message]):
    """Those there were so far, in order; it only grows, so whoever has read some asks for those behind them.

    Any thread may add one.
    """

    def __init__(self) -> None:
        self._told: list[Message] = []
        self._hearing: list[Callable[[Message], None]] = []

    def hear(self, listener: Callable[[Message], None]) -> None:
        """It is told of each from now on, on the thread where it arises."""
        self._hearing.append(listener)

    def tell(self, notice: Message) -> None:
        """What was told already is not told again."""
        if notice in self._told:
            return
        self._told.append(notice)
        for listener in self._hearing:
            listener(notice)

    def __len__(self) -> int:
        return len(self._told)

    @overload
    def __getitem__(self, at: int) -> Message: ...
    @overload
    def __getitem__(self, at: slice) -> list[Message]: ...
    def __getitem__(self, at: int | slice) -> Message | list[Message]:
        return self._told[at]
