"""Inverse text normalization: what was heard, as the person would write it. Numbers are in digits, Chinese is in the
script of the person and with its own punctuation.

Whisper writes Chinese in the script of whatever it learned from, often traditional for a speaker from Beijing, and
puts English commas into it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.ports.speech import Segment, Transcript, Word
from assistant.settings.settings import ChineseScript
from assistant.speech.recognition.digits import in_digits
from assistant.text.chinese_scripts import Script, in_script, script_of
from assistant.text.tokens import is_cjk

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_WIDE = {",": "，", "?": "？", "!": "！", ":": "：", ";": "；", ".": "。"}
_MARK = re.compile(
    rf"(?<=[{_HAN}]) ?([,?!;:]) ?"
    rf"|(?<=[{_HAN}]) ?(\.)(?= |$|[{_HAN}]) ?"
    rf"|(?<=[\w%」”）]) ?([,?!;:]) ?(?=[{_HAN}])"
)
_BLANK = re.compile(rf"(?<=[{_HAN}，。？！：；]) +(?=[{_HAN}])")


def inverse_normalized(heard: Transcript, script: ChineseScript, hints: Sequence[str] = ()) -> Transcript:
    """script "auto": that of the hints, else simplified. Japanese is left alone."""
    if heard.language == "ja":
        return heard
    chosen: Script = (script_of(hints) or "simplified") if script == "auto" else script
    return replace(heard, segments=tuple(_segment(segment, chosen) for segment in heard.segments))


def _segment(segment: Segment, script: Script) -> Segment:
    words = tuple(Word(word.start, word.end, in_script(word.text, script)) for word in segment.words)
    return replace(segment, text=_chinese(_in_digits(in_script(segment.text, script))), words=words)


def _in_digits(text: str) -> str:
    """Numbers are known in simplified characters; where there are none, no character is changed twice."""
    simplified = in_script(text, "simplified")
    told = in_digits(simplified)
    return text if told == simplified else told if text == simplified else in_script(told, "traditional")


def _chinese(text: str) -> str:
    """With full-width marks after Chinese characters; a blank where the speaker paused is a comma."""
    if not is_cjk(text):
        return text
    text = _MARK.sub(lambda match: _WIDE[match[1] or match[2] or match[3]], text)
    return _BLANK.sub(lambda match: "" if match.string[match.start() - 1] in "，。？！：；" else "，", text)
