"""A film with the real models: Kokoro speaks and slides stand at known seconds, and every fact is cited there."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from assistant.answering.assistant import Assistant
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Seconds
from assistant.values.parts import Attachment, Text, Turn
from cli.wiring import wire
from tests.support.films_made import Scene, placed, write_film
from tests.support.media_made import RATE, Samples

pytestmark = pytest.mark.weights
NEAR = 2.0  # seconds
SPOKEN = {
    2.0: "The warehouse in Rotterdam burned down last winter.",
    16.0: "The price of the blue bicycle is five hundred dollars.",
    30.0: "The captain lost his compass during the storm.",
}


@pytest.fixture(scope="module")
def assistant(weights_folder: Callable[[str], Path]) -> Iterator[Assistant]:
    for profile in ("qwen2.5-coder-0.5b", "whisper-base", "minilm", "kokoro"):
        weights_folder(profile)
    _, made = wire(replace(from_environment(os.environ), profile="cpu-offline", answer_tokens=120), None)
    chosen = {"profile": "cpu-offline", "llm": "qwen2.5-coder-0.5b", "answer_tokens": 120}
    _, made = wire(replace(from_environment(os.environ), **chosen), None)
    assert made.embedder is not None
    made.embedder.get()
    yield made
    made.close()


@pytest.fixture(scope="module")
def talk(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversation]:
    """What was given: one minute of film, its sound as above, and a slide from 0:20 to 0:40."""
    from assistant.setup.models import Models

    speaker = Models(assistant.settings).speaker.get()
    sound = placed(52.0, *((start, at_16_khz(speaker.say(text))) for start, text in SPOKEN.items()))
    scenes = [Scene(1, 100), Scene(2, 100, words="INVOICE 4711", speed=0), Scene(3, 60)]
    path = write_film(tmp_path_factory.mktemp("film") / "talk.mp4", scenes, sound, (640, 360), fps=5)
    conversation = Conversation()
    ask(assistant, conversation, "What is this about?", Attachment(path, path.name))
    yield conversation
    assistant.files.forget(conversation.id)


def at_16_khz(spoken: object) -> Samples:
    samples, rate = spoken.samples, spoken.rate  # type: ignore[attr-defined]
    at = numpy.arange(int(len(samples) * RATE / rate)) * rate / RATE
    return numpy.interp(at, numpy.arange(len(samples)), samples).astype(numpy.float32)


def ask(assistant: Assistant, conversation: Conversation, question: str, *files: Attachment) -> Answer:
    *_, last = assistant.answer(Turn((Text(question), *files)), conversation)
    assert isinstance(last, Done), last
    return last.answer


def starts(answer: Answer) -> list[float]:
    return [one.location.start for one in answer.citations if isinstance(one.location, Seconds)]


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("What is said at 0:03?", 2.0),
        ("What is said between 0:28 and 0:40?", 30.0),
        ("When does she mention the price of the bicycle?", 16.0),
        ("At what point is the compass mentioned?", 30.0),
        ("What burned down last winter?", 2.0),
        ("When is the invoice shown?", 20.0),
    ],
)
def test_a_fact_is_cited_within_two_seconds(
    assistant: Assistant, talk: Conversation, question: str, second: float
) -> None:
    answer = ask(assistant, talk, question)
    assert starts(answer), answer.text
    assert abs(starts(answer)[0] - second) <= NEAR, answer.text
