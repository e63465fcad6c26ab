"""Vectors of real models, and what they find; the loader's refusals need no weights."""

from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from assistant.embeddings.text import TextEmbedder
from assistant.models.device import Device
from assistant.models.profiles import ModelProfile, profile_named
from assistant.values.errors import WeightsError
from assistant.values.evidence import Document, Page, Passage
from retrieval.library import ChromaLibrary

CPU = Device("cpu", "CPU", 0, 0, "bfloat16")
HOUSE = (
    "The rent of 1,200 euros falls due on the first working day of each month.",
    "Animals of any kind need the landlord's consent in writing.",
    "The deposit amounts to two months' rent and bears interest.",
    "Bicycles belong in the cellar and not in the stairway.",
    "Between ten at night and six in the morning, keep the volume down.",
    "The heating is serviced every autumn by the caretaker.",
    "Either side may end the contract with three months' notice.",
    "Scratches on the parquet are repaired at the resident's expense.",
    "Household waste is collected on Tuesdays, paper every other Friday.",
    "The lift carries no more than six persons.",
)


def minilm() -> ModelProfile:
    profile = profile_named("minilm")
    assert profile is not None
    return profile


def test_a_folder_without_weights_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="The files of minilm cannot be read"):
        TextEmbedder.load(minilm(), tmp_path, CPU)


@pytest.fixture(scope="module")
def embedder(weights_folder: Callable[[str], Path]) -> TextEmbedder:
    return TextEmbedder.load(minilm(), weights_folder("minilm"), CPU)


@pytest.mark.weights
def test_vectors_have_unit_length_and_do_not_depend_on_their_batch(embedder: TextEmbedder) -> None:
    texts = [*HOUSE, "", "a very long text " * 400, *HOUSE * 4]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (len(texts), embedder.dimensions) == (52, 384)
    assert vectors.dtype == numpy.float32
    assert numpy.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[3] @ embedder.embed_passages([HOUSE[3]])[0] > 0.9999  # bfloat16 where the processor has it
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.space == "minilm-384"


@pytest.mark.weights
@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Can I have a dog?", 2),
        ("How loud may music be at midnight?", 5),
        ("Where do I leave my bike?", 4),
        ("How can the agreement be terminated?", 7),
        ("Which day does the garbage truck come?", 9),
    ],
)
def test_a_question_in_other_words_finds_its_passage(embedder: TextEmbedder, question: str, page: int) -> None:
    passages = tuple(Passage(text, Page(number)) for number, text in enumerate(HOUSE, 1))
    with ChromaLibrary(None, embedder) as library:
        library.add(Document("a" * 64, "house.pdf", "text", passages), "me")
        assert library.search(question, "me")[0].location == Page(page)


@pytest.mark.weights
def test_a_question_about_something_else_scores_low(embedder: TextEmbedder) -> None:
    passages = tuple(Passage(text, Page(number)) for number, text in enumerate(HOUSE, 1))
    with ChromaLibrary(None, embedder) as library:
        library.add(Document("a" * 64, "house.pdf", "text", passages), "me")
        off_topic = library.search("Which enzyme breaks down lactose?", "me")
        assert all(hit.score < 0.3 for hit in off_topic)
        assert library.search("When does the rent fall due?", "me")[0].score > 0.8
