"""An ordinary conversation: ten turns over two receipts and a letter, and what each turn is about."""

from pathlib import Path

import pytest
from PIL import Image as Pillow

from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.models.profiles import ModelProfile
from assistant.ports.vision import Description, TextLine
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Box, Region
from assistant.values.parts import Attachment, Image, Text, Turn
from tests.support.fakes import KindsByWord, make_assistant, ready

LETTER = (
    "Dear Nora, the landlord wants 950 euros from May on. I have written to him that this is too much. "
    "Please bring the garden chairs when you come on 4 June. Your aunt Vera"
)
READ = {
    "receipt-1.png": ("HILL BAKERY", "2 March 2024", "Bread 4.20", "Total 12.80"),
    "receipt-2.png": ("CITY GARAGE", "9 April 2024", "Tyres 310.00", "Total 593.10"),
}
KINDS = KindsByWord({"thank": "small_talk", "where does": "where", "translate": "translate", "both": "compare"})
SCRIPT = [
    ("Request: Which of both", "receipt-2.png is dearer: 593.10 against 12.80."),
    ("Question: What is the total?", "The total is 12.80."),
    ("Question: And when was that?", "It was on 2 March 2024."),
    ("Question: What did the tyres cost", "The tyres cost 310.00."),
    ("Question: And who was paid that?", "CITY GARAGE was paid that."),
    ("Question: How much rent does he want", "The landlord wants 950 euros from May on."),
    ("Question: Who wrote it?", "Your aunt Vera."),
    ("Thank you", "You are welcome."),
    ("Question: And what is the total on the first one?", "The total is 12.80."),
    ("Dear Nora, the landlord", "Liebe Nora, der Vermieter will 950 Euro."),  # asked for by itself, to be translated
]


class PictureReader:
    """A Captioner that reads other lines in each picture."""

    profile = ModelProfile("reads-by-name", "vision", "scripted", "none", "any", 0)

    def describe(self, image: Image, question: str) -> Description:
        lines = READ[image.name]
        return Description("\n".join(lines), tuple(TextLine(line, Region((Box(0, 0, 1, 1),)), 0.99) for line in lines))


class LongTalk:
    """A conversation that remembers what it was given by name."""

    def __init__(self, *otherwise: tuple[str, str]) -> None:
        """The script goes by the last message alone, not by the turns before. otherwise: more of it, which wins."""
        self.engine = ScriptedEngine([ScriptedLine(when, says) for when, says in (*otherwise, *SCRIPT)])
        self.conversation = Conversation()
        self.assistant = make_assistant(self.engine, reader=ready("Reader", PictureReader()), classifier=KINDS)

    def ask(self, words: str, *files: Attachment) -> tuple[Answer, list[str]]:
        """The answer, and the names of the files that it was understood to be about."""
        done = list(self.assistant.answer(Turn((Text(words), *files)), self.conversation))[-1]
        assert isinstance(done, Done), done
        request = done.answer.received.request
        assert request is not None
        return done.answer, [self.conversation.sources[one] for one in request.files]


@pytest.fixture
def desk(tmp_path: Path) -> dict[str, Attachment]:
    for at, name in enumerate(READ):
        Pillow.new("RGB", (60, 40 + at), "white").save(tmp_path / name)
    (tmp_path / "letter.txt").write_text(LETTER)
    return {name: Attachment(tmp_path / name, name) for name in (*READ, "letter.txt")}


def test_ten_turns_keep_to_what_they_are_about(desk: dict[str, Attachment]) -> None:
    talk = LongTalk()
    first, second, letter = desk

    def cited(answer: Answer) -> list[str]:
        return [citation.source for citation in answer.citations]

    answer, about = talk.ask("What is the total?", desk[first])
    assert (answer.text, about, cited(answer)) == ("The total is 12.80.[1]", [first], [first])

    answer, about = talk.ask("And when was that?")
    assert (answer.text, about) == ("It was on 2 March 2024.[1]", [first])

    answer, about = talk.ask("What did the tyres cost here?", desk[second])
    assert (answer.text, about, cited(answer)) == ("The tyres cost 310.00.[1]", [second], [second])

    answer, about = talk.ask("And who was paid that?")
    assert (about, cited(answer)) == ([second], [second])

    answer, about = talk.ask("How much rent does he want?", desk[letter])
    assert (about, cited(answer)) == ([letter], [letter])

    answer, about = talk.ask("Thank you!")
    assert (answer.text, about, cited(answer)) == ("You are welcome.", [], [])

    answer, about = talk.ask("Who wrote it?")  # still the letter, whatever was said between
    assert (about, cited(answer)) == ([letter], [letter])

    answer, about = talk.ask("Which of both receipts is dearer?")
    assert about == [first, second]
    assert set(cited(answer)) == {first, second}

    answer, about = talk.ask("And what is the total on the first one?")
    assert (answer.text, about) == ("The total is 12.80.[1]", [first])

    answer, about = talk.ask("Translate the letter into German")
    assert (answer.text, about) == ("Liebe Nora, der Vermieter will 950 Euro.", [letter])
    assert LETTER in talk.engine.received[-1].messages[-1].text

    assert len(talk.conversation.exchanges) == 10


@pytest.mark.parametrize(
    "words",
    ["What is the total of the second receipt?", "Total on picture 2?", "receipt-2, the total?", "第二张图片？"],
)
def test_the_second_receipt_stays_the_second_however_the_talk_goes_on(desk: dict[str, Attachment], words: str) -> None:
    total = "The total is 593.10."
    talk = LongTalk((f"Question: {words}", total), (words, total), ("Question: Keep", "Very well."))
    talk.ask("How much rent does he want?", desk["letter.txt"])
    talk.ask("Keep these two.", desk["receipt-1.png"], desk["receipt-2.png"])
    for _ in range(3):
        answer, about = talk.ask(words)
        assert (about, answer.text) == (["receipt-2.png"], "The total is 593.10.[1]")
        talk.ask("Thank you!")
        _, about = talk.ask("How much rent does he want in the letter?")
        assert about == ["letter.txt"]


def test_what_one_conversation_was_given_no_other_is_about(desk: dict[str, Attachment]) -> None:
    talk = LongTalk(("Question: What is the total?", "The total is 12.80."), ("What is the total?", "Which one?"))
    talk.ask("What is the total?", desk["receipt-1.png"])
    talk.conversation = Conversation()
    answer, about = talk.ask("What is the total?")
    assert (about, answer.citations, answer.received.evidence) == ([], (), ())
    assert "BAKERY" not in talk.engine.received[-1].messages[-1].text
