"""How likely it is that a model's answer begins with given words: the words are put in its mouth, token by token.

Knows token ids only. The prompt is computed once, however many beginnings there are.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any


def log_likelihoods(
    model: Any, inputs: Mapping[str, Any], cache: Any, beginnings: Sequence[Sequence[int]]
) -> tuple[tuple[float, ...], ...]:
    """For each of `beginnings` the natural logarithms of its token ids' chances, each after those before it.

    inputs: the whole prompt on the model's device, input_ids of shape (1, tokens). cache: what of its
    beginning is known already; afterwards it holds the whole prompt, and nothing else.
    """
    import torch

    known = cache.get_seq_length()
    # no mask beside a known beginning: one row has no padding, and some models measure what is new by their mask
    rest = {"input_ids": inputs["input_ids"][:, known:]} if known else dict(inputs)
    with torch.no_grad():
        first = model(**rest, past_key_values=cache, use_cache=True, logits_to_keep=1).logits[0, -1]
        return tuple(_follow(model, cache, first, list(beginning)) for beginning in beginnings)


def _follow(model: Any, cache: Any, first: Any, beginning: Sequence[int]) -> tuple[float, ...]:
    """first: the logits of the token after the prompt, shape (vocabulary,)."""
    import torch

    logits = first[None]
    if len(beginning) > 1:
        # on a copy, a few megabytes: a cache of linear attention could not be cropped back to the prompt
        ids = torch.tensor([beginning[:-1]], device=first.device)
        more = model(input_ids=ids, past_key_values=copy.deepcopy(cache), use_cache=True).logits[0]
        logits = torch.cat([logits, more])
    chances = logits[: len(beginning)].float().log_softmax(-1)
    return tuple(chances[place, token].item() for place, token in enumerate(beginning))
