"""The API: which address is answered by what. `python app.py --api` serves it beside the page."""

import asyncio
import json
import time
from typing import TYPE_CHECKING, TypeVar

from assistant.media.encoded_sound import MEDIA_TYPES
from assistant.models.lazy import Lazy
from assistant.values.errors import BadInput
from ui.api import shapes
from ui.api.bodies import form_of, json_of
from ui.api.chat import ChatCompletions
from ui.api.operations import Operation, document
from ui.api.parts import HEARING, SPEAKING, ApiParts
from ui.api.refusals import Refusal
from ui.api.sound import SoundAnswers
from ui.api.vectors import Embeddings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

Value = TypeVar("Value")
_JSON, _STREAM = "application/json", "text/event-stream"
_HEARD = (
    (_JSON, (shapes.TranscriptionAnswered, shapes.VerboseTranscriptionAnswered)),
    ("text/plain", None),
    ("application/x-subrip", None),
    ("text/vtt", None),
)


class Api:
    def __init__(self, parts: ApiParts) -> None:
        self._parts, self._made = parts, int(time.time())
        self._chat, self._sound, self._embeddings = ChatCompletions(parts), SoundAnswers(parts), Embeddings(parts)
        self._document = b""

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                "POST", "/v1/chat/completions", "createChatCompletion", "Answer a conversation", self._completions,
                takes=shapes.ChatAsked, gives=((_JSON, shapes.ChatAnswered), (_STREAM, None)), works=True,
                statuses=(404,),
            ),
            Operation(
                "POST", "/v1/audio/transcriptions", "createTranscription", "Write down what is said", self._transcribe,
                takes=shapes.TranscriptionAsked, form=True, gives=_HEARD, works=True,
                statuses=(404,),
            ),
            Operation(
                "POST", "/v1/audio/translations", "createTranslation", "Write down in English what is said",
                self._translate, takes=shapes.TranscriptionAsked, form=True, gives=_HEARD, works=True,
                statuses=(404,),
            ),
            Operation(
                "POST", "/v1/audio/speech", "createSpeech", "Read words aloud", self._speak, takes=shapes.SpeechAsked,
                gives=tuple((one, None) for one in MEDIA_TYPES.values()),
                works=True,
                statuses=(404,),
            ),
            Operation(
                "POST", "/v1/embeddings", "createEmbedding", "Texts as vectors", self._embed,
                takes=shapes.EmbeddingsAsked, gives=((_JSON, shapes.EmbeddingsAnswered),), works=True,
                statuses=(404,),
            ),
            Operation(
                "GET", "/v1/models", "listModels", "What there is to ask", self._models,
                gives=((_JSON, shapes.ModelsAnswered),),
            ),
            Operation(
                "GET", "/v1/models/{model:path}", "retrieveModel", "One of them", self._model,
                gives=((_JSON, shapes.Model),), statuses=(404,),
            ),
            Operation(
                "POST", "/v1/conversations", "createConversation", "A conversation that is kept",
                self._make_conversation, takes=shapes.ConversationAsked, optional=True,
                gives=((_JSON, shapes.ConversationAnswered),),
            ),
            Operation(
                "GET", "/v1/conversations/{conversation}", "retrieveConversation", "Whether it is there",
                self._conversation, gives=((_JSON, shapes.ConversationAnswered),), statuses=(404,),
            ),
            Operation(
                "DELETE", "/v1/conversations/{conversation}", "deleteConversation", "Delete it for good",
                self._delete_conversation, gives=((_JSON, shapes.ConversationDeleted),), statuses=(404,),
            ),
            Operation(
                "GET", "/v1/openapi.json", "openapi", "This document", self._openapi, gives=((_JSON, None),), open=True
            ),
        )  # fmt: skip

    async def _completions(self, request: "Request") -> "Response":
        owner = self._owner(request)
        asked = await json_of(request, shapes.ChatAsked, self._parts.most_bytes)
        return await self._chat.answer(request, owner, asked)

    async def _transcribe(self, request: "Request") -> "Response":
        owner = self._owner(request)
        async with form_of(request, self._parts.most_bytes) as form:
            return await self._sound.transcribe(request, owner, form, "transcribe")

    async def _translate(self, request: "Request") -> "Response":
        owner = self._owner(request)
        async with form_of(request, self._parts.most_bytes) as form:
            return await self._sound.transcribe(request, owner, form, "translate")

    async def _speak(self, request: "Request") -> "Response":
        owner = self._owner(request)
        return await self._sound.speak(
            request, owner, await json_of(request, shapes.SpeechAsked, self._parts.most_bytes)
        )

    async def _embed(self, request: "Request") -> "Response":
        owner = self._owner(request)
        asked = await json_of(request, shapes.EmbeddingsAsked, self._parts.most_bytes)
        return await self._embeddings.answer(request, owner, asked)

    async def _models(self, request: "Request") -> "Response":
        self._owner(request)
        return _json(shapes.ModelsAnswered(data=self._known()))

    async def _model(self, request: "Request") -> "Response":
        self._owner(request)
        name = request.path_params["model"]
        found = next((one for one in self._known() if one.id == name), None)
        if found is None:
            raise Refusal(404, f"There is no model “{name[:200]}” here.", "model_not_found", "model")
        return _json(found)

    def _known(self) -> list[shapes.Model]:
        """Nothing is loaded for that: what is not loaded yet is told without its details."""
        parts = self._parts
        embedder, speaker = _loaded(parts.embedder), _loaded(parts.speaker)
        voices = [] if speaker is None else [{"name": one.name, "language": one.language} for one in speaker.voices]
        known = [
            shapes.Model(id=shapes.MODEL, created=self._made, medley={"for": "everything below"}),
            shapes.Model(id=HEARING, created=self._made, medley={"for": "audio/transcriptions, audio/translations"}),
            shapes.Model(id=SPEAKING, created=self._made, medley={"for": "audio/speech", "voices": voices}),
        ]
        if embedder is not None:
            told = {"for": "embeddings", "dimensions": embedder.dimensions}
            known.append(shapes.Model(id=embedder.space, created=self._made, medley=told))
        return known

    async def _make_conversation(self, request: "Request") -> "Response":
        owner = self._owner(request)
        asked = await json_of(request, shapes.ConversationAsked, self._parts.most_bytes, empty=b"{}")
        made = await asyncio.to_thread(self._parts.conversations.history.make, owner)
        return _json(
            shapes.ConversationAnswered(id=made.id, created_at=int(made.changed), metadata=asked.metadata or {})
        )

    async def _conversation(self, request: "Request") -> "Response":
        owner, wanted = self._owner(request), request.path_params["conversation"]
        try:
            found = await asyncio.to_thread(self._parts.conversations.history.get, owner, wanted)
        except BadInput as error:
            raise Refusal(404, str(error.message), "conversation_not_found", "conversation") from error
        return _json(shapes.ConversationAnswered(id=found.id, created_at=int(found.changed)))

    async def _delete_conversation(self, request: "Request") -> "Response":
        owner, wanted = self._owner(request), request.path_params["conversation"]

        def delete() -> None:
            self._parts.conversations.history.delete(owner, wanted)
            self._parts.conversations.forget(owner, [wanted])

        try:
            await asyncio.to_thread(delete)
        except BadInput as error:
            raise Refusal(404, str(error.message), "conversation_not_found", "conversation") from error
        return _json(shapes.ConversationDeleted(id=wanted))

    async def _openapi(self, _: "Request") -> "Response":
        from starlette.responses import Response

        self._document = self._document or json.dumps(document(self.operations()), ensure_ascii=False).encode()
        return Response(self._document, 200, {}, _JSON)

    def _owner(self, request: "Request") -> str:
        return self._parts.access.owner(request)


def _loaded(lazy: Lazy[Value]) -> Value | None:
    return lazy.get() if lazy.state == "ready" else None


def _json(told: shapes.Shape) -> "Response":
    from starlette.responses import Response

    return Response(told.model_dump_json(), 200, {"cache-control": "no-store"}, _JSON)
