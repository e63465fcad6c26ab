"""What lies side by side in a recording or film: channels, sound tracks, subtitles and chapters."""

from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from assistant.answering.transcript_text import Telling, files
from assistant.answering.transcripts import paragraphs
from assistant.media.subtitle_tracks import chapters, covered, is_moving_part, subtitle_tracks
from assistant.ports.speech import Segment, Transcript
from assistant.values.evidence import (
    Document,
    Evidence,
    Passage,
    Seconds,
    describe,
    location_from_json,
    location_to_json,
)
from assistant.values.files import FileFacts
from assistant.values.parts import Attachment
from retrieval.chunking import chunk
from tests.intake.test_modalities import BLANK, FakeModels, taken
from tests.media.test_channels import stereo
from tests.support import media_made as made
from tests.support.films_made import Scene, joined_tracks, write_film
from tests.support.media_made import RATE, Samples, tone, write_wav

SRT = """1
00:00:00,500 --> 00:00:02,000
<i>Good</i> morning &amp; welcome

2
00:00:02,500 --> 00:00:04,000
{at}{end}
"""
FIRST, SECOND = "Good morning & welcome", "The hut is closed until June."
TONES = {440: "This is the print shop.", 880: "Bring them on Friday."}


def srt(path: Path, second: str = SECOND) -> Path:
    path.write_text(SRT.format(at="{\\an8}", end=second), "utf-8")
    return path


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "a.mkv", [Scene(1, 125)])


@pytest.fixture(scope="module")
def sounding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "b.mkv", [Scene(1, 125)], sound=tone(5, 440))


def hears(samples: Samples, language: str = "") -> Transcript:
    """Each tone is a sentence, from where it begins to where it ends."""
    found = []
    for hertz, said in TONES.items():
        wave = numpy.exp(-2j * numpy.pi * hertz * numpy.arange(len(samples)) / RATE)
        tenths = len(samples) // (RATE // 10)
        heard = numpy.abs((samples * wave)[: tenths * (RATE // 10)].reshape(tenths, -1).mean(axis=1)) > 0.05
        if heard.any():
            at = numpy.flatnonzero(heard)
            found.append(Segment(at[0] / 10, (at[-1] + 1) / 10, said))
    return Transcript(tuple(sorted(found, key=lambda one: one.start)), "en" if found else "", len(samples) / RATE)


def document(path: Path) -> Document:
    context = replace(FakeModels(read=BLANK).context(), hear=hears)
    _, intake = taken(Attachment(path, path.name), context)
    assert intake.document is not None
    return intake.document


def told(document: Document) -> list[tuple[str, str]]:
    """What is heard: on which track, and the words."""
    return [
        (one.location.track, one.text)
        for one in document.passages
        if isinstance(one.location, Seconds) and one.location.sense == "heard"
    ]


def call(path: Path) -> Path:
    quiet = 0.001 * made.noise(6, 1.0)
    left, right = quiet.copy(), quiet[::-1].copy()
    left[: 2 * RATE] += tone(2, 440)
    right[3 * RATE : 5 * RATE] += tone(2, 880)
    return stereo(path, left, right)


# Channels


def test_of_a_call_it_is_told_on_which_channel_each_line_is_said(tmp_path: Path) -> None:
    recording = document(call(tmp_path / "call.wav"))
    assert told(recording) == [("left", TONES[440]), ("right", TONES[880])]
    assert recording.passages[1].location == Seconds(3.0, 5.0, track="right")
    assert describe(recording.passages[1].location) == "0:03–0:05, right"


def test_the_channel_goes_through_the_store_and_stands_before_each_line_of_a_transcript(tmp_path: Path) -> None:
    (piece,) = chunk(document(call(tmp_path / "call.wav")).passages)
    assert piece.location == Seconds(0, 5.0)
    assert piece.places[1].location == Seconds(3.0, 5.0, track="right")
    again = location_from_json(location_to_json(piece.places[1].location))
    assert again == piece.places[1].location
    assert "track" not in location_to_json(piece.location)
    evidence = Evidence("id", "call.wav", "audio", piece.text, piece.location, piece.places)
    shown = paragraphs([evidence])
    assert [(one.text, one.at.track) for one in shown] == [(TONES[440], "left"), (TONES[880], "right")]
    facts = FileFacts("id", "call.wav", "audio")
    text, subtitles = files(facts, shown, "plain", [], "de")
    assert text.text == f"links: {TONES[440]}\n\nrechts: {TONES[880]}\n"
    assert f"right: {TONES[880]}" in files(facts, shown, "srt", [])[0].text
    telling = Telling("plain", "en")
    telling.cite(facts, shown[1])
    assert telling.cited().citations[0].location == Seconds(3.0, 5.0, track="right")
    assert "links:" in subtitles.text


# Subtitles


def test_subtitles_are_words_with_their_times_and_language(tmp_path: Path, film: Path) -> None:
    path = joined_tracks(tmp_path / "a.mkv", film, [("ger", srt(tmp_path / "a.srt"))])
    (track,) = subtitle_tracks(path)
    assert track.language == "de"
    assert [(cue.start, cue.end, cue.text) for cue in track.cues] == [(0.5, 2.0, FIRST), (2.5, 4.0, SECOND)]
    watched = document(path)
    assert told(watched) == [("subtitles de", FIRST), ("subtitles de", SECOND)]
    assert describe(watched.passages[1].location) == "0:02–0:04, subtitles (de)"
    assert watched.facts is not None
    assert watched.facts.words == 9


def test_subtitles_that_are_pictures_are_told_and_not_read(tmp_path: Path, film: Path) -> None:
    path = joined_tracks(tmp_path / "a.mkv", film, [("ger", srt(tmp_path / "a.srt"))])
    data = path.read_bytes()
    assert data.count(b"S_TEXT/UTF8") == 1
    path.write_bytes(data.replace(b"S_TEXT/UTF8", b"S_HDMV/PGS\0"))  # as on a Blu-ray Disc
    _, intake = taken(Attachment(path, path.name), replace(FakeModels(read=BLANK).context(), hear=hears))
    assert "a.mkv has subtitles that are pictures, as on discs; I do not read those." in map(str, intake.notes)
    assert intake.document is not None
    assert not told(intake.document)


def test_the_moving_part_of_a_live_photo_is_called_so(tmp_path: Path, film: Path) -> None:
    import av

    path = tmp_path / "IMG_0001.mov"
    with av.open(str(film)) as source, av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        (stream,) = source.streams.video
        copy = out.add_stream_from_template(stream)
        out.metadata["com.apple.quicktime.content.identifier"] = "0F5E4C5A-9C1B-4E43-9B4B-3D4B8E4A9D10"
        for packet in source.demux(stream):
            if packet.pts is not None:
                packet.stream = copy
                out.mux(packet)
    assert is_moving_part(path)
    assert not is_moving_part(film)
    _, intake = taken(Attachment(path, path.name), replace(FakeModels(read=BLANK).context(), hear=hears))
    assert "IMG_0001.mov is the moving part of a live photo." in map(str, intake.notes)


def test_marks_of_other_kinds_of_subtitles_are_no_words(tmp_path: Path, film: Path) -> None:
    styled = tmp_path / "a.ass"
    styled.write_text(
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\pos(10,20)\\c&HFF&}Two boats,\\Nno oars\n",
        "utf-8",
    )
    (track,) = subtitle_tracks(joined_tracks(tmp_path / "a.mkv", film, [("", styled)]))
    assert [(cue.start, cue.text) for cue in track.cues] == [(1.0, "Two boats,\nno oars")]


def test_what_is_said_is_taken_from_subtitles_of_its_language_and_others_stand_beside_it(
    tmp_path: Path, sounding: Path
) -> None:
    english, german = srt(tmp_path / "en.srt"), srt(tmp_path / "de.srt", "Die Hütte ist zu.")
    path = joined_tracks(tmp_path / "a.mkv", sounding, [("eng", english), ("deu", german)])
    assert told(document(path)) == [
        ("subtitles en", FIRST),
        ("subtitles en", SECOND),
        ("subtitles de", FIRST),
        ("subtitles de", "Die Hütte ist zu."),
    ]
    foreign = joined_tracks(tmp_path / "b.mkv", sounding, [("deu", german)])
    assert told(document(foreign))[0] == ("", TONES[440])


def test_subtitles_behind_the_end_of_the_sound_are_read(tmp_path: Path) -> None:
    brief = write_film(tmp_path / "a.mkv", [Scene(1, 125)], sound=tone(1.2, 440))
    path = joined_tracks(tmp_path / "b.mkv", brief, [("swe", srt(tmp_path / "a.srt"))])
    assert told(document(path)) == [("", TONES[440]), ("subtitles sv", FIRST), ("subtitles sv", SECOND)]


def test_subtitles_stand_for_the_time_in_which_they_are_shown(tmp_path: Path, film: Path) -> None:
    (track,) = subtitle_tracks(joined_tracks(tmp_path / "a.mkv", film, [("", srt(tmp_path / "a.srt"))]))
    assert covered(track.cues, 0, 5) == 3.0
    assert covered(track.cues, 1, 3) == 1.5
    assert covered(track.cues, 4.5, 5) == 0.0


# Sound tracks


def test_a_second_sound_track_is_heard_where_it_holds_something_else(tmp_path: Path, sounding: Path) -> None:
    path = joined_tracks(tmp_path / "a.mkv", sounding, sounds=[("swe", write_wav(tmp_path / "b.wav", tone(3, 880)))])
    assert told(document(path)) == [("track 1", TONES[440]), ("track 2 sv", TONES[880])]
    assert describe(document(path).passages[1].location) == "0:00–0:03, track 2 (sv)"
    same = joined_tracks(tmp_path / "c.mkv", sounding, sounds=[("", write_wav(tmp_path / "d.wav", tone(5, 440)))])
    assert told(document(same)) == [("", TONES[440])]


# Chapters


def test_chapters_are_listed_each_with_its_second(tmp_path: Path, film: Path) -> None:
    named = [(0, 2, "At the harbour"), (2, 3, ""), (3, 5, "On the ridge")]
    path = joined_tracks(tmp_path / "a.mkv", film, chapters=named)
    assert [(one.start, one.end, one.text) for one in chapters(path)] == named
    passage = document(path).passages[-1]
    assert passage.text == "Chapters:\n1. At the harbour (0:00–0:02)\n2. On the ridge (0:03–0:05)"
    assert [one.location for one in passage.places] == [Seconds(0, 2, "seen"), Seconds(3, 5, "seen")]
    assert isinstance(passage, Passage)
