"""The whole of what is said: paragraphs, times, subtitles, spans; where nobody speaks; a recording that still grows."""

import threading
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from assistant.answering.transcript_text import MOST_CITED, SHOWN
from assistant.answering.transcripts import paragraphs
from assistant.answering.ways.transcript import WriteDown
from assistant.intake.background import Background, Breathe
from assistant.models.active_turns import ActiveTurns
from assistant.ports.library import PartialSource
from assistant.values.conversation import Conversation
from assistant.values.errors import EngineError
from assistant.values.events import Status
from assistant.values.evidence import Document, Medium, Passage, Seconds, TextSpan
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.request import Form, Request, Span
from tests.support.turn_made import MemoryLibrary, TurnRoom, heard, part, recording, said
from tests.text.test_subtitles import parsed

WORDS = (
    (0.0, 3.0, "The pump was serviced in March."),
    (3.2, 6.0, "The price is 593 dollars."),
    (9.0, 12.0, "Next comes the boiler."),
)
BUSY = 0.05  # seconds in which the background would have gone on


def asks(words: str = "Transcribe this.", **known: object) -> Request:
    return Request(words, "transcript", **known)  # type: ignore[arg-type]


@pytest.fixture
def room() -> TurnRoom:
    made = TurnRoom()
    made.give(recording(), *said(*WORDS))
    return made


def long_talk(minutes: int) -> list[tuple[float, float, str]]:
    """A sentence each six seconds."""
    return [(6.0 * n, 6.0 * n + 5, f"This is sentence number {n} of a long talk.") for n in range(10 * minutes)]


# The words


def test_all_is_told_in_order_a_pause_makes_a_paragraph_and_each_is_cited_with_its_seconds(room: TurnRoom) -> None:
    told = room.ask(WriteDown(), asks())
    assert told.text == ("The pump was serviced in March. The price is 593 dollars.[1]\n\nNext comes the boiler.[2]")
    assert told.streamed == told.text.replace("[1]", "").replace("[2]", "")
    assert told.reply is not None
    first, second = told.reply.cited.citations
    assert (first.number, first.location, first.source, first.medium) == (1, Seconds(0, 6), "talk.mp3", "audio")
    assert first.quote == "The pump was serviced in March.\nThe price is 593 dollars."
    assert first.quote in first.context
    assert (second.location, second.quote) == (Seconds(9, 12), "Next comes the boiler.")


def test_the_text_and_subtitles_come_as_files(room: TurnRoom) -> None:
    told = room.ask(WriteDown(), asks())
    assert told.reply is not None
    text, subtitles = told.reply.made
    assert (text.name, text.media_type) == ("talk.txt", "text/plain")
    assert text.text == "The pump was serviced in March. The price is 593 dollars.\n\nNext comes the boiler.\n"
    assert (subtitles.name, subtitles.media_type) == ("talk.srt", "application/x-subrip")
    assert [cue.start for cue in parsed(subtitles.text)] == [0.0, 3.2, 9.0]


def test_an_hour_is_told_whole_in_paragraphs_of_a_few_sentences_with_no_more_citations_than_can_be_listed() -> None:
    room = TurnRoom()
    talk = long_talk(150)
    room.give(recording(seconds=9000), *said(*talk))
    told = room.ask(WriteDown(), asks())
    assert told.reply is not None
    made = told.reply.made[0].text
    assert all(f"number {n} of" in made for n in range(len(talk)))
    assert all(3 <= block.count(".") <= 10 for block in made.strip().split("\n\n"))
    citations = told.reply.cited.citations
    assert MOST_CITED / 2 < len(citations) <= MOST_CITED
    assert [one.number for one in citations] == list(range(1, len(citations) + 1))
    assert all(one.quote in one.context for one in citations)
    stretches = [one.location for one in citations if isinstance(one.location, Seconds)]
    assert all(one.end <= following.start for one, following in pairwise(stretches))


def test_what_is_too_long_to_be_shown_is_cut_and_the_file_has_all_of_it() -> None:
    room = TurnRoom()
    room.give(recording(seconds=9000), *said(*long_talk(300)))
    told = room.ask(WriteDown(), asks())
    assert told.reply is not None
    assert SHOWN["plain"] < len(told.text) < SHOWN["plain"] + 2000
    assert told.text.endswith("This is only the beginning; all of it is in talk.txt.")
    assert "number 2999 of" in told.reply.made[0].text


def test_speech_without_pauses_or_full_stops_still_has_paragraphs() -> None:
    room = TurnRoom()
    room.give(recording(), *said(*((float(n), n + 1.0, f"和水泵有关的第{n}件事情") for n in range(30))))
    told = room.ask(WriteDown(), asks(language="zh"))
    assert told.text.count("\n\n") == 2
    assert " " not in told.text


def test_one_piece_filed_in_two_places_is_told_once(room: TurnRoom) -> None:
    room.conversation.libraries = ("shelf",)
    room.library.add(Document("ab", "talk.mp3", "audio", said(*WORDS)), "shelf")
    assert room.ask(WriteDown(), asks()).text.count("boiler") == 1


def test_letters_between_places_are_not_lost_and_a_long_segment_has_the_times_of_its_sentences() -> None:
    text = "One is here. And two; (so) three."
    places = (TextSpan(0, 12, Seconds(0, 4)), TextSpan(13, 20, Seconds(4, 7)))
    room = TurnRoom()
    room.give(recording(), Passage(text, Seconds(0, 10), places))
    (paragraph,) = paragraphs(room.context().pieces(["ab"]))
    assert paragraph.text == text
    assert [(one.start, one.text) for one in paragraph.said] == [(0, "One is here."), (4, "And two; (so) three.")]


def test_several_recordings_stand_under_their_names_and_their_files_do_not_meet(room: TurnRoom) -> None:
    room.give(recording("cd", "talk.m4a", seconds=5), *said((0, 2, "Hello.")))
    told = room.ask(WriteDown(), asks())
    assert "**talk.mp3** (1:00)\n\nThe pump" in told.text
    assert "**talk.m4a** (0:05)\n\nHello.[3]" in told.text
    assert told.reply is not None
    assert [one.name for one in told.reply.made] == ["talk.txt", "talk.srt", "talk.m4a.txt", "talk.m4a.srt"]
    assert [one.source_id for one in told.reply.cited.citations] == ["ab", "ab", "cd"]


def test_other_files_have_no_words_to_write_down(room: TurnRoom) -> None:
    room.give(recording("cd", "photo.jpg", "image", 0))
    assert room.ask(WriteDown(), asks(files=("cd",))).reply is None
    assert "boiler" in room.ask(WriteDown(), asks(files=("ab", "cd"))).text


def test_where_no_file_is_named_the_one_given_last_is_meant(room: TurnRoom) -> None:
    room.give(recording("cd", "later.mp3"), *said((0, 2, "Hello.")))
    assert heard(WriteDown().answer(asks(), room.context())).text == "Hello.[1]"


# As it is wanted


def test_with_times_each_segment_begins_with_its_own(room: TurnRoom) -> None:
    told = room.ask(WriteDown(), asks(facet="times"))
    assert told.text.startswith(
        "[0:00] The pump was serviced in March.\n\n[0:03] The price is 593 dollars.[1]\n\n[0:09] Next"
    )
    assert told.reply is not None
    assert told.reply.made[0].text.startswith("[0:00] The pump was serviced in March.\n[0:03] The price")


@pytest.mark.parametrize(
    ("shape", "begins"), [("srt", "```\n1\n00:00:00,000 -->"), ("vtt", "```\nWEBVTT\n\n1\n00:00:00.000 -->")]
)
def test_subtitles_are_shown_and_saved_and_the_words_of_the_request_win(
    room: TurnRoom, shape: str, begins: str
) -> None:
    told = room.ask(WriteDown(), asks(facet="plain", form=Form(shape=shape)))  # type: ignore[arg-type]
    assert told.text.startswith(f"The subtitles of talk.mp3:[1]\n\n{begins}")
    assert told.text.endswith("```")
    assert told.text.count("```") == 2
    assert told.reply is not None
    (made,) = told.reply.made
    assert made.name == f"talk.{shape}"
    assert [cue.text for cue in parsed(made.text)] == [words for *_, words in WORDS]
    shown = told.text.split("```\n")[1].removesuffix("```")
    assert parsed(shown) == parsed(made.text)


def test_subtitles_of_a_long_film_are_cut_where_they_are_shown_only() -> None:
    room = TurnRoom()
    room.give(recording(seconds=3600), *said(*long_talk(60)))
    told = room.ask(WriteDown(), asks(facet="srt"))
    assert told.text.endswith("```\n\nThis is only the beginning; all of it is in talk.srt.")
    assert told.reply is not None
    assert len(parsed(told.reply.made[0].text)) == 600
    assert len(told.text) < SHOWN["srt"] + 1000


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(0, 6), "The pump was serviced in March. The price is 593 dollars.[1]"),
        (Span(8, float("inf")), "Next comes the boiler.[1]"),
        (Span(0, 52, from_end=True), "Next comes the boiler.[1]"),
        (Span(20, 30), "Nothing is said in talk.mp3 at 0:20–0:30."),
    ],
)
def test_of_a_span_only_what_is_said_in_it(room: TurnRoom, span: Span, text: str) -> None:
    assert room.ask(WriteDown(), asks(span=span)).text == text


# What is not said


def test_where_nobody_speaks_that_is_said() -> None:
    room = TurnRoom()
    room.give(recording(name="rain.flac", seconds=8, speech=False))
    assert room.ask(WriteDown(), asks()).text == "I heard no speech in rain.flac (0:08)."
    assert room.ask(WriteDown(), asks(language="zh")).text == "我在 rain.flac（0:08）里没有听到有人说话。"
    told = room.ask(WriteDown(), asks())
    assert told.streamed == told.text
    assert told.reply is not None
    assert told.reply.made == ()


def test_a_film_without_sound_has_none_and_the_text_on_screen_is_given_with_its_times() -> None:
    room = TurnRoom()
    room.give(recording(name="clip.mp4", medium="video", seconds=20, speech=None))
    assert room.ask(WriteDown(), asks()).text == "clip.mp4 has no sound."
    facts = Passage("clip.mp4 is a film of 0:20.", Seconds(0, 0, "seen"))
    room.give(
        recording("cd", "shop.mp4", "video", 20, speech=None), *said((2, 5, "OPEN\nfrom 9 to 5"), sense="seen"), facts
    )
    told = room.ask(WriteDown(), asks(files=("cd",)))
    assert told.text == "Nothing is said in shop.mp4 (0:20). This is the text on screen:\n\n[0:02] OPEN from 9 to 5[1]"
    assert told.reply is not None
    assert told.reply.cited.citations[0].location == Seconds(2, 5, "seen")


def test_what_is_on_screen_is_no_part_of_what_is_said() -> None:
    room = TurnRoom()
    seen = said((0, 5, "OPEN"), sense="seen")
    room.give(recording(name="clip.mp4", medium="video"), *said((0, 2, "Hello.")), *seen)
    assert room.ask(WriteDown(), asks()).text == "Hello.[1]"


# A recording that still grows


class Tape:
    """A recording of so many minutes, a sentence in each, which is taken in as fast as anybody lets it."""

    def __init__(self, minutes: int, fails: str = "", slow: float = 0.0) -> None:
        self.minutes, self.fails, self.slow = minutes, fails, slow

    def __call__(self, partial: PartialSource, breathe: Breathe) -> tuple[Medium, Iterator[Status | IngestBatch]]:
        return "audio", self._steps(Cursor.from_json(partial.resume_state), breathe)

    def _steps(self, cursor: Cursor, breathe: Breathe) -> Iterator[Status | IngestBatch]:
        if self.fails:
            raise EngineError(self.fails)
        for minute in range(int(cursor.heard // 60), self.minutes):
            time.sleep(self.slow)
            breathe()
            begin = 60.0 * minute
            heard_so_far = Cursor(60.0 * self.minutes, heard=begin + 60)
            yield IngestBatch(heard_so_far, said((begin, begin + 3, f"This is minute {minute}.")))
        yield IngestBatch(Cursor(60.0 * self.minutes, whole=True))


def growing_room(tape: Tape, active_turns: ActiveTurns, minutes: int) -> TurnRoom:
    library = MemoryLibrary()
    room = TurnRoom(library, Conversation(), background=Background(part("Library", library), tape, active_turns))
    part_of_library = room.background._library  # type: ignore[union-attr]
    part_of_library.get()
    resume_state = Cursor(60.0 * minutes, heard=60.0).to_json()
    room.give(recording(seconds=60.0 * minutes), *said((0, 3, "This is minute 0.")), resume_state=resume_state)
    return room


def test_a_recording_that_is_still_being_taken_in_is_told_whole_in_one_answer() -> None:
    active_turns = ActiveTurns()
    room = growing_room(Tape(10, slow=0.1), active_turns, 10)
    assert room.background is not None
    room.background.wake()
    with active_turns:  # as each turn is: the background stands aside for it
        time.sleep(BUSY)
        assert len(room.library.partial_sources()) == 1
        told = room.ask(WriteDown(), asks())
    room.background.close()
    expected = [f"This is minute {minute}." for minute in range(10)]
    assert told.streamed.split("\n\n") == expected
    assert told.reply is not None
    assert [one.location for one in told.reply.cited.citations] == [Seconds(60.0 * n, 60.0 * n + 3) for n in range(10)]
    assert told.reply.made[0].text == "\n\n".join(expected) + "\n"
    assert "Listening to talk.mp3, 1:00 of 10:00" in told.statuses
    first = next(n for n, event in enumerate(told.events) if getattr(event, "text", "") == "This is minute 0.")
    assert any(isinstance(one, Status) for one in told.events[first:])  # its words come while it is heard


def test_while_an_answer_waits_for_one_recording_the_others_stand_aside() -> None:
    active_turns = ActiveTurns()
    room = growing_room(Tape(4, slow=0.02), active_turns, 4)
    assert room.background is not None
    resume_state = Cursor(6000.0, heard=60.0).to_json()
    room.library.add(
        Document("zz", "other.mp3", "audio", said((0, 3, "Other.")), resume_state=resume_state), "another conversation"
    )
    with active_turns:
        told = room.ask(WriteDown(), asks())
        left = room.library.partial_sources()
        time.sleep(BUSY)
        assert room.library.partial_sources() == left  # once that one is whole the rest waits for the answer again
    room.background.close()
    assert told.text.count("This is minute") == 4
    assert [one.source_id for one in left] == ["zz"]


def test_only_as_much_as_the_span_needs_is_waited_for() -> None:
    active_turns = ActiveTurns()
    room = growing_room(Tape(60, slow=0.02), active_turns, 60)
    assert room.background is not None
    with active_turns:
        told = room.ask(WriteDown(), asks(span=Span(0, 180)))
    room.background.close()
    assert told.streamed.split("\n\n") == [f"This is minute {minute}." for minute in range(3)]
    (left,) = room.library.partial_sources()
    assert Cursor.from_json(left.resume_state).heard < 3600


def test_who_stops_it_gets_what_was_heard_and_how_far_that_is() -> None:
    active_turns = ActiveTurns()
    room = growing_room(Tape(1000, slow=0.02), active_turns, 1000)
    assert room.background is not None
    threading.Timer(0.4, room.stop.set).start()
    with active_turns:
        told = room.ask(WriteDown(), asks())
    room.background.close()
    minutes = told.text.count("This is minute")
    assert 1 <= minutes < 1000
    assert told.text.split("\n\n")[-1].startswith("You stopped me: I had heard ")
    assert told.text.endswith(" of 16:40:00.")
    assert told.streamed.count("This is minute") == minutes


def test_what_is_in_the_way_of_the_rest_is_said() -> None:
    active_turns = ActiveTurns()
    room = growing_room(Tape(10, fails="The speech model could not be loaded."), active_turns, 10)
    assert room.background is not None
    with active_turns:
        told = room.ask(WriteDown(), asks())
    room.background.close()
    assert told.text == (
        "This is minute 0.[1]\n\nI could not hear what comes after 1:00: The speech model could not be loaded."
    )


def test_an_answer_that_is_given_up_hurries_nobody_any_more() -> None:
    active_turns = ActiveTurns()
    room = growing_room(Tape(1000, slow=0.01), active_turns, 1000)
    assert room.background is not None
    with active_turns:
        answering = WriteDown().answer(asks(files=("ab",)), room.context())
        events: Sequence[object] = [next(answering) for _ in range(4)]
        answering.close()
        time.sleep(BUSY)
        before = room.library.partial_sources()
        time.sleep(2 * BUSY)
        assert room.library.partial_sources() == before
    room.background.close()
    assert len(events) == 4
