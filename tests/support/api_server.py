"""The API over a scripted engine, fakes for ears and voice and a real library, served on a port of its own."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from starlette.responses import PlainTextResponse

from assistant.answering.assistant import Assistant
from assistant.conversations.conversations import Conversations
from assistant.conversations.fair_queue import FairQueue
from assistant.conversations.history import History
from assistant.conversations.passing import Passing
from assistant.models.lazy import Lazy
from assistant.ports.speech import Speaker
from assistant.settings.settings import Settings
from assistant.storage.api_keys import ApiKeys
from assistant.storage.originals import Originals
from assistant.values.evidence import Document
from assistant.values.limits import Limits, VisitorShares
from assistant.values.messages import as_message
from retrieval.libraries import Libraries
from retrieval.library import ChromaLibrary
from tests.support.browser_page import free_port
from tests.support.fakes import HashedWords, HeardWords, Tones, make_assistant, ready
from ui.api.access import Access
from ui.api.api import Api
from ui.api.beside import Beside, health_operations
from ui.api.metrics import Metrics
from ui.api.outside import Outside
from ui.api.parts import ApiParts
from ui.door import Door, before_everything

LIMITS = Limits(api_bytes=3_000_000, file_bytes=2_000_000, recording_bytes=2_000_000)
SHARES = VisitorShares(at_once=4, each=2, asked_each=4)


class _Noting(ChromaLibrary):
    """Remembers under which scopes something was filed."""

    def __init__(self, folder: Path, embedder: HashedWords, filed: list[str]) -> None:
        super().__init__(folder, embedder)
        self._filed = filed

    def add(self, document: Document, scope: str, *how: Any) -> None:
        self._filed.append(scope)
        super().add(document, scope, *how)


class ServedApi:
    """A server in a thread of this process. alone: it is for this machine alone."""

    def __init__(
        self,
        folder: Path,
        engine: object,
        heard: Sequence[str] = ("We meet on Tuesday.", "Bring the plans."),
        alone: bool = True,
        token: str = "",
        shares: VisitorShares = SHARES,
        logs: bool = False,
        agents: bool = False,
    ) -> None:
        settings = Settings(data=folder, cache=folder / "cache", offline=True, limits=LIMITS, api=True)
        self.originals = Originals(folder / "originals")
        embedder = HashedWords()
        self.filed: list[str] = []
        library = Lazy(as_message("Library"), lambda _: _Noting(folder / "library", embedder, self.filed))
        self.assistant: Assistant = make_assistant(
            engine, heard=heard, settings=settings, originals=self.originals, library=library
        )
        self.keys_folder, self.originals_folder = folder / "api", folder / "originals"
        self.keys, self._queue = ApiKeys(folder / "api"), FairQueue(shares)
        queue = self._queue
        self.libraries = Libraries(folder / "library", self.assistant.library.get, self.assistant.files.read)
        self.history = History(folder / "conversations", self.originals)
        self.metrics = Metrics(queue.lengths)
        self.conversations = Conversations(
            self.history,
            self.assistant,
            self.originals,
            self.libraries.scopes_of,
            queue=queue,
            observe=self.metrics.event,
        )
        self.speaker: Lazy[Speaker] = Lazy(as_message("Voice"), lambda _: Tones())
        self.passing = Passing(self.assistant, queue, folder / "api" / "passing", self.keys, observe=self.metrics.event)
        self.parts = ApiParts(
            Access(self.keys, alone),
            self.conversations,
            self.passing,
            ready("Speech model", HeardWords(*heard)),
            self.speaker,
            ready("Embedding model", embedder),
            self.libraries,
            lambda: settings,
            self.metrics.error,
        )
        outside = Outside(self.metrics, lambda: {"Library": self.assistant.library.state}, token)
        operations = (*health_operations(outside), *Api(self.parts).operations())
        mounted = None
        if agents:
            from ui.api import mcp_server

            parts = mcp_server.McpParts(
                self.passing, self.libraries, library, self.parts.transcriber, lambda: settings, self.parts.access.owner
            )
            mounted = mcp_server.mounted(parts)
        self.beside = Beside(operations, self.metrics, self.parts.told, logs, mounted)
        self.door = partial(Door, alone=alone)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def running_answers(self) -> int:
        return sum(self._queue.lengths())

    def until_idle(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.running_answers():
            assert time.monotonic() < end, "an answer goes on though nobody waits for it"
            time.sleep(0.02)

    def wait_for(self, owner: str, job: str) -> None:
        end = time.monotonic() + 20
        while (now := self.libraries.progress(owner, job)).state == "running":
            assert time.monotonic() < end, now
            time.sleep(0.02)

    def scopes(self) -> set[str]:
        """Those that anything was ever filed under."""
        return {*self.filed}

    @contextmanager
    def running(self) -> Iterator["ServedApi"]:
        app = _App()
        lifespan = before_everything(self.beside.around(self.door), self.beside.lifespan)
        app.lifespan = lifespan
        config = uvicorn.Config(app, port=self.port, log_level="warning", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            end = time.monotonic() + 20
            while not server.started:
                assert time.monotonic() < end
                time.sleep(0.01)
            yield self
        finally:
            server.should_exit = True
            thread.join(20)
            self.close()

    def close(self) -> None:
        self.parts.pool.shutdown()
        self.libraries.close()
        self.history.close()
        self.keys.close()
        self.assistant.close()


class _App:
    """Stands where the page would: says so, whatever is asked."""

    def __init__(self) -> None:
        self.middleware_stack = PlainTextResponse("the page")
        self.lifespan = None  # type: ignore[var-annotated]

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        if scope["type"] != "lifespan":
            await self.middleware_stack(scope, receive, send)
            return
        await receive()
        assert self.lifespan is not None
        async with self.lifespan(self):
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
