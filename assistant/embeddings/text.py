"""Text to unit vectors with a transformers encoder. Knows nothing of what they are kept in."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy

from assistant.models.device import Device, computes_bfloat16, on_gpu
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.values.errors import SetupError, WeightsError
from assistant.values.messages import say

_BATCH = 32


class TextEmbedder:
    """Implements Embedder. Made by `load`; may be used by several threads."""

    def __init__(self, profile: ModelProfile, dimensions: int, embed: Callable[[list[str]], Vectors]) -> None:
        self.profile = profile
        self._dimensions = dimensions
        self._embed = embed

    @classmethod
    def load(cls, profile: ModelProfile, folder: Path, device: Device) -> "TextEmbedder":
        """Reads model.safetensors, config.json and tokenizer.json from the folder. Takes seconds.

        Raises WeightsError where they are missing or not what they should be.
        """
        dtype: str = device.dtype
        if device.kind == "cpu":  # measured: three times the speed, and cosines of 0.9999 to float32's vectors
            dtype = "bfloat16" if computes_bfloat16() else "float32"
        try:
            tokenizer = _tokenizer(folder, profile)
            from transformers import AutoModel  # seconds
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            model = AutoModel.from_pretrained(
                folder, dtype=dtype, attn_implementation=device.attention, local_files_only=True
            )
        except Exception as error:  # tokenizers raises bare Exceptions
            raise WeightsError(
                say(
                    "The files of {model} cannot be read. Delete them and start again to fetch them anew.",
                    model=profile.name,
                )
            ) from error
        model = model.eval().to(device.kind)
        dimensions = int(model.config.hidden_size)
        if profile.dimensions not in (0, dimensions):
            raise SetupError(
                say(
                    "{model} makes vectors of {count} numbers, not {wanted}. Mend its profile.",
                    model=profile.name,
                    count=dimensions,
                    wanted=profile.dimensions,
                )
            )
        return cls(profile, dimensions, on_gpu(_encoder(model, tokenizer, profile)))

    @property
    def space(self) -> str:
        return space_of(self.profile.name, self._dimensions)

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return numpy.zeros((0, self._dimensions), dtype=numpy.float32)
        return self._embed([self.profile.passage_prefix + text for text in texts])

    def embed_question(self, text: str) -> Vectors:
        vector: Vectors = self._embed([self.profile.question_prefix + text])[0]
        return vector


def space_of(name: str, dimensions: int) -> str:
    """A name for a space of vectors, fit for a collection: lower-case ASCII, dots and dashes."""
    return f"{re.sub(r'[^a-z0-9.]+', '-', name.lower()).strip('-.')}-{dimensions}"


def _tokenizer(folder: Path, profile: ModelProfile) -> Any:
    """tokenizer.json alone: not every checkpoint has the files that transformers wants beside it."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(profile.context_tokens or 512)
    # On the right, where it is masked. torch keeps what it compiled for each length it has met, so let these be few.
    tokenizer.enable_padding(pad_to_multiple_of=16)
    return tokenizer


def _encoder(model: Any, tokenizer: Any, profile: ModelProfile) -> Callable[[list[str]], Vectors]:
    """All texts in one call: where a GPU is lent per call, asking for it is what costs."""

    def encode(texts: list[str]) -> Vectors:
        import torch

        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike lengths together: less padding
        vectors = numpy.empty((len(texts), model.config.hidden_size), dtype=numpy.float32)
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                batch = order[start : start + _BATCH]
                vectors[batch] = _embed(model, tokenizer.encode_batch([texts[at] for at in batch]), profile)
        return vectors

    return encode


def _embed(model: Any, encodings: list[Any], profile: ModelProfile) -> Vectors:
    import torch

    ids = torch.tensor([one.ids for one in encodings], device=model.device)
    mask = torch.tensor([one.attention_mask for one in encodings], device=model.device)
    states = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    match profile.pooling:
        case "mean":
            weights = mask.unsqueeze(-1).float()
            pooled = (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
        case "last":
            pooled = states[torch.arange(len(encodings), device=model.device), (mask.sum(1) - 1).clamp(min=0)]
    vectors: Vectors = torch.nn.functional.normalize(pooled, dim=-1).cpu().numpy()
    return vectors
