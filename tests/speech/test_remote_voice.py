"""A voice on a server: what it is asked, and what may come back; and who speaks where the voice cannot be had."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy
import pytest

from assistant.engines.openai_server import OpenAIServer
from assistant.ports.speech import SpeechAudio
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.speech.synthesis import espeak
from assistant.speech.synthesis.remote_voice import RemoteSpeaker
from assistant.speech.synthesis.sound_file import wav
from assistant.values.address import Address
from assistant.values.errors import EngineError, WeightsError

SOUND = numpy.full(2400, 0.25, numpy.float32)


class Speaking(ThreadingHTTPServer):
    """Answers every request with `told`, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SpeakingHandler)
        self.told, self.asked = b"", []


class _SpeakingHandler(BaseHTTPRequestHandler):
    server: Speaking

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.told)))
        self.end_headers()
        self.wfile.write(self.server.told)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Speaking]:
    with Speaking() as one:
        thread = threading.Thread(target=one.serve_forever, daemon=True)
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def speaker(server: Speaking) -> RemoteSpeaker:
    return RemoteSpeaker(OpenAIServer(Address(f"http://127.0.0.1:{server.server_port}/v1"), "tts", 5))


def test_a_sentence_is_sent_and_its_sound_comes_back(server):
    server.told = wav([SpeechAudio("", SOUND, 24_000)])
    spoken = speaker(server).say("The pump runs.", "nova", 1.5)
    [(path, asked)] = server.asked
    assert path == "/v1/audio/speech"
    assert asked == {
        "model": "tts", "input": "The pump runs.", "voice": "nova", "speed": 1.5, "response_format": "wav",
    }  # fmt: skip
    assert spoken.rate == 24_000
    assert spoken.samples == pytest.approx(SOUND, abs=1e-4)


def test_a_server_that_streams_writes_no_length_and_one_that_heeds_no_format_sends_bare_samples(server):
    whole = wav([SpeechAudio("", SOUND, 24_000)])
    server.told = whole[:40] + b"\xff\xff\xff\x7f" + whole[44:]
    assert speaker(server).say("a").seconds == pytest.approx(0.1)
    server.told = (SOUND * 32767).astype("<i2").tobytes()
    assert speaker(server).say("a").seconds == pytest.approx(0.1)


def test_what_is_no_sound_is_said_to_be_none(server):
    server.told = b"RIFF nonsense"
    with pytest.raises(EngineError, match="no sound that I can play"):
        speaker(server).say("a")


def test_a_remote_voice_can_be_chosen(server):
    models = Models(
        Settings(voice=f"http://127.0.0.1:{server.server_port}/v1#tts", profile="cpu-offline", offline=True)
    )
    server.told = wav([SpeechAudio("", SOUND, 24_000)])
    assert models.speaker.get().say("a").seconds == pytest.approx(0.1)
    assert models.names()["voice"].endswith("#tts")


@pytest.mark.parametrize("there", [True, False])
def test_espeak_reads_where_the_voice_cannot_be_had_and_nobody_does_without_it(tmp_path, monkeypatch, there):
    program = tmp_path / "espeak-ng"
    program.write_text('#!/bin/sh\nprintf "Pty Language\\n 5 en\\n"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if there else str(tmp_path / "nowhere"))
    models = Models(Settings(cache=Path(tmp_path, "cache"), profile="cpu-offline", offline=True))
    if there:
        assert isinstance(models.speaker.get(), espeak.Espeak)
        assert "Until then espeak-ng reads answers aloud." in models.notices[0]
    else:
        with pytest.raises(WeightsError, match="offline"):
            models.speaker.get()
