"""/v1/chat/completions: a program's messages answered as a person's are, with the evidence in the field `medley`."""

import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from assistant.settings.settings import Settings
from assistant.values.answer_json import printed
from assistant.values.events import Answer, Delta, Done, Event, Failed, Status
from ui.api.contents import LaidFiles, passing_turn, single_turn
from ui.api.parts import ApiParts
from ui.api.refusals import Refusal, refusal_of_failed
from ui.api.shapes import MODEL, ChatAsked
from ui.api.streams import EventStream, Followed, while_wanted

if TYPE_CHECKING:
    import threading

    from starlette.requests import Request
    from starlette.responses import Response


class ChatCompletions:
    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    async def answer(self, request: "Request", owner: str, asked: ChatAsked) -> "Response":
        """Raises Refusal where nothing was answered yet."""
        self._parts.check_model(asked.model)
        if asked.medley.conversation is not None:
            _check_kept(asked)
        events = Followed(self._parts.pool, lambda stop: self._events(owner, asked, stop))
        made = _Completion(asked)
        if not asked.stream:
            return await while_wanted(request, self._whole(events, made))
        iterator = events.__aiter__()
        try:
            first = await while_wanted(request, _first_word(iterator))
        except BaseException:
            events.stop()
            raise
        return cast("Response", EventStream(self._streamed(first, iterator, made)))

    def _events(self, owner: str, asked: ChatAsked, stop: "threading.Event") -> Iterator[Event]:
        """On a thread: everything that reads files, waits or computes."""
        parts, medley = self._parts, asked.medley
        with ExitStack() as lent:
            laid = LaidFiles(lambda: lent.enter_context(parts.passing.lent_folder()), medley.password)
            if medley.conversation is not None:
                turn = single_turn(asked.messages, laid)
                yield from parts.kept(owner, medley.conversation, turn, medley.libraries, stop)
                return
            passing = replace(
                passing_turn(asked.messages, laid),
                libraries=parts.scopes_by_name(owner, medley.libraries),
                settings=_settings(asked),
            )
            with closing(parts.passing.answer(owner, passing, stop)) as events:
                yield from events

    async def _whole(self, events: Followed[Event], made: "_Completion") -> "Response":
        from starlette.responses import Response

        ended: Done | Failed | None = None
        async for event in events:  # to the end: then nothing is kept of it any more
            if isinstance(event, Done | Failed):
                ended = event
        match ended:
            case Done(answer):
                return Response(made.whole(answer), 200, {"cache-control": "no-store"}, "application/json")
            case Failed():
                raise refusal_of_failed(ended)
            case None:
                raise Refusal(503, "The answer was stopped.", "stopped")

    async def _streamed(
        self, first: Sequence[Event], rest: AsyncIterator[Event], made: "_Completion"
    ) -> AsyncIterator[str]:
        yield made.chunk({"role": "assistant", "content": ""})
        try:
            for event in first:
                for chunk in made.of(event):
                    yield chunk
            async for event in rest:
                for chunk in made.of(event):
                    yield chunk
        except Exception as error:  # noqa: BLE001 - the status is sent already: told in the stream, as OpenAI's API does
            yield json.dumps(self._parts.told(error).to_json(), ensure_ascii=False)
        yield "[DONE]"


class _Completion:
    """One answer as OpenAI's API writes it."""

    def __init__(self, asked: ChatAsked) -> None:
        self._asked, self._most = asked, asked.max_completion_tokens or asked.max_tokens or 0
        self._head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": MODEL}
        self._live = asked.medley.draft or not (
            _has_files(asked) or asked.medley.libraries or asked.medley.conversation
        )
        self._said = ""

    def whole(self, answer: Answer) -> str:
        told = {
            **self._head,
            "object": "chat.completion",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": answer.text, "refusal": None},
                    "logprobs": None,
                    "finish_reason": self._reason(answer),
                }
            ],
            "usage": _usage(answer),
            "medley": self._medley(answer),
        }
        return json.dumps(told, ensure_ascii=False)

    def of(self, event: Event) -> Iterator[str]:
        """The chunks that tell this event."""
        match event:
            case Delta(text):
                if self._live and text:
                    self._said += text
                    yield self.chunk({"content": text})
            case Status(step, text):
                if text and not self._said:
                    yield self.chunk({}, medley={"status": {"step": step, "text": str(text)}})
            case Done(answer):
                if rest := self._rest(answer.text):
                    yield self.chunk({"content": rest})
                yield self.chunk({}, finish=self._reason(answer), medley=self._medley(answer))
                if self._asked.stream_options is not None and self._asked.stream_options.include_usage:
                    yield self._json(choices=[], usage=_usage(answer))
            case Failed():
                yield json.dumps(refusal_of_failed(event).to_json(), ensure_ascii=False)

    def chunk(self, delta: dict[str, object], finish: str | None = None, **more: object) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._json(choices=[choice], **more)

    def _json(self, **more: object) -> str:
        return json.dumps({**self._head, "object": "chat.completion.chunk", **more}, ensure_ascii=False)

    def _rest(self, text: str) -> str:
        """What is still to be sent, so that whoever joins the pieces has the answer. Words that were taken back stay,
        as they do in a terminal, and the answer follows; a draft is the caller's own wish."""
        said = self._said.strip()
        if text.startswith(said):
            return text[len(self._said.lstrip()) :] if text.startswith(self._said.lstrip()) else text[len(said) :]
        return "" if self._asked.medley.draft else f"\n\n{text}"

    def _reason(self, answer: Answer) -> str:
        cut = self._most and answer.received.answer_tokens >= self._most - 1
        return "length" if cut else "stop"

    def _medley(self, answer: Answer) -> dict[str, Any]:
        return {**printed(answer), "conversation": self._asked.medley.conversation}


async def _first_word(events: AsyncIterator[Event]) -> Sequence[Event]:
    """Until it is known that there will be an answer: what goes wrong before has a status of its own."""
    came: list[Event] = []
    async for event in events:
        came.append(event)
        match event:
            case Failed():
                raise refusal_of_failed(event)
            case Status(step, text) if not text or step != "answering":
                continue  # a file may still turn out to be no such thing
            case _:
                return came
    return came


def _usage(answer: Answer) -> dict[str, int]:
    read, written = answer.received.prompt_tokens, answer.received.answer_tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _settings(asked: ChatAsked) -> Callable[[Settings], Settings]:
    def changed(now: Settings) -> Settings:
        most = asked.max_completion_tokens or asked.max_tokens or now.answer_tokens
        temperature = now.temperature if asked.temperature is None else asked.temperature
        return replace(now, answer_tokens=min(most, now.answer_tokens), temperature=temperature)

    return changed


def _check_kept(asked: ChatAsked) -> None:
    for name in ("temperature", "max_tokens", "max_completion_tokens"):
        if getattr(asked, name) is not None:
            raise Refusal(400, f"In a kept conversation {name} is that of the settings.", "unsupported_parameter", name)


def _has_files(asked: ChatAsked) -> bool:
    return any(
        part.type in ("image_url", "input_audio", "file")
        for message in asked.messages
        if isinstance(message.content, list)
        for part in message.content
    )
