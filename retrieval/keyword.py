"""BM25 over texts in any script: the words of the question, weighed by how rare they are.

English words by their stems; scripts written without spaces by pairs of characters, which finds more in
Chinese than a dictionary of words does, and traditional and simplified ones as one; numbers as they are.
"""

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Any

from assistant.text.chinese_scripts import folded

# Han, kana, Hangul, and the scripts of Southeast Asia that put no spaces between words
_UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u1100-\u11ff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]+|\d+(?:[.,]\d+)*|(?:(?![{_UNSPACED}\d])[^\W_])+(?:['’](?:[a-z]{{1,2}})\b)?")
_ASCII_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]{1,2}\b)?")  # the same, where there is nothing else
_RUN = re.compile(rf"[{_UNSPACED}]+")
_LONG = 30  # letters of what is not worth remembering
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")  # 1,200 is 1200; 3,5 stays
_STOPWORDS = frozenset(
    "a an and any are as at be been being but by can could did do does for from had has have he her him his how i if"
    " in into is it its itself me my no not of on or our she should so some such than that the their them then there"
    " these they this those to too us was we were what when where which who whom whose why will with would you your"
    " about also please tell show say says said"
    " 什么 怎么 怎样 多少 哪些 哪个 哪里 如何 为什 么是 是什 请问 是谁 吗".split()
)


def is_unspaced(text: str) -> bool:
    """Whether any of it is in a script without spaces between words."""
    return _RUN.search(text) is not None


def tokens(text: str) -> list[str]:
    """The words a text is found by: case, width, inflection and the commonest words make no difference."""
    if text.isascii():
        words = _ASCII_TOKEN.findall(text.lower())
    else:
        words = _TOKEN.findall(folded(unicodedata.normalize("NFKC", text).casefold()))
    found: list[str] = []
    for word in words:
        found += _known_tokens(word) if len(word) < _LONG else _tokens(word)
    return found


def _tokens(word: str) -> tuple[str, ...]:
    """Of a word, a number or a run without spaces; nothing of what is too common to tell texts apart."""
    if _RUN.match(word):
        made = [word[at : at + 2] for at in range(max(1, len(word) - 1))]
    elif word[0].isdigit():
        made = [word.replace(",", "") if _GROUPED.fullmatch(word) else word]
    else:
        plain = word.replace("’", "'").removesuffix("'s")
        made = [plain if plain in _STOPWORDS else _stem(plain)]
    return tuple(token for token in made if token not in _STOPWORDS)


_known_tokens = lru_cache(100_000)(_tokens)  # a text of thousands of words has hundreds of different ones


@cache
def _stemmer() -> tuple[Any, threading.Lock]:
    import Stemmer

    return Stemmer.Stemmer("english"), threading.Lock()


def _stem(word: str) -> str:
    if not word.isascii():
        return word
    stemmer, alone = _stemmer()
    with alone:  # a stemmer is not safe to share between threads
        return str(stemmer.stemWord(word))
