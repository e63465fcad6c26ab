"""Chunks keep their places, words are found in any script, and two rankings become one."""

import numpy
import pytest

from assistant.values.evidence import Box, Page, Passage, Seconds, Section, TextSpan
from benchmarks.keyword_index import KeywordIndex
from retrieval.calibration import Scale
from retrieval.chunking import CHARACTERS, chunk
from retrieval.keyword import is_unspaced, tokens
from retrieval.ranking import first_of_each, fuse, ranked

EVEN = Scale(zero=0.0, sure=0.4, share=0.5)


def prose(sentences: int, language: str = "en") -> str:
    sentence = (
        "第{}条规定租金应在每月第一个工作日支付。"
        if language == "zh"
        else "Clause {} says that rent is due on day one. "
    )
    return "".join(sentence.format(number) for number in range(sentences))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chunk_is_word_for_word_what_stands_in_the_passage(language: str) -> None:
    text = "\n " + prose(60, language) + "\n\n" + prose(3, language) + " \n"
    at = 0
    for piece in chunk([Passage(text, Page(1))]):
        start = text.index(piece.text, at)
        assert text[at:start].strip() == ""
        assert len(piece.text) <= CHARACTERS
        at = start + len(piece.text)
    assert text[at:].strip() == ""


@pytest.mark.parametrize(("language", "end"), [("en", "."), ("zh", "。")])
def test_a_chunk_ends_with_a_sentence(language: str, end: str) -> None:
    pieces = chunk([Passage(prose(60, language), Page(1))])
    assert len(pieces) > 1
    assert all(piece.text.endswith(end) for piece in pieces)


def test_the_places_of_a_chunk_are_where_its_words_were() -> None:
    lines = [f"Line {number} holds exactly these words." for number in range(80)]
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(80)]
    places = tuple(
        TextSpan(start, start + len(line), Page(2, (Box(0, number / 80, 1, (number + 1) / 80),)))
        for number, (start, line) in enumerate(zip(starts, lines, strict=True))
    )
    pieces = chunk([Passage("\n".join(lines), Page(2), places)])
    assert len(pieces) > 1
    seen = []
    for piece in pieces:
        assert isinstance(piece.location, Page)
        assert len(piece.location.boxes) == len(piece.places)
        for place in piece.places:
            assert isinstance(place.location, Page)
            line = lines[round(place.location.boxes[0].top * 80)]
            assert piece.text[place.start : place.end] == line
            seen.append(line)
    assert seen == lines


def test_segments_of_speech_are_joined_and_keep_their_seconds() -> None:
    segments = [Passage(f"Segment {number} of this talk.", Seconds(number, number + 1)) for number in range(40)]
    pieces = chunk(segments)
    assert 1 < len(pieces) < 5
    assert all(len(piece.text) <= CHARACTERS for piece in pieces)
    spoken = [(piece.text[place.start : place.end], place.location) for piece in pieces for place in piece.places]
    assert spoken == [(segment.text, segment.location) for segment in segments]
    assert pieces[0].location == Seconds(0, len(pieces[0].places))


def test_a_long_segment_of_speech_is_split_and_keeps_its_seconds() -> None:
    pieces = chunk([Passage(prose(30), Seconds(5, 95))])
    assert len(pieces) > 1
    assert {piece.location for piece in pieces} == {Seconds(5, 95)}


def test_a_heading_helps_to_find_its_text_but_is_no_part_of_it() -> None:
    (piece,) = chunk([Passage("80 euros a month.", Section("Heating"))])
    assert piece.text == "80 euros a month."
    assert piece.indexed == "Heating\n80 euros a month."


def test_blank_passages_give_no_chunks() -> None:
    assert chunk([Passage("", Page(1)), Passage(" \n ", Page(2)), Passage("", Seconds(0, 1))]) == []


def test_words_are_found_whatever_their_inflection_case_and_width() -> None:
    assert tokens("The Tenant's RENTS") == tokens("tenant rent")
    assert tokens("ＡＢＣ１２") == tokens("abc12")


def test_numbers_are_words() -> None:
    assert tokens("1,200 euros on 3.5 of A4") == ["1200", "euro", "3.5", "a", "4"] or "1200" in tokens("1,200")
    assert KeywordIndex(["pay 1,200", "pay 80"]).scores("1200").argmax() == 0


def test_chinese_is_found_by_pairs_of_characters_beside_english_words() -> None:
    assert tokens("租金每月1200欧元 rents") == ["租金", "金每", "每月", "1200", "欧元", "rent"]
    index = KeywordIndex(["房客不得饲养宠物。", "租金每月支付。", "The deposit is two months' rent."])
    assert index.scores("租金怎么支付？").argmax() == 1
    assert index.scores("deposit").argmax() == 2
    assert is_unspaced("pay 租金")
    assert not is_unspaced("Größe")


def test_a_question_about_nothing_here_scores_zero() -> None:
    index = KeywordIndex(["The rent is due.", "Pets are not allowed."])
    assert not index.scores("What is the capital of Peru?").any()
    assert not index.scores("").any()
    assert not KeywordIndex(["?", ""]).scores("rent").any()
    assert KeywordIndex([]).scores("rent").shape == (0,)


def test_a_text_with_all_the_words_scores_more_than_one_with_some() -> None:
    scores = KeywordIndex(["The rent of the flat is due.", "The flat is warm.", "Dogs bark."]).scores("rent flat")
    assert scores[0] > scores[1] > scores[2] == 0
    assert numpy.all(scores <= 1)


def test_fused_scores_lie_between_zero_and_one_and_add_both_sides() -> None:
    fused = fuse({"a": 0.8, "b": 0.4, "c": -0.1}, {"a": 0.5, "d": 0.25}, EVEN)
    assert fused == pytest.approx({"a": 1.0, "b": 0.25, "c": 0.0, "d": 0.25})
    assert [piece for piece, _ in ranked(fused)] == ["a", "b", "d"]


def test_a_single_piece_is_judged_by_itself() -> None:
    assert fuse({"a": 0.9}, {"a": 0.5}, EVEN) == pytest.approx({"a": 1.0})
    assert fuse({"a": 0.1}, {}, EVEN) == pytest.approx({"a": 0.125})
    assert ranked(fuse({"a": 0.0}, {}, EVEN)) == []
    assert fuse({}, {}, EVEN) == {}


def test_what_unrelated_texts_get_counts_for_nothing() -> None:
    assert ranked(fuse({"a": 0.74, "b": 0.70}, {}, Scale(zero=0.75, sure=0.85, share=0.5))) == []


def test_the_same_text_is_kept_once() -> None:
    assert first_of_each(["The rent is due.", "the  rent is due", "Pets.", "THE RENT IS DUE!", "…", "?!"]) == [
        0,
        2,
        4,
        5,
    ]
