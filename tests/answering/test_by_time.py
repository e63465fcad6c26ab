"""What stands at which seconds of a recording."""

from dataclasses import replace
from pathlib import Path

from assistant.answering import by_time
from assistant.citing.citations import Cited
from assistant.values.conversation import Conversation
from assistant.values.events import Citation
from assistant.values.evidence import Evidence, Page, Seconds, TextSpan
from assistant.values.parts import Image
from assistant.values.request import Span


def piece(*lines: tuple[float, float, str]) -> Evidence:
    text = "\n".join(line for *_, line in lines)
    places, start = [], 0
    for begin, end, line in lines:
        places.append(TextSpan(start, start + len(line), Seconds(begin, end)))
        start += len(line) + 1
    return Evidence("ab", "talk.mp3", "audio", text, Seconds(lines[0][0], lines[-1][1]), tuple(places))


def test_a_piece_is_cut_to_what_is_said_in_the_span() -> None:
    talk = piece((0, 9, "One."), (10, 19, "Two."), (20, 29, "Three."), (30, 39, "Four."))
    (cut,) = by_time.during([talk], Span(10, 30))
    assert (cut.content, cut.location) == ("Two.\nThree.", Seconds(10, 29))
    assert [cut.content[place.start : place.end] for place in cut.places] == ["Two.", "Three."]
    (point,) = by_time.during([talk], Span(12, 16, point=True))
    assert point.content == "Two."
    assert by_time.during([talk], Span(100, 120)) == []


def test_what_is_said_and_what_is_shown_at_a_moment_are_told_apart() -> None:
    heard = piece((10, 19, "Two."))
    seen = replace(heard, content="TWO", location=Seconds(12, 20, "seen"), places=())
    assert by_time.meant([heard, seen], "What is said at 0:15?") == [heard]
    assert by_time.meant([heard, seen], "What is shown at 0:15?") == [seen]
    assert by_time.meant([heard, seen], "0:15的画面上写了什么？") == [seen]
    assert by_time.meant([heard, seen], "What happens at 0:15?") == [heard, seen]
    assert by_time.meant([seen], "What is said at 0:15?") == [seen]


def test_of_a_whole_film_frames_are_spread_and_of_a_moment_the_nearest_are_pointed_out() -> None:
    talk = Conversation()
    for second in range(0, 100, 10):
        talk.show(Image(Path(f"{second}.jpg"), f"at {second}", 10, 10, "ab", float(second)))
    by_time.point_out(talk, [], 3)
    spread = [image.seconds for image in talk.images[-3:]]
    assert spread == sorted(spread)  # type: ignore[type-var]
    assert spread[-1] - spread[0] >= 50  # type: ignore[operator]
    by_time.point_out(talk, [piece((41, 44, "x"))], 3)
    assert talk.images[-1].seconds == 40


def test_times_stand_before_the_numbers_of_recordings_alone() -> None:
    def cited(number: int, location: object) -> Citation:
        return Citation(number, "ab", "a", "audio", location, "q")  # type: ignore[arg-type]

    citations = (cited(1, Seconds(42, 50)), cited(2, Page(1)), cited(3, Seconds(61, 70)))
    told = by_time.with_times(Cited("First.[1] Then.[2][3]", citations, ()))
    assert told.text == "First. (0:42)[1] Then.[2] (1:01)[3]"
