"""The library as the core asks it: what was given is filed and found again."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.values.events import Status
from assistant.values.evidence import Document, Evidence
from assistant.values.files import FileFacts
from assistant.values.parts import Attachment

MOST_ATTEMPTS = 2  # times that the program may die over a file before that is set aside


class DocumentLoader(Protocol):
    """Reads a file into text with positions, whatever its format."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """Lower case with the dot: (".pdf", ".docx")."""
        ...

    def load(self, path: Path, name: str) -> Document:
        """Raises BadInput with a sentence that names the file."""
        ...


@dataclass(frozen=True)
class PartialSource:
    """A source that is being taken in piece by piece."""

    scope: str
    source_id: str
    name: str
    resume_state: str
    """How far it is; see `Document`."""
    begun: int = 0
    """How often it was gone on with while nothing tells how that ended: the program died over it."""


class Library(Protocol):
    """Keeps what was given and finds it again. A scope is the one whose files these are."""

    def add(self, document: Document, scope: str) -> None:
        """Files the document; the same bytes twice in a scope are kept once. Raises LibraryError.

        Of one without passages its facts are kept, where it has some: it is a source in which nothing is found.
        """
        ...

    def extend(self, document: Document, scope: str) -> bool:
        """Files more passages behind those of the source that is growing; its `resume_state` says how far it is now.

        All of it or nothing, killed at any moment. False: the source is not there any more, or is whole.
        """
        ...

    def partial_sources(self, scope: str | Sequence[str] | None = None) -> list[PartialSource]:
        """The sources of these scopes (None: of all) that are not whole yet, in the order in which they were filed."""
        ...

    def note_attempts(self, scope: str, source_id: str, begun: int) -> None:
        """Of a source that is growing, see `PartialSource`; of any other nothing is noted."""
        ...

    def during(
        self, scope: str | Sequence[str], start: float, end: float, within: Sequence[str] = ()
    ) -> list[Evidence]:
        """The pieces of recordings and films that touch these seconds, source by source, in their order; score 0."""
        ...

    def search(
        self, question: str, scope: str | Sequence[str], limit: int = 12, within: Sequence[str] = ()
    ) -> list[Evidence]:
        """The best pieces of these scopes, best first, scores 0 to 1. within: only these source_ids."""
        ...

    def beginning(self, scope: str | Sequence[str], within: Sequence[str] = (), limit: int = 6) -> list[Evidence]:
        """The first pieces of each source, taking turns, in the order in which they were filed; score 0."""
        ...

    def sources(self, scope: str) -> dict[str, str]:
        """source_id → name of everything in the scope."""
        ...

    def facts(self, scope: str | Sequence[str]) -> dict[str, FileFacts]:
        """source_id → what is known of each source of these scopes, in the order in which they were filed."""
        ...

    def remove(self, scope: str, source_id: str) -> None:
        """Removes one source from this scope. One that is not there is fine."""
        ...

    def forget(self, scope: str) -> None:
        """Removes everything of this scope. An unknown scope is fine."""
        ...

    def close(self) -> None:
        """Lets go of the folder it owns. Nothing else may be called afterwards."""
        ...


LoadDocument = Callable[[Attachment], Generator[Status, None, Document]]
