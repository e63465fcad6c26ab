"""The keys and values of a conversation's prompt, kept from turn to turn, so that only what is new is computed.

Knows token ids only. Prompts with pictures do not come here: two pictures have the same ids.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass
class _CachedPrefix:
    """rope_deltas: where the model's positions stand; some models keep it on themselves."""

    cache: Any
    ids: list[int]
    rope_deltas: Any


class PrefixCache:
    """The last few conversations, least recently used first.

    `take` hands a conversation's cache out and forgets it; `keep` gives it back. So a generation
    that fails leaves nothing behind that could be wrong.
    """

    def __init__(self, model: Any, new_cache: Callable[[], Any], conversations: int = 2) -> None:
        self._new_cache = new_cache
        self._conversations = conversations
        self._kept: OrderedDict[str, _CachedPrefix] = OrderedDict()
        self.tokens_reused = self.tokens_computed = 0  # since the start, of prompts that might be found here
        self._positions = next((part for part in model.modules() if hasattr(part, "rope_deltas")), None)

    def take(self, conversation: str, ids: Sequence[int]) -> Any:
        """A cache that holds the longest beginning of `ids` that can be used again, perhaps none of it."""
        cache = self._take(conversation, ids)
        reused = cache.get_seq_length()
        self.tokens_reused += reused
        self.tokens_computed += len(ids) - reused
        return cache

    def _take(self, conversation: str, ids: Sequence[int]) -> Any:
        kept = self._kept.pop(conversation, None)
        if kept is None:
            return self._new_cache()
        # at least one token must be computed, to have something to go on from
        common = min(_common(kept.ids, ids), len(ids) - 1)
        surplus = len(kept.ids) - common
        if common == 0 or (surplus and not _can_shrink(kept.cache)):
            return self._new_cache()
        if surplus:
            kept.cache.crop(-surplus)
        if self._positions is not None:
            self._positions.rope_deltas = kept.rope_deltas
        return kept.cache

    def keep(self, conversation: str, cache: Any, ids: Sequence[int]) -> None:
        """ids: prompt and answer; the last one or two may not be in the cache yet."""
        deltas = self._positions.rope_deltas if self._positions is not None else None
        self._kept[conversation] = _CachedPrefix(cache, list(ids[: cache.get_seq_length()]), deltas)
        while len(self._kept) > self._conversations:
            self._kept.popitem(last=False)


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens both begin with."""
    length = min(len(first), len(second))
    return next((i for i in range(length) if first[i] != second[i]), length)


def _can_shrink(cache: Any) -> bool:
    """Linear attention keeps one running state, and a full sliding window has lost what came before."""
    return bool(cache.is_croppable) and not any(
        layer.is_sliding and layer.get_seq_length() >= layer.sliding_window
        for layer in cache.layers
        if hasattr(layer, "sliding_window")
    )
