"""The examples on the empty page: shipped, small, in two languages, and answered rightly by the smallest models."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done, Failed
from cli.wiring import wire
from ui.welcome import FOLDER, WelcomeExample, welcome_examples
from ui.words.catalogues import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
# language, which example, words that a right answer holds, the file it is cited from, words of the evidence
RIGHT = [
    ("en", 0, ("2,300",), "lease.pdf", "deposit is 2,300 euros"),
    ("en", 1, ("26.83",), "receipt.jpg", "26.83"),
    ("en", 2, ("1 March", "3 percent"), "lease.pdf", "1 March"),
    ("zh", 0, ("4500",), "租房合同.pdf", "4500元"),
    ("zh", 1, ("128.80",), "收据.jpg", "128.80"),
    ("zh", 2, ("3月1日",), "租房合同.pdf", "3月1日"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_three_examples_in_every_language(language: Language) -> None:
    examples = welcome_examples(language)
    assert len({one.label for one in examples}) == 3
    assert [one.voice is not None for one in examples] == [True, False, False]
    assert all(part.path.is_file() for one in examples for part in one.turn().attachments)


def test_the_examples_are_small_and_nothing_else_is_shipped_with_them() -> None:
    shipped = {path for path in FOLDER.rglob("*") if path.is_file()}
    used = {
        part.path for language in LANGUAGES for one in welcome_examples(language) for part in one.turn().attachments
    }
    assert shipped == used
    assert sum(path.stat().st_size for path in shipped) < 1_000_000


def test_the_recording_is_the_question_and_the_other_files_are_what_it_is_about() -> None:
    aloud, receipt, _ = (one.turn() for one in welcome_examples("en"))
    assert [(file.name, file.spoken) for file in aloud.attachments] == [("question.flac", True), ("lease.pdf", False)]
    assert aloud.text == ""
    assert receipt.text == "What was the total I paid?"


def test_an_example_without_its_files_is_not_offered(tmp_path: Path) -> None:
    here = tmp_path / "en"
    here.mkdir()
    (here / "lease.pdf").write_bytes(b"%PDF")
    assert [one.label for one in welcome_examples("en", tmp_path)] == ["When can the rent rise?"]
    assert welcome_examples("zh", tmp_path) == []


@pytest.fixture(scope="module")
def assistant(weights_folder: Callable[[str], Path]) -> Iterator[Assistant]:
    """As the page wires it, with the models that need no hub."""
    for name in ("qwen2.5-coder-0.5b", "whisper-base", "minilm"):
        weights_folder(name)
    settings = replace(from_environment(os.environ), profile="cpu-offline", llm="qwen2.5-coder-0.5b", offline=True)
    _, made = wire(settings, None)
    yield made
    made.close()


def answered(assistant: Assistant, example: WelcomeExample) -> Answer:
    conversation = Conversation()
    try:
        for event in assistant.answer(example.turn(), conversation):
            match event:
                case Done(answer):
                    return answer
                case Failed(message):
                    raise AssertionError(message)
        raise AssertionError("an answer ends with Done or Failed")
    finally:
        assistant.files.forget(conversation.id)


@pytest.mark.weights
@pytest.mark.parametrize(("language", "number", "words", "source", "evidence"), RIGHT)
def test_an_example_is_answered_rightly_and_cited(
    assistant: Assistant, language: Language, number: int, words: tuple[str, ...], source: str, evidence: str
) -> None:
    answer = answered(assistant, welcome_examples(language)[number])
    assert all(word in answer.text for word in words), answer.text
    assert answer.grounded
    quotes = " ".join(" ".join(one.quote.split()) for one in answer.citations if one.source == source)
    assert evidence in quotes, quotes
