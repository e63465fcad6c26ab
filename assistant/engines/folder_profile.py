"""A profile read from a model's own folder, for models that our table does not know."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from assistant.engines import gguf
from assistant.models.profiles import ModelProfile, ModelRole
from assistant.values.errors import EngineError
from assistant.values.messages import say

_USUAL_CONTEXT = 4096  # where a folder does not say


def profile_of_folder(folder: Path, role: ModelRole = "chat") -> ModelProfile:
    """What the config (or the GGUF's header) says of the model. Raises EngineError where there is none."""
    if (source := gguf.find_gguf(folder)) is not None:
        return _of_gguf(folder, source, role)
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise EngineError(
            say(
                "{folder} holds no model: I look for a config.json with safetensors, or one GGUF file.",
                folder=folder.name,
            )
        ) from error
    except (OSError, ValueError) as error:
        raise EngineError(say("The config.json in {folder} cannot be read.", folder=folder.name)) from error
    sees = "vision_config" in config
    video = any(name in config for name in ("video_token_id", "video_token_index"))
    weights = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    profile = _profile(folder, role, sees, _context_tokens(config), weights)
    return replace(profile, sees_video=sees and video, boxes=_boxes(str(config.get("model_type"))) if sees else "")


def _of_gguf(folder: Path, source: Path, role: ModelRole) -> ModelProfile:
    values = gguf.header(source)
    context = values.get(f"{values.get('general.architecture')}.context_length")
    unpacked = 4 * source.stat().st_size
    return _profile(folder, role, False, context if isinstance(context, int) else _USUAL_CONTEXT, unpacked)


def _profile(folder: Path, role: ModelRole, sees: bool, context_tokens: int, weights: int) -> ModelProfile:
    small = weights < 4e9
    return ModelProfile(
        folder.name,
        role,
        "image-text-to-text" if sees else "causal-lm",
        licence="see the model's own card",
        languages="see the model's own card",
        memory_bytes=int(1.2 * weights),
        context_tokens=context_tokens,
        evidence_tokens=min(600 if small else 4000, context_tokens // 2),
        sees_images=sees,
        image_tokens=320 if sees else 0,
        small=small,
    )


def _boxes(model_type: str) -> Literal["", "thousandths", "pixels"]:
    """As the publishers say: Qwen2.5 counts pixels, Qwen3 and Gemma thousandths."""
    if model_type.startswith(("qwen2_5_vl", "qwen2_5_omni")):
        return "pixels"
    return "thousandths" if model_type.startswith(("qwen", "gemma", "internvl", "paligemma")) else ""


def _context_tokens(config: dict[str, Any]) -> int:
    """Multimodal models keep it in the config of their text part."""
    for part in (config, *(config.get(name) for name in ("text_config", "llm_config", "language_config"))):
        if isinstance(part, dict) and isinstance(tokens := part.get("max_position_embeddings"), int):
            return tokens
    return _USUAL_CONTEXT
