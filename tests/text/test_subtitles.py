"""Subtitles: cues that can be read in time, and files that players understand."""

import random
import re
from itertools import pairwise

import pytest

from assistant.text.subtitles import LINE, LONGEST, Cue, TimedWords, cues, lines, srt, vtt, width

SPEECH = (
    TimedWords(
        0.5, 11.4, "And so, my fellow citizens, ask not what your country can do for you; ask what you can do for it!"
    ),
    TimedWords(12.0, 12.5, "Yes."),
    TimedWords(
        13.0,
        33.0,
        "Then we went home, because it was late and the rain had begun to fall on the long road. Nobody spoke. In the "
        "morning, however, everything that we had planned the evening before was forgotten at once.",
    ),
)
CHINESE = (
    TimedWords(0, 9.2, "今天我们来谈谈水泵的保养问题，首先要检查阀门是否漏水，然后再看压力表的读数是不是正常。"),
    TimedWords(9.5, 14, "如果读数超过2.5兆帕就要马上停机并且通知张工程师来处理不要自己动手打开水泵的外壳"),
)


def parsed(text: str) -> list[Cue]:
    """A strict reader of SubRip and WebVTT: raises ValueError on anything that a player could trip over."""
    is_vtt = text.startswith("WEBVTT\n\n")
    point = "." if is_vtt else ","
    time = rf"(\d\d):([0-5]\d):([0-5]\d)\{point}(\d\d\d)"
    found = []
    for number, block in enumerate(text.removeprefix("WEBVTT\n\n").removesuffix("\n\n").split("\n\n"), 1):
        first, times, *words = block.split("\n")
        match = re.fullmatch(f"{time} --> {time}", times)
        if first != str(number) or match is None or not words or any("-->" in line for line in words):
            raise ValueError(block)
        h, m, s, ms, h2, m2, s2, ms2 = map(int, match.groups())
        said = tuple(words)
        if is_vtt:
            said = tuple(one.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for one in words)
        found.append(Cue(3600 * h + 60 * m + s + ms / 1000, 3600 * h2 + 60 * m2 + s2 + ms2 / 1000, said))
    return found


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("speech", [SPEECH, CHINESE])
def test_every_cue_can_be_read_in_time_and_no_word_is_lost(speech: tuple[TimedWords, ...]) -> None:
    made = cues(speech)
    assert letters("".join(cue.text for cue in made)) == letters("".join(one.text for one in speech))
    for cue in made:
        assert 0 < cue.end - cue.start <= LONGEST
        assert 1 <= len(cue.lines) <= 2
        assert all(width(line) <= LINE and line == line.strip() for line in cue.lines)
    assert all(one.end <= following.start for one, following in pairwise(made))


@pytest.mark.parametrize("speech", [SPEECH, CHINESE])
@pytest.mark.parametrize("write", [srt, vtt])
def test_what_is_written_reads_back_the_same(speech: tuple[TimedWords, ...], write) -> None:  # type: ignore[no-untyped-def]
    made = cues(speech)
    back = parsed(write(made))
    assert [cue.lines for cue in back] == [cue.lines for cue in made]
    for cue, same in zip(made, back, strict=True):
        assert (same.start, same.end) == pytest.approx((cue.start, cue.end), abs=0.001)


def test_a_cue_ends_where_a_sentence_does_rather_than_in_the_middle_of_one() -> None:
    (first, second) = cues(
        [TimedWords(0, 8, "The pump was serviced in March by the man from town. The valve is new and so on.")]
    )
    assert first.text.replace("\n", " ") == "The pump was serviced in March by the man from town."
    assert second.start == pytest.approx(8 * 52 / 79, abs=0.3)  # by its share of the letters
    assert second.end == 8


def test_chinese_lines_are_short_and_never_begin_with_a_comma() -> None:
    for cue in cues(CHINESE):
        assert all(len(line) <= 18 and line[0] not in "，。、" for line in cue.lines)


def test_two_lines_are_about_as_wide_and_break_after_a_clause() -> None:
    assert lines("Then we went home, because it was late and we were tired.") == (
        "Then we went home,",
        "because it was late and we were tired.",
    )
    assert lines("It is short.") == ("It is short.",)


def test_a_short_word_goes_with_its_neighbour_and_stays_long_enough_by_itself() -> None:
    (both,) = cues([TimedWords(0, 1, "Yes."), TimedWords(1.1, 3, "The pump is new.")])
    assert both == Cue(0, 3, ("Yes. The pump is new.",))
    (alone,) = cues([TimedWords(5, 5.2, "Yes.")])
    assert (alone.start, alone.end) == (5, 6)


def test_a_word_that_is_held_for_long_leaves_the_screen() -> None:
    (held,) = cues([TimedWords(0, 30, "Hallelujah!")])
    assert held.end == LONGEST


def test_segments_that_overlap_follow_one_another() -> None:
    made = cues([TimedWords(0, 5, "The first one says this here."), TimedWords(4, 6, "And the second one that there.")])
    assert made[0].end <= made[1].start < made[1].end


def test_a_word_without_an_end_is_cut() -> None:
    made = cues([TimedWords(0, 5, "x" * 300)])
    assert letters("".join(cue.text for cue in made)) == "x" * 300
    assert all(width(line) <= LINE for cue in made for line in cue.lines)


def test_signs_that_mean_something_to_webvtt_are_said_all_the_same() -> None:
    made = cues([TimedWords(0, 3, "A < B --> C & D")])
    assert "A &lt; B --&gt; C &amp; D" in vtt(made)
    assert parsed(vtt(made))[0].text == "A < B --> C & D"


def test_hours_are_written_and_nothing_at_all_is_an_empty_file() -> None:
    assert "01:01:01,500 --> 01:01:03,000" in srt([Cue(3661.5, 3663, ("Hello.",))])
    assert srt(()) == ""
    assert vtt(()) == "WEBVTT\n\n"


def test_whatever_is_said_becomes_cues_that_hold_to_the_rules() -> None:
    made = random.Random(7)
    words = "a to pump, valve. serviced; 水泵 保养， 检查。 internationalisation — 593.10 “yes” one".split()
    for _ in range(200):
        at, speech = 0.0, []
        for _ in range(made.randint(1, 6)):
            at += made.random() * 2
            text = " ".join(made.choice(words) for _ in range(made.randint(1, 60)))
            speech.append(TimedWords(at, at := at + made.random() * 20, text))
        found = cues(speech)
        assert letters("".join(cue.text for cue in found)) == letters("".join(one.text for one in speech))
        assert all(one.end <= following.start for one, following in pairwise(found))
        assert all(len(cue.lines) <= 2 and cue.end - cue.start <= LONGEST + 0.001 for cue in found)
        assert all(width(line) <= LINE for cue in found for line in cue.lines)
        assert [cue.lines for cue in parsed(srt(found))] == [cue.lines for cue in found]
