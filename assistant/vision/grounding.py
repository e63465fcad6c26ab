"""Places in a picture as vision-language models write them, read into boxes; and answers without that markup.

JSON objects as Qwen-VL ({"bbox_2d": [x1, y1, x2, y2], "label": …}, "point_2d") and Gemma ({"box_2d": [y1, x1, y2, x2]})
write them; <ref>…</ref><box>…</box> and bare (x1,y1),(x2,y2) as Qwen2-VL and InternVL; <point x= y=> as Molmo, in per
cent; <loc0000> as PaliGemma, four to a box, from the top. What cannot be read as a box is left as it is written.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

from assistant.values.evidence import Box

Scale = Literal["thousandths", "pixels"]

MARK = "\ue010"  # stands in the text behind what a place belongs to; a character nobody writes
AROUND = 0.015  # of a picture's side, on each side of a point
_OPENS = re.compile(
    r"```(?:json)?\s*[\[{]|\[\s*\{\s*\"|\{\s*\"(?:bbox|box|point|label)|<(?:ref|box|point|loc\d|\|)|\(\d{1,4}\s*,\s*\d"
)
_MAY_OPEN = re.compile(
    r"(?:`{1,3}(?:j(?:s(?:on?)?)?)?\s*|\[\s*|(?:\[\s*|(?<!\s)\s*)\{\s*\"?[a-z_0-9]{0,8}|<\|?[a-z]{0,5}\d{0,4}|\(\d{0,4}\s*(?:,\s*)?)$"
)
_BLOCK = re.compile(r"```(?:json)?\s*+(.*?)```|```(?:json)?\s*+(.*)\Z", re.DOTALL)
_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_FOUR = rf"\[{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}\]"
_PAIR = rf"\({_NUMBER},{_NUMBER}\)\s*,\s*\({_NUMBER},{_NUMBER}\)"
_BEGIN = r"(?:<ref>|<\|object_ref_start\|>)"
_REF = rf"{_BEGIN}(?P<label>(?:(?!{_BEGIN}).)*?)(?:</ref>|<\|object_ref_end\|>)\s*"
_TAGGED = re.compile(
    rf"(?:{_REF})?(?:<box>|<\|box_start\|>)\s*\[?(?:{_FOUR}|{_PAIR})\]?\s*(?:</box>|<\|box_end\|>)|(?:{_REF})?{_PAIR}".replace(
        "(?P<label>", "("
    ),
    re.DOTALL,
)
_POINT = re.compile(r"<point\s+x=\"([\d.]+)\"\s+y=\"([\d.]+)\"[^<>]*>((?:(?!<point\s).)*?)</point>", re.DOTALL)
_LOC = re.compile(r"<loc(\d{4})><loc(\d{4})><loc(\d{4})><loc(\d{4})>\s*([^;<\n]*)")
_LEFT_OVER = re.compile(r"</?(?:ref|box|quad)>|<\|/?(?:box|object_ref|quad)_(?:start|end)\|>|<loc\d{4}>")


@dataclass(frozen=True)
class GroundedBox:
    """A place that the model pointed at. label: what it called it, "" if nothing."""

    label: str
    box: Box


@dataclass(frozen=True)
class Grounded:
    """text: for a person, with a MARK where each of the places belongs, in their order."""

    text: str
    places: tuple[GroundedBox, ...] = ()


def read(said: str, scale: Scale = "thousandths", width: int = 0, height: int = 0) -> Grounded:
    """scale: what coordinates are counted in. width, height: of the picture as the model got it, for pixels.

    Coordinates above 1000 are pixels whatever was expected; what lies outside the picture is cut, and what is left of
    nothing is no place.
    """
    reader = _GroundingParser(scale, width, height)
    text = _BLOCK.sub(reader.block, said)
    text = reader.json_in(text)
    for pattern, replace in ((_TAGGED, reader.tagged), (_POINT, reader.point), (_LOC, reader.loc)):
        text = pattern.sub(replace, text)
    if not reader.found:
        return Grounded(said)
    text = _LEFT_OVER.sub("", text)
    ordered = [reader.found[int(number)] for number in re.findall(f"{MARK}(\\d+){MARK}", text)]
    return Grounded(re.sub(f"{MARK}\\d+{MARK}", MARK, text).strip(), tuple(ordered))


def hidden_from(text: str, whole: bool = False) -> int:
    """Where markup begins in an answer, or may be beginning while it is not whole: what stands before can be shown."""
    begun = _OPENS.search(text) or (None if whole else _MAY_OPEN.search(text))
    return begun.start() if begun is not None else len(text)


class _GroundingParser:
    """Reads one answer. A found place stands in its text as its number between two marks."""

    def __init__(self, scale: Scale, width: int, height: int) -> None:
        self._scale, self._width, self._height = scale, width, height
        self.found: list[GroundedBox] = []

    def block(self, match: re.Match[str]) -> str:
        inside = (match[1] if match[1] is not None else match[2]).strip()
        try:
            told = json.loads(inside)
        except ValueError:
            return match.group()
        return self._listed(told) or match.group()

    def json_in(self, text: str) -> str:
        """The text with every JSON value that holds places turned into words."""
        out, at, decoder = "", 0, json.JSONDecoder()
        while (begin := re.compile(r"[\[{]").search(text, at)) is not None:
            try:
                told, end = decoder.raw_decode(text, begin.start())
            except (ValueError, RecursionError):
                told, end = None, begin.start() + 1
            words = self._listed(told) if isinstance(told, dict | list) else ""
            out += text[at : begin.start()] + (words or text[begin.start() : end])
            at = end
        return out + text[at:]

    def tagged(self, match: re.Match[str]) -> str:
        groups = match.groups()
        label = next((group for group in (groups[0], groups[9]) if group), "").strip()
        numbers = [group for group in (*groups[1:9], *groups[10:]) if group is not None]
        return label + self._mark(label, numbers[:4]) if len(numbers) >= 4 else match.group()

    def point(self, match: re.Match[str]) -> str:
        """In per cent."""
        x, y = float(match[1]) / 100, float(match[2]) / 100
        return match[3].strip() + self._place(match[3].strip(), _around(x, y))

    def loc(self, match: re.Match[str]) -> str:
        top, left, bottom, right = (int(each) / 1024 for each in match.groups()[:4])
        label = match[5].strip()
        return label + self._place(label, (left, top, right, bottom))

    def _listed(self, told: Any) -> str:
        """Labels, a line each where there are several."""
        lines = [
            f"{label or ''}{mark}".strip()
            for label, mark in ((_label(one), self._of_object(one)) for one in _objects(told))
            if mark
        ]
        return lines[0] if len(lines) == 1 else "".join(f"\n- {line}" for line in lines)

    def _of_object(self, told: dict[str, Any]) -> str:
        for name in ("bbox_2d", "bbox", "box"):
            if _are_numbers(four := told.get(name), 4):
                return self._mark(_label(told), four)
        if _are_numbers(four := told.get("box_2d"), 4):  # from the top
            top, left, bottom, right = four
            return self._mark(_label(told), (left, top, right, bottom))
        if _are_numbers(two := told.get("point_2d") or told.get("point"), 2):
            x, y = self._fractions((*two, *two))[:2]
            return self._place(_label(told), _around(x, y))
        return ""

    def _mark(self, label: str, corners: Sequence[Any]) -> str:
        return self._place(label, self._fractions(tuple(float(each) for each in corners)))

    def _fractions(self, corners: Sequence[float]) -> tuple[float, float, float, float]:
        pixels = self._scale == "pixels" or max(corners) > 1000
        wide, high = (self._width, self._height) if pixels and self._width and self._height else (1000, 1000)
        left, top, right, bottom = corners
        return left / wide, top / high, right / wide, bottom / high

    def _place(self, label: str, corners: tuple[float, float, float, float]) -> str:
        left, top, right, bottom = (min(max(each, 0.0), 1.0) for each in corners)
        if right <= left or bottom <= top:
            return ""
        self.found.append(GroundedBox(label, Box(left, top, right, bottom)))
        return f"{MARK}{len(self.found) - 1}{MARK}"


def _objects(told: Any) -> Iterator[dict[str, Any]]:
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict):
            yield one


def _label(told: dict[str, Any]) -> str:
    return next(
        (told[name].strip() for name in ("label", "text_content", "name") if isinstance(told.get(name), str)), ""
    )


def _are_numbers(value: Any, count: int) -> TypeGuard[list[float]]:
    return (
        isinstance(value, list)
        and len(value) == count
        and all(isinstance(each, int | float) and not isinstance(each, bool) and abs(each) < 1e6 for each in value)
    )


def _around(x: float, y: float) -> tuple[float, float, float, float]:
    return x - AROUND, y - AROUND, x + AROUND, y + AROUND
