"""Nearest: which sentences and rows of the evidence come nearest to a request, by their words and by their meaning.

Few, short, exact passages help a small model more than many; and where the answer is in none of them, the nearest is
what a person is shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.citing.alignment import Window, windows
from assistant.citing.citations import coverage
from assistant.ports.embedding import Vectors
from assistant.values.events import Citation
from assistant.values.evidence import Evidence

MOST_SENTENCES = 200  # of the evidence that are weighed
LONGEST = 400  # characters of one that is
HINTS = 4  # sentences that a small model is pointed to
MEANING = 0.6  # weight of the meaning against the shared words, where it can be told
Likeness = Callable[[str, Sequence[str]], Vectors]


@dataclass(frozen=True)
class Near:
    """A sentence or row of a piece of evidence."""

    piece: Evidence
    window: Window
    score: float
    """0 to 1."""
    meant: float = 0.0
    """The part of its meaning in the score, a cosine."""

    @property
    def text(self) -> str:
        return " ".join(self.window.text.split())

    def citation(self, number: int = 1) -> Citation:
        piece, start, end = self.piece, self.window.start, self.window.end
        place, quote = piece.locate(start, end), piece.content[start:end]
        return Citation(number, piece.source_id, piece.source, piece.medium, place, quote, piece.content)


def hints(words: str, evidence: Sequence[Evidence], likeness: Likeness | None, most: int = HINTS) -> tuple[str, ...]:
    """The sentences and rows that come nearest, where there are many: a small model overlooks them."""
    sentences = sum(piece.content.count("\n") + piece.content.count(". ") + 1 for piece in evidence)
    return tuple(one.text for one in nearest(words, evidence, likeness, most)) if sentences > most + 1 else ()


def nearest(words: str, evidence: Sequence[Evidence], likeness: Likeness | None, most: int) -> list[Near]:
    """The best first. likeness: cosines of the request with texts, in any language; None: words alone are compared."""
    found = [
        (piece, window)
        for at, piece in enumerate(evidence)
        for window in windows(at, piece.content)
        if _is_single(window) and len(window.text) <= LONGEST
    ][:MOST_SENTENCES]
    if not found:
        return []
    shared = [coverage(words, window.text, otherwise=0.0) for _, window in found]
    meant = [0.0] * len(found)
    if likeness is not None:
        meant = [max(0.0, float(cosine)) for cosine in likeness(words, [window.text for _, window in found])]
    weight = MEANING if likeness is not None else 0.0
    scored = [
        Near(piece, window, weight * mean + (1 - weight) * share, mean)
        for (piece, window), mean, share in zip(found, meant, shared, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)[:most]


def _is_single(window: Window) -> bool:
    return "\n" not in window.text.strip() and window.statements == 1
