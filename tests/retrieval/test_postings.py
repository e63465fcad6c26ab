"""Words that grow file by file are weighed as if all had been there from the beginning."""

import numpy
import pytest

from benchmarks.keyword_index import KeywordIndex
from retrieval.keyword import tokens
from retrieval.postings import Postings, SourceWords, bm25

TEXTS = [
    "The rent is 1,200 euros and is due on the first working day.",
    "Tenants may not keep dogs or cats; a dog is a dog.",
    "",
    "租金每月一千二百元，不得养狗。",
    "The deposit is two months of rent, rent and rent again.",
]
QUESTIONS = ["How much is the rent?", "Dogs and cats and zebras", "养狗", "", "the", "rent rent deposit"]


def grown(*files: list[str]) -> Postings:
    postings = Postings()
    for texts in files:
        postings.add(SourceWords.of(texts))
    return postings


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_those_of_an_index_made_at_once(question: str) -> None:
    expected = KeywordIndex(TEXTS).scores(question)
    (at_once,) = bm25(question, [grown(TEXTS)])
    (by_file,) = bm25(question, [grown(TEXTS[:2], TEXTS[2:4], TEXTS[4:])])
    assert at_once == pytest.approx(expected, abs=1e-6)
    assert by_file == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("question", QUESTIONS)
def test_several_scopes_are_weighed_as_one(question: str) -> None:
    scores = bm25(question, [grown(TEXTS[:2]), grown(), grown(TEXTS[2:])])
    assert [len(each) for each in scores] == [2, 0, 3]
    assert numpy.concatenate(scores) == pytest.approx(KeywordIndex(TEXTS).scores(question), abs=1e-6)


def test_sorting_changes_no_score() -> None:
    postings = grown(TEXTS[:3])
    postings.sort()
    postings.add(SourceWords.of(TEXTS[3:]))
    for _ in range(2):
        for question in QUESTIONS:
            assert bm25(question, [postings])[0] == pytest.approx(KeywordIndex(TEXTS).scores(question), abs=1e-6)
        postings.sort()


def test_words_survive_being_kept() -> None:
    words = SourceWords.of(TEXTS)
    kept = SourceWords.from_bytes(words.to_bytes())
    assert kept.vocabulary == words.vocabulary
    for name in ("word", "piece", "count", "lengths"):
        assert getattr(kept, name).tolist() == getattr(words, name).tolist()
    assert SourceWords.from_bytes(SourceWords.of([]).to_bytes()).vocabulary == ()


@pytest.mark.parametrize("text", [TEXTS[0], TEXTS[1], "It's 1,200.50 km at Maria's; we'll see A1b2 x_y o'clock 3.4.5"])
def test_a_foreign_letter_changes_no_other_word_of_a_text(text: str) -> None:
    assert tokens(text) == tokens(f"{text} é")[:-1]


def test_the_words_of_a_source_are_counted_piece_by_piece() -> None:
    words = SourceWords.of(["dogs and cats", "", "cats, cats 养狗狗"])
    counted = {
        (words.vocabulary[word], int(piece)): int(count)
        for word, piece, count in zip(words.word, words.piece, words.count, strict=True)
    }
    assert counted == {("dog", 0): 1, ("cat", 0): 1, ("cat", 2): 2, ("养狗", 2): 1, ("狗狗", 2): 1}
    assert words.lengths.tolist() == [2, 0, 4]
    assert SourceWords.of(["", "the"]).lengths.tolist() == [0, 0]
