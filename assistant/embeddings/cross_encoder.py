"""A cross-encoder: reads the question and a text together and says how well the text answers it.

Slower and surer than comparing vectors, so it is given only the best hits of a search. Any checkpoint of
transformers' sequence classification with one output will do, such as BAAI/bge-reranker-v2-m3 (Apache-2.0,
multilingual) or cross-encoder/ms-marco-MiniLM-L6-v2 (Apache-2.0, English).
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy

from assistant.models.device import Device, computes_bfloat16, on_gpu
from assistant.ports.embedding import Vectors
from assistant.values.errors import SetupError, WeightsError
from assistant.values.messages import say

_BATCH = 10
_TOKENS = 512  # of question and text together; what is beyond is not read


class CrossEncoder:
    """Implements Reranker. Made by `load`; may be used by several threads."""

    def __init__(self, name: str, judge: Callable[[str, list[str]], Vectors]) -> None:
        self.name = name
        self._judge = judge

    @classmethod
    def load(cls, name: str, folder: Path, device: Device) -> "CrossEncoder":
        """Reads safetensors, config.json and tokenizer.json from the folder. Takes seconds.

        Raises WeightsError where they cannot be read, SetupError where they are another kind of model.
        """
        dtype: str = device.dtype
        if device.kind == "cpu":
            dtype = "bfloat16" if computes_bfloat16() else "float32"
        try:
            from tokenizers import Tokenizer
            from transformers import AutoModelForSequenceClassification  # seconds
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            model, told = AutoModelForSequenceClassification.from_pretrained(
                folder, dtype=dtype, local_files_only=True, use_safetensors=True, output_loading_info=True
            )
        except Exception as error:  # tokenizers raises bare Exceptions
            raise WeightsError(
                say(
                    "The files of {model} cannot be read as a cross-encoder: I look for safetensors, "
                    "config.json and tokenizer.json. Delete them and start again to fetch them anew, or "
                    "choose another model.",
                    model=name,
                )
            ) from error
        if model.config.num_labels != 1 or told["missing_keys"]:
            raise SetupError(
                say("{model} is no cross-encoder with one score. Choose another one for rerank, or none.", model=name)
            )
        limit = int(getattr(model.config, "max_position_embeddings", 0) or _TOKENS)
        tokenizer.enable_truncation(min(_TOKENS, limit), strategy="longest_first")
        # XLM-R tells positions from the padding, so it must be the model's own
        tokenizer.enable_padding(pad_id=model.config.pad_token_id or 0)
        return cls(name, on_gpu(_judge(model.eval().to(device.kind), tokenizer)))

    def rerank(self, question: str, texts: Sequence[str]) -> Vectors:
        return self._judge(question, list(texts)) if texts else numpy.zeros(0, dtype=numpy.float32)


def _judge(model: Any, tokenizer: Any) -> Callable[[str, list[str]], Vectors]:
    def judge(question: str, texts: list[str]) -> Vectors:
        import torch

        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike lengths together: less padding
        scores = numpy.empty(len(texts), dtype=numpy.float32)
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                batch = order[start : start + _BATCH]
                read = tokenizer.encode_batch([(question, texts[at]) for at in batch])
                given = {"input_ids": [one.ids for one in read], "attention_mask": [one.attention_mask for one in read]}
                if getattr(model.config, "type_vocab_size", 0) > 1:
                    given["token_type_ids"] = [one.type_ids for one in read]
                tensors = {name: torch.tensor(values, device=model.device) for name, values in given.items()}
                scores[batch] = model(**tensors).logits[:, 0].float().sigmoid().cpu().numpy()
        return scores

    return judge
