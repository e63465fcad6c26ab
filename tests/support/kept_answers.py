"""An answer in which every kind of value is, and a history to keep such ones in."""

from pathlib import Path

from assistant.conversations.history import AttachedFile, History
from assistant.storage.originals import Originals
from assistant.values.events import Answer, Citation, MadeFile, Received, ReceivedEvidence, ReceivedFile
from assistant.values.evidence import Box, Lines, Location, Page, Region, Seconds, Section, Sheet, Slide
from assistant.values.request import Form, Request, Span
from assistant.values.speakers import SpeakerName

THIRDS = Box(1 / 3, 0.1, 2 / 3, 0.7000000001)
LOCATIONS: tuple[Location, ...] = (
    Page(3, (THIRDS, Box(0, 0, 1, 1))),
    Slide(2),
    Seconds(1.25, 7.000001),
    Region((THIRDS,)),
    Sheet("Costs", 2, 9),
    Section("Safety"),
    Lines(10, 24),
)
SOURCE, OTHER_SOURCE = "ab" * 32, "cd" * 32


def full_answer(text: str = "It was Dana.[1] 她保养了水泵。") -> Answer:
    return Answer(
        text,
        tuple(
            Citation(number, SOURCE, "report.pdf", "text", at, f"quote {number}", context=f"around {number}")
            for number, at in enumerate(LOCATIONS, 1)
        ),
        grounded=True,
        confidence=0.731,
        unsupported=("A claim.",),
        speakers=(SpeakerName(SOURCE, "left", "Anna"),),
        received=Received(
            question="Who serviced the pump?",
            heard="Who serviced the pump?",
            files=(
                ReceivedFile("report.pdf", "text", "read", pages=7),
                ReceivedFile("a.wav", "audio", "heard", seconds=3.2),
            ),
            evidence=tuple(ReceivedEvidence("report.pdf", "text", at, 0.25) for at in LOCATIONS),
            pictures_sent=1,
            history_turns=2,
            prompt_tokens=100,
            answer_tokens=9,
            media_weights=(("text", 1.0), ("audio", 0.6)),
            notes=("Page 3 has no text.",),
            request=Request(
                "Who serviced the pump, and transcribe it",
                files=(SOURCE,),
                meant="last",
                span=Span(0, float("inf")),
                pages=(1, 2),
                form=Form("srt", language="zh"),
                scores=(("fact", 0.9), ("transcript", 0.5)),
                parts=(
                    Request("Who serviced the pump", files=(SOURCE,)),
                    Request("transcribe it", "transcript", "plain", files=(OTHER_SOURCE, SOURCE)),
                ),
            ),
            names=((SOURCE, "report.pdf"), (OTHER_SOURCE, "a.wav")),
        ),
        timings=(("reading", 0.25), ("whole turn", 1.5)),
        models=(("chat", "tiny"), ("speech", "base")),
        foreign=True,
        files=(MadeFile("talk.srt", "application/x-subrip", "1\n00:00:00,000 --> 00:00:02,000\nHello.\n\n"),),
    )


def history_in(folder: Path) -> History:
    """As a run opens it under its --data."""
    return History(folder / "conversations", Originals(folder / "originals"))


def given(name: str = "report.pdf", source_id: str = SOURCE, spoken: bool = False) -> AttachedFile:
    return AttachedFile(source_id, name, "application/pdf", spoken)
