"""Sentence ↔ evidence. Which sentence of an answer is supported, by what, and where that stands.

The alignment is ours: numbers that a model prints are thrown away, and a citation exists only where
the words, names and numbers of a sentence are found in a piece of evidence. It is lexical: a sentence
counts as supported when most of the weight of its tokens is found in a few neighbouring sentences of
the evidence, and every number in it is found there too. Tokens that only repeat the question weigh
little, since an invented answer repeats it as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.events import Citation
from assistant.evidence import Evidence
from assistant.wording import Token, is_cjk, sentences, tokens

SUPPORTED = 0.6  # share of a sentence's weight that must be found
ECHO = 0.25  # weight of a token that the question already had, relative to a new one
WINDOW = 3  # neighbouring sentences of evidence looked at together
MOST_QUOTES = 3  # citations of one sentence
_WEIGHTS = {"number": 2.0, "name": 1.5, "word": 1.0, "cjk": 1.0}
_MADE_UP = re.compile(r"\s?(?:\[\^?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]|【\d{1,3}[^】]{0,20}】)(?!\()")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


@dataclass(frozen=True)
class Cited:
    """An answer with our numbers in it. unsupported: its sentences that nothing supports, as written.

    foreign: some of them are in another script than the evidence, so that words could not be compared.
    """

    text: str
    citations: tuple[Citation, ...]
    unsupported: tuple[str, ...]
    foreign: bool = False


@dataclass(frozen=True)
class _Window:
    """Neighbouring sentences of one piece of evidence: characters start to end of its content."""

    evidence: int
    start: int
    end: int
    found: frozenset[str]


def cite(answer: str, evidence: Sequence[Evidence], question: str = "") -> Cited:
    """`answer` with numbers of ours after each supported sentence, [1] for the first piece cited.

    The numbers run in the order of the citations; the same place keeps its number.
    """
    answer = drop_made_up_numbers(answer)
    windows = [window for at, piece in enumerate(evidence) for window in _windows(at, piece.content)]
    echo = {token.text for token in tokens(question)}
    citations: list[Citation] = []
    pieces: list[str] = []
    unsupported: list[str] = []
    foreign, last = False, 0
    for start, end in _prose(answer):
        sentence = answer[start:end]
        support = _support(sentence, windows, echo, evidence)
        pieces.append(answer[last:end])
        last = end
        if support is None:
            continue
        if not support.windows:
            unsupported.append(sentence)
            foreign = foreign or support.foreign
        numbers = [_number(citations, evidence, window) for window in support.windows]
        pieces.append("".join(f"[{number}]" for number in dict.fromkeys(numbers)))
    return Cited("".join(pieces) + answer[last:], tuple(citations), tuple(unsupported), foreign)


def drop_made_up_numbers(answer: str) -> str:
    """Without the [1], [2, 3] and 【4†…】 that models print; code is left as it is."""
    out, last = [], 0
    for code in _CODE.finditer(answer):
        out += [_MADE_UP.sub("", answer[last : code.start()]), code.group()]
        last = code.end()
    return "".join([*out, _MADE_UP.sub("", answer[last:])])


def coverage(question: str, content: str) -> float:
    """Share (0 to 1) of the question's weight that `content` holds; 1 where nothing can be compared.

    Where question and content are in different scripts only numbers and names are compared.
    """
    wanted = _comparable(tokens(question), is_cjk(content))
    if not wanted:
        return 1.0
    found = {token.text for token in tokens(content)}
    return sum(_WEIGHTS[t.kind] for t in wanted if t.text in found) / sum(_WEIGHTS[t.kind] for t in wanted)


@dataclass(frozen=True)
class _Support:
    windows: tuple[_Window, ...]
    foreign: bool


def _support(
    sentence: str, windows: Sequence[_Window], echo: set[str], evidence: Sequence[Evidence]
) -> _Support | None:
    """The windows that support a sentence together; None where it claims nothing ("Yes.", "Sure!")."""
    said = tokens(sentence)
    if not said:
        return None
    cjk = is_cjk(sentence)
    foreign = bool(evidence) and all(is_cjk(piece.content) != cjk for piece in evidence)
    if foreign:
        said = [token for token in said if token.kind == "number" or (token.kind == "name" and cjk)]
    weights = _weigh(said, echo)
    if not weights:
        return _Support((), foreign)
    chosen: list[_Window] = []
    missing = dict(weights)
    while missing and len(chosen) < MOST_QUOTES:
        best = max(windows, key=lambda window: _gain(window, missing), default=None)
        if best is None or _gain(best, missing) <= 0.1 * sum(weights.values()):
            break
        chosen.append(best)
        missing = {text: weight for text, weight in missing.items() if text not in best.found}
    share = 1 - sum(missing.values()) / sum(weights.values())
    numbers_found = not any(token.kind == "number" and token.text in missing for token in said)
    new_found = any(text not in missing for text in weights if text not in echo) or weights.keys() <= echo
    return _Support(tuple(chosen) if share >= SUPPORTED and numbers_found and new_found else (), foreign)


def _weigh(said: Sequence[Token], echo: set[str]) -> dict[str, float]:
    return {t.text: _WEIGHTS[t.kind] * (ECHO if t.text in echo else 1.0) for t in said}


def _gain(window: _Window, missing: dict[str, float]) -> float:
    """What a window adds; of two that add the same, the shorter one."""
    added = sum(weight for text, weight in missing.items() if text in window.found)
    return added - 1e-5 * (window.end - window.start) - 1e-3 * window.evidence if added else 0.0


def _windows(at: int, content: str) -> list[_Window]:
    """Every run of up to WINDOW neighbouring sentences of a piece of evidence."""
    spans = sentences(content)
    found = [frozenset(token.text for token in tokens(content[start:end])) for start, end in spans]
    return [
        _Window(at, spans[first][0], spans[last][1], frozenset().union(*found[first : last + 1]))
        for first in range(len(spans))
        for last in range(first, min(first + WINDOW, len(spans)))
    ]


def _number(citations: list[Citation], evidence: Sequence[Evidence], window: _Window) -> int:
    """The number of this place, which is added to the citations if it is new."""
    piece = evidence[window.evidence]
    quote = piece.content[window.start : window.end]
    for known in citations:
        if known.source_id == piece.source_id and (known.quote in quote or quote in known.quote):
            return known.number
    location = piece.locate(window.start, window.end)
    number = len(citations) + 1
    citations.append(Citation(number, piece.source_id, piece.source, piece.medium, location, quote, piece.content))
    return number


def _comparable(said: Sequence[Token], cjk_content: bool) -> list[Token]:
    """The tokens of a question that could stand in such a content, if it spoke of them."""
    cjk_said = any(token.kind == "cjk" for token in said)
    if cjk_said and not cjk_content:
        return [token for token in said if token.kind in ("number", "name")]
    if not cjk_said and cjk_content:
        return [token for token in said if token.kind == "number"]
    return list(said)


def _prose(answer: str) -> list[tuple[int, int]]:
    """The sentences outside code blocks; a list's or heading's marks belong to no sentence."""
    code = [match.span() for match in _CODE.finditer(answer) if match.group().startswith("```")]
    return [
        (start, end)
        for start, end in sentences(answer)
        if not any(begin < end and start < stop for begin, stop in code)
    ]
