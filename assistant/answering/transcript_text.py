"""A transcript as it is told: paragraphs, lines with their times, or subtitles; its numbers, and its files to save."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import PurePath
from typing import Literal

from assistant.answering.transcripts import Paragraph
from assistant.citing.citations import Cited
from assistant.text import subtitles
from assistant.text.answer_language import in_language
from assistant.values.events import Citation, Delta, MadeFile
from assistant.values.evidence import Seconds, clock, track_name
from assistant.values.files import FileFacts

Shape = Literal["plain", "times", "srt", "vtt"]
SHOWN: dict[Shape, int] = {"plain": 60_000, "times": 60_000, "srt": 20_000, "vtt": 20_000}  # letters; a file has all
MOST_CITED = 200  # paragraphs with a citation of their own; of longer ones several share one
_TYPES = {"srt": "application/x-subrip", "vtt": "text/vtt", "txt": "text/plain"}


@dataclass
class Telling:
    """Words as they come, which are remembered with the places where the numbers go.

    language: of the answer.
    """

    shape: Shape
    language: str
    text: str = ""
    made: list[MadeFile] = field(default_factory=list)
    _marks: list[tuple[int, FileFacts, Paragraph]] = field(default_factory=list)

    @property
    def cued(self) -> bool:
        return self.shape in ("srt", "vtt")

    def say(self, what: str, **facts: str) -> Iterator[Delta]:
        """One of the sentences of transcript.md.j2, as a paragraph."""
        blank = dict.fromkeys(("source", "length", "span", "file", "at", "of", "why"), "")
        yield from self.add(in_language(self.language).render("transcript.md.j2", **{**blank, **facts}, what=what))

    def add(self, words: str, between: str = "\n\n") -> Iterator[Delta]:
        words = f"{between}{words}" if self.text else words
        self.text += words
        yield Delta(words)

    def cite(self, file: FileFacts, paragraph: Paragraph) -> None:
        """A number goes where the text ends now."""
        self._marks.append((len(self.text), file, paragraph))

    def cited(self) -> Cited:
        """The text with its numbers."""
        citations: list[Citation] = []
        out, last = "", 0
        for group in _groups(self._marks):
            (_, file, first), (position, _, final) = group[0], group[-1]
            number = len(citations) + 1
            track = first.at.track if all(one.at.track == first.at.track for _, _, one in group) else ""
            at = Seconds(first.at.start, max(first.at.end, final.at.end), first.at.sense, track)
            quote = (file.source_id, file.name, file.medium, at, first.quote, first.context)
            citations.append(Citation(number, *quote))
            out += f"{self.text[last:position]}[{number}]"
            last = position
        return Cited(out + self.text[last:], tuple(citations), ())


@dataclass
class OneTelling:
    """One recording, told as it is heard."""

    file: FileFacts
    telling: Telling
    shown: int = 0
    cut: bool = False
    _told: int = 0
    _cues: int = 0

    def more(self, settled: Sequence[Paragraph]) -> Iterator[Delta]:
        """What was not told yet of these, which are all from the beginning on."""
        for paragraph in settled[self._told :]:
            if self.shown >= SHOWN[self.telling.shape]:
                self.cut = True
                return
            before = len(self.telling.text)
            if self.telling.cued:
                yield from self._as_cues(paragraph)
            else:
                yield from self._as_words(paragraph)
            self._told += 1
            self.shown += len(self.telling.text) - before

    def end(self, every: Sequence[Paragraph], reached_end: bool = True) -> Iterator[Delta]:
        """Once all of it was told: what belongs below, and its files."""
        if self.telling.cued and self._told:
            yield from self.telling.add("```", "")
        taken = [one.name for one in self.telling.made]
        self.telling.made += files(self.file, every, self.telling.shape, taken, self.telling.language)
        if self.cut and reached_end:
            name = next(made.name for made in reversed(self.telling.made) if self._is_same(made))
            yield from self.telling.say("cut", file=name)

    def _is_same(self, made: MadeFile) -> bool:
        return made.media_type == _TYPES["txt" if not self.telling.cued else self.telling.shape]

    def _as_words(self, paragraph: Paragraph) -> Iterator[Delta]:
        lines = [paragraph.text] if self.telling.shape == "plain" else _timed(paragraph)
        yield from self.telling.add(_by_track(paragraph, self.telling.language) + "\n\n".join(lines))
        self.telling.cite(self.file, paragraph)

    def _as_cues(self, paragraph: Paragraph) -> Iterator[Delta]:
        if not self._told:
            yield from self.telling.say("subtitles", source=self.file.name)
            self.telling.cite(self.file, paragraph)
            yield from self.telling.add("```\n" + ("WEBVTT\n\n" if self.telling.shape == "vtt" else ""))
        made = subtitles.cues(_said(paragraph, self.telling.language))
        write = subtitles.srt if self.telling.shape == "srt" else subtitles.vtt
        yield from self.telling.add(write(made, first=self._cues + 1).removeprefix("WEBVTT\n\n"), "")
        self._cues += len(made)


def files(
    file: FileFacts, every: Sequence[Paragraph], shape: Shape, taken: Sequence[str], language: str = ""
) -> list[MadeFile]:
    """The subtitles asked for; of a transcript its text, and subtitles too. taken: names that are not free.

    language: in which it is said on which channel somebody speaks.
    """
    if not every:
        return []
    cues = [cue for paragraph in every for cue in subtitles.cues(_said(paragraph, language))]
    told = [_by_track(one, language) + ("\n".join(_timed(one)) if shape == "times" else one.text) for one in every]
    texts = {
        "txt": "\n\n".join(told) + "\n",
        "srt": subtitles.srt(cues),
        "vtt": subtitles.vtt(cues),
    }
    endings = ("srt",) if shape == "srt" else ("vtt",) if shape == "vtt" else ("txt", "srt")
    stem = PurePath(file.name).stem or file.name
    if any(f"{stem}.{ending}" in taken for ending in endings):
        stem = file.name
    return [MadeFile(f"{stem}.{ending}", _TYPES[ending], texts[ending]) for ending in endings]


def _by_track(paragraph: Paragraph, language: str) -> str:
    """ "left: ", where it is said on one of several channels or tracks."""
    track = paragraph.at.track
    return f"{in_language(language).said(track_name(track))}: " if track else ""


def _said(paragraph: Paragraph, language: str) -> tuple[subtitles.TimedWords, ...]:
    """As `_by_track`, before its first words."""
    first, *others = paragraph.said
    return replace(first, text=_by_track(paragraph, language) + first.text), *others


def _timed(paragraph: Paragraph) -> list[str]:
    return [f"[{clock(one.start)}] {one.text}" for one in paragraph.said]


def _groups(marks: Sequence[tuple[int, FileFacts, Paragraph]]) -> Iterator[list[tuple[int, FileFacts, Paragraph]]]:
    """As many neighbours together as make few enough of them; never of two recordings."""
    most = ceil(len(marks) / MOST_CITED)
    group: list[tuple[int, FileFacts, Paragraph]] = []
    for mark in marks:
        if group and (len(group) >= most or group[-1][1] != mark[1]):
            yield group
            group = []
        group.append(mark)
    if group:
        yield group
