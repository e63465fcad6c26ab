"""How a model is told to generate: our options, and of its publisher's settings only what ends an answer."""

from dataclasses import replace
from typing import Any

from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Generation
from assistant.values.errors import BadInput
from assistant.values.messages import say

SHORTEST_ANSWER = 32  # tokens; a prompt that leaves less room is too long


def fitting(options: Generation, prompt_tokens: int, profile: ModelProfile) -> Generation:
    """With an answer no longer than the context leaves room for. Raises BadInput where that is next to nothing."""
    room = profile.context_tokens - prompt_tokens
    if room < min(SHORTEST_ANSWER, options.max_tokens):
        raise BadInput(
            say(
                "This is too long for {model}: {count} tokens, and it takes {most} with the answer. "
                "Ask about less at once.",
                model=profile.name,
                count=prompt_tokens,
                most=profile.context_tokens,
            )
        )
    return replace(options, max_tokens=min(options.max_tokens, room))


def generation_settings(options: Generation) -> dict[str, Any]:
    """Our options as `generate` takes them. top_k 0: none; transformers would take 50."""
    if options.temperature <= 0:
        return {"max_new_tokens": options.max_tokens, "do_sample": False}
    return {
        "max_new_tokens": options.max_tokens,
        "do_sample": True,
        "temperature": options.temperature,
        "top_p": options.top_p,
        "top_k": 0,
    }


def plain_generation(theirs: Any, tokenizer: Any) -> Any:
    """Only what ends and pads an answer. Their penalties would hinder quoting the evidence."""
    from transformers import GenerationConfig

    ends = theirs.eos_token_id
    ends = [] if ends is None else [ends] if isinstance(ends, int) else list(ends)
    if tokenizer.eos_token_id is not None and tokenizer.eos_token_id not in ends:
        ends.append(tokenizer.eos_token_id)
    pad = next((one for one in (theirs.pad_token_id, tokenizer.pad_token_id, *ends) if one is not None), None)
    return GenerationConfig(  # type: ignore[no-untyped-call]
        bos_token_id=theirs.bos_token_id, eos_token_id=ends or None, pad_token_id=pad
    )
