"""Questions that name seconds, and questions that ask for them, put to the assistant."""

import pytest

from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Document, Passage, Seconds
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import HashedWords, HeardTones, KindsByWord, ReadLines, make_assistant, ready, saying
from tests.support.films_made import Scene, placed, write_film
from tests.support.media_made import tone

SAID = {
    300: "The pump was serviced in March.",
    600: "The bicycle costs 593 dollars.",
    900: "The boiler is new.",
    1500: "Goodbye.",
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Attachment:
    scenes = [Scene(1, 200), Scene(2, 200, words="TOTAL"), Scene(3, 100)]
    sound = placed(20.0, (1.0, tone(2.0, 300)), (6.0, tone(2.0, 600)), (11.0, tone(2.0, 900)), (16.0, tone(2.0, 1500)))
    path = write_film(tmp_path_factory.mktemp("clip") / "clip.mp4", scenes, sound=sound)
    return Attachment(path, path.name)


KINDS = KindsByWord({"when do": "moment", "什么时候": "moment", "summarise": "whole"}, facets={"summarise": "summary"})


def answer(clip: Attachment, question: str, **script: str) -> Answer:
    engine = saying([*script.items(), ("", "I do not know.")])
    assistant = make_assistant(
        engine,
        transcriber=ready("Speech model", HeardTones(SAID)),
        reader=ready("Reader", ReadLines()),
        embedder=ready("Embedding model", HashedWords()),
        classifier=KINDS,
    )
    conversation = Conversation()
    try:
        *_, last = assistant.answer(Turn((Text(question), clip)), conversation)
        assert isinstance(last, Done), last
        return last.answer
    finally:
        assistant.files.forget(conversation.id)
        assistant.close()


def starts(told: Answer) -> list[float]:
    return [cited.location.start for cited in told.citations if isinstance(cited.location, Seconds)]


def test_what_is_said_at_a_second_is_answered_from_there(clip: Attachment) -> None:
    told = answer(clip, "What is said at 0:07?", bicycle="The bicycle costs 593 dollars.")
    assert starts(told) == [pytest.approx(6.0, abs=0.15)]
    assert told.text == "The bicycle costs 593 dollars.[1]"
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


def test_a_summary_of_a_long_recording_takes_parts_from_all_of_its_length() -> None:
    said = [f"Part {number} is about machine {number}. " + "It goes on and on. " * 30 for number in range(200)]
    talk = tuple(Passage(text, Seconds(60.0 * at, 60.0 * at + 50)) for at, text in enumerate(said))
    assistant = make_assistant(saying([("", "Part 199 is about machine 199.")]), classifier=KINDS)
    conversation = Conversation(sources={"ab": "talk.mp3"})
    assistant.library.get().add(Document("ab", "talk.mp3", "audio", talk), conversation.id)
    try:
        *_, last = assistant.answer(Turn((Text("Summarise this recording."),)), conversation)
    finally:
        assistant.files.forget(conversation.id)
        assistant.close()
    assert isinstance(last, Done), last
    given = [one.location.start for one in last.answer.received.evidence if isinstance(one.location, Seconds)]
    assert given == sorted(given)
    assert given[0] == 0.0
    assert given[-1] == 199 * 60.0
    assert 0 < len(given) < len(talk)
    assert last.answer.text == "Part 199 is about machine 199.[1]"
    assert starts(last.answer) == [199 * 60.0]
