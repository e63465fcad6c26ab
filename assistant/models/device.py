"""Which device we have, how much of it is free, and what it computes best in. The only file that asks.

`on_gpu` is spaces.GPU where Hugging Face lends a GPU per call (ZeroGPU), and nothing elsewhere.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from assistant.models.processors import wait_quietly
from assistant.models.profiles import GIB, Machine
from assistant.values.errors import SetupError
from assistant.values.messages import say

SHARE_OF_MEMORY = 0.8  # of what is free may one model take; the rest is for the others and for prompts
Call = TypeVar("Call", bound=Callable[..., object])


@dataclass(frozen=True)
class Device:
    """The device that models run on."""

    kind: Literal["cuda", "mps", "cpu"]
    """What torch calls it."""
    name: str
    memory_bytes: int
    """The memory of that device."""
    free_bytes: int
    """How much of it was free when it was asked."""
    dtype: Literal["bfloat16", "float16", "float32"]
    """The type in which models are computed there."""
    attention: str = "sdpa"
    """The implementation of attention that transformers should use."""


def look() -> Device:
    """Looks at this machine. Imports torch, which takes seconds: not for `--help`."""
    wait_quietly()
    import psutil
    import torch

    memory = psutil.virtual_memory()
    if is_zerogpu() or torch.cuda.is_available():
        if is_zerogpu():  # the GPU is there only inside a decorated call: do not touch it
            return Device("cuda", "ZeroGPU", 70 * GIB, 70 * GIB, "bfloat16")
        index = torch.cuda.current_device()
        free, total = torch.cuda.mem_get_info(index)
        major, _ = torch.cuda.get_device_capability(index)
        dtype: Literal["bfloat16", "float16"] = "bfloat16" if major >= 8 else "float16"
        return Device("cuda", torch.cuda.get_device_name(index), total, free, dtype)
    if torch.backends.mps.is_available():
        return Device("mps", "Apple GPU", memory.total, memory.available, "bfloat16")
    return Device("cpu", "CPU", memory.total, memory.available, "bfloat16" if computes_bfloat16() else "float32")


def computes_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware. Without it that is several times slower than float32."""
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def has_matrix_units() -> bool:
    """Whether this processor multiplies whole tiles of bfloat16 at once (AMX)."""
    import torch

    return bool(torch.cpu._is_amx_tile_supported())


def machine_class(device: Device, hub_answers: bool) -> Machine:
    """The row of the table of models that this machine belongs to."""
    if is_zerogpu():
        return "zerogpu"
    if device.kind == "cuda" and device.free_bytes >= 38 * GIB:
        return "gpu-40gb"
    if device.kind == "cuda" and device.free_bytes >= 13 * GIB:
        return "gpu-16gb"
    return "cpu" if hub_answers else "cpu-offline"


def is_zerogpu() -> bool:
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "true")


def on_gpu(call: Call) -> Call:
    """Runs `call` where the GPU is. Its arguments must be plain data: they cross to another process."""
    if not is_zerogpu():
        return call
    return import_spaces().GPU(call)  # type: ignore[no-any-return]


def import_spaces() -> Any:
    """The package that lends the GPU. Where one is lent per call it has to be imported before torch.

    Raises SetupError where it is missing.
    """
    try:
        import spaces
    except ImportError as error:
        raise SetupError(say("ZeroGPU needs the package spaces: add a line “spaces” to requirements.txt.")) from error
    return spaces
