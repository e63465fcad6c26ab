"""What nobody sees who opens a file - a hidden sheet, an old price in it - gives way to what is seen.

It is put before the model where the request asks for it, or for something that is said nowhere else.
"""

import re
from collections.abc import Sequence

from assistant.text.hidden_marks import HIDDEN_SLIDE, OF_LINE
from assistant.text.tokens import Token, tokens
from assistant.values.evidence import Evidence, Sheet, Slide

_ASKED = re.compile(
    r"\bhid(?:e|den)\b|\bversteckt|\bausgeblendet|\bverborgen|\bcach(?:é|e)|\bmasqu(?:é|e)|\bocult|\bescondid|\bскрыт|숨"
    r"|隐藏|隱藏|非表示|隠",
    re.IGNORECASE,
)


def without_hidden(pieces: Sequence[Evidence], words: str) -> list[Evidence]:
    """words: of the request."""
    hidden_slides = {
        (one.source_id, one.location.number)
        for one in pieces
        if isinstance(one.location, Slide) and one.content.startswith(HIDDEN_SLIDE)
    }
    hidden = [_is_hidden(one, hidden_slides) for one in pieces]
    if not any(hidden) or all(hidden) or _ASKED.search(words):
        return list(pieces)
    seen = {token.text for one, is_hidden in zip(pieces, hidden, strict=True) if not is_hidden for token in _said(one)}
    asked = {token.text for token in tokens(words) if token.kind != "stop"} - seen
    return [
        one
        for one, is_hidden in zip(pieces, hidden, strict=True)
        if not is_hidden or any(token.text in asked for token in _said(one))
    ]


def _said(piece: Evidence) -> list[Token]:
    sheet = piece.location.name if isinstance(piece.location, Sheet) else ""
    return tokens(f"{sheet}\n{piece.content}")


def _is_hidden(piece: Evidence, slides: set[tuple[str, int]]) -> bool:
    """Whether most of its lines are marked as hidden; one that was cut in two has its mark in the second part."""
    if isinstance(piece.location, Slide):
        return (piece.source_id, piece.location.number) in slides
    if not isinstance(piece.location, Sheet):
        return False
    lines = piece.content.split("\n")
    return 2 * sum(line.endswith(OF_LINE) for line in lines) > len(lines)
