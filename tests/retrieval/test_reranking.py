"""A cross-encoder reads question and text together; what it says decides the order of the best hits."""

from collections.abc import Sequence
from pathlib import Path

import numpy
import pytest

from assistant.embeddings.cross_encoder import CrossEncoder
from assistant.models.device import Device
from assistant.ports.embedding import Vectors
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.values.errors import SetupError, WeightsError
from assistant.values.evidence import Document, Page, Passage
from retrieval.library import ChromaLibrary
from retrieval.reranked import RERANKED, RerankedLibrary
from tests.support.fakes import HashedWords

CPU = Device("cpu", "CPU", 0, 0, "float32")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "who", "serviced", "the", "pump", "dana", "cat", "sleeps"]


def tiny_cross_encoder(folder: Path, labels: int = 1, head: bool = True) -> Path:
    """A BERT of a few kilobytes with random weights, which are the same every time."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(0)
    config = BertConfig(  # type: ignore[call-arg]
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64, num_labels=labels, initializer_range=0.5,
    )  # fmt: skip
    (BertForSequenceClassification(config) if head else BertModel(config)).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    pair = "[CLS] $A [SEP] $B:1 [SEP]:1"
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair=pair, special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


class Longest:
    """A Reranker that takes the longest text for the best, and remembers how many it was given."""

    given = 0

    def rerank(self, question: str, texts: Sequence[str]) -> Vectors:
        self.given = len(texts)
        return numpy.array([len(text) for text in texts], numpy.float32)


def filed(*texts: str) -> ChromaLibrary:
    library = ChromaLibrary(None, HashedWords())
    for number, text in enumerate(texts):
        library.add(Document(f"{number:064}", f"{number}.txt", "text", (Passage(text, Page(1)),)), "me")
    return library


def test_a_text_is_judged_alike_alone_and_in_a_batch(tmp_path: Path) -> None:
    encoder = CrossEncoder.load("tiny", tiny_cross_encoder(tmp_path), CPU)
    texts = ["the cat sleeps", "dana serviced the pump", "", "the pump " * 200]
    together = encoder.rerank("who serviced the pump", texts)
    assert together.shape == (4,)
    assert ((together > 0) & (together < 1)).all()
    alone = [encoder.rerank("who serviced the pump", [text])[0] for text in texts]
    assert together == pytest.approx(alone, abs=1e-2)  # bfloat16 where the processor has it
    assert len(set(together.round(4))) == 4
    assert encoder.rerank("who", []).shape == (0,)


def test_what_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read as a cross-encoder"):
        CrossEncoder.load("nothing", tmp_path, CPU)
    with pytest.raises(SetupError, match="no cross-encoder"):
        CrossEncoder.load("three", tiny_cross_encoder(tmp_path / "three", labels=3), CPU)
    with pytest.raises(SetupError, match="no cross-encoder"):
        CrossEncoder.load("embedder", tiny_cross_encoder(tmp_path / "embedder", head=False), CPU)


def test_the_setting_names_a_folder_or_nothing(tmp_path: Path) -> None:
    assert Models(Settings()).reranker.get() is None
    folder = tiny_cross_encoder(tmp_path)
    models = Models(Settings(rerank=str(folder), offline=True))
    reranker = models.reranker.get()
    assert reranker is not None
    assert len(reranker.rerank("who", ["the pump", "the cat"])) == 2
    assert models.names() == {"rerank": folder.name}
    with pytest.raises(SetupError, match="no cross-encoder “nonsense”"):
        Models(Settings(rerank="nonsense")).reranker.get()


def test_the_order_is_the_rerankers_and_the_scores_stay_in_their_places() -> None:
    texts = ("the pump", "the pump was serviced", "a pump, said somebody who had seen very many of them")
    library = RerankedLibrary(filed(*texts), Longest())
    before = library.inner.search("the pump", "me")
    after = library.search("the pump", "me")
    assert [piece.content for piece in after] == sorted((piece.content for piece in before), key=len, reverse=True)
    assert [piece.score for piece in after] == [piece.score for piece in before]
    assert [piece.content for piece in library.search("the pump", "me", limit=1)] == [texts[2]]
    assert library.search("the pump", "me", limit=0) == []
    library.close()


def test_only_the_best_hits_are_read_again() -> None:
    reranker = Longest()
    library = RerankedLibrary(filed(*(f"pump number {number} {'x' * number}" for number in range(30))), reranker)
    assert len(library.search("pump", "me", limit=25)) == 25
    assert reranker.given == RERANKED
    assert len(library.sources("me")) == 30
    library.remove("me", f"{0:064}")
    assert len(library.sources("me")) == 29
    library.forget("me")
    assert library.search("pump", "me") == library.beginning("me") == []
    library.close()
