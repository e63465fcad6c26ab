"""Answers read aloud: a WAV file for each sentence, under addresses that nobody can guess. Knows no Gradio.

The page asks for sentence after sentence, the next one while one is played; nothing is made that nobody asked for.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.models.lazy import Lazy
from assistant.ports.speech import Speaker, SpeechAudio
from assistant.settings.settings import Settings
from assistant.speech.synthesis.sound_file import wav
from assistant.speech.synthesis.spoken_answer import SpokenAnswer
from assistant.speech.text_normalization.language_id import identify_language
from assistant.values.errors import AssistantError
from ui.owner import Visitor, is_theirs
from ui.temporary_urls import GONE
from ui.words import language_of
from ui.words.core import said

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

_FOLDER = "aloud"
_WAIT_SECONDS = 15.0  # for a sentence that is still being written, or a voice that is still loading
_KEPT_BYTES = 32_000_000  # of sound: some ten minutes
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True)
class _VoiceSettings:
    voice: str
    speed: float


class ReadAloudService:
    """speaker: the voice. settings: as they are now."""

    def __init__(self, speaker: Lazy[Speaker], settings: Callable[[], Settings]) -> None:
        self._speaker, self._settings = speaker, settings
        self._readings: dict[str, tuple[str, SpokenAnswer]] = {}
        self._sounds: OrderedDict[tuple[str, _VoiceSettings], SpeechAudio] = OrderedDict()
        self._alone = threading.Lock()

    def issue(self, owner: str, reading: SpokenAnswer) -> str:
        """A token for it, for this owner alone; `address` says where it is to be had."""
        token = secrets.token_urlsafe(24)
        with self._alone:
            self._readings[token] = owner, reading
        return token

    def revoke(self, tokens: Collection[str]) -> None:
        with self._alone:
            for token in tokens:
                if (lent := self._readings.pop(token, None)) is not None:
                    lent[1].finish()

    def address(self, token: str) -> str:
        """Relative to the page. Its sentences are at "/0" and so on, all of it is at "/all.wav"."""
        return f"{_FOLDER}/{token}"

    def begins_itself(self, spoken: bool) -> bool:
        """Whether an answer is to be read without being asked. spoken: its question was."""
        match self._settings().read_aloud:
            case "always":
                return True
            case "spoken":
                return spoken
            case _:
                return False

    def prepare(self) -> None:
        """The voice begins to load, if it has not yet."""
        self._speaker.wait(0)

    def routes(self, owner_of: Callable[[Visitor], str]) -> "list[Route]":
        """owner_of: whose a request is."""
        from starlette.routing import Route

        def of(serve: "Callable[[Request, SpokenAnswer], Response]") -> "Callable[[Request], Response]":
            def served(request: "Request") -> "Response":
                with self._alone:
                    owner, reading = self._readings.get(request.path_params["token"], ("", None))
                if reading is None or not is_theirs(owner, owner_of, request):
                    return _refusal(request, GONE, 404)
                return serve(request, reading)

            return served

        return [
            Route(f"/{_FOLDER}/{{token}}/all.wav", of(self._serve_all), methods=["GET"]),
            Route(f"/{_FOLDER}/{{token}}/{{number:int}}", of(self._serve_piece), methods=["GET"]),
        ]

    def _serve_piece(self, request: "Request", reading: SpokenAnswer) -> "Response":
        """200: sound. 204: there is no such sentence, the answer has ended. 202: not yet, with a word on why."""
        from starlette.responses import PlainTextResponse, Response

        piece = reading.piece(request.path_params["number"], _WAIT_SECONDS)
        if piece is None:
            return PlainTextResponse("", 202, headers=_HEADERS)
        if not piece:
            return Response(status_code=204, headers=_HEADERS)
        if not self._speaker.wait(_WAIT_SECONDS):
            return _refusal(request, self._speaker.describe(), 202)
        try:
            return Response(wav([self._say(piece)]), media_type="audio/wav", headers=_HEADERS)
        except AssistantError as error:
            return _refusal(request, error.message, 503)

    def _serve_all(self, request: "Request", reading: SpokenAnswer) -> "Response":
        """The whole answer as one file; an answer that is still being written as far as it is."""
        from starlette.responses import Response

        try:
            made = wav([self._say(piece) for piece in reading.pieces])
        except AssistantError as error:
            return _refusal(request, error.message, 503)
        named = {**_HEADERS, "Content-Disposition": 'attachment; filename="answer.wav"'}
        return Response(made, media_type="audio/wav", headers=named)

    def _say(self, piece: str) -> SpeechAudio:
        """Each sentence is made once for a voice and a speed, for as long as there is room. Raises AssistantError."""
        self._speaker.retry()  # what failed may have been the network
        speaker, now = self._speaker.get(), self._settings()
        chosen = {"en": now.voice_english, "zh": now.voice_chinese}.get(identify_language(piece), "auto")
        known = {voice.name for voice in speaker.voices}
        manner = _VoiceSettings(chosen if chosen in known else "", now.speaking_speed)
        with self._alone:
            if (kept := self._sounds.get((piece, manner))) is not None:
                self._sounds.move_to_end((piece, manner))
                return kept
        spoken = speaker.say(piece, manner.voice, manner.speed)
        with self._alone:
            self._sounds[piece, manner] = spoken
            while len(self._sounds) > 1 and sum(one.samples.nbytes for one in self._sounds.values()) > _KEPT_BYTES:
                self._sounds.popitem(last=False)
        return spoken


def _refusal(request: "Request", sentence: str, status: int) -> "Response":
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(said(sentence, language_of(request)), status, headers=_HEADERS)
