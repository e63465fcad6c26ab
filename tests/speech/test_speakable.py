"""Markdown becomes what a person would say: numbers, dates, units and names in words, signs silent."""

import random

import pytest

from assistant.speech.synthesis.speakable import LONGEST, speakable
from assistant.speech.text_normalization.normalize import normalize_text

ENGLISH = {
    "2026-03-14": "March fourteenth, twenty twenty-six",
    "March 14, 2026": "March fourteenth, twenty twenty-six",
    "3 Jan. 2009": "January third, two thousand nine",
    "12/31/1999": "December thirty-first, nineteen ninety-nine",
    "31/12/1905": "December thirty-first, nineteen oh five",
    "March 3-5, 2026": "March third to fifth, twenty twenty-six",
    "at 14:30": "at fourteen thirty",
    "9:05 a.m.": "nine oh five A M",
    "3 pm": "three P M",
    "12:00": "twelve o'clock",
    "in 1999": "in nineteen ninety-nine",
    "1990–1995": "nineteen ninety to nineteen ninety-five",
    "the 1980s and the 90s": "the nineteen eighties and the nineties",
    "1234567": "one million two hundred thirty-four thousand five hundred sixty-seven",
    "1,000,000": "one million",
    "3.14": "three point one four",
    "-7": "minus seven",
    "007": "zero zero seven",
    "21st": "twenty-first",
    "100th": "one hundredth",
    "12.5%": "twelve point five percent",
    "10–20 %": "ten to twenty percent",
    "$1,234.50": "one thousand two hundred thirty-four dollars and fifty cents",
    "$1": "one dollar",
    "€3.5 million": "three point five million euros",
    "£0.99": "ninety-nine pence",
    "20 EUR": "twenty euros",
    "$5–10": "five to ten dollars",
    "120 km/h": "one hundred twenty kilometers per hour",
    "1 kg": "one kilogram",
    "-5 °C": "minus five degrees Celsius",
    "3–5°C": "three to five degrees Celsius",
    "16GB": "sixteen gigabytes",
    "7.25 kWh": "seven point two five kilowatt hours",
    "20 m²": "twenty square meters",
    "5 x 7 cm": "five by seven centimeters",
    "1/2": "one half",
    "3/4": "three quarters",
    "2½": "two and a half",
    "24/7": "twenty-four seven",
    "(555) 123-4567": "five five five, one two three, four five six seven",
    "+49 30 1234567": "plus four nine, three zero, one two three four five six seven",
    "192.168.0.1": "one nine two dot one six eight dot zero dot one",
    "version 2.13.0": "version two point thirteen point zero",
    "Chapter IV": "Chapter four",
    "Louis XIV": "Louis the fourteenth",
    "World War II": "World War two",
    "Dr. Smith and Mr. Jones": "Doctor Smith and Mister Jones",
    "e.g. salt": "for example salt",
    "pp. 3-5": "pages three to five",
    "Fig. 2": "figure two",
    "No. 7": "number seven",
    "R&D": "R and D",
    "~20": "about twenty",
    "#5": "number five",
    "5 + 3 = 8": "five plus three equals eight",
    "10k users": "ten thousand users",
    "GPT4": "GPT four",
    "mail a.b@example.org": "mail a dot b at example dot org",
    "I, O'Neil and François": "I, O'Neil and François",
}
CHINESE = {
    "2026年3月14日": "二零二六年三月十四日",
    "2026-03-14": "二零二六年三月十四日",
    "2026–2030年": "二零二六到二零三零年",
    "3年": "三年",
    "20世纪80年代": "二十世纪八零年代",
    "14:30": "十四点三十分",
    "9:05": "九点零五分",
    "2:00": "两点",
    "10:00-12:00": "十点到十二点",
    "12.5%": "百分之十二点五",
    "10–20%": "百分之十到二十",
    "-3%": "负百分之三",
    "￥1,200": "一千二百元",
    "3.5亿元": "三点五亿元",
    "$20": "二十美元",
    "120 km/h": "一百二十公里每小时",
    "气温-5°C": "气温零下五摄氏度",
    "20-25℃": "二十到二十五摄氏度",
    "2小时": "两小时",
    "2个人": "两个人",
    "第2章": "第二章",
    "2月2日": "二月二日",
    "10001": "一万零一",
    "120034005": "一亿二千零三万四千零五",
    "1/2": "二分之一",
    "3×5": "三乘五",
    "13812345678": "一三八一二三四五六七八",
    "010-12345678": "零一零，一二三四五六七八",
    "版本2.13.0": "版本二点十三点零",
    "～20人": "约二十人",
    "85m²": "八十五平方米",
    "GPT-4模型": "GPT 四 模型",
    "３０人": "三十人",
}
MARKDOWN = [
    ("# Results\n\nIt *works* **well**.", "Results. It works well."),
    ("- one\n- two\n", "one. two."),
    ("1. first\n2. second", "first. second."),
    ("See [the manual](https://a.example/x).", "See the manual."),
    ("See https://www.example.com/a/b?c=1.", "See example dot com."),
    ("```python\nprint('#')\n```", "Here is some code."),
    ("```mermaid\ngraph TD\n```", "Here is a drawing."),
    ("Call `run_all()` now.", "Call run all now."),
    ("It is so [1][2](#cite-2)【3】†.", "It is so."),
    ("Fine 😀👍🏽 thanks", "Fine thanks."),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "a, b. one, two."),
    ("Where $$\\int_0^1 x dx$$ holds and $x = 3$.", "Where a formula holds and x equals three."),
    ("From $5 to $6.", "From five dollars to six dollars."),
    ("![a cat](x.png) sits", "a cat sits."),
    ("> He said so.", "He said so."),
    ("a <b>bold</b> word<br>here", "a bold word here."),
    ("## 结果\n\n**很好**[1]。", "结果。 很好。"),
    ("```\nx\n```\n见`pip`。", "此处有代码。 见pip。"),
    ("***\n", ""),
]
HOSTILE = [
    "*" * 20_000, "[" * 20_000, "![" * 9_000, "`" * 20_000, "$" * 20_000, "(" * 20_000, "<" * 20_000, ">" * 20_000,
    "1" * 20_000, "1," * 9_000, "1." * 9_000, "1-" * 9_000, "a@" * 9_000, "http://" * 3_000, "1/" * 9_000, "- " * 9_000,
    "|" * 20_000, "年1" * 9_000, "$1" * 9_000, "\\(" * 9_000, "a." * 9_000, "+1 " * 6_000, "1 " * 9_000, "#" * 20_000,
    "XIV " * 5_000, "\u0301" * 20_000, "😀" * 9_000, "**a" * 6_000, "[1](#" * 4_000, "１" * 9_000, "x" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("written", ENGLISH)
def test_english_is_said_as_a_person_says_it(written):
    assert normalize_text(written, "en") == ENGLISH[written]


@pytest.mark.parametrize("written", CHINESE)
def test_chinese_is_said_as_a_person_says_it(written):
    assert normalize_text(written, "zh") == CHINESE[written]


@pytest.mark.parametrize(("markdown", "said"), MARKDOWN)
def test_markdown_is_read_without_its_signs(markdown, said):
    assert speakable(markdown) == said


@pytest.mark.parametrize("text", [*ENGLISH, *CHINESE])
def test_what_is_said_already_stays_as_it_is(text):
    language = "zh" if text in CHINESE else "en"
    once = normalize_text(text, language)
    assert normalize_text(once, language) == once


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_mixed_no_sign_and_no_digit_is_left(seed):
    dice = random.Random(seed)
    pieces = [*ENGLISH, *CHINESE, *(markdown for markdown, _ in MARKDOWN)]
    markdown = dice.choice((" ", "\n\n", "，", ", ")).join(dice.choices(pieces, k=6))
    for language in ("en", "zh"):
        said = speakable(markdown, language)
        assert not set(said) & set("*_#|`~†[]<>{}\\😀0123456789$€%&=+"), said


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: ascii(text[:6]))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_markdown_comes_to_an_end(hostile, language):
    said = speakable(hostile[:LONGEST], language)
    assert not set(said) & set("*#|`†")
