"""Pictures are found by what they show, beside texts and by the same rules of whose they are."""

from collections.abc import Sequence
from pathlib import Path

import numpy
import pytest
from PIL import Image

from assistant.models.lazy import Lazy
from assistant.ports.embedding import PictureEmbedder, Vectors
from assistant.values.evidence import Document, Passage, Region, Section
from retrieval.library import ChromaLibrary
from tests.support.bag_of_words import BagOfWords
from tests.support.fakes import ready

COLOURS = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}


class ColourSense:
    """A PictureEmbedder that knows four colours, and circles from squares; anything else looks like nothing."""

    space = "colour-sense-7"
    dimensions = 7

    def embed_pictures(self, pictures: Sequence[Image.Image]) -> Vectors:
        return numpy.stack([self._seen(picture) for picture in pictures])

    def embed_question(self, text: str) -> Vectors:
        return self._vector([word in text.lower() for word in (*COLOURS, "circle", "square")])

    def _seen(self, picture: Image.Image) -> Vectors:
        middle = picture.getpixel((picture.width // 2, picture.height // 2))
        corner = picture.getpixel((picture.width // 5, picture.height // 5))
        return self._vector([*(middle == colour for colour in COLOURS.values()), corner != middle, corner == middle])

    def _vector(self, holds: Sequence[bool]) -> Vectors:
        vector = numpy.array([*holds, 0.1], numpy.float32)
        return (vector / numpy.linalg.norm(vector)).astype(numpy.float32)


class Blind(ColourSense):
    """An embedder to which all pictures look alike."""

    space = "blind-7"

    def _seen(self, picture: Image.Image) -> Vectors:
        return self._vector([True] * 6)


def opened(folder: Path | None, sense: PictureEmbedder | None) -> ChromaLibrary:
    part: Lazy[PictureEmbedder | None] = ready("Picture model", sense)
    part.get()
    return ChromaLibrary(folder, BagOfWords(), part)


def a_picture(folder: Path, colour: str) -> Document:
    path = folder / f"{colour}.png"
    Image.new("RGB", (60, 40), COLOURS[colour]).save(path)
    size = Passage("A picture of 60 by 40 pixels without text.", Region())
    return Document(colour.ljust(64, "0"), path.name, "image", (size,), picture=path)


def a_text(words: str) -> Document:
    return Document("f" * 64, "notes.txt", "text", (Passage(words, Section("")),))


@pytest.fixture
def pictures(tmp_path: Path) -> list[Document]:
    return [a_picture(tmp_path, colour) for colour in COLOURS]


def names(library: ChromaLibrary, question: str, scope: str = "me", within: Sequence[str] = ()) -> list[str]:
    return [hit.source for hit in library.search(question, scope, within=within)]


def filled(library: ChromaLibrary, documents: Sequence[Document], scope: str = "me") -> ChromaLibrary:
    for document in documents:
        library.add(document, scope)
    return library


def test_words_find_a_picture_by_what_it_shows(pictures: list[Document]) -> None:
    with filled(opened(None, ColourSense()), pictures) as library:
        hits = library.search("the blue one", "me")
        assert [hit.source for hit in hits][:1] == ["blue.png"]
        assert hits[0].location == Region()
        assert hits[0].medium == "image"
        assert 0 < hits[0].score <= 0.5


def test_a_text_that_says_it_stands_above_a_picture_that_shows_it(pictures: list[Document]) -> None:
    with filled(opened(None, ColourSense()), [*pictures, a_text("The blue folder lies in the cellar.")]) as library:
        assert names(library, "Where is the blue folder?")[:2] == ["notes.txt", "blue.png"]


def test_without_a_model_for_pictures_they_are_found_by_their_text_alone(pictures: list[Document]) -> None:
    with filled(opened(None, None), pictures) as library:
        assert names(library, "the blue one") == []
        assert len(names(library, "picture without text")) == 1  # they say the same


def test_a_model_that_cannot_tell_pictures_apart_is_not_asked(pictures: list[Document]) -> None:
    with filled(opened(None, Blind()), pictures) as library:
        assert names(library, "the blue one") == []


def test_nobody_sees_the_pictures_of_another(pictures: list[Document]) -> None:
    with filled(filled(opened(None, ColourSense()), pictures[:2]), pictures[2:], "you") as library:
        assert "blue.png" not in names(library, "the blue one")
        assert names(library, "the blue one", "you")[0] == "blue.png"
        assert names(library, "the red one", within=[pictures[1].source_id])[:1] != ["red.png"]


def test_a_picture_that_was_removed_or_forgotten_is_not_found(pictures: list[Document]) -> None:
    with filled(opened(None, ColourSense()), pictures) as library:
        library.remove("me", pictures[2].source_id)
        assert "blue.png" not in names(library, "the blue one")
        library.forget("me")
        assert names(library, "the red one") == []


def test_pictures_are_still_found_when_the_library_is_opened_again(pictures: list[Document], tmp_path: Path) -> None:
    with filled(opened(tmp_path / "library", ColourSense()), pictures):
        pass
    waiting: Lazy[PictureEmbedder | None] = ready("Picture model", ColourSense())
    with ChromaLibrary(tmp_path / "library", BagOfWords(), waiting) as library:
        assert names(library, "the yellow one")[0] == "yellow.png"
