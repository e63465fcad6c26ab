"""Words as the core compares them: tokens, numbers, sentences and scripts, in English and Chinese.

One normal form for both sides of every comparison, so that "593.10" meets "593.1", "14 March 2024"
meets "2024年3月14日", "one thousand" meets "1,000", "10 per cent" meets "百分之十", "保養" meets "保养", and "serviced"
meets "services".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.text.chinese_scripts import folded
from assistant.text.dates import MONTHS
from assistant.text.numerals import plain_numbers

Kind = Literal["number", "name", "word", "cjk", "stop"]


@dataclass(frozen=True)
class Token:
    """kind: a number, a capitalised word, another word, two neighbouring Chinese characters, or a stop word."""

    text: str
    kind: Kind


_STOPWORDS = frozenset(
    """a an and are as at be been being but by can could did do does for from had has have having he her
    hers him his how i if in into is it its itself just me my no nor not of off on or our ours out over own she so
    some such than that the their theirs them then there these they this those through to too under until up
    very was we were what when where which while who whom whose why will with would you your yours about
    after again all also am any because before between both down during each few further more most only other
    same should now s t d ll m re ve please tell give say says according given text passage document find
    found answer question many much yes ok okay sure""".split()
)
_CJK_STOP = frozenset("的了是在和与及或也都就而吗呢吧啊么什谁哪几多少怎样何请问个这那有被由于从到对为以其之")
_MONTHS = {
    name: str(number)
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|"
        "october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
_SIGNS = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "percent": "%"}
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
_LETTER = rf"(?![{_CJK}])[^\W\d_]"
_PIECE = re.compile(rf"\d+(?:[.,]\d+)*|[{_CJK}]+|(?:{_LETTER})+(?:['’](?:{_LETTER})+)*|[$€£¥₹%°]")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_IS_CJK = re.compile(rf"[{_CJK}]")
_ABBREVIATIONS = frozenset("mr mrs ms dr prof st vs etc e.g i.e no fig approx inc ltd co jr sr dept est".split())
_COUNTED = frozenset("Jahrhundert Jahrhunderts Klasse Stock Etage Platz Tag Woche Monat Quartal Kapitel Runde".split())
_LONGEST_SHORT = 24  # characters of an abbreviation, or of a list's number
_BOUNDARY = re.compile(r"(?<![.!?])[.!?]++[\"'”’)\]]*+(?=\s|$)|[。！？；]+[”’」』）]*|\n+")


def is_cjk(text: str) -> bool:
    """Whether Chinese, Japanese or Korean characters make up a good part of the letters."""
    letters = sum(character.isalpha() for character in text)
    return letters > 0 and len(_IS_CJK.findall(text)) >= 0.3 * letters


def tokens(text: str) -> list[Token]:
    """The tokens that carry meaning, in order; stop words are left out."""
    return [token for token in _tokens(text) if token.kind != "stop"]


def in_order(text: str) -> list[Token]:
    """All tokens as they stand, stop words among them, as they are written."""
    return list(_tokens(text))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(_read(plain_numbers(folded(unicodedata.normalize("NFKC", text)))))


def _read(text: str) -> Iterator[Token]:
    for match in _PIECE.finditer(text):
        piece = match.group()
        if _DATE.fullmatch(piece):
            yield from (Token(_number(part), "number") for part in piece.split("."))
        elif piece[0].isdigit():
            yield Token(_number(piece), "number")
        elif _IS_CJK.match(piece):
            yield from _bigrams(piece)
        elif piece[0].isalpha():
            yield _word(piece)
        else:  # a currency or unit sign: 14 is not $14
            yield Token(piece, "word")


def _word(piece: str) -> Token:
    lower = piece.lower().removesuffix("'s").removesuffix("’s")
    if lower in _MONTHS and (lower not in ("may", "march") or piece[0].isupper()):
        return Token(_MONTHS[lower], "number")
    if lower in _SIGNS:
        return Token(_SIGNS[lower], "word")
    if lower in _STOPWORDS or (len(lower) == 1 and piece[0].islower()):
        return Token(lower, "stop")
    return Token(stem(lower), "name" if piece[0].isupper() else "word")


def _bigrams(run: str) -> Iterator[Token]:
    """Neighbouring pairs without function characters; a lone character stands by itself."""
    for stretch in re.split(f"([{''.join(_CJK_STOP)}])", run):
        if stretch in _CJK_STOP:
            yield Token(stretch, "stop")
        elif len(stretch) == 1:
            yield Token(stretch, "cjk")
        else:
            for at in range(len(stretch) - 1):
                yield Token(stretch[at : at + 2], "cjk")


def _number(text: str) -> str:
    """ "1,234.50" → "1234.5", "03" → "3", "1.000.000" → "1000000"."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", text):
        text = text.replace(".", "")
    else:
        text = text.replace(",", ".")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


def stem(word: str) -> str:
    """A light stem, the same for all forms of most regular English words; only for comparing."""
    for ending in ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word.removesuffix("e")


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence or line of `text`, edges without blanks; nothing but blanks is left out."""
    spans, start, first = [], 0, -1  # first: where the words of the sentence begin, once somebody asks
    for match in _BOUNDARY.finditer(text):
        if match.group()[0] == ".":
            first = first if first >= start else _trim(text, start, match.start())[0]
            if _abbreviated(text, first, match.start()):
                continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))[0] < trimmed[1]]


def _abbreviated(text: str, first: int, stop: int) -> bool:
    """Whether the full stop at `stop` ends an abbreviation, an initial or a list's number.

    first: where the words before it begin. No more than the last one is looked at, and nothing that is longer than any
    of these: a text may be nothing but initials.
    """
    before = text[max(first, stop - _LONGEST_SHORT) : stop].rstrip()
    last = before.rsplit(None, 1)[-1] if before else ""
    initial = len(last) == 1 and last.isupper()
    list_number = stop - first <= _LONGEST_SHORT and last.isdigit() and before == last
    ordinal = last.isdigit() and len(last) <= 2 and _is_counted(text[stop + 1 : stop + 1 + _LONGEST_SHORT])
    return last.lower().lstrip("(") in _ABBREVIATIONS or initial or list_number or ordinal


def _is_counted(after: str) -> bool:
    """Whether a number with a full stop is the number of this: "am 10. Dezember", "im 3. Stock"."""
    word = re.match(r"\s+([^\W\d_]{3,})", after)
    return word is not None and (word[1].casefold() in MONTHS or word[1] in _COUNTED)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_ASKS = re.compile(
    r"^\s*(who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|has|have|had|can|could|will|"
    r"would|should|at what|in which|on which|for how)\b|[?？]\s*$"
    r"|谁|什么|多少|哪|几(?!乎)|何时|何地|为什么|怎么|怎样|如何|吗|是不是|有没有",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Whether it asks for a fact, rather than greets, thanks or orders something written."""
    return bool(_ASKS.search(folded(text).strip()))


_WHOLE = re.compile(
    r"\b(summar\w+|overview|outline|gist|main points?|key points?|describe|translate|transcribe|transcript|"
    r"what (?:does|do|did) (?:it|this|that|these|they|he|she)\b[\w ]{0,20}\bsay|"
    r"what(?:'s| is| are) (?:this|that|it|these)\b|"
    r"what(?:'s| is| are| do you see| can (?:you|be) seen?| does)\b[\w ]{0,24}\b(?:picture|photo|image)s?(?: show)?"
    r"[?.!]*$|"
    r"read (?:it|this|that) (?:to me|out|aloud)|explain (?:this|it)\b)"
    r"|总结|概括|概述|摘要|翻译|描述|介绍一下|讲了什么|说了什么|写了什么|写的是什么|这是什么"
    r"|(?:图|照)片?(?:里|上|中)?(?:面)?(?:有|是|拍)(?:的是|了)?什么|大意|要点",
    re.IGNORECASE,
)


def is_about_whole(text: str) -> bool:
    """Whether it is about all of what was given ("summarise this"), so that no words of it can be searched for."""
    return bool(_WHOLE.search(folded(text)))


_ORIGIN = re.compile(
    r"\b(which|what) (?:\w+ ){0,2}?(?:document|file|page|slide|book|report|pdf)s? (?:is|was|does|did|shows?|has|"
    r"holds|contains|do)\b[\w ]*\b(?:this|that|it|from|picture|photo)\b"
    r"|\b(find|locate|look up|search for) (?:me )?(?:this|that|the) (?:very |same )?"
    r"(?:document|file|page|slide|book|report|pdf|original|source)\b"
    r"|\bwhere (?:is|was|does|did|do i have) (?:this|that|it|the (?:picture|photo|page))\b[\w ]*"
    r"\b(?:from|come|taken|stand)\b"
    r"|(?:这|该|此|那)[^，。？]{0,6}(?:是|来自|出自|属于|在)[^，。？]{0,2}(?:哪|什么)[^，。？]{0,4}(?:文件|文档|页|书|报告|幻灯片|地方)"
    r"|(?:哪|什么)[^，。？]{0,3}(?:文件|文档|页|书|报告|幻灯片)[^，。？]{0,6}(?:这|该|此)"
    r"|(?:找到|找出|查找|找一下|找)(?:这|该|此)[^，。？]{0,3}(?:文件|文档|页|书|报告|幻灯片|原文|出处)|(?:出处|原文)(?:在哪|是哪|是什么)",
    re.IGNORECASE,
)


def asks_for_origin(text: str) -> bool:
    """Whether it asks which file or page something that is shown comes from ("which document is this?")."""
    return bool(_ORIGIN.search(folded(text)))
