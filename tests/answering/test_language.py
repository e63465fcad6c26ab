"""Which language a file is in: as it was heard, or as its letters and words tell."""

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.answering import text_languages
from assistant.answering.ways.language import WhichLanguage
from assistant.values.evidence import Box, Location, Page, Passage, Region, Seconds, Section, TextSpan
from assistant.values.files import FileFacts
from assistant.values.request import Request
from tests.support.turn_made import TurnRoom, recording, said

GERMAN = "Sehr geehrte Frau Weber, hiermit kündige ich den Mietvertrag für die Wohnung in der Gartenstraße."
ENGLISH = "The undersigned confirms that the deposit was returned in full on the first of March."
FRENCH = "Nous vous remercions de votre confiance et restons à votre disposition pour toute question."


def asks(words: str = "what language is this in", **known: Any) -> Request:
    return Request(words, "language", **known)


def text(source_id: str = "ab", name: str = "letter.pdf", **known: Any) -> FileFacts:
    return FileFacts(source_id, name, **known)


def pages(*texts: str, at: Sequence[Location] = ()) -> list[Passage]:
    places = at or [Page(number) for number in range(1, len(texts) + 1)]
    return [Passage(one, place) for one, place in zip(texts, places, strict=True)]


def test_what_is_spoken_is_told_by_what_heard_it_with_a_few_of_its_words() -> None:
    room = TurnRoom()
    room.give(recording(language="zh"), *said((1, 4, "水泵是三月份保养的。"), (5, 8, "费用是593块。")))
    told = room.ask(WhichLanguage(), asks())
    assert told.text == "Chinese (Mandarin) is spoken in talk.mp3: “水泵是三月份保养的。”[1]"
    assert told.streamed == told.text.removesuffix("[1]")
    assert told.reply is not None
    assert told.reply.cited.citations[0].location == Seconds(1, 4)
    chinese = room.ask(WhichLanguage(), asks("说的是什么语言", language="zh"))
    assert chinese.text == "talk.mp3 里说的是中文（普通话）：“水泵是三月份保养的。”[1]"


def test_what_nobody_knows_of_a_recording_its_words_tell() -> None:
    room = TurnRoom()
    room.give(recording(), *said((0, 4, GERMAN)))
    assert room.ask(WhichLanguage(), asks()).text.startswith("German is spoken in talk.mp3: “Sehr geehrte")


def test_where_nobody_speaks_there_is_no_language() -> None:
    room = TurnRoom()
    room.give(recording(name="rain.flac", speech=False))
    assert room.ask(WhichLanguage(), asks()).text == "I heard no speech in rain.flac."
    room.give(recording("cd", "mute.mp4", "video", speech=None))
    assert room.ask(WhichLanguage(), asks(files=("cd",))).text == "mute.mp4 has no sound."


def test_of_a_film_what_stands_on_its_screen_is_told_too() -> None:
    room = TurnRoom()
    facts = Passage("clip.mp4 is a film of 1:00 with pictures of 640×480 pixels.", Seconds(0, 0, "seen"))
    spoken, shown = said((0, 4, ENGLISH)), said((5, 9, FRENCH), sense="seen")
    room.give(recording(name="clip.mp4", medium="video", language="en"), *spoken, *shown, facts)
    told = room.ask(WhichLanguage(), asks("what language are the subtitles"))
    assert told.text.startswith(f"English is spoken in clip.mp4: “{ENGLISH}”[1]")
    assert f"The text on screen is in French: “{FRENCH}”[2]" in told.text


def test_a_text_tells_its_language_by_itself() -> None:
    room = TurnRoom()
    room.give(text(), *pages(f"{GERMAN} Mit freundlichen Grüßen"))
    told = room.ask(WhichLanguage(), asks())
    assert told.text == f"letter.pdf is in German: “{GERMAN}”[1]"
    assert told.reply is not None
    (cited,) = told.reply.cited.citations
    assert (cited.quote, cited.location) == (GERMAN, Page(1))
    assert cited.quote in cited.context


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        ("水泵三月份保养过，费用是五百九十三块钱。", "Chinese (simplified characters)", "中文（简体）"),
        ("水泵三月份保養過，費用是五百九十三塊錢。", "Chinese (traditional characters)", "中文（繁体）"),
    ],
)
def test_the_script_of_chinese_is_told(words: str, english: str, chinese: str) -> None:
    room = TurnRoom()
    room.give(text(), *pages(words))
    assert room.ask(WhichLanguage(), asks()).text.startswith(f"letter.pdf is in {english}: “")
    assert room.ask(WhichLanguage(), asks(language="zh")).text.startswith(f"letter.pdf 是用{chinese}写的：“")


def test_a_second_language_is_told_where_a_good_part_is_in_it() -> None:
    room = TurnRoom()
    room.give(text(), *pages(f"{GERMAN} {GERMAN}", ENGLISH))
    told = room.ask(WhichLanguage(), asks())
    assert told.text.startswith(f"letter.pdf is mostly in German: “{GERMAN}”[1]")
    assert f"Some of it is in English: “{ENGLISH}”[2]" in told.text
    assert told.reply is not None
    assert [one.location for one in told.reply.cited.citations] == [Page(1), Page(2)]
    assert "also" not in room.ask(WhichLanguage(), asks(pages=(2, 2))).text
    assert room.ask(WhichLanguage(), asks(pages=(2, 2))).text.startswith("letter.pdf is in English")


def test_one_foreign_name_is_no_second_language() -> None:
    room = TurnRoom()
    room.give(text(), *pages(*[GERMAN] * 8, "Restaurant Le Petit Jardin"))
    assert "Some of it" not in room.ask(WhichLanguage(), asks()).text


def test_too_little_text_is_told_to_be_too_little() -> None:
    room = TurnRoom()
    line = Passage("EXIT", Region(), (TextSpan(0, 4, Region((Box(0.1, 0.1, 0.2, 0.2),))),))
    room.give(text(name="sign.jpg", medium="image"), line)
    told = room.ask(WhichLanguage(), asks())
    assert told.text == "There is too little text in sign.jpg to tell its language: “EXIT”[1]"
    assert told.reply is not None
    assert told.reply.cited.citations[0].location == Region((Box(0.1, 0.1, 0.2, 0.2),))


def test_a_guess_is_called_one() -> None:
    room = TurnRoom()
    room.give(text(name="sign.jpg", medium="image"), Passage("AUSGANG", Region()))
    assert room.ask(WhichLanguage(), asks()).text == (
        "sign.jpg is probably in German; there is too little text to be sure: “AUSGANG”[1]"
    )


def test_a_picture_without_text_has_none() -> None:
    room = TurnRoom()
    room.give(text(name="dog.jpg", medium="image"))
    assert room.ask(WhichLanguage(), asks()).text == "There is no text in dog.jpg."


def test_several_files_are_told_one_by_one() -> None:
    room = TurnRoom()
    room.give(text(), *pages(GERMAN))
    room.give(text("cd", "lettre.pdf"), *pages(FRENCH))
    told = room.ask(WhichLanguage(), asks())
    assert [line for line in told.text.split("\n") if line] == [
        f"letter.pdf is in German: “{GERMAN}”[1]",
        f"lettre.pdf is in French: “{FRENCH}”[2]",
    ]


def test_a_long_quote_is_cut_between_words() -> None:
    room = TurnRoom()
    room.give(text(), *pages(" and ".join(["the house is old"] * 30), at=[Section("A")]))
    told = room.ask(WhichLanguage(), asks())
    assert told.reply is not None
    quote = told.reply.cited.citations[0].quote
    assert len(quote) <= text_languages.LONGEST
    assert quote.endswith(("house", "is", "old", "and", "the"))


def test_nothing_is_there_to_be_asked_about() -> None:
    assert TurnRoom().ask(WhichLanguage(), asks()).reply is None
