"""The API as the clients that the world has speak to it: OpenAI's own, and LangChain's."""

import base64
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import httpx
import numpy
import openai
import pytest
from langchain_openai import ChatOpenAI
from PIL import Image, ImageDraw

from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.ports.speech import SpeechAudio
from assistant.speech.synthesis.sound_file import wav
from assistant.values.errors import EngineError
from assistant.values.messages import say
from tests.support.api_server import ServedApi

PLAN = "The surgeon comes on Thursday. Dana Ortiz serviced the pump on 14 March 2024."
ENGINE = ScriptedEngine(
    [
        ScriptedLine("Who serviced the pump", "Dana Ortiz serviced the pump."),
        ScriptedLine("When does the surgeon come", "The surgeon comes on Thursday."),
        ScriptedLine("break", EngineError(say("The model is out of breath."))),
        ScriptedLine("slowly", " ".join(f"word{number}" for number in range(500)), delay_seconds=0.1),
        ScriptedLine("", "Hello there, good to see you."),
    ]
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with ServedApi(tmp_path_factory.mktemp("api"), ENGINE).running() as served:
        yield served


@pytest.fixture
def client(api: ServedApi) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        base_url=f"{api.address}/v1", api_key="none", max_retries=0, http_client=httpx.Client(trust_env=False)
    ) as made:
        yield made


def as_file(text: str, name: str = "plan.txt") -> dict:  # type: ignore[type-arg]
    data = base64.b64encode(text.encode()).decode()
    return {"type": "file", "file": {"filename": name, "file_data": f"data:text/plain;base64,{data}"}}


def tone(seconds: float = 5.0) -> bytes:
    at = numpy.arange(int(seconds * 16000)) / 16000
    return wav([SpeechAudio("", (0.3 * numpy.sin(at * 2 * numpy.pi * 440)).astype(numpy.float32), 16000)])


def asked(*content: object, role: str = "user") -> dict:  # type: ignore[type-arg]
    return {
        "role": role,
        "content": list(content) if len(content) > 1 or not isinstance(content[0], str) else content[0],
    }


def test_a_plain_answer(client: openai.OpenAI) -> None:
    told = client.chat.completions.create(model="medley", messages=[asked("Hello, who are you to me?")])
    assert told.choices[0].message.content == "Hello there, good to see you."
    assert told.choices[0].finish_reason == "stop"
    assert told.usage is not None
    assert told.usage.total_tokens == told.usage.prompt_tokens + told.usage.completion_tokens > 5
    medley = told.model_extra["medley"]  # type: ignore[index]
    assert medley["received"]["question"] == "Hello, who are you to me?"
    assert medley["received"]["request"]["kind"]
    assert medley["citations"] == []


def test_a_stream_is_the_answer_piece_by_piece(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="medley",
            messages=[asked("Hello, who are you to me?")],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    words = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert "".join(words) == "Hello there, good to see you."
    assert len(words) > 3
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-2].model_extra["medley"]["answer"] == "".join(words)  # type: ignore[index]


@pytest.mark.parametrize("stream", [False, True])
def test_what_a_file_says_is_cited(client: openai.OpenAI, stream: bool) -> None:
    messages = [asked({"type": "text", "text": "Who serviced the pump?"}, as_file(PLAN))]
    told = client.chat.completions.create(model="medley", messages=messages, stream=stream)
    if stream:
        chunks = list(told)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        medley = chunks[-1].model_extra["medley"]
    else:
        text, medley = told.choices[0].message.content, told.model_extra["medley"]
    assert text == "Dana Ortiz serviced the pump.[1]" == medley["answer"]
    assert medley["citations"][0]["source"] == "plan.txt"
    assert "Dana Ortiz serviced the pump" in medley["citations"][0]["quote"]
    assert medley["grounded"]


def test_a_draft_comes_as_the_model_writes_it(client: openai.OpenAI) -> None:
    messages = [asked({"type": "text", "text": "Who serviced the pump?"}, as_file(PLAN))]
    chunks = list(
        client.chat.completions.create(
            model="medley", messages=messages, stream=True, extra_body={"medley": {"draft": True}}
        )
    )
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    assert "".join(pieces).startswith("Dana Ortiz serviced the pump.")
    assert len(pieces) > 2
    assert chunks[-1].model_extra["medley"]["answer"] == "Dana Ortiz serviced the pump.[1]"  # type: ignore[index]


def test_files_of_earlier_messages_are_known(client: openai.OpenAI) -> None:
    told = client.chat.completions.create(
        model="medley",
        messages=[
            asked({"type": "text", "text": "Who serviced the pump?"}, as_file(PLAN)),
            asked("Dana Ortiz serviced the pump.[1]", role="assistant"),
            asked("When does the surgeon come?"),
        ],
    )
    medley = told.model_extra["medley"]  # type: ignore[index]
    assert told.choices[0].message.content == "The surgeon comes on Thursday.[1]"
    assert medley["citations"][0]["source"] == "plan.txt"


def test_a_picture_and_a_recording_are_looked_at(client: openai.OpenAI) -> None:
    picture = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(picture).text((10, 10), "CORNER STORE", "black")
    made = io.BytesIO()
    picture.save(made, "PNG")
    uri = f"data:image/png;base64,{base64.b64encode(made.getvalue()).decode()}"
    sound = {"type": "input_audio", "input_audio": {"data": base64.b64encode(tone()).decode(), "format": "wav"}}
    told = client.chat.completions.create(
        model="medley",
        messages=[
            asked({"type": "text", "text": "Who are they?"}, {"type": "image_url", "image_url": {"url": uri}}, sound)
        ],
    )
    files = told.model_extra["medley"]["received"]["files"]  # type: ignore[index]
    assert [file["medium"] for file in files] == ["image", "audio"]


def test_a_recording_without_words_is_the_question(client: openai.OpenAI) -> None:
    sound = {"type": "input_audio", "input_audio": {"data": base64.b64encode(tone()).decode(), "format": "wav"}}
    told = client.chat.completions.create(model="medley", messages=[asked(sound)])
    assert told.model_extra["medley"]["received"]["heard"] == "We meet on Tuesday. Bring the plans."  # type: ignore[index]


def test_instructions_reach_the_model_above_every_turn(client: openai.OpenAI) -> None:
    client.chat.completions.create(
        model="medley", messages=[asked("Answer like a pirate.", role="system"), asked("Hello, who are you to me?")]
    )
    prompt = ENGINE.received[-1].messages
    assert [one.role for one in prompt[:3]] == ["system", "user", "assistant"]
    assert "Answer like a pirate." in prompt[1].text


def test_nothing_is_kept_of_a_call(client: openai.OpenAI, api: ServedApi) -> None:
    messages = [asked({"type": "text", "text": "Who serviced the pump?"}, as_file(f"{PLAN} Only here."))]
    client.chat.completions.create(model="medley", messages=messages)
    assert api.keys.unfinished() == []
    assert not [path for path in (api.keys_folder / "passing").rglob("*") if path.is_file()]
    assert not [path for path in api.originals_folder.rglob("*") if path.is_file()]
    assert api.assistant.library.get().search("Only here", list(api.scopes())) == []


def test_a_kept_conversation_goes_on(client: openai.OpenAI, api: ServedApi) -> None:
    kept = client.conversations.create()
    body = {"medley": {"conversation": kept.id}}
    first = asked({"type": "text", "text": "Who serviced the pump?"}, as_file(PLAN))
    client.chat.completions.create(model="medley", messages=[first], extra_body=body)
    told = client.chat.completions.create(
        model="medley", messages=[asked("When does the surgeon come?")], extra_body=body
    )
    assert told.choices[0].message.content == "The surgeon comes on Thursday.[1]"
    assert [turn.asked for turn in api.history.turns("me", kept.id)] == [
        "Who serviced the pump?",
        "When does the surgeon come?",
    ]
    assert client.conversations.retrieve(kept.id).id == kept.id
    assert client.conversations.delete(kept.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="medley", messages=[asked("And now?")], extra_body=body)


def test_a_named_library_is_searched(client: openai.OpenAI, api: ServedApi) -> None:
    library = api.libraries.make("me", "Plant")
    job = api.libraries.add_text("me", library.id, "plan.txt", PLAN)
    api.wait_for("me", job.id)
    body = {"medley": {"libraries": ["Plant"]}}
    told = client.chat.completions.create(model="medley", messages=[asked("Who serviced the pump?")], extra_body=body)
    assert told.choices[0].message.content == "Dana Ortiz serviced the pump.[1]"
    with pytest.raises(openai.BadRequestError, match="Plants"):
        client.chat.completions.create(
            model="medley", messages=[asked("Who?")], extra_body={"medley": {"libraries": ["Plants"]}}
        )


@pytest.mark.parametrize(
    ("changed", "status", "param"),
    [
        ({"model": "gpt-9"}, 404, "model"),
        ({"messages": []}, 400, "messages"),
        ({"messages": [asked("x", role="assistant")]}, 400, "messages"),
        (
            {"messages": [asked({"type": "image_url", "image_url": {"url": "http://127.0.0.1/x.png"}})]},
            400,
            "messages.0",
        ),
        (
            {"messages": [asked({"type": "image_url", "image_url": {"url": "data:image/png;base64,***"}})]},
            400,
            "messages.0",
        ),
        ({"messages": [asked({"type": "file", "file": {"file_id": "file-1"}})]}, 400, "messages.0"),
        ({"messages": [asked({"type": "file", "file": {"file_data": "file:///etc/passwd"}})]}, 400, "messages.0"),
        ({"messages": [asked(as_file("%PDF-1.7 broken", "broken.pdf"))]}, 400, None),
        ({"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}, 400, "tools"),
        ({"n": 2}, 400, "n"),
        ({"temperature": 3}, 400, "temperature"),
        ({"extra_body": {"medley": {"conversaton": "x"}}}, 400, "medley.conversaton"),
        ({"extra_body": {"medley": {"conversation": "0" * 32}}}, 404, "medley.conversation"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_done_is_refused_in_openais_shape(
    client: openai.OpenAI,
    changed: dict,
    status: int,
    param: str | None,
    stream: bool,  # type: ignore[type-arg]
) -> None:
    how = {"model": "medley", "messages": [asked("Hello?")], **changed}
    with pytest.raises(openai.APIStatusError) as refused:
        client.chat.completions.create(stream=stream, **how)
    assert refused.value.status_code == status
    assert (refused.value.param or "").startswith(param or "")
    assert refused.value.code
    assert str(refused.value.body["message"]).endswith(".")  # type: ignore[index]


def test_a_model_that_fails_is_a_503_or_an_error_in_the_stream(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIStatusError, match="out of breath") as failed:
        client.chat.completions.create(model="medley", messages=[asked("Hello, break now?")])
    assert failed.value.status_code == 503
    with pytest.raises(openai.APIError, match="out of breath"):
        list(client.chat.completions.create(model="medley", messages=[asked("Hello, break now?")], stream=True))


def test_whoever_goes_away_ends_the_answer(client: openai.OpenAI, api: ServedApi) -> None:
    stream = client.chat.completions.create(model="medley", messages=[asked("Say it slowly")], stream=True)
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            break
    assert api.running_answers() == 1
    stream.close()
    api.until_idle(3)


def test_too_much_at_once_is_a_429_that_says_when(client: openai.OpenAI, api: ServedApi) -> None:
    streams = [
        client.chat.completions.create(model="medley", messages=[asked("Say it slowly")], stream=True) for _ in range(4)
    ]
    try:
        with pytest.raises(openai.RateLimitError) as refused:
            client.chat.completions.create(model="medley", messages=[asked("Hello?")])
        assert int(refused.value.response.headers["retry-after"]) > 0
    finally:
        for stream in streams:
            stream.close()
        api.until_idle(5)


def test_a_recording_is_written_down_in_every_format(client: openai.OpenAI) -> None:
    def heard(**how: object) -> object:
        file = ("talk.wav", tone())
        return client.audio.transcriptions.create(model="whisper-1", file=file, **how)  # type: ignore[call-overload]

    assert heard().text == "We meet on Tuesday. Bring the plans."  # type: ignore[attr-defined]
    assert heard(response_format="text") == "We meet on Tuesday. Bring the plans.\n"
    assert heard(response_format="srt").startswith("1\n00:00:00,000 --> 00:00:0")  # type: ignore[attr-defined]
    assert heard(response_format="vtt").startswith("WEBVTT\n\n1\n")  # type: ignore[attr-defined]
    verbose = heard(response_format="verbose_json", timestamp_granularities=["segment"])
    assert (verbose.language, verbose.duration) == ("english", 5.0)  # type: ignore[attr-defined]
    assert [(one.start, one.text) for one in verbose.segments] == [  # type: ignore[attr-defined]
        (0.0, "We meet on Tuesday."),
        (2.0, "Bring the plans."),
    ]
    with pytest.warns(
        DeprecationWarning, match="deprecated"
    ):  # as the client has it: other models write every language down
        translated = client.audio.translations.create(model="whisper-1", file=("talk.wav", tone()))
    assert translated.text == "We meet on Tuesday. Bring the plans."
    with pytest.raises(openai.BadRequestError):
        client.audio.transcriptions.create(model="whisper-1", file=("talk.wav", b"no sound at all"))


@pytest.mark.parametrize(
    ("form", "codec"), [("mp3", "mp3float"), ("opus", "opus"), ("aac", "aac"), ("flac", "flac"), ("wav", "pcm_s16le")]
)
def test_words_are_read_aloud_in_every_format(client: openai.OpenAI, form: str, codec: str) -> None:
    said = "This is a sentence of some eleven words for the ear."
    sound = client.audio.speech.create(model="tts-1", voice="alloy", input=said, response_format=form)  # type: ignore[arg-type]
    with av.open(io.BytesIO(sound.content)) as opened:
        assert opened.streams.audio[0].codec_context.name == codec
        seconds = sum(frame.samples / frame.sample_rate for frame in opened.decode(audio=0))
    assert seconds == pytest.approx(0.55, abs=0.1)
    bare = client.audio.speech.create(model="tts-1", voice="af_high", input=said, response_format="pcm")
    assert len(bare.content) / 2 / 24000 == pytest.approx(0.55, abs=0.01)


def test_a_voice_that_is_not_there_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="af_high"):
        client.audio.speech.create(model="tts-1", voice="nobody", input="Hello.")


def test_texts_become_vectors(client: openai.OpenAI) -> None:
    told = client.embeddings.create(model="medley", input=["the pump", "the surgeon"])
    assert [len(one.embedding) for one in told.data] == [256, 256]
    assert sum(number * number for number in told.data[0].embedding) == pytest.approx(1, abs=1e-5)
    as_numbers = client.embeddings.create(model=told.model, input="the pump", encoding_format="float")
    assert as_numbers.data[0].embedding == pytest.approx(told.data[0].embedding)
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="medley", input=[[1, 2, 3]])
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="text-embedding-3-small", input="the pump")


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    names = [one.id for one in client.models.list()]
    assert names[:3] == ["medley", "whisper-1", "tts-1"]
    assert client.models.retrieve("medley").id == "medley"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


def test_langchain_asks_and_streams(api: ServedApi) -> None:
    chat = ChatOpenAI(
        model="medley", base_url=f"{api.address}/v1", api_key="none", http_client=httpx.Client(trust_env=False)
    )
    messages = [("system", "Be kind."), ("human", "Hello, who are you to me?")]
    told = chat.invoke(messages)
    assert told.content == "Hello there, good to see you."
    assert told.usage_metadata["total_tokens"] > 5
    pieces = [str(piece.content) for piece in chat.stream(messages)]
    assert "".join(pieces) == told.content
    assert len([piece for piece in pieces if piece]) > 3


def test_many_at_once_get_their_own_answers(api: ServedApi, tmp_path: Path) -> None:
    wrong: list[str] = []
    keys = [api.keys.add(f"many {number}")[1] for number in range(6)]

    def ask(key: str, question: str, expected: str) -> None:
        with openai.OpenAI(
            base_url=f"{api.address}/v1", api_key=key, max_retries=0, http_client=httpx.Client(trust_env=False)
        ) as mine:
            for _ in range(5):
                told = mine.chat.completions.create(
                    model="medley", messages=[asked({"type": "text", "text": question}, as_file(PLAN))]
                )
                if told.choices[0].message.content != expected:
                    wrong.append(f"{question} {told.choices[0].message.content}")

    questions = [
        ("Who serviced the pump?", "Dana Ortiz serviced the pump.[1]"),
        ("When does the surgeon come?", "The surgeon comes on Thursday.[1]"),
    ]
    threads = [threading.Thread(target=ask, args=(key, *questions[n % 2])) for n, key in enumerate(keys)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    finally:
        for number in range(6):
            api.keys.revoke(f"many {number}")
    assert not wrong
