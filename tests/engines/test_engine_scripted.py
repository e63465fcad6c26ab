"""The scripted engine: what the other tests and the demonstration lean on."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.engines.scripted import SCRIPTED, ScriptedEngine, ScriptedLine
from assistant.models.profiles import PROFILES
from assistant.ports.engine import Generation
from assistant.values.errors import BadInput, EngineError
from assistant.values.parts import ChatMessage, Image, Text

SCRIPT = [
    ScriptedLine("capital of France", "Paris, of course."),
    ScriptedLine(lambda messages: len(messages) > 2, "We have talked before."),
    ScriptedLine("", "I do not know."),
]


def ask(engine: ScriptedEngine, *texts: str, stop: threading.Event | None = None, tokens: int = 50) -> list[str]:
    messages = [ChatMessage("user", (Text(text),)) for text in texts]
    return list(engine.generate(messages, Generation(tokens), stop or threading.Event(), "talk"))


def test_the_first_line_that_fits_is_said_word_by_word() -> None:
    engine = ScriptedEngine(SCRIPT)
    assert ask(engine, "What is the capital of France?") == ["Paris, ", "of ", "course."]
    assert "".join(ask(engine, "a", "b", "c")) == "We have talked before."
    assert "".join(ask(engine, "anything")) == "I do not know."


def test_what_it_received_is_remembered() -> None:
    engine = ScriptedEngine(SCRIPT)
    ask(engine, "Hello", tokens=7)
    (received,) = engine.received
    assert received.messages[0].text == "Hello"
    assert (received.options.max_tokens, received.conversation) == (7, "talk")


def test_it_stops_when_told_to() -> None:
    engine, stop = ScriptedEngine([ScriptedLine("", "one two three four", delay_seconds=0.001)]), threading.Event()
    pieces = engine.generate([ChatMessage("user", (Text("?"),))], Generation(), stop)
    assert next(pieces) == "one "
    stop.set()
    assert list(pieces) == []


def test_it_says_no_more_than_it_may() -> None:
    assert ask(ScriptedEngine(SCRIPT), "capital of France", tokens=2) == ["Paris, ", "of "]


def test_a_question_outside_the_script_fails_loudly() -> None:
    with pytest.raises(LookupError, match="No line of the script fits: 'Hello'"):
        ask(ScriptedEngine([ScriptedLine("something else", "x")]), "Hello")


def test_a_line_can_fail() -> None:
    with pytest.raises(EngineError, match="out of memory"):
        ask(ScriptedEngine([ScriptedLine("", EngineError("out of memory"))]), "Hello")


def test_it_sees_pictures_only_where_its_profile_does() -> None:
    seen = [ChatMessage("user", (Image(Path("x.png"), "x.png", 1, 1), Text("?")))]
    with pytest.raises(BadInput):
        list(ScriptedEngine(SCRIPT).generate(seen, Generation(), threading.Event()))
    seeing = ScriptedEngine(SCRIPT, replace(SCRIPTED, sees_images=True, image_tokens=10))
    assert list(seeing.generate(seen, Generation(), threading.Event()))
    assert seeing.count_tokens(seen) == 12


def test_no_profile_leads_to_it() -> None:
    assert all(profile.family != "scripted" and profile.name != "scripted" for profile in PROFILES)
