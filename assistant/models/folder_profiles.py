"""A profile read from a folder of a speech or embedding model that our table does not know."""

import json
from pathlib import Path
from typing import Any

from assistant.models.profiles import ROLE_WORDS, Family, ModelProfile, ModelRole
from assistant.values.errors import SetupError
from assistant.values.messages import say

_CARD = "see the model's own card"


def profile_of_sense(folder: Path, role: ModelRole) -> ModelProfile:
    """What the files say of the model. Raises SetupError where they are not a model for this role."""
    match role:
        case "speech":
            return _speech(folder)
        case "embedding":
            return _embedding(folder)
        case "picture-embedding":
            return ModelProfile(folder.name, role, "picture-text", _CARD, _CARD, 0)
        case _:
            raise SetupError(
                say(
                    "A folder cannot be given for {what}. Choose one that `python app.py weights list` names.",
                    what=ROLE_WORDS[role],
                )
            )


def _speech(folder: Path) -> ModelProfile:
    family: Family
    if (folder / "model.bin").is_file() and (folder / "config.json").is_file():
        family = "faster-whisper"
    elif len(list(folder.glob("*.pt"))) == 1:
        family = "openai-whisper"
    else:
        raise SetupError(
            say(
                "{folder} holds no Whisper model: I look for a model.bin with its config.json "
                "(faster-whisper) or one .pt file (openai-whisper).",
                folder=folder.name,
            )
        )
    return ModelProfile(folder.name, "speech", family, _CARD, _CARD, 0)


def _embedding(folder: Path) -> ModelProfile:
    """Pooling from sentence-transformers' 1_Pooling/config.json where it is there, else the mean."""
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise SetupError(
                say(
                    "{folder} holds no embedding model that I can read: {name} is missing.",
                    folder=folder.name,
                    name=name,
                )
            )
    pooling = _read(folder / "1_Pooling" / "config.json")
    prompts = _read(folder / "config_sentence_transformers.json").get("prompts") or {}
    tokens = int(_read(folder / "config.json").get("max_position_embeddings") or 512)
    if pooling.get("pooling_mode_cls_token"):
        raise SetupError(
            say("{folder} pools by its first token, which I do not do yet. Choose another model.", folder=folder.name)
        )
    return ModelProfile(
        folder.name,
        "embedding",
        "text-embedding",
        _CARD,
        _CARD,
        0,
        context_tokens=min(tokens, 8192),
        pooling="last" if pooling.get("pooling_mode_lasttoken") else "mean",
        question_prefix=str(prompts.get("query", "")),
        passage_prefix=str(prompts.get("passage", prompts.get("document", ""))),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
