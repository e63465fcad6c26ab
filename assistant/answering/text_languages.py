"""The languages that the text of a file is in, each with a few of its words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.text.answer_language import in_language
from assistant.text.chinese_scripts import script_of
from assistant.text.identified import MOST, Identified, identify
from assistant.text.tokens import sentences
from assistant.values.evidence import Evidence

LOOKED_AT = 300  # sentences, evenly over the file
TELLING = 24  # letters of a sentence from which it tells its language by itself
ALONE = 0.9  # how sure a sentence must be of another language than the rest
SHARE = 0.12  # of the letters, from which a second language is told
MOST_TOLD = 3  # languages of one file
LONGEST = 160  # letters of a quote


_CALLED_OTHERWISE = {"jw": "jv"}  # by speech models


@dataclass(frozen=True)
class Quote:
    """Characters start to end of the piece."""

    piece: Evidence
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.piece.content[self.start : self.end]


@dataclass(frozen=True)
class TextLanguage:
    """A language that the text of a file is in."""

    code: str
    sureness: float
    share: float
    """Its share of the letters that tell a language, 0 to 1."""
    quote: Quote | None
    """A sentence in it; None where the file has no text."""


def name(code: str, language: str, spoken: bool = False, text: str = "") -> str:
    """What it is called in this language. text: in it, which tells the script of Chinese."""
    words = in_language(language)
    if code == "zh" and spoken:
        return words.gettext("Chinese (Mandarin)")
    if code == "zh" and (script := script_of([text])) is not None:
        if script == "simplified":
            return words.gettext("Chinese (simplified characters)")
        return words.gettext("Chinese (traditional characters)")
    return words.language_name(_CALLED_OTHERWISE.get(code, code))


def text_languages(pieces: Sequence[Evidence]) -> list[TextLanguage]:
    """Of the whole first, then others that a good part of it is in. None where there is no letter."""
    said = _spread(list(_sentences(pieces)))
    whole = identify("\n".join(one.text for one in said)[:MOST])
    if not whole.code:
        return []
    told: dict[str, list[Quote]] = defaultdict(list)
    for one in said:
        alone = identify(one.text)
        if alone.sureness >= ALONE and _letters(one) >= TELLING:
            told[alone.code].append(one)
    letters = {code: sum(map(_letters, quotes)) for code, quotes in told.items()}
    every = max(sum(letters.values()), 1)
    if letters:
        most = max(letters, key=lambda code: letters[code])
        sureness = whole.sureness if most == whole.code else ALONE
        whole = Identified(most, sureness)  # by sentences: a word that all of it repeats decides less
    first = TextLanguage(
        whole.code, whole.sureness, letters.get(whole.code, 0) / every, _quote(told[whole.code] or said)
    )
    others = [
        TextLanguage(code, ALONE, letters[code] / every, _quote(told[code]))
        for code in sorted(letters, key=lambda code: -letters[code])
        if code != whole.code and letters[code] / every >= SHARE
    ]
    return [first, *others][:MOST_TOLD]


def _sentences(pieces: Sequence[Evidence]) -> Iterator[Quote]:
    for piece in pieces:
        for start, end in sentences(piece.content):
            if any(letter.isalpha() for letter in piece.content[start:end]):
                yield Quote(piece, start, end)


def _spread(said: list[Quote]) -> list[Quote]:
    step = max(1, len(said) // LOOKED_AT)
    return said[::step][:LOOKED_AT]


def _quote(said: Sequence[Quote]) -> Quote | None:
    """The first that is a sentence rather than a word or two, cut where it is long."""
    if not said:
        return None
    chosen = next((one for one in said if _letters(one) >= TELLING), max(said, key=_letters))
    if chosen.end - chosen.start <= LONGEST:
        return chosen
    end = chosen.piece.content.rfind(" ", chosen.start, chosen.start + LONGEST)
    return Quote(chosen.piece, chosen.start, end if end > chosen.start else chosen.start + LONGEST)


def _letters(quote: Quote) -> int:
    """Chinese says more with each."""
    return sum(1 if letter < "\u2e80" else 3 for letter in quote.text if letter.isalpha())
