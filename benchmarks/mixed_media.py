"""Passages dealt to media by chance: documents, pictures as a reader gives them, recordings as a recogniser does.

What reading does to text is imitated: OCR loses spaces and mixes up letters that look alike, a recogniser writes
no capitals and no punctuation, mishears a word now and then and drops a small one. Where each line or segment
stands in its passage is kept, so that it is known which piece holds an answer.
"""

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.tokens import is_cjk
from assistant.values.evidence import (
    Box,
    Document,
    Evidence,
    Location,
    Medium,
    Passage,
    Region,
    Seconds,
    Section,
    TextSpan,
)
from benchmarks.questions import Question, contains

MEDIA: tuple[Medium, ...] = ("text", "image", "audio")
LOST_SPACE, LOOKALIKE = 0.1, 0.006  # of spaces, of characters; rapidocr on rendered pages and photographs of them
MISHEARD, DROPPED = 0.04, 0.03  # of words; small Whisper models on clear speech
_ALIKE = {"l": "1", "I": "l", "O": "0", "0": "O", "m": "rn", "S": "5", "B": "8", "é": "e", "己": "已", "未": "末"}
_ALIKE |= {"日": "曰", "人": "入", "大": "太", "土": "士", "千": "干"}
_SOUNDS = (("ph", "f"), ("ck", "k"), ("ee", "ea"), ("ie", "y"), ("z", "s"), ("c", "k"), ("ou", "u"), ("th", "t"))
_CJK_SOUNDS = {"在": "再", "的": "得", "他": "她", "做": "作", "是": "事", "像": "象", "年": "念", "和": "合"}
_SMALL = frozenset("a an the of to in and is was".split())


@dataclass(frozen=True)
class Dealt:
    """A passage in its medium. lines: (start, end, location) of each line or segment in the passage as it was."""

    document: Document
    lines: tuple[tuple[int, int, Location], ...] = ()

    def holds(self, piece: Evidence, question: Question) -> bool:
        """Whether this piece is where the answer stands, however it was read there."""
        if piece.source_id != self.document.source_id:
            return False
        if not self.lines:
            return contains(piece.content, question.golds)
        starts = [match.start() for gold in question.golds for match in re.finditer(re.escape(gold), question.passage)]
        wanted = {at for start, end, at in self.lines if any(start <= begin < end for begin in starts)}
        return any(place.location in wanted for place in piece.places)


def deal(texts: Sequence[str], seed: int) -> dict[str, Dealt]:
    """passage → itself in a medium, about as many in each."""
    chance = random.Random(seed)
    media = [MEDIA[number % len(MEDIA)] for number in range(len(texts))]
    chance.shuffle(media)
    return {text: in_medium(text, medium, chance) for text, medium in zip(texts, media, strict=True)}


def in_medium(text: str, medium: Medium, chance: random.Random) -> Dealt:
    source_id = hashlib.sha256(f"{medium}\n{text}".encode()).hexdigest()
    name = f"{source_id[:8]}.{ {'text': 'txt', 'image': 'png', 'audio': 'wav'}[medium] }"
    match medium:
        case "image":
            return _picture(source_id, name, text, chance)
        case "audio":
            return _recording(source_id, name, text, chance)
        case _:
            return Dealt(Document(source_id, name, "text", (Passage(text, Section("")),)))


def _picture(source_id: str, name: str, text: str, chance: random.Random) -> Dealt:
    """Lines of about 60 letters, or 20 Chinese characters, one below the other."""
    spans = _stretches(text, 20 if is_cjk(text) else 60)
    height = 1 / len(spans)
    lines = [
        (start, end, Region((Box(0.0, round(row * height, 4), 1.0, round((row + 1) * height, 4)),)))
        for row, (start, end) in enumerate(spans)
    ]
    read, places = "", []
    for start, end, at in lines:
        line = _misread(text[start:end].strip(), chance)
        places.append(TextSpan(len(read), len(read) + len(line), at))
        read += f"{line}\n"
    passage = Passage(read.rstrip("\n"), Region(), tuple(places))
    return Dealt(Document(source_id, name, "image", (passage,)), tuple(lines))


def _recording(source_id: str, name: str, text: str, chance: random.Random) -> Dealt:
    """Segments of about 45 letters, or 15 Chinese characters, at the pace of speech."""
    lines, passages = [], []
    for start, end in _stretches(text, 15 if is_cjk(text) else 45):
        per_second = 4.5 if is_cjk(text) else 14.0
        at = Seconds(round(start / per_second, 2), round(end / per_second, 2))
        heard = _misheard(text[start:end], chance)
        if heard:
            lines.append((start, end, at))
            passages.append(Passage(heard, at))
    return Dealt(Document(source_id, name, "audio", tuple(passages)), tuple(lines))


def _stretches(text: str, length: int) -> list[tuple[int, int]]:
    """Start and end of stretches of about this many characters, cut between words."""
    units = [match.span() for match in re.finditer(r"\S+\s*" if not is_cjk(text) else r"[A-Za-z0-9.]+|.", text, re.S)]
    spans: list[tuple[int, int]] = []
    for start, end in units:
        if spans and end - spans[-1][0] <= length:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _misread(line: str, chance: random.Random) -> str:
    read = "".join(_ALIKE.get(c, c) if chance.random() < LOOKALIKE * 4 else c for c in line)  # a quarter has a likeness
    return "".join("" if c == " " and chance.random() < LOST_SPACE else c for c in read)


def _misheard(stretch: str, chance: random.Random) -> str:
    if is_cjk(stretch):
        plain = re.sub(r"[^\w.%]+", "", stretch)
        return "".join(_CJK_SOUNDS.get(c, c) if chance.random() < MISHEARD * 4 else c for c in plain)
    words = re.sub(r"[^\w\s.%$€£'-]+|\.(?!\d)|(?<!\w)['-]|['-](?!\w)", " ", stretch.lower()).split()
    return " ".join(
        _sounding(word) if len(word) > 4 and word.isalpha() and chance.random() < MISHEARD * 2 else word
        for word in words
        if not (word in _SMALL and chance.random() < DROPPED * 3)
    )


def _sounding(word: str) -> str:
    """Another word for the same sound."""
    for spelled, sound in _SOUNDS:
        if spelled in word:
            return word.replace(spelled, sound, 1)
    return word[:-1]
