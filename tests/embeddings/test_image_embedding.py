"""Models that embed pictures and words: tiny checkpoints of real families, through the same code as large ones."""

from pathlib import Path

import numpy
import pytest
from PIL import Image

from assistant.embeddings.pictures import SeenEmbedder
from assistant.models.device import Device
from assistant.models.profiles import ModelProfile
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.values.errors import WeightsError
from assistant.values.evidence import Document, Passage, Region
from retrieval.library import ChromaLibrary
from tests.support import tiny_checkpoints as tiny
from tests.support.bag_of_words import BagOfWords

CPU = Device("cpu", "CPU", 0, 0, "bfloat16")
PROFILE = ModelProfile("tiny-seen", "picture-embedding", "picture-text", "none", "none", 0)


@pytest.mark.parametrize(("build", "dimensions"), [(tiny.siglip, 64), (tiny.clip, 48)])
def test_pictures_and_words_become_unit_vectors_of_one_space(build, dimensions: int, tmp_path: Path) -> None:
    embedder = SeenEmbedder.load(PROFILE, tiny.save_pair(build, tmp_path), CPU)
    pictures = [Image.new("RGB", (30 + 7 * n, 90), (9 * n, 250 - 9 * n, 120)) for n in range(20)]
    seen = embedder.embed_pictures(pictures)
    asked = embedder.embed_question("A Red Square, " * 40)
    assert embedder.space == f"tiny-seen-{dimensions}"
    assert seen.shape == (20, embedder.dimensions) == (20, dimensions)
    assert asked.shape == (dimensions,)
    assert seen.dtype == asked.dtype == numpy.float32
    assert numpy.linalg.norm(seen, axis=1) == pytest.approx(1, abs=1e-5)
    assert numpy.linalg.norm(asked) == pytest.approx(1, abs=1e-5)
    assert seen[3] @ embedder.embed_pictures([pictures[3]])[0] > 0.999
    assert seen[0] @ seen[19] < 0.9999
    assert embedder.embed_pictures([]).shape == (0, dimensions)
    assert (embedder.embed_question("a cat") == embedder.embed_question("A CAT")).all()


def test_a_model_in_a_folder_can_be_named_and_one_that_sees_nothing_does_no_harm(tmp_path: Path) -> None:
    tiny.save_pair(tiny.siglip, tmp_path / "mine")
    models = Models(Settings(profile="cpu-offline", offline=True, picture_embedding=str(tmp_path / "mine")))
    assert models.picture_embedder.get() is not None
    assert models.names() == {"picture-embedding": "mine"}
    Image.new("RGB", (60, 40), "red").save(tmp_path / "red.png")
    said = (Passage("A picture without text.", Region()),)
    with ChromaLibrary(None, BagOfWords(), models.picture_embedder) as library:
        library.add(Document("a" * 64, "red.png", "image", said, picture=tmp_path / "red.png"), "me")
        assert [hit.source for hit in library.search("picture without text", "me")] == ["red.png"]
        assert library.search("something else entirely", "me") == []


def test_a_machine_without_such_a_model_does_without() -> None:
    assert Models(Settings(profile="cpu-offline", offline=True)).picture_embedder.get() is None


def test_a_folder_without_such_a_model_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="The files of tiny-seen cannot be read"):
        SeenEmbedder.load(PROFILE, tmp_path, CPU)
