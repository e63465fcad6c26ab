"""How a small model's answer is doubted: through the front door, with an engine that can tell likelihoods."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.answering.confidence import Claim, Weights, confidence
from assistant.engines.scripted import ScriptedEngine
from assistant.ports.engine import Likelihoods
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Delta, Done, Event, Status
from assistant.values.parts import Attachment, ChatMessage, Text, Turn
from tests.support.fakes import KindsByWord, make_assistant, saying, shelve

REPORT = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.\nThe next service is due in September 2025."
FIRST = REPORT.split("\n")[0]
QUESTION = "Who serviced the Kestrel-9 pump in March 2024?"
SAID = "Dana Ortiz serviced the Kestrel-9 pump."


@pytest.fixture
def report(tmp_path: Path) -> Attachment:
    path = tmp_path / "report.txt"
    path.write_text(REPORT)
    return Attachment(path, "report.txt")


def run(engine: ScriptedEngine, report: Attachment, question: str = QUESTION, **parts: KindsByWord) -> list[Event]:
    return list(make_assistant(engine, **parts).answer(Turn((Text(question), report)), Conversation()))


def answer(engine: ScriptedEngine, report: Attachment, question: str = QUESTION) -> Answer:
    done = run(engine, report, question)[-1]
    assert isinstance(done, Done), done
    return done.answer


def from_library(engine: ScriptedEngine, file: Attachment, question: str = QUESTION) -> Answer:
    assistant, conversation = make_assistant(engine), Conversation()
    shelve(assistant, conversation, file)
    done = list(assistant.answer(Turn((Text(question),)), conversation))[-1]
    assert isinstance(done, Done), done
    return done.answer


def small(yes: float | None, says: str = SAID) -> ScriptedEngine:
    return saying({"": says}, small=True, yes=yes)


def test_in_the_place_of_an_answer_that_the_model_itself_denies_stands_what_comes_nearest(report: Attachment) -> None:
    told = answer(small(-4), report)
    assert told.text == f"report.txt does not say that. Nearest: “{FIRST}”[1]"
    assert not told.grounded
    assert [citation.quote for citation in told.citations] == [FIRST]


def test_from_a_library_an_answer_that_the_model_itself_denies_is_refused(report: Attachment) -> None:
    told = from_library(small(-4), report)
    assert told.declined
    assert told.text.startswith("report.txt does not say that. Nearest: “")
    assert not told.grounded


def test_an_answer_that_it_affirms_stands_with_its_citation(report: Attachment) -> None:
    told = answer(small(4), report)
    assert told.text == f"{SAID}[1]"
    assert told.citations[0].source == "report.txt"


def test_confidence_grows_with_what_speaks_for_the_answer_and_is_told_of_refused_ones_too(report: Attachment) -> None:
    sure = [answer(small(yes), report).confidence for yes in (-2, -1, 0, 1, 2)]
    assert sure == sorted(sure)
    assert 0 < sure[0] < sure[-1] < 1


def test_the_words_stream_before_they_are_doubted_and_the_doubt_is_announced(report: Attachment) -> None:
    events = run(small(-4), report)
    assert "".join(event.text for event in events if isinstance(event, Delta)) == SAID
    kinds = [event.step if isinstance(event, Status) else type(event).__name__ for event in events]
    assert kinds.index("Delta") < kinds.index("checking")


def test_where_the_engine_cannot_say_nearness_stands_for_confidence(report: Attachment) -> None:
    told = answer(small(None), report)
    assert told.text == f"{SAID}[1]"
    assert told.confidence > 0.5


def test_an_answer_is_doubted_in_every_language(report: Attachment) -> None:
    for words in ("Kestrel-9 泵在 2024 年 3 月由谁保养？", "Wer hat die Kestrel-9 im März 2024 gewartet?"):
        assert answer(small(4), report, words).grounded
        assert not answer(small(-4), report, words).grounded


def test_a_list_is_not_doubted(report: Attachment) -> None:
    words = "List everyone who serviced the Kestrel-9 pump in March 2024."
    done = run(small(-4), report, words, classifier=KindsByWord({"list everyone": "list"}))[-1]
    assert isinstance(done, Done)
    assert done.answer.grounded


def test_a_larger_model_is_not_doubted(report: Attachment) -> None:
    assert answer(saying({"": SAID}, yes=-4), report).grounded


def test_a_question_that_points_back_is_not_doubted(report: Attachment) -> None:
    assistant, conversation = make_assistant(small(-4)), Conversation()
    list(assistant.answer(Turn((Text(QUESTION), report)), conversation))
    done = list(assistant.answer(Turn((Text("And who serviced it?"),)), conversation))[-1]
    assert isinstance(done, Done)
    assert done.answer.grounded


def test_what_nothing_supports_but_the_model_believes_is_shown_and_marked(report: Attachment) -> None:
    told = answer(small(4, "It was Jane Miller of Leeds."), report)
    assert told.text == f"It was Jane Miller of Leeds.\n\nNearest in report.txt: “{FIRST}”[1]"
    assert told.unsupported == ("It was Jane Miller of Leeds.",)
    assert not told.grounded


def test_what_nothing_supports_and_the_model_itself_doubts_is_not_shown(report: Attachment) -> None:
    told = answer(small(-1, "It was Jane Miller of Leeds."), report)
    assert told.text == f"report.txt does not say that. Nearest: “{FIRST}”[1]"
    assert told.unsupported == ()


def test_what_is_supported_needs_less_belief_than_what_is_not(report: Attachment) -> None:
    assert answer(small(-0.6), report).text == f"{SAID}[1]"
    assert "Nearest" in answer(small(-0.6, "It was Jane Miller of Leeds."), report).text


def test_from_a_library_what_nothing_supports_is_refused_whatever_the_model_thinks_of_it(report: Attachment) -> None:
    told = from_library(small(4, "It was Jane Miller of Leeds."), report)
    assert told.declined
    assert told.text.startswith("report.txt does not say that in so many words. Nearest: “")
    assert "Jane" not in told.text


@pytest.mark.parametrize(("pages", "refused"), [(40, True), (1, False)])
def test_the_best_of_many_pieces_of_a_library_must_be_near_to_be_believed(
    tmp_path: Path, pages: int, refused: bool
) -> None:
    path = tmp_path / "handbook.txt"
    other = [f"Chapter {n}. Rules for room {n}: lamps off, doors shut, and {n} chairs. " * 8 for n in range(pages)]
    path.write_text("\n\n".join(other))
    question = "Which rules for the famous violin players of Vienna hold in room 0?"
    told = from_library(small(0.5, "Lamps off and doors shut."), Attachment(path, "handbook.txt"), question)
    assert told.declined == refused, told.confidence


@pytest.mark.parametrize(
    ("says_after", "question", "turns"),
    [("small", QUESTION, 0), ("small", "And who serviced it?", 1), ("larger", QUESTION, 1)],
)
def test_a_small_model_is_shown_earlier_turns_only_where_they_are_needed(
    report: Attachment, says_after: str, question: str, turns: int
) -> None:
    assistant = make_assistant(small(4) if says_after == "small" else saying({"": SAID}))
    conversation = Conversation()
    list(assistant.answer(Turn((Text("What is this report about?"), report)), conversation))
    done = list(assistant.answer(Turn((Text(question),)), conversation))[-1]
    assert isinstance(done, Done)
    assert done.answer.received.history_turns == turns


STATES = Weights(question=0.0, answer=0.0, statement=0.5)
ASKING = Weights(question=0.0, answer=0.0, asking=0.5)
CLAIM = Claim("Who serviced the pump?", "Dana Ortiz", FIRST, REPORT, asked="Wer wartete die Pumpe?")


def sure(weights: Weights, likely: Callable[[Sequence[ChatMessage], str], float]) -> float:
    """likely: what the engine makes of each word of a beginning, after these messages."""

    class Weighing(ScriptedEngine):
        def likelihood(
            self,
            messages: Sequence[ChatMessage],
            beginnings: Sequence[str],
            stop: threading.Event,
            conversation: str = "",
        ) -> Likelihoods | None:
            return tuple((likely(messages, text),) * len(text.split()) for text in beginnings)

    told = confidence(CLAIM, Weighing([]), threading.Event(), weights)
    assert told is not None
    return told


def test_how_likely_the_answer_is_counts_against_that_the_passage_does_not_state_it() -> None:
    assert sure(STATES, lambda _, text: -5.0 if "stated" in text else -0.1) > 0.9
    assert sure(STATES, lambda _, text: -0.1 if "stated" in text else -5.0) < 0.1


def test_how_much_likelier_a_question_is_beside_its_passage_counts() -> None:
    near = sure(ASKING, lambda messages, _: -1.0 if REPORT in messages[-1].text else -3.0)
    far = sure(ASKING, lambda messages, _: -3.0)
    assert near > 0.9
    assert far == 0.5


def test_what_has_no_weight_is_not_asked_and_the_question_is_put_in_the_persons_words() -> None:
    asked: list[tuple[bool, str]] = []

    def noting(messages: Sequence[ChatMessage], text: str) -> float:
        asked.append(("Question: Wer wartete die Pumpe?" in messages[-1].text, text))
        return -1.0

    sure(STATES, noting)
    assert asked == [(True, "Dana Ortiz"), (True, "not stated"), (True, "Not stated")]
    asked.clear()
    sure(ASKING, noting)
    assert asked == [(False, "Wer wartete die Pumpe?")] * 2
