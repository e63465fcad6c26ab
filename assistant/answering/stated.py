"""Years, dates, amounts of money, e-mail addresses and links that stand in the material: all of them, each where it
stands. No model is needed to find them, and none overlooks one."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.answering.numbered_citations import NumberedCitations
from assistant.citing.citations import Cited
from assistant.text.dates import dates_in
from assistant.text.quantities import quantities_in
from assistant.text.tokens import sentences
from assistant.values.evidence import Evidence

MOST = 200  # things listed
LONGEST = 20_000  # characters of a piece that are looked through
_YEAR = re.compile(r"(?<![\d.,/-])(?:1[0-9]|20)\d\d(?![\d/-]|[.,]\d)")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”（）()]{3,300}")
Found = Iterator[tuple[int, int, str]]  # where each stands in a text, and by what two of them are the same


def _years(text: str) -> Found:
    """In four digits, by themselves or in a date; amounts of money are none."""
    dated = {one.day.year for one in dates_in(text, 0) if one.year_said}
    amounts = [range(one.start, one.end) for one in quantities_in(text) if one.is_money]
    for match in _YEAR.finditer(text):
        if int(match.group()) in dated or not any(match.start() in amount for amount in amounts):
            yield *match.span(), match.group()
    for match in re.finditer(r"(?<!\d)(?:19|20)\d\d(?=[-/.年]\d)", text):
        yield *match.span(), match.group()


def _dates(text: str) -> Found:
    for one in dates_in(text, 2000):  # the year of those that say none is not told
        said = text[one.start : one.end].rstrip(" .,")
        yield one.start, one.start + len(said), said.casefold()


def _amounts(text: str) -> Found:
    for one in quantities_in(text):
        if one.is_money:
            yield one.start, one.end, f"{one.value} {one.unit}"


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Found]:
    def found(text: str) -> Found:
        for match in pattern.finditer(text):
            said = match.group().rstrip(".,;:!?")
            yield match.start(), match.start() + len(said), said.casefold()

    return found


_SORTS: Mapping[str, Callable[[str], Found]] = {
    "years": _years,
    "dates": _dates,
    "amounts": _amounts,
    "addresses": _matches(_ADDRESS),
    "links": _matches(_LINK),
}


def listed(sort: str, evidence: Sequence[Evidence]) -> tuple[Cited | None, int]:
    """Each once, in the order in which they stand, and how many more there are than are listed. sort: a facet of
    `list`; None for any other, and where none is."""
    if sort not in _SORTS:
        return None, 0
    lines, out = NumberedCitations(), []
    seen: set[str] = set()
    for piece in evidence:
        text = piece.content[:LONGEST]
        spans = sentences(text)
        for start, end, same in sorted(_SORTS[sort](text)):
            if same in seen:
                continue
            seen.add(same)
            if len(seen) > MOST:
                continue
            first, last = next(((a, b) for a, b in spans if a <= start < b), (start, end))
            out.append(f"- {text[start:end].strip()}{lines.at(piece, first, max(last, end))}")
    more = max(0, len(seen) - MOST)
    return (Cited("\n".join(out), tuple(lines.citations), ()) if out else None), more
