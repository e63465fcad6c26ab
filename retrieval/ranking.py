"""Two rankings into one: what means the same, and what says the same words, weighed half and half.

Each side is scaled from 0, which is what an unrelated text gets, to 1 for its best hit, as min-max does
(measured: better than reciprocal ranks). But a best hit that is poor by itself gets less than 1: on
questions about something else entirely the best score stays low, and few answerable ones fall so low.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from retrieval.calibration import Scale

Scores = Mapping[str, float]
KEYWORD_SURE = 0.3  # of the question's weight found in one text: about all its words, once each


def fuse(dense: Scores, keyword: Scores, scale: Scale) -> dict[str, float]:
    """Scores in 0..1 for every id of either side; an id missing on a side has nothing there.

    dense: cosines. keyword: as KeywordIndex gives them. Comparable within one search; as a sign that
    anything fits at all, only roughly between searches of one library.
    """
    meant, said = _scaled(dense, scale.zero, scale.sure), _scaled(keyword, 0.0, KEYWORD_SURE)
    return {
        piece: scale.share * meant.get(piece, 0.0) + (1 - scale.share) * said.get(piece, 0.0)
        for piece in {**dense, **keyword}
    }


def _scaled(scores: Scores, zero: float, sure: float) -> dict[str, float]:
    """From `zero` to the best one, or to `sure` if none comes up to it, as 0 to 1.

    One score alone, or equal ones, are judged like any other: by how far they are above zero.
    """
    span = max(sure, *scores.values(), zero + 1e-6) - zero if scores else 1.0
    return {piece: max(0.0, (score - zero) / span) for piece, score in scores.items()}


def ranked(scores: Scores) -> list[tuple[str, float]]:
    """Best first, without the zeros; equal ones in order of their ids, so that a search is repeatable."""
    return sorted(((piece, score) for piece, score in scores.items() if score > 0), key=lambda hit: (-hit[1], hit[0]))


def first_of_each(texts: Iterable[str]) -> list[int]:
    """Positions of the texts that say something no earlier one says, but for case, width and punctuation."""
    seen: set[str] = set()
    kept = []
    for position, text in enumerate(texts):
        plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold()) or text
        if plain not in seen:
            seen.add(plain)
            kept.append(position)
    return kept
