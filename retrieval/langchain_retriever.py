"""MedleyRetriever: a library as a LangChain retriever, for chains outside this house.

    MedleyRetriever(library=library, scopes=("scope",), limit=6)

Each document's metadata: source (the file's name), source_id, medium, score, location (as `location_to_json`
writes it) and where (the same in words: "page 3").
"""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from assistant.ports.library import Library
from assistant.values.evidence import Evidence, describe, location_to_json


class MedleyRetriever(BaseRetriever):
    """A LangChain retriever over a library."""

    library: Any
    scopes: tuple[str, ...]
    """What may be searched. Nothing else ever is."""
    within: tuple[str, ...] = ()
    """Only these source_ids are searched, if any are given."""
    limit: int = 6

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain hands it over by this name
    ) -> list[Document]:
        library: Library = self.library
        found: Sequence[Evidence] = library.search(query, self.scopes, limit=self.limit, within=self.within)
        return [_document(piece) for piece in found]


def _document(piece: Evidence) -> Document:
    return Document(
        page_content=piece.content,
        metadata={
            "source": piece.source,
            "source_id": piece.source_id,
            "medium": piece.medium,
            "score": piece.score,
            "location": location_to_json(piece.location),
            "where": describe(piece.location),
        },
    )
