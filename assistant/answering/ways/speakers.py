"""Who speaks in a recording: told by channel or voice, and called by the names that the person gives."""

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.context import Context, Reply
from assistant.answering.numbered_citations import NumberedCitations
from assistant.answering.speaker_words import found_in, named, references
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited
from assistant.text.answer_language import in_language
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence, Seconds, TextSpan, track_name
from assistant.values.files import FileFacts
from assistant.values.messages import say
from assistant.values.request import Request, to_parse
from assistant.values.speakers import SpeakerName, names_given, with_names

QUOTED = 80  # characters of the first words of a speaker
_UNDO = re.compile(
    r"\bundo|\b(?:take|took)\b.{0,60}\bback\b|rückgängig|zurück|annul|défai[st]|deshaz|deshacer|desfaz|desfaç|отмен|"
    r"撤[销回]|取消|元に戻|取り消|되돌|취소",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Speaker:
    """A channel, track or voice of a recording, and where it is first heard."""

    track: str
    piece: Evidence
    place: TextSpan


@dataclass
class _Telling:
    """What is said of each recording, with and without numbers."""

    language: str
    numbers: NumberedCitations = field(default_factory=NumberedCitations)
    texts: list[str] = field(default_factory=list)

    def tell(self, what: str, file: FileFacts, speakers: Sequence[_Speaker], called: Mapping[str, str]) -> None:
        said = in_language(self.language)
        listed = []
        for one in speakers:
            piece, start, end = with_names(one.piece, {file.source_id: called}), one.place.start, one.place.end
            end = _cut(piece.content, start, end)
            number = self.numbers.at(piece, start, end)
            listed.append(
                {
                    "track": said.said(track_name(one.track)),
                    "person": called.get(one.track, ""),
                    "quote": " ".join(piece.content[start:end].split()),
                    "number": int(number.strip("[]")),
                }
            )
        self.texts.append(said.render("speakers.md.j2", what=what, source=file.name, speakers=listed))

    def reply(self, speakers: Sequence[SpeakerName]) -> Reply:
        text = "\n\n".join(self.texts)
        return Reply(Cited(text, tuple(self.numbers.citations), ()), speakers=tuple(speakers))


class WhoSpeaks:
    """Exact: what is named is remembered with the turn, and no model is asked."""

    kinds: Mapping[str, Kind] = {
        "speakers": Kind(
            needs=("recording",),
            about="recordings",
            wanted="who speaks on which channel of a recording, or names for those who speak",
            name=say("who speaks"),
            facets={
                "name": say("names for who speaks"),
                "swap": say("names for who speaks"),
                "forget": say("names for who speaks"),
                "who": say("names for who speaks"),
            },
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        files = [one for one in context.facts(request) if one.medium in ("audio", "video")]
        files = files or [one for one in context.files if one.medium in ("audio", "video")][-1:]
        if not files:
            return None
        yield Status("reading", say("Reading {name}", name=files[0].name))
        telling, given = _Telling(request.answer_language), []
        for file in files:
            there = _speakers(context.unnamed(file.source_id))
            called = {track: name for track, name in context.speakers.get(file.source_id, {}).items() if name}
            if not there and request.facet == "who":
                return None  # the words may say it
            new = _given(request, file, there, called, context)
            called = names_given([*(SpeakerName(file.source_id, *one) for one in called.items()), *new]).get(
                file.source_id, {}
            )
            telling.tell(_what(request, there, new), file, there, called)
            given += new
        context.name(given)
        yield Delta(telling.numbers.without_numbers("\n\n".join(telling.texts)))
        return telling.reply(given)


def _what(request: Request, there: Sequence[_Speaker], new: Sequence[SpeakerName]) -> str:
    if not there:
        return "one"
    if any(one.name for one in new):
        return "named"
    if new or request.facet == "forget":
        return "forgotten"
    return "who" if request.facet == "who" else "which"


def _given(
    request: Request, file: FileFacts, there: Sequence[_Speaker], called: Mapping[str, str], context: Context
) -> list[SpeakerName]:
    """What the words change. Of names that are forgotten, those that they speak of, or all of them."""
    tracks = {one.track: called.get(one.track, "") for one in there}
    if not tracks:
        return []
    known = [name for name in called.values() if name]
    if request.facet == "swap" and (both := _exchanged(request.words, known, tracks)):
        return [SpeakerName(file.source_id, track, name) for track, name in both.items()]
    if request.facet == "forget":
        if _UNDO.search(to_parse(request.words)) and (before := _before(file.source_id, context)):
            return before
        meant = [found_in(one, tracks) for one in references(request.words, known)]
        whom = [track for track in called if track in meant] or list(called)
        return [SpeakerName(file.source_id, track, "") for track in whom]
    if request.facet == "who":
        return []
    pairs = [(found_in(whom, tracks), name) for whom, name in named(request.words, known)]
    found = {track: name for track, name in pairs if track is not None}
    return [SpeakerName(file.source_id, track, name) for track, name in found.items()]


def _before(source_id: str, context: Context) -> list[SpeakerName]:
    """What the names were before they were given last; none where they were given but once."""
    changes = [exchange.speakers for exchange in context.conversation.exchanges if exchange.speakers]
    last = [one.track for one in changes[-1] if one.source_id == source_id] if changes else []
    earlier = names_given(one for change in changes[:-1] for one in change).get(source_id, {})
    return [SpeakerName(source_id, track, earlier.get(track, "")) for track in dict.fromkeys(last)]


def _exchanged(words: str, known: Sequence[str], tracks: Mapping[str, str]) -> dict[str, str]:
    """Two names the other way round, where the words speak of exactly two and give no new one, or of none."""
    meant = [found_in(one, tracks) for one in references(words, known)]
    two = [one for one in dict.fromkeys(meant) if one is not None and tracks.get(one)]
    two = two or [track for track, name in tracks.items() if name]
    if len(two) != 2:
        return {}
    first, second = two
    return {first: tracks[second], second: tracks[first]}


def _speakers(pieces: Sequence[Evidence]) -> list[_Speaker]:
    """In the order of their first words. None where there is but one sound."""
    found: dict[str, _Speaker] = {}
    for piece in pieces:
        for place in piece.places or (TextSpan(0, len(piece.content), piece.location),):
            at = place.location
            if isinstance(at, Seconds) and at.sense == "heard" and at.track and piece.content[place.start : place.end]:
                known = found.get(at.track)
                if known is None or at.start < _start(known):
                    found[at.track] = _Speaker(at.track, piece, place)
    return sorted(found.values(), key=_start)


def _start(speaker: _Speaker) -> float:
    at = speaker.place.location
    return at.start if isinstance(at, Seconds) else 0.0


def _cut(content: str, start: int, end: int) -> int:
    """Where the first words end, at a word."""
    if end - start <= QUOTED:
        return end
    at = content.rfind(" ", start + QUOTED // 2, start + QUOTED)
    return at if at > 0 else start + QUOTED
