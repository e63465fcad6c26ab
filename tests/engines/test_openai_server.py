"""Speech and embedding on a server with OpenAI's protocol, played by a small one of our own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy
import pytest

from assistant.embeddings.remote import RemoteEmbedder
from assistant.engines.openai_server import OpenAIServer, server
from assistant.models.folder_profiles import profile_of_sense
from assistant.speech.recognition.remote import RemoteTranscriber
from assistant.values.address import Address
from assistant.values.errors import EngineError, SetupError
from tests.support import media_made


class Played(ThreadingHTTPServer):
    """Answers with `told[path]`, after as many failures as `failures` lists."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _PlayedHandler)
        self.told: dict[str, object] = {}
        self.failures: list[int] = []
        self.asked: list[tuple[str, bytes, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _PlayedHandler(BaseHTTPRequestHandler):
    server: Played

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, body, self.headers.get("Authorization", "")))
        status = self.server.failures.pop(0) if self.server.failures else 200
        told = self.server.told.get(self.path) if status == 200 else {"error": "no"}
        content = json.dumps(told(body) if callable(told) else told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def played() -> Iterator[Played]:
    with Played() as one:
        thread = threading.Thread(target=one.serve_forever, daemon=True)
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def at(played: Played) -> OpenAIServer:
    return OpenAIServer(Address(played.address), "tiny", 5, first_wait_seconds=0.01, key="sk-secret")


def embedded(body: bytes) -> object:
    texts = json.loads(body)["input"]
    rows = [{"index": n, "embedding": [float(len(text)), 1.0, 0.0]} for n, text in enumerate(texts)]
    return {"data": rows[::-1]}


def test_embeddings_come_back_in_order_and_of_unit_length(played):
    played.told["/v1/embeddings"] = embedded
    embedder = RemoteEmbedder(at(played))
    vectors = embedder.embed_passages(["a", "bbbb"])
    assert embedder.space == "tiny-3"
    assert vectors.shape == (2, 3)
    assert numpy.allclose(numpy.linalg.norm(vectors, axis=1), 1)
    assert vectors[1, 0] > vectors[0, 0]
    assert embedder.embed_question("a").shape == (3,)


def test_a_busy_server_is_asked_again(played):
    played.told["/v1/embeddings"] = embedded
    played.failures = [503, 429]
    assert RemoteEmbedder(at(played)).dimensions == 3


@pytest.mark.parametrize(("status", "sentence"), [(401, "refuses the key"), (404, "is not there"), (400, "(400)")])
def test_a_refusal_is_explained_without_the_key(played, status, sentence):
    played.failures = [status] * 5
    with pytest.raises(EngineError, match=sentence.replace("(", r"\(").replace(")", r"\)")) as caught:
        RemoteEmbedder(at(played))
    assert "sk-secret" not in str(caught.value)


def test_a_server_that_is_no_embedding_server_is_said_to_be_none(played):
    played.told["/v1/embeddings"] = {"data": "hello"}
    with pytest.raises(EngineError, match="does not answer as an embedding server does"):
        RemoteEmbedder(at(played))


def test_nobody_there_is_one_sentence():
    with pytest.raises(EngineError, match="cannot be reached"):
        RemoteEmbedder(OpenAIServer(Address("http://127.0.0.1:9/v1"), "tiny", 2, first_wait_seconds=0.01))


def speech() -> numpy.ndarray:
    from assistant import media

    return media.read_samples(media_made.JFK)


def test_speech_is_heard_with_its_seconds(played):
    segments = [{"start": 0.0, "end": 2.0, "text": " Ask not", "no_speech_prob": 0.01, "avg_logprob": -0.2}]
    played.told["/v1/audio/transcriptions"] = {"language": "english", "segments": segments}
    told = RemoteTranscriber(at(played)).transcribe(speech())
    assert told.language == "en"
    assert told.segments[0].text == "Ask not"
    path, body, authorization = played.asked[0]
    assert path == "/v1/audio/transcriptions"
    assert b"RIFF" in body
    assert authorization == "Bearer sk-secret"


def test_a_server_that_gives_text_alone_is_heard_too(played):
    played.told["/v1/audio/transcriptions"] = {"text": "Ask not what your country can do"}
    played.failures = [400]
    told = RemoteTranscriber(at(played)).transcribe(speech())
    assert told.segments[0].text.startswith("Ask not")
    assert told.segments[0].end > told.segments[0].start


def test_silence_is_sent_nowhere(played):
    assert not RemoteTranscriber(at(played)).transcribe(numpy.zeros(16000 * 3, numpy.float32)).segments
    assert not played.asked


def test_servers_are_written_as_people_write_them():
    assert server("http://host:8000#whisper", environment={}).address.whole == "http://host:8000/v1"
    assert server("openai:whisper-1", environment={"OPENAI_API_KEY": "k"}).model == "whisper-1"
    with pytest.raises(EngineError, match="wants a key"):
        server("openai:whisper-1", environment={})
    with pytest.raises(SetupError, match="names no server"):
        server("http://host/v1", environment={})
    assert "secret" not in repr(OpenAIServer(Address("http://ada:secret@host/v1?token=secret"), "m", key="secret"))


def test_a_folder_of_ones_own_tells_what_it_is(tmp_path):
    whisper = tmp_path / "my-whisper"
    whisper.mkdir()
    with pytest.raises(SetupError, match="holds no Whisper model"):
        profile_of_sense(whisper, "speech")
    (whisper / "tiny.pt").touch()
    assert profile_of_sense(whisper, "speech").family == "openai-whisper"
    texts = tmp_path / "my-embedder"
    (texts / "1_Pooling").mkdir(parents=True)
    with pytest.raises(SetupError, match=r"config\.json is missing"):
        profile_of_sense(texts, "embedding")
    (texts / "config.json").write_text('{"max_position_embeddings": 512}')
    (texts / "tokenizer.json").touch()
    (texts / "model.safetensors").touch()
    (texts / "1_Pooling" / "config.json").write_text('{"pooling_mode_lasttoken": true}')
    (texts / "config_sentence_transformers.json").write_text('{"prompts": {"query": "query: "}}')
    profile = profile_of_sense(texts, "embedding")
    assert (profile.pooling, profile.question_prefix, profile.context_tokens) == ("last", "query: ", 512)


def test_a_server_translates_and_times_words_where_it_can(played):
    segments = [{"start": 0.0, "end": 2.0, "text": " Ask not"}, {"start": 2.0, "end": 4.0, "text": " what"}]
    times = (("Ask", 0.1), ("not", 0.5), ("what", 2.5))
    words = [{"start": start, "end": start + 0.3, "word": word} for word, start in times]
    played.told["/v1/audio/transcriptions"] = {"language": "english", "segments": segments, "words": words}
    played.told["/v1/audio/translations"] = {"text": "Who serviced the pump?"}
    remote = RemoteTranscriber(at(played))
    heard = remote.transcribe(speech(), "en", words=True)
    assert [[word.text for word in segment.words] for segment in heard.segments] == [["Ask", "not"], ["what"]]
    assert b"timestamp_granularities[]" in played.asked[-1][1]
    assert remote.transcribe(speech(), "zh", task="translate").text == "Who serviced the pump?"
    assert played.asked[-1][0] == "/v1/audio/translations"
    played.failures = [404]
    with pytest.raises(SetupError, match="cannot translate what is said"):
        remote.transcribe(speech(), task="translate")
