"""Traditional and simplified Chinese: found alike, and written as the person writes."""

from dataclasses import replace

import pytest

from assistant.answering.fusion import named
from assistant.text.chinese_scripts import folded, in_script, script_of
from assistant.text.tokens import is_about_whole, is_question, tokens
from benchmarks.keyword_index import KeywordIndex
from retrieval.keyword import tokens as keywords
from retrieval.postings import Postings, SourceWords, bm25

SIMPLIFIED = "请问，谁保养了水泵？下一次保养是什么时候？头发发展，三万两千零五点"
TRADITIONAL = "請問，誰保養了水泵？下一次保養是什麼時候？頭髮發展，三萬兩千零五點"


def test_both_scripts_are_one_for_comparing() -> None:
    assert folded(TRADITIONAL) == folded(SIMPLIFIED) == SIMPLIFIED
    assert tokens(TRADITIONAL) == tokens(SIMPLIFIED)
    assert keywords(TRADITIONAL) == keywords(SIMPLIFIED)
    assert tokens("他看著水泵") == tokens("他看着水泵")
    for text in ("pump 12", "乾隆 pump", "図書館で「日本語」を勉強します。", "안녕하세요"):
        assert len(folded(text)) == len(text)


def test_text_in_one_script_is_found_by_a_question_in_the_other() -> None:
    index = KeywordIndex(["水泵由李明保养。", "合同于三月到期。"])
    scores = index.scores("誰保養了水泵？")
    assert scores[0] > 0
    assert scores.tolist() == index.scores("谁保养了水泵？").tolist()


def test_text_that_was_kept_before_is_found_as_well() -> None:
    """Words kept by an earlier version stand in the script of their text."""
    words = SourceWords.of(["水泵由李明保养。", "合同于三月到期。"])
    earlier = replace(words, vocabulary=tuple(word.replace("养", "養") for word in words.vocabulary))
    assert earlier != words
    kept = Postings()
    kept.add(SourceWords.from_bytes(earlier.to_bytes()))
    assert kept.holding("保养")[0].tolist() == [0]
    (scores,) = bm25("誰保養了水泵？", [kept])
    assert scores[0] > scores[1]


def test_a_question_is_understood_in_both_scripts() -> None:
    assert is_question("誰保養了水泵")
    assert is_about_whole("總結這份文件")
    assert named("錄音裡說了什麼") == {"audio"}


def test_each_script_is_written_by_whole_words() -> None:
    assert in_script("头发和发展，皇后在后面", "traditional") == "頭髮和發展，皇后在後面"
    assert in_script(TRADITIONAL, "simplified") == SIMPLIFIED
    assert in_script(SIMPLIFIED, "simplified") == SIMPLIFIED
    assert in_script("住著三百人的著名大樓", "simplified") == "住着三百人的著名大楼"
    assert in_script("乾隆皇帝", "simplified") == "乾隆皇帝"
    assert in_script("図書館で「日本語」を勉強します。", "simplified") == "図書館で「日本語」を勉強します。"
    assert in_script("Who serviced the pump?", "traditional") == "Who serviced the pump?"


@pytest.mark.parametrize(
    ("texts", "script"),
    [
        (["报告.pdf", "Who serviced it?"], "simplified"),
        (["報告.pdf"], "traditional"),
        (["會議記錄.docx", "這是誰說的"], "traditional"),
        (["你好"], None),
        (["report.pdf"], None),
        ([], None),
        (["図書館で「日本語」を勉強します。"], None),
        (["后来，他回家了，里面只有台子"], "simplified"),
    ],
)
def test_the_script_is_told_from_what_somebody_wrote(texts: list[str], script: str | None) -> None:
    assert script_of(texts) == script
