"""Requests and responses, as OpenAI's API has them, with what Medley adds in one field, `medley`.

What OpenAI's API knows and would be another answer (tools, JSON schemas, stop words, several choices) is refused by
name; hints for drawing words (top_p, seed, penalties) and what is for OpenAI's books (user, metadata) change nothing.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NAME = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MODEL = "medley"


class Shape(BaseModel):
    """What is not known in it is passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, protected_namespaces=())


class StrictShape(BaseModel):
    """What is not known in it is refused: it is ours, and a word that is misspelt would change an answer."""

    model_config = ConfigDict(extra="forbid", strict=True, protected_namespaces=())


class FormShape(BaseModel):
    """The fields of a form, which are all text."""

    model_config = ConfigDict(extra="ignore", protected_namespaces=())


# What is asked


class TextPart(Shape):
    type: Literal["text"]
    text: str


class ImageAddress(Shape):
    url: str = Field(
        description="A data URI with base64: nothing is fetched.", examples=["data:image/png;base64,iVBORw…"]
    )
    detail: Literal["auto", "low", "high"] = "auto"


class ImagePart(Shape):
    type: Literal["image_url"]
    image_url: ImageAddress


class Sound(Shape):
    data: str = Field(description="Base64.")
    format: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{2,5}$")] = Field(examples=["wav", "mp3"])


class SoundPart(Shape):
    """A recording. In a message without words it is the question, spoken; beside words it is asked about."""

    type: Literal["input_audio"]
    input_audio: Sound


class FileBytes(Shape):
    filename: NAME = "file"
    file_data: str | None = Field(default=None, description="Base64, or a data URI with base64.")
    file_id: str | None = Field(default=None, description="Not supported: send the file itself.")


class FilePart(Shape):
    type: Literal["file"]
    file: FileBytes


class RefusalPart(Shape):
    type: Literal["refusal"]
    refusal: str


Part = Annotated[TextPart | ImagePart | SoundPart | FilePart | RefusalPart, Field(discriminator="type")]


class ChatMessage(Shape):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | Annotated[list[Part], Field(max_length=200)] | None = None


class StreamOptions(Shape):
    include_usage: bool = False


class ResponseFormat(Shape):
    type: Literal["text"] = Field(default="text", description="Text alone. Ask for JSON in words.")


class MedleyAsked(StrictShape):
    """What Medley can do beyond OpenAI's API."""

    conversation: str | None = Field(
        default=None,
        max_length=64,
        description="The id of a conversation of this key (`/v1/conversations`): the message goes on with it, and both "
        "message and answer are kept there. Without it nothing is kept.",
    )
    libraries: Annotated[list[NAME], Field(max_length=50)] = Field(
        default_factory=list, description="Names of libraries of this key to be searched as well."
    )
    password: str = Field(
        default="", max_length=1000, description="Opens files that are encrypted. It is kept nowhere."
    )
    draft: bool = Field(
        default=False,
        description="Where files are asked about, a stream brings the checked answer, with its citation numbers. With "
        "`draft` it brings the model's words as they are written; the checked answer is then in `medley.answer`.",
    )


class ChatAsked(Shape):
    model: NAME = MODEL
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1000)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    response_format: ResponseFormat | None = None
    n: Literal[1] | None = None
    stop: None = Field(default=None, description="Not supported.")
    logprobs: Literal[False] | None = None
    tools: Annotated[list[Any], Field(max_length=0)] | None = Field(default=None, description="Not supported.")
    functions: Annotated[list[Any], Field(max_length=0)] | None = Field(default=None, description="Not supported.")
    medley: MedleyAsked = Field(default_factory=MedleyAsked)


class EmbeddingsAsked(Shape):
    model: NAME = MODEL
    input: str | Annotated[list[str], Field(min_length=1, max_length=2048)] = Field(
        description="A text or several. Numbers of tokens are not taken: they are another model's."
    )
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Not to be chosen: the model's own number, or nothing."
    )
    medley: "EmbeddingAim" = Field(default_factory=lambda: EmbeddingAim())


class EmbeddingAim(StrictShape):
    kind: Literal["passage", "question"] = Field(
        default="passage",
        description="What the texts are; some models embed questions otherwise than what answers them.",
    )


class SpeechAsked(Shape):
    model: NAME = MODEL
    input: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    voice: NAME | None = Field(
        default=None,
        description="A name from `/v1/models` of the voice, such as af_heart. OpenAI's names of voices stand for the "
        "one in the settings.",
    )
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | None = "mp3"
    speed: Annotated[float, Field(ge=0.25, le=4.0)] | None = 1.0
    stream_format: Literal["audio"] | None = None


class TranscriptionAsked(FormShape):
    """The fields of the form beside `file`."""

    model: NAME = MODEL
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3})?$")] = Field(
        default="", description="ISO 639-1."
    )
    prompt: Annotated[str, StringConstraints(max_length=5_000)] = Field(
        default="", description="Names and words that are likely to be spoken, and the script of Chinese."
    )
    response_format: Literal["json", "text", "srt", "verbose_json", "vtt"] = "json"
    temperature: Annotated[float, Field(ge=0, le=1)] = Field(default=0.0, description="Changes nothing.")
    timestamp_granularities: Annotated[list[Literal["word", "segment"]], Field(max_length=2)] = Field(
        default_factory=list, alias="timestamp_granularities[]"
    )
    stream: bool = Field(default=False, description="Changes nothing: the whole transcript is sent.")


class ConversationAsked(Shape):
    """Of OpenAI's conversations, the one that is empty at first."""

    metadata: Annotated[dict[str, str], Field(max_length=16)] | None = Field(default=None, description="Kept nowhere.")
    items: Annotated[list[Any], Field(max_length=0)] | None = Field(default=None, description="Not supported.")


# What is answered


class Usage(Shape):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Message(Shape):
    role: Literal["assistant"] = "assistant"
    content: str | None = None
    refusal: str | None = None


class Choice(Shape):
    index: int = 0
    message: Message
    logprobs: None = None
    finish_reason: Literal["stop", "length"]


class MedleyAnswer(Shape):
    """How the answer came about, as `python app.py ask --json` prints it."""

    answer: str = Field(description="The checked answer, with its citation numbers.")
    grounded: bool = Field(description="Whether a citation whose words were compared supports at least one sentence.")
    confidence: float
    citations: list[dict[str, Any]] = Field(description="number, source, medium, location, quote, seen, link.")
    files: list[dict[str, Any]] = Field(
        description="Files that the answer made, such as subtitles: name, media_type, text."
    )
    unsupported: list[str] = Field(description="Sentences that nothing given supports.")
    received: dict[str, Any] = Field(
        description="What the model was given, with the request as it was understood, and notes."
    )
    timings: dict[str, float] = Field(description="Seconds of each step.")
    models: dict[str, str] = Field(description="What answered for each role.")
    stopped: bool
    conversation: str | None = Field(default=None, description="Where message and answer are kept.")


class ChatAnswered(Shape):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    medley: MedleyAnswer


class Embedding(Shape):
    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingsUsage(Shape):
    prompt_tokens: int
    total_tokens: int


class EmbeddingsAnswered(Shape):
    object: Literal["list"] = "list"
    model: str = Field(description="The space of the vectors: those of two spaces cannot be compared.")
    data: list[Embedding]
    usage: EmbeddingsUsage


class SpokenWord(Shape):
    word: str
    start: float
    end: float


class SpokenSegment(Shape):
    id: int
    start: float
    end: float
    text: str


class TranscriptionAnswered(Shape):
    text: str


class VerboseTranscriptionAnswered(Shape):
    task: Literal["transcribe", "translate"]
    language: str = Field(description="In English, such as “german”.")
    duration: float
    text: str
    segments: list[SpokenSegment] | None = None
    words: list[SpokenWord] | None = None


class Model(Shape):
    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "medley"
    medley: dict[str, Any] = Field(default_factory=dict, description="What it is for, and the voices of a voice.")


class ModelsAnswered(Shape):
    object: Literal["list"] = "list"
    data: list[Model]


class ConversationAnswered(Shape):
    id: str
    object: Literal["conversation"] = "conversation"
    created_at: int
    metadata: dict[str, str] = Field(default_factory=dict)


class ConversationDeleted(Shape):
    id: str
    object: Literal["conversation.deleted"] = "conversation.deleted"
    deleted: bool = True


class ErrorTold(Shape):
    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorAnswered(Shape):
    error: ErrorTold
