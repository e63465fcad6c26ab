"""Sentence ↔ evidence. Which sentence of an answer is supported, by what, and where that stands.

The alignment is ours: numbers that a model prints are thrown away, and a citation exists only where a few
neighbouring sentences of the evidence say what a sentence says. Three stages, from the surest to the boldest:
the sentence stands there word for word; most of the weight of its words is found there, and every number and
new name; or, where an embedder is given, some of it is and it means nearly the same. No stage takes what the
evidence contradicts. Tokens that only repeat the question weigh little, since an invented answer repeats it as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.citing.alignment import (
    Window,
    asks,
    contradicts,
    crosses_rows,
    dated_otherwise,
    likenesses,
    names_no_row,
    negations,
    tells_of_question,
    verbatim,
    windows,
)
from assistant.citing.similarity import Likeness
from assistant.ports.embedding import Embedder
from assistant.text.picture_references import named_in
from assistant.text.tokens import Token, is_cjk, sentences, tokens
from assistant.values.events import Citation
from assistant.values.evidence import Evidence

Stage = Literal["exact", "fuzzy", "meaning"]

SUPPORTED = 0.6  # share of a sentence's weight that must be found, where it takes up the question's words
ALONE = 0.8  # the same for a sentence by itself, within one sentence of the evidence
LEAST = 0.3  # share without which no meaning is near enough
LIKE = 0.93  # likeness that supports what shares so little
ECHO = 0.25  # weight of a token that the question already had, relative to a new one
MOST_COUNTED = 12  # what a question counts without the evidence saying the number
CANDIDATES = 6  # windows looked at closely
MOST_QUOTES = 3  # citations of one sentence
_WEIGHTS = {"number": 2.0, "name": 1.5, "word": 1.0, "cjk": 1.0}
_MADE_UP = re.compile(r"\s?(?:\[\^?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]|【\d{1,3}[^】]{0,20}】)(?!\()")
_MARKER = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+")  # of an item of a list
_NO_NUMBERS: Mapping[str, int] = {}
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_PART = re.compile(r"[,;:，；：、]\s*(?:and\s+|but\s+|while\s+)?|(?<!\s)\s++(?:and|but|while)\s+")
_CLAUSE = re.compile(r"[,;:，；：“”\"()（）—]")


@dataclass(frozen=True)
class Cited:
    """An answer with our numbers in it."""

    text: str
    citations: tuple[Citation, ...]
    unsupported: tuple[str, ...]
    """Its sentences that nothing supports, as they were written."""
    foreign: bool = False
    """Whether some of these are in another script than the evidence, so that words could not be compared."""
    stages: tuple[Stage, ...] = ()
    """How each supported sentence was found to be supported, in order."""


def cite(
    answer: str,
    evidence: Sequence[Evidence],
    question: str = "",
    embedder: Embedder | None = None,
    numbers: Mapping[str, int] = _NO_NUMBERS,
) -> Cited:
    """`answer` with numbers of ours after each supported sentence, [1] for the first piece cited.

    The numbers run in the order of the citations; the same place keeps its number. embedder: None leaves out
    the last stage. numbers: source_id → by which number the person calls a picture; what is said of picture 2 is
    looked for there and nowhere else.
    """
    answer = drop_made_up_numbers(answer)
    aligner = _Aligner(evidence, question, embedder, numbers)
    citations: list[Citation] = []
    pieces: list[str] = []
    unsupported: list[str] = []
    stages: list[Stage] = []
    foreign, last = False, 0
    for start, end in _prose(answer):
        sentence = answer[start:end]
        support = aligner.support(sentence)
        pieces.append(answer[last:end])
        last = end
        if support is None:
            continue
        if support.stage is None:
            unsupported.append(sentence)
            foreign = foreign or support.foreign
            continue
        stages.append(support.stage)
        cited = [_number(citations, evidence, window) for window in support.windows]
        pieces.append("".join(f"[{number}]" for number in dict.fromkeys(cited)))
    text = "".join(pieces) + answer[last:]
    return Cited(text, tuple(citations), tuple(unsupported), foreign, tuple(stages))


def drop_made_up_numbers(answer: str) -> str:
    """Without the [1], [2, 3] and 【4†…】 that models print; code is left as it is."""
    out, last = [], 0
    for code in _CODE.finditer(answer):
        out += [_MADE_UP.sub("", answer[last : code.start()]), code.group()]
        last = code.end()
    return "".join([*out, _MADE_UP.sub("", answer[last:])])


def coverage(question: str, content: str, otherwise: float = 1.0) -> float:
    """Share (0 to 1) of the question's weight that `content` holds; `otherwise` where nothing can be compared.

    Where question and content are in different scripts only numbers and names are compared.
    """
    wanted = _comparable(tokens(question), is_cjk(content))
    if not wanted:
        return otherwise
    found = {token.text for token in tokens(content)}
    return sum(_WEIGHTS[t.kind] for t in wanted if t.text in found) / sum(_WEIGHTS[t.kind] for t in wanted)


@dataclass(frozen=True)
class _Support:
    """stage None: nothing supports it."""

    windows: tuple[Window, ...] = ()
    stage: Stage | None = None
    foreign: bool = False


@dataclass(frozen=True)
class _WindowFit:
    """share: of the sentence's weight that the window holds, 0 to 1."""

    window: Window
    share: float


class _Aligner:
    """The evidence of one answer, cut into windows once."""

    def __init__(
        self, evidence: Sequence[Evidence], question: str, embedder: Embedder | None, numbers: Mapping[str, int]
    ) -> None:
        self.evidence = evidence
        self.numbers = [numbers.get(piece.source_id, 0) for piece in evidence]
        self.windows = [window for at, piece in enumerate(evidence) for window in windows(at, piece.content)]
        self.echo = {token.text for token in tokens(question)}
        self.likeness = Likeness.of_embedder(embedder) if embedder is not None else None

    def support(self, sentence: str) -> _Support | None:
        """None where it claims nothing ("Yes.", "Sure!")."""
        whole = _MARKER.sub("", sentence)
        sentence, spoken_of = self._addressed(whole)
        said = claims(sentence)
        if not said:
            return None
        cjk = is_cjk(sentence)
        foreign = bool(self.evidence) and all(is_cjk(piece.content) != cjk for piece in self.evidence)
        if foreign:
            said = [token for token in said if token.kind == "number" or (token.kind == "name" and cjk)]
            said = [token for token in said if token.text != "0"] or said  # "9:00" is 9点
        if not said:
            return _Support(foreign=foreign)
        if (place := self._exact(sentence, said, spoken_of)) is not None:
            return _Support((place,), "exact")
        fits, contradicted = self._fits(sentence, said, foreign, spoken_of)
        if (place := self._sure(said, fits)) is not None:
            return _Support((place,), "fuzzy", foreign)
        if not contradicted and (places := self._in_parts(whole, foreign)) is not None:
            return _Support(places, "fuzzy", foreign)
        if (place := self._alike(sentence, fits)) is not None:
            return _Support((place,), "meaning", foreign)
        return _Support(foreign=foreign)

    def _addressed(self, sentence: str) -> tuple[str, frozenset[int]]:
        """Without the numbers of the pictures that it speaks of; and which pieces of the evidence it speaks of: those
        of these pictures and of the files that it names; all, where it names none."""
        words, pictures = named_in(sentence) if any(self.numbers) else (sentence, frozenset())
        folded = words.casefold()
        named = {piece.source for piece in self.evidence if piece.source and piece.source.casefold() in folded}
        spoken_of = (
            at
            for at, piece in enumerate(self.evidence)
            if (not named or piece.source in named) and (not pictures or self.numbers[at] in pictures)
        )
        return words, frozenset(spoken_of)

    def _exact(self, sentence: str, said: Sequence[Token], spoken_of: frozenset[int]) -> Window | None:
        """The sentence, or a clause that carries it, word for word; the sentences around it are the quote."""
        for part in _longest_first(sentence):
            meant = {token.text for token in (said if part == sentence else tokens(part))}
            weight = _weigh(said, self.echo)
            carried = sum(w for text, w in weight.items() if text in meant) / sum(weight.values())
            missing = [t for t in said if t.text not in meant and t.text not in self.echo]
            new = any(text not in self.echo for text in meant) or weight.keys() <= self.echo
            if not new or carried < SUPPORTED or any(t.kind in ("number", "name") for t in missing):
                continue
            if part != sentence and (len(meant) < 3 or negations(sentence.replace(part, ""))):
                continue
            for at, piece in enumerate(self.evidence):
                if at in spoken_of and (span := verbatim(part, piece.content)) is not None:
                    around = _around(at, piece.content, *span)
                    if asks(around.text) and not tells_of_question(sentence):
                        continue
                    return around
        return None

    def _fits(
        self, sentence: str, said: Sequence[Token], foreign: bool, spoken_of: frozenset[int]
    ) -> tuple[list[_WindowFit], bool]:
        """The windows that hold some of the words, every number and new name, and contradict nothing, the fullest
        first; and whether one that held most of them did contradict."""
        weights = _weigh(said, self.echo)
        words = [] if self.echo else [t.text for t in said if t.kind in ("word", "cjk")]
        plain = {text: weights[text] for text in words}  # names and numbers by themselves claim nothing
        alike = [{} if foreign else likenesses(sentence, said, piece.content) for piece in self.evidence]
        echoed = [_echoed(said, self.echo, piece) for piece in self.evidence]
        ranked = sorted(
            (
                (self._gain(window, weights, alike[window.evidence]), window)
                for window in self.windows
                if window.evidence in spoken_of
            ),
            key=lambda one: -one[0],
        )
        fits: list[_WindowFit] = []
        contradicting: list[Window] = []
        for gain, window in ranked[:CANDIDATES]:
            found = _found(weights, window, alike[window.evidence]) | echoed[window.evidence] if gain else set()
            share = min(_share(found, weights), _share(found, plain))
            if share < LEAST or not self._holds(said, found, weights) or dated_otherwise(sentence, window):
                continue
            new = (found - self.echo) or found
            if not foreign and new and new <= window.found - window.told and not tells_of_question(sentence):
                continue
            if not foreign and (
                any(_inside(other, window) for other in contradicting)
                or crosses_rows(said, window)
                or (bool(self.echo) and names_no_row(said, window, self.echo | alike[window.evidence].keys()))
                or contradicts(sentence, window, alike[window.evidence], self.echo)
            ):
                if share >= SUPPORTED:
                    contradicting.append(window)
            else:
                fits.append(_WindowFit(window, share))
        return fits, bool(contradicting)

    def _holds(self, said: Sequence[Token], found: set[str], weights: dict[str, float]) -> bool:
        """Every number, every name that the question did not have, and something new at all.

        "What two forms" counts what the evidence may only list, so a small number of the question is not asked for.
        """
        counted = {text for text in self.echo if text.isdigit() and int(text) <= MOST_COUNTED}
        wanted = [t for t in said if t.kind == "number" and t.text not in counted]
        wanted += [t for t in said if t.kind == "name" and t.text not in self.echo]
        new = any(text not in self.echo for text in found) or weights.keys() <= self.echo
        return new and all(token.text in found for token in wanted)

    def _sure(self, said: Sequence[Token], fits: Sequence[_WindowFit]) -> Window | None:
        """The first that holds so much that no more needs asking."""
        repeats = sum(token.text in self.echo for token in said) >= max(1, len(self.echo) // 2)
        enough = SUPPORTED if repeats else ALONE
        for fit in fits:
            if fit.share >= enough and (self.echo or fit.window.statements == 1):
                return fit.window
        return None

    def _alike(self, sentence: str, fits: Sequence[_WindowFit]) -> Window | None:
        """The likest, if it is like enough for what it shares."""
        if self.likeness is None:
            return None
        likeness = self.likeness.of(sentence, [fit.window.text for fit in fits])
        near = [
            (like, fit.window)
            for like, fit in zip(likeness, fits, strict=True)
            if like >= LIKE and fit.window.statements == 1
        ]
        return max(near, key=lambda one: one[0])[1] if near else None

    def _gain(self, window: Window, weights: dict[str, float], alike: dict[str, set[str]]) -> float:
        """What a window holds; of two that hold the same, the shorter one."""
        held = sum(weights[text] for text in _found(weights, window, alike))
        return held - 1e-5 * (window.end - window.start) - 1e-3 * window.evidence if held else 0.0

    def _in_parts(self, sentence: str, foreign: bool) -> tuple[Window, ...] | None:
        """A window for each part of a sentence that says several things."""
        parts = [part for part in _PART.split(sentence) if tokens(part)]
        if not 2 <= len(parts) <= MOST_QUOTES:
            return None
        places = []
        for part, spoken_of in map(self._addressed, parts):
            said = claims(part)
            places.append(self._sure(said, self._fits(part, said, foreign, spoken_of)[0]))
        chosen = [place for place in places if place is not None]
        return tuple(dict.fromkeys(chosen)) if len(chosen) == len(parts) else None


def _inside(inner: Window, outer: Window) -> bool:
    return inner.evidence == outer.evidence and outer.start <= inner.start and inner.end <= outer.end


def claims(sentence: str) -> list[Token]:
    """The tokens of a sentence; the capital of a first word makes no name of it, unless more of the name follows."""
    said = tokens(sentence)
    starts = re.match(r"\W*([A-Z][a-z’']*)\s+[^A-Z\d]", sentence)
    if said and starts and said[0].kind == "name" and tokens(starts[1]) == said[:1]:
        said[0] = Token(said[0].text, "word")
    return said


def _echoed(said: Sequence[Token], echo: set[str], piece: Evidence) -> set[str]:
    """What only repeats the question may stand anywhere in the piece; what names its file, nowhere in it."""
    there, named = ({token.text for token in tokens(text)} for text in (piece.content, piece.source))
    return {token.text for token in said if (token.text in echo and token.text in there) or token.text in named}


def _longest_first(sentence: str) -> Iterator[str]:
    yield sentence
    yield from sorted((part for part in _CLAUSE.split(sentence) if part.strip()), key=lambda part: -len(part))[:1]


def _around(at: int, content: str, start: int, end: int) -> Window:
    """The whole sentences that these characters belong to."""
    touched = [span for span in sentences(content) if span[0] < end and span[1] > start]
    first, last = min(s for s, _ in touched), max(e for _, e in touched)
    return Window(at, first, last, content[first:last])


def _found(weights: dict[str, float], window: Window, alike: dict[str, set[str]]) -> set[str]:
    return {text for text in weights if text in window.found or alike.get(text, set()) & window.found}


def _share(found: set[str], weights: dict[str, float]) -> float:
    return sum(weights[text] for text in found if text in weights) / sum(weights.values()) if weights else 1.0


def _weigh(said: Sequence[Token], echo: set[str]) -> dict[str, float]:
    return {t.text: _WEIGHTS[t.kind] * (ECHO if t.text in echo else 1.0) for t in said}


def _number(citations: list[Citation], evidence: Sequence[Evidence], window: Window) -> int:
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
