"""Loads a folder's model with transformers, onto the device and in the precision we have."""

from pathlib import Path
from typing import Any

from assistant.engines.failures import first_line, is_out_of_memory
from assistant.engines.processors import load_processor
from assistant.models.device import SHARE_OF_MEMORY, Device, is_zerogpu
from assistant.models.profiles import ModelProfile
from assistant.values.errors import EngineError
from assistant.values.messages import say


def load_model(profile: ModelProfile, folder: Path, device: Device) -> Any:
    """In eval mode, on its device. Raises EngineError."""
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

    match profile.family:
        case "causal-lm":
            kind: Any = AutoModelForCausalLM
        case "image-text-to-text":
            kind = AutoModelForImageTextToText
        case other:
            raise EngineError(
                say(
                    "{model} is of the family {family}, which is not a language model.",
                    model=profile.name,
                    family=other,
                )
            )
    options = _options(profile, folder, device)
    try:
        model = _from_pretrained(kind, folder, device.attention, options)
    except Exception as error:  # what a broken folder raises depends on what is broken
        if is_out_of_memory(error):
            raise EngineError(
                say("Not enough memory to load {model}. Choose a smaller model (--llm).", model=profile.name)
            ) from error
        raise EngineError(
            say("{model} cannot be loaded: {trouble}", model=profile.name, trouble=first_line(error))
        ) from error
    if "device_map" not in options and device.kind != "cpu":
        model = model.to(torch.device(device.kind))
    return model.eval()


def load_processor_of(profile: ModelProfile, folder: Path) -> Any:
    """A tokenizer for a text model; for one that sees images, what prepares text and pictures."""
    from transformers import AutoTokenizer

    try:
        if profile.family == "image-text-to-text":
            return load_processor(folder)
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        if "torchvision" in str(error).lower():
            raise EngineError(
                say("{name} needs torchvision to prepare pictures: pip install torchvision.", name=profile.name)
            ) from error
        raise EngineError(
            say("{model} cannot be loaded: {trouble}", model=profile.name, trouble=first_line(error))
        ) from error


def _options(profile: ModelProfile, folder: Path, device: Device) -> dict[str, Any]:
    import torch

    dtype = getattr(torch, precision(folder, device))
    options: dict[str, Any] = {"dtype": dtype, "local_files_only": True}
    if device.kind == "cuda" and not is_zerogpu():  # there, weights are placed whole, at start-up
        options["device_map"] = "auto"
    if device.kind == "cuda" and profile.quantize:
        options["quantization_config"] = _quantization(profile, options["dtype"])
        options["device_map"] = "auto"
    return options


def precision(folder: Path, device: Device) -> str:
    """That of the device; where float32 would not fit a processor's memory bfloat16, which is slow there, but runs."""
    if device.kind != "cpu" or device.dtype != "float32":
        return device.dtype
    as_published = sum(file.stat().st_size for file in folder.glob("*.safetensors"))  # two bytes a weight
    return "float32" if 2 * as_published <= device.free_bytes * SHARE_OF_MEMORY else "bfloat16"


def _quantization(profile: ModelProfile, dtype: Any) -> Any:
    from importlib.util import find_spec

    import transformers

    if find_spec("bitsandbytes") is None:
        raise EngineError(
            say(
                "{model} is held in {bits}, which needs bitsandbytes: pip install bitsandbytes.",
                model=profile.name,
                bits=profile.quantize,
            )
        )
    settings: Any = transformers.BitsAndBytesConfig
    if profile.quantize == "8bit":
        return settings(load_in_8bit=True)
    return settings(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )


def _from_pretrained(kind: Any, folder: Path, attention: str, options: dict[str, Any]) -> Any:
    try:
        return kind.from_pretrained(folder, attn_implementation=attention, **options)
    except (ValueError, ImportError) as error:
        if "attention" not in str(error).lower() or attention == "eager":
            raise
        return kind.from_pretrained(folder, attn_implementation="eager", **options)  # every model has this one
