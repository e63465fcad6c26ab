"""A language model somewhere else: any provider that LangChain knows, or any server with the OpenAI protocol.

As a person writes it: "openai:gpt-5.2", "anthropic:claude-…" (provider:model), "http://host:8000/v1#model"
for a server, "http://host:8000/v1#model+images" for one whose model sees pictures. Without "#model"
the server is asked for its first one. A provider's models are taken to see pictures, a server's not.
"""

import base64
import io
import math
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from assistant.engines.openai_server import served_at
from assistant.engines.pieces import Thoughts
from assistant.engines.remote_errors import explained, status_of, wait_seconds, worth_retrying
from assistant.engines.streaming import Put, Stopped, read_from_thread
from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Generation, Likelihoods, Sent
from assistant.values.address import Address
from assistant.values.errors import AssistantError, BadInput, EngineError
from assistant.values.messages import say
from assistant.values.parts import ChatMessage, Image, Text

_ATTEMPTS = 4
_KEPT_MODELS = 16  # of LangChain, one for each way of generating
_LONGEST_SIDE = 1568  # pixels; providers shrink larger pictures themselves
_PIXELS_PER_TOKEN, _LEAST_TOKENS = 750, 85  # of a picture, at most providers
_KEY_NAMES = {"google_genai": "GOOGLE_API_KEY", "mistralai": "MISTRAL_API_KEY", "huggingface": "HF_TOKEN"}
_IMAGE_TOKENS = 3_400  # a square picture of the longest side
_PROVIDER_CONTEXT, _SERVER_CONTEXT = 128_000, 8_192  # tokens, where nobody tells us


class RemoteEngine:
    """Implements Engine. model: "provider:model", or with base_url what that server calls it.

    first_wait_seconds: before the second attempt; it doubles each time.
    """

    def __init__(
        self,
        profile: ModelProfile,
        model: str,
        base_url: Address | None,
        api_key: str | None,
        timeout_seconds: float,
        first_wait_seconds: float = 0.5,
    ) -> None:
        self._profile = profile
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._timeout_seconds = timeout_seconds
        self._first_wait_seconds = first_wait_seconds
        self._made: dict[Generation, Any] = {}

    @classmethod
    def connect(
        cls, text: str, timeout_seconds: float = 60.0, environment: Mapping[str, str] = os.environ
    ) -> "RemoteEngine":
        """The engine that `text` names (see above). Keys come from the provider's usual variable or from
        MEDLEY_API_KEY; a server gets the latter only. Raises EngineError with what is missing.
        """
        key = environment.get("MEDLEY_API_KEY")
        if not text.startswith(("http://", "https://")):
            provider = text.partition(":")[0]
            key = environment.get(_key_name(provider)) or key
            engine = cls(_profile(str(Address(text)), _PROVIDER_CONTEXT, True), text, None, key, timeout_seconds)
        else:
            address, _, model = text.partition("#")
            sees = model.endswith("+images")
            model = model.removesuffix("+images")
            base_url = served_at(address)
            context = _SERVER_CONTEXT
            if not model:
                model, context = _first_model(base_url, key, timeout_seconds)
            profile = _profile(f"{model} at {base_url}", context, sees)
            engine = cls(profile, model, base_url, key, timeout_seconds)
        engine._chat(Generation())  # a missing package or key is told now, not at the first question
        return engine

    @property
    def profile(self) -> ModelProfile:
        return self._profile

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """An estimate, on the high side: a token for each wide character (Chinese, Japanese, Korean), one
        for three others, a few for each message, and for a picture what its pixels cost at most providers.
        """
        total = 3
        for message in messages:
            wide = sum(character >= "\u2e80" for character in message.text)
            total += 4 + wide + -(-(len(message.text) - wide) // 3)
        return total + sum(picture.tokens for picture in self.sent(messages))

    def sent(self, messages: Sequence[ChatMessage]) -> tuple[Sent, ...]:
        """An estimate of the tokens. Where a picture may take fewer than it would, it is sent smaller."""
        return tuple(_sent(image) for message in messages for image in message.images)

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        """As Engine says. Tried again only while nothing has been written yet."""
        del conversation  # a provider keeps prefixes by itself
        if any(message.images for message in messages) and not self._profile.sees_images:
            raise BadInput(
                say(
                    "{model} is not known to see pictures. If it does, add +images to its name.",
                    model=self._profile.name,
                )
            )
        theirs = [_to_langchain(message) for message in messages]

        def work(put: Put, stopped: Stopped) -> None:
            for attempt in range(_ATTEMPTS):
                wrote = _WatchedStream(put)
                try:
                    self._stream(theirs, options, wrote, stopped)
                    return
                except AssistantError:
                    raise
                except Exception as error:
                    if stopped():
                        return
                    if wrote.anything and status_of(error) is None:
                        raise EngineError(
                            say("{model} broke off in the middle of its answer.", model=self._profile.name)
                        ) from error
                    if wrote.anything or attempt == _ATTEMPTS - 1 or not worth_retrying(error):
                        raise self._explained(error) from error
                    _wait(wait_seconds(error, attempt, self._first_wait_seconds), stopped)

        return read_from_thread(work, stop, join=False)

    def likelihood(
        self, messages: Sequence[ChatMessage], beginnings: Sequence[str], stop: threading.Event, conversation: str = ""
    ) -> Likelihoods | None:
        """None: few servers tell how likely words are that they did not choose."""
        del messages, beginnings, stop, conversation
        return None

    def _stream(self, messages: list[Any], options: Generation, put: Put, stopped: Stopped) -> None:
        """One request. Nothing is reported to LangSmith, whatever the environment says."""
        from langsmith import tracing_context

        thoughts = Thoughts()
        with tracing_context(enabled=False), closing(self._chat(options).stream(messages)) as chunks:
            for chunk in chunks:
                if stopped():
                    return
                if text := thoughts.filter(str(chunk.text)):
                    put(text)
        if text := thoughts.rest():
            put(text)

    def _chat(self, options: Generation) -> Any:
        """LangChain's model, made once for these options: making one takes longer than asking a quick server."""
        if (known := self._made.get(options)) is None:
            while len(self._made) >= _KEPT_MODELS:
                self._made.pop(next(iter(self._made)), None)
            known = self._made[options] = self._new_chat(options)
        return known

    def _new_chat(self, options: Generation) -> Any:
        """Retries are ours: theirs would not stop when we do."""
        from langchain.chat_models import init_chat_model

        settings: dict[str, Any] = {"timeout": self._timeout_seconds, "max_retries": 0}
        settings["temperature"] = options.temperature
        if options.top_p < 1:
            settings["top_p"] = options.top_p
        if self._base_url is None:
            settings["max_tokens"] = options.max_tokens
            if self._api_key:
                settings["api_key"] = self._api_key
        else:
            # every server knows this name of the limit, not every one the newer that LangChain sends
            settings["extra_body"] = {"max_tokens": options.max_tokens}
            parts = urlsplit(self._base_url.whole)
            settings.update(model_provider="openai", base_url=urlunsplit(parts._replace(query="")))
            settings.update(default_query=dict(parse_qsl(parts.query)) or None, api_key=self._api_key or "none")
        try:
            return init_chat_model(self._model, **settings)
        except ImportError as error:
            package = (error.name or "").split(".")[0].replace("_", "-") or "its LangChain package"
            raise EngineError(
                say(
                    "{model} needs a package: pip install {package}.",
                    model=self._profile.name,
                    package=_named(error, package),
                )
            ) from error
        except Exception as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> EngineError:
        provider = self._model.partition(":")[0]
        if "api_key" in str(error).lower() or "credentials" in str(error).lower():
            return EngineError(
                say(
                    "{model} wants a key: set {variable} or MEDLEY_API_KEY.",
                    model=self._profile.name,
                    variable=_key_name(provider),
                )
            )
        if "provider" in str(error).lower():
            return EngineError(
                say(
                    "I know no provider called “{provider}”. Write provider:model, as in openai:gpt-5.2.",
                    provider=provider,
                )
            )
        return self._explained(error)

    def _explained(self, error: Exception) -> EngineError:
        secrets = self._base_url.secrets if self._base_url is not None else ()
        return explained(error, self._profile.name, self._timeout_seconds, *secrets, self._api_key or "")


class _WatchedStream:
    """Remembers whether anything was put."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self.anything = False

    def __call__(self, text: str) -> None:
        self.anything = True
        self._put(text)


def _to_langchain(message: ChatMessage) -> Any:
    from langchain.messages import AIMessage, HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    if not message.images:
        return kinds[message.role](message.text)  # a plain string: some servers take nothing else
    return kinds[message.role]([_block(part) for part in message.parts])


def _block(part: Text | Image) -> dict[str, str]:
    """A standard content block of LangChain, which it translates for each provider."""
    match part:
        case Text(text):
            return {"type": "text", "text": text}
        case Image(path, name):
            from assistant.media import open_picture

            picture = open_picture(path, name=name)
            longest = max(_longest_side(part), 1)
            picture.thumbnail((longest, longest))
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=90)
            return {"type": "image", "base64": base64.b64encode(jpeg.getvalue()).decode(), "mime_type": "image/jpeg"}


def _sent(image: Image) -> Sent:
    shrink = min(1.0, _longest_side(image) / max(image.width, image.height, 1))
    width, height = round(image.width * shrink), round(image.height * shrink)
    return Sent(width, height, int(width * height / _PIXELS_PER_TOKEN) + _LEAST_TOKENS)


def _longest_side(image: Image) -> int:
    """In pixels, so that it costs no more than it may."""
    if not image.tokens:
        return _LONGEST_SIDE
    pixels = max(image.tokens - _LEAST_TOKENS, 1) * _PIXELS_PER_TOKEN
    longest, shortest = max(image.width, image.height, 1), max(min(image.width, image.height), 1)
    return min(_LONGEST_SIDE, int(math.sqrt(pixels * longest / shortest)))


def _first_model(base_url: Address, key: str | None, timeout_seconds: float) -> tuple[str, int]:
    """The first model that the server offers, and its context where it tells (vLLM does)."""
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        url = httpx.URL(base_url.whole)
        url = url.copy_with(path=f"{url.path}/models")
        answer = httpx.get(url, headers=headers, timeout=timeout_seconds).raise_for_status()
        first = answer.json()["data"][0]
        return str(first["id"]), int(first.get("max_model_len") or _SERVER_CONTEXT)
    except httpx.TransportError as error:
        raise explained(error, str(base_url), timeout_seconds, *base_url.secrets, key or "") from error
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        if status_of(error) in (401, 403):
            raise explained(error, str(base_url), timeout_seconds, *base_url.secrets, key or "") from error
        raise EngineError(
            say(
                "The server at {host} does not say which models it has. Name one after #: {host}#model.",
                host=base_url,
            )
        ) from error


def _profile(name: str, context_tokens: int, sees_images: bool) -> ModelProfile:
    return ModelProfile(
        name,
        "chat",
        "remote",
        licence="the provider's terms",
        languages="see the model's own card",
        memory_bytes=0,
        context_tokens=context_tokens,
        evidence_tokens=min(8_000, context_tokens // 2),
        sees_images=sees_images,
        image_tokens=_IMAGE_TOKENS if sees_images else 0,
    )


def _key_name(provider: str) -> str:
    return _KEY_NAMES.get(provider, f"{provider.upper()}_API_KEY")


def _named(error: ImportError, package: str) -> str:
    """LangChain says it in words: "… requires the langchain-anthropic package. Please …"."""
    words = str(error).partition("requires the ")[2].split()
    return words[0] if words else package


def _wait(seconds: float, stopped: Stopped) -> None:
    end = time.monotonic() + seconds
    while not stopped() and time.monotonic() < end:
        time.sleep(min(0.05, seconds))
