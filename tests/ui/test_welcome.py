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
    ("en", "transcribe", ("plumber", "Thursday"), "message.flac", "plumber"),
    ("en", "lease", ("1 March", "3 percent"), "lease.pdf", "1 March"),
    ("en", "receipt", ("26.83",), "receipt.jpg", "26.83"),
    ("en", "sum", ("38.63",), "bakery.jpg", "11.80"),
    ("en", "film", ("fuse box",), "tour.mp4", "fuse box"),
    ("zh", "transcribe", ("水管",), "留言.flac", "水管"),
    ("zh", "lease", ("3月1日",), "租房合同.pdf", "3月1日"),
    ("zh", "receipt", ("128.80",), "收据.jpg", "128.80"),
    ("zh", "sum", ("187.30",), "面包店.jpg", "58.50"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_six_examples_in_every_language(language: Language) -> None:
    examples = welcome_examples(language)
    assert len({one.label for one in examples}) == 6
    assert [one.kind for one in examples] == ["transcribe", "lease", "receipt", "sum", "film", "translate"]
    assert all(part.path.is_file() for one in examples for part in one.turn().attachments)


def test_the_examples_are_small_and_nothing_else_is_shipped_with_them() -> None:
    shipped = {path for path in FOLDER.rglob("*") if path.is_file()}
    used = {
        part.path for language in LANGUAGES for one in welcome_examples(language) for part in one.turn().attachments
    }
    assert shipped == used
    assert sum(path.stat().st_size for path in shipped) < 3_000_000


def test_an_example_is_a_question_about_its_files() -> None:
    both = welcome_examples("en")[3].turn()
    assert [(file.name, file.spoken) for file in both.attachments] == [("receipt.jpg", False), ("bakery.jpg", False)]
    assert both.text == "How much did I pay altogether?"


def test_an_example_without_its_files_is_not_offered(tmp_path: Path) -> None:
    here = tmp_path / "en"
    here.mkdir()
    (here / "lease.pdf").write_bytes(b"%PDF")
    assert [one.label for one in welcome_examples("en", tmp_path)] == ["Ask a lease"]
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
@pytest.mark.parametrize(("language", "kind", "words", "source", "evidence"), RIGHT)
def test_an_example_is_answered_rightly_and_cited(
    assistant: Assistant, language: Language, kind: str, words: tuple[str, ...], source: str, evidence: str
) -> None:
    (example,) = (one for one in welcome_examples(language) if one.kind == kind)
    answer = answered(assistant, example)
    assert all(word in answer.text for word in words), answer.text
    assert answer.grounded
    quotes = " ".join(" ".join(one.quote.split()) for one in answer.citations if one.source == source)
    assert evidence in quotes, quotes
