"""Pictures and words to unit vectors of one space, with a model of the CLIP or SigLIP kind.

Knows nothing of what the vectors are kept in.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from assistant.embeddings.text import space_of
from assistant.engines.processors import load_processor
from assistant.models.device import Device, computes_bfloat16, on_gpu
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.values.errors import WeightsError
from assistant.values.messages import say

if TYPE_CHECKING:
    from PIL.Image import Image

_BATCH = 16


class SeenEmbedder:
    """Implements PictureEmbedder. Made by `load`; may be used by several threads."""

    def __init__(
        self,
        profile: ModelProfile,
        dimensions: int,
        look: "Callable[[list[Image]], Vectors]",
        read: Callable[[str], Vectors],
    ) -> None:
        self.profile = profile
        self.dimensions = dimensions
        self.space = space_of(profile.name, dimensions)
        self._look, self._read = look, read

    @classmethod
    def load(cls, profile: ModelProfile, folder: Path, device: Device) -> "SeenEmbedder":
        """Reads the model, its tokenizer and its image processor from the folder. Takes seconds.

        Raises WeightsError where they are missing or not what they should be.
        """
        dtype: str = device.dtype
        if device.kind == "cpu":
            dtype = "bfloat16" if computes_bfloat16() else "float32"
        try:
            processor = load_processor(folder)
            from transformers import AutoModel  # seconds
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            model = AutoModel.from_pretrained(
                folder, dtype=dtype, attn_implementation=device.attention, local_files_only=True
            )
            model = model.eval().to(device.kind)
            look, read = on_gpu(_looker(model, processor)), on_gpu(_reader(model, processor))
            dimensions = len(read("a picture"))
        except Exception as error:  # tokenizers raises bare Exceptions, and other kinds of model lack these verbs
            raise WeightsError(
                say(
                    "The files of {model} cannot be read as a model that embeds pictures and words. "
                    "Delete them and start again to fetch them anew.",
                    model=profile.name,
                )
            ) from error
        return cls(profile, dimensions, look, read)

    def embed_pictures(self, pictures: "Sequence[Image]") -> Vectors:
        if not pictures:
            return numpy.zeros((0, self.dimensions), dtype=numpy.float32)
        return self._look(list(pictures))

    def embed_question(self, text: str) -> Vectors:
        return self._read(text)


def _looker(model: Any, processor: Any) -> "Callable[[list[Image]], Vectors]":
    """All pictures in one call: where a GPU is lent per call, asking for it is what costs."""

    def look(pictures: "list[Image]") -> Vectors:
        import torch

        vectors = []
        with torch.inference_mode():
            for start in range(0, len(pictures), _BATCH):
                made = processor.image_processor(images=pictures[start : start + _BATCH], return_tensors="pt")
                made = made.to(model.device, dtype=model.dtype)  # only what is a fraction becomes one of its kind
                vectors.append(_unit(model.get_image_features(**made)))
        return numpy.concatenate(vectors)

    return look


def _reader(model: Any, processor: Any) -> Callable[[str], Vectors]:
    longest = int(model.config.text_config.max_position_embeddings)

    def read(text: str) -> Vectors:
        import torch

        # in lower case and padded to full length, which is how these models were trained
        made = processor.tokenizer(
            [text.lower()], padding="max_length", truncation=True, max_length=longest, return_tensors="pt"
        ).to(model.device)
        with torch.inference_mode():
            vector: Vectors = _unit(model.get_text_features(**made))[0]
        return vector

    return read


def _unit(features: Any) -> Vectors:
    import torch

    unit: Vectors = torch.nn.functional.normalize(features.pooler_output.float(), dim=-1).cpu().numpy()
    return unit
