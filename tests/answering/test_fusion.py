"""Media weighed, evidence chosen."""

import pytest

from assistant.answering import fusion
from assistant.values.evidence import Evidence, Page, Region, Seconds


def piece(source, medium, score, content="Some words of evidence."):
    location = {"text": Page(1), "image": Region(), "audio": Seconds(0, 4)}[medium]
    return Evidence(source, source, medium, content, location, score=score)


FOUND = [piece("lease.pdf", "text", 0.9), piece("photo.png", "image", 0.6), piece("call.wav", "audio", 0.5)]


def test_concatenation_leaves_the_ranking_alone():
    fused = fusion.weigh(FOUND, "What does the recording say?", "concatenation")
    assert [p.source for p in fused.evidence] == ["lease.pdf", "photo.png", "call.wav"]
    assert dict(fused.media_weights) == {"text": 1, "image": 1, "audio": 1}


@pytest.mark.parametrize("way", ["weights", "attention"])
@pytest.mark.parametrize(("question", "medium"), [("What is in the picture?", "image"), ("录音里说了什么？", "audio")])
def test_the_medium_that_the_question_names_gains(way, question, medium):
    neutral = dict(fusion.weigh(FOUND, "What?", way).media_weights)
    named = dict(fusion.weigh(FOUND, question, way).media_weights)
    others = [name for name in named if name != medium]
    assert all(named[medium] / named[other] > neutral[medium] / neutral[other] for other in others)


def test_attention_gives_the_best_fitting_medium_the_most():
    weights = dict(fusion.weigh(FOUND, "What?", "attention").media_weights)
    assert weights["text"] == 1 > weights["image"] > weights["audio"] > 0


def test_what_was_given_with_this_question_counts_more():
    fused = fusion.weigh([piece("old.pdf", "text", 0.6), piece("new.pdf", "text", 0.58)], "?", "weights", ["new.pdf"])
    assert fused.evidence[0].source == "new.pdf"


def test_a_piece_with_words_of_the_question_that_no_other_holds_goes_before_a_second_best():
    many = [piece(f"p{n}.pdf", "text", 0.9 - n / 100, "Dana serviced the pump in March.") for n in range(5)]
    photo = piece("photo.png", "image", 0.7, "Total of the receipt 593.10")
    kept = fusion.choose([*many, photo], 40, lambda text: len(text.split()), "Who serviced the pump, and what total?")
    assert [p.source for p in kept] == ["p0.pdf", "photo.png"]


def test_where_all_hold_the_same_of_the_question_the_weight_decides():
    many = [piece(f"p{n}.pdf", "text", 0.9 - n / 100, "Dana serviced the pump.") for n in range(3)]
    kept = fusion.choose(many, 40, lambda text: len(text.split()), "Who serviced the pump?")
    assert [p.source for p in kept] == ["p0.pdf", "p1.pdf"]


def test_a_medium_wrongly_named_does_not_hide_what_fits_much_better():
    fused = fusion.weigh(FOUND, "What is in the recording?", "weights")
    assert fused.evidence[0].source == "lease.pdf"
    assert dict(fused.media_weights) == {"text": 0.8, "image": 0.8, "audio": 1.0}


def test_one_piece_is_kept_however_long():
    assert fusion.choose([piece("a.pdf", "text", 1, "word " * 500)], 10, lambda text: len(text.split()))
