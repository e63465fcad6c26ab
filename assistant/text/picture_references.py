"""Which pictures a question means ("picture 2", "第二张图"), and whether it sets them side by side."""

import re
from collections.abc import Mapping, Sequence

from assistant.values.parts import Image

_ORDINALS = {
    word: number
    for number, words in enumerate(
        "first 1st|second 2nd|third 3rd|fourth 4th|fifth 5th|sixth 6th|seventh 7th|eighth 8th".split("|"), start=1
    )
    for word in words.split()
} | {"last": -1, "latest": -1, "previous": -2}
_CHINESE = {character: number for number, character in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_PICTURE = r"(?:picture|photo|photograph|image|screenshot|scan|drawing)s?"
_NUMBER = r"(?:no\.?\s*|number\s*|#\s*)?(\d{1,2})"
_NUMBERED = re.compile(
    rf"\b{_PICTURE}\s+{_NUMBER}(?:\s*(?:,|and|or|to|with|vs\.?|&|–|-)\s*(?:{_PICTURE}\s+)?{_NUMBER})*", re.I
)
_ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)})(?:\s+(?:and|or)\s+(?:the\s+)?({'|'.join(_ORDINALS)}))?\s+(?:one|{_PICTURE})\b", re.I
)
_CHINESE_NUMBERED = re.compile(
    r"(?:图片|照片|图像|截图|图)\s*(\d{1,2}|[一二三四五六七八九十])(?:\s*[和与跟、,，]\s*(?:(?:图片|照片|图像|截图|图)\s*)?(\d{1,2}|[一二三四五六七八九十]))*"
)
_CHINESE_ORDINAL = re.compile(r"第\s*(\d{1,2}|[一二三四五六七八九十])\s*[张幅]|(最后)一[张幅]|(上)一[张幅]")
_COMPARES = re.compile(
    r"\b(differ\w*|compar\w+|contrast\w*|alike|similar\w*|(?:in|have in) common|changed?|(?:the )?same|both)\b"
    r"|不同|区别|差别|差异|比较|对比|相同|一样|变化|共同",
    re.IGNORECASE,
)


def numbered(images: Sequence[Image], new: frozenset[str]) -> Mapping[str, int]:
    """source_id → its number for a person: those of this turn (`new`) from 1; where there are none, all."""
    pictures = [image for image in images if image.seconds is None and image.source_id]
    counted = [image for image in pictures if image.source_id in new] or pictures
    return {image.source_id: number for number, image in enumerate(counted, 1)}


def meant(question: str, images: Sequence[Image], new: frozenset[str]) -> tuple[str, ...]:
    """source_ids of the pictures that the question names by number, place or file; of those it compares, all of this
    turn."""
    numbers = numbered(images, new)
    found: list[str] = []
    for number in _numbers(question):
        wanted = number if number > 0 else len(numbers) + 1 + number
        found += [source_id for source_id, place in numbers.items() if place == wanted]
    lower = question.lower()
    found += [image.source_id for image in images if image.source_id and image.name.lower() in lower]
    if not found and compares(question):
        found = list(numbers) if new.intersection(numbers) or len(numbers) <= 2 else []
    return tuple(dict.fromkeys(found))


_WHERE = re.compile(
    r"\b(where|point (?:at|to|out)|locate|mark|highlight|outline|circle|which (?:part|corner|side|area)|position of)\b"
    r"|哪里|哪儿|在哪|指出|标出|圈出|位置|哪个(?:部分|角|地方)",
    re.IGNORECASE,
)


def asks_where(question: str) -> bool:
    """Whether it asks for a place in a picture."""
    return bool(_WHERE.search(question))


def compares(question: str) -> bool:
    """Whether it asks what things share or what differs between them, so that each must be looked at."""
    return bool(_COMPARES.search(question))


def named_in(sentence: str) -> tuple[str, frozenset[int]]:
    """The sentence without the pictures that it names by number ("in picture 2"), and these numbers."""
    numbers: set[int] = set()
    for pattern in (_NUMBERED, _CHINESE_NUMBERED):
        for match in pattern.finditer(sentence):
            numbers.update(_numbers(match.group()))
        sentence = pattern.sub(" ", sentence)
    return sentence, frozenset(numbers)


def _numbers(question: str) -> list[int]:
    found: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(question):
        found += [(match.start(), int(number)) for number in re.findall(r"\d{1,2}", match.group())]
    for match in _ORDINAL.finditer(question):
        found += [(match.start(), _ORDINALS[word.lower()]) for word in match.groups() if word]
    for match in _CHINESE_NUMBERED.finditer(question):
        found += [
            (match.start(), _chinese(each)) for each in re.findall(r"\d{1,2}|[一二三四五六七八九十]", match.group())
        ]
    for match in _CHINESE_ORDINAL.finditer(question):
        number, last, before = match.groups()
        found.append((match.start(), _chinese(number) if number else -1 if last else -2 if before else 0))
    return [number for _, number in sorted(found, key=lambda one: one[0])]


def _chinese(number: str) -> int:
    return int(number) if number.isdigit() else _CHINESE[number]
