"""Gives up a long prompt between two layers of the model. transformers itself looks only between tokens,
and the first token of a long prompt can take many seconds.
"""

from collections.abc import Callable
from typing import Any


class PrefillCancelled(Exception):
    """Raised through the model while it reads a prompt that nobody waits for any more."""


class Interrupt:
    """Asks `stopped`, while there is one, before each layer of the model."""

    def __init__(self, model: Any) -> None:
        from torch.nn import ModuleList

        self.stopped: Callable[[], bool] | None = None
        for part in model.modules():
            if isinstance(part, ModuleList):
                for layer in part:
                    layer.register_forward_pre_hook(self._look)

    def _look(self, _layer: object, _arguments: object) -> None:
        if self.stopped is not None and self.stopped():
            raise PrefillCancelled
