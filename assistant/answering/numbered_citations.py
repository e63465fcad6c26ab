"""Citations of lines that stand word for word in the pieces: found where they stand, numbered as they come."""

import re
from collections.abc import Sequence

from assistant.values.events import Citation
from assistant.values.evidence import Evidence


class NumberedCitations:
    """The citations of one answer. The same place keeps its number."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []

    def cite(self, pieces: Sequence[Evidence], quote: str) -> str:
        """ "[1]" for the first piece where it stands, on lines of its own if it can; "" where it stands nowhere."""
        quote = quote.strip()
        for alone in (True, False):
            for piece in pieces:
                start = _line_start(piece.content, quote) if alone else piece.content.find(quote)
                if quote and start >= 0:
                    return self.at(piece, start, start + len(quote))
        return ""

    def at(self, piece: Evidence, start: int, end: int) -> str:
        """ "[1]" for the characters start to end of a piece, white space at their edges left out."""
        quote = piece.content[start:end]
        start += len(quote) - len(quote.lstrip())
        quote = quote.strip()
        location = piece.locate(start, start + len(quote))
        number = len(self.citations) + 1
        made = Citation(number, piece.source_id, piece.source, piece.medium, location, quote, piece.content)
        for known in self.citations:
            if (known.source_id, known.location, known.quote) == (made.source_id, made.location, made.quote):
                return f"[{known.number}]"
        self.citations.append(made)
        return f"[{number}]"

    def without_numbers(self, text: str) -> str:
        """The text as it is said while it comes; numbers that are not ours stay."""
        ours = "|".join(str(one.number) for one in self.citations)
        return re.sub(rf"\[(?:{ours})\]", "", text) if ours else text


def _line_start(content: str, line: str) -> int:
    match = re.search(rf"^[ \t]*{re.escape(line)}[ \t]*$", content, re.MULTILINE)
    return content.index(line, match.start()) if match else -1
