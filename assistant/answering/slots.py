"""Slots: what a request says of its own form: the shape, the length and the language of the answer, and pages.

Parsed, never guessed: these words mean the same whatever else is said. Which kind of request it is they do not decide.
"""

import re
from functools import cache

from assistant.text.numerals import plain_numbers
from assistant.values.request import Form, Shape

_SHAPES: tuple[tuple[Shape, str], ...] = (  # the first that is named wins
    ("srt", r"\bsrt\b|\bsubtitles?\b|\buntertitel\w*|\bsous-titres?\b|\bsubtítulos?\b|\blegendas?\b|字幕|자막|субтитр\w*"),
    ("vtt", r"\b(?:web)?vtt\b"),
    ("json", r"\bjson\b"),
    ("csv", r"\bcsv\b|\btsv\b"),
    (
        "times",
        r"\btime ?-?(?:stamp|code|mark)(?:s|ed)?\b|\bwith (?:the )?times\b|\bzeit(?:stempeln?|marken|angaben)\b"
        r"|\bhorodat\w+|\bminutages?\b|\bmarcas? de tiempo\b|\bmarcações de tempo\b|时间戳|时间点|带时间|标.{0,2}时间"
        r"|タイムスタンプ|타임스탬프|тайм-?код\w*",
    ),
    ("table", r"\btables?\b|\btabular\b|\btabellen?\b|\btableaux?\b|\btablas?\b|\btabelas?\b|表格|一张表|テーブル|表形式|表に|표로|таблиц\w*"),
    (
        "list",
        r"\bbullet(?:s|ed)?\b|\bbullet points?\b|\bcheck ?lists?\b|\blists?\b|\bstichpunkt\w*|\baufzählung\b|\blisten?\b"
        r"|\bpuces\b|\blistes?\b|\blistas?\b|\bviñetas\b|列表|清单|列出|逐条|分点|箇条書き|リスト|목록|списк\w*|по пунктам",
    ),
)  # fmt: skip
_SHAPE = tuple((shape, re.compile(pattern, re.IGNORECASE)) for shape, pattern in _SHAPES)
_ONE = r"an?|one|einem|einen|ein|eine|une?|una?|um|uma|одн\w{1,3}|一|한"
_SENTENCES = re.compile(
    rf"\b({_ONE}|\d{{1,2}})\s+(?:short\s+|single\s+|simple\s+|kurzen?\s+)?(?:sentences?|sätzen?|satz|phrases?|frases?|oración|oraciones|предложени\w+)\b"
    r"|(\d{1,2}|[一二两三四五六])\s*句话?|(\d{1,2}|一)\s*文で|(\d{1,2}|한|두|세)\s*문장",
    re.IGNORECASE,
)
_ITEMS = re.compile(
    r"\b(?:top|best|first|these|the)?\s*(\d{1,2})\s+(?:main\s+|key\s+|most\s+important\s+|bullet\s+|wichtigste\w*\s+|главн\w+\s+|важн\w+\s+|основн\w+\s+)?"
    r"(?:points?|bullets?|questions?|items?|things?|takeaways?|facts?|reasons?|ideas?|tips?|punkte?n?|fragen|points|questions|puntos|preguntas|pontos|perguntas|пункт\w*|вопрос\w*)\b"
    r"|(\d{1,2}|[一二两三四五六七八九十])\s*[个条点](?:要点|问题|重点|关键|建议|理由|方面)?",
    re.IGNORECASE,
)
_PAGES = re.compile(
    r"\b(?:pages?|pp?\.|slides?|seiten?|folien?|páginas?|diapositivas?|страниц\w*|слайд\w*)\s*(\d{1,4})(?:\s*(?:-|–|to|bis|à|a|al|and|und|et|y|до)\s*(\d{1,4}))?\b"
    r"|第\s*(\d{1,4})(?:\s*(?:-|–|到|至|~)\s*(\d{1,4}))?\s*[页頁张張]|(\d{1,4})\s*ページ|(\d{1,4})\s*(?:쪽|페이지)"
    r"|\b(\d{1,4})(?:st|nd|rd|th)\s+(?:page|slide)\b",
    re.IGNORECASE,
)
_WRITTEN = {  # beside those of English and Chinese, which `plain_numbers` knows
    word: number
    for number, words in enumerate(
        (
            "zwei deux dos dois duas два две двух двумя", "drei trois tres três три трёх трех тремя",
            "vier quatre cuatro quatro четыре четырёх четырех", "fünf cinq cinco пять пяти", "sechs six seis шесть шести",
            "sieben sept siete sete семь семи", "acht huit ocho oito восемь восьми", "neun neuf nueve nove девять девяти",
            "zehn dix diez dez десять десяти",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_WRITTEN_OUT = re.compile(rf"\b(?:{'|'.join(_WRITTEN)})\b", re.IGNORECASE)
_CJK_DIGITS = {character: number for number, character in enumerate("一二三四五六七八九十", start=1)} | {
    "两": 2, "한": 1, "두": 2, "세": 3,
}  # fmt: skip

LANGUAGES = (
    "en zh de fr es pt it nl pl ru uk tr ar hi ja ko vi th sv da no fi cs el he hu ro id la"
).split()  # that can be asked for by name
_NAMED_IN = ("en", "zh", "de", "fr", "es", "pt", "ja", "ko", "ru")  # the languages whose names for them are known
_ALIASES = {"zh": ("中文", "汉语", "普通话", "mandarin", "简体", "繁体"), "en": ("英文",), "ja": ("日文",), "ko": ("韩文",), "de": ("德文",),
            "fr": ("法文",), "es": ("西文", "castellano"), "ru": ("俄文",), "el": ("greek",)}  # fmt: skip
_INTO = r"(?:\b(?:in|into|to|auf|ins|en|em|au|al|para|na|на|по)\s+(?:(?:the|simple|plain|einfache[sm]?|le|el|o)\s+)?|[译翻]?成\s*|用|以|译为|為|为)"


def form_of(words: str) -> Form:
    """What it says of the form of the answer. A language counts where the answer is to be in it ("in German")."""
    said = _WRITTEN_OUT.sub(lambda found: str(_WRITTEN[found[0].lower()]), plain_numbers(words))
    shape: Shape = next((shape for shape, pattern in _SHAPE if pattern.search(words)), "")
    sentences, items = _SENTENCES.search(said), _ITEMS.search(said)
    return Form(shape, _number(sentences), _number(items), language_asked(words))


def pages_of(words: str) -> tuple[int, int] | None:
    """First and last page (or slide) that it names, from 1: "page 3", "pages 2-4", "第3页"."""
    found = _PAGES.search(words)
    if found is None:
        return None
    numbers = [int(one) for one in found.groups() if one]
    return min(numbers), max(numbers)


def language_asked(words: str, anywhere: bool = False) -> str:
    """ISO 639-1 of the language that the answer is to be in; "" where none is named.

    anywhere: any language that is named counts, as in a request to translate.
    """
    lower = words.lower()
    into = [code for code, asked, _ in _language_patterns() if asked.search(lower)]
    if into:
        return into[-1]
    named = [code for code, _, named in _language_patterns() if named.search(lower)] if anywhere else []
    return named[-1] if named else ""


def language_name(code: str, in_language: str = "en") -> str:
    """ "de" → "German", "德语"; the code itself where it has no name."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(in_language).languages.get(code)
    except (UnknownLocaleError, ValueError):
        name = None
    return str(name or code)


@cache
def _language_patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Of every language its code, what asks for an answer in it, and its names in any language, in lower case."""
    found = []
    for code in LANGUAGES:
        names = {language_name(code, spoken).lower() for spoken in _NAMED_IN} | set(_ALIASES.get(code, ()))
        either = "|".join(_with_endings(name) for name in sorted(names - {code}, key=len, reverse=True))
        found.append((code, re.compile(f"{_INTO}(?:{either})"), re.compile(either)))
    return tuple(found)


def _with_endings(name: str) -> str:
    """The endings of cases may follow ("ins Englische"); Chinese and Japanese put no blanks around a name."""
    if not re.match(r"[^\W\d_]", name) or re.match(r"[\u3040-\u9fff\uac00-\ud7af]", name):
        return re.escape(name)
    return rf"\b{re.escape(name)}\w{{0,3}}\b" if len(name) > 4 else rf"\b{re.escape(name)}\b"


def _number(found: re.Match[str] | None) -> int:
    if found is None:
        return 0
    said = next(one for one in found.groups() if one)
    return int(said) if said.isdigit() else _CJK_DIGITS.get(said, 1)
