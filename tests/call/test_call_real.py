"""A call with the models of a CPU: a question in recorded speech over a document, noise, and the answer's own voice."""

import os
from pathlib import Path
from threading import Event

import numpy
import pytest

from assistant.call.activity import SileroActivity
from assistant.call.call import CallModels, CallTarget
from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.settings.settings import from_environment
from assistant.speech.synthesis.sentences import Sentences
from assistant.storage.originals import Originals
from assistant.values.parts import Attachment, Text, Turn
from cli.wiring import wire
from tests.support.call_device import device_on, nothing
from tests.support.call_page import clip

REPORT = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz. The next service is due in September 2025."


@pytest.mark.weights
def test_questions_in_speech_are_answered_aloud_and_noise_and_its_own_voice_are_not(tmp_path: Path) -> None:
    environment = {**os.environ, "MEDLEY_PROFILE": "cpu-offline", "MEDLEY_LLM": "qwen2.5-coder-0.5b"}
    settings = from_environment(environment, data=tmp_path)
    models, assistant = wire(settings, None)
    originals = Originals(tmp_path / "originals")
    history = History(tmp_path / "conversations", originals)
    conversations = Conversations(history, assistant, originals)
    report = tmp_path / "report.txt"
    report.write_text(REPORT)
    conversation = history.make("me").id
    given = Turn((Text("What is this about?"), Attachment(report, report.name)))
    for _ in conversations.ask("me", conversation, given, "", Event())[1]:
        pass
    call_models = CallModels(SileroActivity(), models.transcriber.get, models.speaker.get, Sentences)
    device = device_on(conversations, call_models, CallTarget("me", conversation), echo=24.0)
    hiss = numpy.random.default_rng(1).normal(0, 0.02, 3 * 16_000).astype(numpy.float32)
    device.hears(nothing(1), clip("question-en", 0.35, 2.05), nothing(12), hiss, nothing(1))
    device.hears(clip("question-en", 2.1, 4.85), nothing(15))
    first, second = history.turns("me", conversation)[1:]
    assert "the pump" in first.asked
    assert first.answer is not None
    assert "Dana Ortiz" in first.answer.text
    assert first.answer.citations
    assert "next service" in second.asked
    assert second.state == "done"
    assert len(device.heard_voice) > 60
    assert device.state == "listening"
    assistant.close()
    history.close()
