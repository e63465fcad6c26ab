"""Normalizes plain text: numbers, dates, units, money, abbreviations and signs become words, in English or Chinese;
in French, Spanish, Italian, Portuguese and Japanese numbers, money, days and times; in German, money alone: its voices
read the rest themselves.

What is in words already stays, so that normalizing it twice changes nothing.
"""

import re
import unicodedata

from assistant.speech.text_normalization.chinese import chinese
from assistant.speech.text_normalization.english import english
from assistant.speech.text_normalization.german import german
from assistant.speech.text_normalization.numbers_by_language import LANGUAGES
from assistant.speech.text_normalization.romance_and_japanese import in_words

_PICTURES = re.compile(  # emoji, arrows drawn as emoji, dingbats, private use, and what joins and colours them
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe00-\ufe0f\u200b-\u200f\u2060-\u2064\u20e3\ue000-\uf8ff"
    "\U000e0000-\U000e007f\u00ad\ufeff©®™]"
)
_WIDE = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
    **dict(zip(map(ord, "％\u3000\u00a0\u202f\u2009−\u2011‐￥⁄ʼ"), "%    ---¥/'", strict=True)),
}
_LEFT_OVER = re.compile(r'[*_#|"“”„«»「」『』\\^{}<>†‡•·`~\x00-\x08\x0e-\x1f]+')
_BLANKS = re.compile(r"\s+")
_LOOSE = re.compile(r"(?<!\s)\s++(?=[,.;:!?，。；：！？、)])|(?<=[，。；：！？、])\s+")


def normalize_text(text: str, language: str) -> str:
    """Numbers of a language that has no rules here stay as they are."""
    text = unicodedata.normalize("NFC", text).translate(_WIDE)
    text = _PICTURES.sub(" ", text)
    match language:
        case "zh":
            text = chinese(text)
        case "de":
            text = german(text)
        case "en":
            text = english(text)
        case _ if language in LANGUAGES:
            text = in_words(text, language)
        case _:
            pass  # its voice reads numbers by itself, and English ones among its words would be none
    return _LOOSE.sub("", _BLANKS.sub(" ", _LEFT_OVER.sub(" ", text))).strip()
