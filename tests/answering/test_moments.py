"""Questions that name seconds, and questions that ask for them."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.ways import at_moment
from assistant.answering.ways.at_moment import Span, asked, asks_when
from assistant.citing.citations import Cited
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Citation, Done
from assistant.values.evidence import Document, Evidence, Page, Passage, Place, Seconds
from assistant.values.parts import Attachment, Image, Text, Turn
from tests.support.fakes import HashedWords, HeardTones, ReadLines, make_assistant, ready, saying
from tests.support.films_made import Scene, placed, write_film
from tests.support.media_made import tone

END = float("inf")
SAID = {
    300: "The pump was serviced in March.",
    600: "The bicycle costs 593 dollars.",
    900: "The boiler is new.",
    1500: "Goodbye.",
}


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("What happens at 0:42?", Span(40, 44, point=True)),
        ("what is said between 1:10 and 2:00", Span(70, 120)),
        ("What is said from 1:10 to 2:00?", Span(70, 120)),
        ("What happens 1:02:03 in?", Span(3721, 3725, point=True)),
        ("What does she show at minute 3?", Span(180, 240)),
        ("What is said after 2 minutes and 5 seconds?", Span(125, END)),
        ("What is said before 1:00?", Span(0, 60)),
        ("What is said at 90 seconds?", Span(88, 92, point=True)),
        ("What comes in the first two minutes?", Span(0, 120)),
        ("What comes in the first 2 minutes?", Span(0, 120)),
        ("Summarise the last minute.", Span(0, 60, from_end=True)),
        ("0:42发生了什么？", Span(40, 44, point=True)),
        ("1:10到2:00之间说了什么？", Span(70, 120)),
        ("1分10秒到2分说了什么？", Span(70, 120)),
        ("第3分钟说了什么？", Span(120, 240)),
        ("42秒的时候出现了什么？", Span(40, 44, point=True)),
        ("最后30秒讲了什么？", Span(0, 30, from_end=True)),
        ("前两分钟讲了什么？", Span(0, 120)),
        ("Who serviced the pump in 2018?", None),
        ("What does page 3 say?", None),
        ("When does the train at 7:30 pm leave?", None),
        ("It took 3 attempts", None),
        ("Who worked for 3 minutes?", None),
        ("What takes 45 seconds?", None),
        ("What is shown 5 minutes in?", Span(298, 302, point=True)),
        ("谁用了3分钟？", None),
    ],
)
def test_the_seconds_that_a_question_names(question: str, span: Span | None) -> None:
    assert asked(question) == span


@pytest.mark.parametrize(
    ("question", "is_one"),
    [
        ("When does she mention the price?", True),
        ("At what point do they talk about the boiler?", True),
        ("At which minute is the logo shown?", True),
        ("她什么时候提到价格？", True),
        ("第几分钟出现了标志？", True),
        ("提到价格是在什么时候？", True),
        ("When is the next service due?", False),
        ("When was the pump serviced?", False),
        ("下一次保养是什么时候？", False),
        ("Who mentions the price?", False),
    ],
)
def test_asking_when_something_is_said_is_not_asking_for_a_date(question: str, is_one: bool) -> None:
    assert asks_when(question) == is_one


def piece(*lines: tuple[float, float, str]) -> Evidence:
    text = "\n".join(line for *_, line in lines)
    places, start = [], 0
    for begin, end, line in lines:
        places.append(Place(start, start + len(line), Seconds(begin, end)))
        start += len(line) + 1
    return Evidence("ab", "talk.mp3", "audio", text, Seconds(lines[0][0], lines[-1][1]), tuple(places))


def test_a_piece_is_cut_to_what_is_said_in_the_span() -> None:
    talk = piece((0, 9, "One."), (10, 19, "Two."), (20, 29, "Three."), (30, 39, "Four."))
    (cut,) = at_moment.during([talk], Span(10, 30))
    assert (cut.content, cut.location) == ("Two.\nThree.", Seconds(10, 29))
    assert [cut.content[place.start : place.end] for place in cut.places] == ["Two.", "Three."]
    (point,) = at_moment.during([talk], Span(12, 16, point=True))
    assert point.content == "Two."
    assert at_moment.during([talk], Span(100, 120)) == []


def test_what_is_said_and_what_is_shown_at_a_moment_are_told_apart() -> None:
    heard = piece((10, 19, "Two."))
    seen = replace(heard, content="TWO", location=Seconds(12, 20, "seen"), places=())
    assert at_moment.meant([heard, seen], "What is said at 0:15?") == [heard]
    assert at_moment.meant([heard, seen], "What is shown at 0:15?") == [seen]
    assert at_moment.meant([heard, seen], "0:15的画面上写了什么？") == [seen]
    assert at_moment.meant([heard, seen], "What happens at 0:15?") == [heard, seen]
    assert at_moment.meant([seen], "What is said at 0:15?") == [seen]


def test_of_a_whole_film_frames_are_spread_and_of_a_moment_the_nearest_are_pointed_out() -> None:
    talk = Conversation()
    for second in range(0, 100, 10):
        talk.show(Image(Path(f"{second}.jpg"), f"at {second}", 10, 10, "ab", float(second)))
    at_moment.point_out(talk, [], 3)
    spread = [image.seconds for image in talk.images[-3:]]
    assert spread == sorted(spread)
    assert spread[-1] - spread[0] >= 50  # type: ignore[operator]
    at_moment.point_out(talk, [piece((41, 44, "x"))], 3)
    assert talk.images[-1].seconds == 40


def test_times_stand_before_the_numbers_of_recordings_alone() -> None:
    def cited(number: int, location: object) -> Citation:
        return Citation(number, "ab", "a", "audio", location, "q")  # type: ignore[arg-type]

    citations = (cited(1, Seconds(42, 50)), cited(2, Page(1)), cited(3, Seconds(61, 70)))
    told = at_moment.with_times(Cited("First.[1] Then.[2][3]", citations, ()))
    assert told.text == "First. (0:42)[1] Then.[2] (1:01)[3]"


# Through the assistant


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    scenes = [Scene(1, 200), Scene(2, 200, words="TOTAL"), Scene(3, 100)]
    sound = placed(20.0, (1.0, tone(2.0, 300)), (6.0, tone(2.0, 600)), (11.0, tone(2.0, 900)), (16.0, tone(2.0, 1500)))
    path = write_film(tmp_path_factory.mktemp("clip") / "clip.mp4", scenes, sound=sound)
    return Attachment(path, path.name)


def answer(clip: Attachment, question: str, **script: str) -> Answer:
    engine = saying([*script.items(), ("", "I do not know.")])
    assistant = make_assistant(
        engine,
        transcriber=ready("Speech model", HeardTones(SAID)),
        reader=ready("Reader", ReadLines()),
        embedder=ready("Embedding model", HashedWords()),
    )
    conversation = Conversation()
    try:
        *_, last = assistant.answer(Turn((Text(question), clip)), conversation)
        assert isinstance(last, Done), last
        return last.answer
    finally:
        assistant.forget(conversation.id)
        assistant.close()


def starts(told: Answer) -> list[float]:
    return [cited.location.start for cited in told.citations if isinstance(cited.location, Seconds)]


def test_what_is_said_at_a_second_is_answered_from_there(clip: Attachment) -> None:
    told = answer(clip, "What is said at 0:07?", bicycle="The bicycle costs 593 dollars.")
    assert starts(told) == [pytest.approx(6.0, abs=0.15)]
    assert told.text in ("The bicycle costs 593 dollars. (0:05)[1]", "The bicycle costs 593 dollars. (0:06)[1]")
    heard = [one.location for one in told.received.evidence if isinstance(one.location, Seconds)]
    assert [at.start for at in heard if at.sense == "heard"] == [pytest.approx(6.0, abs=0.15)]


def test_when_something_is_mentioned_is_answered_by_the_recording_itself(clip: Attachment) -> None:
    told = answer(clip, "When do they talk about the boiler?")
    assert starts(told) == [pytest.approx(11.0, abs=0.15)]
    assert "The boiler is new." in told.text
    assert told.text.startswith(("At 0:10: “", "At 0:11: “"))
    chinese = answer(clip, "他们什么时候提到 boiler？")
    assert starts(chinese) == [pytest.approx(11.0, abs=0.15)]


def test_what_is_mentioned_nowhere_has_no_time(clip: Attachment) -> None:
    told = answer(clip, "When does she mention the volcano?")
    assert told.citations == ()


def test_a_summary_of_a_long_recording_takes_parts_from_all_of_it_and_says_their_times() -> None:
    said = [f"Part {number} is about machine {number}. " + "It goes on and on. " * 30 for number in range(40)]
    talk = tuple(Passage(text, Seconds(60.0 * at, 60.0 * at + 50)) for at, text in enumerate(said))
    assistant = make_assistant(saying([("", "Part 39 is about machine 39.")]))
    conversation = Conversation(sources={"ab": "talk.mp3"})
    assistant.library.get().add(Document("ab", "talk.mp3", "audio", talk), conversation.id)
    try:
        *_, last = assistant.answer(Turn((Text("Summarise this recording."),)), conversation)
    finally:
        assistant.forget(conversation.id)
        assistant.close()
    assert isinstance(last, Done), last
    given = [one.location.start for one in last.answer.received.evidence if isinstance(one.location, Seconds)]
    assert min(given) == 0.0
    assert max(given) == 39 * 60.0
    assert last.answer.text == "Part 39 is about machine 39. (39:00)[1]"
    assert any("from all of its length" in note for note in last.answer.received.notes)
