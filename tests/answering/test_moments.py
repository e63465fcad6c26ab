"""When something is said: found by its words in any language and by its meaning, told with its time."""

from collections.abc import Sequence

import numpy
import pytest

from assistant.answering import moments
from assistant.answering.moments import sought
from assistant.answering.ways.moment import WhenIsIt
from assistant.ports.embedding import Vectors
from assistant.values.evidence import Seconds
from assistant.values.request import Request, Span
from tests.support.turn_made import TurnRoom, recording, said

TALK = (
    (0.0, 5.0, "Good morning, and welcome to all of you."),
    (5.0, 12.0, "The pump was serviced in March, and nothing was wrong with it."),
    (40.0, 46.0, "Let me say a word about money: the bicycle costs 593 dollars."),
    (80.0, 85.0, "My grandmother grew tulips behind the house."),
    (120.0, 126.0, "The boiler is new, so we need not talk about it."),
    (200.0, 206.0, "Basically that is all, thank you."),
)


def asks(words: str, language: str = "en", **known: object) -> Request:
    return Request(words, "moment", language=language, **known)  # type: ignore[arg-type]


@pytest.fixture
def room() -> TurnRoom:
    made = TurnRoom()
    made.give(recording(seconds=210), *said(*TALK))
    return made


def starts(room: TurnRoom, words: str, language: str = "en", **known: object) -> list[float]:
    told = room.ask(WhenIsIt(), asks(words, language, **known))
    if told.reply is None:
        return []
    return [one.location.start for one in told.reply.cited.citations if isinstance(one.location, Seconds)]


@pytest.mark.parametrize(
    ("words", "language", "start"),
    [
        ("when does she mention the bicycle", "en", 40),
        ("at what point do they talk about the boiler?", "en", 120),
        ("jump to where they speak of tulips", "en", 80),
        ("timestamp of the part about the pump please", "en", 5),
        ("Find the spot with the 593 dollars", "en", 40),
        ("他们什么时候提到 boiler？", "zh", 120),
    ],
)
def test_what_is_said_is_found_by_its_words(room: TurnRoom, words: str, language: str, start: float) -> None:
    assert starts(room, words, language) == [start]


def test_the_answer_is_the_time_and_the_words_cited(room: TurnRoom) -> None:
    told = room.ask(WhenIsIt(), asks("when does she mention the bicycle"))
    assert told.text == "At 0:40: “Let me say a word about money: the bicycle costs 593 dollars.”[1]"
    assert told.streamed == told.text.removesuffix("[1]")
    assert told.reply is not None
    (cited,) = told.reply.cited.citations
    assert cited.quote in cited.context
    assert cited.location == Seconds(40, 46)
    assert room.ask(WhenIsIt(), asks("什么时候提到 bicycle", "zh")).text.startswith("0:40：“")


@pytest.mark.parametrize(
    "words",
    ["when does she mention the volcano", "when does the dog bark", "when do they speak of the weather in Spain"],
)
def test_what_is_said_nowhere_is_left_to_the_lookup(room: TurnRoom, words: str) -> None:
    told = room.ask(WhenIsIt(), asks(words))
    assert told.reply is None
    assert told.streamed == ""


def test_chinese_words_are_found_in_chinese_speech() -> None:
    room = TurnRoom()
    room.give(
        recording(),
        *said(
            (0, 4, "大家早上好，欢迎各位。"), (9, 12, "水泵是三月份保养的。"), (30, 35, "这辆自行车的价格是593块钱。")
        ),
        *said((50, 55, "預算已經用完了。")),
    )
    assert starts(room, "她什么时候提到价格？", "zh") == [30]
    assert starts(room, "第几分钟说到预算", "zh") == [50]
    assert starts(room, "帮我找到讲保养水泵的那一段", "zh") == [9]
    assert starts(room, "什么时候说到火山", "zh") == []


@pytest.mark.parametrize(
    ("language", "words", "talk", "start"),
    [
        (
            "de",
            "Wann erwähnt sie den Preis?",
            ("Guten Morgen alle.", "Die Preise sind hoch.", "Das ist der Garten."),
            10,
        ),
        ("de", "in welcher Minute geht es um das Dach", ("Das ist die Lage.", "Es geht gut.", "Das Dach ist alt."), 20),
        ("fr", "quand parle-t-elle du toit", ("Bonjour à tous.", "Elle est là.", "Le toit est vieux."), 20),
        ("es", "¿en qué minuto hablan del presupuesto?", ("Hola.", "El presupuesto es alto.", "Hablan mucho."), 10),
        ("ja", "予算の話はいつですか", ("おはようございます。", "これは庭です。", "予算は三百万円です。"), 20),
        ("ko", "예산 얘기는 언제 나와요", ("안녕하세요 여러분.", "예산은 삼백만 원입니다.", "날씨가 좋네요."), 10),
        ("ru", "когда она говорит про бюджет", ("Доброе утро.", "Она пришла.", "Бюджет уже утверждён."), 20),
    ],
)
def test_words_that_ask_are_told_from_what_is_sought_in_other_languages(
    language: str, words: str, talk: Sequence[str], start: float
) -> None:
    room = TurnRoom()
    room.give(recording(), *said(*((10.0 * n, 10.0 * n + 4, text) for n, text in enumerate(talk))))
    assert starts(room, words, language) == [start]


def test_what_is_quoted_is_sought_alone_and_every_mention_of_it_is_told() -> None:
    room = TurnRoom()
    talk = [(30.0 * n, 30.0 * n + 4, "Basically we agree." if n % 3 == 0 else f"Point {n} is fine.") for n in range(20)]
    room.give(recording(seconds=600), *said(*talk))
    assert starts(room, "all the times he says “basically”, with timestamps") == [90.0 * n for n in range(7)]
    assert sought("first time he says 「合同」", "zh").text == "合同"


def test_of_sentences_that_follow_one_another_the_first_is_told() -> None:
    room = TurnRoom()
    room.give(
        recording(),
        *said((0, 4, "Hello."), (20, 24, "The roof leaks."), (24, 28, "The roof is old."), (90, 94, "Bye.")),
    )
    assert starts(room, "when do they talk about the roof") == [20]


def test_only_a_span_is_searched_where_one_is_named(room: TurnRoom) -> None:
    room.give(recording("cd", "other.mp3", seconds=100), *said((0, 4, "Hello."), (95, 99, "The boiler is old.")))
    assert starts(room, "when is the boiler mentioned in the first minute", span=Span(0, 60)) == []
    assert starts(room, "when is the boiler mentioned", span=Span(0, 10, from_end=True), files=("cd",)) == [95]


def test_several_recordings_are_named(room: TurnRoom) -> None:
    room.give(recording("cd", "other.mp3", seconds=100), *said((0, 4, "Hello."), (95, 99, "The boiler is old.")))
    text = room.ask(WhenIsIt(), asks("when is the boiler mentioned")).text
    assert "In talk.mp3 at 2:00: “The boiler is new" in text
    assert "In other.mp3 at 1:35: “The boiler is old.”[2]" in text


def test_what_is_to_be_seen_is_looked_for_on_the_screen_first() -> None:
    room = TurnRoom()
    room.give(
        recording(name="clip.mp4", medium="video"),
        *said((0, 4, "Now the Budget."), (50, 54, "Bye.")),
        *said((20, 30, "Budget 2024"), sense="seen"),
    )
    assert room.ask(WhenIsIt(), asks("when does the title Budget appear on screen")).text.startswith(
        "At 0:20, on screen"
    )
    assert starts(room, "when does he say budget") == [0]


class Meaning:
    """An Embedder that knows that money is about prices, and of nothing else anything."""

    space, dimensions = "meaning-2", 2

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return numpy.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text: str) -> Vectors:
        near = any(word in text for word in ("money", "price", "expensive"))
        return numpy.array([1.0, 0.0] if near else [0.0, 1.0], numpy.float32)


class Everything:
    """An Embedder to which all texts are nearly alike, as they are to a model that does not know their language."""

    space, dimensions = "alike-2", 2

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return numpy.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text: str) -> Vectors:
        turn = 0.05 * (len(text) % 5)
        return numpy.array([numpy.cos(turn), numpy.sin(turn)], numpy.float32)


def test_what_is_said_in_other_words_is_found_by_its_meaning(room: TurnRoom) -> None:
    room.embedder = Meaning()
    assert starts(room, "when do they say that it is expensive") == [40]


def test_a_model_to_which_everything_is_alike_finds_nothing(room: TurnRoom) -> None:
    room.embedder = Everything()
    assert starts(room, "when does she mention the volcano") == []


def test_nothing_to_look_for_is_found_nowhere(room: TurnRoom) -> None:
    assert starts(room, "when is it said?") == []
    assert moments.find(sought("", "en"), room.context().pieces(["ab"]), None) == []
