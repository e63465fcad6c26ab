"""Pictures: pixels for an engine that sees, words for one that does not; the text in them is evidence either way.

Where nobody sees, what can be guessed is evidence too, worded as the guess that it is.
"""

from collections.abc import Generator
from dataclasses import replace

from assistant import media
from assistant.intake.facts import of_file
from assistant.ports.modality import ModalityContext, ModalityResult
from assistant.ports.vision import Description, ImageGuess
from assistant.text.languages import language_of
from assistant.text.word_count import count_words
from assistant.values.events import ReceivedFile, Seen, Status
from assistant.values.evidence import Document, Location, Passage, Region, TextSpan
from assistant.values.files import FileFacts
from assistant.values.messages import Message, say
from assistant.values.parts import Attachment, Image
from prompts import render

BLIND = say(
    "I can read text here and guess at the subject, but not see the picture; a model that sees would (--vision)."
)
ONLY_READ = say("I can read text here, but not see the picture; a model that sees would (--vision).")


class Picture:
    name = "image"
    extensions = (".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tiff", ".tif", ".avif")

    def takes(self, media_type: str) -> bool:
        return media_type in (*media.PICTURE_TYPES, media.DRAWING)  # which `open_picture` refuses in words

    def take(
        self, attachment: Attachment, context: ModalityContext, question: str
    ) -> Generator[Status, None, ModalityResult]:
        name = attachment.name
        yield Status("looking", say("Looking at {name}", name=name))
        opened = media.open_frames(attachment.path, context.limits, name)
        file = of_file(attachment, "image")
        image = Image(attachment.path, name, *opened.picture.size, file.source_id)
        notes = _of_several(opened, name)
        language = "zh" if language_of(question) == "zh" else ""
        read = context.read_picture(image)
        told = media.shot(attachment.path, context.limits, name) if context.picture_facts else media.Shot()
        shot = _taken(told, language)
        file = replace(
            file,
            width=image.width,
            height=image.height,
            words=sum(count_words(line.text) for line in read.lines),
            taken=told.taken,
            camera=told.camera,
        )
        if context.engine_sees_images:
            passages = _passages(shot, _text(read))
            return ModalityResult(
                _received(name, "sent as pixels"), "", _document(attachment, passages, file), (image,), notes=notes
            )
        if context.describe is not None:
            described = context.describe(image, question)
            passages = (Passage(described.text, Region()), *_passages(shot, _text(read)))
            return ModalityResult(_received(name, "described"), "", _document(attachment, passages, file), notes=notes)
        image_guess = context.guess(image, language == "zh") if context.guess is not None else None
        facts = [*_guessed(image_guess, image, language), *shot]
        blind = BLIND if image_guess is not None else ONLY_READ
        return ModalityResult(
            _received(name, "read"),
            "",
            _document(attachment, _passages(facts, _text(read)), file),
            notes=(blind, *notes),
        )


Sentence = tuple[str, Location]
WHOLE = Region()


def _received(name: str, how: Seen) -> ReceivedFile:
    return ReceivedFile(name, "image", how)


def _document(attachment: Attachment, passages: tuple[Passage, ...], facts: FileFacts) -> Document:
    """Without passages where a model that sees looks at it and there is no text: that it was given is known."""
    return Document(facts.source_id, facts.name, "image", passages, picture=attachment.path, facts=facts)


def _of_several(opened: media.Opened, name: str) -> tuple[Message, ...]:
    if opened.frames < 2:
        return ()
    if opened.pages:
        return (
            say(
                "{name} has {count} pages, of which I take the first; save it as PDF for all of them.",
                name=name,
                count=opened.frames,
            ),
        )
    return (say("{name} moves: of its {count} frames I take the first.", name=name, count=opened.frames),)


def _guessed(image_guess: ImageGuess | None, image: Image, language: str) -> list[Sentence]:
    """Its size, and what may be on it. Nothing is said of what is not likely."""

    def sentence(says: str, at: Region = WHOLE, **values: object) -> Sentence:
        return render("glance.md.j2", says=says, language=language, **values), at

    said = [sentence("size", width=image.width, height=image.height)]
    if image_guess is None:
        return said
    if image_guess.thing or image_guess.kind:
        percent = min(99, round(100 * image_guess.share))
        said.append(sentence("subject", thing=image_guess.thing, kind=image_guess.kind, percent=percent))
    if image_guess.faces:
        said.append(sentence("faces", Region(image_guess.faces), count=len(image_guess.faces)))
    if image_guess.colours:
        said.append(sentence("colours", listed=image_guess.colours))
    return said


def _taken(shot: media.Shot, language: str) -> list[Sentence]:
    known = {"taken": shot.taken, "camera": shot.camera}
    return [(render("glance.md.j2", says=says, at=at, language=language), WHOLE) for says, at in known.items() if at]


def _text(read: Description) -> list[Sentence]:
    """A line each, or where it is the row of a table its cells with what stands between them."""
    said: list[Sentence] = []
    for line in read.lines:
        at = 0
        for cell in line.cells:
            said.append((line.text[at : cell.end], cell.location))
            at = cell.end
        if at < len(line.text) or not line.cells:
            said.append((line.text[at:], line.region))
        said.append(("\n", line.region))
    return said[:-1]


def _passages(facts: list[Sentence], text: list[Sentence]) -> tuple[Passage, ...]:
    """What is known of the picture, and what stands in it, each as one passage with places."""
    broken = [piece for sentence in facts for piece in (sentence, ("\n", sentence[1]))][:-1]
    return tuple(_passage(pieces) for pieces in (broken, text) if pieces)


def _passage(pieces: list[Sentence]) -> Passage:
    places: list[TextSpan] = []
    start = 0
    for piece, at in pieces:
        if piece != "\n":
            places.append(TextSpan(start, start + len(piece), at))
        start += len(piece)
    return Passage("".join(piece for piece, _ in pieces), Region(), tuple(places))
