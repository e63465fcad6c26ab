"""RerankedLibrary: another library whose best hits are put in order by a reranker.

The order is the reranker's, the scores stay where they were: the first hit has the score that the search's
best one had. So what a score says of the search, whether anything fits at all, keeps its meaning.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.ports.embedding import Reranker
from assistant.ports.library import Library, PartialSource
from assistant.values.evidence import Document, Evidence
from assistant.values.files import FileFacts

RERANKED = 20  # of the best hits; those behind them stay behind


class RerankedLibrary:
    """Implements Library around `inner`, which it owns: closing this one closes that one."""

    def __init__(self, inner: Library, reranker: Reranker) -> None:
        self.inner = inner
        self._reranker = reranker

    def add(self, document: Document, scope: str) -> None:
        self.inner.add(document, scope)

    def extend(self, document: Document, scope: str) -> bool:
        return self.inner.extend(document, scope)

    def partial_sources(self, scope: str | Sequence[str] | None = None) -> list[PartialSource]:
        return self.inner.partial_sources(scope)

    def note_attempts(self, scope: str, source_id: str, begun: int) -> None:
        self.inner.note_attempts(scope, source_id, begun)

    def during(
        self, scope: str | Sequence[str], start: float, end: float, within: Sequence[str] = ()
    ) -> list[Evidence]:
        return self.inner.during(scope, start, end, within)

    def search(
        self, question: str, scope: str | Sequence[str], limit: int = 12, within: Sequence[str] = ()
    ) -> list[Evidence]:
        if limit < 1:
            return []
        found = self.inner.search(question, scope, max(limit, RERANKED), within)
        best = found[:RERANKED]
        if len(best) > 1:
            judged = self._reranker.rerank(question, [piece.content for piece in best])
            order = sorted(range(len(best)), key=lambda at: (-float(judged[at]), at))
            best = [replace(best[at], score=place.score) for at, place in zip(order, best, strict=True)]
        return (best + found[RERANKED:])[:limit]

    def beginning(self, scope: str | Sequence[str], within: Sequence[str] = (), limit: int = 6) -> list[Evidence]:
        return self.inner.beginning(scope, within, limit)

    def sources(self, scope: str) -> dict[str, str]:
        return self.inner.sources(scope)

    def facts(self, scope: str | Sequence[str]) -> dict[str, FileFacts]:
        return self.inner.facts(scope)

    def remove(self, scope: str, source_id: str) -> None:
        self.inner.remove(scope, source_id)

    def forget(self, scope: str) -> None:
        self.inner.forget(scope)

    def close(self) -> None:
        self.inner.close()
