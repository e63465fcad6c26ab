"""Who speaks on which channel: told, named by the person, and called so from then on."""

import pytest

from assistant.answering.prompt import _by_track
from assistant.answering.speaker_words import named
from assistant.answering.ways.speakers import WhoSpeaks
from assistant.answering.ways.transcript import WriteDown
from assistant.values.answer_json import from_json, to_json
from assistant.values.conversation import Exchange
from assistant.values.events import Answer
from assistant.values.evidence import Passage, Seconds, describe
from assistant.values.request import Form, Request
from assistant.values.speakers import LONGEST, SpeakerName, names_given
from tests.support.turn_made import TurnRoom, WayResult, recording

CALL = (
    Passage("Good morning, this is the boat yard.", Seconds(0, 3, track="left")),
    Passage("Hello, I have an old boat.", Seconds(3.2, 5, track="right")),
    Passage("Repairing it costs nine hundred pounds.", Seconds(5.5, 8, track="left")),
)


@pytest.fixture
def room() -> TurnRoom:
    made = TurnRoom()
    made.give(recording(name="call.wav"), *CALL)
    return made


def ask(room: TurnRoom, words: str, facet: str = "name", language: str = "en") -> WayResult:
    """A whole turn: the conversation remembers it."""
    told = room.ask(WhoSpeaks(), Request(words, "speakers", facet, language))
    assert told.reply is not None
    assert told.reply.cited.text.replace("[1]", "").replace("[2]", "") == told.streamed
    exchange = Exchange(words, told.text, told.reply.cited.citations, speakers=told.reply.speakers)
    room.conversation.exchanges.append(exchange)
    return told


def transcript(room: TurnRoom, words: str = "Transcribe this.", shape: str = "") -> WayResult:
    return room.ask(WriteDown(), Request(words, "transcript", form=Form(shape=shape)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "left", "right"),
    [
        ("the left channel is Anna, the right one is Ben", "Anna", "Ben"),
        ("Anna is on the left and on the right is Ben", "Anna", "Ben"),
        ("The left channel is Anna Berg; Dr. Ben von Stein is on the right.", "Anna Berg", "Dr Ben von Stein"),
        ("call the left one “The Boss”", "The Boss", None),
        ("it's Hannah on the left, not Anna", "Hannah", None),
        ("left: Anna, right: Ben", "Anna", "Ben"),
        ("Der linke Kanal ist Anna, der rechte heißt Ben", "Anna", "Ben"),
        ("à gauche c'est Anna, à droite c'est Benoît", "Anna", "Benoît"),
        ("el canal izquierdo es Ana y el derecho es Benito", "Ana", "Benito"),
        ("o canal esquerdo é a Ana e o direito é o Bento", "Ana", "Bento"),
        ("слева Анна, а справа — Борис", "Анна", "Борис"),
        ("左声道是王小明，右声道是李老师", "王小明", "李老师"),
        ("安娜在左边，本在右边", "安娜", "本"),
        ("左のチャンネルはアンナ、右はベンです", "アンナ", "ベン"),
        ("왼쪽은 안나이고 오른쪽은 벤입니다", "안나", "벤"),
        ("who is on the left?", None, None),
        ("left " * 400, None, None),
    ],
)
def test_who_is_who_is_read_in_nine_languages(words: str, left: str | None, right: str | None) -> None:
    told = {whom.what: name for whom, name in named(words)}
    assert (told.get("left"), told.get("right")) == (left, right)


def test_speakers_are_counted_in_the_order_of_their_first_words(room: TurnRoom) -> None:
    told = ask(room, "speaker 1 is Anna and the second speaker is Ben")
    assert told.reply is not None
    assert [(one.track, one.name) for one in told.reply.speakers] == [("left", "Anna"), ("right", "Ben")]


def test_a_name_is_told_with_the_first_words_and_stands_in_transcripts_and_citations(room: TurnRoom) -> None:
    told = ask(room, "the left channel is Anna, the right one is Ben")
    assert told.text == (
        "Who speaks in call.wav is called so from now on:\n\n"
        "- Anna (left): “Good morning, this is the boat yard.”[1]\n- Ben (right): “Hello, I have an old boat.”[2]"
    )
    written = transcript(room)
    assert written.text.startswith("Anna: Good morning, this is the boat yard.[1]\n\nBen: Hello")
    assert written.reply is not None
    assert describe(written.reply.cited.citations[1].location) == "0:03–0:05, Ben"


@pytest.mark.parametrize("shape", ["srt", "vtt"])
def test_a_name_stands_in_subtitles(room: TurnRoom, shape: str) -> None:
    ask(room, "left is Anna")
    assert "Anna: Good morning" in transcript(room, shape=shape).text
    assert "right: Hello" in transcript(room, shape=shape).text


def test_a_model_is_told_who_says_what(room: TurnRoom) -> None:
    ask(room, "left is Anna, right is Ben")
    (piece,) = room.context().pieces(["ab"])
    assert _by_track(piece).startswith("Anna: Good morning")
    assert "Ben: Hello" in _by_track(piece)
    (found,) = room.context().search("price", ["ab"])
    assert "Ben: Hello" in _by_track(found)


def test_what_one_of_them_says_can_be_written_down_alone(room: TurnRoom) -> None:
    ask(room, "left is Anna, right is Ben")
    assert "boat yard" not in transcript(room, "Write down what Ben says.").text
    assert "old boat" not in transcript(room, "Transcribe Anna's words only").text
    assert "old boat" not in transcript(room, "Transcribe the left channel").text
    assert "old boat" in transcript(room, "Transcribe what Anna and Ben say").text


def test_a_name_can_be_changed_exchanged_forgotten_and_taken_back(room: TurnRoom) -> None:
    ask(room, "left is Anna, right is Ben")
    ask(room, "Anna is actually Hannah")
    assert room.context().speakers == {"ab": {"left": "Hannah", "right": "Ben"}}
    ask(room, "undo that name", "forget")
    assert room.context().speakers == {"ab": {"left": "Anna", "right": "Ben"}}
    ask(room, "swap them", "swap")
    assert room.context().speakers == {"ab": {"left": "Ben", "right": "Anna"}}
    ask(room, "don't call the left one Ben any more", "forget")
    assert room.context().speakers == {"ab": {"right": "Anna"}}
    assert ask(room, "forget the names", "forget").text.startswith("The names are forgotten. In call.wav")
    assert room.context().speakers == {}


def test_a_turn_that_is_taken_back_takes_its_names_with_it(room: TurnRoom) -> None:
    ask(room, "left is Anna")
    room.conversation.exchanges.pop()
    assert "left: Good morning" in transcript(room).text


def test_who_is_on_which_channel_is_told(room: TurnRoom) -> None:
    ask(room, "right is Ben")
    told = ask(room, "Wer ist auf welchem Kanal?", "who", "de")
    assert told.text.startswith("In call.wav werden unterschieden:\n\n- links: „Good morning")
    assert "- Ben (rechts): „Hello" in told.text


def test_where_it_is_not_understood_who_is_who_nothing_is_named(room: TurnRoom) -> None:
    told = ask(room, "give them names")
    assert told.text.startswith("I did not understand who is who.")
    assert room.context().speakers == {}


def test_of_one_channel_it_is_said_that_nobody_is_told_apart() -> None:
    made = TurnRoom()
    made.give(recording(name="talk.mp3"), Passage("One voice.", Seconds(0, 2)))
    told = ask(made, "left is Anna")
    assert told.text == "In talk.mp3 nobody is told apart: there is one channel, or the same on both."
    assert made.context().speakers == {}


def test_names_are_kept_with_the_answer_and_those_of_an_archive_are_cut() -> None:
    answer = Answer("Named.", speakers=(SpeakerName("ab", "left", "Anna"),))
    assert from_json(Answer, to_json(answer)) == answer
    assert from_json(Answer, {"text": "An older one."}).speakers == ()
    long = names_given([SpeakerName("ab", "left", "A\nn" + "n" * 500)])
    assert long["ab"]["left"] == "A n" + "n" * (LONGEST - 3)


def test_what_follows_in_the_same_turn_calls_them_so_already(room: TurnRoom) -> None:
    context = room.context()
    request = Request("left is Anna", "speakers", "name", files=("ab",))
    list(WhoSpeaks().answer(request, context))
    written = "".join(
        str(one) for one in WriteDown().answer(Request("transcribe it", "transcript", files=("ab",)), context)
    )
    assert "Anna: Good morning" in written
