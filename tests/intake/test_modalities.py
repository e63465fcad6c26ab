"""What each kind of file becomes; and the contract that every modality keeps, found by itself."""

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from assistant.intake.modalities import all_modalities, modality_for
from assistant.media import digest, identify
from assistant.ports.modality import Modality, ModalityContext, ModalityResult
from assistant.ports.speech import Segment, Transcript
from assistant.ports.vision import Description, ImageGuess, TextLine
from assistant.values.errors import BadInput
from assistant.values.events import Status
from assistant.values.evidence import Box, Document, Page, Passage, Region, Seconds, TextSpan
from assistant.values.limits import Limits
from assistant.values.messages import as_message
from assistant.values.parts import Attachment, Image
from tests.support import media_made as made
from tests.support.films_made import Scene, write_film

SPEECH = Transcript((Segment(0.5, 2.0, "Maria serviced the pump."), Segment(2.0, 4.5, "It is due in June.")), "en", 5.0)
LINES = (
    TextLine("Pump seal  43.10", Region((Box(0.1, 0.1, 0.3, 0.2), Box(0.7, 0.1, 0.8, 0.2))), 0.9),
    TextLine("Total 593.10", Region((Box(0.1, 0.3, 0.3, 0.4),)), 0.9),
)
READ = Description("A picture of 640×240 pixels with this text:\nPump seal  43.10\nTotal 593.10", LINES)
BLANK = Description("A picture of 8×8 pixels. I can read no text in it.")


class FakeModels:
    """Opens every file for real, so that a broken one is refused, and hears and sees what it is told to."""

    def __init__(self, heard: Transcript = SPEECH, read: Description = READ) -> None:
        self.heard, self.read = heard, read
        self.questions: list[str] = []

    def context(self, sees: bool = False, describes: bool = False) -> ModalityContext:
        return ModalityContext(
            transcribe=self._transcribe,
            describe=self._describe if describes else None,
            read_picture=lambda image: self.read,
            load_document=self._load,
            engine_sees_images=sees,
            limits=Limits(),
            hear=lambda samples, language: self.heard,
        )

    def _transcribe(self, path: Path, name: str) -> Transcript:
        from assistant.media import read_samples

        read_samples(path, name=name)
        return self.heard

    def _describe(self, image: Image, question: str) -> Description:
        self.questions.append(question)
        return Description("A red pump on a bench.")

    def _load(self, file: Attachment) -> Generator[Status, None, Document]:
        from retrieval.loaders import read_document

        return read_document(file.path, file.name, Limits(), file.password)


def taken(attachment: Attachment, context: ModalityContext, question: str = "") -> tuple[list[Status], ModalityResult]:
    """Runs the modality for this file to its end: what it said meanwhile, and what it made."""
    modality = modality_for(identify(attachment.path, attachment.name))
    steps = modality.take(attachment, context, question)
    said = []
    while True:
        try:
            said.append(next(steps))
        except StopIteration as end:
            return said, end.value


@pytest.fixture
def recording(tmp_path: Path) -> Attachment:
    return Attachment(made.write_wav(tmp_path / "upload-1", made.tone(0.5)), "interview.wav")


@pytest.fixture
def photo(tmp_path: Path) -> Attachment:
    return Attachment(made.receipt(tmp_path / "upload.png"), "receipt.png")


@pytest.fixture
def note(tmp_path: Path) -> Attachment:
    (tmp_path / "upload-2").write_text("The pump was serviced by Maria.")
    return Attachment(tmp_path / "upload-2", "note.txt")


def test_what_was_said_into_the_microphone_is_the_question(recording: Attachment) -> None:
    said, intake = taken(replace(recording, spoken=True), FakeModels().context())
    assert said == [Status("listening", as_message("Listening to interview.wav"))]
    assert intake.spoken == "Maria serviced the pump. It is due in June."
    assert intake.document is None
    assert (intake.received.how, intake.received.seconds) == ("transcribed", 5.0)


def test_an_uploaded_recording_becomes_evidence_with_seconds(recording: Attachment) -> None:
    _, intake = taken(recording, FakeModels().context())
    assert intake.spoken == ""
    assert intake.document is not None
    assert replace(intake.document, facts=None) == Document(
        digest(recording.path),
        "interview.wav",
        "audio",
        (
            Passage("Maria serviced the pump.", Seconds(0.5, 2.0)),
            Passage("It is due in June.", Seconds(2.0, 4.5)),
        ),
        units=0.5,
    )


def test_a_silent_question_is_refused_and_a_silent_recording_noted(recording: Attachment) -> None:
    deaf = FakeModels(heard=Transcript((), "", 3.0))
    with pytest.raises(BadInput, match=r"no speech in interview.wav"):
        taken(replace(recording, spoken=True), deaf.context())
    _, intake = taken(recording, deaf.context())
    assert intake.document is not None
    assert intake.document.is_wordless
    assert intake.notes == ("I heard no speech in interview.wav.",)
    assert intake.received.seconds == 0.5


def test_an_engine_that_sees_gets_the_pixels_and_the_text_stays_citable(photo: Attachment) -> None:
    said, intake = taken(photo, FakeModels().context(sees=True, describes=True))
    assert said == [Status("looking", as_message("Looking at receipt.png"))]
    assert intake.images == (Image(photo.path, "receipt.png", 640, 240, digest(photo.path)),)
    assert intake.received.how == "sent as pixels"
    assert intake.document is not None
    (passage,) = intake.document.passages
    assert passage.text == "Pump seal  43.10\nTotal 593.10"
    assert [passage.text[place.start : place.end] for place in passage.places] == [line.text for line in LINES]
    assert passage.places[1].location == LINES[1].region
    assert intake.document.medium == "image"


def test_for_an_engine_that_sees_a_picture_without_text_is_a_document_without_passages(photo: Attachment) -> None:
    _, intake = taken(photo, FakeModels(read=BLANK).context(sees=True))
    assert intake.document is not None
    assert intake.document.passages == ()
    assert intake.images


def test_a_picture_is_described_for_an_engine_that_does_not_see(photo: Attachment) -> None:
    fake = FakeModels()
    _, intake = taken(photo, fake.context(describes=True), "What colour is it?")
    assert fake.questions == ["What colour is it?"]
    assert intake.received.how == "described"
    assert intake.images == ()
    assert intake.document is not None
    assert [passage.text for passage in intake.document.passages] == [
        "A red pump on a bench.",
        "Pump seal  43.10\nTotal 593.10",
    ]


def test_where_nobody_sees_a_picture_is_read_and_that_is_said(photo: Attachment) -> None:
    _, intake = taken(photo, FakeModels().context())
    assert intake.received.how == "read"
    assert intake.document is not None
    facts, text = intake.document.passages
    assert facts.text == "The picture has 640×240 pixels."
    assert text.location == Region()
    assert intake.notes == ("I can read text here, but not see the picture; a model that sees would (--vision).",)


def test_what_can_be_guessed_is_worded_as_a_guess_and_placed(photo: Attachment) -> None:
    faces = (Box(0.1, 0.2, 0.3, 0.5), Box(0.6, 0.2, 0.8, 0.5))
    image_guess = ImageGuess("a dog", "golden retriever", 0.742, faces, ("brown", "green"))
    asked = []

    def guess(image: Image, chinese: bool) -> ImageGuess:
        asked.append((image.name, chinese))
        return image_guess

    _, intake = taken(photo, replace(FakeModels(read=BLANK).context(), guess=guess), "What is in this picture?")
    assert intake.document is not None
    (passage,) = intake.document.passages
    assert passage.text.split("\n") == [
        "The picture has 640×240 pixels.",
        "The picture possibly shows a dog (golden retriever); the chance of that is 74 %.",
        "The picture shows 2 faces.",
        "The main colours of the picture are brown, green.",
    ]
    (placed,) = [place for place in passage.places if "faces" in passage.text[place.start : place.end]]
    assert placed.location == Region(faces)
    assert intake.notes == (
        "I can read text here and guess at the subject, but not see the picture; a model that sees would (--vision).",
    )
    taken(photo, replace(FakeModels().context(), guess=guess), "图片里有什么？")
    assert asked == [("receipt.png", False), ("receipt.png", True)]


def test_nothing_is_guessed_where_a_model_sees(photo: Attachment) -> None:
    def guess(image: Image, chinese: bool) -> ImageGuess:
        raise AssertionError("a model sees it")

    for sees, describes in ((True, False), (False, True)):
        _, intake = taken(photo, replace(FakeModels().context(sees=sees, describes=describes), guess=guess))
        assert intake.notes == ()


def test_when_and_with_what_a_photo_was_taken_is_told_only_where_that_is_allowed() -> None:
    heic = Attachment(made.MEDIA / "valve.heic", "valve.heic")
    _, intake = taken(heic, FakeModels(read=BLANK).context())
    assert intake.document is not None
    assert "2024" not in str(intake.document)
    _, intake = taken(heic, replace(FakeModels(read=BLANK).context(), picture_facts=True))
    assert intake.document is not None
    (passage,) = intake.document.passages
    assert passage.text.endswith("taken on 2024-05-17 18:03.\nThe photo was taken with Made for a test.")
    assert "53" not in passage.text.replace("2024-05-17", "")  # where it was taken is never read


class FrameReader(FakeModels):
    """Reads on each page or frame which one it is, but for those that say what is written there."""

    def __init__(self, *written: str) -> None:
        super().__init__()
        self.written, self.asked = written, list[int]()

    def context(self, sees: bool = False, describes: bool = False) -> ModalityContext:
        return replace(super().context(sees, describes), read_picture=self._look)

    def _look(self, image: Image) -> Description:
        from assistant.media import open_picture

        open_picture(image.path, name=image.name, frame=image.frame)
        self.asked.append(image.frame)
        said = self.written[image.frame]
        return Description(said, (TextLine(said, Region((Box(0.1, 0.1, 0.3, 0.2),)), 0.9),) if said else ())


def frames_of(path: Path, colours: tuple[str, ...], **how: object) -> Attachment:
    frames = [Pillow.new("RGB", (60, 40), colour) for colour in colours]
    frames[0].save(path, save_all=True, append_images=frames[1:], **how)
    return Attachment(path, path.name)


def test_every_page_of_a_scan_is_read_and_cited_by_its_number(tmp_path: Path) -> None:
    fax = frames_of(tmp_path / "fax.tiff", ("red", "blue", "green"))
    said, intake = taken(fax, FrameReader("Delivery note", "", "Signed by Rezai").context())
    assert intake.document is not None
    first, last = intake.document.passages[1:]
    assert (first.text, first.location) == ("Delivery note", Page(1))
    assert (last.text, last.location) == ("Signed by Rezai", Page(3))
    assert last.places[0].location == Page(3, (Box(0.1, 0.1, 0.3, 0.2),))
    assert intake.document.facts is not None
    assert (intake.document.facts.pages, intake.document.facts.words) == (3, 5)
    assert said[-1].text == "Reading page 3 of 3 of fax.tiff"


def test_of_a_scan_of_very_many_pages_it_is_said_how_many_are_read(tmp_path: Path) -> None:
    fax = frames_of(tmp_path / "fax.tiff", ("red", "blue", "green"))
    models = FrameReader("one", "two", "three")
    _, intake = taken(fax, replace(models.context(), limits=Limits(scanned_pages=2)))
    assert models.asked == [0, 1]
    assert intake.notes[-1] == "fax.tiff has 3 pages, of which I read the first 2."


@pytest.mark.parametrize("name", ["a.webp", "a.gif", "a.png"])
def test_frames_that_differ_are_read_and_those_that_say_nothing_new_are_left_out(tmp_path: Path, name: str) -> None:
    moving = frames_of(tmp_path / name, ("red", "blue", "yellow"), duration=300)
    models = FrameReader("Track 4", "Track 5", "Track  5")
    _, intake = taken(moving, models.context())
    assert models.asked == [0, 1, 2]
    assert intake.document is not None
    assert [(one.text, one.location) for one in intake.document.passages[1:]] == [
        ("Track 4", Region((), 1)),
        ("Track 5", Region((), 2)),
    ]
    assert intake.notes[-1] == f"{name} moves: of its 3 frames I looked at 3."


def test_of_many_frames_those_that_stay_longest_are_looked_at_and_a_shade_is_no_other_frame(tmp_path: Path) -> None:
    others = tuple("blue" if number % 2 else f"#00{60 + 6 * number:02x}00" for number in range(30))
    shades = ("red", "#f80000", *others)
    durations = [100, 900, *range(20, 20 + len(others) * 20, 20)]
    moving = frames_of(tmp_path / "a.webp", shades, duration=durations, lossless=True)
    models = FrameReader(*map(str, range(len(shades))))
    taken(moving, models.context())
    assert models.asked == [0, *range(len(shades) - 23, len(shades))]


def test_each_cell_of_a_table_has_its_place(photo: Attachment) -> None:
    cells = (TextSpan(0, 10, Region((Box(0, 0, 0.4, 0.1),))), TextSpan(13, 25, Region((Box(0.5, 0, 0.9, 0.1),))))
    row = TextLine("Part: Seal | Price: 43.10", Region((Box(0, 0, 0.4, 0.1), Box(0.5, 0, 0.9, 0.1))), 0.9, cells)
    read = Description("", (LINES[1], row))
    _, intake = taken(photo, FakeModels(read=read).context(sees=True))
    assert intake.document is not None
    (passage,) = intake.document.passages
    assert passage.text == "Total 593.10\nPart: Seal | Price: 43.10"
    assert [passage.text[place.start : place.end] for place in passage.places] == [
        "Total 593.10",
        "Part: Seal",
        " | Price: 43.10",
    ]
    assert passage.places[2].location == cells[1].location


def test_a_document_is_read_by_its_loader_and_its_notes_passed_on(note: Attachment) -> None:
    scan = Document("id", "scan.pdf", "text", (Passage("x", Page(1)),), 3, ("Page 3 has no text.",))

    def load(file: Attachment) -> Generator[Status, None, Document]:
        yield Status("reading", as_message(f"Reading page 3 of 3 of {file.name}"))
        return scan

    said, intake = taken(note, replace(FakeModels().context(), load_document=load))
    assert said == [Status("reading", as_message("Reading page 3 of 3 of note.txt"))]
    assert intake.document is scan
    assert intake.notes == ("Page 3 has no text.",)
    assert (intake.received.how, intake.received.pages) == ("read", 3)


def test_what_no_modality_takes_is_refused_with_what_is_taken() -> None:
    with pytest.raises(BadInput, match=r"I cannot read model/gltf files yet\. I take .*\.pdf"):
        modality_for("model/gltf")


# The contract. A new modality adds a maker of its own kind of file here, and nothing else.


def a_recording(folder: Path) -> Path:
    return made.write_wav(folder / "a.wav", made.tone(0.5))


def a_picture(folder: Path) -> Path:
    return made.receipt(folder / "a.png")


def a_document(folder: Path) -> Path:
    from docx import Document as WordDocument

    written = WordDocument()
    written.add_paragraph("The pump was serviced by Maria.")
    written.save(str(folder / "a.docx"))
    return folder / "a.docx"


def a_film(folder: Path) -> Path:
    return write_film(folder / "a.mp4", [Scene(1, 20, words="PUMP 593")])


MAKERS: dict[str, Callable[[Path], Path]] = {
    "audio": a_recording,
    "image": a_picture,
    "document": a_document,
    "video": a_film,
}

every_modality = pytest.mark.parametrize("modality", all_modalities(), ids=lambda modality: modality.name)


def test_every_modality_is_found() -> None:
    assert {modality.name for modality in all_modalities()} >= {"audio", "document", "image", "video"}


@every_modality
def test_a_modality_names_itself_and_its_extensions(modality: Modality) -> None:
    assert modality.name.isidentifier()
    assert modality.extensions
    assert all(extension == extension.lower() and extension.startswith(".") for extension in modality.extensions)
    shared = [other for other in all_modalities() if set(other.extensions) & set(modality.extensions)]
    assert shared == [modality]


@every_modality
def test_a_modality_takes_its_kind_says_so_and_files_the_bytes(modality: Modality, tmp_path: Path) -> None:
    path = MAKERS[modality.name](tmp_path)
    assert modality_for(identify(path)) is modality
    said, intake = taken(Attachment(path, "its name"), FakeModels().context())
    assert "its name" in said[0].text
    assert intake.received.name == "its name"
    assert intake.document is not None
    assert intake.document.source_id == digest(path)
    assert intake.document.name == "its name"


@every_modality
def test_a_modality_refuses_a_corrupt_file_of_its_kind_by_name(modality: Modality, tmp_path: Path) -> None:
    path = MAKERS[modality.name](tmp_path)
    broken = tmp_path / "broken"
    broken.write_bytes(path.read_bytes()[:20] + b"\xff" * 400)
    media_type = identify(path)
    with pytest.raises(BadInput, match=r"its name"):
        list(modality_for(media_type).take(Attachment(broken, "its name", media_type), FakeModels().context(), ""))
