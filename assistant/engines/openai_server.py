"""A server that speaks OpenAI's protocol, for the roles that are not chat: speech, embedding and voice.

Written as "openai:NAME" or "http://host/v1#NAME". The key comes from OPENAI_API_KEY for the first and
MEDLEY_API_KEY for either; it stands in no message.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from assistant.engines.remote_errors import explained, wait_seconds, worth_retrying
from assistant.values.address import Address
from assistant.values.errors import EngineError, SetupError
from assistant.values.messages import say

_ATTEMPTS = 3
_OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True)
class OpenAIServer:
    """A server that speaks OpenAI's protocol."""

    address: Address
    """Ends before the name of the endpoint."""
    model: str
    timeout_seconds: float = 60.0
    first_wait_seconds: float = 0.5
    """The pause before the second attempt. It doubles with each further one."""
    key: str = field(default="", repr=False)

    def post(self, endpoint: str, **request: Any) -> Any:
        """The parsed answer of one request, tried again where that may help.

        request: `json`, or `files` and `data`, as httpx takes them. Raises EngineError in words for the person.
        """
        return self._asked(endpoint, lambda answer: answer.json(), request)

    def fetch(self, endpoint: str, **request: Any) -> bytes:
        """The bytes of one answer; otherwise like `post`."""
        return bytes(self._asked(endpoint, lambda answer: answer.content, request))

    def _asked(self, endpoint: str, read: Callable[[Any], Any], request: dict[str, Any]) -> Any:
        import time

        import httpx

        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        for attempt in range(_ATTEMPTS):
            try:
                url = httpx.URL(self.address.whole)
                url = url.copy_with(path=f"{url.path.rstrip('/')}/{endpoint}")
                answer = httpx.post(url, headers=headers, timeout=self.timeout_seconds, **request)
                answer.raise_for_status()
                return read(answer)
            except (httpx.HTTPError, ValueError) as error:
                if attempt == _ATTEMPTS - 1 or not worth_retrying(error):
                    raise explained(error, self.name, self.timeout_seconds, *self.address.secrets, self.key) from error
                time.sleep(wait_seconds(error, attempt, self.first_wait_seconds))
        raise AssertionError("the last attempt returns or raises")

    @property
    def name(self) -> str:
        return f"{self.model} at {urlsplit(self.address.whole).hostname}"


def server(text: str, timeout_seconds: float = 60.0, environment: Mapping[str, str] = os.environ) -> OpenAIServer:
    """The server that `text` names. Raises SetupError where it names none, EngineError where a key is missing."""
    key = environment.get("MEDLEY_API_KEY", "")
    if text.startswith("openai:"):
        key = environment.get("OPENAI_API_KEY", key)
        if not key:
            raise EngineError(say("openai wants a key. Set OPENAI_API_KEY or MEDLEY_API_KEY."))
        address = Address(environment.get("OPENAI_BASE_URL", _OPENAI))
        return OpenAIServer(address, text.partition(":")[2], timeout_seconds, key=key)
    where, _, model = text.partition("#")
    if not text.startswith(("http://", "https://")) or not model:
        raise SetupError(say("“{text}” names no server. Write openai:NAME or http://host/v1#NAME.", text=Address(text)))
    return OpenAIServer(served_at(where), model, timeout_seconds, key=key)


def served_at(address: str) -> Address:
    """Where the protocol is spoken: below /v1, unless the address names a path of its own."""
    parts = urlsplit(address)
    return Address(urlunsplit(parts._replace(path=parts.path.rstrip("/") or "/v1")))
