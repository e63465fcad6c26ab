"""Which language a text is written in, of a hundred: by py3langid, which carries its small model with it.

It is sure of a sentence, and of a word or two it is not.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MOST = 5000  # letters that are looked at
LANGUAGES = """
af am ar as az ba be bg bn br bs ca cs cy da de el en eo es et eu fa fi fo fr ga gl gu ha he hi hr ht hu hy id is it ja
ka kk km kn ko ku ky la lb ln lo lt lv mg mk ml mn mr ms mt my ne nl nn no oc or pa pl ps pt ro ru sa si sk sl sn so sq
sr sv sw ta te tg th tk tl tr tt ug uk ur uz vi yo yue zh zu
""".split()  # those that are told apart; the smallest are left out, since a word or two look like any of them
_OFTEN = {  # how much oftener than in others people's files are in these; it decides where a word or two do not
    "en": 8.0,
    **dict.fromkeys("zh de fr es it pt nl pl cs tr ru ar ja ko vi id sv".split(), 4.0),
}


@dataclass(frozen=True)
class Identified:
    """The language that a text was found to be in."""

    code: str
    """ISO 639; "" where nothing tells."""
    sureness: float
    """0 to 1. What is told with 0.6 is nearly always right, with 0.2 every other time."""


@lru_cache(maxsize=1024)
def identify(text: str, among: tuple[str, ...] = ()) -> Identified:
    """The language that a text is written in most likely. among: those that it may be; none: any."""
    letters = "".join(letter if letter.isalpha() or letter in "'’" else " " for letter in text[:MOST])
    letters = " ".join(letters.split())
    if not letters:
        return Identified("", 0.0)
    ranked = _identifier().rank(letters.lower())  # capitals alone look like no language
    weighed = {
        str(code): float(sureness) * _OFTEN.get(str(code), 1.0)
        for code, sureness in ranked
        if not among or code in among
    }
    code = max(weighed, key=lambda one: weighed[one])
    return Identified(code, weighed[code] / sum(weighed.values()))


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # 0.6 s, of which nobody knows before it is asked

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(LANGUAGES)
    return made
