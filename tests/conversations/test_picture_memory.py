"""Pictures of earlier turns: in the prompt while there is room, found again when asked for, pinned, forgotten."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from assistant.conversations.conversations import Conversations
from assistant.conversations.history import AttachedFile, History
from assistant.conversations.zip_archive import export_archive, import_archive
from assistant.engines.scripted import SCRIPTED, ScriptedEngine, ScriptedLine
from assistant.models.profiles import ModelProfile
from assistant.ports.vision import Description, TextLine
from assistant.storage.originals import Originals
from assistant.values.errors import BadInput
from assistant.values.events import Answer, Done
from assistant.values.evidence import Region
from assistant.values.parts import Attachment, Image, Text, Turn
from retrieval.library import ChromaLibrary
from tests.support.fakes import HashedWords, make_assistant, ready
from ui import turn_view
from ui.words import in_language
from ui.words.chat import ENGLISH, ChatWords

CHINESE = in_language("zh", ChatWords)

SEES = replace(SCRIPTED, sees_images=True, image_tokens=100, context_tokens=4000)


class ReadsItsName:
    """A Captioner that reads the words of the picture's name in it."""

    profile = ModelProfile("reads-its-name", "vision", "scripted", "none", "any", 0)

    def describe(self, image: Image, question: str) -> Description:
        words = Path(image.name).stem.replace("-", " ")
        return Description(words, (TextLine(words, Region(), 0.99),))


class HistoryFolder:
    """A run over a folder: opened again it is the next run."""

    def __init__(self, folder: Path) -> None:
        self.originals = Originals(folder / "originals")
        self.history = History(folder / "conversations", self.originals)
        self.library = ChromaLibrary(folder / "library", HashedWords())
        self.engine = ScriptedEngine([ScriptedLine("", "It is what the picture shows.")], SEES)
        assistant = make_assistant(
            self.engine,
            originals=self.originals,
            library=ready("Library", self.library),
            reader=ready("Reader", ReadsItsName()),
        )
        self.conversations = Conversations(self.history, assistant, self.originals)

    def ask(self, conversation: str, words: str, *files: Attachment) -> Answer:
        path = self.history.turns("me", conversation)
        turn = Turn((Text(words), *files))
        _, events = self.conversations.ask("me", conversation, turn, path[-1].id if path else "", threading.Event())
        done = list(events)[-1]
        assert isinstance(done, Done), done
        return done.answer

    def shown(self) -> list[str]:
        """The pictures in the last prompt."""
        return [image.name for image in self.engine.received[-1].messages[-1].images]

    def close(self) -> None:
        self.history.close()
        self.library.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Callable[[], HistoryFolder]]:
    opened: list[HistoryFolder] = []

    def again() -> HistoryFolder:
        if opened:
            opened[-1].close()
        opened.append(HistoryFolder(tmp_path / "data"))
        return opened[-1]

    yield again
    opened[-1].close()


@pytest.fixture
def draw(tmp_path: Path) -> Callable[[str], Attachment]:
    def drawn(name: str) -> Attachment:
        colour = (hash(name) % 255, len(name), sum(map(ord, name)) % 255)
        Pillow.new("RGB", (40, 30), colour).save(tmp_path / name)
        return Attachment(tmp_path / name, name)

    return drawn


def given(house: HistoryFolder, conversation: str, draw: Callable[[str], Attachment], count: int) -> None:
    house.ask(conversation, "Keep this receipt.", draw("hardware-receipt.png"))
    for number in range(count):
        house.ask(conversation, "And this one.", draw(f"holiday-{number}.png"))


def test_the_newest_pictures_stay_in_the_prompt_and_an_old_one_comes_back_when_it_is_asked_for(
    house: Callable[[], HistoryFolder], draw: Callable[[str], Attachment]
) -> None:
    run = house()
    made = run.history.make("me").id
    given(run, made, draw, 9)
    run.ask(made, "Tell me a joke.")
    assert "hardware-receipt.png" not in run.shown()
    assert run.shown()[-1] == "holiday-8.png"
    told = run.ask(made, "What was printed on the hardware receipt?")
    assert "hardware-receipt.png" in run.shown()
    assert any("did not fit" in note for note in told.received.notes)
    run.ask(made, "What is in picture 1?")
    assert "hardware-receipt.png" in run.shown()


def test_pictures_are_there_again_after_a_restart(
    house: Callable[[], HistoryFolder], draw: Callable[[str], Attachment]
) -> None:
    run = house()
    made = run.history.make("me").id
    given(run, made, draw, 9)
    run = house()
    run.ask(made, "Tell me a joke.")
    assert run.shown()[-1] == "holiday-8.png"
    run.ask(made, "What was printed on the hardware receipt?")
    assert "hardware-receipt.png" in run.shown()
    (image,) = [each for each in run.engine.received[-1].messages[-1].images if each.name == "hardware-receipt.png"]
    assert image.path.is_file()
    assert image.source_id


def test_a_pinned_picture_is_always_in_view_also_after_a_restart_and_until_it_is_let_go(
    house: Callable[[], HistoryFolder], draw: Callable[[str], Attachment]
) -> None:
    run = house()
    made = run.history.make("me").id
    given(run, made, draw, 9)
    first = run.history.turns("me", made)[0]
    run.history.remember("me", first.id, 1, "pinned")
    assert run.history.turns("me", made)[0].given[0].remembered == "pinned"
    run.ask(made, "Tell me a joke.")
    assert "hardware-receipt.png" in run.shown()
    run = house()
    run.ask(made, "Another joke.")
    assert "hardware-receipt.png" in run.shown()
    run.history.remember("me", first.id, 1, "pinned")
    run.ask(made, "One more.")
    assert "hardware-receipt.png" not in run.shown()


def test_a_forgotten_picture_is_neither_shown_nor_found_until_it_comes_back(
    house: Callable[[], HistoryFolder], draw: Callable[[str], Attachment]
) -> None:
    run = house()
    made = run.history.make("me").id
    given(run, made, draw, 1)
    first = run.history.turns("me", made)[0]
    run.history.remember("me", first.id, 1, "dropped")
    run = house()
    told = run.ask(made, "What was printed on the hardware receipt?")
    assert "hardware-receipt.png" not in run.shown()
    assert all(piece.source != "hardware-receipt.png" for piece in told.received.evidence)
    assert first.given[0].source_id not in run.library.sources(made)
    run.history.remember("me", first.id, 1, "dropped")
    told = run.ask(made, "What was printed on the hardware receipt?")
    assert "hardware-receipt.png" in run.shown()
    assert "hardware-receipt.png" in [piece.source for piece in told.received.evidence]


def test_who_hands_a_forgotten_picture_over_again_is_shown_it(
    house: Callable[[], HistoryFolder], draw: Callable[[str], Attachment]
) -> None:
    run = house()
    made = run.history.make("me").id
    given(run, made, draw, 0)
    run.history.remember("me", run.history.turns("me", made)[0].id, 1, "dropped")
    run.ask(made, "Here it is again.", draw("hardware-receipt.png"))
    run.ask(made, "What is it?")
    assert run.shown() == ["hardware-receipt.png"]


def test_what_is_remembered_goes_along_in_an_archive(
    house: Callable[[], HistoryFolder], draw: Callable[[str], Attachment], tmp_path: Path
) -> None:
    run = house()
    made = run.history.make("me").id
    given(run, made, draw, 1)
    first, second = run.history.turns("me", made)
    run.history.remember("me", first.id, 1, "pinned")
    run.history.remember("me", second.id, 1, "dropped")
    export_archive(run.history, run.originals, "me", made, tmp_path / "a.zip")
    there = import_archive(run.history, run.originals, "me", tmp_path / "a.zip").id
    assert [stored.given[0].remembered for stored in run.history.turns("me", there)] == ["pinned", "dropped"]


def test_only_the_owner_and_only_pictures(
    house: Callable[[], HistoryFolder], draw: Callable[[str], Attachment]
) -> None:
    run = house()
    made = run.history.make("me").id
    given(run, made, draw, 0)
    stored = run.history.turns("me", made)[0].id
    for owner, number in (("you", 1), ("me", 0), ("me", 2)):
        with pytest.raises(BadInput):
            run.history.remember(owner, stored, number, "pinned")
    assert run.history.turns("me", made)[0].given[0].remembered == ""


def test_each_picture_of_a_turn_has_buttons_that_say_what_they_do_and_whether_they_are_down() -> None:
    picture = AttachedFile("ab" * 32, "a<b>.png", "image/png", width=40, height=30, remembered="pinned")
    page = AttachedFile("cd" * 32, "lease.pdf", "application/pdf")
    for words in (ENGLISH, CHINESE):
        shown = turn_view.files("e1", (picture, page), lambda one: "/x" if one.width else "", words, acts=True)
        assert f'value="pin-picture e1 1" title="a&#60;b&#62;.png: {words.pinned_picture}"' in shown
        assert f'value="drop-picture e1 1" title="a&#60;b&#62;.png: {words.drop_picture}"' in shown
        assert shown.count("<button") == 2
    assert "<button" not in turn_view.files("e1", (picture,), lambda _: "/x", ENGLISH)
