"""The two scripts of Chinese: one for comparing, and the person's own for showing.

By OpenCC's tables, those of Taiwan, which know 看著 from 著名. Whole words decide where one simplified character
stands for several (头发 頭髮, 发展 發展).
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import opencc

Script = Literal["simplified", "traditional"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))


def folded(text: str) -> str:
    """The text with every character in its simplified form, of the same length: for comparing, not for showing."""
    if text.isascii() or not _HAN.search(text):
        return text
    return text.translate(_simplified())


def in_script(text: str, script: Script) -> str:
    """The text in this script, word by word; what is there already stays as it is, and so does Japanese."""
    if not _HAN.search(text) or _KANA.search(text):
        return text
    return str(_converter("tw2s" if script == "simplified" else "s2t").convert(text))


def script_of(texts: Iterable[str]) -> Script | None:
    """In which script most of these are written; None where nothing tells, as in 你好.

    A character of Taiwan's Big5 that China's GB 2312 lacks is traditional, and the other way round.
    """
    told = 0
    for text in texts:
        if not _KANA.search(text):
            told += sum(_is_in(character, "gb2312") - _is_in(character, "big5") for character in _HAN.findall(text))
    return None if told == 0 else "simplified" if told > 0 else "traditional"


@lru_cache(maxsize=16_384)
def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _simplified() -> dict[int, str]:
    """Traditional character → simplified one, of those that differ."""
    every = [chr(code) for first, end in _BLOCKS for code in range(first, end)]
    told = _converter("t2s").convert("\n".join(every)).split("\n")
    differing = {ord(one): other for one, other in zip(every, told, strict=True) if one != other and len(other) == 1}
    return differing | {ord("著"): "着"}  # both in 看著, one in 著名: for comparing they are one


@cache
def _converter(conversion: str) -> "opencc.OpenCC":
    import opencc  # its tables take a few milliseconds

    return opencc.OpenCC(conversion)
