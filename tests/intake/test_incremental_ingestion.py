"""Long recordings and films: taken in piece by piece, asked about meanwhile, gone on with after a kill."""

import io
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from assistant.conversations.conversations import Conversations
from assistant.engines.scripted import ScriptedEngine
from assistant.intake.background import Background, Breathe
from assistant.ports.library import PartialSource
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.values.errors import EngineError
from assistant.values.events import Done, Status
from assistant.values.evidence import Document, Figure, Medium, Passage, Seconds
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.limits import Limits
from assistant.values.parts import Attachment, Text, Turn
from retrieval.chunking import chunk
from retrieval.library import ChromaLibrary
from retrieval.seeing_again import figures_to_json, pictured_again
from retrieval.store import Key
from tests.retrieval.test_pictures import COLOURS, ColourSense
from tests.support.fakes import HashedWords, HeardTones, ReadLines, make_assistant, ready, saying
from tests.support.films_made import Scene, placed, write_film
from tests.support.kept_answers import history_in
from tests.support.media_made import cut, tone, write_sound, write_wav

SAID = {300: "The pump was serviced in March.", 600: "The price is 593 dollars.", 1200: "Next comes the boiler."}


def spoken(*segments: tuple[float, str]) -> tuple[Passage, ...]:
    return tuple(Passage(text, Seconds(start, start + 2)) for start, text in segments)


def part(*segments: tuple[float, str], resume_state: str = "") -> Document:
    return Document("ab12", "talk.wav", "audio", spoken(*segments), resume_state=resume_state)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[ChromaLibrary]:
    with ChromaLibrary(tmp_path / "library", HashedWords()) as opened:
        yield opened


# A source that grows


def test_what_comes_later_is_found_like_what_came_first(library: ChromaLibrary) -> None:
    library.add(part((0, "the pump was serviced"), resume_state="first"), "me")
    library.add(Document("cd", "other.txt", "text", (Passage("the boiler", Seconds(0, 1)),)), "me")
    assert library.search("pump", "me")[0].location == Seconds(0, 2)
    assert library.extend(part((60, "the valve is new"), (70, "and so is the gauge"), resume_state="second"), "me")
    assert library.extend(part((120, "the price is 593"), resume_state=""), "me")
    assert library.search("price 593", "me")[0].content == "the price is 593"
    assert library.search("valve", "me", within=["ab12"])[0].location == Seconds(60, 72)
    assert library.partial_sources() == []
    assert not library.extend(part((180, "too late")), "me")
    assert [piece.location for piece in library.during("me", 65, 130)] == [Seconds(60, 72), Seconds(120, 122)]


def test_how_far_it_is_stands_in_the_store_with_the_pieces(tmp_path: Path) -> None:
    with ChromaLibrary(tmp_path, HashedWords()) as library:
        library.add(part(resume_state="nothing heard yet"), "me")
        library.extend(part((60, "the valve is new"), resume_state="second"), "me")
    with ChromaLibrary(tmp_path, HashedWords()) as again:
        assert again.partial_sources("me") == [PartialSource("me", "ab12", "talk.wav", "second")]
        assert again.partial_sources("you") == []
        assert again.search("valve", "me")[0].content == "the valve is new"
        again.extend(part((90, "the gauge")), "me")
        assert {hit.content for hit in again.search("valve gauge", "me")} == {"the valve is new", "the gauge"}


def test_what_a_kill_left_half_written_is_written_over(library: ChromaLibrary) -> None:
    library.add(part((0, "the pump"), resume_state="first"), "me")
    left = chunk(spoken((60, "the valve is old"), (90, "a line that did not come to its end")))
    vectors = HashedWords().embed_passages([piece.indexed for piece in left])
    library._store.write(Key("me", "ab12"), "talk.wav", "audio", 1, left, vectors)  # and then the process was killed
    assert [hit.content for hit in library.search("valve", "me")] == ["the pump"] or not library.search("valve", "me")
    library.extend(part((60, "the valve is new"), resume_state="second"), "me")
    assert library.search("valve", "me")[0].content == "the valve is new"
    assert len(library.during("me", 0, 1000)) == 2


def test_what_was_removed_does_not_grow(library: ChromaLibrary) -> None:
    library.add(part((0, "the pump"), resume_state="first"), "me")
    library.forget("me")
    assert not library.extend(part((60, "the valve")), "me")
    assert library.partial_sources() == []
    assert library.search("valve", "me") == []


# In conversations


class IngestionRun:
    """The program from its start to its end; a new one in the same folder finds what the last one left."""

    def __init__(self, folder: Path, at_once: float = 20, engine: ScriptedEngine | None = None) -> None:
        self.heard = HeardTones(SAID)
        self.originals = Originals(folder / "originals")
        self.library = ChromaLibrary(folder / "library", HashedWords())
        assistant = make_assistant(
            engine or saying([("price", "The price is 593 dollars."), ("", "The pump was serviced in March.")]),
            originals=self.originals,
            library=ready("Library", self.library),
            transcriber=ready("Speech model", self.heard),
            reader=ready("Reader", ReadLines("TOTAL 593.10")),
            settings=Settings(limits=Limits(at_once_seconds=at_once)),
        )
        self.background = Background(assistant.library, assistant.files.go_on)
        self.assistant = replace(assistant, background=self.background)
        self.history = history_in(folder)
        self.conversations = Conversations(self.history, self.assistant, self.originals)
        self.assistant.library.get()

    def ask(self, conversation: str, words: str, *files: Attachment, after: str = "") -> Done:
        _, events = self.conversations.ask("me", conversation, Turn((Text(words), *files)), after, threading.Event())
        *_, last = events
        assert isinstance(last, Done), last
        return last

    def until_whole(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while self.library.partial_sources():
            assert time.monotonic() < end, self.background.doing(
                [each.scope for each in self.library.partial_sources()]
            )
            time.sleep(0.02)

    def close(self) -> None:
        self.background.close()
        self.history.close()
        self.library.close()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., IngestionRun]]:
    runs: list[IngestionRun] = []

    def make(**how: object) -> IngestionRun:
        runs.append(IngestionRun(tmp_path / "data", **how))  # type: ignore[arg-type]
        return runs[-1]

    yield make
    for run in runs:
        run.close()


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    """Ten minutes; the pump at 0:05, the price at 4:00, the boiler at 9:00."""
    samples = placed(600.0, (5.0, tone(3.0, 300)), (240.0, tone(3.0, 600)), (540.0, tone(3.0, 1200)))
    path = write_wav(tmp_path_factory.mktemp("meeting") / "meeting.wav", samples)
    return Attachment(path, path.name)


def test_a_long_recording_is_asked_about_before_it_is_heard_to_its_end(
    begin: Callable[..., IngestionRun], meeting: Attachment
) -> None:
    run = begin()
    conversation = run.history.make("me").id
    run.background.close()  # nothing comes in meanwhile
    first = run.ask(conversation, "Who serviced the pump?", meeting).answer
    assert [citation.location for citation in first.citations] == [Seconds(5.0, 8.0)]
    assert any(
        note.startswith("I have heard the first ") and "10:00 of meeting.wav" in note for note in first.received.notes
    )
    (doing,) = run.background.doing(conversation)
    assert (doing.name, doing.of, doing.watching) == ("meeting.wav", 600.0, False)
    assert 0 < doing.share < 0.2


def test_a_long_recording_is_heard_to_its_end_in_the_background(
    begin: Callable[..., IngestionRun], meeting: Attachment
) -> None:
    run = begin()
    conversation = run.history.make("me").id
    run.ask(conversation, "Who serviced the pump?", meeting)
    run.until_whole()
    leaf = run.history.turns("me", conversation)[-1]
    later = run.ask(conversation, "What is the price?", after=leaf.id).answer
    assert [citation.location.start for citation in later.citations] == [pytest.approx(240.0, abs=0.11)]  # type: ignore[union-attr]
    assert not any("so far" in note for note in later.received.notes)
    assert max(run.heard.seconds) <= 60.0  # never more at once in memory
    assert sum(run.heard.seconds) == pytest.approx(600, abs=0.1)  # and nothing twice
    (facts,) = run.library.facts(conversation).values()
    assert (facts.seconds, facts.language, facts.speech) == (600.0, "en", True)
    assert facts.words == sum(len(sentence.split()) for sentence in SAID.values())


def test_after_a_restart_it_is_gone_on_with_where_it_was(
    begin: Callable[..., IngestionRun], meeting: Attachment
) -> None:
    first = begin()
    conversation = first.history.make("me").id
    first.background.close()
    first.ask(conversation, "Who serviced the pump?", meeting)
    heard = sum(first.heard.seconds)
    first.close()
    second = begin()
    second.background.wake()
    second.until_whole()
    assert sum(second.heard.seconds) == pytest.approx(600 - heard, abs=0.1)
    there = second.library.during(conversation, 0, 600)
    assert [piece.location.start for piece in there] == pytest.approx([5.0, 240.0, 540.0], abs=0.11)  # type: ignore[union-attr]


def test_what_is_deleted_is_not_heard_any_further(begin: Callable[..., IngestionRun], meeting: Attachment) -> None:
    run = begin()
    conversation = run.history.make("me").id
    run.background.close()
    run.ask(conversation, "Who serviced the pump?", meeting)
    run.history.delete("me", conversation)
    run.conversations.forget("me", [conversation])
    assert run.library.partial_sources() == []
    assert run.originals.all(conversation) == {}


def test_the_rest_can_be_left(begin: Callable[..., IngestionRun], meeting: Attachment) -> None:
    run = begin()
    conversation = run.history.make("me").id
    run.background.close()
    run.ask(conversation, "Who serviced the pump?", meeting)
    (doing,) = run.background.doing(conversation)
    run.background.leave(conversation, doing.source_id)
    assert run.background.doing(conversation) == ()
    assert run.library.search("pump", conversation)


def test_a_recording_that_cannot_be_gone_on_with_says_so_and_keeps_what_is_there(library: ChromaLibrary) -> None:
    def fails(partial: PartialSource, breathe: Breathe) -> tuple[Medium, Iterator[IngestBatch]]:
        raise RuntimeError("the disk is gone")

    library.add(part((0, "the pump"), resume_state=Cursor(60.0, 10.0).to_json()), "me")
    background = Background(ready("Library", library), fails)
    background._library.get()
    background.wake()
    end = time.monotonic() + 10
    while not (doing := background.doing("me"))[0].trouble and time.monotonic() < end:
        time.sleep(0.02)
    background.close()
    assert doing[0].trouble == "Something unexpected went wrong; the log has it whole."
    assert library.search("pump", "me")


DIES = """
import os, signal, sys, time
from pathlib import Path
from assistant.values.evidence import Passage, Seconds
from assistant.values.incremental_ingestion import IngestBatch, Cursor
from assistant.intake.background import Background
from retrieval.library import ChromaLibrary
from tests.intake.test_incremental_ingestion import part
from tests.support.fakes import HashedWords, ready

def go_on(growing, breathe):
    def steps():
        if sys.argv[2] == "gets further":
            heard = Cursor.from_json(growing.resume_state).heard + 1
            yield IngestBatch(Cursor(60.0, heard), (Passage(f"second {heard}", Seconds(heard, heard + 1)),))
        os.kill(os.getpid(), signal.SIGKILL)
        yield

    return "audio", steps()

library = ChromaLibrary(Path(sys.argv[1]), HashedWords())
if not library.sources("me"):
    library.add(part((0, "the pump"), resume_state=Cursor(60.0, 10.0).to_json()), "me")
background = Background(ready("Library", library), go_on)
background._library.get()
background.wake()
time.sleep(60)
"""


def died(folder: Path, how: str = "at once") -> bool:
    command = [sys.executable, "-c", DIES, str(folder), how]
    return subprocess.run(command, timeout=50, check=False).returncode == -signal.SIGKILL


class Works:
    """A `go_on` that works, and knows what it was asked for."""

    def __init__(self) -> None:
        self.begun: list[str] = []

    def __call__(self, partial: PartialSource, breathe: Breathe) -> tuple[Medium, Iterator[IngestBatch]]:
        self.begun.append(partial.name)
        return "audio", iter([IngestBatch(Cursor(60.0, whole=True), spoken((20, "the valve")))])


def until(met: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_recording_that_took_the_program_down_twice_is_named_and_left(tmp_path: Path) -> None:
    assert died(tmp_path)
    assert died(tmp_path)
    works = Works()
    with ChromaLibrary(tmp_path, HashedWords()) as library:
        background = Background(ready("Library", library), works)
        background._library.get()
        background.wake()
        until(lambda: background.doing("me")[0].trouble)
        with background.hurry("me", "ab12"):  # an answer that would wait for it
            until(lambda: background.doing("me")[0].trouble)
        assert background.doing("me")[0].trouble == (
            "talk.wav was being taken in twice when Medley stopped unexpectedly, so the rest of it is left; what was "
            "read is kept."
        )
        assert works.begun == []
        assert library.search("pump", "me")
        background.leave("me", "ab12")
        assert background.doing("me") == ()
        background.close()


def test_a_recording_that_gets_further_each_time_is_gone_on_with(tmp_path: Path) -> None:
    for _ in range(3):
        assert died(tmp_path, "gets further")
    works = Works()
    with ChromaLibrary(tmp_path, HashedWords()) as library:
        assert [each.begun for each in library.partial_sources()] == [1]
        background = Background(ready("Library", library), works)
        background._library.get()
        background.wake()
        until(lambda: not library.partial_sources())
        background.close()
    assert works.begun == ["talk.wav"]


def test_an_orderly_end_and_a_trouble_do_not_count(library: ChromaLibrary) -> None:
    def fails(partial: PartialSource, breathe: Breathe) -> tuple[Medium, Iterator[IngestBatch]]:
        assert [each.begun for each in library.partial_sources()] == [1]
        raise EngineError("The recogniser is gone.")

    library.add(part((0, "the pump"), resume_state=Cursor(60.0, 10.0).to_json()), "me")
    for _ in range(3):
        background = Background(ready("Library", library), fails)
        background._library.get()
        background.wake()
        until(lambda: background.doing("me")[0].trouble == "The recogniser is gone.")  # noqa: B023
        background.close()
        assert [each.begun for each in library.partial_sources()] == [0]


def test_a_store_that_does_not_count_yet_goes_on(tmp_path: Path) -> None:
    with ChromaLibrary(tmp_path, HashedWords()) as library:
        library.add(part((0, "the pump"), resume_state="first"), "me")
        library._sqlite.write("ALTER TABLE growing DROP COLUMN begun")
        library._sqlite.write("ALTER TABLE pictured DROP COLUMN begun")
    with ChromaLibrary(tmp_path, HashedWords()) as again:
        assert again.partial_sources("me") == [PartialSource("me", "ab12", "talk.wav", "first")]
        again.note_attempts("me", "ab12", 1)
        assert again.partial_sources("me")[0].begun == 1


def test_of_a_long_recording_that_breaks_off_that_is_said_once_its_end_was_reached(
    begin: Callable[..., IngestionRun], tmp_path: Path
) -> None:
    whole = write_sound(tmp_path / "a.mka", placed(150.0, (5.0, tone(3.0, 300))), "pcm_s16le", rate=16_000)
    part = cut(whole, 0.5, tmp_path / "cut.mka")
    run = begin()
    conversation = run.history.make("me").id
    run.ask(conversation, "Who serviced the pump?", Attachment(part, "cut.mka"))
    run.until_whole()
    leaf = run.history.turns("me", conversation)[-1]
    later = run.ask(conversation, "Who serviced the pump?", after=leaf.id).answer
    assert any(note.startswith("cut.mka breaks off at 1:1") for note in later.received.notes)


def test_work_on_what_was_forgotten_ends_in_the_middle_of_a_step(library: ChromaLibrary) -> None:
    begun, ended = threading.Event(), threading.Event()

    def works(partial: PartialSource, breathe: Breathe) -> tuple[Medium, Iterator[IngestBatch]]:
        def steps() -> Iterator[IngestBatch]:
            try:
                while True:
                    begun.set()
                    breathe()
                    time.sleep(0.01)
            finally:
                ended.set()
            yield  # type: ignore[unreachable]

        return "audio", steps()

    library.add(part((0, "the pump"), resume_state=Cursor(60.0, 10.0).to_json()), "me")
    background = Background(ready("Library", library), works)
    background._library.get()
    background.wake()
    assert begun.wait(10)
    library.forget("me")
    assert ended.wait(10)
    background.close()


# Films


def to_end(steps: Generator[Status, None, Document]) -> Document:
    try:
        while True:
            next(steps)
    except StopIteration as end:
        document: Document = end.value
        return document


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    scenes = [Scene(1, 50), Scene(2, 75, words="TOTAL 593.10"), Scene(3, 50)]
    sound = placed(7.0, (0.5, tone(1.0, 300)), (3.0, tone(1.5, 600)))
    path = write_film(tmp_path_factory.mktemp("clip") / "clip.mp4", scenes, sound=sound)
    return Attachment(path, path.name)


def test_what_is_said_and_what_is_seen_stand_on_one_line_of_time(
    begin: Callable[..., IngestionRun], clip: Attachment
) -> None:
    run = begin()
    conversation = run.history.make("me").id
    run.ask(conversation, "What is the price?", clip)
    pieces = run.library.during(conversation, 0, 100)
    heard = [piece for piece in pieces if piece.location.sense == "heard"]  # type: ignore[union-attr]
    assert [piece.content for piece in heard] == [f"{SAID[300]}\n{SAID[600]}"]
    assert [place.location.start for place in heard[0].places] == pytest.approx([0.5, 3.0], abs=0.11)  # type: ignore[union-attr]
    seen = {piece.content: piece.location for piece in pieces if piece not in heard}
    assert seen["TOTAL 593.10"] == Seconds(0.0, 7.0, "seen")  # this reader reads it in every frame: once is enough
    facts = run.library.search("how many scenes has the film", conversation)[0]
    assert "3 scenes, which begin at 0:00, 0:02, 0:05" in facts.content


def test_an_engine_that_sees_gets_frames_with_their_seconds(
    begin: Callable[..., IngestionRun], clip: Attachment
) -> None:
    run = begin(engine=saying([("", "A disc moves.")], sees_images=True))
    conversation = run.history.make("me").id
    answer = run.ask(conversation, "What can be seen?", clip).answer
    assert answer.received.pictures_sent > 1
    kept = sorted(run.originals.beside(conversation, next(iter(run.originals.all(conversation)))).iterdir())
    assert len(kept) >= 3
    later = run.conversations.history.before(
        run.history.begin("me", conversation, run.history.turns("me", conversation)[-1].id, "x", ())
    )
    assert [image.seconds for image in later.images] == sorted(image.seconds for image in later.images)  # type: ignore[type-var]
    assert {image.path for image in later.images} == set(kept)
    run.conversations.history.delete("me", conversation)
    run.conversations.forget("me", [conversation])
    assert not kept[0].exists()


def frame(start: float, colour: str) -> Figure:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), COLOURS[colour]).save(made, "PNG")
    return Figure(Seconds(start, start + 5, "seen"), f"clip.mp4, frame at {start}", made.getvalue())


def test_frames_that_come_later_are_found_by_what_they_show(tmp_path: Path) -> None:
    sense = ready("Picture model", ColourSense())
    sense.get()
    with ChromaLibrary(tmp_path, HashedWords(), sense) as library:
        first = Document(
            "ab12", "clip.mp4", "video", spoken((0, "hello")), figures=(frame(0, "red"),), resume_state="first"
        )
        library.add(first, "me")
        later = Document("ab12", "clip.mp4", "video", (), figures=(frame(60, "blue"), frame(65, "green")))
        library.extend(later, "me")
        for colour, start in (("red", 0), ("blue", 60), ("green", 65)):
            best = library.search(f"something {colour}", "me")[0]
            assert (best.medium, best.location) == ("video", Seconds(start, start + 5, "seen"))
        assert library.unseen() == 0


def test_frames_are_looked_at_again_by_another_model(tmp_path: Path, clip: Attachment) -> None:
    figures = figures_to_json([frame(0, "red"), frame(3, "blue")])
    again = pictured_again(clip.path, "clip.mp4", figures, Limits())
    assert [figure.location for figure in again.figures] == [Seconds(0, 5, "seen"), Seconds(3, 8, "seen")]
    with Image.open(io.BytesIO(again.figures[0].png)) as shown:
        assert shown.size == (320, 180)


def test_a_film_in_a_named_library_is_taken_in_whole(begin: Callable[..., IngestionRun], clip: Attachment) -> None:
    run = begin(at_once=1)
    document = to_end(run.assistant.files.read(clip.path, "clip.mp4"))
    assert (document.medium, document.resume_state, round(document.units)) == ("video", "", 7)
    assert [figure.location.sense for figure in document.figures].count("seen") >= 3


def test_how_far_it_is_survives_being_written_down() -> None:
    cursor = Cursor(9.0, 0.1, 0.2, "zh", film=True)
    assert Cursor.from_json(cursor.to_json()) == cursor
    assert Cursor.from_json(Cursor(9.0, whole=True).to_json()).whole
