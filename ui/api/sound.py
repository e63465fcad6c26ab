"""/v1/audio: recordings written down, and words read aloud. Each waits for its turn as answers do."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from assistant import media
from assistant.media.encoded_sound import MEDIA_TYPES
from assistant.ports.speech import Segment, Task, Word, joined
from assistant.speech.synthesis.sound_file import RATE, sound_file
from assistant.speech.synthesis.spoken_answer import SpokenAnswer
from assistant.text import subtitles
from assistant.values.errors import BadInput
from assistant.values.messages import say
from ui.api.bodies import explained
from ui.api.computing import computed
from ui.api.parts import HEARING, SPEAKING, ApiParts
from ui.api.refusals import Refusal
from ui.api.shapes import SpeechAsked, TranscriptionAsked

if TYPE_CHECKING:
    import threading

    from starlette.datastructures import FormData, UploadFile
    from starlette.requests import Request
    from starlette.responses import Response

_STRETCH = 60.0  # seconds heard at a time
_OPENAI_VOICES = frozenset(
    "alloy ash ballad coral echo fable onyx nova sage shimmer verse marin cedar".split()
)  # of which programs name one, wherever they speak


@dataclass(frozen=True)
class Written:
    """What was said in a recording."""

    segments: tuple[Segment, ...]
    language: str
    seconds: float

    @property
    def text(self) -> str:
        return joined([segment.text for segment in self.segments])


class SoundAnswers:
    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    async def transcribe(self, request: "Request", owner: str, form: "FormData", task: Task) -> "Response":
        """task: "translate" writes English, whatever is spoken."""
        from starlette.datastructures import UploadFile
        from starlette.responses import Response

        asked = _fields(form)
        self._parts.check_model(asked.model, HEARING)
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            raise Refusal(400, "Send the recording as `file`.", "missing_file", "file")
        written = await computed(self._parts, request, owner, lambda stop: self._written(upload, asked, task, stop))
        body, media_type = _as(asked, written, task)
        return Response(body, 200, {"cache-control": "no-store"}, media_type)

    async def speak(self, request: "Request", owner: str, asked: SpeechAsked) -> "Response":
        from starlette.responses import Response

        self._parts.check_model(asked.model, SPEAKING)
        form = asked.response_format or "mp3"
        sound = await computed(self._parts, request, owner, lambda stop: self._spoken(asked, stop))
        return Response(sound, 200, {"cache-control": "no-store"}, MEDIA_TYPES[form])

    def _written(self, upload: "UploadFile", asked: TranscriptionAsked, task: Task, stop: "threading.Event") -> Written:
        name = PurePath(upload.filename or "recording").name[:200]
        limits = self._parts.settings().limits
        transcriber = self._parts.transcriber.get()
        hints, words = [asked.prompt] if asked.prompt else [], "word" in asked.timestamp_granularities
        segments: list[Segment] = []
        language, seconds = asked.language, 0.0
        with self._parts.passing.lent_folder() as folder:
            path = _copied(upload, folder, name)
            for piece in media.read_pieces(path, limits, name, _STRETCH):
                if stop.is_set():
                    break
                heard: list[Segment] = []
                for voice in piece.voices:
                    told = transcriber.transcribe(voice.samples, language, task=task, words=words, hints=hints)
                    heard += [_later(one, piece.start) for one in told.segments]
                    language = language or (told.language if told.segments else "")
                segments += sorted(heard, key=lambda one: one.start)
                seconds = piece.end
        return Written(tuple(segments), language, seconds)

    def _spoken(self, asked: SpeechAsked, stop: "threading.Event") -> bytes:
        self._parts.speaker.retry()  # what failed may have been the network
        speaker = self._parts.speaker.get()
        voice = "" if asked.voice is None or asked.voice in _OPENAI_VOICES else asked.voice
        known = [one.name for one in speaker.voices]
        if voice and voice not in known:
            raise Refusal(400, f"There is no voice “{voice}”. There is: {', '.join(known)}.", "no_such_voice", "voice")
        speed = min(2.0, max(0.5, asked.speed or 1.0))
        pieces = SpokenAnswer(asked.input).pieces
        if not pieces:
            raise BadInput(say("There is nothing in it that can be said."))
        spoken = []
        for piece in pieces:
            if stop.is_set():
                break
            spoken.append(speaker.say(piece, voice, speed))
        form = asked.response_format or "mp3"
        return sound_file(spoken, form, RATE if form == "pcm" else 0)


def _fields(form: "FormData") -> TranscriptionAsked:
    from pydantic import ValidationError

    told: dict[str, object] = {}
    for key in form:
        values = [one for one in form.getlist(key) if isinstance(one, str)]
        if key == "file":
            continue
        if len(values) != len(form.getlist(key)):
            raise Refusal(400, f"{key} is no file.", "invalid_value", key)
        name = "timestamp_granularities[]" if key.startswith("timestamp_granularities") else key
        told[name] = values if name.endswith("[]") else values[0]
    try:
        return TranscriptionAsked.model_validate(told)
    except ValidationError as error:
        raise explained(error) from error


def _copied(upload: "UploadFile", folder: Path, name: str) -> Path:
    path = folder / f"recording{PurePath(name).suffix[:10]}"
    upload.file.seek(0)
    with path.open("wb") as out:
        shutil.copyfileobj(upload.file, out)
    return path


def _later(segment: Segment, by: float) -> Segment:
    words = tuple(Word(word.start + by, word.end + by, word.text) for word in segment.words)
    return replace(segment, start=segment.start + by, end=segment.end + by, words=words)


def _as(asked: TranscriptionAsked, written: Written, task: Task) -> tuple[str, str]:
    """The body and its media type."""
    match asked.response_format:
        case "text":
            return f"{written.text}\n", "text/plain"
        case "srt":
            return subtitles.srt(_cues(written.segments)), "application/x-subrip"
        case "vtt":
            return subtitles.vtt(_cues(written.segments)), "text/vtt"
        case "json":
            return json.dumps({"text": written.text}, ensure_ascii=False), "application/json"
        case "verbose_json":
            return json.dumps(_verbose(asked, written, task), ensure_ascii=False), "application/json"


def _verbose(asked: TranscriptionAsked, written: Written, task: Task) -> dict[str, object]:
    wanted = asked.timestamp_granularities or ["segment"]
    told: dict[str, object] = {
        "task": task or "transcribe",
        "language": _in_english(written.language),
        "duration": round(written.seconds, 2),
        "text": written.text,
    }
    if "segment" in wanted:
        told["segments"] = [
            {"id": number, "start": round(one.start, 2), "end": round(one.end, 2), "text": one.text}
            for number, one in enumerate(written.segments)
        ]
    if "word" in wanted:
        told["words"] = [
            {"word": word.text.strip(), "start": round(word.start, 2), "end": round(word.end, 2)}
            for segment in written.segments
            for word in segment.words
        ]
    return told


def _cues(segments: Sequence[Segment]) -> Sequence[subtitles.Cue]:
    return subtitles.cues(subtitles.TimedWords(one.start, one.end, one.text) for one in segments)


def _in_english(code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return (Locale.parse(code).get_language_name("en") or code).lower() if code else "unknown"
    except (UnknownLocaleError, ValueError):
        return code
