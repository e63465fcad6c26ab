"""Pictures: pixels for an engine that sees, words for one that does not; the text in them is evidence either way."""

from collections.abc import Generator

from assistant import media
from assistant.events import ReceivedFile, Seen, Status
from assistant.evidence import Document, Passage, Place, Region
from assistant.parts import Attachment, Image
from assistant.ports import Description, Intake, Senses


class Picture:
    name = "image"
    extensions = (".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tiff", ".tif", ".avif")

    def takes(self, media_type: str) -> bool:
        return media_type in (*media.PICTURE_TYPES, media.DRAWING)  # which `open_picture` refuses in words

    def take(self, attachment: Attachment, senses: Senses, question: str) -> Generator[Status, None, Intake]:
        name = attachment.name
        yield Status("looking", f"Looking at {name}")
        width, height = media.open_picture(attachment.path, senses.limits, name).size
        image = Image(attachment.path, name, width, height, media.digest(attachment.path))
        read = senses.read_picture(image)
        if senses.engine_sees_images:
            passages = _text_passages(read)
            return Intake(_received(name, "sent as pixels"), "", _document(attachment, passages), (image,))
        if senses.describe is not None:
            described = senses.describe(image, question)
            passages = (Passage(described.text, Region()), *_text_passages(read))
            return Intake(_received(name, "described"), "", _document(attachment, passages))
        if not read.lines:
            passages = (Passage(read.text, Region()),)  # its size, and that there is nothing to read
            blind = f"No model here sees pictures, and I can read no text in {name}."
            return Intake(_received(name, "read"), "", _document(attachment, passages), notes=(blind,))
        return Intake(_received(name, "read"), "", _document(attachment, _text_passages(read)))


def _received(name: str, how: Seen) -> ReceivedFile:
    return ReceivedFile(name, "image", how)


def _document(attachment: Attachment, passages: tuple[Passage, ...]) -> Document | None:
    if not passages:
        return None
    return Document(media.digest(attachment.path), attachment.name, "image", passages, picture=attachment.path)


def _text_passages(read: Description) -> tuple[Passage, ...]:
    """The lines as one passage, with the place of each; none where there is no text."""
    if not read.lines:
        return ()
    places: list[Place] = []
    start = 0
    for line in read.lines:
        places.append(Place(start, start + len(line.text), line.region))
        start += len(line.text) + 1  # the line break
    return (Passage("\n".join(line.text for line in read.lines), Region(), tuple(places)),)
