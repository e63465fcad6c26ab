"""The text of a file as it stands."""

import pytest

from assistant.answering.ways.read import MOST_CHARACTERS, Read
from assistant.values.evidence import Box, Evidence, Page, Passage, Region, Seconds, Section, TextSpan
from assistant.values.files import FileFacts
from assistant.values.request import Request
from tests.one_turn import answered, context_of, pieces_of, text_of


def picture(name: str, *lines: str) -> list[Evidence]:
    """As a picture is taken in: what is known of it, then the lines in it, each with its box."""
    facts = Passage("The picture has 620×434 pixels.", Region(), (TextSpan(0, 31, Region()),))
    places, start = [], 0
    for number, line in enumerate(lines):
        places.append(TextSpan(start, start + len(line), Region((Box(0, number / 10, 1, (number + 1) / 10),))))
        start += len(line) + 1
    return pieces_of(name, [facts, *([Passage("\n".join(lines), Region(), tuple(places))] if lines else [])], "image")


def pages(*texts: str) -> list[Evidence]:
    return pieces_of("guide.pdf", [Passage(text, Page(number)) for number, text in enumerate(texts, 1)])


def test_only_what_stands_in_a_picture_is_read_line_by_line() -> None:
    text = text_of(
        Read(), Request("read it", "read"), context_of(picture("note.png", "Shopping", "- 6 eggs", "- flour"))
    )
    assert text == "Shopping  \n- 6 eggs  \n- flour[1]"


@pytest.mark.parametrize(("language", "told"), [("en", "I can read no text in"), ("zh", "读不出文字")])
def test_a_picture_without_text_is_said_to_have_none(language: str, told: str) -> None:
    request = Request("read it", "read", language=language)
    assert told in text_of(Read(), request, context_of(picture("sky.png")))


def test_each_page_is_cited_and_pages_asked_for_are_read_alone() -> None:
    reply = answered(Read(), Request("read it", "read"), context_of(pages("One.", "Two.", "Three.")))
    assert reply is not None
    assert reply.cited.text == "One.[1]\n\nTwo.[2]\n\nThree.[3]"
    asked = Request("read page 2", "read", files=("guide.pdf",), pages=(2, 2))
    assert text_of(Read(), asked, context_of(pages("One.", "Two.", "Three."))) == "Two.[1]"
    facts = [FileFacts("guide.pdf", "guide.pdf", pages=3)]
    beyond = Request("read page 9", "read", files=("guide.pdf",), pages=(9, 9))
    assert text_of(Read(), beyond, context_of(pages("One."), facts)) == "guide.pdf has only 3 pages."


def test_sections_keep_their_headings() -> None:
    pieces = pieces_of("minutes.docx", [Passage("The pond is dug.", Section("Decisions"))])
    assert text_of(Read(), Request("read it", "read"), context_of(pieces)) == "**Decisions**\n\nThe pond is dug.[1]"


def test_a_long_document_is_shown_from_its_beginning_and_saved_whole() -> None:
    texts = [f"Page {number}. " + "All work and no play. " * 20 for number in range(1, 31)]
    reply = answered(Read(), Request("read it", "read"), context_of(pages(*texts)))
    assert reply is not None
    shown = reply.cited.text
    assert 0.8 * MOST_CHARACTERS < len(shown) < 1.3 * MOST_CHARACTERS
    assert shown.rstrip().endswith("all of it is in guide.txt.")
    assert [file.name for file in reply.made] == ["guide.txt"]
    assert "Page 30. All work" in reply.made[0].text


def test_the_words_on_screen_are_read_with_their_times_and_recordings_are_left_alone() -> None:
    film = pieces_of(
        "film.mp4",
        [
            Passage("Hello, this is spoken.", Seconds(0, 2)),
            Passage("Chapter 1\nThe pump", Seconds(3, 6, "seen")),
            Passage("film.mp4 is a film of 0:12.", Seconds(0, 0, "seen")),
        ],
        "video",
    )
    assert text_of(Read(), Request("read it", "read"), context_of(film)) == "0:03–0:06: Chapter 1  \nThe pump[1]"
    memo = pieces_of("memo.ogg", [Passage("Hello.", Seconds(0, 2))], "audio")
    assert answered(Read(), Request("read it", "read"), context_of(memo)) is None
