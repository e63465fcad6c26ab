"""Downloads of models' files, each on a thread of its own: how far they are, and ending them."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import AssistantError
from assistant.values.events import Progress
from assistant.values.messages import NOTHING, Message, say
from assistant.weights import Weights

log = logging.getLogger(__name__)

DownloadState = Literal["running", "done", "cancelled", "failed"]


@dataclass(frozen=True)
class Download:
    """The files of a model that are being fetched."""

    name: str
    state: DownloadState
    progress: Progress
    takes_over: bool = False
    """Whether the model is put to use once they are here."""
    sentence: Message = NOTHING
    """Why it failed."""


class Downloads:
    """Any thread may call any verb. What has come of a download that was ended is kept for the next time."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._known: dict[str, Download] = {}
        self._runs: dict[str, object] = {}  # name → whose download of that name counts
        self._then: dict[str, Callable[[], None]] = {}
        self._lock = threading.Lock()

    def all(self) -> list[Download]:
        """Oldest first."""
        with self._lock:
            return list(self._known.values())

    def begin(self, name: str, checkpoint: Checkpoint, then: Callable[[], None] | None = None) -> None:
        """then: done once the files are here, on the download's thread. One that runs already goes on."""
        with self._lock:
            if then is not None:
                self._then[name] = then
            known = self._known.get(name)
            if known is not None and known.state == "running":
                self._known[name] = replace(known, takes_over=name in self._then)
                return
            run = self._runs[name] = object()
            self._known[name] = Download(
                name, "running", Progress(say("fetching {model}", model=name)), name in self._then
            )
        threading.Thread(target=self._run, args=(name, checkpoint, run), name=f"fetch {name}", daemon=True).start()

    def cancel(self, name: str) -> None:
        """Nothing where it does not run."""
        with self._lock:
            known = self._known.get(name)
            if known is not None and known.state == "running":
                self._runs.pop(name)
                self._then.pop(name, None)
                self._known[name] = replace(known, state="cancelled")

    def dismiss(self, name: str) -> None:
        """Forgets one that has ended."""
        with self._lock:
            if name in self._known and self._known[name].state != "running":
                del self._known[name]

    def _run(self, name: str, checkpoint: Checkpoint, run: object) -> None:
        def on_progress(progress: Progress) -> None:
            with self._lock:
                if self._runs.get(name) is not run:
                    raise _Cancelled
                self._known[name] = replace(self._known[name], progress=progress)

        try:
            self._weights.fetch(checkpoint, on_progress)
        except _Cancelled:
            return
        except AssistantError as error:
            self._ended(name, run, "failed", error.message)
        except Exception:
            log.exception("The download of %s ended unexpectedly", name)
            self._ended(
                name,
                run,
                "failed",
                say("{name} could not be fetched for a reason that I do not know. See the log.", name=name),
            )
        else:
            then = self._ended(name, run, "done")
            if then is not None:
                then()

    def _ended(
        self, name: str, run: object, state: DownloadState, sentence: Message = NOTHING
    ) -> Callable[[], None] | None:
        """What was to be done then, unless it was cancelled meanwhile."""
        with self._lock:
            if self._runs.get(name) is not run:
                return None
            self._runs.pop(name)
            self._known[name] = replace(self._known[name], state=state, sentence=sentence)
            then = self._then.pop(name, None)
        return then if state == "done" else None


class _Cancelled(Exception):
    """Raised through a download that nobody wants any more."""
