"""Subtitles as files (.srt, .vtt): a line for each, with its time, without the marks that place and colour it."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.media import digest
from assistant.text.word_count import count_words
from assistant.values.evidence import Document, Lines, Passage, TextSpan, clock
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval.decoding import decode, guess_note
from retrieval.loaders.text import by_lines
from retrieval.parse_context import ParseContext

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_CUE = re.compile(rf"[ \t]{{0,9}}{_TIME}[ \t]{{0,9}}-->[ \t]{{0,9}}{_TIME}(?:[ \t]|$)")
_SPEAKER = re.compile(r"<v(?:\.[\w.]{1,60})?[ \t]([^<>]{1,100})>")
_MARK = re.compile(r"</?[a-zA-Z0-9][^<>]{0,200}>|\{\\[^{}]{0,200}\}")


class SubtitlesLoader:
    kind = say("subtitles")
    extensions = (".srt", ".vtt")
    media_types = ("application/x-subrip", "text/vtt")

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        lines, places, start, words, last = list[str](), list[TextSpan](), 0, 0, ""
        for number, end, time, said in _cues(text.split("\n")):
            if said and said != last:
                line = f"{time}: {said}"
                lines.append(line)
                places.append(TextSpan(start, start + len(line), Lines(number, end)))
                start += len(line) + 1
                words += count_words(said)
            last = said or last
        notes = guess_note(name, guess)
        if not lines:
            return Document(digest(path), name, "text", by_lines(text), notes=notes)
        first, final = places[0].location, places[-1].location
        assert isinstance(first, Lines)
        assert isinstance(final, Lines)
        passage = Passage("\n".join(lines), Lines(first.first, final.last), tuple(places))
        return Document(digest(path), name, "text", (passage,), notes=notes, facts=FileFacts("", name, words=words))


def _cues(lines: list[str]) -> Iterator[tuple[int, int, str, str]]:
    """First and last line of each, its time, and what it says; lines that the one before said already are left out."""
    shown: list[str] = []
    at = 0
    while at < len(lines):
        found = _CUE.match(lines[at])
        if found is None:
            at += 1
            continue
        begin = at + 1
        at += 1
        said: list[str] = []
        while at < len(lines) and not _CUE.match(lines[at]) and (lines[at].strip() or (not said and at == begin)):
            said.append(_plain(lines[at]))
            at += 1
        if at < len(lines) and _CUE.match(lines[at]) and said and said[-1].isdecimal():
            said.pop()  # the number of the next one, without a blank line before it
        said = [line for line in said if line]
        rolled = said[1:] if len(said) > 1 and shown and said[0] == shown[-1] else said
        shown = said or shown
        yield begin, max(begin, at), f"{_clock(found, 0)}–{_clock(found, 4)}", " ".join(rolled)


def _plain(line: str) -> str:
    line = _SPEAKER.sub(r"\1: ", line)
    return " ".join(html.unescape(_MARK.sub("", line)).split())


def _clock(found: re.Match[str], at: int) -> str:
    hours, minutes, seconds = (int(found[at + part] or 0) for part in (1, 2, 3))
    return clock(hours * 3600 + minutes * 60 + seconds)
