"""Tokens, numbers and sentences."""

import pytest

from assistant.text.tokens import asks_for_origin, is_cjk, is_question, sentences, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("593.10", "593.1"),
        ("1,234.50", "1234.5"),
        ("03", "3"),
        ("1.000.000", "1000000"),
        ("serviced", "services"),
        ("carried", "carry"),
        ("stopped", "stops"),
        ("March", "3"),
        ("３月", "3月"),
        ("one thousand", "1,000"),
        ("twenty-five", "25"),
        ("1.2 million", "1,200,000"),
        ("March 3rd", "March 3"),
        ("10 per cent", "10 %"),
        ("百分之十", "10%"),
        ("三月三日", "3月3日"),
        ("二〇二四年", "2024年"),
        ("40 euros", "40 €"),
    ],
)
def test_two_ways_of_writing_are_one_token(one, other):
    assert [token.text for token in tokens(one)] == [token.text for token in tokens(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("593.10", "593.01"),
        ("one thousand", "two thousand"),
        ("第十五届", "第五届"),
        ("14", "15"),
        ("pump", "dump"),
        ("pass", "pas"),
    ],
)
def test_different_things_stay_different(one, other):
    assert [token.text for token in tokens(one)] != [token.text for token in tokens(other)]


@pytest.mark.parametrize("text", ["one of them", "十分重要", "万一", "一个人", "a second pump", "nineteen twenty"])
def test_what_only_sounds_like_a_number_is_left_alone(text):
    assert not [token for token in tokens(text) if token.kind == "number"]


def test_sentences_end_where_a_reader_would_end_them():
    text = "Dr. Smith paid 3.50 euros. Why? 他来了。好的！\n1. First point\n2. Second"
    found = [text[start:end] for start, end in sentences(text)]
    assert found == [
        "Dr. Smith paid 3.50 euros.", "Why?", "他来了。", "好的！", "1. First point", "2. Second",
    ]  # fmt: skip


def test_blank_text_has_no_sentences():
    assert sentences(" \n\n ") == []


@pytest.mark.parametrize("text", ["Who is it?", "when was it", "谁保养了水泵", "总额是多少？", "Is it open"])
def test_a_question_is_known(text):
    assert is_question(text)


@pytest.mark.parametrize("text", ["Thanks!", "Write a poem about rain.", "谢谢", "Hello there"])
def test_what_asks_nothing_is_no_question(text):
    assert not is_question(text)


def test_scripts_are_told_apart():
    assert is_cjk("水泵由 Dana 保养")
    assert not is_cjk("The word 水 means water")
    assert not is_cjk("593.10")


@pytest.mark.parametrize(
    "text",
    [
        "Which document is this?",
        "Which document is this page from?",
        "what file does this come from",
        "Which page shows this?",
        "Find this page.",
        "Find the document",
        "Where is this from?",
        "Where does this photo come from?",
        "这是哪份文件？",
        "这张照片是哪个文件的哪一页？",
        "找到这一页",
        "这页出自哪份报告？",
        "哪份文件里有这一页？",
    ],
)
def test_asking_where_a_picture_comes_from_is_known(text):
    assert asks_for_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "What was the total?",
        "Which document is newer?",
        "Where is the pump?",
        "Who wrote the report?",
        "Find the pump in the report",
        "What is this?",
        "总额是多少？",
        "这份文件讲了什么？",
        "水泵在哪里？",
    ],
)
def test_other_questions_ask_for_no_origin(text):
    assert not asks_for_origin(text)
